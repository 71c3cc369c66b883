/** What a played year has shown, as a person reads it in a terminal. */
import type { YearReports } from "../demo/year-reports.ts";
import { differentiationShown } from "../report/differentiation-shown.ts";
import { plotLines } from "../report/plot-text.ts";
import { type Cell, type Tone, toneOf, wordsOf } from "../report/shown.ts";
import type { YearVersion } from "../sandbox/year.ts";
import { colours } from "./terminal.ts";

const STORIES: Readonly<Record<YearVersion, string>> = {
  faster: "each tier is really answered sooner than the one below",
  "label-only": "every tier is answered alike: it is a label only",
  "at-standards-cost":
    "the higher tiers are answered sooner, and since half a year standard customers pay for it",
};

/** The line under the demo's title, before the year begins. */
export function yearTitle(version: YearVersion): string {
  return `First a year of tickets, played fast: ${STORIES[version]}.`;
}

const PAINT: Readonly<Record<Tone, (text: string) => string>> = {
  good: colours.green,
  bad: colours.red,
  doubt: colours.yellow,
  quiet: colours.dim,
};

/** The verdicts, a plot of them, what they cost others, and where the pages lie. */
export function yearLines(
  reports: YearReports,
  pages: readonly string[],
  columns: number,
): readonly string[] {
  const { state, differentiation } = reports;
  const shown = differentiationShown(differentiation);
  const drawn = shown.parts.filter(({ id }) => id === "first_reply" || id === "cost");
  const paint = (text: string, tone: Tone): string => PAINT[tone](text);
  const count = (n: number): string => n.toLocaleString("en-US");
  return [
    "",
    colours.bold("What the year shows"),
    `${count(state.tickets)} tickets and ${count(state.events)} events of their clocks were read by the help desk's exports;`,
    "compared is the second half of the year, each tier with the one below.",
    "",
    ...shown.lead.flatMap((cell) => painted(cell, columns)),
    ...drawn.flatMap(({ title, plot }) =>
      plot === null ? [] : ["", colours.bold(title), ...plotLines(plot, columns, paint)],
    ),
    "",
    "All reports as pages:",
    ...pages.map((path) => `  ${colours.cyan(path)}`),
    "",
  ];
}

function painted(cell: Cell, columns: number): readonly string[] {
  const tone = toneOf(cell);
  const [first = "", ...rest] = wrapped(wordsOf(cell), columns - 2);
  const paint = (text: string): string => (tone === null ? text : PAINT[tone](text));
  return [`${paint("●")} ${first}`, ...rest.map((line) => `  ${line}`)];
}

function wrapped(text: string, width: number): readonly string[] {
  return text.split(" ").reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
    return lines;
  }, []);
}
