/** Points with their ranges on one scale, as a report has them; the table below says the same in figures. */
import { getColor } from "@zendeskgarden/react-theming";
import { lazy, Suspense, useMemo } from "react";
import { type DefaultTheme, useTheme } from "styled-components";
import type { Answer } from "../client.ts";
import { Loading } from "./states.tsx";

/** As it is told. */
export type Plot = NonNullable<Answer<"get /reports/{name}/shown">["parts"][number]["plot"]>;

/** The drawing library is loaded where there is something to draw. */
const Chart = lazy(() => import("./chart.tsx").then((m) => ({ default: m.Chart })));

const ROW_HEIGHT = 26;
/** Above and below the rows: names of lines, and the scale. */
const AROUND = 64;

/** The plot; `label` stands in for it where it cannot be seen. */
export function ReportPlot({ plot, label }: { readonly plot: Plot; readonly label: string }) {
  const theme = useTheme();
  const option = useMemo(() => optionOf(plot, theme), [plot, theme]);
  const height = plot.rows.length * ROW_HEIGHT + AROUND;
  return (
    <Suspense fallback={<Loading lines={Math.min(8, plot.rows.length)} />}>
      <Chart option={option} label={label} height={height} />
    </Suspense>
  );
}

function optionOf({ scale, lines, rows }: Plot, theme: DefaultTheme) {
  const place = (value: number): number =>
    scale.logarithmic ? Math.log(Math.max(value, scale.from, 1e-9)) : value;
  const colors = colorsOf(theme);
  const names = (texts: readonly string[], position: "left" | "right", color: string) => ({
    type: "category",
    inverse: true,
    position,
    data: texts,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color, interval: 0, width: 320, overflow: "truncate" },
  });
  const ticks = scale.ticks.map(({ at }) => place(at));
  const label = (value: number): string => scale.ticks.find(({ at }) => near(place(at), value))?.label ?? "";
  return {
    grid: { left: 0, right: 0, top: 30, bottom: 4, containLabel: true },
    xAxis: {
      type: "value",
      min: place(scale.from),
      max: place(scale.to),
      splitLine: { show: false },
      axisTick: { show: false },
      axisLabel: { customValues: ticks, color: colors.quiet, formatter: label },
    },
    yAxis: [
      names(
        rows.map((row) => row.label),
        "left",
        colors.text,
      ),
      names(
        rows.map((row) => row.note),
        "right",
        colors.quiet,
      ),
    ],
    series: [
      gridLines(ticks, colors.line),
      markLines(lines, place, colors.text),
      ...marksOf(rows, place, colors),
    ],
  };
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-9 * Math.max(1, Math.abs(a));
}

type Colors = ReturnType<typeof colorsOf>;

function colorsOf(theme: DefaultTheme) {
  const of = (variable: string): string => getColor({ theme, variable });
  return {
    good: of("foreground.success"),
    bad: of("foreground.danger"),
    doubt: of("foreground.warning"),
    quiet: of("foreground.subtle"),
    text: of("foreground.default"),
    line: of("border.subtle"),
  };
}

const STILL = { symbol: "none", silent: true, animation: false } as const;

function gridLines(ticks: readonly number[], color: string) {
  const data = ticks.map((xAxis) => ({ xAxis }));
  return {
    type: "scatter",
    data: [],
    markLine: { ...STILL, data, label: { show: false }, lineStyle: { color, type: "solid", width: 1 } },
  };
}

/** Values to compare with, drawn through all rows. */
function markLines(lines: Plot["lines"], place: (value: number) => number, color: string) {
  return {
    type: "scatter",
    data: [],
    markLine: {
      ...STILL,
      data: lines.map(({ at, label }) => ({ xAxis: place(at), label: { formatter: label } })),
      label: { show: true, position: "start", color },
      lineStyle: { color, type: "dashed", width: 1.4 },
    },
  };
}

/** For every row a line from low to high, and the point on it. */
function marksOf(rows: Plot["rows"], place: (value: number) => number, colors: Colors) {
  const ranges = rows.map(({ low, high, tone }, i) => ({
    type: "line",
    data: [
      [place(low), i],
      [place(high), i],
    ],
    symbol: "none",
    silent: true,
    lineStyle: { color: colors[tone], width: 3, opacity: 0.55, cap: "round" },
  }));
  const points = {
    type: "scatter",
    symbolSize: 10,
    silent: true,
    data: rows.map(({ point, tone }, i) => ({
      value: [place(point), i],
      itemStyle: { color: colors[tone] },
    })),
  };
  return [...ranges, points];
}
