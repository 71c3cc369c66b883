import { rmSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { MIGRATIONS_TABLE, type Step, stepsFor } from "../../src/store/migrations/index.ts";
import { DONE, LEASE, type Under } from "./kit.ts";

const ROWS = 100;
const COLUMNS = `id, source, kind, subject_id, subject_key, event_key, invocation_key, bytes_key, hint, account_ids,
  flagged, body, lane, received_at, run_at, attempts, state`;

/** What an older version acknowledged, a newer one finishes. */
export function upgradePromises(under: Under): void {
  const kind = (url: string): "sqlite" | "postgres" => (url.startsWith("sqlite:") ? "sqlite" : "postgres");

  /** An empty database of these steps alone, with webhooks waiting in it as they waited from the first step on. */
  const leaveBehind = async (steps: readonly Step[]): Promise<void> => {
    const { url, sql } = under();
    if (kind(url) === "sqlite") rmSync(url.slice("sqlite:".length));
    else await sql("drop schema public cascade; create schema public");
    const applied = steps.map(({ id, checksum }) => `('${id}', '${checksum}', 0)`);
    const rows = Array.from({ length: ROWS }, (_, n) => {
      const keys = ["event", "invocation", "bytes"].map((name) => `'${name} ${n}'`).join(", ");
      return `('id ${n}', 'zendesk', 'ticket', '${n}', '${n}', ${keys}, null, '[]', 0, '{}', 1, 1, 1, 0, 'pending')`;
    });
    await sql(
      [
        MIGRATIONS_TABLE,
        ...steps.flatMap(({ statements }) => statements),
        `insert into migrations (id, checksum, applied_at) values ${applied.join(", ")}`,
        `insert into deliveries (${COLUMNS}) values ${rows.join(", ")}`,
      ].join(";\n"),
    );
  };

  test("webhooks that an older version left pending are all finished, whichever version it was", async () => {
    const { store, url } = under();
    await store.close();
    const steps = stepsFor(kind(url));
    for (let known = 1; known < steps.length; known += 1) {
      await leaveBehind(steps.slice(0, known));
      const upgraded = await under().reopen();
      const claims = await upgraded.inbox.claim("worker", LEASE, ROWS);
      const released = await Promise.all(claims.map((claim) => upgraded.inbox.release(claim, DONE)));
      expect({ known, released: released.filter(Boolean).length }).toEqual({ known, released: ROWS });
      expect((await upgraded.inbox.backlog()).pending).toBe(0);
      await upgraded.close();
    }
  }, 60_000);
}
