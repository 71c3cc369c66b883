/** The differentiation report as people see it. */

import { costPart } from "./cost-shown.ts";
import type { DifferentiationReport, DifferentiationRow } from "./differentiation.ts";
import { METRIC_WORDS, minutesText, percent, pointsText, priorityText, ratioText } from "./figures.ts";
import type { Cell, Plot, PlotRow, Shown, ShownPart, Tone } from "./shown.ts";

const VERDICTS: Readonly<
  Record<DifferentiationRow["verdict"], { readonly text: string; readonly tone: Tone }>
> = {
  different: { text: "different", tone: "good" },
  not_shown: { text: "not shown", tone: "doubt" },
  inverted: { text: "inverted", tone: "bad" },
  not_enough_data: { text: "not enough data", tone: "quiet" },
};

/** A sentence for every pair of tiers, alerts first; then plots and figures, and what others pay for it. */
export function differentiationShown(report: DifferentiationReport): Shown {
  const primary = report.rows.filter(isPrimary);
  const alerts = report.alerts.map(({ text }): Cell => ({ text, tone: "bad" }));
  const answers = primary.map(sentence);
  return {
    frame: report.frame,
    clock: "calendar time, what the customer lives through; opening hours are compared beside it",
    lead: alerts.length + answers.length === 0 ? [NOTHING] : [...alerts, ...answers],
    parts: [
      rowsPart(
        "first_reply",
        "First reply, in calendar time",
        "The verdict rests on these: how many more of the higher tier's tickets are answered within the higher tier's own target. Different = the whole 95% interval lies at ten points or more; inverted = the whole of it lies below zero.",
        primary,
      ),
      rowsPart(
        "beside",
        "Next reply, resolution, and opening hours",
        'An instant "we are on it" passes a first reply, but not these.',
        report.rows.filter((row) => !isPrimary(row)),
      ),
      costPart(report.cost),
    ],
  };
}

const NOTHING: Cell = {
  text: "No two neighbouring tiers have tickets that are old enough to be compared.",
  tone: "quiet",
};

function isPrimary(row: DifferentiationRow): boolean {
  return row.metric === "first_reply" && row.clock === "calendar";
}

function sentence(row: DifferentiationRow): Cell {
  const { higher, lower, by, interval, withinMinutes } = row.comparison;
  const { text, tone } = VERDICTS[row.verdict];
  const head = `${row.higherName} against ${row.lowerName}, ${row.priority}: ${text}`;
  const shares = `${higher.hits} of ${higher.n} against ${lower.hits} of ${lower.n} first replies within ${minutesText(withinMinutes)}`;
  const much =
    row.verdict === "not_enough_data" || by === null || interval === null
      ? ""
      : `, ${pointsText(by, interval)}`;
  return { text: `${head}. ${shares}${much}.`, tone };
}

function rowsPart(id: string, title: string, about: string, rows: readonly DifferentiationRow[]): ShownPart {
  return {
    id,
    title,
    about,
    plot: plotOf(title, rows),
    table: {
      head: [
        "Tiers",
        "Priority",
        "Metric",
        "Clock",
        "Within",
        "Higher",
        "n",
        "Lower",
        "n",
        "Difference (95%)",
        "Lower waits longer by",
        "Verdict",
      ],
      figures: [4, 5, 6, 7, 8, 9, 10],
      rows: rows.map(cellsOf),
      empty: "Nothing to compare in this window.",
    },
    data: rows.map(dataOf),
  };
}

function cellsOf(row: DifferentiationRow): readonly Cell[] {
  const { higher, lower, by, interval, withinMinutes, ratio } = row.comparison;
  return [
    `${row.higherName} / ${row.lowerName}`,
    priorityText(row.priority),
    METRIC_WORDS[row.metric],
    row.clock === "calendar" ? "calendar" : "opening hours",
    minutesText(withinMinutes),
    higher.share === null ? "–" : percent(higher.share),
    String(higher.n),
    lower.share === null ? "–" : percent(lower.share),
    String(lower.n),
    by === null || interval === null ? "–" : pointsText(by, interval),
    ratioText(ratio),
    VERDICTS[row.verdict],
  ];
}

function dataOf(row: DifferentiationRow): ShownPart["data"][number] {
  const { higher, lower, by, interval, withinMinutes, ratio } = row.comparison;
  return {
    higher: row.higher,
    lower: row.lower,
    priority: row.priority,
    metric: row.metric,
    clock: row.clock,
    within_minutes: withinMinutes,
    higher_hits: higher.hits,
    higher_n: higher.n,
    lower_hits: lower.hits,
    lower_n: lower.n,
    difference: by,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    ratio: ratio?.times ?? null,
    ratio_low: ratio?.interval.low ?? null,
    ratio_high: ratio?.interval.high ?? null,
    verdict: row.verdict,
  };
}

/** Only what is judged is drawn: an interval of a handful would fill the picture and say nothing. */
function plotOf(title: string, rows: readonly DifferentiationRow[]): Plot | null {
  const drawn = rows.flatMap((row): readonly PlotRow[] => {
    const { by, interval, higher, lower } = row.comparison;
    if (row.verdict === "not_enough_data" || by === null || interval === null || row.clock === "business")
      return [];
    const metric = isPrimary(row) ? "" : `, ${METRIC_WORDS[row.metric].toLowerCase()}`;
    return [
      {
        label: `${row.higherName} / ${row.lowerName}, ${row.priority}${metric}`,
        point: by,
        ...interval,
        note: `${pointsText(by, interval)}, n ${higher.n}/${lower.n}`,
        tone: VERDICTS[row.verdict].tone,
      },
    ];
  });
  if (drawn.length === 0) return null;
  const from = Math.min(-0.2, Math.floor(Math.min(...drawn.map((row) => row.low)) * 5) / 5);
  const to = Math.max(0.4, Math.ceil(Math.max(...drawn.map((row) => row.high)) * 5) / 5);
  const ticks = Array.from({ length: Math.round((to - from) * 5) + 1 }, (_, i) => {
    const at = from + i / 5;
    return { at, label: `${Math.round(at * 100)}` };
  });
  return {
    title: `${title}: difference in points with its 95% interval`,
    scale: { from, to, logarithmic: false, ticks },
    lines: [
      { at: 0, label: "0" },
      { at: 0.1, label: "+10" },
    ],
    rows: drawn,
  };
}
