/** One piece of upkeep again and again: never twice at once, never longer than until told to stop. */
import type { Clock } from "./ports.ts";

export interface RoundsOptions {
  readonly clock: Clock;
  /** ms between the end of a round and the next; 0 = never by itself. */
  readonly everyMs: number;
  /** ms before the first round. */
  readonly firstAfterMs: number;
}

export interface Rounds {
  /** Cuts the running round short and waits for it, but not for long: every round can be repeated. */
  stop(): Promise<void>;
}

/** A round that waits for its turn at an upstream would hold up the end of the service by a minute. */
const PATIENCE_MS = 2_000;

/** Starts the rounds. `work` handles its own failures: what it throws ends only its round. */
export function startRounds(work: (signal: AbortSignal) => Promise<unknown>, options: RoundsOptions): Rounds {
  const { clock, everyMs, firstAfterMs } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async (): Promise<void> => {
    if (firstAfterMs > 0) await clock.sleep(firstAfterMs, signal);
    while (!signal.aborted) {
      await work(signal).catch(() => null);
      await clock.sleep(everyMs, signal);
    }
  };
  const looped = everyMs === 0 ? Promise.resolve() : loop();
  return {
    async stop() {
      stopping.abort();
      const ended = new AbortController();
      await Promise.race([looped, clock.sleep(PATIENCE_MS, ended.signal)]);
      ended.abort();
    },
  };
}
