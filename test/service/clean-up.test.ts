import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { cleanUp } from "../../src/clean-up.ts";
import { silent } from "../../src/log.ts";
import { readPolicyText } from "../../src/policy-file.ts";
import type { Store } from "../../src/ports.ts";
import { openStore } from "../../src/store/open.ts";
import { claimOnly, DONE, decided, delivery } from "../store/kit.ts";

const DAY = 86_400_000;

let folder = "";
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "clean-up-"));
  store = await openStore(`sqlite:${join(folder, "store.db")}`, { warn: () => undefined });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

function policy() {
  const text = 'policy_version: "1"\ntiers: [{id: standard, routing: {group: Support}}]\n';
  const read = readPolicyText(`${text}retention: {decisions_days: 100, delivery_bodies_days: 3}\n`);
  if (read.policy === null) throw new Error(JSON.stringify(read.findings));
  return read.policy;
}

/** Cleans up as if `days` had passed. */
function cleanedAfter(days: number): Promise<boolean> {
  const clock = { now: () => Date.now() + days * DAY, sleep: async () => {} };
  return cleanUp({ store, policy, clock, log: silent }, "one");
}

function bodies(): number {
  const db = new DatabaseSync(join(folder, "store.db"), { readOnly: true });
  const row = db.prepare("select count(body) as n from deliveries").get();
  db.close();
  return Number(row?.n);
}

/** One settled delivery with its decision, and one that waits. */
async function live(): Promise<void> {
  await store.inbox.accept(delivery("a"), "live", 0);
  const record = decided("d", { ticketId: "ticket of a", decidedAt: Date.now() });
  await store.ledger.settle(await claimOnly(store), record, DONE);
  await store.inbox.accept(delivery("waits"), "live", 10 * DAY);
}

describe("the daily clean-up", () => {
  test("takes bodies, keys and decisions, each after its own time, and no work that waits", async () => {
    await live();
    await cleanedAfter(2);
    expect(bodies()).toBe(2);
    await cleanedAfter(4);
    expect(bodies()).toBe(1);
    await cleanedAfter(29);
    expect(await store.inbox.accept(delivery("a"), "live", 0)).toBe("repeat");
    expect(await store.ledger.decisionsOf("ticket of a")).toHaveLength(1);
    await cleanedAfter(31);
    expect(await store.ledger.decisionsOf("ticket of a")).toHaveLength(1);
    expect(await store.inbox.accept(delivery("a"), "live", 0)).toBe("stored");
    await cleanedAfter(101);
    expect(await store.ledger.decisionsOf("ticket of a")).toEqual([]);
    expect((await store.inbox.backlog()).pending).toBe(2);
  });

  test("is done once a day, by one instance", async () => {
    expect(await cleanedAfter(1)).toBe(true);
    expect(await cleanedAfter(1)).toBe(false);
    await store.register.lease("clean-up", "another", 60_000);
    expect(await cleanedAfter(2)).toBe(false);
    await store.register.releaseLease("clean-up", "another");
    expect(await cleanedAfter(2)).toBe(true);
  });
});
