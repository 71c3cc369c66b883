/** Time and the right to call: what everything that waits is given. Types only. */
import type { Instant } from "../policy/model.ts";

/** Time as a parameter: tests hand in their own. */
export interface Clock {
  now(): Instant;
  /** Resolves after `ms`, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** How urgent a call to the outside is. Lower lanes wait while higher ones have work. */
export type Lane = "top" | "live" | "tier_change" | "backfill";

/** Shares one upstream account's rate limits between all callers. */
export interface Pacer {
  /**
   * Runs `call` when the budget of `endpointClass` allows.
   * Rejects with `Paused` while the upstream is blocked for longer than the caller should wait.
   */
  run<T>(endpointClass: string, lane: Lane, call: () => Promise<T>): Promise<T>;
  /** What the last answer's headers said about a class: calls left and when the window ends. */
  learn(
    endpointClass: string,
    budget: { readonly limit: number; readonly remaining: number; readonly resetsInMs: number },
  ): void;
  /** No call of this class (null = none at all) starts before `forMs` has passed. */
  block(endpointClass: string | null, forMs: number): void;
}
