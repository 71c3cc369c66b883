import { describe, expect, test } from "@jest/globals";
import type { Account } from "../../src/policy/model.ts";
import { account, package2026, policy, verdict } from "../builders.ts";
import { child, holds, hq, usd } from "./grant-rows.ts";

const rules = policy();

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
