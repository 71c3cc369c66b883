/** `console link` and `console app`: letting somebody in, and the app for the help desk. */
import type { Command } from "commander";

/** Adds a verb with its example. */
type AddVerb = (usage: string, description: string, example: string) => Command;
/** Runs a verb and keeps its exit code. */
type Ends = (run: () => Promise<number> | number) => Promise<void>;

/** Adds `console`. */
export function addConsole(verb: AddVerb, ends: Ends): void {
  const parent = verb(
    "console",
    "the web console: a sign-in link, the app for the help desk",
    "console link --email kim@acme.example --role admin",
  );
  const load = () => import("./commands/console.ts");
  parent
    .command("link")
    .description("one-time sign-in address for a named person, good for 10 minutes")
    .requiredOption("--email <address>", "who signs in: stands in the history of what they change")
    .requiredOption("--role <role>", "agent (reads) or admin (changes)")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      "\nExample:\n  $ priority-support console link --email kim@acme.example --role admin",
    )
    .action((options) => ends(async () => (await load()).linkCommand(options)));
  parent
    .command("app [file]")
    .description("write the Zendesk app as a zip for Admin Center > Apps > Zendesk Support apps")
    .option("--json", "print one JSON document")
    .addHelpText("after", "\nExample:\n  $ priority-support console app priority-support-app.zip")
    .action((file, options) => ends(async () => (await load()).appCommand(file, options)));
  parent
    .command("openapi")
    .description("the description of the JSON API")
    .addHelpText("after", "\nExample:\n  $ priority-support console openapi > openapi.json")
    .action(() => ends(async () => (await load()).openApiCommand()));
}
