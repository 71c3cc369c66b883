/** Whether it pays, as people see it: fees alone first, then with what may have been avoided, every assumption beside it. */
import { amountText, counted, percent } from "./figures.ts";
import type { AvoidedLoss, Returns } from "./returns.ts";
import type { Cell, Datum, ShownPart } from "./shown.ts";

/** Fees alone, then the whole; what cannot be told says why. */
export function returnsSentences(it: Returns, currency: string): readonly Cell[] {
  const { cost, fees, onFees, full, avoided, missing } = it;
  return [
    ...(cost === null || onFees === null
      ? []
      : [
          {
            text: `On fees alone it returns ${signed(onFees)}: ${amountText(fees, currency)} of fees against ${amountText(cost, currency)} of cost.`,
            tone: onFees >= 0 ? ("good" as const) : ("bad" as const),
          },
        ]),
    ...(avoided === null || full === null
      ? []
      : [
          {
            text: `With an avoided loss of ${amountText(avoided.amount, currency)} it returns ${signed(full)}. That figure assumes ${assumptions(avoided, currency)}.${doubt(avoided)}`,
            tone: avoided.distinguishable && full >= 0 ? ("good" as const) : ("doubt" as const),
          },
        ]),
    ...missing.map((text): Cell => ({ text, tone: "quiet" })),
  ];
}

function signed(share: number): string {
  return `${share > 0 ? "+" : ""}${percent(share)}`;
}

function assumptions(a: AvoidedLoss, currency: string): string {
  const from = a.churnFrom === "policy" ? "as the policy assumes" : "as observed";
  const acv = a.acvFrom === "policy" ? "the policy's figure" : `mean ARR of ${a.acvN}`;
  return `${counted(a.attached, "account")}, churn of ${percent(a.churnWith)} instead of ${percent(a.churnWithout)} without it (${from}), a contract value of ${amountText(a.acv, currency)} (${acv}), ${counted(a.years, "year")} and a margin of ${percent(a.margin)}`;
}

function doubt({ churnFrom, distinguishable }: AvoidedLoss): string {
  if (churnFrom === "policy") return " The churn is assumed, not observed.";
  return distinguishable ? "" : " The difference in churn may be chance: do not count on it.";
}

/** Every figure of the return, in the order in which it may be believed. */
export function returnsPart(it: Returns, currency: string): ShownPart {
  const rows = rowsOf(it, currency);
  return {
    id: "returns",
    title: "Does it pay?",
    about:
      "Fees alone come first: they are paid. Avoided loss rests on a comparison that nobody assigned, and on what is assumed beside it. Costs: economics of the policy.",
    plot: null,
    table: {
      head: ["What", "Amount", "How"],
      figures: [1],
      rows: rows.map(({ what, text, how }) => [what, text, how]),
      empty: "",
    },
    data: rows.map(({ id, what, value, how }) => ({ figure: id, what, value, how, currency })),
  };
}

interface Row {
  readonly id: string;
  readonly what: string;
  readonly value: Datum;
  readonly text: string;
  readonly how: string;
}

function rowsOf(it: Returns, currency: string): readonly Row[] {
  const { avoided } = it;
  const amount = (id: string, what: string, value: number | null, how: string): Row => ({
    ...{ id, what, value, how },
    text: amountText(value, currency),
  });
  const share = (id: string, what: string, value: number | null, how: string): Row => ({
    ...{ id, what, value, how },
    text: value === null ? "–" : signed(value),
  });
  const span = avoided?.interval ?? null;
  const range =
    span === null
      ? ""
      : `; from the interval of the difference: ${amountText(span.low, currency)} to ${amountText(span.high, currency)}`;
  return [
    amount(
      "fees",
      "Fees of the period",
      it.fees,
      `run-rate at list price × ${it.periodYears.toFixed(2)} years`,
    ),
    amount(
      "cost",
      "Cost of the period",
      it.cost,
      it.tams === null ? "not known" : `${it.tams.toFixed(2)} TAMs, on-call, seats and tools`,
    ),
    share("return_on_fees", "Return on fees alone", it.onFees, "(fees − cost) ÷ cost"),
    amount(
      "avoided_loss",
      "Avoided loss",
      avoided?.amount ?? null,
      avoided === null ? "not told" : `${assumptions(avoided, currency)}${range}.${doubt(avoided)}`,
    ),
    share("return_full", "Return with it", it.full, "(fees + avoided loss − cost) ÷ cost"),
    amount(
      "cost_per_account",
      "Cost an account a year",
      it.costPerAccount,
      "cost ÷ accounts that have the package",
    ),
    amount(
      "break_even_price",
      "Break-even price a month",
      it.breakEvenPrice,
      "at which fees alone pay, with as many buyers",
    ),
    {
      id: "break_even_churn",
      what: "Break-even difference in churn",
      value: it.breakEvenChurn,
      text: it.breakEvenChurn === null ? "–" : `${(it.breakEvenChurn * 100).toFixed(1)} points`,
      how: "that would have to be due to the package to pay for the rest",
    },
  ];
}
