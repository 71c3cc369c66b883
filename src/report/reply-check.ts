/** Can a first reply be in time at every hour of the week, with those who are on shift? Erlang C, hour by hour. */
import type { CapacityAssumptions, Instant, Policy, Priority, Tier } from "../policy/model.ts";
import type { Arrivals } from "./arrivals.ts";
import { coverageOf, type Week } from "./ordinary-week.ts";
import { chanceInTime } from "./staffing.ts";

/** One hour of the week; 0 = Monday 00:00–01:00 in the policy's zone. */
export interface HourCheck {
  readonly hour: number;
  /** Group that answers; null = nobody does. */
  readonly group: string | null;
  /** People at work, fractions as they come; null = the policy states no team for that group. */
  readonly people: number | null;
  readonly arrivalsPerHour: number;
  /**
   * `checked`: the chance is told. `stands`: the promise's clock does not run. `nobody`: it runs, and no group takes the
   * ticket. `unknown`: nobody knows how many are there.
   */
  readonly state: "checked" | "stands" | "nobody" | "unknown";
  /** Chance that the first touch ends within the promised time, 0–1; null unless checked. */
  readonly inTime: number | null;
}

export interface ReplyCheck {
  /** Whose promise it is, and for which priority: the strictest among the team's tiers. */
  readonly tier: string;
  readonly tierName: string;
  readonly priority: Priority;
  readonly withinMinutes: number;
  /** Where arrivals come from; with `measured`, `n` tickets were counted by hour of the week. */
  readonly arrivals: "measured" | "planned";
  readonly n: number;
  readonly hours: readonly HourCheck[];
  /** The checked hour with the smallest chance; null = none was checked. */
  readonly worst: HourCheck | null;
  /** Mean over all checked hours, weighted by arrivals; null = none. */
  readonly expected: number | null;
  /** The same busiest hour with other numbers of people, from one up to the first that is enough and one more. */
  readonly byPeople: readonly { readonly people: number; readonly inTime: number }[];
  /** People that are enough in the busiest hour. */
  readonly needed: number;
  readonly hoursWithNobody: number;
  readonly hoursUnknown: number;
  /** `in_time`: every checked hour reaches the objective. `short`: one does not, or nobody is there. */
  readonly verdict: "in_time" | "short" | "unknown";
}

/** A team that would need more people than this has another problem. */
const MOST_PEOPLE = 60;

/** The promise that a team is checked against; null = its tiers promise no first reply at their usual priority. */
export function strictest(policy: Policy, tiers: readonly Tier[]) {
  const promises = tiers.flatMap((tier) => {
    const priority = tier.priority.default;
    const target = policy.slaPolicies[tier.slaPolicy ?? ""]?.first_reply[priority] ?? null;
    return target === null ? [] : [{ tier, priority, target }];
  });
  return promises.toSorted((a, b) => a.target.minutes - b.target.minutes)[0] ?? null;
}

/** Checks every hour of an ordinary week, one without holidays. null = nothing is promised, or nothing is planned. */
export function replyCheck(
  policy: Policy,
  tiers: readonly Tier[],
  arrivals: Arrivals,
  week: Week,
): ReplyCheck | null {
  const promise = strictest(policy, tiers);
  const planning = policy.capacityAssumptions;
  if (promise === null || planning === null) return null;
  const { tier, priority, target } = promise;
  const teams = new Map<string, Team | null>();
  const teamOf = (group: string): Team | null => {
    const known = teams.get(group);
    if (known !== undefined) return known;
    const found = teamIn(policy, planning, group, week);
    teams.set(group, found);
    return found;
  };
  const hours = week.moments.map((moment, hour): HourCheck => {
    const arrivalsPerHour = arrivals.perHour[hour] ?? 0;
    const group = groupAt(policy, tier, priority, week, moment);
    const people = group === null ? null : (teamOf(group)?.at(moment) ?? null);
    const seen = { hour, group, people, arrivalsPerHour };
    if (!week.isOpen(target.schedule, moment)) return { ...seen, state: "stands", inTime: null };
    if (group === null) return { ...seen, state: "nobody", inTime: null };
    if (people === null) return { ...seen, state: "unknown", inTime: null };
    return { ...seen, state: "checked", inTime: chance(planning, arrivalsPerHour, people, target.minutes) };
  });
  return { ...summary(hours, policy, target.minutes), ...named(tier, priority, target.minutes, arrivals) };
}

function named(tier: Tier, priority: Priority, withinMinutes: number, { from, n }: Arrivals) {
  return { tier: tier.id, tierName: tier.name, priority, withinMinutes, arrivals: from, n };
}

/** Part of a person does not answer a ticket: 1.4 people count as one. Nobody at work is in time for nobody. */
function chance(planning: CapacityAssumptions, perHour: number, people: number, within: number): number {
  const counted = Math.floor(people + 1e-9);
  if (counted === 0) return 0;
  const touchMinutes = planning.firstTouchMinutes;
  return chanceInTime({ arrivalsPerHour: perHour, touchMinutes, people: counted, withinMinutes: within });
}

function summary(hours: readonly HourCheck[], policy: Policy, within: number) {
  const planning = policy.capacityAssumptions;
  const checked = hours.filter((one) => one.state === "checked");
  const worst =
    checked.toSorted(
      (a, b) => (a.inTime ?? 0) - (b.inTime ?? 0) || b.arrivalsPerHour - a.arrivalsPerHour,
    )[0] ?? null;
  const busiest = Math.max(0, ...checked.map((one) => one.arrivalsPerHour));
  const total = checked.reduce((sum, one) => sum + one.arrivalsPerHour, 0);
  const weighed = checked.reduce((sum, one) => sum + one.arrivalsPerHour * (one.inTime ?? 0), 0);
  const objective = policy.slaObjective.attainment;
  const byPeople: { readonly people: number; readonly inTime: number }[] = [];
  let needed = 1;
  for (let people = 1; people <= MOST_PEOPLE && planning !== null; people++) {
    byPeople.push({ people, inTime: chance(planning, busiest, people, within) });
    const before = byPeople.at(-2);
    if (before !== undefined && before.inTime >= objective) break;
    if ((byPeople.at(-1)?.inTime ?? 0) < objective) needed = people + 1;
  }
  const hoursWithNobody = hours.filter((one) => one.state === "nobody").length;
  return {
    hours,
    worst,
    expected: total > 0 ? weighed / total : null,
    byPeople,
    needed,
    hoursWithNobody,
    hoursUnknown: hours.filter((one) => one.state === "unknown").length,
    verdict: verdictOf(worst, hoursWithNobody, objective),
  };
}

function verdictOf(worst: HourCheck | null, nobody: number, objective: number): ReplyCheck["verdict"] {
  if (nobody > 0 || (worst !== null && (worst.inTime ?? 0) < objective)) return "short";
  return worst === null ? "unknown" : "in_time";
}

/** Who takes a ticket at that moment: the primary group while it is open, then the after-hours group for its priorities. */
function groupAt(policy: Policy, tier: Tier, priority: Priority, week: Week, moment: Instant): string | null {
  const { group, afterHours } = tier.routing;
  if (group !== null && week.isOpen(policy.groups[group]?.schedule ?? "", moment)) return group;
  return afterHours.priorities.includes(priority) ? afterHours.group : null;
}

/** How many people of a team are at work at a moment. */
interface Team {
  readonly at: (moment: Instant) => number | null;
}

function teamIn(policy: Policy, planning: CapacityAssumptions, group: string, week: Week): Team | null {
  const team = planning.teams[group];
  if (team === undefined) return null;
  const { onShift } = team;
  if (onShift === null) {
    const { seats } = coverageOf(policy, group, week);
    return { at: () => seats };
  }
  return {
    at: (moment) =>
      Object.entries(onShift)
        .filter(([schedule]) => week.isOpen(schedule, moment))
        .reduce((sum, [, people]) => sum + people, 0),
  };
}
