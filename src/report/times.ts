/** Distributions of durations: percentiles, and how many times longer one group waits than another. No means: skewed. */
import { normalBelow, Z95 } from "./distributions.ts";
import type { Interval } from "./proportions.ts";

/** The value at rank ⌈p·n⌉ of `sorted` (ascending); null = no values. p in (0, 1]. */
export function percentile(sorted: readonly number[], p: number): number | null {
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? null;
}

/** A copy in ascending order. */
export function ascending(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}

/** How many times longer `lower` waits than `higher`. */
export interface Ratio {
  /** Median of all lower ÷ higher ratios (Hodges–Lehmann on logarithms). */
  readonly times: number;
  readonly interval: Interval;
  /** Mann–Whitney: pairs where `higher` waited longer, ties half. */
  readonly u: number;
  /** Two-sided p by the normal approximation, corrected for ties and continuity. */
  readonly p: number;
}

/**
 * Compares two groups of durations. Zero durations count as one second (1/60), since a ratio needs a positive number.
 * null = a group is empty, or too small for a rank interval.
 */
export function ratioOf(higher: readonly number[], lower: readonly number[]): Ratio | null {
  const a = ascending(higher.map(positive));
  const b = ascending(lower.map(positive));
  const pairs = a.length * b.length;
  const rank = Math.floor(pairs / 2 - Z95 * Math.sqrt((pairs * (a.length + b.length + 1)) / 12));
  if (rank < 1) return null;
  const middle = Math.floor((pairs + 1) / 2);
  const upper = Math.ceil((pairs + 1) / 2);
  const at = (k: number): number => ratioAtRank(a, b, k);
  return {
    times: (at(middle) + at(upper)) / 2,
    interval: { low: at(rank), high: at(pairs + 1 - rank) },
    ...mannWhitney(a, b),
  };
}

function positive(minutes: number): number {
  return Math.max(minutes, 1 / 60);
}

/**
 * The k-th smallest (from 1) of all b ÷ a, without making them all: halve an interval of logarithms until it holds one
 * ratio, then name that ratio. Both ascending.
 */
function ratioAtRank(a: readonly number[], b: readonly number[], k: number): number {
  const first = (list: readonly number[]): number => list[0] ?? 1;
  const last = (list: readonly number[]): number => list.at(-1) ?? 1;
  let low = Math.log(first(b) / last(a));
  let high = Math.log(last(b) / first(a));
  // 60 halvings are below the distance of two doubles.
  for (let step = 0; step < 60 && high - low > 1e-13; step++) {
    const middle = (low + high) / 2;
    if (pairsUpTo(a, b, Math.exp(middle)) >= k) high = middle;
    else low = middle;
  }
  return nearestRatio(a, b, Math.exp(high));
}

/** How many pairs have b ÷ a ≤ limit. */
function pairsUpTo(a: readonly number[], b: readonly number[], limit: number): number {
  let count = 0;
  let j = 0;
  for (const one of a) {
    while (j < b.length && (b[j] ?? 0) <= limit * one) j++;
    count += j;
  }
  return count;
}

/** The existing b ÷ a that lies nearest to `value`. */
function nearestRatio(a: readonly number[], b: readonly number[], value: number): number {
  let best = value;
  let distance = Number.POSITIVE_INFINITY;
  let j = 0;
  for (const one of a) {
    while (j < b.length - 1 && (b[j] ?? 0) < value * one) j++;
    for (const other of [b[j - 1], b[j]]) {
      if (other === undefined || Math.abs(other / one - value) >= distance) continue;
      best = other / one;
      distance = Math.abs(best - value);
    }
  }
  return best;
}

/** U counts, over all pairs, how often `a` is the longer one, ties half. Both ascending. */
function mannWhitney(a: readonly number[], b: readonly number[]): { readonly u: number; readonly p: number } {
  let u = 0;
  let below = 0;
  let upTo = 0;
  for (const one of a) {
    while (below < b.length && (b[below] ?? 0) < one) below++;
    while (upTo < b.length && (b[upTo] ?? 0) <= one) upTo++;
    u += below + (upTo - below) / 2;
  }
  const n = a.length + b.length;
  const pairs = a.length * b.length;
  const spread = Math.sqrt((pairs / 12) * (n + 1 - tieTerm([...a, ...b]) / (n * (n - 1))));
  if (!(spread > 0)) return { u, p: 1 };
  const z = (Math.abs(u - pairs / 2) - 0.5) / spread;
  return { u, p: Math.min(1, 2 * normalBelow(-Math.max(0, z))) };
}

function tieTerm(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].reduce((sum, t) => sum + t ** 3 - t, 0);
}
