/** The README's generated parts: settings and verbs. `node test/readme-tables.ts --write` puts them in. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import type { z } from "zod";
import { connectorSettings } from "../src/assemble.ts";
import { ownSettings } from "../src/config.ts";

/** README.md with its generated parts as the code says they should be. */
export function readmeAsItShouldBe(current: string): string {
  return between(between(current, "settings", settingsTable()), "verbs", verbsTable());
}

function between(text: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(open) + open.length;
  const to = text.indexOf(close);
  if (to < 0) throw new Error(`README.md lacks ${open} … ${close}`);
  return `${text.slice(0, from)}\n${content}\n${text.slice(to)}`;
}

function settingsTable(): string {
  const rows = [ownSettings, ...connectorSettings].flatMap((schema) =>
    Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, type]) => {
      const fallback = type.safeParse(undefined);
      const value = fallback.success && fallback.data !== undefined ? `\`${String(fallback.data)}\`` : "";
      return `| \`${name}\` | ${type.description ?? ""} | ${value} |`;
    }),
  );
  return ["| setting | what | default |", "|---|---|---|", ...rows].join("\n");
}

function verbsTable(): string {
  const help = execFileSync(process.execPath, ["src/cli.ts", "--help"], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", COLUMNS: "400" },
  });
  const lines = help
    .slice(help.indexOf("Commands:"))
    .replace(/\n {20,}(?=\S)/g, " ")
    .split("\n")
    .slice(1);
  const rows = lines.flatMap((line) => {
    const [, verb, what] = /^ {2}(\S.*?) {2,}(\S.*)$/.exec(line) ?? [];
    return verb === undefined || verb.startsWith("help")
      ? []
      : [`| \`${verb.replace(" [options]", "").replaceAll("|", "\\|")}\` | ${what} |`];
  });
  return ["| verb | does |", "|---|---|", ...rows].join("\n");
}

if (process.argv.includes("--write"))
  writeFileSync("README.md", readmeAsItShouldBe(readFileSync("README.md", "utf8")));
