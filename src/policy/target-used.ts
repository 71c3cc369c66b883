/** How much of a promised time has passed, in the target's own hours: a night between does not count. */
import type { CompiledPolicy } from "./compiled.ts";
import type { DuePrediction, Instant } from "./model.ts";
import { openMinutes } from "./schedule.ts";

const MINUTE_MS = 60_000;

/**
 * Part of the target that has passed at `now`, from 0; 1 = it is due, above 1 = it is late by so much more. null = the policy
 * gives no time. What is left until the breach tells what has passed, so that pauses of the clock count as well.
 */
export function targetUsed(
  { minutes, clock }: DuePrediction,
  breachAt: Instant,
  schedules: CompiledPolicy["schedules"],
  now: Instant,
): number | null {
  if (minutes === null || minutes === 0) return null;
  const schedule = clock === null ? undefined : schedules.get(clock);
  const between = (from: Instant, to: Instant): number =>
    schedule === undefined ? Math.max(0, to - from) / MINUTE_MS : openMinutes(schedule, from, to);
  return Math.max(0, 1 - between(now, breachAt) / minutes + between(breachAt, now) / minutes);
}
