/** Opening hours as intervals of real time: is a place open, and when has it been open long enough. */
import type { Zone } from "./dates.ts";
import { DAY_MS, dayNumber, MINUTE_MS, zoneNamed } from "./dates.ts";
import type { Instant, Schedule, Weekday } from "./model.ts";

/** Day 0 of the epoch was a Thursday. */
const WEEKDAYS: readonly Weekday[] = ["thu", "fri", "sat", "sun", "mon", "tue", "wed"];

/** A schedule that hardly ever opens is given up after so many years. */
const YEARS_AHEAD = 50;

/** The open hours of one local year. */
interface OpenYear {
  readonly opens: readonly Instant[];
  readonly closes: readonly Instant[];
  /** Open milliseconds up to and including each interval. */
  readonly sums: readonly number[];
}

/** A schedule ready to be asked. Years are worked out when first needed and kept with it. */
export interface CompiledSchedule {
  readonly alwaysOpen: boolean;
  /** The local year that holds a moment. */
  readonly yearOf: (at: Instant) => number;
  readonly year: (year: number) => OpenYear;
}

/**
 * A schedule ready to be asked, in the zone's real time: clock changes and holidays included.
 *
 * Throws RangeError for an unknown zone or a range that is not `HH:MM-HH:MM`.
 */
export function compileSchedule(schedule: Schedule): CompiledSchedule {
  if (schedule.alwaysOpen) return alwaysOpen();
  const zone = zoneNamed(schedule.timezone);
  const week = WEEKDAYS.map((day) => (schedule.weekly[day] ?? []).map(minutesOfRange));
  const holidays = new Set(schedule.holidays.map(dayNumber));
  const years = new Map<number, OpenYear>();
  const year = (number: number): OpenYear => {
    const known = years.get(number);
    if (known !== undefined) return known;
    const made = openYear(zone, week, holidays, number);
    years.set(number, made);
    return made;
  };
  const yearOf = (at: Instant): number => new Date(at + zone.offsetAt(at)).getUTCFullYear();
  return { alwaysOpen: false, yearOf, year };
}

/**
 * When `minutes` of open time have passed since `start`.
 *
 * Minutes that end exactly at closing time are due at closing time, not at the next opening. Infinity where the
 * schedule never opens long enough.
 */
export function dueAt(compiled: CompiledSchedule, start: Instant, minutes: number): Instant {
  let left = minutes * MINUTE_MS;
  if (compiled.alwaysOpen || left <= 0) return start + Math.max(left, 0);
  const first = compiled.yearOf(start);
  for (let number = first; number < first + YEARS_AHEAD; number += 1) {
    const year = compiled.year(number);
    const done = number === first ? openBefore(year, start) : 0;
    const total = year.sums.at(-1) ?? 0;
    if (total - done >= left) return momentOfSum(year, done + left);
    left -= total - done;
  }
  return Number.POSITIVE_INFINITY;
}

/** Whether the place is open at a moment: from opening time on, until just before closing time. */
export function isOpen(compiled: CompiledSchedule, at: Instant): boolean {
  if (compiled.alwaysOpen) return true;
  const year = compiled.year(compiled.yearOf(at));
  const last = countUpTo(year.opens, at) - 1;
  return last >= 0 && at < (year.closes[last] ?? at);
}

/** Open minutes between two moments, as a decimal number; 0 when `to` is not after `from`. */
export function openMinutes(compiled: CompiledSchedule, from: Instant, to: Instant): number {
  if (to <= from) return 0;
  if (compiled.alwaysOpen) return (to - from) / MINUTE_MS;
  const last = compiled.yearOf(to);
  let open = openBefore(compiled.year(last), to);
  for (let number = compiled.yearOf(from); number < last; number += 1) {
    open += compiled.year(number).sums.at(-1) ?? 0;
  }
  return (open - openBefore(compiled.year(compiled.yearOf(from)), from)) / MINUTE_MS;
}

function alwaysOpen(): CompiledSchedule {
  const all = { opens: [-Infinity], closes: [Infinity], sums: [Infinity] };
  return { alwaysOpen: true, yearOf: () => 0, year: () => all };
}

function openYear(
  zone: Zone,
  week: readonly (readonly (readonly [number, number])[])[],
  holidays: ReadonlySet<number>,
  number: number,
): OpenYear {
  const firstDay = Date.UTC(number, 0, 1) / DAY_MS;
  const lastDay = Date.UTC(number + 1, 0, 1) / DAY_MS;
  const intervals: [Instant, Instant][] = [];
  for (let day = firstDay; day < lastDay; day += 1) {
    if (holidays.has(day)) continue;
    for (const [opens, closes] of week[((day % 7) + 7) % 7] ?? []) {
      intervals.push([zone.firstMoment(day, opens), zone.firstMoment(day, closes)]);
    }
  }
  return joined(intervals);
}

/** Sorts intervals, joins those that touch or overlap, drops empty ones, and adds their lengths up. */
function joined(intervals: [Instant, Instant][]): OpenYear {
  const opens: Instant[] = [];
  const closes: Instant[] = [];
  for (const [open, close] of intervals.sort((a, b) => a[0] - b[0])) {
    const last = closes.at(-1);
    if (close <= open) continue;
    if (last !== undefined && open <= last) {
      closes[closes.length - 1] = Math.max(last, close);
      continue;
    }
    opens.push(open);
    closes.push(close);
  }
  let sum = 0;
  const sums = closes.map((close, i) => {
    sum += close - (opens[i] ?? close);
    return sum;
  });
  return { opens, closes, sums };
}

/** Open milliseconds of that year before a moment. */
function openBefore(year: OpenYear, at: Instant): number {
  const begun = countUpTo(year.opens, at);
  if (begun === 0) return 0;
  const still = Math.max(0, (year.closes[begun - 1] ?? at) - at);
  return (year.sums[begun - 1] ?? 0) - still;
}

/** The moment at which that year's open milliseconds reach `sum` (more than 0, at most the year's total). */
function momentOfSum(year: OpenYear, sum: number): Instant {
  const whole = countBelow(year.sums, sum);
  return (year.closes[whole] ?? Number.POSITIVE_INFINITY) - ((year.sums[whole] ?? sum) - sum);
}

/** How many numbers of an ascending list are at most `limit`. */
function countUpTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? limit) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many numbers of an ascending list are less than `limit`. */
function countBelow(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function minutesOfRange(range: string): readonly [number, number] {
  const parts = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/.exec(range.trim());
  if (parts === null) throw new RangeError(`not a range of local times: ${range}`);
  const [fromHour, fromMinute, toHour, toMinute] = parts.slice(1).map(Number);
  return [(fromHour ?? 0) * 60 + (fromMinute ?? 0), (toHour ?? 0) * 60 + (toMinute ?? 0)];
}
