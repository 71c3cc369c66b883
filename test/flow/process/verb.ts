/** A verb of the command line, run beside the service as an operator runs it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Rig } from "./rig.ts";

const CLI = fileURLToPath(new URL("../../../src/cli.ts", import.meta.url));

/** How it ended and what it said on stderr; `env` goes before the rig's own settings. */
export async function runVerb(
  rig: Rig,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly told: string }> {
  const settings = { ...rig.ready.env, DATABASE_URL: rig.databaseUrl, PORT: "0", ...env };
  const child = spawn(process.execPath, [CLI, ...args], {
    env: settings,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const told: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => told.push(chunk));
  const [code] = await once(child, "close");
  return { code: code as number | null, told: Buffer.concat(told).toString() };
}
