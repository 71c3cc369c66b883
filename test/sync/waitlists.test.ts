import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Account } from "../../src/policy/model.ts";
import type { Store, StoredAccount } from "../../src/ports.ts";
import { openStore } from "../../src/store/open.ts";
import { workOut } from "../../src/sync/entitle.ts";
import { refreshWaitlists } from "../../src/sync/waitlists.ts";
import { account, override, policy, TUESDAY, withTier } from "../builders.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NAMES = ["a", "b", "c", "d", "e", "f", "g"];

/** Room for two in Enterprise; Pro has a list as well. */
const rules = withTier(
  withTier(policy(), "enterprise", ({ capacity }) => ({
    capacity: { ...capacity, maxAccounts: 2, waitlistBasis: ["arr"] },
  })),
  "pro",
  ({ capacity }) => ({ capacity: { ...capacity, maxAccounts: 3, waitlistBasis: ["arr", "plan"] } }),
);

let folder = "";
let store: Store;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "waitlists-"));
  store = await openStore(`sqlite:${join(folder, "store.db")}`, { warn: () => undefined });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function startAfresh(): Promise<void> {
  for (const name of NAMES) await store.forgetting.forget({ organizationId: `org-${name}`, accountId: name });
  await store.waitlists.clear();
}

async function accept(facts: Partial<Account> & { readonly id: string }, now: number): Promise<void> {
  const stored: StoredAccount = {
    account: account({ ...facts, syncedAt: now }),
    source: "crm",
    sourceId: facts.id,
    updatedAt: null,
    aliases: [],
    label: null,
  };
  await store.accounts.put([stored]);
  await store.accounts.markPending(await store.accounts.families([facts.id]));
}

/** As a sync does it: those who are marked, the lists, those who moved or wait. Answers how often somebody moved. */
async function sync(now: number): Promise<number> {
  await work(await store.accounts.pending(null, 100), now);
  const moved = await refreshWaitlists(store, rules, now);
  await work(await store.accounts.pending(null, 100), now);
  return moved.length;
}

/** Those who may have to wait stay marked. */
async function work(ids: readonly string[], now: number): Promise<void> {
  const worked = await workOut(store, rules, null, ids, now);
  const open = new Set(worked.filter((one) => one.undecided).map((one) => one.stored.account.id));
  await store.accounts.clearPending(ids.filter((id) => !open.has(id)));
}

async function waiting(of: Store = store): Promise<Readonly<Record<string, readonly string[]>>> {
  const known = await of.accounts.entitlements(NAMES);
  return Object.fromEntries([...known].map(([id, { held }]) => [id, held.waitlisted]));
}

async function tiers(): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries(
    [...(await store.accounts.entitlements(NAMES))].map(([id, { tier }]) => [id, tier]),
  );
}

/** What a look at everybody would make of the lists. */
async function fromScratch(now: number) {
  const copy = await store.scratch();
  try {
    await copy.waitlists.clear();
    const moved = await refreshWaitlists(copy, rules, now);
    return { moved: [...moved].sort(), waiting: await waiting(copy) };
  } finally {
    await copy.close();
  }
}

interface Turn {
  readonly id: string;
  readonly facts: Partial<Account>;
  readonly pinned: boolean;
  readonly laterMs: number;
}

const anyTurn: fc.Arbitrary<Turn> = fc.record({
  id: fc.constantFrom(...NAMES),
  facts: fc.record({
    arr: fc
      .constantFrom(null, "50000", "95000", "120000", "120000.01", "300000")
      .map((amount) => (amount === null ? null : { amount, currency: "USD" })),
    plan: fc.constantFrom(null, null, null, "Pro", "Enterprise"),
    status: fc.constantFrom("active" as const, "active" as const, "cancelled" as const),
    contractEnd: fc.constantFrom("2026-12-31", "2026-06-10", "2026-05-01"),
    parentId: fc.constantFrom(null, null, "a", "b"),
  }),
  pinned: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  laterMs: fc.constantFrom(MINUTE, MINUTE, MINUTE, DAY, 8 * DAY),
});

describe("waiting lists kept from the accounts that changed", () => {
  beforeEach(startAfresh);

  test("they are those that a look at everybody would draw up, whatever happens in whatever order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyTurn, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
        async (rounds) => {
          await startAfresh();
          let now = TUESDAY;
          for (const turns of rounds) {
            for (const turn of turns) {
              await accept({ ...turn.facts, id: turn.id }, now);
              if (turn.pinned)
                await store.overrides.add(
                  override({ id: `${turn.id} ${now}`, accountId: turn.id, kind: "pin" }),
                );
              now += turn.laterMs;
            }
            await work(await store.accounts.pending(null, 100), now);
            const wanted = await fromScratch(now);
            const moved = await refreshWaitlists(store, rules, now);
            expect([...moved].sort()).toEqual(wanted.moved);
            expect(await waiting()).toEqual(wanted.waiting);
            await workOut(store, rules, null, moved, now);
            await store.accounts.clearPending(moved);
          }
        },
      ),
      { numRuns: 15, seed: 20261122 },
    );
  }, 120_000);

  test("the biggest get the places, and who waits moves up when a place becomes free", async () => {
    const arr = { c: "300000", d: "200000", e: "150000" };
    for (const [id, amount] of Object.entries(arr))
      await accept({ id, arr: { amount, currency: "USD" } }, TUESDAY);
    await sync(TUESDAY);
    expect(await tiers()).toEqual({ c: "enterprise", d: "enterprise", e: "pro" });
    expect(await waiting()).toEqual({ c: [], d: [], e: ["enterprise"] });
    await accept({ id: "c", arr: null }, TUESDAY + MINUTE);
    // Its tier is kept for some days of grace, and so is its place.
    expect(await sync(TUESDAY + MINUTE)).toBe(0);
    await accept({ id: "c", arr: null }, TUESDAY + 8 * DAY);
    expect(await sync(TUESDAY + 8 * DAY)).toBe(1);
    expect(await tiers()).toEqual({ c: "standard", d: "enterprise", e: "enterprise" });
    expect(await waiting()).toEqual({ c: [], d: [], e: [] });
  });

  test("who has the tier keeps it before a bigger newcomer", async () => {
    for (const id of ["c", "d"]) await accept({ id, arr: { amount: "110000", currency: "USD" } }, TUESDAY);
    await sync(TUESDAY);
    await accept({ id: "e", arr: { amount: "900000", currency: "USD" } }, TUESDAY + MINUTE);
    await sync(TUESDAY + MINUTE);
    expect(await tiers()).toEqual({ c: "enterprise", d: "enterprise", e: "pro" });
  });

  test("what was bought is never refused, and takes a place from nobody who has one", async () => {
    for (const id of ["c", "d"]) await accept({ id, arr: { amount: "110000", currency: "USD" } }, TUESDAY);
    await sync(TUESDAY);
    await accept({ id: "e", plan: "Enterprise" }, TUESDAY + MINUTE);
    await sync(TUESDAY + MINUTE);
    expect(await tiers()).toEqual({ c: "enterprise", d: "enterprise", e: "enterprise" });
  });

  test("nobody is looked at where no standing changed", async () => {
    for (const id of ["c", "d", "e"])
      await accept({ id, arr: { amount: "200000", currency: "USD" } }, TUESDAY);
    await sync(TUESDAY);
    await sync(TUESDAY);
    expect(await store.waitlists.state()).toMatchObject({ due: false });
    await accept({ id: "c", name: "Renamed", arr: { amount: "200000", currency: "USD" } }, TUESDAY + MINUTE);
    expect(await sync(TUESDAY + MINUTE)).toBe(0);
    expect(await store.waitlists.state()).toMatchObject({ due: false });
  });

  test("a crash between working accounts out and drawing up the lists loses nothing", async () => {
    await accept({ id: "c", arr: { amount: "200000", currency: "USD" } }, TUESDAY);
    await sync(TUESDAY);
    await accept({ id: "e", arr: { amount: "900000", currency: "USD" } }, TUESDAY + MINUTE);
    await workOut(store, rules, null, ["e"], TUESDAY + MINUTE);
    await store.accounts.clearPending(["e"]);
    // Here it crashed: nothing is marked any more, and the place is not given out.
    expect(await sync(TUESDAY + 2 * MINUTE)).toBe(1);
    expect(await tiers()).toEqual({ c: "enterprise", e: "enterprise" });
  });

  test("the place of a customer who is forgotten goes to the next one", async () => {
    for (const id of ["c", "d", "e"])
      await accept({ id, arr: { amount: "200000", currency: "USD" } }, TUESDAY);
    await sync(TUESDAY);
    expect(await waiting()).toMatchObject({ e: ["enterprise"] });
    await store.forgetting.forget({ organizationId: "org-c", accountId: "c" });
    expect(await store.waitlists.of(["c"])).toEqual([]);
    await sync(TUESDAY + MINUTE);
    expect(await waiting()).toEqual({ d: [], e: [] });
  });

  test("a record merged into another one does not keep its place", async () => {
    for (const id of ["c", "d", "e"])
      await accept({ id, arr: { amount: "200000", currency: "USD" } }, TUESDAY);
    await sync(TUESDAY);
    await store.accounts.alias("crm", "c", "d");
    await sync(TUESDAY + MINUTE);
    expect(await waiting()).toEqual({ d: [], e: [] });
  });
});
