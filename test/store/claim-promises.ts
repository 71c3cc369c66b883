import { expect, test } from "@jest/globals";
import type { Claim, Store } from "../../src/ports.ts";
import { claimOnly, DONE, decided, delivery, HOUR, LEASE, PARKED, retry, type Under } from "./kit.ts";

/** Each subject has one owner at a time, and nobody else's word counts. */
export function claimPromises(under: Under): void {
  const ticket = (key: string, subjectId: string) => delivery(key, { subjectId });
  const subjects = (claims: readonly Claim[]) => claims.map((claim) => claim.subjectId);

  test("all webhooks about one ticket are one claim", async () => {
    const { store } = under();
    for (const key of ["a", "b", "c"]) await store.inbox.accept(ticket(key, "7"), "live", 0);
    const claim = await claimOnly(store);
    expect(claim).toMatchObject({ kind: "ticket", source: "zendesk", subjectId: "7" });
    expect(claim.deliveries).toHaveLength(3);
    expect(await store.inbox.release(claim, DONE)).toBe(true);
    expect((await store.inbox.backlog()).pending).toBe(0);
  });

  test("higher lanes come first, then the older webhook", async () => {
    const { store } = under();
    const lanes = [
      ["backfill", "4"],
      ["live", "2"],
      ["tier_change", "3"],
      ["top", "1"],
      ["live", "2b"],
    ] as const;
    for (const [lane, id] of lanes) {
      await store.inbox.accept(ticket(id, id), lane, 0);
      await under().sql("update deliveries set received_at = received_at - 1000");
    }
    expect(subjects(await store.inbox.claim("worker", LEASE, 3))).toEqual(["1", "2", "2b"]);
    expect(subjects(await store.inbox.claim("worker", LEASE, 3))).toEqual(["3", "4"]);
  });

  test("no more subjects are taken than asked for", async () => {
    const { store } = under();
    for (let n = 0; n < 30; n++) await store.inbox.accept(ticket(String(n), String(n)), "live", 0);
    expect(await store.inbox.claim("worker", LEASE, 4)).toHaveLength(4);
  });

  test("batches of account hints do not wait for each other", async () => {
    const { store } = under();
    const hints = (key: string) =>
      delivery(key, { source: "hubspot", kind: "accounts", subjectId: "", accountIds: [key] });
    await store.inbox.accept(hints("1"), "live", 0);
    await store.inbox.accept(hints("2"), "live", 0);
    const claims = await store.inbox.claim("worker", LEASE, 10);
    expect(claims.map((claim) => claim.deliveries.map((d) => [d.subjectId, d.accountIds]))).toEqual(
      expect.arrayContaining([[["", ["1"]]], [["", ["2"]]]]),
    );
    for (const claim of claims) expect(await store.inbox.release(claim, DONE)).toBe(true);
    expect((await store.inbox.backlog()).pending).toBe(0);
  });

  test("a webhook is not taken before its time, and does not hold up a due one about the same ticket", async () => {
    const { store } = under();
    await store.inbox.accept(ticket("later", "7"), "live", HOUR);
    expect(await store.inbox.claim("worker", LEASE, 10)).toEqual([]);
    await store.inbox.accept(ticket("now", "7"), "live", 0);
    const claim = await claimOnly(store);
    expect(claim.deliveries).toHaveLength(1);
    await store.inbox.release(claim, DONE);
    expect((await store.inbox.backlog()).pending).toBe(1);
  });

  test("a claimed ticket is nobody else's, and webhooks that come meanwhile wait for the next claim", async () => {
    const { store } = under();
    await store.inbox.accept(ticket("a", "7"), "live", 0);
    const claim = await claimOnly(store, "one");
    await store.inbox.accept(ticket("b", "7"), "live", 0);
    expect(await store.inbox.claim("two", LEASE, 10)).toEqual([]);
    await store.inbox.release(claim, DONE);
    expect((await claimOnly(store, "two")).deliveries).toHaveLength(1);
  });

  test("two instances that claim at once never hold the same ticket, and together hold all", async () => {
    const { store, another } = under();
    const second = await another();
    for (const key of Array.from({ length: 400 }, (_, n) => String(n))) {
      void store.inbox.accept(ticket(key, String(Number(key) % 200)), "live", 0);
    }
    await store.inbox.accept(ticket("last", "199"), "live", 0);
    const taken = (await Promise.all([takeAll(store, "one"), takeAll(second, "two")])).flat();
    expect(new Set(taken).size).toBe(taken.length);
    expect(taken).toHaveLength(200);
  });

  test("an expired lease is taken over, and the old owner's word changes nothing", async () => {
    const { store } = under();
    await store.inbox.accept(ticket("a", "7"), "live", 0);
    const old = await claimOnly(store, "one", 0);
    const now = await claimOnly(store, "two");
    expect(now.deliveries).toEqual(old.deliveries);

    expect(await store.inbox.renew(old, LEASE)).toBe(false);
    expect(await store.inbox.release(old, PARKED)).toBe(false);
    expect(await store.ledger.intend(old, decided("d1", { state: "intended" }))).toBe(false);
    expect(await store.ledger.settle(old, decided("d1"), DONE)).toBe(false);
    expect(await store.ledger.decisionsOf("7")).toEqual([]);
    expect((await store.accounts.around({ accountIds: ["hubspot:1"] })).held.size).toBe(0);
    expect(await store.inbox.backlog()).toMatchObject({ pending: 1, parked: 0 });

    expect(await store.ledger.settle(now, decided("d2"), DONE)).toBe(true);
    expect((await store.inbox.backlog()).pending).toBe(0);
  });

  test("an expired lease is lost even when nobody else has taken it", async () => {
    const { store } = under();
    await store.inbox.accept(ticket("a", "7"), "live", 0);
    const claim = await claimOnly(store, "one", -1);
    expect(await store.inbox.release(claim, DONE)).toBe(false);
    expect((await store.inbox.backlog()).pending).toBe(1);
  });

  test("a worker that takes the same ticket again does not bring its own old claim back to life", async () => {
    const { store } = under();
    await store.inbox.accept(ticket("a", "7"), "live", 0);
    const old = await claimOnly(store, "one", 0);
    const now = await claimOnly(store, "one");
    expect(await store.inbox.release(old, DONE)).toBe(false);
    expect(await store.inbox.renew(now, LEASE)).toBe(true);
  });

  test("a renewed lease is kept, and can be let run out", async () => {
    const { store } = under();
    await store.inbox.accept(ticket("a", "7"), "live", 0);
    const claim = await claimOnly(store, "one", LEASE);
    expect(await store.inbox.renew(claim, LEASE)).toBe(true);
    expect(await store.inbox.claim("two", LEASE, 10)).toEqual([]);
    expect(await store.inbox.renew(claim, 0)).toBe(true);
    expect(await store.inbox.claim("two", LEASE, 10)).toHaveLength(1);
  });

  test("a postponed webhook waits, and counts the attempt only when it was one", async () => {
    const { store } = under();
    await store.inbox.accept(ticket("a", "7"), "live", 0);
    await store.inbox.release(await claimOnly(store), retry(0, true));
    await store.inbox.release(await claimOnly(store), retry(0, false));
    const claim = await claimOnly(store);
    expect(claim.deliveries).toMatchObject([{ attempts: 1, reason: "desk busy" }]);
    await store.inbox.release(claim, retry(60_000));
    expect(await store.inbox.claim("worker", LEASE, 10)).toEqual([]);
    expect((await store.inbox.backlog()).pending).toBe(1);
  });
}

/** In a flood tickets are taken together, and what is urgent or must go by itself is not among them. */
export function togetherPromises(under: Under): void {
  const ticket = (key: string, subjectId: string) => delivery(key, { subjectId });
  const subjects = (claims: readonly Claim[]) => claims.map((claim) => claim.subjectId).toSorted();

  test("tickets below the top lane are taken together, all else apart", async () => {
    const { store } = under();
    await store.inbox.accept(ticket("a", "1"), "live", 0);
    await store.inbox.accept(ticket("b", "2"), "backfill", 0);
    await store.inbox.accept(ticket("c", "3"), "top", 0);
    await store.inbox.accept(ticket("d", "4"), "live", 0);
    await store.inbox.accept(ticket("e", "4"), "top", 0);
    await store.inbox.accept(ticket("f", "5"), "live", HOUR);
    await store.inbox.accept(
      delivery("g", { source: "hubspot", kind: "accounts", subjectId: "", accountIds: ["9"] }),
      "tier_change",
      0,
    );
    expect([await store.inbox.dueTogether(10), await store.inbox.dueTogether(1)]).toEqual([2, 1]);
    expect(await store.inbox.dueTogether(10, 2 * HOUR)).toBe(3);
    expect(subjects(await store.inbox.claim("worker", LEASE, 10, "together"))).toEqual(["1", "2"]);
    expect(await store.inbox.dueTogether(10)).toBe(0);
    const apart = await store.inbox.claim("worker", LEASE, 10, "apart");
    expect(apart.map((claim) => claim.kind).toSorted()).toEqual(["accounts", "ticket", "ticket"]);
    expect(subjects(apart.filter((claim) => claim.kind === "ticket"))).toEqual(["3", "4"]);
    // One urgent webhook makes all calls about its ticket urgent.
    expect(apart.map(({ lane, kind }) => [kind, lane])).toEqual([
      ["ticket", "top"],
      ["ticket", "top"],
      ["accounts", "tier_change"],
    ]);
  });

  test("a ticket that was put aside is not taken together again, and neither is a new webhook about it", async () => {
    const { store } = under();
    await store.inbox.accept(ticket("a", "1"), "live", 0);
    const [claim] = await store.inbox.claim("worker", LEASE, 10, "together");
    if (claim === undefined) throw new Error("nothing was taken");
    await store.inbox.release(claim, {
      state: "retry",
      afterMs: 0,
      countsAsAttempt: false,
      reason: "it gets a follower",
      apart: true,
    });
    await store.inbox.accept(ticket("b", "1"), "live", 0);
    expect(await store.inbox.claim("worker", LEASE, 10, "together")).toEqual([]);
    expect(subjects(await store.inbox.claim("worker", LEASE, 10, "apart"))).toEqual(["1"]);
  });
}

async function takeAll(store: Store, owner: string): Promise<readonly string[]> {
  const taken: string[] = [];
  for (let empty = 0; empty < 5; ) {
    const claims = await store.inbox.claim(owner, LEASE, 7);
    taken.push(...claims.map((claim) => claim.subjectId));
    empty = claims.length === 0 ? empty + 1 : 0;
  }
  return taken;
}
