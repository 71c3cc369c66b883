/** Time that is played: as fast as the play wants it, never backwards; whatever sleeps wakes when its moment has come. */
import type { PacerTime } from "../pacing/time.ts";
import type { DemoClock } from "./demo-clock.ts";

export interface PlayedClock extends DemoClock {
  /** From now on time passes so many times as fast as real time. */
  readonly runAt: (speed: number) => void;
  /** The same time for what counts calls. */
  readonly time: PacerTime;
}

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

/** Starts at `instant`, at the speed of real time. */
export function playedClock(instant: number): PlayedClock {
  let [speed, begunAt, realBegin] = [1, instant, performance.now()];
  const alarms = new Set<Alarm>();
  let timer: NodeJS.Timeout | undefined;
  const precisely = (): number => begunAt + (performance.now() - realBegin) * speed;
  const plan = (): void => {
    clearTimeout(timer);
    if (alarms.size === 0) return;
    const next = Math.min(...[...alarms].map(({ at }) => at));
    timer = setTimeout(look, Math.max(0, Math.ceil((next - precisely()) / speed)));
  };
  const look = (): void => {
    const now = precisely();
    for (const alarm of [...alarms].filter(({ at }) => at <= now)) {
      alarms.delete(alarm);
      alarm.ring();
    }
    plan();
  };
  const after = (ms: number, ring: () => void): (() => void) => {
    const alarm = { at: precisely() + Math.max(0, ms), ring };
    alarms.add(alarm);
    plan();
    return () => {
      if (alarms.delete(alarm)) plan();
    };
  };
  const begin = (at: number, faster: number): void => {
    [begunAt, realBegin, speed] = [at, performance.now(), faster];
    // Not at once: what is under way may still end before it is too late.
    plan();
  };
  return {
    now: () => Math.floor(precisely()),
    sleep: (ms, signal) => sleeping(after, ms, signal),
    advanceTo: (to) => begin(Math.max(to, precisely()), speed),
    runAt: (faster) => begin(precisely(), faster),
    time: { ticks: precisely, after },
  };
}

function sleeping(after: PacerTime["after"], ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = (): void => {
      cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const cancel = after(ms, done);
    signal?.addEventListener("abort", done);
  });
}
