/** An ordinary week, hour by hour: what is open, and how far a team's time goes round it. */
import { DateTime } from "luxon";
import type { Instant, Policy } from "../policy/model.ts";
import { type CompiledSchedule, compileSchedule, isOpen } from "../policy/schedule.ts";
import { peoplePerSeat } from "./staffing.ts";

/** Hours of a week. */
export const HOURS = 168;
const DAY_HOURS = 24;

/** An ordinary week: the hours of one, and which schedules are open in them, holidays left aside. */
export interface Week {
  readonly moments: readonly Instant[];
  readonly isOpen: (schedule: string, moment: Instant) => boolean;
}

/** The hours of the local week that holds a moment. */
export function ordinaryWeek(policy: Policy, moment: Instant): Week {
  const monday = DateTime.fromMillis(moment, { zone: policy.timezone }).startOf("week");
  const moments = Array.from({ length: HOURS }, (_, hour) =>
    monday
      .plus({ days: Math.floor(hour / DAY_HOURS) })
      .set({ hour: hour % DAY_HOURS })
      .toMillis(),
  );
  const compiled = new Map<string, CompiledSchedule>(
    Object.entries(policy.schedules).map(([name, one]) => [name, compileSchedule({ ...one, holidays: [] })]),
  );
  return {
    moments,
    isOpen: (name, one) => {
      const schedule = compiled.get(name);
      return schedule !== undefined && isOpen(schedule, one);
    },
  };
}

/** How far a team's time goes round its opening hours. */
export interface Coverage {
  readonly openHoursPerWeek: number;
  /** People needed for one seat that is filled in all opening hours. */
  readonly peoplePerSeat: number | null;
  /** Seats the team fills then; null = no team, or nobody gives any time. */
  readonly seats: number | null;
}

/** Seats of a group's team in its own opening hours. */
export function coverageOf(policy: Policy, group: string, week: Week): Coverage {
  const planning = policy.capacityAssumptions;
  const team = planning?.teams[group];
  const schedule = policy.groups[group]?.schedule ?? "";
  const openHoursPerWeek = week.moments.filter((one) => week.isOpen(schedule, one)).length;
  if (planning === null || team === undefined) return { openHoursPerWeek, peoplePerSeat: null, seats: null };
  const given = team.hoursPerWeek * (1 - planning.shrinkage);
  if (given <= 0) return { openHoursPerWeek, peoplePerSeat: null, seats: 0 };
  const perSeat = peoplePerSeat(openHoursPerWeek, team.hoursPerWeek, planning.shrinkage);
  return {
    openHoursPerWeek,
    peoplePerSeat: perSeat,
    seats: openHoursPerWeek === 0 ? 0 : team.fte / perSeat,
  };
}
