/** Verbs that prove and tell: reports, and documents for customers. */
import type { Command } from "commander";

/** Adds a verb with its example. */
type AddVerb = (usage: string, description: string, example: string) => Command;
/** Runs a verb and keeps its exit code. */
type Ends = (run: () => Promise<number> | number) => Promise<void>;

/** Adds `report`. */
export function addReports(verb: AddVerb, ends: Ends): void {
  verb(
    "report <name>",
    "is the promise kept, is the higher tier served better: attainment, differentiation",
    "report attainment --since 2026-04-01 --until 2026-07-01 --format html --out attainment.html",
  )
    .option(
      "--since <day>",
      "first day of the window, or a moment with its offset; left out = 90 days before its end",
    )
    .option("--until <day>", "day the window ends with its beginning, or a moment; left out = now")
    .option("--format <format>", "text, json, html or csv", "text")
    .option("--out <file>", "write into this file instead of stdout")
    .action((name, options) =>
      ends(async () => (await import("./commands/report.ts")).reportCommand(name, options)),
    );
}
