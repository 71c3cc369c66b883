/** The data-quality report as people see it. */
import type { DataQualityReport } from "./data-quality.ts";
import { counted, percent } from "./figures.ts";
import { wilson } from "./proportions.ts";
import type { QualityLine } from "./quality-lines.ts";
import type { Cell, Plot, PlotRow, Shown, ShownPart, Tone } from "./shown.ts";

const VERDICTS: Readonly<Record<QualityLine["verdict"], { readonly text: string; readonly tone: Tone }>> = {
  good: { text: "good", tone: "good" },
  bad: { text: "to be done", tone: "bad" },
  look: { text: "look at it", tone: "doubt" },
  no_data: { text: "nothing to count", tone: "quiet" },
};

/** Records named on a page and in text; the rest is in JSON and CSV. */
const SHOWN = 20;

/** What is not as it should be and what to do about it; then every line; then the first records behind each. */
export function dataQualityShown(report: DataQualityReport): Shown {
  const bad = report.lines.filter((one) => one.verdict === "bad");
  const look = report.lines.filter((one) => one.verdict === "look");
  const { promise } = report;
  return {
    frame: report.frame,
    clock: "real time",
    lead: [
      ...(bad.length === 0 ? [{ text: "Every goal is reached.", tone: "good" as const }] : bad.map(sentence)),
      ...look.map(sentence),
      ...(promise === null
        ? []
        : [
            `Of the ${promise.minutes} minutes promised by ${promise.tierName}, agents have ${promise.minutesLeft.toFixed(1)} in 19 of 20 cases: the rest passes before our write.`,
          ]),
    ],
    parts: [linesPart(report.lines), namesPart(report.lines)],
  };
}

function sentence(line: QualityLine): Cell {
  return { text: `${line.title}: ${valueText(line)}. ${line.fix}`, tone: VERDICTS[line.verdict].tone };
}

function valueText({ id, value, unit, n, share }: QualityLine): string {
  if (value === null) return "–";
  if (unit === "seconds") return `${value < 10 ? value.toFixed(1) : Math.round(value)} s (n ${n})`;
  // Parked deliveries wait as long as nobody looks: they are no part of the window's tickets.
  if (id === "failed_writes") return String(value);
  return share === null ? `${value} of ${n}` : `${value} of ${counted(n, "ticket")}, ${percent(share)}`;
}

function goalText({ goal, unit, share }: QualityLine): string {
  if (goal === null) return "–";
  if (unit === "seconds") return `${goal} s or less`;
  return share === null && goal === 0 ? "none" : `below ${percent(goal)}`;
}

function linesPart(lines: readonly QualityLine[]): ShownPart {
  return {
    id: "lines",
    title: "What is counted, and what is good",
    about: "Reports and tiers are only as good as these. What to do stands above, with what is not good.",
    plot: plotOf(lines),
    table: {
      head: ["What", "Now", "Goal", ""],
      figures: [1, 2],
      rows: lines.map((one) => [
        one.title,
        valueText(one),
        one.id === "unmatched_tickets" ? `below ${percent(one.goal ?? 0)}` : goalText(one),
        VERDICTS[one.verdict],
      ]),
      empty: "",
    },
    data: lines.map(({ id, value, unit, n, share, goal, verdict, fix }) => ({
      line: id,
      value,
      unit,
      n,
      share,
      goal,
      verdict,
      id: null,
      name: null,
      detail: null,
      fix,
    })),
  };
}

function namesPart(lines: readonly QualityLine[]): ShownPart {
  const rows = lines.flatMap((line) =>
    line.id === "write_delay" && line.verdict === "good"
      ? []
      : line.names.map((one) => ({ ...one, line: line.id, title: line.title })),
  );
  const first = lines.flatMap((line) => rows.filter((one) => one.line === line.id).slice(0, SHOWN));
  return {
    id: "names",
    title: "The records behind them",
    about: `The first ${SHOWN} of each; --format json and --format csv name up to a thousand.`,
    plot: null,
    table: {
      head: ["What", "Record", "Name", "Detail"],
      figures: [],
      rows: first.map(({ title, id, name, detail }) => [title, id, name ?? "–", detail]),
      empty: "None.",
    },
    data: rows.map(({ line, id, name, detail }) => ({
      line,
      value: null,
      unit: null,
      n: null,
      share: null,
      goal: null,
      verdict: null,
      id,
      name,
      detail,
      fix: null,
    })),
  };
}

const DRAWN_TO = 0.1;

/** How large a part of what there is goes wrong, with its interval. */
function plotOf(lines: readonly QualityLine[]): Plot | null {
  const rows = lines.flatMap((line): readonly PlotRow[] => {
    if (
      line.value === null ||
      line.n === 0 ||
      line.unit === "seconds" ||
      line.id === "failed_writes" ||
      line.value > line.n
    )
      return [];
    const point = line.value / line.n;
    return [
      {
        label: line.title,
        point,
        ...wilson(line.value, line.n),
        note: `${percent(point)}, n ${line.n}`,
        tone: VERDICTS[line.verdict].tone,
      },
    ];
  });
  if (rows.length === 0) return null;
  const highest = Math.max(DRAWN_TO, ...rows.map((one) => one.high));
  const to = Math.min(1, Math.ceil(highest * 10) / 10);
  const ticks = Array.from({ length: 6 }, (_, i) => ({
    at: (to * i) / 5,
    label: `${Math.round((to * i * 100) / 5)}%`,
  }));
  return {
    title: "Part of what there is that is not as it should be, with its 95% interval",
    scale: { from: 0, to, logarithmic: false, ticks },
    lines: [],
    rows,
  };
}
