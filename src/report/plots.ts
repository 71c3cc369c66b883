/** Plots as SVG that takes its colours from the page: light, dark and print alike, no script, text stays text. */
import { escaped } from "./markup.ts";
import type { Plot, PlotRow } from "./shown.ts";

const SCALE_WIDTH = 360;
/** Room for a character of the page's font in a plot, widest case. */
const CHARACTER = 6.9;
const GAP = 14;
const ROW_HEIGHT = 26;
const TOP = 26;
const BOTTOM = 26;

/** One plot; an empty text where there is nothing to draw. Colours and line widths are the page's classes. */
export function svgOf(plot: Plot): string {
  if (plot.rows.length === 0) return "";
  const bottom = TOP + plot.rows.length * ROW_HEIGHT;
  const left = roomFor(plot.rows.map((row) => row.label));
  const width = left + SCALE_WIDTH + roomFor(plot.rows.map((row) => row.note));
  const place = placing(plot.scale, left);
  const ticks = plot.scale.ticks.map(({ at, label }) => {
    const x = place(at);
    return `<line class="grid" x1="${x}" y1="${TOP}" x2="${x}" y2="${bottom}"/><text class="tick" x="${x}" y="${bottom + 17}">${escaped(label)}</text>`;
  });
  const lines = plot.lines.map(({ at, label }) => {
    const x = place(at);
    return `<line class="mark" x1="${x}" y1="${TOP - 6}" x2="${x}" y2="${bottom}"/><text class="tick marked" x="${x}" y="${TOP - 11}">${escaped(label)}</text>`;
  });
  const rows = plot.rows.map((row, i) => rowOf(row, TOP + (i + 0.5) * ROW_HEIGHT, left, place));
  return `<svg class="plot" width="${width}" viewBox="0 0 ${width} ${bottom + BOTTOM}" role="img" aria-label="${escaped(plot.title)}">${[...ticks, ...lines, ...rows].join("")}</svg>`;
}

function rowOf(
  { label, point, low, high, note, tone }: PlotRow,
  y: number,
  left: number,
  place: Place,
): string {
  const [from, to, at] = [place(low), place(high), place(point)];
  return [
    `<g class="${tone}"><title>${escaped(`${label}: ${note}`)}</title>`,
    `<text class="label" x="${left - GAP}" y="${y + 4}">${escaped(label)}</text>`,
    `<line class="range" x1="${from}" y1="${y}" x2="${to}" y2="${y}"/>`,
    `<circle class="point" cx="${at}" cy="${y}" r="5"/>`,
    `<text class="note" x="${left + SCALE_WIDTH + GAP}" y="${y + 4}">${escaped(note)}</text></g>`,
  ].join("");
}

function roomFor(texts: readonly string[]): number {
  return Math.ceil(Math.max(...texts.map((text) => text.length)) * CHARACTER) + 2 * GAP;
}

type Place = (value: number) => number;

/** Value → x, kept inside the scale and rounded to a tenth. */
function placing({ from, to, logarithmic }: Plot["scale"], left: number): Place {
  const at = (value: number): number => (logarithmic ? Math.log(Math.max(value, 1e-9)) : value);
  const span = at(to) - at(from);
  return (value) => {
    const part = span > 0 ? (at(value) - at(from)) / span : 0.5;
    return Math.round((left + Math.min(1, Math.max(0, part)) * SCALE_WIDTH) * 10) / 10;
  };
}
