/** `check`: is everything in order? One line a finding, each with what to do. */
import {
  connectorSettings,
  crmSettingsFor,
  deskSettings,
  openCrm,
  openDesk,
  openNotifier,
  splitSecrets,
} from "../assemble.ts";
import { CANARY_REQUESTER, type CanaryPorts, type Station, sendCanary } from "../canary.ts";
import { asked } from "../check/asking.ts";
import { canaryLines } from "../check/canary-lines.ts";
import { checkAll } from "../check/check.ts";
import type { MappedCrm } from "../check/crm-lines.ts";
import { type CheckLine, exitCodeOf } from "../check/line.ts";
import { settingLines } from "../check/own-lines.ts";
import { type PolicyInQuestion, policyInQuestion } from "../check/policy-in-question.ts";
import { systemClock } from "../clock.ts";
import { type Config, environment, readConfig } from "../config.ts";
import { ConfigProblem } from "../errors.ts";
import { openWays } from "../main-people.ts";
import type { Policy } from "../policy/model.ts";
import type { Clock, Store } from "../ports.ts";
import { openStore } from "../store/open.ts";
import { colours, complain, say, sayJson } from "./terminal.ts";

/** How it is printed, and whether a test ticket is sent through. */
export interface CheckOptions {
  readonly json?: boolean;
  readonly canary?: boolean;
  /** E-mail address in whose name the test ticket is made. */
  readonly requester?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Prints every line; exit 0 in order, 1 something is wrong, 2 settings or policy keep it from running. */
export async function checkCommand(options: CheckOptions): Promise<number> {
  const watching = options.json !== true && options.canary === true;
  const canary =
    options.canary !== true
      ? null
      : {
          requester: options.requester ?? CANARY_REQUESTER.email,
          reached: (_station: Station, detail: string): void => {
            if (watching) complain(colours.dim(`… ${detail}`));
          },
        };
  const lines = await checkEnvironment(environment(process.env), systemClock, canary);
  if (options.json === true) sayJson({ ok: exitCodeOf(lines) === 0, lines });
  else for (const line of shown(lines)) say(line);
  return exitCodeOf(lines);
}

/** A test ticket is sent through as well, in this requester's name. */
export interface CanaryWish {
  readonly requester: string;
  readonly reached: CanaryPorts["reached"];
}

/** Everything that can be said about an installation with these settings. `canary` null = without a test ticket. */
export async function checkEnvironment(
  env: Environment,
  clock: Clock,
  canary: CanaryWish | null = null,
): Promise<readonly CheckLine[]> {
  const settings = configOf(env, []);
  if (settings.config === null) return settingLines(settings.problems);
  const { config } = settings;
  const opened = await asked("store", "store", () => openStore(config.databaseUrl, { warn: complain }));
  try {
    const sources = { file: config.policyFile, explicit: config.policyFileExplicit, store: opened.value };
    const read = await policyInQuestion(sources, clock.now());
    const missing = missingSettings(env, read.policy);
    const lines = [...settingLines(missing), ...read.lines, ...(opened.line === null ? [] : [opened.line])];
    if (read.policy === null) return lines;
    const on = { env, config, clock, store: opened.value, hash: read.hash, policy: read.policy };
    return [...lines, ...(await lookAround(on, canary))];
  } finally {
    await opened.value?.close();
  }
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

interface Surroundings extends Pick<PolicyInQuestion, "hash"> {
  readonly env: Environment;
  readonly config: Config;
  readonly policy: Policy;
  readonly clock: Clock;
  /** null = it could not be opened. */
  readonly store: Store | null;
}

async function lookAround(on: Surroundings, canary: CanaryWish | null): Promise<readonly CheckLine[]> {
  const { env, config, policy, clock, store } = on;
  const desk = configOf(env, deskSettings).config === null ? null : openDesk(config, policy, clock);
  const crm = configOf(env, crmSettingsFor(policy)).config === null ? null : openCrm(config, policy, clock);
  const sources = crm === null ? [] : [crm, ...crm.others];
  const crms: readonly MappedCrm[] = sources.map(({ port, mapping }) => ({ crm: port, mapping }));
  try {
    const lines = await checkAll({
      policy,
      policyHash: on.hash,
      desk: desk?.port ?? null,
      crms,
      store,
      clock,
      publicUrl: config.publicUrl,
      webhookSecrets: splitSecrets(config.secret("ZENDESK_WEBHOOK_SECRET")),
      ...(desk === null ? {} : { rules: desk }),
      notifier: openNotifier(config, clock),
      ways: openWays(config, clock),
    });
    if (canary === null || desk === null || store === null) return lines;
    return [...lines, ...(await sentThrough(canary, { config, policy, clock, desk, store }))];
  } finally {
    await Promise.all([desk?.stop(), crm?.stop()]);
  }
}

/** The test ticket's own lines; what the desk or the store refuses is one of them. */
async function sentThrough(
  { requester, reached }: CanaryWish,
  on: {
    readonly config: Config;
    readonly policy: Policy;
    readonly clock: Clock;
    readonly desk: ReturnType<typeof openDesk>;
    readonly store: Store;
  },
): Promise<readonly CheckLine[]> {
  const { config, policy, clock, desk, store } = on;
  const sent = await asked("tickets", "test ticket", () =>
    sendCanary({
      desk: desk.port,
      testTickets: desk.testTickets,
      store,
      clock,
      policy,
      publicUrl: config.publicUrl,
      requester: { name: CANARY_REQUESTER.name, email: requester },
      reached,
    }),
  );
  return sent.line === null ? canaryLines(sent.value) : [sent.line];
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
