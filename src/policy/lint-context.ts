/** What the lint rules look at, and how they say where. */
import type { Finding, Policy, Schedule, SlaPolicy, Tier } from "./model.ts";
import { type Path, problem } from "./policy-findings.ts";
import type { PolicyFile } from "./policy-schema.ts";

/** A policy together with the file it came from: rules judge the one and point into the other. */
export interface LintContext {
  readonly policy: Policy;
  readonly file: PolicyFile;
}

/** One named rule: every place where a policy breaks it. */
export type LintRule = (context: LintContext) => readonly Finding[];

/** Two tiers that follow each other by rank. */
export interface TierStep {
  readonly lower: Tier;
  readonly higher: Tier;
}

/** A warning of a named rule. */
export function doubtful(code: string, path: Path, message: string, fix: string): Finding {
  return { ...problem(code, path, message, fix), severity: "warning" };
}

/** Path of a tier, or of something in it, in the order the author wrote. */
export function tierPath({ file }: LintContext, tier: Tier, ...below: Path): Path {
  return ["tiers", file.tiers.findIndex((written) => written.id === tier.id), ...below];
}

/** The steps from each tier to the next higher one. */
export function tierSteps({ policy }: LintContext): readonly TierStep[] {
  return policy.tiers.flatMap((higher, index) => {
    const lower = policy.tiers[index - 1];
    return lower === undefined ? [] : [{ lower, higher }];
  });
}

/** The promises of a tier as far as this file states them; null = it has none, or they are not stated here. */
export function promisesOf({ policy, file }: LintContext, tier: Tier): SlaPolicy | null {
  if (file.sla_policies === undefined || tier.slaPolicy === null) return null;
  return Object.hasOwn(policy.slaPolicies, tier.slaPolicy)
    ? (policy.slaPolicies[tier.slaPolicy] ?? null)
    : null;
}

/** The schedule of that name; null = there is none. */
export function scheduleNamed({ policy }: LintContext, name: string): Schedule | null {
  return Object.hasOwn(policy.schedules, name) ? (policy.schedules[name] ?? null) : null;
}

/** The schedule of that group; null = the group or its schedule is not known. */
export function scheduleOfGroup(context: LintContext, group: string | null): Schedule | null {
  const { groups } = context.policy;
  if (group === null || !Object.hasOwn(groups, group)) return null;
  return scheduleNamed(context, groups[group]?.schedule ?? "");
}

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Whether a schedule never closes, however it says so. */
export function neverCloses(schedule: Schedule): boolean {
  if (schedule.alwaysOpen) return true;
  const wholeDay = (ranges: readonly string[]) =>
    ranges[0]?.startsWith("00:00") === true &&
    ranges.at(-1)?.endsWith("24:00") === true &&
    ranges.every((range, index) => index === 0 || ranges[index - 1]?.slice(6) === range.slice(0, 5));
  return schedule.holidays.length === 0 && DAYS.every((day) => wholeDay(schedule.weekly[day] ?? []));
}
