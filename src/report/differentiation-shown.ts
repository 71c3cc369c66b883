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
  const alerts = ALERTS.flatMap(([kind, words]): readonly Cell[] => {
    const subjects = report.alerts.filter((one) => one.kind === kind).map((one) => one.subject);
    return subjects.length === 0 ? [] : [{ text: `${words}: ${subjects.join("; ")}.`, tone: "bad" }];
  });
  const pairs = Map.groupBy(primary, (row) => `${row.higherName} against ${row.lowerName}`);
  const answers = [...pairs].map(([pair, rows]) => sentence(pair, rows));
  return {
    frame: report.frame,
    clock:
      "calendar time, what the customer lives through; opening hours, for both tiers those of the higher one, are compared beside it",
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

const ALERTS = [
  ["inverted", "The wrong way round, the higher tier is answered later"],
  ["label_only", "A label only, no difference is shown for the second window in a row"],
  ["costs_standard", "Others pay for it, fewer are answered in the usual time than in the window before"],
] as const;

const WORST: readonly DifferentiationRow["verdict"][] = ["inverted", "not_shown", "different"];

/** All priorities of a pair, the worst verdict first. */
function sentence(pair: string, rows: readonly DifferentiationRow[]): Cell {
  const said = ([...WORST, "not_enough_data"] as const).flatMap((verdict) => {
    const own = rows.filter((row) => row.verdict === verdict);
    return own.length === 0 ? [] : [`${VERDICTS[verdict].text} for ${own.map(inBrief).join(", ")}`];
  });
  const worst = WORST.find((verdict) => rows.some((row) => row.verdict === verdict));
  return { text: `${pair}: ${said.join("; ")}.`, tone: VERDICTS[worst ?? "not_enough_data"].tone };
}

function inBrief({ priority, comparison: { by, higher, lower } }: DifferentiationRow): string {
  const points = by === null ? "" : `${by > 0 ? "+" : ""}${(by * 100).toFixed(1)} points, `;
  return `${priority} (${points}n ${higher.n}/${lower.n})`;
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
        ...(id === "first_reply" ? [] : ["Metric, clock"]),
        "Priority",
        "Within",
        "Higher",
        "n",
        "Lower",
        "n",
        "Difference (95%)",
        "Lower waits longer",
        "Verdict",
      ],
      figures: id === "first_reply" ? [2, 3, 4, 5, 6, 7, 8] : [3, 4, 5, 6, 7, 8, 9],
      rows: rows.map((row) => cellsOf(row, id !== "first_reply")),
      empty: "Nothing to compare in this window.",
    },
    data: rows.map(dataOf),
  };
}

function cellsOf(row: DifferentiationRow, several: boolean): readonly Cell[] {
  const { higher, lower, by, interval, withinMinutes, ratio } = row.comparison;
  return [
    `${row.higherName} / ${row.lowerName}`,
    ...(several
      ? [`${METRIC_WORDS[row.metric]}, ${row.clock === "calendar" ? "calendar" : "opening hours"}`]
      : []),
    priorityText(row.priority),
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
