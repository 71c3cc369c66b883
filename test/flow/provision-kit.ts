/** A help desk in this process and `priority-support` as an operator runs it, in processes of its own: only HTTP between. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startZendeskSandbox, type ZendeskOptions, type ZendeskSandbox } from "../../src/sandbox/zendesk.ts";

/** What every verb that writes asks with. */
const QUESTION = "Type yes to go on: ";

/** Is there a program that gives a command a terminal of its own? */
export const TERMINAL = spawnSync("script", ["--version"]).status === 0;

const CLI = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

/** A policy with two tiers, an SLA policy each, a native trigger and no opening hours. */
export const POLICY = `
tiers:
  - id: standard
    sla_policy: PS Standard
    routing: {group: Support}
  - id: pro
    eligibility: {any: [{plan: pro}]}
    priority: {default: high}
    sla_policy: PS Pro
    routing: {group: Premier Support, fallback: [Support]}
    native_trigger: from_tier
sla_policies:
  PS Standard:
    first_reply: {urgent: {m: 240, h: always}, high: {m: 240, h: always}, normal: {m: 480, h: always}, low: {m: 960, h: always}}
  PS Pro:
    first_reply: {urgent: {m: 30, h: always}, high: {m: 60, h: always}, normal: {m: 120, h: always}, low: {m: 240, h: always}}
`;

/** What there is before us. */
export const BEFORE = {
  groups: [{ id: 11, name: "Support" }],
  brands: [{ id: 21, name: "Northwind" }],
  ticket_forms: [{ id: 31, name: "Default form" }],
  users: [
    { id: 71, email: "admin@sandbox.example", role: "admin", group_ids: [11] },
    { id: 72, email: "anna@sandbox.example", role: "agent", group_ids: [11] },
    { id: 81, email: "ann@acme.example", organization_id: 61 },
  ],
  organizations: [{ id: 61, name: "Acme", domain_names: ["acme.example"] }],
  trigger_categories: [{ id: "5", name: "Initial" }],
  triggers: [
    {
      id: 501,
      title: "Alarms are urgent",
      category_id: "5",
      conditions: { all: [{ field: "current_tags", operator: "includes", value: "monitoring" }], any: [] },
      actions: [{ field: "priority", value: "urgent" }],
    },
  ],
} as const;

/** Nobody listens there. */
export const PUBLIC_URL = "http://127.0.0.1:9";

/** Exports leave out the last minute; what happens in a test can be made older than that. */
const BEHIND_MS = 240_000;

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** stdout as JSON. @throws when it is none. */
  readonly json: () => ApplyDocument & PlanDocument & UndoDocument;
}

interface PlanDocument {
  readonly changes: readonly {
    readonly action: string;
    readonly kind: string;
    readonly name: string;
    readonly why: string;
    readonly fix: string | null;
    readonly fields: readonly { readonly field: string }[];
  }[];
  readonly remarks: readonly { readonly about: string; readonly message: string }[];
  readonly calls: number;
}

interface ApplyDocument {
  readonly runId: string;
  readonly done: readonly { readonly action: string; readonly kind: string; readonly name: string }[];
  readonly refused: readonly { readonly name: string; readonly why: string; readonly fix: string }[];
  readonly blocked: readonly { readonly name: string; readonly why: string; readonly fix: string }[];
  readonly stopped: string | null;
  readonly secret: string | null;
}

interface UndoDocument {
  readonly undone: readonly { readonly what: string; readonly did: string }[];
  readonly left: readonly { readonly what: string; readonly why: string }[];
  readonly failed: readonly { readonly what: string; readonly why: string }[];
  readonly already: number;
}

/** An installation before its first apply. */
export interface Installation {
  readonly desk: ZendeskSandbox;
  readonly secretFile: string;
  /** Lets time pass in the help desk. */
  pass(ms: number): void;
  /** Writes the policy file anew. */
  policy(text: string): void;
  /** Runs a verb to its end. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Runs a verb on a terminal, typing `answer` when it asks; what a person sees is `out`. Needs `TERMINAL`. */
  onTerminal(args: readonly string[], answer: string): Promise<Ended>;
  /** Starts a verb and kills it with SIGKILL once `when` says so. */
  killed(args: readonly string[], when: () => boolean): Promise<void>;
  /** A call of the desk's API by an administrator; the parsed answer. */
  call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  /** Everything the account's set-up holds, without ids of our own making and time stamps. */
  setUp(): unknown;
  close(): Promise<void>;
}

/** Starts the desk; the policy is written, nothing is applied. */
export async function install(options: ZendeskOptions = {}): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), "provision-"));
  const clock = { behindMs: BEHIND_MS };
  const now = (): number => Date.now() - clock.behindMs;
  const desk = await startZendeskSandbox({ seed: BEFORE, now, ...options });
  const policyFile = join(folder, "policy.yaml");
  const secretFile = join(folder, "webhook-secret");
  const env: Readonly<Record<string, string>> = {
    PATH: process.env.PATH ?? "",
    NO_COLOR: "1",
    POLICY_FILE: policyFile,
    DATABASE_URL: `sqlite:${join(folder, "service.db")}`,
    PUBLIC_URL,
    LOG_LEVEL: "warn",
    ZENDESK_URL: desk.url,
    ZENDESK_EMAIL: desk.agentEmail,
    ZENDESK_API_TOKEN: desk.apiToken,
    ZENDESK_WEBHOOK_SECRET_FILE: secretFile,
  };
  const policy = (text: string): void => writeFileSync(policyFile, text);
  policy(POLICY);
  const start = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    spawn(process.execPath, [CLI, ...args], { cwd: folder, env: { ...env, ...more } });
  return {
    desk,
    secretFile,
    pass: (ms) => {
      clock.behindMs -= ms;
    },
    policy,
    run: async (args, more) => ended(start(args, more)),
    onTerminal: (args, answer) => {
      const verb = [process.execPath, CLI, ...args].map((part) => `'${part}'`).join(" ");
      const seen = spawn("script", ["-qec", verb, "/dev/null"], {
        cwd: folder,
        env: { ...env, SHELL: "/bin/sh" },
      });
      return answering(seen, answer);
    },
    killed: async (args, when) => {
      const child = start(args);
      const gone = once(child, "exit");
      const look = setInterval(() => {
        if (when()) child.kill("SIGKILL");
      }, 1);
      try {
        const [, signal] = (await gone) as [number | null, string | null];
        if (signal !== "SIGKILL") throw new Error(`${args.join(" ")} ended before it could be killed`);
      } finally {
        clearInterval(look);
      }
    },
    call: (method, path, body) => call(desk, method, path, body),
    setUp: () => setUpOf(desk),
    close: async () => {
      await desk.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for the question, types, and waits for the end. */
function answering(child: ChildProcessWithoutNullStreams, answer: string): Promise<Ended> {
  let seen = "";
  child.stdout.on("data", (chunk: Buffer) => {
    const asked = seen.includes(QUESTION);
    seen += chunk.toString();
    if (!asked && seen.includes(QUESTION)) child.stdin.write(answer);
  });
  return ended(child);
}

async function ended(child: ReturnType<typeof spawn>): Promise<Ended> {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  const said = Buffer.concat(out).toString();
  return {
    code,
    out: said,
    err: Buffer.concat(err).toString(),
    json: () => JSON.parse(said) as ReturnType<Ended["json"]>,
  };
}

async function call(
  desk: ZendeskSandbox,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const answer = await fetch(`${desk.url}/api/v2${path}`, {
    method,
    headers: { authorization: desk.authorization, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** Deleted groups stay in the account and are seen by nobody. */
function setUpOf({ state }: ZendeskSandbox): unknown {
  const plain = (records: Iterable<unknown>): unknown[] =>
    [...records].map((record) => {
      const {
        createdAt: _made,
        updatedAt: _changed,
        position: _place,
        order: _turn,
        ...rest
      } = record as Record<string, unknown>;
      return rest;
    });
  const inOrder = <T extends { readonly position: number }>(records: Iterable<T>): unknown[] =>
    plain([...records].sort((a, b) => a.position - b.position));
  return {
    groups: plain([...state.groups.values()].filter((group) => !group.deleted)),
    organizationFields: plain(state.organizationFields.values()),
    ticketFields: plain(state.ticketFields.values()),
    categories: inOrder(state.categories.values()),
    triggers: inOrder(state.triggers.values()),
    slaPolicies: inOrder(state.slaPolicies.values()),
    webhooks: plain(state.webhooks.values()),
    views: plain(state.views.values()),
    macros: plain(state.macros.values()),
    queues: plain([...state.queues.values()].sort((a, b) => a.order - b.order)),
  };
}

/** The secret file's text; "" = there is none. */
export function secretIn({ secretFile }: Installation): string {
  return existsSync(secretFile) ? readFileSync(secretFile, "utf8") : "";
}
