/** How long to wait before a failed piece of work is tried again. */

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Shortest and longest wait after each failure; each span begins where the one before ended. */
const SPANS: readonly (readonly [number, number])[] = [
  [SECOND_MS, 5 * SECOND_MS],
  [5 * SECOND_MS, 30 * SECOND_MS],
  [30 * SECOND_MS, 2 * MINUTE_MS],
  [2 * MINUTE_MS, 10 * MINUTE_MS],
  [10 * MINUTE_MS, 30 * MINUTE_MS],
  [30 * MINUTE_MS, 2 * HOUR_MS],
  [2 * HOUR_MS, 5 * HOUR_MS],
  [5 * HOUR_MS, 10 * HOUR_MS],
  [10 * HOUR_MS, 24 * HOUR_MS],
  [10 * HOUR_MS, 24 * HOUR_MS],
];

/**
 * Milliseconds to wait before the next try; null = never again.
 *
 * The jitter is full over a span that begins where the previous step ended (the first at one second): many failures of
 * one moment spread out, and none comes back sooner than the step before allowed.
 * @param attempt failures so far, 1 = the first one.
 * @param askedMs what the other side asked for; the answer is never below it. null = nothing.
 * @param jitter chance, 0 ≤ jitter < 1.
 */
export function nextTry(attempt: number, askedMs: number | null, jitter: number): number | null {
  const span = SPANS[Math.max(attempt, 1) - 1];
  if (span === undefined) return null;
  const [shortest, longest] = span;
  return Math.max(Math.round(shortest + jitter * (longest - shortest)), askedMs ?? 0);
}
