/** What it costs those who pay for nothing more, as people see it. */
import type { StandardsCost } from "./differentiation.ts";
import { minutesText, priorityText, shareText } from "./figures.ts";
import type { Cell, Plot, PlotRow, ShownPart, Tone } from "./shown.ts";

const VERDICTS: Readonly<Record<StandardsCost["verdict"], { readonly text: string; readonly tone: Tone }>> = {
  worse: { text: "worse than before", tone: "bad" },
  not_worse: { text: "not worse", tone: "good" },
  not_enough_data: { text: "not enough data", tone: "quiet" },
};

/** The lowest tier against its own past and its own target. */
export function costPart(cost: readonly StandardsCost[]): ShownPart {
  return {
    id: "cost",
    title: "What it costs standard customers",
    about:
      "The lowest tier against itself in the window of the same length before: first reply in calendar time. Worse = fewer are answered within the time that half of them took before, and not by chance. The last two figures are against its own target, on the target's clock.",
    plot: plotOf(cost),
    table: {
      head: [
        "Tier",
        "Priority",
        "Before: n",
        "P50",
        "P90",
        "Now: n",
        "P50",
        "P90",
        "In target before",
        "In target now",
        "Verdict",
      ],
      figures: [2, 3, 4, 5, 6, 7, 8, 9],
      rows: cost.map(cellsOf),
      empty: "The lowest tier has no tickets that are old enough in either window.",
    },
    data: cost.map(dataOf),
  };
}

function cellsOf({ tierName, priority, before, now, inTarget, verdict }: StandardsCost): readonly Cell[] {
  return [
    tierName,
    priorityText(priority),
    String(before.n),
    minutesText(before.p50),
    minutesText(before.p90),
    String(now.n),
    minutesText(now.p50),
    minutesText(now.p90),
    inTarget === null ? "not promised" : shareText(inTarget.before),
    inTarget === null ? "not promised" : shareText(inTarget.now),
    VERDICTS[verdict],
  ];
}

function dataOf({
  tier,
  priority,
  before,
  now,
  inTarget,
  verdict,
}: StandardsCost): ShownPart["data"][number] {
  return {
    tier,
    priority,
    before_n: before.n,
    before_p50_minutes: before.p50,
    before_p90_minutes: before.p90,
    n: now.n,
    p50_minutes: now.p50,
    p90_minutes: now.p90,
    within_minutes: inTarget?.minutes ?? null,
    before_in_target: inTarget?.before.share ?? null,
    in_target: inTarget?.now.share ?? null,
    verdict,
  };
}

const TICKS = [1, 5, 15, 60, 240, 480, 1_440, 4_320, 10_080, 43_200] as const;

/** Half of the replies at the dot, nine of ten at the end of the line. */
function plotOf(cost: readonly StandardsCost[]): Plot | null {
  const rows = cost.flatMap(({ priority, before, now, verdict }): readonly PlotRow[] =>
    (
      [
        ["before", before, "quiet"],
        ["now", now, VERDICTS[verdict].tone],
      ] as const
    ).flatMap(([when, { n, p50, p90 }, tone]) =>
      p50 === null || p90 === null
        ? []
        : [
            {
              label: `${priorityText(priority)}, ${when}`,
              point: p50,
              low: p50,
              high: p90,
              note: `P50 ${minutesText(p50)}, P90 ${minutesText(p90)}, n ${n}`,
              tone,
            },
          ],
    ),
  );
  if (rows.length === 0) return null;
  const lowest = Math.min(...rows.map((row) => row.low));
  const highest = Math.max(...rows.map((row) => row.high));
  const from = TICKS.filter((tick) => tick <= lowest).at(-1) ?? 0.5;
  const to = TICKS.find((tick) => tick >= highest) ?? highest;
  return {
    title:
      "First replies of the lowest tier before and now: half at the dot, nine of ten at the end of the line",
    scale: {
      from,
      to: to > from ? to : from * 2,
      logarithmic: true,
      ticks: TICKS.filter((tick) => tick >= from && tick <= to).map((at) => ({ at, label: minutesText(at) })),
    },
    lines: [],
    rows,
  };
}
