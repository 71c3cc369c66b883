import { describe, expect, test } from "@jest/globals";
import type { Account } from "../../src/policy/model.ts";
import { account, policy, verdict } from "../builders.ts";
import { child, holds, hq, usd } from "./grant-rows.ts";

const rules = policy();

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
