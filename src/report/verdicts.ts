/** What the figures say, in one word each: was the objective met, is the higher tier really served faster. */
import { difference, type Interval, type Share, shareOf } from "./proportions.ts";
import { type Ratio, ratioOf } from "./times.ts";

/** Smallest group a comparison is drawn from. */
export const MIN_COMPARED = 30;
/** A difference that customers notice: ten points. */
const NOTICEABLE = 0.1;

/** Targets of one kind in a window, open ones past their time included in `breached`. */
export interface TargetCounts {
  readonly met: number;
  readonly breached: number;
}

/**
 * `met`: the whole interval reaches the objective. `met_not_proven`: the share does, its lower bound does not. `missed`.
 * `too_few`: fewer targets than the policy's `min_targets`: counts only, no percentage.
 */
export type ObjectiveVerdict = "met" | "met_not_proven" | "missed" | "too_few";

export interface Attainment {
  readonly share: Share;
  readonly verdict: ObjectiveVerdict;
  /** Breaches the objective allows among so many targets, and the part of them used up; null = too few, or none allowed. */
  readonly budget: { readonly allowed: number; readonly used: number; readonly burnt: number } | null;
}

/** Share of targets met against the objective (0–1). */
export function attainmentOf(counts: TargetCounts, objective: number, minTargets: number): Attainment {
  const n = counts.met + counts.breached;
  const share = shareOf(counts.met, n);
  if (n < Math.max(1, minTargets)) return { share, verdict: "too_few", budget: null };
  const allowed = (1 - objective) * n;
  return {
    share,
    verdict: objectiveVerdict(share, objective),
    budget: allowed > 0 ? { allowed, used: counts.breached, burnt: counts.breached / allowed } : null,
  };
}

function objectiveVerdict(share: Share, objective: number): ObjectiveVerdict {
  if ((share.share ?? 0) < objective) return "missed";
  return (share.interval?.low ?? 0) >= objective ? "met" : "met_not_proven";
}

/**
 * `different`: better by ten points at least. `inverted`: worse. `not_shown`: neither is certain. `not_enough_data`: a
 * group has fewer than 30.
 */
export type DifferenceVerdict = "different" | "not_shown" | "inverted" | "not_enough_data";

/** Is the higher tier answered in time more often than the lower one? */
export interface Differentiation {
  readonly verdict: DifferenceVerdict;
  readonly higher: Share;
  readonly lower: Share;
  /** Points as 0–1; null where a side has nothing. */
  readonly by: number | null;
  readonly interval: Interval | null;
}

/** The verdict on two shares answered within the higher tier's target. */
export function differentiationOf(higher: Share, lower: Share): Differentiation {
  const found = difference(higher, lower);
  const by = found?.by ?? null;
  const interval = found?.interval ?? null;
  return { verdict: differenceVerdict(higher, lower, interval), higher, lower, by, interval };
}

function differenceVerdict(higher: Share, lower: Share, interval: Interval | null): DifferenceVerdict {
  if (interval === null || higher.n < MIN_COMPARED || lower.n < MIN_COMPARED) return "not_enough_data";
  if (interval.low >= NOTICEABLE) return "different";
  return interval.high < 0 ? "inverted" : "not_shown";
}

/** Minutes to the reply of both tiers, and how many of them came within the higher tier's target. */
export interface Comparison extends Differentiation {
  readonly withinMinutes: number;
  /** How many times longer the lower tier waits; null = too few. */
  readonly ratio: Ratio | null;
}

/**
 * Compares the waiting times of two tiers, both on the same clock. An unanswered ticket that has waited longer than the
 * target counts as not within; give it as Infinity.
 */
export function compareTiers(
  higher: readonly number[],
  lower: readonly number[],
  withinMinutes: number,
): Comparison {
  const within = (times: readonly number[]): Share =>
    shareOf(times.filter((t) => t <= withinMinutes).length, times.length);
  return {
    ...differentiationOf(within(higher), within(lower)),
    withinMinutes,
    ratio: ratioOf(higher.filter(Number.isFinite), lower.filter(Number.isFinite)),
  };
}
