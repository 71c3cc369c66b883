/** `check`: is everything in order? One line a finding, each with what to do. */
import { existsSync } from "node:fs";
import {
  connectorSettings,
  crmSettingsFor,
  deskSettings,
  openCrm,
  openDesk,
  splitSecrets,
} from "../assemble.ts";
import { asked } from "../check/asking.ts";
import { checkAll } from "../check/check.ts";
import type { MappedCrm } from "../check/crm-lines.ts";
import { type CheckLine, exitCodeOf } from "../check/line.ts";
import { policyLines, settingLines } from "../check/own-lines.ts";
import { systemClock } from "../clock.ts";
import { type Config, environment, readConfig } from "../config.ts";
import { ConfigProblem } from "../errors.ts";
import type { Policy } from "../policy/model.ts";
import { readPolicyFile } from "../policy-file.ts";
import type { Clock } from "../ports.ts";
import { openStore } from "../store/open.ts";
import { colours, complain, say, sayJson } from "./terminal.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Prints every line; exit 0 in order, 1 something is wrong, 2 settings or policy keep it from running. */
export async function checkCommand(options: { readonly json?: boolean }): Promise<number> {
  const lines = await checkEnvironment(environment(process.env), systemClock);
  if (options.json === true) sayJson({ ok: exitCodeOf(lines) === 0, lines });
  else for (const line of shown(lines)) say(line);
  return exitCodeOf(lines);
}

/** Everything that can be said about an installation with these settings. */
export async function checkEnvironment(env: Environment, clock: Clock): Promise<readonly CheckLine[]> {
  const settings = configOf(env, []);
  if (settings.config === null) return settingLines(settings.problems);
  const { config } = settings;
  const read = existsSync(config.policyFile)
    ? readPolicyFile(config.policyFile)
    : { policy: null, findings: [noFile(config.policyFile)] };
  const ownPolicy = policyLines(config.policyFile, read.policy, read.findings);
  const missing = missingSettings(env, read.policy);
  const lines = [...settingLines(missing), ...ownPolicy];
  return read.policy === null ? lines : [...lines, ...(await lookAround(env, config, read.policy, clock))];
}

function noFile(path: string) {
  return {
    code: "no_policy_file",
    severity: "error" as const,
    path: "",
    message: `There is no file ${path}.`,
    fix: 'Write one (README, "Write a policy": fifteen lines are enough) or set POLICY_FILE to yours.',
  };
}

function configOf(
  env: Environment,
  required: readonly string[],
): { readonly config: Config } | { readonly config: null; readonly problems: ConfigProblem["problems"] } {
  try {
    return { config: readConfig(env, connectorSettings, required) };
  } catch (error) {
    if (error instanceof ConfigProblem) return { config: null, problems: error.problems };
    throw error;
  }
}

/** What `serve` would refuse to start without. */
function missingSettings(env: Environment, policy: Policy | null): ConfigProblem["problems"] {
  const sources = policy === null ? [] : crmSettingsFor(policy);
  const needed = [...deskSettings, "ZENDESK_WEBHOOK_SECRET", ...sources];
  const told = configOf(env, needed);
  return told.config === null ? told.problems : [];
}

async function lookAround(
  env: Environment,
  config: Config,
  policy: Policy,
  clock: Clock,
): Promise<readonly CheckLine[]> {
  const desk = configOf(env, deskSettings).config === null ? null : openDesk(config, policy, clock);
  const crm = configOf(env, crmSettingsFor(policy)).config === null ? null : openCrm(config, policy, clock);
  const opened = await asked("store", "store", () => openStore(config.databaseUrl, { warn: complain }));
  const sources = crm === null ? [] : [crm, ...crm.others];
  const crms: readonly MappedCrm[] = sources.map(({ port, mapping }) => ({ crm: port, mapping }));
  try {
    const lines = await checkAll({
      policy,
      desk: desk?.port ?? null,
      crms,
      store: opened.value,
      clock,
      publicUrl: config.publicUrl,
      webhookSecrets: splitSecrets(config.secret("ZENDESK_WEBHOOK_SECRET")),
    });
    return opened.line === null ? lines : [opened.line, ...lines];
  } finally {
    desk?.stop();
    crm?.stop();
    await opened.value?.close();
  }
}

const MARKS = { ok: "✓", warn: "!", fail: "✗" } as const;

function shown(lines: readonly CheckLine[]): readonly string[] {
  const width = Math.max(0, ...lines.map((line) => line.area.length));
  const colour = { ok: colours.green, warn: colours.yellow, fail: colours.red };
  const told = lines.flatMap(({ area, name, state, detail, fix }) => [
    `${colour[state](MARKS[state])} ${area.padEnd(width)}  ${colours.bold(name)}  ${detail}`,
    ...(fix === null ? [] : [`  ${" ".repeat(width)}  fix: ${fix}`]),
  ]);
  const count = (state: CheckLine["state"]): number => lines.filter((line) => line.state === state).length;
  return [...told, "", `${count("ok")} in order, ${count("warn")} to look at, ${count("fail")} wrong`];
}
