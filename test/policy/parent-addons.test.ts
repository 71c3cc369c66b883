import { describe, expect, test } from "@jest/globals";
import type { Account } from "../../src/policy/model.ts";
import { account, package2026, policy, verdict } from "../builders.ts";
import { child, holds, hq, usd } from "./grant-rows.ts";

const rules = policy();

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
