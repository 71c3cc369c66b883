/** Verbs that look after a running installation and need nothing but its store. */
import type { Command } from "commander";

/** Adds a verb with its example. */
type AddVerb = (usage: string, description: string, example: string) => Command;
/** Runs a verb and keeps its exit code. */
type Ends = (run: () => Promise<number> | number) => Promise<void>;

const JSON_FLAG = ["--json", "print one JSON document"] as const;

/** Adds `pause`, `resume`, `replay`, `override`, `backup` and `forget`. */
export function addStoreVerbs(verb: AddVerb, ends: Ends): void {
  verb("pause", "write nothing outside until `resume`; webhooks are still accepted", "pause")
    .option(...JSON_FLAG)
    .action((options) => ends(async () => (await import("./commands/pause.ts")).pauseCommand(options)));
  verb("resume", "go on writing outside", "resume")
    .option(...JSON_FLAG)
    .action((options) => ends(async () => (await import("./commands/pause.ts")).resumeCommand(options)));
  verb(
    "replay [id]",
    "parked deliveries: list them, put one (or a ticket's) or all back to work",
    "replay --all",
  )
    .option("--all", "put all back")
    .option(...JSON_FLAG)
    .action((id, options) =>
      ends(async () => (await import("./commands/replay.ts")).replayCommand(id, options)),
    );
  addOverride(verb, ends);
  verb("backup <file>", "consistent copy of the store while services run", "backup store-2026-12-31.db")
    .option(...JSON_FLAG)
    .action((file, options) =>
      ends(async () => (await import("./commands/backup.ts")).backupCommand(file, options)),
    );
  verb("forget", "remove what is stored about a customer", "forget --organization 3900123 --yes")
    .requiredOption("--organization <id>", "the organization in the help desk")
    .option("--yes", "remove it; without it, only shown")
    .option(...JSON_FLAG)
    .action((options) => ends(async () => (await import("./commands/forget.ts")).forgetCommand(options)));
}

function addOverride(verb: AddVerb, ends: Ends): void {
  const override = verb(
    "override",
    "human exceptions: add, list, end",
    "override add --account hubspot:123 --kind floor --tier enterprise --reason 'Escalation 4711' --approved-by kim@acme.example --expires 2026-12-31",
  );
  const example = (text: string): string => `\nExample:\n  $ priority-support override ${text}`;
  const load = () => import("./commands/override.ts");
  override
    .command("add")
    .description("keep a new one; new tickets follow it at once")
    .requiredOption("--account <id>", "the CRM record")
    .requiredOption("--kind <kind>", "pin (exactly), floor (at least) or cap (at most)")
    .requiredOption("--tier <tier>", "the policy's id of the tier")
    .requiredOption("--reason <text>", "why, for whoever asks in a year")
    .requiredOption("--approved-by <who>", "who decided it")
    .requiredOption("--expires <day>", "last day, or a moment with its offset")
    .option("--starts <day>", "first day; left out = now")
    .option(...JSON_FLAG)
    .addHelpText(
      "after",
      example("add --account 123 --kind pin --tier pro --reason … --approved-by … --expires 2026-12-31"),
    )
    .action((options) => ends(async () => (await load()).overrideAddCommand(options)));
  override
    .command("list")
    .description("what is in force or comes, those of the policy file included")
    .option("--account <id>", "only this CRM record")
    .option("--history", "also what is over")
    .option(...JSON_FLAG)
    .addHelpText("after", example("list --history"))
    .action((options) => ends(async () => (await load()).overrideListCommand(options)));
  override
    .command("end <id>")
    .description("end one now; it stays in the history")
    .option("--by <who>", "who ends it, for the history")
    .option(...JSON_FLAG)
    .addHelpText("after", example("end ov-1a2b3c4d --by kim@acme.example"))
    .action((id, options) => ends(async () => (await load()).overrideEndCommand(id, options)));
}
