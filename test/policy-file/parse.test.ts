import { describe, expect, test } from "@jest/globals";
import { parsePolicy } from "../../src/policy/policy.ts";
import { exampleData, type Operation, patched, policyOf } from "./example.ts";

const set = (path: string, value: unknown): Operation => ({ op: "add", path, value });

function findingsOf(...operations: readonly Operation[]): readonly string[] {
  return parsePolicy(patched(exampleData(), operations)).findings.map((one) => `${one.code} ${one.path}`);
}

describe("a policy of two tier ids", () => {
  const policy = policyOf({ tiers: [{ id: "standard" }, { id: "gold_plus" }] });

  test("has sensible defaults for everything else", () => {
    expect(policy).toMatchObject({
      version: "unversioned",
      timezone: "UTC",
      prefix: "ps_",
      defaultTier: "standard",
      currency: { base: "USD", rates: { USD: "1" } },
      contract: {
        lapseGraceDays: 14,
        lapseGraceDaysIfRenewalOpen: 30,
        cancelledUntilEnd: true,
        cancelledGrace: false,
      },
      rollup: { maxDepth: 10, arr: "family_sum", plan: "inherit_when_blank" },
      trial: { tier: "standard", pocTier: "standard" },
      stability: { downgradeGraceDays: 7, staleAfterHours: 72, staleHoldMaxDays: 30 },
      statusGates: { on_hold: "standard" },
      statusFlags: ["past_due"],
      matching: { subdomains: true, unmatched: { tier: "standard", tag: "ps_unmatched" } },
      scope: { skipStatuses: ["closed"], skipTagsAny: ["ps_skip"], skipRequesterRoles: ["agent", "admin"] },
      schedules: { always: { alwaysOpen: true } },
      groups: {},
      slaPolicies: {},
      routing: { reroutableGroups: [null], keepWhenAssigned: true },
      overrides: { maxDays: 180, kinds: ["pin", "floor", "cap"], items: [] },
      guard: { demotions: 10, share: 0.05, hard: 500, windowHours: 24 },
      desk: {
        writeArr: false,
        availability: false,
        createOrganizations: "never",
        multipleOrganizations: "ticket",
      },
      retention: { decisionsDays: 400, deliveryBodiesDays: 7 },
      capacityAssumptions: null,
      economics: null,
    });
    expect(policy.matching.publicDomains).toContain("gmail.com");
  });

  test("ranks and names the tiers, and finds them by plan", () => {
    expect(policy.tiers.map(({ name, rank }) => [name, rank])).toEqual([
      ["Standard", 10],
      ["Gold Plus", 20],
    ]);
    expect([...policy.planMap]).toEqual([
      ["standard", "standard"],
      ["gold_plus", "gold_plus"],
      ["gold plus", "gold_plus"],
    ]);
    expect(policy.tiers[1]?.priority).toEqual({
      default: "normal",
      floor: "low",
      ceiling: "urgent",
      vipStep: false,
    });
  });

  test("reads HubSpot under the usual names, ARR in the base currency", () => {
    expect(policy.crm.hubspot?.arr).toEqual({
      property: "arr",
      map: null,
      currency: "USD",
      currencyProperty: null,
    });
    expect(policy.crm.hubspot?.parent?.property).toBe("hs_parent_company_id");
    expect(policy.crm.hubspot?.label).toBe("support_tier");
  });
});

describe("what a policy leaves out", () => {
  test("groups are those the tiers name, always open", () => {
    const { groups, routing } = policyOf({
      tiers: [{ id: "a", routing: { group: "One", fallback: ["Two"], after_hours: { group: "Three" } } }],
    });
    expect(groups).toEqual({
      One: { schedule: "always" },
      Two: { schedule: "always" },
      Three: { schedule: "always" },
    });
    expect(routing.reroutableGroups).toEqual([null, "One"]);
  });

  test("an add-on that only a tier names is sold with the contract's grace", () => {
    const { addons, planMap } = policyOf({
      contract: { lapse_grace_days: 5 },
      tiers: [{ id: "a" }, { id: "b", eligibility: { any: [{ addon: "SKU-1" }] } }],
    });
    expect(addons).toEqual([
      {
        sku: "SKU-1",
        grants: "b",
        requiresTier: null,
        requiresActiveContract: true,
        lapseGraceDays: 5,
        listPrice: null,
      },
    ]);
    expect([...planMap.keys()]).toEqual(["a"]);
  });

  test("a tier that an add-on grants is not opened by a plan", () => {
    const { tiers } = policyOf({ tiers: [{ id: "a" }, { id: "b" }], addons: [{ sku: "S", grants: "b" }] });
    expect(tiers.map((tier) => tier.eligibility)).toEqual([
      { plans: ["a"], arr: null, addons: [] },
      { plans: [], arr: null, addons: ["S"] },
    ]);
  });

  test("the trial of a proof of concept, the unmatched and the gate follow the default tier", () => {
    const policy = policyOf({ default_tier: "b", tiers: [{ id: "a" }, { id: "b" }] });
    expect(policy.trial).toEqual({ tier: "b", pocTier: "b" });
    expect(policy.matching.unmatched.tier).toBe("b");
    expect(policy.statusGates).toEqual({ on_hold: "b" });
  });
});

describe("what people write becomes what the rules use", () => {
  const policy = policyOf(exampleData());

  test("amounts and rates are exact text", () => {
    expect(policy.tiers.map((tier) => tier.eligibility.arr)).toEqual([
      null,
      { enter: "12000", exit: "10000" },
      { enter: "100000", exit: "90000" },
      null,
    ]);
    expect(policy.currency.rates.JPY).toBe("0.0067");
  });

  test("tiers stand in ascending rank, however they were written", () => {
    const { tiers } = policyOf({
      tiers: [
        { id: "top", rank: 9 },
        { id: "low", rank: 1 },
      ],
    });
    expect(tiers.map((tier) => tier.id)).toEqual(["low", "top"]);
  });

  test("targets, keywords and moments", () => {
    expect(policy.slaPolicies["PS Pro"]?.first_reply.urgent).toEqual({ minutes: 120, schedule: "business" });
    expect(policy.slaPolicies["PS Standard"]?.resolution.urgent).toBeNull();
    expect(policy.priority.keywords.negators).toContain("no");
    expect(Object.keys(policy.priority.keywords.phrases)).toEqual(["high", "urgent"]);
    const item = {
      account_id: "hubspot:1",
      kind: "pin",
      tier: "pro",
      reason: "r",
      approved_by: "a",
      starts_at: "2026-06-01T02:00:00+02:00",
      expires_at: "2026-06-02T00:00:00Z",
    };
    expect(policyOf(patched(exampleData(), [set("/overrides/items", [item])])).overrides.items).toEqual([
      {
        id: "file-1",
        accountId: "hubspot:1",
        kind: "pin",
        tier: "pro",
        reason: "r",
        approvedBy: "a",
        createdAt: Date.UTC(2026, 5, 1),
        startsAt: Date.UTC(2026, 5, 1),
        expiresAt: Date.UTC(2026, 5, 2),
      },
    ]);
  });

  test("plans are compared trimmed, without regard to case, with single spaces", () => {
    const { planMap } = policyOf({ tiers: [{ id: "a" }], plan_map: { "  Enterprise   PLUS ": "a" } });
    expect([...planMap]).toEqual([["enterprise plus", "a"]]);
  });

  test("reading does not change what was read", () => {
    const data = exampleData();
    parsePolicy(patched(data, [set("/tires", 1)]));
    expect(data).toEqual(exampleData());
  });
});

describe("a value that does not fit", () => {
  const NEGATIVE = "schema tiers[1].eligibility.any[1].arr.enter";
  test.each<readonly [string, unknown, string]>([
    ["/tiers/1/eligibility/any/1/arr/enter", "12k", NEGATIVE],
    ["/tiers/1/eligibility/any/1/arr/enter", -1, NEGATIVE],
    ["/tiers/1/eligibility/any/0", { plan: "pro", addon: "X" }, "schema tiers[1].eligibility.any[0]"],
    [
      "/tiers/1/eligibility/any/0",
      { plan: "pro", adon: "X" },
      "unknown_key tiers[1].eligibility.any[0].adon",
    ],
    ["/tiers/1/id", "Pro Plan", "schema tiers[1].id"],
    ["/tiers/1/id", "standard", "schema tiers[1].id"],
    ["/tiers/1/routing/overflow_unassigned", 1.5, "schema tiers[1].routing.overflow_unassigned"],
    ["/tiers", [], "schema tiers"],
    ["/timezone", "Mars/Olympus", "schema timezone"],
    ["/effective_from", "2026-02-30", "schema effective_from"],
    ["/effective_from", "June", "schema effective_from"],
    ["/tag_namespace", "PS-", "schema tag_namespace"],
    ["/schedules/business/weekly/mon/0", "9-17", "schema schedules.business.weekly.mon[0]"],
    [
      "/schedules/business/weekly/mon",
      ["09:00-12:00", "11:00-17:00"],
      "schema schedules.business.weekly.mon",
    ],
    ["/schedules/business/weekly/mon", ["17:00-09:00"], "schema schedules.business.weekly.mon"],
    ["/schedules/business/holidays/0", 20260101, "schema schedules.business.holidays[0]"],
    ["/schedules/nothing", {}, "schema schedules.nothing"],
    ["/sla_policies/PS Pro/first_reply/low/m", 0, 'schema sla_policies["PS Pro"].first_reply.low.m'],
    ["/status_gates/on_holiday", "standard", "unknown_key status_gates.on_holiday"],
    ["/priority/automation_set", "keep", "schema priority.automation_set"],
    ["/addons/1", { sku: "ENT-SUPPORT", grants: "pro" }, "schema addons[1].sku"],
    ["/plan_map/ENTERPRISE", "pro", "schema plan_map.ENTERPRISE"],
    ["/overrides/kinds", [], ""],
    ["/people", { "not an address": {} }, 'unknown_key people["not an address"]'],
  ])("at %s (%j) is found there", (path, value, expected) => {
    expect(findingsOf(set(path, value))).toEqual(expected === "" ? [] : [expected]);
  });

  test("says what is written, what belongs there, and what to do", () => {
    const { findings } = parsePolicy({
      tiers: [{ id: "a", priority: { floor: "hihg" }, rank: "first" }],
      timezon: "UTC",
    });
    expect(findings.map(({ path, message, fix }) => ({ path, message, fix }))).toEqual([
      { path: "tiers[0].rank", message: '"first" is text; expected a number', fix: "Write a number here." },
      {
        path: "tiers[0].priority.floor",
        message: '"hihg" is not allowed here; possible: low, normal, high, urgent',
        fix: 'Write "high" instead of "hihg".',
      },
      {
        path: "timezon",
        message: '"timezon" is not a key that is known here',
        fix: 'Write "timezone" instead of "timezon".',
      },
    ]);
  });

  test.each([null, 5, "tiers", [], {}])("is the whole file when that is %j", (raw) => {
    const { policy, findings } = parsePolicy(raw);
    expect(policy).toBeNull();
    expect(findings).toHaveLength(1);
  });
});
