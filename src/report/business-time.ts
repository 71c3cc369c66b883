/** How long a clock ran that was paused in between, and when it would be too late; on a schedule or round the clock. */
import type { Instant } from "../policy/model.ts";
import { type CompiledSchedule, dueAt, openMinutes } from "../policy/schedule.ts";

/** A stretch in which a clock runs; null = it still does. */
export interface Run {
  readonly from: Instant;
  readonly to: Instant | null;
}

const MINUTE_MS = 60_000;

/** Minutes that pass between two instants on a schedule; null = round the clock. 0 when `to` is not after `from`. */
export function minutesBetween(schedule: CompiledSchedule | null, from: Instant, to: Instant): number {
  return schedule === null ? Math.max(0, to - from) / MINUTE_MS : openMinutes(schedule, from, to);
}

/** Minutes that passed in all runs; one that goes on counts up to `now`. */
export function minutesIn(runs: readonly Run[], schedule: CompiledSchedule | null, now: Instant): number {
  return runs.reduce((sum, { from, to }) => sum + minutesBetween(schedule, from, to ?? now), 0);
}

/**
 * When the runs have lasted `minutes` together: past or to come.
 *
 * null = no run reaches it and none goes on (the clock is paused or ended), or the schedule never opens long enough.
 */
export function dueIn(
  runs: readonly Run[],
  schedule: CompiledSchedule | null,
  minutes: number,
): Instant | null {
  let left = minutes;
  for (const { from, to } of runs) {
    const due = schedule === null ? from + left * MINUTE_MS : dueAt(schedule, from, left);
    if (to === null || due <= to) return Number.isFinite(due) ? due : null;
    left -= minutesBetween(schedule, from, to);
  }
  return null;
}
