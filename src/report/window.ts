/** Which window a report is about, from what a person typed. */
import { DateTime } from "luxon";
import type { Instant } from "../policy/model.ts";
import type { Window } from "../ports.ts";

/** Days of a report whose beginning nobody named. */
const USUAL_DAYS = 90;

/** What is wrong with a typed window, and what to type instead. */
export interface WindowProblem {
  readonly problem: string;
  readonly fix: string;
}

/**
 * The window from `since` up to, but not with, `until`. Days begin at midnight in `zone`; a moment needs its offset.
 * Left out: until now, and `usualDays`.
 */
export function windowOf(
  typed: { readonly since?: string; readonly until?: string },
  zone: string,
  now: Instant,
  usualDays: number = USUAL_DAYS,
): Window | WindowProblem {
  const until = typed.until === undefined ? now : momentOf(typed.until, zone);
  if (until === null) return unreadable("--until", typed.until ?? "");
  const usual = DateTime.fromMillis(until, { zone }).minus({ days: usualDays }).startOf("day").toMillis();
  const from = typed.since === undefined ? usual : momentOf(typed.since, zone);
  if (from === null) return unreadable("--since", typed.since ?? "");
  if (from >= until)
    return {
      problem: "The window ends before it begins.",
      fix: "Give --since a day before --until, for example `--since 2026-04-01 --until 2026-07-01`.",
    };
  return { from, until };
}

function momentOf(text: string, zone: string): Instant | null {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (!isDay && !/^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const read = DateTime.fromISO(text, isDay ? { zone } : {});
  return read.isValid ? read.toMillis() : null;
}

function unreadable(option: string, text: string): WindowProblem {
  return {
    problem: `${option} ${JSON.stringify(text)} is neither a day nor a moment.`,
    fix: "Write a day such as 2026-07-01, or a moment with its offset such as 2026-07-01T09:00:00Z.",
  };
}
