/** Lint rules about promised times: complete, better at every step up, and in the order of the priorities. */
import { DateTime } from "luxon";
import {
  doubtful,
  type LintContext,
  type LintRule,
  neverCloses,
  promisesOf,
  scheduleNamed,
  tierPath,
  tierSteps,
} from "./lint-context.ts";
import type { Finding, Instant, Priority, SlaMetric, SlaTarget, Tier } from "./model.ts";
import { type Path, problem } from "./policy-findings.ts";
import { type CompiledSchedule, compileSchedule, dueAt } from "./schedule.ts";

const METRICS: readonly SlaMetric[] = ["first_reply", "next_reply", "resolution"];
const PRIORITIES: readonly Priority[] = ["low", "normal", "high", "urgent"];
const HALF_HOUR_MS = 30 * 60_000;

/** Where a policy has no first day, any fortnight will do: this one begins on a Monday. */
const ANY_MONDAY = "2024-01-01";

/** The half-hours of the 14 days from the policy's first day, midnight in its own zone. */
function trialStarts({ policy }: LintContext): readonly Instant[] {
  const first = DateTime.fromISO(policy.effectiveFrom ?? ANY_MONDAY, { zone: policy.timezone });
  const end = first.plus({ days: 14 }).toMillis();
  const starts: Instant[] = [];
  for (let at = first.toMillis(); at < end; at += HALF_HOUR_MS) starts.push(at);
  return starts;
}

type Later = (a: SlaTarget, b: SlaTarget) => Instant | null;

/** Answers the first start for which `a` is due later than `b`; null = never, or a schedule is not known. */
function comparison(context: LintContext): Later {
  const starts = trialStarts(context);
  const compiled = new Map<string, CompiledSchedule>();
  const dues = new Map<string, readonly Instant[]>();
  const duesOf = (target: SlaTarget): readonly Instant[] | null => {
    const key = `${target.minutes} ${target.schedule}`;
    const known = dues.get(key);
    if (known !== undefined) return known;
    const schedule = scheduleNamed(context, target.schedule);
    if (schedule === null) return null;
    const clock = compiled.get(target.schedule) ?? compileSchedule(schedule);
    compiled.set(target.schedule, clock);
    const made = starts.map((start) => dueAt(clock, start, target.minutes));
    dues.set(key, made);
    return made;
  };
  return (a, b) => {
    const [ofA, ofB] = [duesOf(a), duesOf(b)];
    if (ofA === null || ofB === null) return null;
    const at = ofA.findIndex((due, index) => due > (ofB[index] ?? Number.POSITIVE_INFINITY));
    return at === -1 ? null : (starts[at] ?? null);
  };
}

function targetPath(tier: Tier, metric: SlaMetric, priority: Priority): Path {
  return ["sla_policies", tier.slaPolicy ?? "", metric, priority];
}

function startText({ policy }: LintContext, at: Instant): string {
  return DateTime.fromMillis(at, { zone: policy.timezone, locale: "en" }).toFormat("cccc yyyy-MM-dd HH:mm");
}

/** Findings that several tiers share are named once. */
function once(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(
    (one, at) => at === findings.findIndex((other) => other.code === one.code && other.path === one.path),
  );
}

/** Every tier promises a first reply for every priority, once the file states promises at all. */
export const slaMissingTarget: LintRule = (context) => {
  if (context.file.sla_policies === undefined) return [];
  const findings = context.policy.tiers.flatMap((tier): readonly Finding[] => {
    if (tier.slaPolicy === null) {
      const message = `${tier.id} has no SLA policy, so it promises no first reply`;
      return [
        problem(
          "sla_missing_target",
          tierPath(context, tier, "sla_policy"),
          message,
          "Name an SLA policy here.",
        ),
      ];
    }
    const promises = promisesOf(context, tier);
    if (promises === null) return [];
    return PRIORITIES.filter((priority) => promises.first_reply[priority] === null).map((priority) =>
      problem(
        "sla_missing_target",
        targetPath(tier, "first_reply", priority),
        `${tier.id} promises no first reply to ${priority} tickets`,
        "Add a target such as `{m: 480, h: business}`.",
      ),
    );
  });
  return once(findings);
};

function stepFinding(
  context: LintContext,
  later: Later,
  step: { lower: Tier; higher: Tier },
  metric: SlaMetric,
  priority: Priority,
): Finding | null {
  const { lower, higher } = step;
  const below = promisesOf(context, lower)?.[metric][priority] ?? null;
  const promises = promisesOf(context, higher);
  if (below === null || promises === null) return null;
  const above = promises[metric][priority];
  const path = targetPath(higher, metric, priority);
  const code = "sla_not_monotonic";
  if (above === null) {
    if (metric === "first_reply") return null;
    const message = `${lower.id} promises ${metric} for ${priority} tickets and the higher tier ${higher.id} does not`;
    return problem(code, path, message, "Add a target at least as good as the lower tier's.");
  }
  const start = later(above, below);
  if (start === null) return null;
  const message = `a ${priority} ticket of ${startText(context, start)} has its ${metric} due later in ${higher.id} than in the lower tier ${lower.id}`;
  return problem(code, path, message, "Give the higher tier fewer minutes or a schedule with longer hours.");
}

/** No promise gets worse on the way up. */
export const slaNotMonotonic: LintRule = (context) => {
  const later = comparison(context);
  return once(
    tierSteps(context).flatMap((step) =>
      METRICS.flatMap((metric) =>
        PRIORITIES.flatMap((priority) => stepFinding(context, later, step, metric, priority) ?? []),
      ),
    ),
  );
};

/** Within a tier, a higher priority is never due later than a lower one. */
export const slaPrioritiesInverted: LintRule = (context) => {
  const later = comparison(context);
  const rows = context.policy.tiers.flatMap((tier) => METRICS.map((metric) => ({ tier, metric })));
  const findings = rows.flatMap(({ tier, metric }) => {
    const row = promisesOf(context, tier)?.[metric];
    if (row === undefined) return [];
    const stated = PRIORITIES.filter((priority) => row[priority] !== null);
    return stated.flatMap((priority, index): readonly Finding[] => {
      const under = stated[index - 1];
      const [above, below] = [row[priority], under === undefined ? null : row[under]];
      const start = above === null || below === null ? null : later(above, below);
      if (start === null) return [];
      const message = `${tier.id}: a ${priority} ticket of ${startText(context, start)} has its ${metric} due later than a ${under} one`;
      const fix = `Give ${priority} at most the time of ${under}, or the same schedule.`;
      return [doubtful("sla_priorities_inverted", targetPath(tier, metric, priority), message, fix)];
    });
  });
  return once(findings);
};

/** A step up changes at least one first-reply promise. */
export const noDifferentiation: LintRule = (context) =>
  tierSteps(context).flatMap(({ lower, higher }) => {
    const [below, above] = [promisesOf(context, lower), promisesOf(context, higher)];
    if (below === null || above === null) return [];
    const clockOf = (name: string) => {
      const schedule = scheduleNamed(context, name);
      return schedule !== null && neverCloses(schedule) ? "24x7" : name;
    };
    const told = (target: SlaTarget | null) =>
      target === null ? "" : `${target.minutes} ${clockOf(target.schedule)}`;
    if (
      PRIORITIES.some((priority) => told(below.first_reply[priority]) !== told(above.first_reply[priority]))
    )
      return [];
    const message = `${higher.id} promises exactly the same first replies as the lower tier ${lower.id}`;
    const fix = "Give the higher tier a shorter first reply at one priority at least.";
    return [problem("no_differentiation", tierPath(context, higher, "sla_policy"), message, fix)];
  });
