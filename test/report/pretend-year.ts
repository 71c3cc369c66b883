/** A year of a fictional vendor in three versions: the same tickets, served differently. Seeded: always the same. */
import type { Policy, Priority, SlaMetric } from "../../src/policy/model.ts";
import { compileSchedule, dueAt, openMinutes } from "../../src/policy/schedule.ts";
import type { AccountMoment, TargetFact, TicketFact } from "../../src/ports.ts";
import { moment } from "../builders.ts";

export type Version = "faster" | "label-only" | "at-standards-cost";

export interface Year {
  readonly tickets: readonly TicketFact[];
  readonly targets: readonly TargetFact[];
  readonly moments: readonly AccountMoment[];
}

/** The second half of the year is reported, the first is what came before. */
export const YEAR = {
  begin: moment("2025-07-01T04:00:00Z"),
  middle: moment("2026-01-01T05:00:00Z"),
  end: moment("2026-07-01T04:00:00Z"),
  at: moment("2026-07-14T13:00:00Z"),
} as const;

const TIERS = [
  { id: "standard", accounts: 40, tickets: 1_100 },
  { id: "pro", accounts: 30, tickets: 1_000 },
  { id: "enterprise", accounts: 26, tickets: 900 },
  { id: "enterprise_support", accounts: 14, tickets: 800 },
] as const;
const PRIORITIES: readonly Priority[] = [
  "high",
  "normal",
  "high",
  "normal",
  "normal",
  "urgent",
  "high",
  "low",
];
const TOPICS = ["exports", "sign-in", "dashboards", "billing", "api", "permissions", "imports"] as const;
const MINUTE = 60_000;
/** One verdict in forty is wrong by chance at 95 %; this seed shows none of them. */
const SEED = 1;

/** Every ticket, target and customer of one version. */
export function pretendYear(version: Version, policy: Policy, seed = SEED): Year {
  const dice = diceOf(seed);
  const clocks = new Map(Object.entries(policy.schedules).map(([name, one]) => [name, compileSchedule(one)]));
  const tickets: TicketFact[] = [];
  const targets: TargetFact[] = [];
  for (const tier of TIERS)
    for (let i = 0; i < tier.tickets; i++) {
      const createdAt = Math.round(YEAR.begin + ((i + dice()) / tier.tickets) * (YEAR.end - YEAR.begin));
      const priority = PRIORITIES[Math.floor(dice() * PRIORITIES.length)] ?? "normal";
      const ticketId = `${tier.id}-${i}`;
      const accountId = `hubspot:${tier.id}-${i % tier.accounts}`;
      const basics = { tier: tier.id, priority, createdAt, accountId };
      // The last one of each tier was never answered.
      const open = i === tier.tickets - 1;
      const odd = i % 97 === 0 ? "merged" : i % 113 === 0 ? "spam" : null;
      tickets.push({
        ticketId,
        ...basics,
        basis: tier.id === "enterprise_support" ? "addon" : "plan",
        policyVersion: policy.version,
        slaPolicy: tier.id,
        beforeInstallation: false,
        organizationId: null,
        status: open ? "open" : "solved",
        solvedAt: open ? null : createdAt + 2 * 86_400_000,
        replies: 2,
        satisfactionComment: false,
        channel: "email",
        group: null,
        assigneeId: null,
        requesterId: `${accountId}-${i % 5}`,
        writtenAfterMs: 900,
        slaVerified: true,
        excluded: odd,
        reopens: dice() < 0.06 ? 1 : 0,
        satisfaction: dice() < 0.25 ? (dice() < 0.88 ? "good" : "bad") : null,
        topics: [TOPICS[Math.floor(dice() ** 2 * TOPICS.length)] ?? "api"],
      });
      if (odd !== null) continue;
      for (const metric of ["first_reply", "next_reply", "resolution"] as const) {
        const sla = policy.slaPolicies[policy.tiers.find((one) => one.id === tier.id)?.slaPolicy ?? ""];
        const target = sla?.[metric][priority] ?? null;
        const clock = clocks.get(target?.schedule ?? "always");
        if (clock === undefined) throw new Error(`no schedule ${target?.schedule}`);
        const minutes = waited({ version, tier: tier.id, metric, late: createdAt >= YEAR.middle, dice });
        const endedAt = open ? null : createdAt + minutes * MINUTE;
        const due = target === null ? null : dueAt(clock, createdAt, target.minutes);
        const late = due !== null && (endedAt ?? YEAR.at) > due;
        targets.push({
          ticketId,
          ...basics,
          metric,
          instance: 1,
          policy: sla === undefined ? null : tier.id,
          targetMinutes: target?.minutes ?? null,
          businessHours: target === null ? null : !clock.alwaysOpen,
          startedAt: createdAt,
          endedAt,
          dueAt: due,
          state: late ? "breached" : endedAt === null ? "running" : "met",
          calendarMinutes: ((endedAt ?? YEAR.at) - createdAt) / MINUTE,
          businessMinutes: openMinutes(clock, createdAt, endedAt ?? YEAR.at),
        });
      }
    }
  return { tickets, targets, moments: TIERS.flatMap(customersOf) };
}

const MEDIANS: Readonly<Record<string, number>> = {
  standard: 300,
  pro: 110,
  enterprise: 48,
  enterprise_support: 9,
};
const SLOWER: Readonly<Record<SlaMetric, number>> = { first_reply: 1, next_reply: 1.6, resolution: 9 };

/** Minutes, skewed as waiting times are. */
function waited(of: {
  readonly version: Version;
  readonly tier: string;
  readonly metric: SlaMetric;
  readonly late: boolean;
  readonly dice: () => number;
}): number {
  const base = of.version === "label-only" ? 95 : (MEDIANS[of.tier] ?? 100);
  const paying = of.version === "at-standards-cost" && of.tier === "standard" && of.late ? 3.2 : 1;
  const normal = Math.sqrt(-2 * Math.log(1 - of.dice())) * Math.cos(2 * Math.PI * of.dice());
  return base * SLOWER[of.metric] * paying * Math.exp(0.6 * normal);
}

function customersOf(tier: (typeof TIERS)[number]): readonly AccountMoment[] {
  return Array.from({ length: tier.accounts }, (_, i) => ({
    accountId: `hubspot:${tier.id}-${i}`,
    name: `${NAMES[i % NAMES.length]} ${SUFFIXES[Math.floor(i / NAMES.length) + (tier.id.length % 3)]}`,
    at: YEAR.begin,
    tier: tier.id,
    basis: tier.id === "enterprise_support" ? ("addon" as const) : ("plan" as const),
    plan: tier.id === "enterprise_support" ? "enterprise" : tier.id,
    arr: { amount: String(arrOf(tier.id, i)), currency: "USD" },
    status: "active" as const,
    contractStart: "2025-07-01",
    contractEnd: "2026-12-31",
    addons: tier.id === "enterprise_support" ? [{ sku: "ENT-SUPPORT", start: "2025-07-01", end: null }] : [],
    tam: tier.id === "enterprise_support" ? "kim@northwind.example" : null,
    goneOn: null,
  }));
}

/** From the smallest to the biggest customer of a tier, evenly. */
const ARR: Readonly<Record<string, readonly [number, number]>> = {
  standard: [2_000, 11_000],
  pro: [12_000, 96_000],
  enterprise: [62_000, 410_000],
  enterprise_support: [104_000, 520_000],
};

function arrOf(tier: string, i: number): number {
  const [from, to] = ARR[tier] ?? [0, 0];
  const accounts = TIERS.find((one) => one.id === tier)?.accounts ?? 1;
  return Math.round((from + ((i * 7) % accounts) * ((to - from) / accounts)) / 100) * 100;
}

const NAMES = [
  "Aldgate",
  "Birchwood",
  "Cobalt",
  "Dunmore",
  "Everline",
  "Fairhaven",
  "Glenrock",
  "Hartwell",
] as const;
const SUFFIXES = [
  "Logistics",
  "Foods",
  "Insurance",
  "Robotics",
  "Energy",
  "Media",
  "Textiles",
  "Marine",
] as const;

/** Mulberry32, public domain by its author: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c, remembered, not verified. */
function diceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
