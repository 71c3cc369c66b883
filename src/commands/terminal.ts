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

/** A table with a head row, as wide as its content. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths?: readonly (number | null)[],
): string {
  const made = new Table({
    head: [...head],
    wordWrap: true,
    style: { head: [], border: [] },
    ...(widths === undefined ? {} : { colWidths: [...widths] }),
  });
  for (const row of rows) made.push([...row]);
  return made.toString();
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
