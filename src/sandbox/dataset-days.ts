/** Calendar dates relative to the day the data set is made for. */
import type { CalendarDate, Instant } from "../policy/model.ts";

/** Length of a day, ms. */
export const DAY_MS = 86_400_000;

/** The date `offset` days after `asOf` (before, when negative), as UTC reads it. */
export function dayFrom(asOf: Instant, offset: number): CalendarDate {
  return new Date(asOf + offset * DAY_MS).toISOString().slice(0, 10);
}

/** The last Sunday noon UTC before `asOf`: early Sunday in New York, when weekday teams are closed. */
export function lastSundayNoon(asOf: Instant): Instant {
  const midnight = Math.floor(asOf / DAY_MS) * DAY_MS;
  const weekday = new Date(midnight).getUTCDay();
  const noon = midnight - weekday * DAY_MS + DAY_MS / 2;
  return noon < asOf ? noon : noon - 7 * DAY_MS;
}
