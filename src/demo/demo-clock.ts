/** A clock that plays on a working day: real seconds, another date. It only ever moves forward. */
import { DateTime } from "luxon";
import { systemClock } from "../clock.ts";
import type { Clock } from "../ports.ts";

export interface DemoClock extends Clock {
  /** Jumps ahead; an instant in the past changes nothing. */
  readonly advanceTo: (instant: number) => void;
}

/** The last Tuesday 10:00 in `zone` before `now`: nobody should need to run a demo in office hours. */
export function lastTuesdayMorning(now: number, zone: string): number {
  let day = DateTime.fromMillis(now, { zone }).set({ hour: 10, minute: 0, second: 0, millisecond: 0 });
  while (day.weekday !== 2 || day.toMillis() > now) day = day.minus({ days: 1 });
  return day.toMillis();
}

/** Starts at `instant` and runs at the speed of real time. */
export function demoClock(instant: number): DemoClock {
  let offset = instant - systemClock.now();
  const now = (): number => systemClock.now() + offset;
  return {
    now,
    sleep: systemClock.sleep,
    advanceTo(to) {
      offset += Math.max(0, to - now());
    },
  };
}
