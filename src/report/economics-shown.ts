/** The economics report as people see it: n and interval beside every figure, fees alone before anything that is assumed. */
import type { Retention } from "./cohorts.ts";
import { matchedPart, retentionPart } from "./cohorts-shown.ts";
import type { EconomicsReport } from "./economics.ts";
import { amountText, counted, percent, pointsText, shareText } from "./figures.ts";
import type { Share } from "./proportions.ts";
import { returnsPart, returnsSentences } from "./returns-shown.ts";
import type { Cell, Plot, PlotRow, Shown, ShownPart, Tone } from "./shown.ts";

/** Attach, revenue, churn, retention, and last whether it pays. */
export function economicsShown(report: EconomicsReport): Shown {
  return {
    frame: report.frame,
    clock: `months of the calendar: ${report.months.toFixed(1)}`,
    lead: [
      attachSentence(report),
      revenueSentence(report),
      churnSentence(report),
      ...retentionSentence(report.retention),
      ...returnsSentences(report.returns, report.currency),
    ],
    parts: [
      attachPart(report),
      revenuePart(report),
      churnPart(report),
      retentionPart(report.retention, report.currency),
      returnsPart(report.returns, report.currency),
      matchedPart(report.matched),
    ],
  };
}

function attachSentence({ attach: { atEnd, ofStart } }: EconomicsReport): Cell {
  if (atEnd.n === 0)
    return { text: "Nobody may buy the package yet: there is nothing to tell.", tone: "quiet" };
  return `${atEnd.hits} of ${counted(atEnd.n, "account")} that may buy it have it, ${shareText(atEnd)}; of the ${ofStart.n} that might at the start, ${ofStart.hits} have it now.`;
}

function revenueSentence({ runRate, recognised, currency, months, withoutPrice }: EconomicsReport): Cell {
  const unpriced =
    withoutPrice.length === 0 ? "" : ` ${withoutPrice.join(", ")} has no list price and is in no amount.`;
  return {
    text: `Run-rate ${amountText(runRate, currency)} a year at list price; recognised in these ${months.toFixed(1)} months: ${amountText(recognised, currency)}.${unpriced}`,
    tone: withoutPrice.length === 0 ? "quiet" : "doubt",
  };
}

/** "Not distinguishable" is said before any difference is. */
function churnSentence({ churn }: EconomicsReport): Cell {
  const { attached, others, by, interval, distinguishable } = churn;
  const sides = `${attached.hits} of ${attached.n} with the package left, ${others.hits} of ${others.n} without it`;
  if (by === null || interval === null)
    return { text: `Churn: ${sides}; there are not two sides to compare.`, tone: "quiet" };
  if (!distinguishable)
    return {
      text: `Churn: ${sides}. Not distinguishable: the difference of ${pointsText(by, interval)} may be chance.`,
      tone: "doubt",
    };
  return {
    text: `Churn: ${sides}: ${pointsText(by, interval)}. Customers chose themselves: correlation, not cause.`,
    tone: by < 0 ? "good" : "bad",
  };
}

function retentionSentence(retention: readonly Retention[]): readonly Cell[] {
  const all = retention.find((one) => one.cohort === "all");
  if (all === undefined || all.gross === null || all.net === null) return [];
  return [
    `Of the revenue at the start ${percent(all.gross)} is left (GRR), ${percent(all.net)} with expansion (NRR); n ${all.n}${all.leftOut === 0 ? "" : `, ${all.leftOut} without a known ARR left out`}.`,
  ];
}

function attachPart({ attach }: EconomicsReport): ShownPart {
  const rows = [
    ["at_end", "Bought ÷ may buy, both at the end", attach.atEnd],
    ["of_start", "Of those who might buy at the start: have it at the end", attach.ofStart],
  ] as const;
  return {
    id: "attach",
    title: "Who bought it",
    about: "May buy: a customer with the tier that the add-on asks for (requires_tier).",
    plot: null,
    table: {
      head: ["", "Bought", "n", "Attach rate (95%)"],
      figures: [1, 2, 3],
      rows: rows.map(([, what, share]) => [what, String(share.hits), String(share.n), shareText(share)]),
      empty: "",
    },
    data: rows.map(([what, , share]) => ({ what, ...shareData(share) })),
  };
}

function shareData({ hits, n, share, interval }: Share) {
  return { hits, n, share, low: interval?.low ?? null, high: interval?.high ?? null };
}

function revenuePart({ addons, currency, runRate, recognised, months }: EconomicsReport): ShownPart {
  return {
    id: "revenue",
    title: "What it brings",
    about: `Run-rate is what a year would bring if all stayed as it is at the end; recognised is what these ${months.toFixed(1)} months brought. Both by the policy's list prices, for the CRM gives none.`,
    plot: null,
    table: {
      head: ["Add-on", "Accounts", "Price a month", "Run-rate a year", "Months in force", "Recognised"],
      figures: [1, 2, 3, 4, 5],
      rows: [
        ...addons.map((one): readonly Cell[] => [
          one.sku,
          String(one.attached),
          one.pricePerMonth === null
            ? { text: "no price", tone: "doubt" }
            : amountText(one.pricePerMonth, currency),
          amountText(one.runRate, currency),
          one.months.toFixed(1),
          amountText(one.recognised, currency),
        ]),
        ...(addons.length < 2
          ? []
          : [
              [
                "All with a price",
                "",
                "",
                amountText(runRate, currency),
                "",
                amountText(recognised, currency),
              ],
            ]),
      ],
      empty: "The policy sells no add-on.",
    },
    data: addons.map((one) => ({
      sku: one.sku,
      attached: one.attached,
      price_per_month: one.pricePerMonth,
      run_rate: one.runRate,
      months: one.months,
      recognised: one.recognised,
      currency,
    })),
  };
}

function churnPart({ churn }: EconomicsReport): ShownPart {
  const { attached, others, by, interval, p, distinguishable } = churn;
  const rows = [
    ["With the package at the start", attached],
    ["Without it", others],
  ] as const;
  const left = churn.churned.map((one) => ({ ...one, how: "left" }));
  const dropped = churn.dropped.map((one) => ({
    ...one,
    attached: true,
    how: "dropped the package, stayed",
  }));
  const names = [...left, ...dropped];
  return {
    id: "churn",
    title: "Who left",
    about: `Customers present at the start, by whether they had the package then. ${
      by === null || interval === null
        ? "There are not two sides to compare."
        : `Difference ${pointsText(by, interval)} (Newcombe), Fisher p = ${(p ?? 1).toFixed(3)}: ${distinguishable ? "distinguishable" : "not distinguishable"}.`
    }`,
    plot: churnPlot(rows),
    table: {
      head: ["Account", "Package at the start", "What happened"],
      figures: [],
      rows: names.map(({ accountId, name, attached: had, how }) => [
        name ?? accountId,
        had ? "yes" : "no",
        how,
      ]),
      empty: "Nobody left, and nobody dropped the package.",
    },
    data: [
      ...rows.map(([what, share]) => ({ what, ...shareData(share), account: null, account_name: null })),
      {
        what: "difference",
        hits: null,
        n: attached.n + others.n,
        share: by,
        low: interval?.low ?? null,
        high: interval?.high ?? null,
        account: null,
        account_name: null,
      },
      ...names.map(({ accountId, name, how }) => ({
        ...{ what: how, hits: null, n: null, share: null, low: null, high: null },
        account: accountId,
        account_name: name,
      })),
    ],
  };
}

function churnPlot(sides: readonly (readonly [string, Share])[]): Plot | null {
  const rows = sides.flatMap(([label, { share, interval, n, hits }], i): readonly PlotRow[] => {
    if (share === null || interval === null) return [];
    const tone: Tone = i === 0 ? "good" : "quiet";
    return [{ label, point: share, ...interval, note: `${percent(share)}, ${hits} of ${n}`, tone }];
  });
  if (rows.length === 0) return null;
  const to = Math.min(1, Math.ceil(Math.max(0.2, ...rows.map((row) => row.high)) * 10) / 10);
  const ticks = Array.from({ length: Math.round(to * 10) + 1 }, (_, i) => ({
    at: i / 10,
    label: `${i * 10}%`,
  }));
  return {
    title: "Churn of customers with and without the package, with 95% intervals",
    scale: { from: 0, to, logarithmic: false, ticks },
    lines: [],
    rows,
  };
}
