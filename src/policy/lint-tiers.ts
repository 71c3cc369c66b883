/** Lint rules about one tier, or the order of the tiers: bounds, ranks, routing, capacity. */
import Big from "big.js";
import {
  doubtful,
  type LintContext,
  type LintRule,
  neverCloses,
  promisesOf,
  scheduleOfGroup,
  tierPath,
} from "./lint-context.ts";
import type { Finding, Policy, Priority, Tier } from "./model.ts";
import { problem } from "./policy-findings.ts";

const ORDER: readonly Priority[] = ["low", "normal", "high", "urgent"];

/** floor ≤ default ≤ ceiling. */
export const priorityBounds: LintRule = (context) =>
  context.policy.tiers.flatMap((tier) => {
    const { floor, ceiling, default: usual } = tier.priority;
    if (ORDER.indexOf(floor) <= ORDER.indexOf(usual) && ORDER.indexOf(usual) <= ORDER.indexOf(ceiling))
      return [];
    const message = `${tier.id}: floor ${floor}, default ${usual} and ceiling ${ceiling} are not in order`;
    const fix = "Choose floor, default and ceiling so that each is at least the one before it.";
    return [problem("priority_bounds", tierPath(context, tier, "priority"), message, fix)];
  });

/** No two tiers share a rank. */
export const duplicateRank: LintRule = (context) =>
  context.policy.tiers.flatMap((tier, index) => {
    const before = context.policy.tiers[index - 1];
    if (before === undefined || before.rank !== tier.rank) return [];
    const message = `${tier.id} and ${before.id} both have the rank ${tier.rank}`;
    return [
      problem(
        "duplicate_rank",
        tierPath(context, tier, "rank"),
        message,
        "Give every tier a rank of its own.",
      ),
    ];
  });

/** The exit of an ARR door is not above its entrance. */
export const hysteresisInverted: LintRule = (context) =>
  context.file.tiers.flatMap((tier, index) =>
    (tier.eligibility?.any ?? []).flatMap(({ arr }, at) => {
      if (arr?.exit === undefined || new Big(arr.exit).lte(arr.enter)) return [];
      const message = `${tier.id} is left at ${arr.exit} but entered at ${arr.enter}`;
      const path = ["tiers", index, "eligibility", "any", at, "arr", "exit"];
      return [problem("hysteresis_inverted", path, message, "Make exit equal to enter, or lower.")];
    }),
  );

/** No tier falls back to its own primary group. */
export const fallbackContainsPrimary: LintRule = (context) =>
  context.policy.tiers.flatMap((tier) =>
    tier.routing.fallback.flatMap((group, place) => {
      if (group !== tier.routing.group) return [];
      const path = tierPath(context, tier, "routing", "fallback", place);
      const message = `${JSON.stringify(group)} is the primary group of ${tier.id} itself`;
      return [
        problem(
          "fallback_contains_primary",
          path,
          message,
          "Remove the primary group from the fallback list.",
        ),
      ];
    }),
  );

function uncovered(context: LintContext, tier: Tier, priority: Priority): boolean {
  const target = promisesOf(context, tier)?.first_reply[priority];
  if (target === null || target === undefined) return false;
  const clock = context.policy.schedules[target.schedule];
  if (clock === undefined || !neverCloses(clock)) return false;
  const { group, afterHours } = tier.routing;
  const open = (name: string | null) => {
    const schedule = scheduleOfGroup(context, name);
    return schedule !== null && neverCloses(schedule);
  };
  return !open(group) && !(afterHours.priorities.includes(priority) && open(afterHours.group));
}

/** A promise that runs around the clock has a group that works around the clock. */
export const afterHoursUncovered: LintRule = (context) =>
  context.policy.tiers.flatMap((tier) =>
    ORDER.filter((priority) => uncovered(context, tier, priority)).map((priority) =>
      problem(
        "after_hours_uncovered",
        tierPath(context, tier, "routing", "after_hours"),
        `${tier.id} promises a first reply to ${priority} tickets around the clock, but nobody is there at night`,
        `Add ${priority} to after_hours.priorities with an after-hours group that is always open, or run this target on working hours.`,
      ),
    ),
  );

/** The everyday priority of a tier does not page the after-hours group. */
export const routinePagesOnCall: LintRule = (context) =>
  context.policy.tiers.flatMap((tier) => {
    const usual = tier.priority.default;
    if (!tier.routing.afterHours.priorities.includes(usual)) return [];
    const message = `${usual} is the default priority of ${tier.id}, so every ordinary ticket at night goes to the after-hours group`;
    const path = tierPath(context, tier, "routing", "after_hours", "priorities");
    return [
      doubtful(
        "routine_pages_on_call",
        path,
        message,
        "Lower the default priority or take it off the after-hours list.",
      ),
    ];
  });

/** Tickets of a lower tier do not spill into the group of a higher one. */
export const overflowUphill: LintRule = (context) =>
  context.policy.tiers.flatMap((tier) =>
    tier.routing.fallback.flatMap((group, place) => {
      const above = context.policy.tiers.find(
        (other) => other.rank > tier.rank && other.routing.group === group,
      );
      if (above === undefined) return [];
      const path = tierPath(context, tier, "routing", "fallback", place);
      const message = `tickets of ${tier.id} overflow into ${JSON.stringify(group)}, the group of the higher tier ${above.id}`;
      return [
        doubtful("overflow_uphill", path, message, "Choose a fallback group that no higher tier depends on."),
      ];
    }),
  );

interface Load {
  readonly tiers: readonly Tier[];
  readonly utilisation: number;
}

function plannedLoad(policy: Policy, group: string): Load | null {
  const assumed = policy.capacityAssumptions;
  const team = assumed?.teams[group];
  if (assumed === null || team === undefined) return null;
  const tiers = policy.tiers.filter(
    (tier) => tier.routing.group === group && tier.capacity.maxAccounts !== null,
  );
  const accounts = tiers.reduce((sum, tier) => sum + (tier.capacity.maxAccounts ?? 0), 0);
  const work = (accounts * team.ticketsPerAccountMonth * team.ahtMinutes) / 60;
  const hours =
    team.fte * team.hoursPerWeek * assumed.weeksPerMonth * (1 - assumed.shrinkage) * assumed.occupancyMax;
  return { tiers, utilisation: hours > 0 ? work / hours : work > 0 ? Number.POSITIVE_INFINITY : 0 };
}

/** A tier filled to its cap does not ask more of its team than the team has. */
export const capacityExceeded: LintRule = (context) => {
  const { policy } = context;
  const stop = policy.capacityAssumptions?.programmeLimits.utilisationStop ?? 1;
  return Object.keys(policy.capacityAssumptions?.teams ?? {}).flatMap((group): Finding[] => {
    const load = plannedLoad(policy, group);
    const tier = load?.tiers.at(-1);
    if (load === null || tier === undefined || load.utilisation <= stop) return [];
    const share = `${(load.utilisation * 100).toFixed(1)} %`;
    const message = `${JSON.stringify(group)} would be busy ${share} of its capacity with ${load.tiers.map((one) => one.id).join(" and ")} at max_accounts`;
    const path = tierPath(context, tier, "capacity", "max_accounts");
    return [
      doubtful("capacity_exceeded", path, message, "Lower max_accounts or plan more people for this group."),
    ];
  });
};
