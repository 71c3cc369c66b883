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

/**
 * How an upstream answered one call: `well` (whatever it said about the call itself), `busy` (429), `failing` (5xx, or
 * nothing readable in time), `unreachable` (not even a connection).
 */
export type Health = "well" | "busy" | "failing" | "unreachable";

/** What an answer's headers said about a class of calls. */
export interface ToldBudget {
  readonly limit: number;
  readonly remaining: number;
  readonly resetsInMs: number;
  /** true = the window rolls: `resetsInMs` is when some calls are free again, and not the window's end. */
  readonly rolling?: boolean;
}

/** Shares one upstream account's rate limits between all callers, of this instance and of every other one. */
export interface Pacer {
  /**
   * Runs `call` when the budget of `endpointClass` allows. `before` runs when the call is about to start, after every
   * wait; what it rejects with is what the caller gets, and nothing is sent.
   * Rejects with `Paused` while the upstream is blocked for longer than the caller should wait.
   */
  run<T>(endpointClass: string, lane: Lane, call: () => Promise<T>, before?: () => Promise<void>): Promise<T>;
  /** What the last answer's headers said about a class: calls left and when the window ends. */
  learn(endpointClass: string, budget: ToldBudget): void;
  /** No call of this class (null = none at all) starts before `forMs` has passed; then one tries. */
  block(endpointClass: string | null, forMs: number): void;
  /** How a call of this class was answered; lasting trouble lets one call in five seconds try. */
  met(endpointClass: string, health: Health): void;
  /**
   * Our credentials were refused: no call starts until they have changed, but for one in a quarter of an hour.
   * `problem` and `fix` are what callers are told meanwhile.
   */
  refused(problem: string, fix: string): void;
}
