/** What a person sees: tables, progress, colours; and how a command ends. Nothing here decides anything. */
import { SingleBar } from "cli-progress";
import Table from "cli-table3";
import colours from "picocolors";

/** Exit codes of every verb: fine, the answer is "problems found", wrong usage or configuration. */
export const EXIT = { fine: 0, problems: 1, usage: 2 } as const;

/** One line on stdout. */
export function say(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** One line on stderr. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** One JSON document on stdout and nothing else. */
export function sayJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/**
 * A table with a head row: as wide as its content, and on a terminal no wider than that; cells are then wrapped at
 * blanks and never cut, so that ids can still be copied.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number | undefined = process.stdout.columns,
): string {
  const all = [head, ...rows];
  const natural = head.map((_, column) => Math.max(...all.map((row) => longest(row[column], "\n"))));
  const words = head.map((_, column) => Math.max(...all.map((row) => longest(row[column], /\s/))));
  const widths = columns === undefined ? natural : fitted(natural, words, columns);
  const made = new Table({
    head: wrapped(head, widths),
    style: { head: [], border: [] },
    colWidths: widths.map((width) => width + PADDING),
  });
  for (const row of rows) made.push(wrapped(row, widths));
  return made.toString();
}

/** One blank on either side of a cell's text. */
const PADDING = 2;
/** A column is not narrowed further than this, even where the terminal is too small. */
const NARROWEST = 8;

function longest(cell = "", between: string | RegExp): number {
  return Math.max(...cell.split(between).map((part) => part.length));
}

/** Narrows the widest column until all fit: first down to the longest word, so that ids stay whole, then further. */
function fitted(natural: readonly number[], words: readonly number[], columns: number): readonly number[] {
  const widths = [...natural];
  const lines = widths.length * (PADDING + 1) + 1;
  let over = lines + widths.reduce((sum, one) => sum + one, 0) - columns;
  for (const least of [words, words.map(() => NARROWEST)])
    for (; over > 0; over -= 1) {
      const room = widths.map((width, column) => (width > (least[column] ?? 0) ? width : 0));
      const widest = Math.max(...room);
      if (widest <= NARROWEST) break;
      widths[room.indexOf(widest)] = widest - 1;
    }
  return widths;
}

function wrapped(row: readonly string[], widths: readonly number[]): string[] {
  return row.map((cell, column) =>
    cell
      .split("\n")
      .flatMap((line) => linesOf(line, widths[column] ?? line.length))
      .join("\n"),
  );
}

/** A line in pieces of at most `width`, taken apart at blanks; a longer word is continued on the next line. */
function linesOf(line: string, width: number): readonly string[] {
  if (line.length <= width) return [line];
  const blank = line.lastIndexOf(" ", width);
  const end = blank > 0 ? blank : width;
  return [line.slice(0, end), ...linesOf(line.slice(blank > 0 ? end + 1 : end), width)];
}

export interface ProgressBar {
  /** `total` may be unknown at first. */
  update(done: number, total?: number): void;
  stop(): void;
}

/** A progress bar on a terminal; silent where stderr is none. */
export function progress(label: string): ProgressBar {
  if (!process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total}`,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    barsize: 24,
  });
  bar.start(1, 0);
  let top = 1;
  return {
    update(done, total) {
      top = Math.max(top, total ?? done);
      bar.setTotal(top);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}

export { colours };
