/** What the programme earns, keeps and costs. Amounts are in the policy's base currency; a null says it cannot be told. */
import { difference, type Interval, type Share, shareOf } from "./proportions.ts";

/** Recurring revenue of a cohort over a period; new customers are left out. https://www.saasmetricsboard.com */
export interface RevenueMovement {
  readonly start: number;
  readonly expansion: number;
  /** What remaining customers pay less, a dropped add-on included. */
  readonly contraction: number;
  readonly churned: number;
}

/** Gross retention: what is left of the start without expansion; null = nothing at the start. */
export function grossRetention(m: RevenueMovement): number | null {
  return m.start > 0 ? (m.start - m.contraction - m.churned) / m.start : null;
}

/** Net retention: with expansion; null = nothing at the start. */
export function netRetention(m: RevenueMovement): number | null {
  return m.start > 0 ? (m.start + m.expansion - m.contraction - m.churned) / m.start : null;
}

/** Bought ÷ may buy, both at the same instant. */
export function attachRate(attached: number, eligible: number): Share {
  return shareOf(attached, eligible);
}

/** Recognised revenue of a subscription that ran `monthsActive` in the window. */
export function recognised(pricePerMonth: number, monthsActive: readonly number[]): number {
  return monthsActive.reduce((sum, months) => sum + pricePerMonth * months, 0);
}

/** Everything that "avoided loss" assumes; printed beside the figure. */
export interface AvoidedLossInputs {
  readonly attached: number;
  readonly churnWithout: number;
  readonly churnWith: number;
  readonly annualContractValue: number;
  readonly margin: number;
  readonly years: number;
}

/** Revenue kept if the whole difference in churn were due to the programme. */
export function avoidedLoss(i: AvoidedLossInputs): number {
  return i.attached * (i.churnWithout - i.churnWith) * i.annualContractValue * i.margin * i.years;
}

/** (gain − cost) ÷ cost; null = it costs nothing. */
export function returnOn(gain: number, cost: number): number | null {
  return cost > 0 ? (gain - cost) / cost : null;
}

/** Price a month at which fees pay the programme; null = nobody bought it. */
export function breakEvenPrice(annualCost: number, attached: number): number | null {
  return attached > 0 ? annualCost / attached / 12 : null;
}

/** Points of churn the programme must save to pay for itself beyond its fees; null = nothing to save on. */
export function breakEvenChurn(
  annualCost: number,
  fees: number,
  attached: number,
  annualContractValue: number,
): number | null {
  const base = attached * annualContractValue;
  return base > 0 ? (annualCost - fees) / base : null;
}

/** Churn of two cohorts and whether they can be told apart. */
export interface ChurnComparison {
  readonly attached: Share;
  readonly others: Share;
  readonly by: number | null;
  readonly interval: Interval | null;
  /** The interval of the difference covers zero. Buyers choose themselves: even a clear difference is no proof of cause. */
  readonly distinguishable: boolean;
}

/** Compares logo churn of customers attached at the start of the period with that of the others. */
export function compareChurn(attached: Share, others: Share): ChurnComparison {
  const found = difference(attached, others);
  return {
    attached,
    others,
    by: found?.by ?? null,
    interval: found?.interval ?? null,
    distinguishable: found !== null && (found.interval.low > 0 || found.interval.high < 0),
  };
}

/** Credit owed for a quarter: a share of its fee once misses exceed what the rule tolerates. */
export function serviceCredit(
  misses: number,
  feePerMonth: number,
  rule: { readonly toleratedMisses: number; readonly shareOfQuarter: number },
): number {
  return misses > rule.toleratedMisses ? rule.shareOfQuarter * feePerMonth * 3 : 0;
}
