import { describe, expect, test } from "@jest/globals";
import type { Account, HeldState, Instant } from "../../src/policy/model.ts";
import { account, held, policy, TUESDAY, verdict } from "../builders.ts";

const rules = policy();
const DAY = 24 * 3_600_000;

interface Case {
  readonly of?: Partial<Account>;
  readonly held: HeldState | null;
  readonly asOf?: Instant;
  readonly now?: Instant;
}

function judge({ of = {}, held: state, asOf = TUESDAY, now = asOf }: Case) {
  return verdict([account({ plan: "Pro", ...of })], rules, { held: state, asOf, now });
}

describe("revenue that sinks below the entrance", () => {
  const usd = (amount: string): Partial<Account> => ({ plan: null, arr: { amount, currency: "USD" } });
  const rows: readonly [string, Case, string, string, readonly string[]][] = [
    [
      "keeps a tier held by revenue down to the exit",
      { of: usd("90000"), held: held("enterprise", "arr") },
      "enterprise",
      "arr",
      ["arr_hysteresis_hold", "grant_arr:enterprise"],
    ],
    [
      "does not keep it below the exit, after the grace",
      { of: usd("89999.99"), held: held("enterprise", "arr", { lowerSince: 0 }) },
      "pro",
      "arr",
      ["grant_arr:pro", "downgrade_effective"],
    ],
    [
      "is not held back by a tier held by plan",
      { of: usd("90000"), held: held("enterprise", "plan", { lowerSince: 0 }) },
      "pro",
      "arr",
      ["grant_arr:pro", "downgrade_effective"],
    ],
    [
      "keeps a lower tier by the hold of a higher one",
      { of: usd("10000"), held: held("enterprise", "arr", { lowerSince: 0 }) },
      "pro",
      "arr",
      ["arr_hysteresis_hold", "grant_arr:pro", "downgrade_effective"],
    ],
    [
      "does not open a higher tier by the hold of a lower one",
      { of: usd("95000"), held: held("pro", "arr") },
      "pro",
      "arr",
      ["grant_arr:pro"],
    ],
    [
      "says nothing of holding at the entrance itself",
      { of: usd("100000"), held: held("enterprise", "arr") },
      "enterprise",
      "arr",
      ["grant_arr:enterprise"],
    ],
  ];
  test.each(rows)("%s", (_sentence, given, tier, basis, reasons) => {
    const found = judge(given);
    expect({ tier: found.tier, basis: found.basis, reasons: found.reasons }).toEqual({
      tier,
      basis,
      reasons,
    });
  });
});

describe("a full tier", () => {
  const waitlisted = { waitlisted: ["enterprise"] };
  const rich: Partial<Account> = { plan: null, arr: { amount: "150000", currency: "USD" } };
  const rows: readonly [string, Case, string, readonly string[]][] = [
    [
      "is closed to revenue; the next lower one is open",
      { of: rich, held: { tier: null, basis: null, lowerSince: null, ...waitlisted } },
      "pro",
      ["waitlisted:enterprise", "grant_arr:pro"],
    ],
    [
      "is closed to revenue that holds a lower tier",
      { of: rich, held: held("pro", "arr", waitlisted) },
      "pro",
      ["waitlisted:enterprise", "grant_arr:pro"],
    ],
    [
      "stays open to those who hold it by revenue",
      { of: rich, held: held("enterprise", "arr", waitlisted) },
      "enterprise",
      ["grant_arr:enterprise"],
    ],
    [
      "never refuses a plan",
      { of: { ...rich, plan: "Enterprise" }, held: held("pro", "plan", waitlisted) },
      "enterprise",
      ["grant_plan:enterprise", "waitlisted:enterprise", "grant_arr:pro"],
    ],
    [
      "is not spoken of where revenue does not reach it",
      { of: { plan: null, arr: { amount: "50000", currency: "USD" } }, held: held("pro", "arr", waitlisted) },
      "pro",
      ["grant_arr:pro"],
    ],
  ];
  test.each(rows)("%s", (_sentence, given, tier, reasons) => {
    const found = judge(given);
    expect({ tier: found.tier, reasons: found.reasons }).toEqual({ tier, reasons });
    expect(found.ledger.waitlisted).toEqual(given.held?.waitlisted);
  });
});

describe("the ledger", () => {
  test.each([
    ["takes a first tier as it is", { held: null }, { tier: "pro", basis: "plan", lowerSince: null }],
    [
      "takes an upgrade at once",
      { held: held("standard", "plan", { lowerSince: 5 }) },
      { tier: "pro", basis: "plan", lowerSince: null },
    ],
    [
      "takes the new basis of an equal tier",
      { held: held("pro", "arr", { lowerSince: 5 }) },
      { tier: "pro", basis: "plan", lowerSince: null },
    ],
    [
      "keeps the old basis while a tier is held, and notes since when",
      { held: held("enterprise", "arr") },
      { tier: "enterprise", basis: "arr", lowerSince: TUESDAY },
    ],
    [
      "does not move the first sight of a loss",
      { held: held("enterprise", "arr", { lowerSince: TUESDAY - DAY }) },
      { tier: "enterprise", basis: "arr", lowerSince: TUESDAY - DAY },
    ],
    [
      "notes the first sight of a loss under old facts too",
      { of: { syncedAt: TUESDAY - 5 * DAY }, held: held("enterprise", "trial") },
      { tier: "enterprise", basis: "trial", lowerSince: TUESDAY },
    ],
    [
      "forgets the loss once it is believed",
      { held: held("enterprise", "arr", { lowerSince: TUESDAY - 8 * DAY }) },
      { tier: "pro", basis: "plan", lowerSince: null },
    ],
    [
      "stands before gates",
      { of: { status: "on_hold" as const }, held: null },
      { tier: "pro", basis: "plan", lowerSince: null },
    ],
    [
      "knows nothing of a tier the policy no longer has",
      { held: held("platinum", "plan") },
      { tier: "pro", basis: "plan", lowerSince: null },
    ],
  ])("%s", (_sentence, given: Case, ledger) => {
    expect(judge(given).ledger).toMatchObject(ledger);
  });
});

test("what the ledger held is kept among the facts, without an age", () => {
  expect(judge({ held: held("enterprise", "arr") }).facts).toContainEqual({
    accountId: "acme",
    fact: "held_tier",
    value: "enterprise (arr)",
    syncedAt: null,
  });
});
