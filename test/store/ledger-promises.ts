import { expect, test } from "@jest/globals";
import type { DecisionRecord, Store } from "../../src/ports.ts";
import { claimOnly, DONE, decided, delivery, HOUR, holding, JUNE, type Under } from "./kit.ts";

/** What was decided can be told months later, and what is held never moves back in time. */
export function ledgerPromises(under: Under): void {
  let count = 0;
  const claimed = async (store: Store) => {
    await store.inbox.accept(delivery(`ledger ${count++}`, { subjectId: "7" }), "live", 0);
    return claimOnly(store);
  };
  const settle = async (store: Store, record: DecisionRecord) =>
    store.ledger.settle(await claimed(store), record, DONE);
  const heldNow = async (store: Store) => {
    await store.accounts.put([]);
    return (await store.accounts.entitlements(["hubspot:1"])).get("hubspot:1")?.held;
  };
  const synced = (store: Store, waitlisted: readonly string[]) =>
    store.accounts.putEntitlements([
      {
        accountId: "hubspot:1",
        tier: "standard",
        basis: "default",
        reasons: [],
        held: { tier: "standard", basis: "default", lowerSince: null, waitlisted },
        asOf: JUNE - HOUR,
        policyVersion: "v1",
      },
    ]);

  test("a decision comes back as it was written, and its webhook is settled with it", async () => {
    const { store } = under();
    expect(await settle(store, decided("d1"))).toBe(true);
    expect(await store.ledger.decisionsOf("7")).toEqual([decided("d1")]);
    expect(await store.ledger.decisionsOf("8")).toEqual([]);
    expect((await store.inbox.backlog()).pending).toBe(0);
  });

  test("an intent is in the ledger before the write, in doubt until it is settled", async () => {
    const { store } = under();
    const claim = await claimed(store);
    const intent = decided("d1", { state: "intended", outcome: "" });
    expect(await store.ledger.intend(claim, intent)).toBe(true);
    expect(await store.ledger.decisionsOf("7")).toEqual([intent]);
    expect((await store.inbox.backlog()).pending).toBe(1);
    expect(await store.ledger.settle(claim, decided("d1"), DONE)).toBe(true);
    expect(await store.ledger.decisionsOf("7")).toEqual([decided("d1")]);
  });

  test("an intent alone does not change what is held for the account", async () => {
    const { store } = under();
    await synced(store, []);
    await store.ledger.intend(await claimed(store), decided("d1", { state: "intended" }));
    expect((await heldNow(store))?.tier).toBe("standard");
  });

  test("of two decisions in the same millisecond the later stored one is the newer", async () => {
    const { store } = under();
    await settle(store, decided("z first"));
    await settle(store, decided("a second"));
    expect((await store.ledger.decisionsOf("7")).map(({ id }) => id)).toEqual(["a second", "z first"]);
    expect((await store.ledger.recentDecisions(1)).map(({ id }) => id)).toEqual(["a second"]);
  });

  test("of a ticket's decisions the later stored one is the newer, though a clock was put back in between", async () => {
    const { store } = under();
    await settle(store, decided("first", { decidedAt: JUNE + HOUR }));
    await settle(store, decided("second", { decidedAt: JUNE }));
    expect((await store.ledger.decisionsOf("7")).map(({ id }) => id)).toEqual(["second", "first"]);
  });

  test("a written decision sets what is held for the account; the waiting list stays", async () => {
    const { store } = under();
    await synced(store, ["enterprise"]);
    await settle(store, holding(decided("d1"), { lowerSince: JUNE }));
    expect(await heldNow(store)).toEqual({
      tier: "pro",
      basis: "plan",
      lowerSince: JUNE,
      waitlisted: ["enterprise"],
    });
    expect(await store.accounts.inGrace()).toEqual(["hubspot:1"]);
  });

  test("a decision with older facts does not move held state back", async () => {
    const { store } = under();
    await synced(store, []);
    await settle(store, decided("newer", { asOf: JUNE + HOUR }));
    await settle(store, holding(decided("older", { asOf: JUNE }), { tier: "standard" }));
    expect((await heldNow(store))?.tier).toBe("pro");
    expect(await store.ledger.decisionsOf("7")).toHaveLength(2);
  });

  test("a simulated decision is recorded and holds nothing", async () => {
    const { store } = under();
    await synced(store, []);
    await settle(store, decided("d1", { state: "simulated" }));
    expect((await heldNow(store))?.tier).toBe("standard");
    expect(await store.ledger.decisionsOf("7")).toMatchObject([{ state: "simulated" }]);
  });

  test("a webhook can be settled without a decision", async () => {
    const { store } = under();
    expect(await store.ledger.settle(await claimed(store), null, DONE)).toBe(true);
    expect(await store.ledger.recentDecisions(10)).toEqual([]);
  });

  test("a verification is kept with its decision, also when the decision is stored again", async () => {
    const { store } = under();
    const claim = await claimed(store);
    const verification = { at: JUNE, ok: false, code: "sla_missing", detail: "no policy" };
    await store.ledger.intend(claim, decided("d1", { state: "intended" }));
    await store.ledger.verified("d1", verification);
    await store.ledger.settle(claim, decided("d1"), DONE);
    expect(await store.ledger.decisionsOf("7")).toEqual([decided("d1", { verification })]);
  });

  test("what was decided about a test ticket is taken out, and nothing else", async () => {
    const { store } = under();
    await settle(store, decided("d1", { ticketId: "7" }));
    await settle(store, decided("d2", { ticketId: "8" }));
    await store.ledger.drop("7");
    expect((await store.ledger.recentDecisions(10)).map(({ id }) => id)).toEqual(["d2"]);
  });

  test("decisions that nobody has read back are found, oldest first, and no others", async () => {
    const { store } = under();
    await settle(store, decided("second", { decidedAt: JUNE }));
    await settle(store, decided("first", { decidedAt: JUNE - 1 }));
    await settle(store, decided("found right", { decidedAt: JUNE, state: "left", change: null }));
    await settle(store, decided("simulated", { decidedAt: JUNE, state: "simulated" }));
    await settle(store, decided("too old", { decidedAt: JUNE - HOUR }));
    await settle(store, decided("too young", { decidedAt: JUNE + HOUR }));
    await settle(store, decided("read back", { decidedAt: JUNE }));
    await store.ledger.verified("read back", { at: JUNE, ok: true, code: "sla_attached", detail: "" });
    const found = await store.ledger.unverified(JUNE - 1, JUNE + 1, 10);
    expect(found.map(({ id }) => id)).toEqual(["first", "second", "found right"]);
    expect(await store.ledger.unverified(JUNE - 1, JUNE + 1, 1)).toHaveLength(1);
  });

  test("old decisions are removed, recent and unfinished ones stay", async () => {
    const { store } = under();
    await settle(store, decided("old", { decidedAt: JUNE - 1 }));
    await settle(store, decided("recent", { decidedAt: JUNE }));
    const claim = await claimed(store);
    await store.ledger.intend(claim, decided("in doubt", { decidedAt: JUNE - 1, state: "intended" }));
    await store.ledger.prune(JUNE);
    expect((await store.ledger.recentDecisions(10)).map(({ id }) => id)).toEqual(["recent", "in doubt"]);
  });
}
