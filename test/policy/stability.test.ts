import { describe, expect, test } from "@jest/globals";
import type { Account, HeldState, Instant } from "../../src/policy/model.ts";
import { account, held, moment, package2026, policy, TUESDAY, verdict } from "../builders.ts";

const rules = policy();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Case {
  readonly of?: Partial<Account>;
  readonly held: HeldState | null;
  readonly asOf?: Instant;
  readonly now?: Instant;
}

function judge({ of = {}, held: state, asOf = TUESDAY, now = asOf }: Case) {
  return verdict([account({ plan: "Pro", ...of })], rules, { held: state, asOf, now });
}

describe("a loss of plan, revenue or parent", () => {
  const rows: readonly [string, Case, string, string, string][] = [
    [
      "is not believed at first sight",
      { held: held("enterprise", "plan") },
      "enterprise",
      "held",
      "downgrade_grace",
    ],
    ["of revenue neither", { held: held("enterprise", "arr") }, "enterprise", "held", "downgrade_grace"],
    [
      "of a parent's cover neither",
      { held: held("enterprise", "parent") },
      "enterprise",
      "held",
      "downgrade_grace",
    ],
    [
      "is not believed just before seven days",
      { held: held("enterprise", "plan", { lowerSince: TUESDAY - 7 * DAY + 1 }) },
      "enterprise",
      "held",
      "downgrade_grace",
    ],
    [
      "is believed after seven days exactly",
      { held: held("enterprise", "plan", { lowerSince: TUESDAY - 7 * DAY }) },
      "pro",
      "plan",
      "downgrade_effective",
    ],
    [
      "is believed at once when the contract lapsed",
      { of: { contractEnd: "2026-01-31" }, held: held("enterprise", "plan") },
      "standard",
      "default",
      "downgrade_effective",
    ],
    [
      "is not believed in the grace after a contract",
      { of: { contractEnd: "2026-06-01" }, held: held("enterprise", "plan") },
      "enterprise",
      "held",
      "downgrade_grace",
    ],
    [
      "is believed at once on trial",
      { of: { status: "trial" }, held: held("enterprise", "plan") },
      "standard",
      "default",
      "downgrade_effective",
    ],
    [
      "is believed at once where the old basis is not known",
      { held: held("enterprise", null) },
      "pro",
      "plan",
      "downgrade_effective",
    ],
    [
      "is believed at once where the old basis was a trial",
      { held: held("enterprise", "trial") },
      "pro",
      "plan",
      "downgrade_effective",
    ],
    [
      "is believed at once where the old basis was an override",
      { held: held("enterprise", "override") },
      "pro",
      "plan",
      "downgrade_effective",
    ],
  ];
  test.each(rows)("%s", (_sentence, given, tier, basis, reason) => {
    const found = judge(given);
    expect({ tier: found.tier, basis: found.basis }).toEqual({ tier, basis });
    expect(found.reasons).toContain(reason);
    expect(found.flags.includes("grace")).toBe(
      tier === "enterprise" || given.of?.contractEnd === "2026-06-01",
    );
  });

  test("counts its days from the ticket's creation, not from when it is looked at", () => {
    const asOf = moment("2026-06-08T15:00:00Z");
    const found = judge({
      held: held("enterprise", "plan", { lowerSince: asOf - 6 * DAY }),
      asOf,
      now: asOf + 2 * DAY,
    });
    expect(found.reasons).toContain("downgrade_grace");
  });
});

describe("a support package that is gone", () => {
  const es = held("enterprise_support", "addon");
  test.each([
    [
      "from the account altogether is a doubt",
      { held: es },
      "enterprise_support",
      ["addon_vanished", "downgrade_grace"],
      ["grace", "review"],
    ],
    [
      "but stands there with an end in the past is an end",
      { of: { addons: [package2026({ end: "2026-01-31" })] }, held: es },
      "pro",
      ["downgrade_effective"],
      [],
    ],
    [
      "but stands there with a start to come is no doubt",
      { of: { addons: [package2026({ start: "2026-09-01" })] }, held: es },
      "pro",
      ["downgrade_effective"],
      [],
    ],
    [
      "and only another package stands there is a doubt",
      { of: { addons: [package2026({ sku: "GOLD" })] }, held: es },
      "enterprise_support",
      ["addon_vanished", "downgrade_grace"],
      ["grace", "review"],
    ],
    [
      "is believed after seven days, and no longer called a doubt",
      { held: { ...es, lowerSince: TUESDAY - 7 * DAY } },
      "pro",
      ["downgrade_effective"],
      [],
    ],
    [
      "is believed at once when the contract lapsed, and not called a doubt",
      { of: { contractEnd: "2026-01-31" }, held: es },
      "standard",
      ["downgrade_effective"],
      [],
    ],
  ])("%s", (_sentence, given: Case, tier, reasons, flags) => {
    const found = judge(given);
    expect(found.tier).toBe(tier);
    expect(found.reasons).toEqual(expect.arrayContaining(reasons));
    expect(found.reasons.includes("addon_vanished")).toBe(reasons.includes("addon_vanished"));
    expect(found.flags).toEqual(expect.arrayContaining(flags));
  });
});

describe("old facts", () => {
  const aged = (ms: number, more: Partial<Account> = {}): Partial<Account> => ({
    syncedAt: TUESDAY - ms,
    ...more,
  });
  const rows: readonly [string, Case, string, readonly string[], readonly string[]][] = [
    ["of 72 hours are still fresh", { of: aged(72 * HOUR), held: null }, "pro", ["grant_plan:pro"], []],
    [
      "of more than 72 hours are old",
      { of: aged(72 * HOUR + 1), held: null },
      "pro",
      ["grant_plan:pro", "stale_facts"],
      ["stale"],
    ],
    [
      "never read are old and doubtful",
      { of: { syncedAt: null }, held: null },
      "pro",
      ["grant_plan:pro", "stale_facts"],
      ["review", "stale"],
    ],
    [
      "take nothing away for 30 days",
      { of: aged(30 * DAY), held: held("enterprise", "plan", { lowerSince: 0 }) },
      "enterprise",
      ["grant_plan:pro", "stale_facts", "stale_hold"],
      ["stale"],
    ],
    [
      "take away after 30 days",
      { of: aged(30 * DAY + 1), held: held("enterprise", "plan", { lowerSince: 0 }) },
      "pro",
      ["grant_plan:pro", "stale_facts", "downgrade_effective"],
      ["stale"],
    ],
    [
      "of unknown age hold nothing",
      { of: { syncedAt: null }, held: held("enterprise", "trial") },
      "pro",
      ["grant_plan:pro", "stale_facts", "downgrade_effective"],
      ["review", "stale"],
    ],
    [
      "of unknown age still leave the seven days",
      { of: { syncedAt: null }, held: held("enterprise", "plan") },
      "enterprise",
      ["grant_plan:pro", "stale_facts", "downgrade_grace"],
      ["grace", "review", "stale"],
    ],
    [
      "after 30 days still leave the seven days",
      { of: aged(31 * DAY), held: held("enterprise", "plan") },
      "enterprise",
      ["grant_plan:pro", "stale_facts", "downgrade_grace"],
      ["grace", "stale"],
    ],
    [
      "hold a tier of any basis",
      { of: aged(4 * DAY), held: held("enterprise", "trial") },
      "enterprise",
      ["grant_plan:pro", "stale_facts", "stale_hold"],
      ["stale"],
    ],
    [
      "hold where the contract ran out since they were read",
      {
        of: aged(5 * DAY, { contractEnd: "2026-05-25" }),
        held: held("enterprise", "plan", { lowerSince: 0 }),
      },
      "enterprise",
      ["contract_lapsed", "stale_facts", "stale_hold"],
      ["stale"],
    ],
    [
      "do not hold where the contract had lapsed when they were read",
      {
        of: aged(5 * DAY, { contractEnd: "2026-05-20" }),
        held: held("enterprise", "plan", { lowerSince: 0 }),
      },
      "standard",
      ["contract_lapsed", "default_tier", "stale_facts", "downgrade_effective"],
      ["stale"],
    ],
    [
      "let an upgrade through",
      { of: aged(10 * DAY, { plan: "Enterprise" }), held: held("pro", "plan") },
      "enterprise",
      ["grant_plan:enterprise", "stale_facts"],
      ["stale"],
    ],
  ];
  test.each(rows)("%s", (_sentence, given, tier, reasons, flags) => {
    const found = judge(given);
    expect(found.tier).toBe(tier);
    expect(found.reasons).toEqual(expect.arrayContaining([...reasons]));
    expect(found.flags.toSorted()).toEqual(flags.toSorted());
  });

  test("are measured to the moment of looking", () => {
    const found = judge({ of: { syncedAt: TUESDAY }, held: null, asOf: TUESDAY, now: TUESDAY + 73 * HOUR });
    expect(found.reasons).toContain("stale_facts");
  });

  test("of a parent are not the child's", () => {
    const accounts = [account({ parentId: "hq", plan: "Pro" }), account({ id: "hq", syncedAt: null })];
    expect(verdict(accounts, rules).reasons).toEqual(["grant_plan:pro"]);
  });
});
