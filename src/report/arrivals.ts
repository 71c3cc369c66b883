/** How many tickets come in at each hour of the week: as planned, or as counted. */
import { DateTime } from "luxon";
import type { Instant, Policy } from "../policy/model.ts";
import { HOURS, type Week } from "./ordinary-week.ts";

/** Arrivals by hour of the week, 168 of them. */
export interface Arrivals {
  /** With `measured`, `n` tickets were counted. */
  readonly from: "measured" | "planned";
  readonly n: number;
  readonly perHour: readonly number[];
}

const DAY_HOURS = 24;
/** Enough for five in every one of 24 hours of working days and as many of weekends. */
const ENOUGH = 240;

/**
 * What is planned to come in at each hour, for so many tickets a month: the policy's share in the busy hours, the rest
 * outside, each at its peak.
 */
export function plannedArrivals(policy: Policy, ticketsPerMonth: number, week: Week): Arrivals {
  const planning = policy.capacityAssumptions;
  if (planning === null) return { from: "planned", n: 0, perHour: [] };
  const busy = planning.busyHours ?? shortestSchedule(policy, week);
  const isBusy = week.moments.map((one) => busy !== null && week.isOpen(busy, one));
  const busyHours = isBusy.filter(Boolean).length;
  const share = busyHours === 0 ? 0 : busyHours === HOURS ? 1 : planning.busyHoursShare;
  const peak = (part: number, hours: number): number =>
    hours === 0 ? 0 : ((ticketsPerMonth * part) / (hours * planning.weeksPerMonth)) * planning.peakHourFactor;
  const [inside, outside] = [peak(share, busyHours), peak(1 - share, HOURS - busyHours)];
  return { from: "planned", n: 0, perHour: isBusy.map((one) => (one ? inside : outside)) };
}

function shortestSchedule(policy: Policy, week: Week): string | null {
  const limited = Object.entries(policy.schedules)
    .filter(([, one]) => !one.alwaysOpen)
    .map(([name]) => ({ name, hours: week.moments.filter((one) => week.isOpen(name, one)).length }))
    .filter(({ hours }) => hours > 0);
  return limited.toSorted((a, b) => a.hours - b.hours)[0]?.name ?? null;
}

/**
 * What came in at each hour, from the moments of creation over so many weeks: hour by hour of working days and of
 * weekends. null = too few to tell hours apart.
 */
export function measuredArrivals(created: readonly Instant[], weeks: number, zone: string): Arrivals | null {
  if (created.length < ENOUGH || weeks < 1) return null;
  const cells = new Array<number>(2 * DAY_HOURS).fill(0);
  for (const moment of created) {
    const local = DateTime.fromMillis(moment, { zone });
    const cell = (local.weekday > 5 ? DAY_HOURS : 0) + local.hour;
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
  const perHour = Array.from({ length: HOURS }, (_, hour) => {
    const weekend = hour >= 5 * DAY_HOURS;
    return (cells[(weekend ? DAY_HOURS : 0) + (hour % DAY_HOURS)] ?? 0) / (weeks * (weekend ? 2 : 5));
  });
  return { from: "measured", n: created.length, perHour };
}
