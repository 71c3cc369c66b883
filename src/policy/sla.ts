/** What an SLA policy promises on a ticket, and until when. */
import { compilePolicy } from "./compiled.ts";
import type { DuePrediction, Instant, Policy, Priority, SlaMetric, SlaTarget } from "./model.ts";
import { dueAt } from "./schedule.ts";

const NO_PROMISE: DuePrediction = { minutes: null, clock: null, dueAt: null };

/**
 * The clocks of an SLA policy for one priority, all reckoned from `start`.
 *
 * The desk starts its next-reply clock at each question of the customer: that prediction holds for a clock that
 * starts with the ticket. `dueAt` is null beside minutes only where the schedule never opens.
 */
export function clocksOf(
  slaPolicy: string | null,
  priority: Priority,
  start: Instant,
  policy: Policy,
): Readonly<Record<SlaMetric, DuePrediction>> {
  const metrics = slaPolicy === null ? undefined : policy.slaPolicies[slaPolicy];
  const clock = (metric: SlaMetric): DuePrediction =>
    predicted(metrics?.[metric][priority] ?? null, start, policy);
  return {
    first_reply: clock("first_reply"),
    next_reply: clock("next_reply"),
    resolution: clock("resolution"),
  };
}

function predicted(target: SlaTarget | null, start: Instant, policy: Policy): DuePrediction {
  if (target === null) return NO_PROMISE;
  const schedule = compilePolicy(policy).schedules.get(target.schedule);
  const due = schedule === undefined ? Number.POSITIVE_INFINITY : dueAt(schedule, start, target.minutes);
  return {
    minutes: target.minutes,
    clock: target.schedule,
    dueAt: Number.isFinite(due) ? due : null,
  };
}
