/** A week as a grid of hours, drawn like the other plots: colours are the page's, text stays text. */
import { escaped } from "./markup.ts";
import type { Tone, WeekPlot } from "./shown.ts";

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const HOURS = 24;
const CELL = 24;
const LEFT = 44;
const TOP = 20;
const LEGEND = 28;
/** Room for a character of the legend, widest case. */
const CHARACTER = 6.9;
/** For print without colour: what must be looked at carries a sign. */
const SIGNS: Readonly<Record<Tone, string>> = { good: "", bad: "×", doubt: "?", quiet: "" };

/** One week; days down, hours across, each hour with its words on hover and for screen readers. */
export function weekSvg({ title, hours, legend }: WeekPlot): string {
  const bottom = TOP + DAYS.length * CELL;
  const marks = [0, 3, 6, 9, 12, 15, 18, 21].map(
    (hour) => `<text class="hour" x="${LEFT + hour * CELL}" y="${TOP - 6}">${hour}:00</text>`,
  );
  const days = DAYS.map(
    (day, row) => `<text class="day" x="${LEFT - 10}" y="${TOP + (row + 0.5) * CELL + 4}">${day}</text>`,
  );
  const cells = hours.map(({ tone, text }, i) => {
    const [x, y] = [LEFT + (i % HOURS) * CELL, TOP + Math.floor(i / HOURS) * CELL];
    const when = `${DAYS[Math.floor(i / HOURS)] ?? ""} ${i % HOURS}:00`;
    return `<g class="${tone}"><title>${escaped(`${when}: ${text}`)}</title><rect class="cell" x="${x}" y="${y}" width="${CELL}" height="${CELL}"/>${signAt(tone, x + CELL / 2, y + CELL / 2)}</g>`;
  });
  const below = legendOf(legend, bottom + LEGEND);
  const width = Math.max(LEFT + HOURS * CELL + 2, below.width);
  return `<svg class="week" width="${width}" viewBox="0 0 ${width} ${bottom + LEGEND + 8}" role="img" aria-label="${escaped(title)}">${[...marks, ...days, ...cells, below.svg].join("")}</svg>`;
}

function signAt(tone: Tone, x: number, y: number): string {
  const sign = SIGNS[tone];
  return sign === "" ? "" : `<text class="sign" x="${x}" y="${y + 3.5}">${sign}</text>`;
}

function legendOf(legend: WeekPlot["legend"], y: number): { readonly svg: string; readonly width: number } {
  let x = LEFT;
  const parts = legend.map(({ tone, text }) => {
    const at = x;
    x += 26 + text.length * CHARACTER;
    return `<g class="${tone}"><rect class="cell" x="${at}" y="${y - 11}" width="14" height="14"/>${signAt(tone, at + 7, y - 4)}</g><text class="note" x="${at + 20}" y="${y}">${escaped(text)}</text>`;
  });
  return { svg: parts.join(""), width: Math.ceil(x) };
}
