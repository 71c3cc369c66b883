/** The seeded year fed straight into facts, without a help desk and without a service: for tests of what reports make of facts. */
import type { Policy, Priority } from "../../src/policy/model.ts";
import { type CompiledSchedule, compileSchedule, dueAt, openMinutes } from "../../src/policy/schedule.ts";
import type { AccountMoment, TargetFact, TicketFact } from "../../src/ports.ts";
import {
  customerName,
  type PlannedTicket,
  plannedTickets,
  type YearVersion,
} from "../../src/sandbox/year.ts";
import { moment } from "../builders.ts";

export type Version = YearVersion;

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
const TIERS = [
  { id: "standard", accounts: 40, tickets: 1_100, priorities: PRIORITIES },
  { id: "pro", accounts: 30, tickets: 1_000, priorities: PRIORITIES },
  { id: "enterprise", accounts: 26, tickets: 900, priorities: PRIORITIES },
  { id: "enterprise_support", accounts: 14, tickets: 800, priorities: PRIORITIES },
] as const;
const MEDIANS = { standard: 300, pro: 110, enterprise: 48, enterprise_support: 9 };
const MINUTE = 60_000;
/** One verdict in forty is wrong by chance at 95 %; this seed shows none of them. */
const SEED = 1;

/** Every ticket, target and customer of one version. */
export function pretendYear(version: Version, policy: Policy, seed = SEED): Year {
  const clocks = new Map(Object.entries(policy.schedules).map(([name, one]) => [name, compileSchedule(one)]));
  const { begin, middle, end } = YEAR;
  const plan = { version, seed, begin, middle, end, tiers: TIERS, medians: MEDIANS };
  const planned = [...plannedTickets(plan)];
  return {
    tickets: planned.map((one) => ticketOf(one, policy)),
    targets: planned.flatMap((one) => targetsOf(one, policy, clocks)),
    moments: TIERS.flatMap(customersOf),
  };
}

const basicsOf = ({ tier, number, priority, createdAt, account }: PlannedTicket) => ({
  ticketId: `${tier}-${number}`,
  ...{ tier, priority, createdAt },
  accountId: `hubspot:${tier}-${account}`,
});

function ticketOf(one: PlannedTicket, policy: Policy): TicketFact {
  const basics = basicsOf(one);
  return {
    ...basics,
    basis: one.tier === "enterprise_support" ? "addon" : "plan",
    policyVersion: policy.version,
    slaPolicy: one.tier,
    beforeInstallation: false,
    organizationId: null,
    status: one.unanswered ? "open" : "solved",
    solvedAt: one.unanswered ? null : one.createdAt + 2 * 86_400_000,
    replies: 2,
    satisfactionComment: false,
    channel: "email",
    group: null,
    assigneeId: null,
    requesterId: `${basics.accountId}-${one.number % 5}`,
    writtenAfterMs: 900,
    slaVerified: true,
    excluded: one.odd,
    reopens: one.reopened ? 1 : 0,
    satisfaction: one.rating,
    topics: [one.topic],
  };
}

function targetsOf(
  one: PlannedTicket,
  policy: Policy,
  clocks: ReadonlyMap<string, CompiledSchedule>,
): readonly TargetFact[] {
  const { tier, priority, createdAt, minutes } = one;
  if (minutes === null) return [];
  const sla = policy.slaPolicies[policy.tiers.find(({ id }) => id === tier)?.slaPolicy ?? ""];
  return (["first_reply", "next_reply", "resolution"] as const).map((metric) => {
    const target = sla?.[metric][priority] ?? null;
    const clock = clocks.get(target?.schedule ?? "always");
    if (clock === undefined) throw new Error(`no schedule ${target?.schedule}`);
    const endedAt = one.unanswered ? null : createdAt + minutes[metric] * MINUTE;
    const due = target === null ? null : dueAt(clock, createdAt, target.minutes);
    const late = due !== null && (endedAt ?? YEAR.at) > due;
    return {
      ...basicsOf(one),
      metric,
      instance: 1,
      policy: sla === undefined ? null : tier,
      targetMinutes: target?.minutes ?? null,
      businessHours: target === null ? null : !clock.alwaysOpen,
      startedAt: createdAt,
      endedAt,
      dueAt: due,
      state: late ? "breached" : endedAt === null ? "running" : "met",
      calendarMinutes: ((endedAt ?? YEAR.at) - createdAt) / MINUTE,
      businessMinutes: openMinutes(clock, createdAt, endedAt ?? YEAR.at),
    };
  });
}

function customersOf(tier: (typeof TIERS)[number]): readonly AccountMoment[] {
  return Array.from({ length: tier.accounts }, (_, i) => ({
    accountId: `hubspot:${tier.id}-${i}`,
    name: customerName(TIERS, tier.id, i),
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
