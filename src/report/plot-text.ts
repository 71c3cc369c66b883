/** A plot in plain characters, for a terminal. */
import type { Plot } from "./shown.ts";

/** The least that can still be read. */
const NARROWEST = 16;
const WIDEST = 48;

/**
 * Two lines a row: what it is, then its range with its point, the values to compare with, and the figures; last the scale.
 *
 * `columns` is what the terminal holds. `paint` colours a row's range by its tone.
 */
export function plotLines(
  { scale, lines, rows }: Plot,
  columns: number,
  paint: (text: string, tone: Plot["rows"][number]["tone"]) => string,
): readonly string[] {
  const longest = Math.max(...rows.map((row) => row.note.length));
  const width = Math.max(NARROWEST, Math.min(WIDEST, columns - longest - 5));
  const placeOf = (value: number): number => {
    const at = (x: number): number => (scale.logarithmic ? Math.log(x) : x);
    const share = (at(value) - at(scale.from)) / (at(scale.to) - at(scale.from));
    return Math.round(Math.min(1, Math.max(0, share)) * (width - 1));
  };
  const marks = new Set(lines.map((line) => placeOf(line.at)));
  const ground = Array.from({ length: width }, (_, i) => (marks.has(i) ? "┊" : "·"));
  return [
    ...rows.flatMap(({ label, low, high, point, note, tone }) => {
      const [from, to] = [placeOf(low), placeOf(high)];
      const range = ground.slice(from, to + 1).map((_, i) => (i + from === placeOf(point) ? "●" : "━"));
      const drawn = `${ground.slice(0, from).join("")}${paint(range.join(""), tone)}${ground.slice(to + 1).join("")}`;
      return [label, `  ${drawn}  ${note}`];
    }),
    `  ${labelled(scale.ticks, placeOf, width)}`,
  ];
}

/** As many labels as stand beside each other, each under its place. */
function labelled(ticks: Plot["scale"]["ticks"], placeOf: (value: number) => number, width: number): string {
  return ticks.reduce((line, { at, label }) => {
    const start = Math.min(placeOf(at), width - label.length);
    return start < line.length + (line === "" ? 0 : 2) ? line : line.padEnd(start) + label;
  }, "");
}
