/** Retention, and buyers beside others of the same size and age, as people see them. */
import type { Matched, Retention } from "./cohorts.ts";
import { amountText, percent, pointsText, shareText } from "./figures.ts";
import type { Cell, ShownPart } from "./shown.ts";

const COHORTS: Readonly<Record<Retention["cohort"], string>> = {
  all: "All who might buy",
  attached: "With the package at the start",
  others: "Without it",
};

/** Gross and net retention of each cohort. */
export function retentionPart(retention: readonly Retention[], currency: string): ShownPart {
  return {
    id: "retention",
    title: "What is left of the revenue",
    about:
      "GRR = (start − contraction − churn) ÷ start, NRR with expansion; new customers are in neither (SaaS Metrics Standards Board).",
    plot: null,
    table: {
      head: ["Cohort", "n", "No ARR", "Start", "Expansion", "Contraction", "Churn", "GRR", "NRR"],
      figures: [1, 2, 3, 4, 5, 6, 7, 8],
      rows: retention.map(({ cohort, n, leftOut, movement: m, gross, net }): readonly Cell[] => [
        COHORTS[cohort],
        String(n),
        leftOut === 0 ? "0" : { text: String(leftOut), tone: "doubt" },
        amountText(m.start, currency),
        amountText(m.expansion, null),
        amountText(m.contraction, null),
        amountText(m.churned, null),
        gross === null ? "–" : percent(gross),
        net === null ? "–" : percent(net),
      ]),
      empty: "",
    },
    data: retention.map(({ cohort, n, leftOut, movement, gross, net }) => ({
      cohort,
      n,
      left_out: leftOut,
      ...movement,
      grr: gross,
      nrr: net,
      currency,
    })),
  };
}

/** Strata of contract value and tenure; labelled for what it is not. */
export function matchedPart({ strata, matched, unmatched, by, plain, notMatchedBy }: Matched): ShownPart {
  const found =
    by === null
      ? "No buyer has others of the same size and age to be compared with."
      : `Difference in churn, weighted by buyers: ${(by * 100).toFixed(1)} points for ${matched} buyers with others to compare with (${unmatched} without)${plain === null ? "" : `; without matching ${pointsText(plain.by, plain.interval)}`}.`;
  return {
    id: "matched",
    title: "Buyers beside others of the same size and age: not causal",
    about: `${found} Matched by contract value and tenure at the start; ${notMatchedBy.join(", ")} is not known here. Whoever buys differs in more than that: this shows no cause.`,
    plot: null,
    table: {
      head: ["Contract value", "Tenure", "With: churn", "n", "Without: churn", "n"],
      figures: [2, 3, 4, 5],
      rows: strata.map((one) => [
        one.acv,
        one.tenure,
        shareText(one.attached),
        String(one.attached.n),
        shareText(one.others),
        String(one.others.n),
      ]),
      empty: "Nobody might buy at the start.",
    },
    data: strata.map(({ acv, tenure, attached, others }) => ({
      acv,
      tenure,
      attached_churned: attached.hits,
      attached_n: attached.n,
      others_churned: others.hits,
      others_n: others.n,
    })),
  };
}
