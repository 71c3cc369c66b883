/** Calendar days and local clocks: what date and time it is somewhere, and when a local time comes. */
import { IANAZone } from "luxon";
import type { CalendarDate, Instant } from "./model.ts";

/** Milliseconds in a minute. */
export const MINUTE_MS = 60_000;
/** Milliseconds in an hour. */
export const HOUR_MS = 60 * MINUTE_MS;
/** Milliseconds in 24 hours. */
export const DAY_MS = 24 * HOUR_MS;

/** One time zone, with its rules looked up once per day and then remembered. */
export interface Zone {
  /** Local time minus UTC at that moment, in milliseconds. */
  readonly offsetAt: (at: Instant) => number;
  /** The local calendar day of a moment. */
  readonly dateAt: (at: Instant) => CalendarDate;
  /**
   * The first moment at which the local clock shows `minute` of that day, or later on it.
   * `minute` counts from 00:00; 1440 is the end of the day. A time that a clock change skips comes when the
   * clock jumps; a time that comes twice is its first coming.
   */
  readonly firstMoment: (day: number, minute: number) => Instant;
}

/** Days since 1970-01-01 of a calendar date. */
export function dayNumber(date: CalendarDate): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
}

/** The calendar date so many days after 1970-01-01. */
export function dateOfDay(day: number): CalendarDate {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The calendar date `days` later (earlier when negative). */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return dateOfDay(dayNumber(date) + days);
}

/** The earlier of two days; null = not stated, so the other one. */
export function earlierDate(a: CalendarDate | null, b: CalendarDate | null): CalendarDate | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

/** `2026-06-09T15:00:00Z`, the form in which moments leave the rules; fractions of a second are cut off. */
export function instantText(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

interface DayOffsets {
  readonly before: number;
  readonly after: number;
  /** Where `before` turns into `after`. */
  readonly changesAt: Instant;
}

/** A zone by its IANA name. Throws RangeError for a name that does not exist. */
export function zoneNamed(timezone: string): Zone {
  const rules = IANAZone.create(timezone);
  if (!rules.isValid) throw new RangeError(`unknown time zone ${timezone}`);
  const ruleOffset = (at: Instant): number => rules.offset(at) * MINUTE_MS;
  const days = new Map<number, DayOffsets>();

  const offsetsOf = (day: number): DayOffsets => {
    const known = days.get(day);
    if (known !== undefined) return known;
    const start = day * DAY_MS;
    const before = days.get(day - 1)?.after ?? ruleOffset(start);
    const after = ruleOffset(start + DAY_MS);
    const changed = (at: Instant): boolean => ruleOffset(at) !== before;
    const changesAt = before === after ? start : firstWhere(changed, start, start + DAY_MS);
    const offsets = { before, after, changesAt };
    days.set(day, offsets);
    return offsets;
  };
  const offsetAt = (at: Instant): number => {
    const { before, after, changesAt } = offsetsOf(Math.floor(at / DAY_MS));
    return at < changesAt ? before : after;
  };
  return {
    offsetAt,
    dateAt: (at) => dateOfDay(Math.floor((at + offsetAt(at)) / DAY_MS)),
    firstMoment: (day, minute) => firstMoment(offsetAt, day * DAY_MS + minute * MINUTE_MS),
  };
}

/** `wall` is the local clock read as if it were UTC. */
function firstMoment(offsetAt: (at: Instant) => number, wall: number): Instant {
  const before = offsetAt(wall - DAY_MS);
  const after = offsetAt(wall + DAY_MS);
  const early = wall - Math.max(before, after);
  if (before === after) return early;
  if (early + offsetAt(early) === wall) return early;
  const late = wall - Math.min(before, after);
  return firstWhere((at) => at + offsetAt(at) >= wall, early, late);
}

/** First millisecond in (from, to] that passes a test which, once passed, stays passed; `to` is known to pass. */
function firstWhere(passes: (at: Instant) => boolean, from: Instant, to: Instant): Instant {
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (passes(middle)) high = middle;
    else low = middle;
  }
  return high;
}
