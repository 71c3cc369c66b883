import { describe, expect, test } from "@jest/globals";
import type { Account, Override } from "../../src/policy/model.ts";
import { account, moment, override, policy, TUESDAY, verdict } from "../builders.ts";

const rules = policy();

function judge(overrides: readonly Override[], of: Partial<Account> = {}) {
  return verdict([account({ plan: "Pro", ...of })], rules, { overrides });
}

describe("a status", () => {
  test.each([
    [
      "on hold lowers to the gate",
      { status: "on_hold" as const },
      "standard",
      "gate",
      ["grant_plan:pro", "status_gate:on_hold"],
      ["suspended"],
    ],
    [
      "on hold is reported where nothing is left to lower",
      { status: "on_hold" as const, plan: "Free" },
      "standard",
      "plan",
      ["grant_plan:standard", "status_gate:on_hold"],
      ["suspended"],
    ],
    [
      "past due is reported and changes nothing",
      { status: "past_due" as const },
      "pro",
      "plan",
      ["grant_plan:pro", "status_flag:past_due"],
      [],
    ],
  ])("%s", (_sentence, of, tier, basis, reasons, flags) => {
    expect(judge([], of)).toMatchObject({ tier, basis, reasons, flags });
  });
});

describe("an exception", () => {
  const floor = override({ kind: "floor", tier: "enterprise" });
  const cap = override({ kind: "cap", tier: "standard" });
  const pin = override({ kind: "pin", tier: "enterprise_support" });
  const later = moment("2026-06-02T00:00:00Z");

  const rows: readonly [string, readonly Override[], string, string, readonly string[], readonly string[]][] =
    [
      ["as floor raises", [floor], "enterprise", "override", ["override_floor"], ["override"]],
      [
        "as floor below changes nothing and is not mentioned",
        [override({ tier: "standard" })],
        "pro",
        "plan",
        [],
        [],
      ],
      ["as floor at the same tier is not mentioned", [override({ tier: "pro" })], "pro", "plan", [], []],
      ["as cap lowers", [cap], "standard", "override", ["override_cap"], ["override"]],
      [
        "as cap above is not mentioned",
        [override({ kind: "cap", tier: "enterprise" })],
        "pro",
        "plan",
        [],
        [],
      ],
      ["as pin decides", [pin], "enterprise_support", "override", ["override_pin"], ["override"]],
      [
        "as pin at the same tier is not mentioned",
        [override({ kind: "pin", tier: "pro" })],
        "pro",
        "plan",
        [],
        [],
      ],
      [
        "of several floors is the highest",
        [floor, override({ tier: "enterprise_support" })],
        "enterprise_support",
        "override",
        ["override_floor"],
        ["override"],
      ],
      [
        "of several caps is the lowest",
        [override({ kind: "cap", tier: "pro" }), cap],
        "standard",
        "override",
        ["override_cap"],
        ["override"],
      ],
      [
        "as floor above a cap is a conflict, and the cap wins",
        [floor, cap],
        "standard",
        "override",
        ["override_conflict", "override_floor", "override_cap"],
        ["override", "review"],
      ],
      [
        "as floor above a cap at the very tier leaves it unmarked",
        [floor, override({ kind: "cap", tier: "pro" })],
        "pro",
        "plan",
        ["override_conflict", "override_floor", "override_cap"],
        ["review"],
      ],
      [
        "as floor at a cap is no conflict",
        [floor, override({ kind: "cap", tier: "enterprise" })],
        "enterprise",
        "override",
        ["override_floor"],
        ["override"],
      ],
      [
        "as pin beside a floor is a conflict, and the floor is ignored",
        [override({ kind: "pin", tier: "standard" }), floor],
        "standard",
        "override",
        ["override_conflict", "override_pin"],
        ["override", "review"],
      ],
      [
        "of two pins is the newest",
        [pin, override({ id: "new", kind: "pin", tier: "enterprise", createdAt: later })],
        "enterprise",
        "override",
        ["override_conflict", "override_pin"],
        ["override", "review"],
      ],
      [
        "of two pins of the same moment is the higher",
        [override({ kind: "pin", tier: "enterprise" }), pin],
        "enterprise_support",
        "override",
        ["override_conflict", "override_pin"],
        ["override", "review"],
      ],
      ["of another account does not count", [override({ accountId: "other" })], "pro", "plan", [], []],
      ["without an end is never in force", [override({ expiresAt: null })], "pro", "plan", [], []],
      [
        "is in force from the very moment it starts",
        [override({ startsAt: TUESDAY })],
        "enterprise",
        "override",
        ["override_floor"],
        ["override"],
      ],
      ["is not in force before", [override({ startsAt: TUESDAY + 1 })], "pro", "plan", [], []],
      [
        "starts when it was made where no start is stated",
        [override({ createdAt: TUESDAY + 1 })],
        "pro",
        "plan",
        [],
        [],
      ],
      [
        "is no longer in force at the moment it expires",
        [override({ expiresAt: TUESDAY })],
        "pro",
        "plan",
        [],
        [],
      ],
      [
        "is in force until just before",
        [override({ expiresAt: TUESDAY + 1 })],
        "enterprise",
        "override",
        ["override_floor"],
        ["override"],
      ],
      [
        "that is over does not make a conflict",
        [pin, override({ expiresAt: TUESDAY })],
        "enterprise_support",
        "override",
        ["override_pin"],
        ["override"],
      ],
      [
        "for a tier the policy does not have is passed over",
        [override({ tier: "platinum" })],
        "pro",
        "plan",
        [],
        [],
      ],
    ];
  test.each(rows)("%s", (_sentence, overrides, tier, basis, reasons, flags) => {
    const found = judge(overrides);
    expect({ tier: found.tier, basis: found.basis }).toEqual({ tier, basis });
    expect(found.reasons).toEqual(["grant_plan:pro", ...reasons]);
    expect(found.flags.toSorted()).toEqual(flags.toSorted());
  });

  test("may stand above a gate", () => {
    const found = judge([floor], { status: "on_hold" });
    expect(found).toMatchObject({ tier: "enterprise", basis: "override", flags: ["suspended", "override"] });
  });

  test("of a parent is not the child's", () => {
    const accounts = [account({ parentId: "hq", plan: "Pro" }), account({ id: "hq" })];
    const found = verdict(accounts, rules, { overrides: [override({ accountId: "hq" })] });
    expect(found.tier).toBe("pro");
  });

  test("does not enter the ledger", () => {
    expect(judge([pin]).ledger).toMatchObject({ tier: "pro", basis: "plan" });
  });

  test("may be written in the policy file, and counts once when it is passed as well", () => {
    const written = policy({ overrides: { ...rules.overrides, items: [pin] } });
    expect(verdict([account({ plan: "Pro" })], written).tier).toBe("enterprise_support");
    const both = verdict([account({ plan: "Pro" })], written, { overrides: [pin] });
    expect(both.reasons).toEqual(["grant_plan:pro", "override_pin"]);
  });
});

test("asking for an account that was not given is an error", () => {
  expect(() => verdict([], rules)).toThrow(RangeError);
});
