/** Does the programme pay: what it costs, what it brings by fees alone, and with the loss it may have avoided. */
import type { Economics, Policy } from "../policy/model.ts";
import type { Churn } from "./cohorts.ts";
import { avoidedLoss, breakEvenChurn, breakEvenPrice, returnOn } from "./money-formulas.ts";

/** Everything "avoided loss" assumes, and from where; printed beside the figure, always. */
export interface AvoidedLoss {
  readonly attached: number;
  readonly churnWith: number;
  readonly churnWithout: number;
  readonly churnFrom: "observed" | "policy";
  readonly acv: number;
  readonly acvFrom: "policy" | "mean ARR of attached accounts";
  /** Accounts the mean is of; 0 with the policy's figure. */
  readonly acvN: number;
  readonly margin: number;
  readonly years: number;
  readonly amount: number;
  /** From the interval of the observed difference; null = assumed, so there is none. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** false = the observed difference may be chance: do not count on it. */
  readonly distinguishable: boolean;
}

/** Amounts of the period in the base currency. Each null says in `missing` why it cannot be told. */
export interface Returns {
  readonly periodYears: number;
  readonly tams: number | null;
  readonly cost: number | null;
  readonly costPerAccount: number | null;
  /** At run-rate, at list price. */
  readonly fees: number;
  /** (fees − cost) ÷ cost: comes first. */
  readonly onFees: number | null;
  readonly avoided: AvoidedLoss | null;
  /** The same with the avoided loss. */
  readonly full: number | null;
  /** Price a month at which fees alone pay. */
  readonly breakEvenPrice: number | null;
  /** Difference in churn that would have to be due to the programme to pay for the rest. */
  readonly breakEvenChurn: number | null;
  readonly missing: readonly string[];
}

export interface ReturnsInput {
  readonly policy: Policy;
  readonly attached: number;
  readonly runRate: number;
  readonly periodYears: number;
  readonly churn: Churn;
  /** Mean ARR of attached accounts, and of how many; null = of none. */
  readonly meanArr: { readonly amount: number; readonly n: number } | null;
}

/** All of it, as far as the policy's `economics` goes. */
export function returnsOf(input: ReturnsInput): Returns {
  const { policy, attached, runRate, periodYears } = input;
  const economics = policy.economics;
  const tams = economics === null ? null : (economics.tams ?? tamsFor(policy, attached));
  const annual = economics === null || tams === null ? null : costOf(economics, tams);
  const cost = annual === null ? null : annual * periodYears;
  const fees = runRate * periodYears;
  const avoided = avoidedOf(input);
  const worth = avoided === null ? null : avoided.acv * avoided.margin * avoided.years;
  return {
    periodYears,
    tams,
    cost,
    costPerAccount: annual === null || attached === 0 ? null : annual / attached,
    fees,
    onFees: cost === null ? null : returnOn(fees, cost),
    avoided,
    full: cost === null || avoided === null ? null : returnOn(fees + avoided.amount, cost),
    breakEvenPrice: annual === null ? null : breakEvenPrice(annual, attached),
    breakEvenChurn:
      annual === null || worth === null ? null : breakEvenChurn(annual, runRate, attached, worth),
    missing: missingIn(input, avoided, tams),
  };
}

/** Accounts ÷ accounts_per_tam of the tier that the add-ons grant; null = it states none. */
function tamsFor(policy: Policy, attached: number): number | null {
  const granted = policy.addons.map((one) => one.grants);
  const each = policy.tiers.find((one) => granted.includes(one.id))?.capacity.accountsPerTam ?? null;
  return each === null || each === 0 ? null : attached / each;
}

function costOf(e: Economics, tams: number): number | null {
  if (e.tamCostYear === null && tams > 0) return null;
  return (
    tams * Number(e.tamCostYear ?? 0) +
    Number(e.onCallCostYear) +
    Number(e.extraSeatsCostYear) +
    Number(e.toolsCostYear)
  );
}

function avoidedOf({ policy, attached, churn, meanArr }: ReturnsInput): AvoidedLoss | null {
  const e = policy.economics;
  if (e === null) return null;
  const churnWith = e.churnWith ?? churn.attached.share;
  const churnWithout = e.churnWithout ?? churn.others.share;
  const acv = e.acv === null ? (meanArr?.amount ?? null) : Number(e.acv);
  if (churnWith === null || churnWithout === null || acv === null) return null;
  const observed = e.churnWith === null && e.churnWithout === null;
  const parts = {
    attached,
    churnWith,
    churnWithout,
    annualContractValue: acv,
    margin: e.margin,
    years: e.years,
  };
  const each = attached * acv * e.margin * e.years;
  return {
    ...{ attached, churnWith, churnWithout, acv, margin: e.margin, years: e.years },
    churnFrom: observed ? "observed" : "policy",
    acvFrom: e.acv === null ? "mean ARR of attached accounts" : "policy",
    acvN: e.acv === null ? (meanArr?.n ?? 0) : 0,
    amount: avoidedLoss(parts),
    // The comparison is attached minus others; what is avoided is the other way round.
    interval:
      observed && churn.interval !== null
        ? { low: -churn.interval.high * each, high: -churn.interval.low * each }
        : null,
    distinguishable: observed && churn.distinguishable,
  };
}

function missingIn(
  { policy, meanArr, churn }: ReturnsInput,
  avoided: AvoidedLoss | null,
  tams: number | null,
) {
  const e = policy.economics;
  if (e === null) return ["The policy has no `economics`: costs, returns and avoided loss are not told."];
  return [
    ...(tams === null
      ? ["How many TAMs there are is not known: state economics.tams, or accounts_per_tam of the tier."]
      : []),
    ...(e.tamCostYear === null
      ? ["economics.tam_cost_year is missing: costs and returns are not told."]
      : []),
    ...(avoided !== null ? [] : [whyNoLoss(e, meanArr !== null, churn)]),
  ];
}

function whyNoLoss(e: Economics, hasArr: boolean, churn: Churn): string {
  if (e.acv === null && !hasArr)
    return "No attached account has an ARR in a known currency: avoided loss is not told.";
  const side = (e.churnWith ?? churn.attached.share) === null ? "with" : "without";
  return `Nobody was a customer ${side} the package at the start: avoided loss is not told.`;
}
