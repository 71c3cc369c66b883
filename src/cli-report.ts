/** Verbs that prove and tell: reports, and documents for customers. */
import type { Command } from "commander";

/** Adds a verb with its example. */
type AddVerb = (usage: string, description: string, example: string) => Command;
/** Runs a verb and keeps its exit code. */
type Ends = (run: () => Promise<number> | number) => Promise<void>;

/** Adds `report` and `document`. */
export function addReports(verb: AddVerb, ends: Ends): void {
  verb(
    "report <name>",
    "is the promise kept, is it worth it, can we keep it: attainment, differentiation, capacity, health, data-quality, economics",
    "report attainment --since 2026-04-01 --until 2026-07-01 --format html --out attainment.html\n  $ priority-support report capacity --enter enterprise=50000",
  )
    .option(
      "--since <day>",
      "first day of the window, or a moment with its offset; left out = 90 days before its end, a year for economics",
    )
    .option("--until <day>", "day the window ends with its beginning, or a moment; left out = now")
    .option("--format <format>", "text, json, html or csv", "text")
    .option("--out <file>", "write into this file instead of stdout")
    .option(
      "--enter <tier=arr...>",
      "capacity: what if this tier were open from this ARR on; nothing is changed",
    )
    .option(
      "--signals <file>",
      "health: JSON Lines of what others measure: account, sentiment, usage, usage_change",
    )
    .action((name, options) =>
      ends(async () => (await import("./commands/report.ts")).reportCommand(name, options)),
    );
  const document = verb(
    "document",
    "papers for customers, made from the policy and the records",
    "document sla --tier enterprise --out sla.html",
  );
  document
    .command("sla")
    .description("what a tier promises, line by line, and nothing the policy does not say")
    .requiredOption("--tier <tier>", "the policy's id of the tier")
    .option("--account <id>", "made out to this CRM record, which must have the tier")
    .option("--format <format>", "html (made to be printed) or markdown", "html")
    .option("--out <file>", "write into this file instead of stdout")
    .addHelpText("after", "\nExample:\n  $ priority-support document sla --tier enterprise --out sla.html")
    .action((options) => ends(async () => (await import("./commands/document.ts")).slaCommand(options)));
  document
    .command("qbr")
    .description(
      "business review of an account: promised and delivered, every missed time, what the plan bought",
    )
    .requiredOption("--account <id>", "the CRM record")
    .option("--since <day>", "first day of the period; left out = 90 days before its end")
    .option("--until <day>", "day the period ends with its beginning; left out = now")
    .option("--internal", "for us: causes from our records and cost to serve")
    .option("--format <format>", "html (made to be printed) or markdown", "html")
    .option("--out <file>", "write into this file instead of stdout")
    .addHelpText(
      "after",
      "\nExample:\n  $ priority-support document qbr --account 123 --since 2026-04-01 --until 2026-07-01 --out qbr.html",
    )
    .action((options) => ends(async () => (await import("./commands/document.ts")).qbrCommand(options)));
}
