/** A report in plain text, for a terminal or a mail. */
import { counted, momentText } from "./figures.ts";
import type { ReportFrame } from "./frame.ts";
import { type Shown, wordsOf } from "./shown.ts";

/** Draws a table: head and rows. */
export type DrawTable = (head: readonly string[], rows: readonly (readonly string[])[]) => string;

/** Title, what it is about, the answer, every table, then how to read it. */
export function textOf({ frame, clock, lead, parts }: Shown, draw: DrawTable): string {
  return [
    frame.title,
    ...aboutLines(frame, clock),
    "",
    ...lead.map((cell) => `- ${wordsOf(cell)}`),
    ...parts.flatMap(({ title, about, table }) => [
      "",
      title,
      about,
      table.rows.length === 0
        ? table.empty
        : draw(
            table.head,
            table.rows.map((row) => row.map(wordsOf)),
          ),
    ]),
    "",
    ...frame.notes,
  ].join("\n");
}

/** Window, zone, clock, n and what was left out, a line each. */
export function aboutLines(frame: ReportFrame, clock: string): readonly string[] {
  const { window, timezone, through, tickets, leftOut, madeAt, of } = frame;
  return [
    `${of?.what ?? "Tickets created"} from ${momentText(window.from, timezone)} until ${momentText(window.until, timezone)} (${timezone})`,
    `Clock: ${clock}`,
    of === undefined ? `n = ${counted(tickets, "ticket")}; left out: ${leftOutText(leftOut)}` : `n = ${of.n}`,
    `Made ${momentText(madeAt, timezone)}; the help desk's events are in ${through === null ? "not at all yet: run the service, or wait for its first round" : `up to ${momentText(through, timezone)}`}`,
  ];
}

/** `12 merged, 3 spam`, or `none`. */
export function leftOutText(leftOut: ReportFrame["leftOut"]): string {
  return leftOut.length === 0
    ? "none"
    : leftOut.map(({ reason, tickets }) => `${tickets} ${REASON_WORDS[reason]}`).join(", ");
}

const REASON_WORDS: Readonly<Record<ReportFrame["leftOut"][number]["reason"], string>> = {
  merged: "merged",
  spam: "spam",
  deleted: "deleted",
  internal: "internal",
  self: "opened by agents for themselves",
  skip: "marked to be left alone",
  canary: "our own tests",
  before_installation: "without a decision of their creation (older than the installation)",
};
