import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { systemClock } from "../../src/clock.ts";
import { silent } from "../../src/log.ts";
import { openMetrics } from "../../src/metrics.ts";
import type { Lane } from "../../src/ports.ts";
import { ownDelivery } from "../../src/re-evaluation.ts";
import { openStore } from "../../src/store/open.ts";
import { startWorker } from "../../src/ticket-worker.ts";

test("backfill that waits for the desk's limits leaves room: a live ticket is settled meanwhile", async () => {
  const folder = mkdtempSync(join(tmpdir(), "places-"));
  const store = await openStore(`sqlite:${join(folder, "places.db")}`, { warn: () => {} });
  const arrive = (id: string, lane: Lane) =>
    store.inbox.accept(
      ownDelivery("zendesk", id, lane === "backfill" ? "backfill" : "created", `${lane}:${id}`),
      lane,
      0,
    );
  for (let i = 0; i < 20; i++) await arrive(`b${i}`, "backfill");
  const budget = Promise.withResolvers<void>();
  const live = Promise.withResolvers<void>();
  const taken: string[] = [];
  const worker = startWorker({
    inbox: store.inbox,
    clock: systemClock,
    log: silent,
    metrics: openMetrics(),
    jitter: () => 0,
    refused: () => {},
    accounts: async () => true,
    ticket: async (claim) => {
      taken.push(claim.subjectId);
      if (claim.lane === "backfill") await budget.promise;
      else live.resolve();
      await store.inbox.release(claim, { state: "done", result: "left", reason: "seen" });
      return { outcome: "left", tier: null, reason: "none" };
    },
  });
  for (let i = 0; i < 6; i++) await arrive(`live${i}`, "live");
  worker.wake();
  await live.promise;
  expect(taken.filter((id) => id.startsWith("b")).length).toBeLessThanOrEqual(4);
  budget.resolve();
  while ((await store.inbox.backlog()).pending > 0) await systemClock.sleep(5);
  await worker.stop();
  expect(new Set(taken).size).toBe(26);
  await store.close();
  rmSync(folder, { recursive: true });
});
