/** Verbs that set up the help desk: `init`, `plan`, `apply`, `undo`, `backfill`, `uninstall`. */
import type { Command } from "commander";

/** Adds a verb with its example. */
type AddVerb = (usage: string, description: string, example: string) => Command;
/** Runs a verb and keeps its exit code. */
type Ends = (run: () => Promise<number> | number) => Promise<void>;

const JSON_FLAG = ["--json", "print one JSON document"] as const;
const ADOPT_FLAG = [
  "--adopt",
  "somebody else's objects of the same name become ours, and theirs may be passed in an order",
] as const;

/** Adds them all. */
export function addProvision(verb: AddVerb, ends: Ends): void {
  verb("init", "write a first policy from the real HubSpot properties and Zendesk groups", "init").action(
    () => ends(async () => (await import("./commands/init.ts")).initCommand()),
  );
  verb("plan", "policy → help desk: what `apply` would create, change and put in order", "plan --json")
    .option(...ADOPT_FLAG)
    .option(...JSON_FLAG)
    .action((options) => ends(async () => (await import("./commands/plan.ts")).planCommand(options)));
  verb(
    "apply",
    "set up the help desk for the policy: fields, groups, SLA policies, triggers, webhook, views",
    "apply",
  )
    .option("--yes", "do it without asking")
    .option(...ADOPT_FLAG)
    .option(...JSON_FLAG)
    .action((options) => ends(async () => (await import("./commands/apply.ts")).applyCommand(options)));
  verb(
    "undo [run]",
    "put back what a run, or live ticket writes (--tickets --since), changed; people's later edits stay and are listed",
    "undo 3f2b6c1e-8a47-4b0e-9a53-0d6c2f1e7b90",
  )
    .option("--tickets", "what was written on tickets as they came in, instead of a run")
    .option("--since <moment>", "with --tickets: since when, for example 2026-06-09T14:00Z")
    .option("--dry-run", "show what would be put back")
    .option("--release", "let the service make the undone changes again")
    .option(...JSON_FLAG)
    .action((run, options) =>
      ends(async () => (await import("./commands/undo.ts")).undoCommand(run, options)),
    );
  verb(
    "backfill",
    "tickets that were open before: decide them once, after a preview, at the pace of the lowest lane",
    "backfill --new-only",
  )
    .option("--new-only", "tickets that nobody has taken up yet")
    .option("--open-too", "also open, pending and on-hold tickets")
    .option("--dry-run", "only the preview")
    .option("--yes", "do it without asking")
    .option(...JSON_FLAG)
    .action((options) => ends(async () => (await import("./commands/backfill.ts")).backfillCommand(options)));
  verb("uninstall", "take away what `apply` made; values stay unless --clear-values", "uninstall --yes")
    .option("--yes", "do it without asking")
    .option("--clear-values", "empty our organization fields and remove them, too")
    .option(...JSON_FLAG)
    .action((options) =>
      ends(async () => (await import("./commands/uninstall.ts")).uninstallCommand(options)),
    );
}
