/** Was the promise kept: targets met of targets due, by tier, metric and priority, with how sure that is. */
import type { Instant, Policy, Priority, SlaMetric } from "../policy/model.ts";
import type { Facts, TargetFact, Window } from "../ports.ts";
import { type Credit, creditsOf } from "./credits.ts";
import { counts, type ReportFrame, ticketCount } from "./frame.ts";
import { ascending, percentile } from "./times.ts";
import { type Attainment, attainmentOf } from "./verdicts.ts";

/** One tier × metric × priority; priority null = all together. Targets, not tickets: a ticket has several next replies. */
export interface AttainmentRow {
  readonly tier: string;
  readonly tierName: string;
  readonly metric: SlaMetric;
  readonly priority: Priority | null;
  readonly met: number;
  /** Fulfilled too late. */
  readonly late: number;
  /** Still open past the target: breached now. */
  readonly openLate: number;
  /** Still inside the target: not counted. */
  readonly running: number;
  readonly attainment: Attainment;
  /** Minutes on the target's own clock of those that ended; nearest rank, null = none. */
  readonly p50: number | null;
  readonly p90: number | null;
}

export interface AttainmentReport {
  readonly frame: ReportFrame;
  readonly objective: number;
  readonly minTargets: number;
  readonly rows: readonly AttainmentRow[];
  /** Owed by the policy's rule, an account and quarter each; null = the policy has no such rule. */
  readonly credits: readonly Credit[] | null;
}

export interface ReportInput {
  readonly facts: Facts;
  readonly policy: Policy;
  readonly window: Window;
  readonly at: Instant;
}

const METRICS: readonly SlaMetric[] = ["first_reply", "next_reply", "resolution"];
const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

/** Reads a window once and reckons every row of it. */
export async function attainmentReport(input: ReportInput): Promise<AttainmentReport> {
  const { facts, policy, window, at } = input;
  const { attainment: objective, minTargets } = policy.slaObjective;
  const tally = ticketCount();
  const own = new Set<string>();
  for await (const page of facts.tickets(window))
    for (const ticket of page) {
      tally.add(ticket);
      if (counts(ticket)) own.add(ticket.ticketId);
    }
  const groups = new Map<string, Group>();
  for await (const page of facts.targets(window))
    for (const target of page) if (own.has(target.ticketId)) addTo(groups, target, at);
  const rows = policy.tiers.toReversed().flatMap(({ id, name }) =>
    METRICS.flatMap((metric) =>
      [null, ...PRIORITIES].flatMap((priority): readonly AttainmentRow[] => {
        const group = groups.get(keyOf(id, metric, priority));
        return group === undefined
          ? []
          : [rowOf({ tier: id, tierName: name, metric, priority }, group, objective, minTargets)];
      }),
    ),
  );
  return {
    frame: tally.frame({
      name: "attainment",
      title: "Is the promise kept?",
      ...input,
      state: await facts.state(),
      notes: NOTES,
    }),
    objective,
    minTargets,
    rows,
    credits: await creditsOf(input),
  };
}

const NOTES = [
  "Tier, priority and policy are those of the ticket's creation.",
  "An open ticket past its target counts as breached; one inside its target is not counted yet.",
  "Times run on each target's own clock. Intervals are 95 % (Wilson).",
] as const;

interface Group {
  met: number;
  late: number;
  openLate: number;
  running: number;
  readonly minutes: number[];
}

function keyOf(tier: string, metric: SlaMetric, priority: Priority | null): string {
  return JSON.stringify([tier, metric, priority]);
}

function addTo(groups: Map<string, Group>, target: TargetFact, at: Instant): void {
  if (target.tier === null || target.targetMinutes === null || target.state === "void") return;
  for (const priority of new Set([null, target.priority])) {
    const key = keyOf(target.tier, target.metric, priority);
    const group = groups.get(key) ?? { met: 0, late: 0, openLate: 0, running: 0, minutes: [] };
    groups.set(key, group);
    count(group, target, at);
  }
}

/** The store may not have heard yet that a running target fell due. */
function count(group: Group, target: TargetFact, at: Instant): void {
  const overdue = target.state === "running" && target.dueAt !== null && target.dueAt < at;
  if (target.state === "met") group.met++;
  else if (target.state === "breached" && target.endedAt !== null) group.late++;
  else if (target.state === "breached" || overdue) group.openLate++;
  else group.running++;
  if (target.endedAt === null) return;
  const minutes = target.businessHours === true ? target.businessMinutes : target.calendarMinutes;
  if (minutes !== null) group.minutes.push(minutes);
}

function rowOf(
  key: Pick<AttainmentRow, "tier" | "tierName" | "metric" | "priority">,
  group: Group,
  objective: number,
  minTargets: number,
): AttainmentRow {
  const { met, late, openLate, running } = group;
  const sorted = ascending(group.minutes);
  return {
    ...key,
    met,
    late,
    openLate,
    running,
    attainment: attainmentOf({ met, breached: late + openLate }, objective, minTargets),
    p50: percentile(sorted, 0.5),
    p90: percentile(sorted, 0.9),
  };
}
