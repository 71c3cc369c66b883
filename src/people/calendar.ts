/** When people are told what is not urgent: in the morning of the policy's time zone. */
import { DateTime } from "luxon";
import type { CalendarDate, Instant, Policy } from "../policy/model.ts";

/** Hour of the day at which lists are sent. */
const MORNING = 8;
/** A list that could not be made in the morning is made later; after two days it is left to the next one. */
const LATE_DAYS = 2;

/** A local day that began its work, and the stretches of time it lies in. */
export interface Morning {
  readonly day: CalendarDate;
  /** Monday of its week, while the weekly digest is to be sent; null = not today. */
  readonly monday: CalendarDate | null;
  /** `2026-05`: the month before, once its tickets are mature; null = not yet. */
  readonly monthBefore: string | null;
  /** `2026-06`. */
  readonly month: string;
  /** `2026-Q3`, in its first two weeks; null = not now. */
  readonly quarterBegun: string | null;
  readonly quarter: 1 | 2 | 3 | 4;
}

/** First replies of a month are long decided by then. */
const MATURE_DAY = 8;
const QUARTER_BEGINS_DAYS = 14;

/** What is to be told on this day; null = it is before eight in the morning. A clock that was changed moves nothing. */
export function morningOf(now: Instant, { timezone }: Pick<Policy, "timezone">): Morning | null {
  const at = DateTime.fromMillis(now, { zone: timezone });
  if (at.hour < MORNING) return null;
  const monday = at.startOf("week");
  const quarter = at.startOf("quarter");
  const inQuarter = at.diff(quarter, "days").days;
  return {
    day: at.toFormat("yyyy-MM-dd"),
    monday: at.weekday <= LATE_DAYS ? monday.toFormat("yyyy-MM-dd") : null,
    monthBefore: at.day >= MATURE_DAY ? at.minus({ months: 1 }).toFormat("yyyy-MM") : null,
    month: at.toFormat("yyyy-MM"),
    quarterBegun: inQuarter < QUARTER_BEGINS_DAYS ? at.toFormat("yyyy-'Q'q") : null,
    quarter: at.quarter as Morning["quarter"],
  };
}

/** From the first moment of a local day or month up to the first of the next. */
export function windowOf(stretch: string, zone: string): { readonly from: Instant; readonly until: Instant } {
  const from = DateTime.fromISO(stretch, { zone });
  const until = stretch.length === 7 ? from.plus({ months: 1 }) : from.plus({ days: 1 });
  return { from: from.toMillis(), until: until.toMillis() };
}

/** The seven local days that end with the day before `monday`. */
export function weekBefore(
  monday: CalendarDate,
  zone: string,
): { readonly from: Instant; readonly until: Instant } {
  const until = DateTime.fromISO(monday, { zone });
  return { from: until.minus({ weeks: 1 }).toMillis(), until: until.toMillis() };
}
