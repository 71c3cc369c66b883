/** Working time of a schedule: how much of it lies between two moments, and when so much of it has passed. */
import { DateTime } from "luxon";
import type { ScheduleRecord } from "./zendesk-records.ts";
import { ianaZone } from "./zendesk-zones.ts";

const MINUTES_A_DAY = 1440;
const LONGEST_SEARCH_DAYS = 3650;

interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Working ms between two moments; without a schedule, all of them. */
export function workingMs(schedule: ScheduleRecord | null, from: number, to: number): number {
  if (schedule === null) return Math.max(0, to - from);
  let sum = 0;
  for (const interval of openIntervals(schedule, from)) {
    if (interval.from >= to) break;
    sum += Math.max(0, Math.min(interval.to, to) - Math.max(interval.from, from));
  }
  return sum;
}

/** The moment at which `ms` of working time have passed since `from`; null = the schedule never opens long enough. */
export function afterWorking(schedule: ScheduleRecord | null, from: number, ms: number): number | null {
  if (schedule === null) return from + ms;
  let left = ms;
  for (const interval of openIntervals(schedule, from)) {
    const start = Math.max(interval.from, from);
    if (interval.to <= start) continue;
    if (interval.to - start >= left) return start + left;
    left -= interval.to - start;
  }
  return null;
}

/** Opening times from the day of `from` on, in order, ten years ahead. Local wall-clock times, so DST is honoured. */
function* openIntervals(schedule: ScheduleRecord, from: number): Generator<Interval> {
  const zone = ianaZone(schedule.timeZone) ?? "Etc/UTC";
  const sorted = [...schedule.intervals].sort((a, b) => a.start - b.start);
  let day = DateTime.fromMillis(from, { zone }).startOf("day").minus({ days: 1 });
  for (let count = 0; count < LONGEST_SEARCH_DAYS; count += 1) {
    if (!isHoliday(schedule, day.toISODate() ?? "")) yield* dayIntervals(sorted, day);
    day = day.plus({ days: 1 });
  }
}

function* dayIntervals(intervals: ScheduleRecord["intervals"], day: DateTime): Generator<Interval> {
  const dayStart = (day.weekday % 7) * MINUTES_A_DAY;
  for (const { start, end } of intervals) {
    const first = Math.max(start, dayStart);
    const last = Math.min(end, dayStart + MINUTES_A_DAY);
    if (first < last) yield { from: wallClock(day, first - dayStart), to: wallClock(day, last - dayStart) };
  }
}

function wallClock(day: DateTime, minute: number): number {
  if (minute === MINUTES_A_DAY) return day.plus({ days: 1 }).startOf("day").toMillis();
  return day.set({ hour: Math.floor(minute / 60), minute: minute % 60 }).toMillis();
}

const isHoliday = (schedule: ScheduleRecord, day: string): boolean =>
  schedule.holidays.some((holiday) => holiday.startDate <= day && day <= holiday.endDate);
