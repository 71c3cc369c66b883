/** Shares with their uncertainty: how many of how many, and how far that is from chance. All intervals are 95 %. */
import { betaQuantile, logChoose, Z95 } from "./distributions.ts";

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** `hits` of `n`; share and interval lie in 0–1 and are null where n = 0: nothing was observed. */
export interface Share {
  readonly hits: number;
  readonly n: number;
  readonly share: number | null;
  readonly interval: Interval | null;
}

/** A share with its Wilson score interval. @throws RangeError hits outside 0–n. */
export function shareOf(hits: number, n: number): Share {
  if (!(hits >= 0 && hits <= n)) throw new RangeError(`${hits} of ${n} is not a share`);
  return n === 0
    ? { hits, n, share: null, interval: null }
    : { hits, n, share: hits / n, interval: wilson(hits, n) };
}

/** Wilson score interval of hits ÷ n, n > 0. https://doi.org/10.1080/01621459.1927.10502953 */
export function wilson(hits: number, n: number): Interval {
  const p = hits / n;
  const z2 = Z95 ** 2;
  const centre = p + z2 / (2 * n);
  const reach = Z95 * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  const scale = 1 + z2 / n;
  return { low: clamp((centre - reach) / scale), high: clamp((centre + reach) / scale) };
}

/** Exact (Clopper–Pearson) interval of hits ÷ n, n > 0: for counts too small for an approximation. */
export function exactInterval(hits: number, n: number): Interval {
  return {
    low: hits === 0 ? 0 : betaQuantile(0.025, hits, n - hits + 1),
    high: hits === n ? 1 : betaQuantile(0.975, hits + 1, n - hits),
  };
}

/** First share minus second with Newcombe's hybrid score interval; null where either has n = 0. */
export function difference(
  first: Share,
  second: Share,
): { readonly by: number; readonly interval: Interval } | null {
  const [p1, i1, p2, i2] = [first.share, first.interval, second.share, second.interval];
  if (p1 === null || i1 === null || p2 === null || i2 === null) return null;
  const by = p1 - p2;
  return {
    by,
    interval: {
      low: by - Math.hypot(p1 - i1.low, i2.high - p2),
      high: by + Math.hypot(i1.high - p1, p2 - i2.low),
    },
  };
}

/** Two-sided p of Fisher's exact test for `a` of `n1` against `b` of `n2`. */
export function fisherExact(a: number, n1: number, b: number, n2: number): number {
  const hits = a + b;
  const all = logChoose(n1 + n2, hits);
  const chance = (x: number): number =>
    x < 0 || x > n1 || hits - x < 0 || hits - x > n2
      ? 0
      : Math.exp(logChoose(n1, x) + logChoose(n2, hits - x) - all);
  const seen = chance(a);
  let sum = 0;
  for (let x = 0; x <= Math.min(hits, n1); x++) {
    // Tables as likely as the seen one count too; rounding must not drop them.
    if (chance(x) <= seen * (1 + 1e-7)) sum += chance(x);
  }
  return Math.min(1, sum);
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
