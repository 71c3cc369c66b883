import { describe, expect, test } from "@jest/globals";
import { LINT_RULES, lintPolicy } from "../../src/policy/lint.ts";
import { exampleData, lintOf, type Operation } from "./example.ts";

const DAY = 24 * 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();
const FROM = Date.parse("2026-06-01T00:00:00Z");

function override(days: number | null): unknown {
  const item = {
    account_id: "hubspot:1",
    kind: "floor",
    tier: "enterprise",
    reason: "renewal at risk",
    approved_by: "vp@northwind.example",
    created_at: iso(FROM),
    starts_at: iso(FROM),
  };
  return days === null ? item : { ...item, expires_at: iso(FROM + days * DAY) };
}

const set = (path: string, value: unknown): Operation => ({ op: "add", path, value });
const drop = (path: string): Operation => ({ op: "remove", path });
const items = (...list: readonly unknown[]) => set("/overrides/items", list);
const sla = (policy: string, metric: string, priority: string) =>
  `/sla_policies/${policy}/${metric}/${priority}`;

const ANNA = "anna@northwind.example";
const BEN = "ben@northwind.example";
/** Everybody who must hear can. */
const HEARD = { lead: ANNA, roles: { "The support lead": ANNA, "The support manager": BEN } };
const people = (section: object): Operation => set("/people", section);
const leave = (from: string, to: string, backup: string | null) => ({ away: [{ from, to }], backup });

/** [code, what breaks it, where it is found, what is just allowed] */
const RULES: readonly (readonly [string, readonly Operation[], string, readonly Operation[]])[] = [
  [
    "override_without_expiry",
    [items(override(null))],
    "overrides.items[0].expires_at",
    [items(override(30))],
  ],
  [
    "override_too_long",
    [items(override(30), override(181))],
    "overrides.items[1].expires_at",
    [items(override(180))],
  ],
  [
    "sla_not_monotonic",
    [set(sla("PS Enterprise", "next_reply", "high"), { m: 481, h: "business" })],
    'sla_policies["PS Enterprise"].next_reply.high',
    [set(sla("PS Enterprise", "next_reply", "high"), { m: 480, h: "business" })],
  ],
  [
    "sla_missing_target",
    [drop(sla("PS Pro", "first_reply", "low"))],
    'sla_policies["PS Pro"].first_reply.low',
    [drop(sla("PS Standard", "next_reply", "low"))],
  ],
  [
    "sla_priorities_inverted",
    [set(sla("PS Pro", "first_reply", "urgent"), { m: 300, h: "business" })],
    'sla_policies["PS Pro"].first_reply.urgent',
    [set(sla("PS Pro", "first_reply", "urgent"), { m: 240, h: "business" })],
  ],
  [
    "after_hours_uncovered",
    [set("/tiers/2/routing/after_hours/priorities", [])],
    "tiers[2].routing.after_hours",
    [
      set("/tiers/2/routing/after_hours/priorities", []),
      set("/groups/Enterprise Support/schedule", "always"),
    ],
  ],
  [
    "hysteresis_inverted",
    [set("/tiers/1/eligibility/any/1/arr/exit", 12000.01)],
    "tiers[1].eligibility.any[1].arr.exit",
    [set("/tiers/1/eligibility/any/1/arr/exit", 12000)],
  ],
  [
    "unknown_group",
    [set("/tiers/2/routing/after_hours/group", "On call")],
    "tiers[2].routing.after_hours.group",
    [],
  ],
  ["unknown_group", [set("/routing/reroutable_groups/1", "Suport")], "routing.reroutable_groups[1]", []],
  [
    "unknown_group",
    [set("/tiers/1/native_trigger", { priority: "high", group: "Suport" })],
    "tiers[1].native_trigger.group",
    [],
  ],
  [
    "unknown_group",
    [set("/capacity_assumptions/teams/Nobody", { fte: 1, aht_minutes: 5, tickets_per_account_month: 1 })],
    "capacity_assumptions.teams.Nobody",
    [
      set("/groups/Nobody", {}),
      set("/capacity_assumptions/teams/Nobody", { fte: 1, aht_minutes: 5, tickets_per_account_month: 1 }),
    ],
  ],
  [
    "unknown_schedule",
    [set("/groups/Support/schedule", "busines")],
    "groups.Support.schedule",
    [set("/groups/Support/schedule", "always")],
  ],
  [
    "unknown_schedule",
    [set(sla("PS Pro", "first_reply", "low"), { m: 960, h: "weekend" })],
    'sla_policies["PS Pro"].first_reply.low.h',
    [],
  ],
  ["unknown_sla_policy", [set("/tiers/1/sla_policy", "PS Pr0")], "tiers[1].sla_policy", []],
  ["unknown_tier", [set("/plan_map/gold", "gold")], "plan_map.gold", [set("/plan_map/gold", "enterprise")]],
  ["unknown_tier", [set("/default_tier", "basic")], "default_tier", []],
  ["unknown_tier", [set("/matching/unmatched/tier", "basic")], "matching.unmatched.tier", []],
  ["unknown_tier", [set("/trial/poc_tier", "basic")], "trial.poc_tier", []],
  ["unknown_tier", [set("/status_gates/on_hold", "basic")], "status_gates.on_hold", []],
  ["unknown_tier", [set("/tiers/1/eligibility/any/0/plan", "prp")], "tiers[1].eligibility.any[0].plan", []],
  ["unknown_tier", [set("/addons/0/grants", "es")], "addons[0].grants", []],
  [
    "unknown_tier",
    [set("/addons/0/requires_tier", "ent")],
    "addons[0].requires_tier",
    [set("/addons/0/requires_tier", null)],
  ],
  ["unknown_tier", [items({ ...Object(override(30)), tier: "gold" })], "overrides.items[0].tier", []],
  [
    "fallback_contains_primary",
    [set("/tiers/1/routing/fallback/-", "Priority Support")],
    "tiers[1].routing.fallback[1]",
    [set("/tiers/1/routing/fallback/-", "On-call")],
  ],
  ["duplicate_rank", [set("/tiers/2/rank", 20)], "tiers[2].rank", [set("/tiers/2/rank", 21)]],
  [
    "priority_bounds",
    [set("/tiers/1/priority/floor", "high")],
    "tiers[1].priority",
    [set("/tiers/1/priority/ceiling", "normal")],
  ],
  ["priority_bounds", [set("/tiers/0/priority/ceiling", "low")], "tiers[0].priority", []],
  [
    "no_differentiation",
    [{ op: "copy", from: "/sla_policies/PS Standard/first_reply", path: "/sla_policies/PS Pro/first_reply" }],
    "tiers[1].sla_policy",
    [
      { op: "copy", from: "/sla_policies/PS Standard/first_reply", path: "/sla_policies/PS Pro/first_reply" },
      set(sla("PS Pro", "first_reply", "low"), { m: 1439, h: "business" }),
    ],
  ],
  ["currency_base_missing", [drop("/currency/rates/USD")], "currency.rates.USD", [drop("/currency")]],
  ["currency_base_missing", [drop("/currency/base")], "currency.base", [drop("/currency/rates")]],
  [
    "currency_base_missing",
    [set("/currency/base", "CHF")],
    "currency.rates.CHF",
    [set("/currency/base", "CHF"), set("/currency/rates/CHF", 1)],
  ],
  [
    "capacity_exceeded",
    [set("/tiers/3/capacity/max_accounts", 41)],
    "tiers[3].capacity.max_accounts",
    [set("/tiers/3/capacity/max_accounts", 40)],
  ],
  [
    "routine_pages_on_call",
    [set("/tiers/2/routing/after_hours/priorities", ["urgent", "high"])],
    "tiers[2].routing.after_hours.priorities",
    [set("/tiers/3/priority/default", "normal")],
  ],
  [
    "overflow_uphill",
    [set("/tiers/0/routing/fallback", ["Priority Support"])],
    "tiers[0].routing.fallback[0]",
    [set("/tiers/2/routing/fallback", ["Priority Support"])],
  ],
  [
    "unknown_tier",
    [people({ leads: { gold: ANNA } })],
    "people.leads.gold",
    [people({ ...HEARD, leads: { pro: ANNA } })],
  ],
  [
    "backup_cycle",
    [people({ ...HEARD, members: { [ANNA]: { backup: ANNA } } })],
    `people.members["${ANNA}"].backup`,
    [people({ ...HEARD, members: { [ANNA]: { backup: BEN } } })],
  ],
  [
    "backup_cycle",
    [people({ ...HEARD, members: { [ANNA]: { backup: BEN }, [BEN]: { backup: ANNA.toUpperCase() } } })],
    `people.members["${BEN}"].backup`,
    [people({ ...HEARD, members: { [ANNA]: { backup: BEN }, [BEN]: {} } })],
  ],
  [
    "away_inverted",
    [people({ ...HEARD, members: { [ANNA]: leave("2026-07-02", "2026-07-01", BEN) } })],
    `people.members["${ANNA}"].away[0]`,
    [people({ ...HEARD, members: { [ANNA]: leave("2026-07-01", "2026-07-01", BEN) } })],
  ],
  [
    "away_without_backup",
    [people({ ...HEARD, members: { [ANNA]: leave("2026-07-01", "2026-07-09", null) } })],
    `people.members["${ANNA}"].backup`,
    [people({ ...HEARD, members: { [ANNA]: leave("2026-07-01", "2026-07-09", BEN) } })],
  ],
  [
    "tier_without_lead",
    [people({ ...HEARD, lead: [], leads: { enterprise: ANNA } })],
    "people.leads",
    [people({ ...HEARD, lead: [], leads: { pro: ANNA, enterprise: ANNA, enterprise_support: [ANNA, BEN] } })],
  ],
  [
    "escalation_unmapped",
    [people({ ...HEARD, roles: {} })],
    "terms.escalation[1].to",
    [people({ ...HEARD, roles: { "the Support  lead": ANNA, "The support manager": BEN } })],
  ],
];

const WARNINGS = [
  "sla_priorities_inverted",
  "capacity_exceeded",
  "routine_pages_on_call",
  "overflow_uphill",
  "away_without_backup",
  "tier_without_lead",
  "escalation_unmapped",
];

describe("each rule of the policy", () => {
  test.each(RULES)(
    "%s is found where it is broken, and not where it just holds (%#)",
    (code, broken, path, fine) => {
      const found = lintOf(...broken).filter((one) => one.code === code);
      expect(found.map((one) => one.path)).toContain(path);
      for (const one of found) {
        expect(one.severity).toBe(WARNINGS.includes(code) ? "warning" : "error");
        expect(one.fix).toMatch(/^[A-Z].*\.$/);
        expect(one.message.length).toBeGreaterThan(15);
      }
      expect(
        lintOf(...fine).filter((one) => one.code === code && !KNOWN.includes(`${one.code} ${one.path}`)),
      ).toEqual([]);
    },
  );

  test("has a case in this table", () => {
    expect([...new Set(RULES.map(([code]) => code))].sort()).toEqual(Object.keys(LINT_RULES).sort());
  });
});

const KNOWN: readonly string[] = [
  "routine_pages_on_call tiers[3].routing.after_hours.priorities",
  "overflow_uphill tiers[2].routing.fallback[0]",
];

describe("the example policy", () => {
  test("has no error and exactly its two known warnings", () => {
    const { policy, findings } = lintPolicy(exampleData());
    expect(findings.map((one) => `${one.code} ${one.path}`)).toEqual(KNOWN);
    expect(policy?.tiers.map((tier) => tier.id)).toEqual([
      "standard",
      "pro",
      "enterprise",
      "enterprise_support",
    ]);
  });

  test("is judged by due dates, not by raw minutes: 4320 minutes round the clock on weekdays are sooner than 3840 in office hours", () => {
    expect(lintOf().filter((one) => one.code === "sla_not_monotonic")).toEqual([]);
    const slower = set(sla("PS Enterprise", "resolution", "normal"), { m: 4320, h: "business" });
    expect(lintOf(slower).map((one) => one.code)).toContain("sla_not_monotonic");
  });

  test("may not drop a promise that the tier below makes", () => {
    const found = lintOf(drop(sla("PS Enterprise", "resolution", "high")));
    expect(found.filter((one) => one.severity === "error").map((one) => `${one.code} ${one.path}`)).toEqual([
      'sla_not_monotonic sla_policies["PS Enterprise"].resolution.high',
    ]);
  });
});

describe("several mistakes", () => {
  test("are all told at once, whatever kind they are", () => {
    const found = lintOf(
      set("/tiers/1/routing/gruop", "Support"),
      set("/tiers/2/priority/floor", "medium"),
      set("/plan_map/gold", "gold"),
      set("/groups/Support/schedule", "bussiness"),
      items(override(null)),
    ).filter((one) => one.severity === "error");
    expect(found.map((one) => `${one.code} ${one.path}`).sort()).toEqual([
      "override_without_expiry overrides.items[0].expires_at",
      "schema tiers[2].priority.floor",
      "unknown_key tiers[1].routing.gruop",
      "unknown_schedule groups.Support.schedule",
      "unknown_tier plan_map.gold",
    ]);
  });

  test("give no policy, and a policy with warnings only is given", () => {
    expect(
      lintPolicy({
        tiers: [
          { id: "a", rank: 1 },
          { id: "b", rank: 1 },
        ],
      }).policy,
    ).toBeNull();
    expect(lintPolicy(exampleData()).policy?.version).toBe("2026-06.1");
  });

  test("in a value that was refused do not cause second findings about the same place", () => {
    const found = lintOf(set("/tiers/1/routing/fallback", [7]));
    expect(found.filter((one) => one.severity === "error").map((one) => one.path)).toEqual([
      "tiers[1].routing.fallback[0]",
    ]);
  });
});

test("a policy that states no times is not asked for times", () => {
  const { findings } = lintPolicy({
    tiers: [
      { id: "standard", sla_policy: "Basic" },
      { id: "gold", sla_policy: "Gold" },
    ],
  });
  expect(findings).toEqual([]);
});

test("a tier without promises is an error once other tiers have them", () => {
  expect(lintOf(drop("/tiers/1/sla_policy")).map((one) => `${one.code} ${one.path}`)).toContain(
    "sla_missing_target tiers[1].sla_policy",
  );
});

test("checking the example takes well under a second", () => {
  const data = exampleData();
  const times = [1, 2, 3].map(() => {
    const before = performance.now();
    lintPolicy(data);
    return performance.now() - before;
  });
  expect(Math.min(...times)).toBeLessThan(1000);
});
