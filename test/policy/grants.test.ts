import { describe, expect, test } from "@jest/globals";
import type { Account } from "../../src/policy/model.ts";
import { account, package2026, policy, verdict } from "../builders.ts";

const rules = policy();

type Row = readonly [
  sentence: string,
  accounts: readonly Account[],
  tier: string,
  basis: string,
  reasons: readonly string[],
  flags: readonly string[],
];

function holds(rows: readonly Row[]): void {
  test.each(rows)("%s", (_sentence, accounts, tier, basis, reasons, flags) => {
    const found = verdict(accounts, rules);
    expect({ tier: found.tier, basis: found.basis }).toEqual({ tier, basis });
    expect(found.reasons.toSorted()).toEqual(reasons.toSorted());
    expect(found.flags.toSorted()).toEqual(flags.toSorted());
  });
}

const usd = (amount: string) => ({ amount, currency: "USD" });
const child = (changes: Partial<Account> = {}): Account => account({ parentId: "hq", ...changes });
const hq = (changes: Partial<Account> = {}): Account => account({ id: "hq", ...changes });

describe("a plan", () => {
  holds([
    [
      "gives its tier",
      [account({ plan: "Enterprise" })],
      "enterprise",
      "plan",
      ["grant_plan:enterprise"],
      [],
    ],
    [
      "is read without regard to case and spaces",
      [account({ plan: " enterprise \t PLUS " })],
      "enterprise",
      "plan",
      ["grant_plan:enterprise"],
      [],
    ],
    [
      "of several parts counts as the best one",
      [account({ plan: "Pro;Enterprise;Free" })],
      "enterprise",
      "plan",
      ["grant_plan:enterprise"],
      [],
    ],
    ["may have empty parts", [account({ plan: ";; Pro ;" })], "pro", "plan", ["grant_plan:pro"], []],
    [
      "with an unknown part beside a known one gives the known tier and a review",
      [account({ plan: "Gold;Pro" })],
      "pro",
      "plan",
      ["plan_unmapped", "grant_plan:pro"],
      ["review"],
    ],
    [
      "that nobody knows gives the default tier and a review",
      [account({ plan: "Gold" })],
      "standard",
      "default",
      ["plan_unmapped", "default_tier"],
      ["review"],
    ],
    [
      "of the lowest tier is still a plan",
      [account({ plan: "free" })],
      "standard",
      "plan",
      ["grant_plan:standard"],
      [],
    ],
    [
      "does not count before the contract starts, nor is it doubted",
      [account({ plan: "Gold;Pro", contractStart: "2026-07-01" })],
      "standard",
      "default",
      ["contract_not_started", "default_tier"],
      [],
    ],
    [
      "does not count after the contract lapsed",
      [account({ plan: "Enterprise", contractEnd: "2026-01-31" })],
      "standard",
      "default",
      ["contract_lapsed", "default_tier"],
      [],
    ],
    [
      "counts in the grace after a contract",
      [account({ plan: "Enterprise", contractEnd: "2026-06-01" })],
      "enterprise",
      "plan",
      ["contract_lapse_grace", "grant_plan:enterprise"],
      ["grace"],
    ],
  ]);
});

describe("a parent's plan", () => {
  const inherited = ["grant_parent_plan:enterprise", "inherited_from_parent"];
  holds([
    [
      "covers a child without a plan",
      [child(), hq({ plan: "Enterprise" })],
      "enterprise",
      "parent",
      inherited,
      [],
    ],
    [
      "covers a child whose plan is only separators",
      [child({ plan: " ; " }), hq({ plan: "Enterprise" })],
      "enterprise",
      "parent",
      inherited,
      [],
    ],
    [
      "does not cover a child with a plan of its own",
      [child({ plan: "Pro" }), hq({ plan: "Enterprise" })],
      "pro",
      "plan",
      ["grant_plan:pro"],
      [],
    ],
    [
      "does not cover a child with a plan nobody knows",
      [child({ plan: "Gold" }), hq({ plan: "Enterprise" })],
      "standard",
      "default",
      ["plan_unmapped", "default_tier"],
      ["review"],
    ],
    [
      "does not cover a child whose own contract lapsed",
      [child({ contractEnd: "2026-01-31" }), hq({ plan: "Enterprise" })],
      "standard",
      "default",
      ["contract_lapsed", "no_entitlement_facts", "default_tier"],
      ["review"],
    ],
    [
      "does not cover a child that stands alone",
      [child({ standalone: true }), hq({ plan: "Enterprise" })],
      "standard",
      "default",
      ["no_entitlement_facts", "default_tier"],
      ["review"],
    ],
    [
      "comes from a standalone parent too",
      [child(), hq({ plan: "Enterprise", standalone: true })],
      "enterprise",
      "parent",
      inherited,
      [],
    ],
    [
      "is the best of its parts, unknown ones passed over in silence",
      [child(), hq({ plan: "Gold;Enterprise;Pro" })],
      "enterprise",
      "parent",
      inherited,
      [],
    ],
    [
      "counts while the parent is in grace",
      [child(), hq({ plan: "Enterprise", contractEnd: "2026-06-01" })],
      "enterprise",
      "parent",
      inherited,
      [],
    ],
    [
      "counts while the parent is past due",
      [child(), hq({ plan: "Enterprise", status: "past_due" })],
      "enterprise",
      "parent",
      inherited,
      [],
    ],
  ]);

  const grandparent = account({ id: "top", plan: "Enterprise" });
  const skipped: readonly [string, Partial<Account>][] = [
    ["has no plan", {}],
    ["has a plan nobody knows", { plan: "Gold" }],
    ["is on trial", { plan: "Pro", status: "trial" }],
    ["is on hold", { plan: "Pro", status: "on_hold" }],
    ["has lapsed", { plan: "Pro", contractEnd: "2026-01-31" }],
    ["has not started", { plan: "Pro", contractStart: "2026-07-01" }],
  ];
  test.each(skipped)("is the grandparent's where the parent %s", (_sentence, changes) => {
    const found = verdict([child(), hq({ parentId: "top", ...changes }), grandparent], rules);
    expect(found).toMatchObject({ tier: "enterprise", basis: "parent", reasons: inherited });
  });

  test("is the nearest one, even where a farther one is better", () => {
    const found = verdict([child(), hq({ parentId: "top", plan: "Pro" }), grandparent], rules);
    expect(found).toMatchObject({ tier: "pro", basis: "parent" });
  });

  test("is not looked for where the policy never inherits plans", () => {
    const never = policy({ rollup: { ...rules.rollup, plan: "never" } });
    expect(verdict([child(), hq({ plan: "Enterprise" })], never).tier).toBe("standard");
  });
});

describe("recurring revenue", () => {
  const sister = (changes: Partial<Account>): Account =>
    account({ id: "sister", parentId: "hq", ...changes });
  holds([
    [
      "opens a tier at its threshold exactly",
      [account({ arr: usd("100000") })],
      "enterprise",
      "arr",
      ["grant_arr:enterprise"],
      [],
    ],
    [
      "does not open it one cent below",
      [account({ arr: usd("99999.99") })],
      "pro",
      "arr",
      ["grant_arr:pro"],
      [],
    ],
    [
      "below every threshold gives nothing, and is no missing fact",
      [account({ arr: usd("11999.99") })],
      "standard",
      "default",
      ["default_tier"],
      [],
    ],
    ["of zero is a value", [account({ arr: usd("0") })], "standard", "default", ["default_tier"], []],
    [
      "is compared in the base currency",
      [account({ arr: { amount: "12000000", currency: "JPY" } })],
      "pro",
      "arr",
      ["grant_arr:pro"],
      [],
    ],
    [
      "is rounded half-up to cents before it is compared",
      [account({ arr: { amount: "92592.588", currency: "EUR" } })],
      "enterprise",
      "arr",
      ["grant_arr:enterprise"],
      [],
    ],
    [
      "just below half a cent is rounded down",
      [account({ arr: usd("99999.994999") })],
      "pro",
      "arr",
      ["grant_arr:pro"],
      [],
    ],
    [
      "is exact where floating point is not",
      [account({ arr: usd("99999.995") })],
      "enterprise",
      "arr",
      ["grant_arr:enterprise"],
      [],
    ],
    [
      "in an unknown currency is doubtful",
      [account({ arr: { amount: "500000", currency: "XAU" } })],
      "standard",
      "default",
      ["arr_currency_unknown", "no_entitlement_facts", "default_tier"],
      ["review"],
    ],
    [
      "without a currency is doubtful",
      [account({ arr: { amount: "500000", currency: null } })],
      "standard",
      "default",
      ["arr_currency_unknown", "no_entitlement_facts", "default_tier"],
      ["review"],
    ],
    [
      "below zero is doubtful",
      [account({ arr: usd("-1") })],
      "standard",
      "default",
      ["arr_invalid", "no_entitlement_facts", "default_tier"],
      ["review"],
    ],
    [
      "below zero in an unknown currency is an unknown currency",
      [account({ arr: { amount: "-1", currency: "XAU" } })],
      "standard",
      "default",
      ["arr_currency_unknown", "no_entitlement_facts", "default_tier"],
      ["review"],
    ],
    [
      "does not count, nor is it doubted, when the contract lapsed",
      [account({ plan: "Pro", arr: usd("-1"), contractEnd: "2026-01-31" })],
      "standard",
      "default",
      ["contract_lapsed", "default_tier"],
      [],
    ],
    [
      "is added up over the family",
      [child({ arr: usd("60000") }), hq({ arr: usd("40000") })],
      "enterprise",
      "arr",
      ["family_arr", "grant_arr:enterprise"],
      [],
    ],
    [
      "rounds the sum, not each amount",
      [child({ arr: usd("49999.9974") }), hq({ arr: usd("49999.9976") })],
      "enterprise",
      "arr",
      ["family_arr", "grant_arr:enterprise"],
      [],
    ],
    [
      "of the family counts for a member without any",
      [child(), hq({ arr: usd("60000") }), sister({ arr: usd("40000") })],
      "enterprise",
      "arr",
      ["family_arr", "grant_arr:enterprise"],
      [],
    ],
    [
      "of one other member alone is no family sum",
      [child(), hq({ arr: usd("100000") })],
      "enterprise",
      "arr",
      ["grant_arr:enterprise"],
      [],
    ],
    [
      "of the family is reported even when it reaches nothing, zero included",
      [child({ arr: usd("0") }), hq({ arr: usd("5") })],
      "standard",
      "default",
      ["family_arr", "default_tier"],
      [],
    ],
    [
      "of a member on trial does not count",
      [child({ arr: usd("60000") }), hq({ arr: usd("40000"), status: "trial" })],
      "pro",
      "arr",
      ["grant_arr:pro"],
      [],
    ],
    [
      "of a member on hold does not count",
      [child({ arr: usd("60000") }), hq({ arr: usd("40000"), status: "on_hold" })],
      "pro",
      "arr",
      ["grant_arr:pro"],
      [],
    ],
    [
      "of a member whose contract lapsed does not count",
      [child({ arr: usd("60000") }), hq({ arr: usd("40000"), contractEnd: "2026-01-31" })],
      "pro",
      "arr",
      ["grant_arr:pro"],
      [],
    ],
    [
      "of a member in grace counts",
      [child({ arr: usd("60000") }), hq({ arr: usd("40000"), contractEnd: "2026-06-01" })],
      "enterprise",
      "arr",
      ["family_arr", "grant_arr:enterprise"],
      [],
    ],
    [
      "of a doubtful member is left out, with a review",
      [child({ arr: usd("60000") }), hq({ arr: { amount: "1", currency: "XAU" } })],
      "pro",
      "arr",
      ["arr_currency_unknown", "grant_arr:pro"],
      ["review"],
    ],
    [
      "of a standalone child does not reach the parent",
      [hq({ arr: usd("60000") }), child({ standalone: true, arr: usd("60000") })],
      "pro",
      "arr",
      ["grant_arr:pro"],
      [],
    ],
    [
      "next to an equal plan leaves the plan as the basis",
      [account({ plan: "Enterprise", arr: usd("100000") })],
      "enterprise",
      "plan",
      ["grant_plan:enterprise", "grant_arr:enterprise"],
      [],
    ],
    [
      "of the own account counts on hold; the gate comes later",
      [account({ arr: usd("100000"), status: "on_hold" })],
      "standard",
      "gate",
      ["grant_arr:enterprise", "status_gate:on_hold"],
      ["suspended"],
    ],
  ]);

  test("of the account alone counts where the policy does not add families up", () => {
    const own = policy({ rollup: { ...rules.rollup, arr: "own" } });
    expect(verdict([child({ arr: usd("60000") }), hq({ arr: usd("60000") })], own).reasons).toEqual([
      "grant_arr:pro",
    ]);
  });
});

describe("a bought support package", () => {
  const es = "grant_addon:enterprise_support";
  const ent = "grant_plan:enterprise";
  const owner = (
    line: Parameters<typeof package2026>[0],
    changes: Partial<Account> = {},
  ): readonly Account[] => [account({ plan: "Enterprise", addons: [package2026(line)], ...changes })];
  holds([
    ["gives its tier", owner({}), "enterprise_support", "addon", [ent, es], []],
    [
      "that nobody knows is refused, with a review",
      owner({ sku: "GOLD" }),
      "enterprise",
      "plan",
      [ent, "addon_unknown"],
      ["review"],
    ],
    [
      "that nobody knows is only unknown, whatever its dates",
      owner({ sku: "GOLD", start: "2027-01-01" }),
      "enterprise",
      "plan",
      [ent, "addon_unknown"],
      ["review"],
    ],
    [
      "counts from its first day",
      owner({ start: "2026-06-09" }),
      "enterprise_support",
      "addon",
      [ent, es],
      [],
    ],
    [
      "is refused the day before",
      owner({ start: "2026-06-10" }),
      "enterprise",
      "plan",
      [ent, "addon_not_started"],
      [],
    ],
    [
      "is refused as not started before anything about its end",
      owner({ start: "2026-06-10", end: "2026-01-01" }),
      "enterprise",
      "plan",
      [ent, "addon_not_started"],
      [],
    ],
    [
      "counts to the end of its last day",
      owner({ end: "2026-06-09" }),
      "enterprise_support",
      "addon",
      [ent, es],
      [],
    ],
    [
      "is in grace the day after",
      owner({ end: "2026-06-08" }),
      "enterprise_support",
      "addon",
      [ent, "addon_lapse_grace", es],
      ["grace"],
    ],
    [
      "is in grace on the 14th day",
      owner({ end: "2026-05-26" }),
      "enterprise_support",
      "addon",
      [ent, "addon_lapse_grace", es],
      ["grace"],
    ],
    [
      "has lapsed on the 15th day",
      owner({ end: "2026-05-25" }),
      "enterprise",
      "plan",
      [ent, "addon_lapsed"],
      [],
    ],
    [
      "is in grace on the 30th day while a renewal is open",
      owner({ end: "2026-05-10" }, { renewalInProgress: true }),
      "enterprise_support",
      "addon",
      [ent, "addon_lapse_grace", es],
      ["grace"],
    ],
    [
      "has lapsed on the 31st day though a renewal is open",
      owner({ end: "2026-05-09" }, { renewalInProgress: true }),
      "enterprise",
      "plan",
      [ent, "addon_lapsed"],
      [],
    ],
    [
      "has no grace when its owner cancelled",
      owner({ end: "2026-06-08" }, { status: "cancelled" }),
      "enterprise",
      "plan",
      [ent, "addon_lapsed"],
      [],
    ],
    [
      "without an end ends with the contract",
      owner({ end: null }, { contractEnd: "2026-06-08" }),
      "enterprise_support",
      "addon",
      ["contract_lapse_grace", ent, "addon_lapse_grace", es],
      ["grace"],
    ],
    [
      "without an end goes on where the contract has none",
      owner({ end: null }, { contractEnd: null }),
      "enterprise_support",
      "addon",
      [ent, es],
      [],
    ],
    [
      "without an end goes on where the contract's dates contradict each other",
      owner({ end: null }, { contractStart: "2026-12-31", contractEnd: "2026-01-01" }),
      "enterprise_support",
      "addon",
      ["contract_dates_invalid", ent, es],
      ["review"],
    ],
    [
      "without an end has lapsed with a lapsed contract",
      owner({ end: null }, { contractEnd: "2026-01-31" }),
      "standard",
      "default",
      ["contract_lapsed", "addon_lapsed", "default_tier"],
      [],
    ],
    [
      "in date is refused when the contract lapsed",
      owner({}, { contractEnd: "2026-01-31" }),
      "standard",
      "default",
      ["contract_lapsed", "addon_without_contract", "default_tier"],
      [],
    ],
    [
      "in date is refused before the contract starts",
      owner({}, { contractStart: "2026-07-01" }),
      "standard",
      "default",
      ["contract_not_started", "addon_without_contract", "default_tier"],
      [],
    ],
    [
      "on too small a plan is served, with a review",
      owner({}, { plan: "Pro" }),
      "enterprise_support",
      "addon",
      ["grant_plan:pro", "addon_requirement_unmet", es],
      ["review"],
    ],
    [
      "without any plan is served, with a review",
      owner({}, { plan: null }),
      "enterprise_support",
      "addon",
      ["addon_requirement_unmet", es],
      ["review"],
    ],
    [
      "needs no plan where revenue is enough",
      owner({}, { plan: null, arr: usd("100000") }),
      "enterprise_support",
      "addon",
      ["grant_arr:enterprise", es],
      [],
    ],
    [
      "is judged line by line",
      [
        account({
          plan: "Enterprise",
          addons: [package2026({ end: "2026-01-31" }), package2026({ sku: "GOLD" }), package2026()],
        }),
      ],
      "enterprise_support",
      "addon",
      [ent, "addon_lapsed", "addon_unknown", es],
      ["review"],
    ],
    [
      "refused in every state is still a known fact",
      [account({ addons: [package2026({ end: "2026-01-31" })] })],
      "standard",
      "default",
      ["addon_lapsed", "default_tier"],
      [],
    ],
  ]);
});

describe("a parent's support package", () => {
  const es = "grant_parent_addon:enterprise_support";
  const family = (line: Parameters<typeof package2026>[0] = {}, changes: Partial<Account> = {}): Account =>
    hq({ plan: "Enterprise", addons: [package2026({ scope: "family", ...line })], ...changes });
  const pro = "grant_plan:pro";
  const covered = [pro, es, "inherited_from_parent"];
  holds([
    [
      "covers the children when it is for the family",
      [child({ plan: "Pro" }), family()],
      "enterprise_support",
      "parent",
      covered,
      [],
    ],
    [
      "does not when it is for the parent alone",
      [child({ plan: "Pro" }), family({ scope: "account" })],
      "pro",
      "plan",
      [pro],
      [],
    ],
    [
      "does not cover a child that stands alone",
      [child({ plan: "Pro", standalone: true }), family()],
      "pro",
      "plan",
      [pro],
      [],
    ],
    [
      "covers a child whose own contract lapsed",
      [child({ plan: "Pro", contractEnd: "2026-01-31" }), family()],
      "enterprise_support",
      "parent",
      ["contract_lapsed", es, "inherited_from_parent"],
      [],
    ],
    [
      "is not passed down by a parent on hold",
      [child({ plan: "Pro" }), family({}, { status: "on_hold" })],
      "pro",
      "plan",
      [pro],
      [],
    ],
    [
      "is not passed down by a parent on trial",
      [child({ plan: "Pro" }), family({}, { status: "trial" })],
      "pro",
      "plan",
      [pro],
      [],
    ],
    [
      "has the grace of its owner's contract",
      [child({ plan: "Pro" }), family({ end: "2026-06-01" })],
      "enterprise_support",
      "parent",
      [pro, "addon_lapse_grace", es, "inherited_from_parent"],
      ["grace"],
    ],
    [
      "is refused, and said so, like an own one",
      [child({ plan: "Pro" }), family({}, { contractEnd: "2026-01-31" })],
      "pro",
      "plan",
      [pro, "addon_without_contract"],
      [],
    ],
    [
      "on a parent without the required plan is served, with a review",
      [child({ plan: "Pro" }), family({}, { plan: "Pro" })],
      "enterprise_support",
      "parent",
      [pro, "addon_requirement_unmet", es, "inherited_from_parent"],
      ["review"],
    ],
    [
      "needs the parent's plan, not the parent's revenue",
      [child({ plan: "Pro" }), family({}, { plan: null, arr: usd("200000") })],
      "enterprise_support",
      "parent",
      [pro, "grant_arr:enterprise", "addon_requirement_unmet", es, "inherited_from_parent"],
      ["review"],
    ],
    [
      "leaves an equal own one as the basis",
      [child({ plan: "Enterprise", addons: [package2026()] }), family()],
      "enterprise_support",
      "addon",
      ["grant_plan:enterprise", "grant_addon:enterprise_support", es, "inherited_from_parent"],
      [],
    ],
    [
      "beside the parent's plan is inherited once",
      [child(), family()],
      "enterprise_support",
      "parent",
      ["grant_parent_plan:enterprise", es, "inherited_from_parent"],
      [],
    ],
  ]);

  test("passes down the manager of the nearest account that gave it", () => {
    const rivera = { agent: "rivera", active: true };
    const near = family({}, { parentId: "top", tam: null });
    const top = account({
      id: "top",
      addons: [package2026({ scope: "family" })],
      plan: "Enterprise",
      tam: rivera,
    });
    expect(verdict([child(), near, top], rules).inheritedTam).toBeNull();
    expect(verdict([child(), { ...near, tam: rivera }, top], rules).inheritedTam).toEqual(rivera);
    const lapsed = family({ end: "2026-01-31" }, { parentId: "top", tam: { agent: "chen", active: true } });
    expect(verdict([child(), lapsed, top], rules).inheritedTam).toEqual(rivera);
  });
});

describe("a trial", () => {
  const trial = (changes: Partial<Account>): readonly Account[] => [account({ status: "trial", ...changes })];
  holds([
    [
      "gives nothing by itself",
      trial({ trial: { poc: false, end: "2026-06-30" } }),
      "standard",
      "default",
      ["default_tier"],
      [],
    ],
    [
      "does not give the plan that is tried",
      trial({ plan: "Enterprise", trial: { poc: false, end: "2026-06-30" } }),
      "standard",
      "default",
      ["trial_ignored_plan", "default_tier"],
      [],
    ],
    [
      "gives a tier to a proof of concept",
      trial({ trial: { poc: true, end: "2026-06-30" } }),
      "pro",
      "trial",
      ["grant_trial:pro"],
      [],
    ],
    [
      "counts to the end of its last day",
      trial({ trial: { poc: true, end: "2026-06-09" } }),
      "pro",
      "trial",
      ["grant_trial:pro"],
      [],
    ],
    [
      "is over the day after, without grace",
      trial({ trial: { poc: true, end: "2026-06-08" } }),
      "standard",
      "default",
      ["trial_expired", "default_tier"],
      [],
    ],
    [
      "that is over still does not give the plan",
      trial({ plan: "Pro", trial: { poc: false, end: "2026-06-08" } }),
      "standard",
      "default",
      ["trial_ignored_plan", "trial_expired", "default_tier"],
      [],
    ],
    [
      "without an end is refused for a proof of concept, with a review",
      trial({ trial: { poc: true, end: null } }),
      "standard",
      "default",
      ["trial_end_missing", "default_tier"],
      ["review"],
    ],
    [
      "without an end is simply a trial otherwise",
      trial({ trial: { poc: false, end: null } }),
      "standard",
      "default",
      ["default_tier"],
      [],
    ],
    [
      "does not look at revenue, packages or parents",
      [
        account({ status: "trial", parentId: "hq", arr: usd("500000"), addons: [package2026()] }),
        hq({ plan: "Enterprise", addons: [package2026({ scope: "family" })] }),
      ],
      "standard",
      "default",
      ["default_tier"],
      [],
    ],
    [
      "that says nothing more is a trial",
      trial({ trial: null, plan: " ; " }),
      "standard",
      "default",
      ["default_tier"],
      [],
    ],
  ]);
});

describe("an account of which nothing is known", () => {
  holds([
    [
      "goes to review",
      [account()],
      "standard",
      "default",
      ["no_entitlement_facts", "default_tier"],
      ["review"],
    ],
    [
      "is known once there is revenue of its own, even when the contract lapsed",
      [account({ arr: usd("5"), contractEnd: "2026-01-31" })],
      "standard",
      "default",
      ["contract_lapsed", "default_tier"],
      [],
    ],
    [
      "is not known by a relative's revenue when its own contract lapsed",
      [child({ contractEnd: "2026-01-31" }), hq({ arr: usd("50000") })],
      "standard",
      "default",
      ["contract_lapsed", "no_entitlement_facts", "default_tier"],
      ["review"],
    ],
    [
      "is known by a relative's revenue while its own contract lives",
      [child(), hq({ arr: usd("5") })],
      "standard",
      "default",
      ["default_tier"],
      [],
    ],
    [
      "is not known by revenue that cannot be read",
      [account({ unreadable: ["arr"] })],
      "standard",
      "default",
      ["fact_unreadable:arr", "no_entitlement_facts", "default_tier"],
      ["review"],
    ],
  ]);
});

test("every fact that counted is kept with the age of its source", () => {
  const found = verdict([child({ arr: usd("60000") }), hq({ arr: usd("40000"), syncedAt: 5 })], rules);
  expect(found.facts).toEqual(
    expect.arrayContaining([
      { accountId: "acme", fact: "arr", value: "60000 USD", syncedAt: account().syncedAt },
      { accountId: "hq", fact: "arr", value: "40000 USD", syncedAt: 5 },
      { accountId: "acme", fact: "arr_sum", value: "100000.00 USD", syncedAt: account().syncedAt },
    ]),
  );
});
