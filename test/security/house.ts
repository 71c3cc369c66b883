/** The service as an operator runs it, a process of its own at debug level, and the sandboxes it works with. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { demoPolicyText } from "../../src/demo/demo-policy.ts";
import { loadPolicy } from "../../src/policy-in-force.ts";
import { dataset } from "../../src/sandbox/dataset.ts";
import { type HubspotSandbox, startHubspotSandbox } from "../../src/sandbox/hubspot.ts";
import { startZendeskSandbox, type ZendeskSandbox } from "../../src/sandbox/zendesk.ts";
import { deskSeed } from "../hand-made-desk.ts";

const CLI = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));
/** Tickets and records are made well before the service looks. */
const MADE_BEFORE_MS = 120_000;

export type Env = Readonly<Record<string, string>>;

/** The sandboxes, and settings under which every secret is a random text that occurs nowhere else. */
export interface House {
  readonly desk: ZendeskSandbox;
  readonly crm: HubspotSandbox;
  readonly secret: string;
  readonly databaseFile: string;
  readonly folder: string;
  readonly env: Env;
  /** What must never be seen, by the setting that holds it. */
  readonly canaries: Readonly<
    Record<
      | "ZENDESK_API_TOKEN"
      | "ZENDESK_WEBHOOK_SECRET"
      | "HUBSPOT_ACCESS_TOKEN"
      | "HUBSPOT_CLIENT_SECRET"
      | "METRICS_TOKEN",
      string
    >
  >;
  /** A known customer's address. */
  readonly customer: string;
  readonly close: () => Promise<void>;
}

/** A running service. `output` = stdout and stderr so far. */
export interface Serving {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly output: () => string;
  readonly stop: () => Promise<number | null>;
}

/** A text nobody else writes. The signs make its encoded forms differ from it. */
export function canary(): string {
  return `${randomBytes(9).toString("hex")}+/${randomBytes(9).toString("hex")}`;
}

/** Starts both sandboxes with the demo's policy. */
export async function startHouse(): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), "security-"));
  const policyFile = join(folder, "policy.yaml");
  writeFileSync(policyFile, demoPolicyText());
  const data = dataset({ seed: 7, asOf: Date.now(), companies: 0 });
  const canaries = {
    ZENDESK_API_TOKEN: canary(),
    ZENDESK_WEBHOOK_SECRET: canary(),
    HUBSPOT_ACCESS_TOKEN: canary(),
    HUBSPOT_CLIENT_SECRET: canary(),
    METRICS_TOKEN: canary(),
  };
  const made = { beforeMs: MADE_BEFORE_MS };
  const now = (): number => Date.now() - made.beforeMs;
  const secret = canaries.ZENDESK_WEBHOOK_SECRET;
  const desk = await startZendeskSandbox({
    now,
    apiToken: canaries.ZENDESK_API_TOKEN,
    seed: deskSeed(loadPolicy(policyFile).policy, data, "http://127.0.0.1:9/nobody", secret),
  });
  const crm = await startHubspotSandbox({ ...data, now, token: canaries.HUBSPOT_ACCESS_TOKEN });
  made.beforeMs = 0;
  const databaseFile = join(folder, "service.db");
  const company = data.companies.find((c) => c.role === "arr_eur");
  const organization = data.organizations.find((o) => o.companyId === company?.id);
  const person = data.users.find((u) => u.organization === organization?.key && u.verified);
  return {
    desk,
    crm,
    secret,
    databaseFile,
    folder,
    canaries,
    customer: person?.email ?? "",
    env: {
      ...canaries,
      POLICY_FILE: policyFile,
      DATABASE_URL: `sqlite:${databaseFile}`,
      PORT: "0",
      PUBLIC_URL: "https://support.acme.example",
      ZENDESK_URL: desk.url,
      ZENDESK_EMAIL: desk.agentEmail,
      HUBSPOT_URL: crm.url,
      LOG_LEVEL: "debug",
    },
    close: async () => {
      await Promise.all([desk.close(), crm.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs the command line to its end. */
export async function runToEnd(
  args: readonly string[],
  env: Env,
  cwd: string,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const { child, output } = launched(args, env, cwd);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output: output() };
}

/** Starts `serve` and waits until it listens. `under` = the command that it is a child of, such as a tracer. */
export async function serve(env: Env, cwd: string, under: readonly string[] = []): Promise<Serving> {
  const { child, output } = launched(["serve"], env, cwd, under);
  const address = (): string | undefined => /Listening on (http:\S+?:\d+)/.exec(output())?.[1];
  await until("the service to listen", async () => {
    if (child.exitCode !== null) throw new Error(`serve ended: ${output()}`);
    return address() !== undefined;
  });
  const url = address() ?? "";
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid ?? 0,
    output,
    stop: async () => {
      if (child.exitCode !== null) return child.exitCode;
      const ended = once(child, "close");
      // A tracer does not pass a signal on to what it traces.
      if (under.length === 0) child.kill("SIGTERM");
      else for (const pid of childrenOf(child.pid ?? 0)) process.kill(pid, "SIGTERM");
      return (await ended)[0] as number | null;
    },
  };
}

function childrenOf(pid: number): readonly number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return list === "" ? [] : list.split(" ").map(Number);
}

/** Polls until `look` says yes. @throws Error after a minute. */
export async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 60_000; performance.now() < end; ) {
    if (await look()) return;
    await pause(50);
  }
  throw new Error(`waited a minute for ${what}`);
}

/** Memory a process holds at present, in MB. */
export function residentMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kb) / 1024;
}

function launched(args: readonly string[], env: Env, cwd: string, under: readonly string[] = []) {
  const [program = "", ...rest] = [...under, process.execPath, CLI, ...args];
  const child = spawn(program, rest, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
  return { child, output: () => text };
}
