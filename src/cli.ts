#!/usr/bin/env node
/** The command line: one verb a line, each in its own file under `commands/`. The only place that ends the process. */
import { Command, CommanderError } from "commander";
import { addConsole } from "./cli-console.ts";
import { addProvision } from "./cli-provision.ts";
import { addReports } from "./cli-report.ts";
import { addStoreVerbs } from "./cli-store.ts";
import { ConfigProblem, NeedsAdmin, Paused, StoreUnavailable } from "./errors.ts";

const program = new Command("priority-support")
  .description(
    "Keeps the promise of priority support: CRM tier → help-desk record → every new ticket rewritten, verified.",
  )
  .exitOverride()
  .configureOutput({
    outputError: (text, write) =>
      write(
        `${text.trim()}\nfix: Run \`priority-support --help\`, or \`priority-support VERB --help\` for an example.\n`,
      ),
  })
  .showHelpAfterError(false);

function verb(usage: string, description: string, example: string): Command {
  return program
    .command(usage)
    .description(description)
    .addHelpText("after", `\nExample:\n  $ priority-support ${example}`);
}

async function ends(run: () => Promise<number> | number): Promise<void> {
  process.exitCode = await run();
}

verb("serve", "run the service: webhooks, workers, CRM sync", "serve --simulate")
  .option("--simulate", "decide and record, write nothing outside")
  .option("--setup", "loopback only, without webhooks and writes, before there is a webhook secret")
  .action((options) => ends(async () => (await import("./commands/serve.ts")).serveCommand(options)));
verb("demo", "the main job on a sandbox Zendesk and HubSpot, no account needed", "demo --once --json")
  .option("--once", "end after the script of tickets")
  .option("--json", "print one JSON document (implies --once)")
  .option(
    "--scenario <year>",
    "play a year first and report on it: faster, label-only or at-standards-cost (half a minute)",
  )
  .option("--pages <folder>", "put the year's reports there as pages; left out = a new temporary folder")
  .action((options) => ends(async () => (await import("./commands/demo.ts")).demoCommand(options)));
verb("check", "is everything in order? both sides, the policy, webhook and SLA order", "check --json")
  .option("--json", "print one JSON document")
  .option("--canary", "send a test ticket through the running service, then solve it")
  .option(
    "--requester <email>",
    "in whose name the test ticket is made (default: an address that takes no mail)",
  )
  .action((options) => ends(async () => (await import("./commands/check.ts")).checkCommand(options)));
addProvision(verb, ends);
verb("sync", "CRM → help desk and label back, once", "sync --dry-run")
  .option("--full", "read every record, not only changed ones")
  .option("--dry-run", "show what would be written; write nothing")
  .option("--account <id>", "only this CRM record")
  .option(
    "--unmatched",
    "list all accounts without an organization, all in review, and mail domains without an account",
  )
  .option("--json", "print one JSON document")
  .action((options) => ends(async () => (await import("./commands/sync.ts")).syncCommand(options)));
verb(
  "decide",
  "offline: cases as JSON Lines on stdin, one result a line",
  "decide --policy policy.yaml < cases.jsonl",
)
  .requiredOption("--policy <file>", "the policy file")
  .action((options) => ends(async () => (await import("./commands/decide.ts")).decideCommand(options)));
verb("explain [ticket]", "why a ticket, or an account, is as it is", "explain 4711")
  .option("--account <id>", "explain this account instead")
  .option("--json", "print one JSON document")
  .action((ticket, options) =>
    ends(async () => (await import("./commands/explain.ts")).explainCommand(ticket, options)),
  );
addStoreVerbs(verb, ends);
verb("guard <action> [run]", "changes held by the mass-change brake: list, approve, reject", "guard list")
  .option("--by <who>", "who decides, for the history; default the signed-in user")
  .option("--json", "print one JSON document")
  .action((action, run, options) =>
    ends(async () => (await import("./commands/guard.ts")).guardCommand(action, run, options)),
  );
addConsole(verb, ends);
addReports(verb, ends);

const policy = program.command("policy").description("look at a policy file");
policy
  .command("lint <file>")
  .description("every finding with its fix; exit 1 on an error")
  .option("--json", "print one JSON document")
  .addHelpText("after", "\nExample:\n  $ priority-support policy lint policy.yaml")
  .action((file, options) =>
    ends(async () => (await import("./commands/policy.ts")).lintCommand(file, options)),
  );
policy
  .command("preview <file>")
  .description(
    "this policy against today's accounts and open tickets: who goes up, who goes down, what it costs",
  )
  .option("--json", "print one JSON document")
  .addHelpText("after", "\nExample:\n  $ priority-support policy preview policy.yaml")
  .action((file, options) =>
    ends(async () => (await import("./commands/policy-preview.ts")).previewCommand(file, options)),
  );
policy
  .command("schema")
  .description("the JSON schema of the policy file, for editors")
  .addHelpText("after", "\nExample:\n  $ priority-support policy schema > policy.schema.json")
  .action(() => ends(async () => (await import("./commands/policy.ts")).schemaCommand()));

// A reader such as `head` that has seen enough is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = await failed(error);
}

/** Expected failures in words with a fix; anything else is our bug and says so. */
async function failed(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { complain } = await import("./commands/terminal.ts");
  if (error instanceof ConfigProblem) {
    complain(error.message);
    return 2;
  }
  if (error instanceof NeedsAdmin || error instanceof Paused) {
    complain(
      `${error.message}\nfix: ${error.fix ?? "Wait and run it again; the upstream is closed to us at the moment."}`,
    );
    return error instanceof NeedsAdmin ? 2 : 1;
  }
  if (error instanceof StoreUnavailable) {
    const why = error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
    complain(
      `the store cannot be used: ${why}\nfix: See that DATABASE_URL names a place with room that this user may write to, or a database that runs and lets this user in.`,
    );
    return 1;
  }
  complain(
    `${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\nfix: Run it again with LOG_LEVEL=debug; if it stays, report it as a bug.`,
  );
  return 1;
}
