/** What verbs that set up the help desk have in common: settings, policy, store and desk, and asking before they write. */
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { connectorSettings, deskSettings, openDesk } from "../assemble.ts";
import { systemClock } from "../clock.ts";
import { type Config, environment, readConfig } from "../config.ts";
import { openLog } from "../log.ts";
import type { Policy } from "../policy/model.ts";
import { loadPolicy, policyInForce } from "../policy-in-force.ts";
import type { Desk, Store } from "../ports.ts";
import { alone } from "../provision/alone.ts";
import type { ApplyPorts } from "../provision/apply.ts";
import type { UninstallPorts } from "../provision/uninstall.ts";
import { pausedSince } from "../switches.ts";
import { onStore } from "./on-store.ts";
import { complain, EXIT, say } from "./terminal.ts";

/** A verb's surroundings. */
export interface OnDesk {
  readonly config: Config;
  readonly store: Store;
  readonly ports: ApplyPorts & UninstallPorts;
  readonly desk: Desk;
}

/** Secret files that these verbs make themselves: one that is not there yet is no mistake. */
const MADE_HERE = "ZENDESK_WEBHOOK_SECRET_FILE";

/** The settings with which the desk can be reached. @throws ConfigProblem */
export function deskConfig(): Config {
  const env = environment(process.env);
  const path = env[MADE_HERE]?.trim() ?? "";
  const missing = path !== "" && (!existsSync(path) || readFileSync(path, "utf8").trim() === "");
  return readConfig(missing ? { ...env, [MADE_HERE]: undefined } : env, connectorSettings, deskSettings);
}

/** Where a new signing secret is written; null = no file is named. */
export function secretFile(): string | null {
  const path = environment(process.env)[MADE_HERE]?.trim() ?? "";
  return path === "" ? null : path;
}

/** Runs `work` with everything open, under the policy that the service uses. */
export function onDesk(work: (on: OnDesk) => Promise<number>): Promise<number> {
  return onStore(async (store, config) => {
    const { policy, policyHash } = await policyOf(config, store);
    const desk = openDesk(config, policy, systemClock, { budgets: store.budgets });
    const { organizations, writeOrganizations } = desk.port;
    const ports = {
      desk: desk.provisioning,
      store,
      ledger: store.ledger,
      clock: systemClock,
      policy,
      policyHash,
      publicUrl: config.publicUrl,
      organizations,
      writeOrganizations,
    };
    try {
      return await work({ config, store, ports, desk: desk.port });
    } finally {
      await desk.stop();
    }
  }, deskConfig());
}

async function policyOf(
  config: Config,
  store: Store,
): Promise<{ readonly policy: Policy; readonly policyHash: string }> {
  const log = openLog(config.logLevel === "info" ? "warn" : config.logLevel);
  const published = config.policyFileExplicit ? null : store.console.policies;
  const policy = await policyInForce(config.policyFile, store.register, log, systemClock.now(), published);
  const kept = await store.console.policies.get(policy.version);
  return { policy, policyHash: kept?.contentHash ?? loadPolicy(config.policyFile).hash };
}

/** Why nothing may be written now, told; false = it may. */
export async function closed({ register }: Pick<Store, "register">): Promise<boolean> {
  if ((await pausedSince(register)) !== null) {
    complain("Writing outside is paused.\nfix: Run `priority-support resume` first, or look with `plan`.");
    return true;
  }
  if ((await register.setting("mode")) !== "simulate") return false;
  complain(
    "The service simulates: nothing is written outside.\nfix: Switch simulating off in the console first, or look with `plan`.",
  );
  return true;
}

/** One run at a time; exit 1 with a word to the user while another is at it. */
export async function inTurn(
  { register }: Pick<Store, "register">,
  work: (held: () => Promise<boolean>) => Promise<number>,
): Promise<number> {
  const code = await alone(register, systemClock, work);
  if (code !== null) return code;
  complain(
    "Another run is changing the help desk's set-up right now; nothing was done.\nfix: Wait for it, then run this again.",
  );
  return EXIT.problems;
}

/** Can somebody be asked? */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** Asks on the terminal; only a written-out yes is one. Ctrl-C and Ctrl-D are a no. */
export async function agreed(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ended = once(terminal, "close").then(() => null);
  try {
    const asked = terminal.question(`${question} Type yes to go on: `).catch(refusedByKey);
    const answer = await Promise.race([asked, ended]);
    // The cursor still stands behind the question.
    if (answer === null) say();
    return answer?.trim().toLowerCase() === "yes";
  } finally {
    terminal.close();
  }
}

/** How node tells of Ctrl-C while it asks. */
function refusedByKey(error: unknown): null {
  if (error instanceof Error && error.name === "AbortError") return null;
  throw error;
}
