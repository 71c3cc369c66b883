import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { openClient } from "../../connectors/zendesk/client.ts";
import type { Claim, Store } from "../../src/ports.ts";
import { startZendeskSandbox } from "../../src/sandbox/zendesk.ts";
import { openStore } from "../../src/store/open.ts";
import { stillOurs } from "../../src/ticket-lease.ts";
import { delivery } from "../store/kit.ts";
import { handTime, pacerIn } from "./pacing-kit.ts";

const LEASE_MS = 30_000;
const closes: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

/** A desk whose limit lets one write a minute go, a store by the same time, and a worker's claim of the ticket. */
async function stage() {
  const time = handTime();
  const now = time.ticks;
  const desk = await startZendeskSandbox({ now });
  closes.push(() => desk.close());
  const folder = mkdtempSync(join(tmpdir(), "lease-"));
  closes.push(() => rmSync(folder, { recursive: true }));
  const store = await openStore(`sqlite:${join(folder, "store.db")}`, { warn: () => {}, now });
  closes.push(() => store.close());
  const pacer = pacerIn(time, { classes: { "tickets-update": { limit: 1, perMs: 60_000 } } });
  closes.push(pacer.stop);
  const credentials = () => ({ email: desk.agentEmail, apiToken: desk.apiToken });
  const client = openClient({ url: desk.url, credentials, pacer, now });
  const { id } = desk.createTicket({});
  await store.inbox.accept(delivery("1", { subjectId: id }), "live", 0);
  const claim = await claimed(store, "worker one");
  const write = () => {
    const before = stillOurs(
      { store, clock: { now, sleep: async () => {} }, leaseMs: LEASE_MS },
      claim,
      now(),
    );
    return client
      .call({
        endpoint: "updateTicket",
        ids: [id],
        json: { ticket: { priority: "high" } },
        lane: "live",
        doing: "writing",
        before,
      })
      .then(
        () => "written",
        (error: Error) => error.name,
      );
  };
  const puts = () => desk.journal.filter(({ method }) => method === "PUT").length;
  return { time, store, pacer, write, puts };
}

async function claimed(store: Store, owner: string): Promise<Claim> {
  const [claim] = await store.inbox.claim(owner, LEASE_MS, 1);
  if (claim === undefined) throw new Error("nothing to claim");
  return claim;
}

describe("a write that has to wait for the desk's limit", () => {
  test("goes out at once while the lease is fresh", async () => {
    const { write, puts } = await stage();
    expect([await write(), puts()]).toEqual(["written", 1]);
  });

  test("takes the lease anew before it goes out late", async () => {
    const { time, store, pacer, write, puts } = await stage();
    pacer.block("tickets-update", 20_000);
    const done = write();
    await time.pass(20_000);
    expect([await done, puts()]).toEqual(["written", 1]);
    await time.pass(20_000);
    expect(await store.inbox.claim("worker two", LEASE_MS, 1)).toEqual([]);
  });

  test("does not go out when another worker has the ticket by then", async () => {
    const { time, store, pacer, write, puts } = await stage();
    pacer.block("tickets-update", 40_000);
    const done = write();
    await time.pass(31_000);
    await claimed(store, "worker two");
    await time.pass(9_000);
    expect([await done, puts()]).toEqual(["LeaseGone", 0]);
  });

  test("leaves its turn to the next one when it does not go out", async () => {
    const { time, store, pacer, write, puts } = await stage();
    pacer.block("tickets-update", 40_000);
    const late = write();
    await time.pass(31_000);
    const second = await claimed(store, "worker two");
    await time.pass(9_000);
    await late;
    expect(await store.inbox.renew(second, LEASE_MS)).toBe(true);
    const next = write();
    await time.pass(6_000);
    expect([await next, puts()]).toEqual(["written", 1]);
  });
});
