import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { silent } from "../../src/log.ts";
import type { Account, HeldState } from "../../src/policy/model.ts";
import type { Store, StoredAccount } from "../../src/ports.ts";
import { openStore } from "../../src/store/open.ts";
import { isHarmless, judgeOf, sift } from "../../src/sync/guard-demotions.ts";
import { type FactChange, groupsOf } from "../../src/sync/guard-families.ts";
import { openBrake } from "../../src/sync/guard-step.ts";
import { account, package2026, policy, TUESDAY } from "../builders.ts";
import { company } from "../store/kit.ts";

const POLICY = policy();
const JUDGE = judgeOf(POLICY, TUESDAY);
const usd = (amount: string) => ({ amount, currency: "USD" });

function lost(
  before: readonly Account[],
  change: Partial<Account> & { readonly id?: string },
  held: HeldState | null = null,
): readonly string[] {
  const accounts = new Map(before.map((one) => [one.id, one]));
  const id = change.id ?? "acme";
  const next = { ...(accounts.get(id) ?? account({ id })), ...change };
  const known = { accounts, held: new Map(held === null ? [] : [[id, held]]) };
  const [group] = groupsOf([{ account: next, replaces: [] }], known);
  if (group === undefined) throw new Error("no group");
  return sift(JUDGE, group)
    .left.flatMap((one) => one.demotes)
    .map((one) => `${one.accountId}: ${one.fromTier} → ${one.toTier}`);
}

const byArr: HeldState = { tier: "enterprise", basis: "arr", lowerSince: null, waitlisted: [] };

describe("which new facts would demote somebody", () => {
  test.each<readonly [string, readonly Account[], Partial<Account>, readonly string[]]>([
    ["a lower plan", [account({ plan: "Enterprise" })], { plan: "Pro" }, ["acme: enterprise → pro"]],
    ["a lost plan", [account({ plan: "Pro" })], { plan: null }, ["acme: pro → standard"]],
    ["a plan nobody knows", [account({ plan: "Pro" })], { plan: "Tier 3" }, ["acme: pro → standard"]],
    ["a higher plan does not", [account({ plan: "Pro" })], { plan: "Enterprise" }, []],
    ["a name does not", [account({ plan: "Pro" })], { name: "Other" }, []],
    ["a new customer does not", [], { plan: null }, []],
    ["unpaid bills", [account({ plan: "Pro" })], { status: "on_hold" }, ["acme: pro → standard"]],
    [
      "a contract that ended yesterday, though a grace is running",
      [account({ plan: "Pro" })],
      { contractEnd: "2026-06-08" },
      ["acme: pro → standard"],
    ],
    ["a shorter contract does not", [account({ plan: "Pro" })], { contractEnd: "2026-07-01" }, []],
    [
      "a package that vanished",
      [account({ plan: "Enterprise", addons: [package2026()] })],
      { addons: [] },
      ["acme: enterprise_support → enterprise"],
    ],
    [
      "a parent's plan, for the children that inherit it",
      [account({ plan: "Enterprise" }), account({ id: "child", parentId: "acme" })],
      { plan: "Standard" },
      ["acme: enterprise → standard", "child: enterprise → standard"],
    ],
    [
      "leaving the parent",
      [account({ id: "head", plan: "Enterprise" }), account({ parentId: "head" })],
      { parentId: null },
      ["acme: enterprise → standard"],
    ],
    [
      "half of a family's money, for everybody who stood on it",
      [account({ arr: usd("60000") }), account({ id: "child", parentId: "acme", arr: usd("50000") })],
      { arr: usd("1000") },
      ["acme: enterprise → pro", "child: enterprise → pro"],
    ],
  ])("%s", (_what, before, change, expected) => {
    expect(lost(before, change)).toEqual(expected);
  });

  test("less money above the bar to stay is no loss, below it is", () => {
    const before = [account({ arr: usd("101000") })];
    expect(lost(before, { arr: usd("95000") }, byArr)).toEqual([]);
    expect(lost(before, { arr: usd("95000") })).toEqual(["acme: enterprise → pro"]);
    expect(lost(before, { arr: usd("89999.99") }, byArr)).toEqual(["acme: enterprise → pro"]);
  });

  test("a tier that is only held by a grace has nothing more to lose", () => {
    const held: HeldState = { tier: "enterprise", basis: "plan", lowerSince: TUESDAY - 1, waitlisted: [] };
    expect(lost([account({ plan: "Standard" })], { plan: "Standard", arr: usd("10") }, held)).toEqual([]);
  });

  test("a merge counts for the account that ends in a poorer one", () => {
    const accounts = new Map([["rich", account({ id: "rich", plan: "Enterprise" })]]);
    const change: FactChange = { account: account({ id: "new", plan: "Pro" }), replaces: ["rich"] };
    const [group] = groupsOf([change], { accounts, held: new Map() });
    expect(group === undefined ? [] : sift(JUDGE, group).left[0]?.demotes).toEqual([
      { accountId: "new", name: "Acme", fromTier: "enterprise", toTier: "pro" },
    ]);
    expect(isHarmless(accounts.get("rich"), { ...change, account: account({ id: "rich" }) }, accounts)).toBe(
      false,
    );
  });
});

async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "guard-"));
  const store = await openStore(`sqlite:${join(folder, "store.db")}`, { warn: () => undefined });
  try {
    return await work(store);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("five thousand of eight thousand customers downgraded in one night", () => {
  test("wait together, and the upgrades of that night do not", async () => {
    await withStore(async (store) => {
      const rows = Array.from({ length: 8_000 }, (_, n) =>
        company(String(n), { plan: n < 6_000 ? "Pro" : "Starter" }),
      );
      const clock = { now: () => TUESDAY, sleep: async () => undefined };
      const ports = {
        store,
        clock,
        log: silent,
        policy: POLICY,
        source: "hubspot",
        today: () => "2026-06-09",
      };
      const night = async (runId: string, read: readonly StoredAccount[]) => {
        const brake = openBrake({ ...ports, runId });
        for (let at = 0; at < read.length; at += 500) await brake.take(read.slice(at, at + 500), []);
        await brake.judge(null);
        return brake.held();
      };
      const planned = (row: StoredAccount, plan: string): StoredAccount => ({
        ...row,
        account: { ...row.account, plan },
        updatedAt: "stamp 2",
      });
      expect(await night("first", rows)).toBeNull();
      const held = await night("second", [
        ...rows.slice(0, 5_000).map((row) => planned(row, "Starter")),
        ...rows.slice(6_000).map((row) => planned(row, "Enterprise")),
      ]);
      expect([held?.codes, held?.demotions.length]).toEqual([["too_many_demotions", "hard_limit"], 5_000]);
      const plans = [...(await store.accounts.many(rows.map((row) => row.account.id))).values()].map(
        (row) => row.account.plan,
      );
      expect(plans.filter((plan) => plan === "Pro").length).toBe(6_000);
      expect(plans.filter((plan) => plan === "Enterprise").length).toBe(2_000);
    });
  }, 60_000);
});
