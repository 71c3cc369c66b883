/** What was done, or would be, step by step, in words. */
import type { JournalEntry, LeftLine, UndoneLine } from "../ports.ts";
import type { Carried } from "./carry-out.ts";
import { KIND_WORDS } from "./kind-words.ts";
import type { Step } from "./steps.ts";

type Told = Pick<Step, "kind" | "name"> & { readonly write: Step["write"] | JournalEntry["write"] };

/** What a step is called in a report: `trigger "Hours of Pro"`. */
export function calledBy({ kind, name }: Pick<Step, "kind" | "name">): string {
  return name === "order" ? `order of ${KIND_WORDS[kind].many}` : `${KIND_WORDS[kind].one} "${name}"`;
}

/** A step that puts something back. */
export function backLine(step: Told): UndoneLine {
  return { what: calledBy(step), did: didBy(step.write) };
}

function didBy(write: Told["write"]): string {
  switch (write.do) {
    case "create":
      return "made again";
    case "remove":
      return "removed";
    case "reorder":
      return "put back";
    case "change":
      return `put back: ${Object.keys("fields" in write ? write.fields : write.after).join(", ")}`;
  }
}

/** Everything that was not done: what the desk refused, and why the rest was not tried. */
export function failedLines({ refused, stopped }: Pick<Carried, "refused" | "stopped">): readonly LeftLine[] {
  const lines = refused.map(({ step, why, fix }) => ({ what: calledBy(step), why, fix }));
  return stopped === null
    ? lines
    : [
        ...lines,
        {
          what: "everything behind that",
          why: stopped.message,
          fix: "Run it again: it goes on where it stopped.",
        },
      ];
}
