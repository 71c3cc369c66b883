/** Who was a customer at the start, who bought the package, and who of them is still there: as of the start of the period. */
import type { Policy } from "../policy/model.ts";
import {
  type ChurnComparison,
  compareChurn,
  grossRetention,
  netRetention,
  type RevenueMovement,
} from "./money-formulas.ts";
import { difference, fisherExact, type Interval, type Share, shareOf } from "./proportions.ts";

/** One account that was a customer, and might buy the package, at the start of the period. */
export interface CohortMember {
  readonly accountId: string;
  readonly name: string | null;
  /** Had the package at the start. */
  readonly attached: boolean;
  /** Is no customer any more at the end. */
  readonly churned: boolean;
  /** Still a customer, but without the package it had: contraction, not churn. */
  readonly dropped: boolean;
  /** Revenue a year at both ends, in the base currency; null = not known. At the end 0 where it has left. */
  readonly before: number | null;
  readonly after: number | null;
  /** Years as a customer at the start; null = its contract has no start. */
  readonly tenureYears: number | null;
}

/** Retention of one cohort. */
export interface Retention {
  readonly cohort: "all" | "attached" | "others";
  /** Members whose revenue is known at both ends, and those whose is not. */
  readonly n: number;
  readonly leftOut: number;
  readonly movement: RevenueMovement;
  /** null = nothing at the start. */
  readonly gross: number | null;
  readonly net: number | null;
}

export interface Churn extends ChurnComparison {
  /** Two-sided Fisher p; null = a side is empty. */
  readonly p: number | null;
  readonly churned: readonly {
    readonly accountId: string;
    readonly name: string | null;
    readonly attached: boolean;
  }[];
  readonly dropped: readonly { readonly accountId: string; readonly name: string | null }[];
}

/** Logo churn of both sides, as of the start. */
export function churnOf(members: readonly CohortMember[]): Churn {
  const side = (attached: boolean): Share => {
    const own = members.filter((one) => one.attached === attached);
    return shareOf(own.filter((one) => one.churned).length, own.length);
  };
  const [attached, others] = [side(true), side(false)];
  const p =
    attached.n > 0 && others.n > 0 ? fisherExact(attached.hits, attached.n, others.hits, others.n) : null;
  return {
    ...compareChurn(attached, others),
    p,
    churned: members
      .filter((one) => one.churned)
      .map(({ accountId, name, attached: had }) => ({ accountId, name, attached: had })),
    dropped: members.filter((one) => one.dropped).map(({ accountId, name }) => ({ accountId, name })),
  };
}

/** Gross and net retention of all, of the buyers, and of the others. */
export function retentionOf(members: readonly CohortMember[]): readonly Retention[] {
  return (["all", "attached", "others"] as const).map((cohort) => {
    const own = members.filter((one) => cohort === "all" || one.attached === (cohort === "attached"));
    const known = own.flatMap(({ before, after, churned }) =>
      before === null || after === null ? [] : [{ before, after, churned }],
    );
    const sum = (of: (one: (typeof known)[number]) => number): number =>
      known.reduce((all, one) => all + of(one), 0);
    const movement = {
      start: sum((one) => one.before),
      expansion: sum((one) => (one.churned ? 0 : Math.max(0, one.after - one.before))),
      contraction: sum((one) => (one.churned ? 0 : Math.max(0, one.before - one.after))),
      churned: sum((one) => (one.churned ? one.before : 0)),
    };
    return {
      cohort,
      n: known.length,
      leftOut: own.length - known.length,
      movement,
      gross: grossRetention(movement),
      net: netRetention(movement),
    };
  });
}

/** Buyers and others of the same size and age. */
export interface Stratum {
  readonly acv: string;
  readonly tenure: string;
  readonly attached: Share;
  readonly others: Share;
}

export interface Matched {
  readonly strata: readonly Stratum[];
  /** Buyers in strata with others to compare with, and those without. */
  readonly matched: number;
  readonly unmatched: number;
  /** Mean difference in churn, attached minus others, weighted by buyers; null = nobody to compare with. */
  readonly by: number | null;
  /** Of the same members without strata, to see what matching changes; null = nobody. */
  readonly plain: { readonly by: number; readonly interval: Interval } | null;
  /** What would belong there too and is not known here. */
  readonly notMatchedBy: readonly string[];
}

const ACV_BANDS = [25_000, 100_000, 250_000] as const;
const TENURE_BANDS = [1, 3] as const;

/** Compares like with like as far as facts go. Buyers choose themselves: it is still not causal. */
export function matchedChurn(members: readonly CohortMember[], policy: Policy): Matched {
  const groups = Map.groupBy(members, (one) => JSON.stringify([acvBand(one, policy), tenureBand(one)]));
  const strata = [...groups.values()].flatMap((own): readonly Stratum[] => {
    const [first] = own;
    if (first === undefined) return [];
    const { attached, others } = churnOf(own);
    return [{ acv: acvBand(first, policy), tenure: tenureBand(first), attached, others }];
  });
  const both = strata.filter((one) => one.attached.n > 0 && one.others.n > 0);
  const matched = both.reduce((sum, one) => sum + one.attached.n, 0);
  const weighed = both.reduce(
    (sum, one) => sum + one.attached.n * ((one.attached.share ?? 0) - (one.others.share ?? 0)),
    0,
  );
  const { attached, others } = churnOf(members);
  return {
    strata: strata.toSorted((a, b) => b.attached.n + b.others.n - a.attached.n - a.others.n),
    matched,
    unmatched: attached.n - matched,
    by: matched > 0 ? weighed / matched : null,
    plain: difference(attached, others),
    notMatchedBy: ["region"],
  };
}

function acvBand({ before }: CohortMember, policy: Policy): string {
  if (before === null) return "not known";
  const thousand = (value: number): string => `${value / 1_000}k`;
  const { base } = policy.currency;
  const at = ACV_BANDS.findIndex((edge) => before < edge);
  const [low, high] = [ACV_BANDS[at - 1], ACV_BANDS[at]];
  if (high === undefined) return `${base} ${thousand(ACV_BANDS.at(-1) ?? 0)} and more`;
  return low === undefined
    ? `below ${base} ${thousand(high)}`
    : `${base} ${thousand(low)} to ${thousand(high)}`;
}

function tenureBand({ tenureYears }: CohortMember): string {
  if (tenureYears === null) return "not known";
  if (tenureYears < TENURE_BANDS[0]) return "below a year";
  return tenureYears < TENURE_BANDS[1] ? "1 to 3 years" : "3 years and more";
}
