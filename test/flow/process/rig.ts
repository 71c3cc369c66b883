/** Two processes and nothing between them but HTTP: the sandboxes, and the service as an operator starts it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { JournalEntry } from "../../../src/sandbox/server.ts";
import type { TicketRecord } from "../../../src/sandbox/zendesk-records.ts";
import type { DeskState } from "./judge.ts";
import type { Act, SandboxReady, SandboxSettings } from "./sandbox.ts";

const CLI = fileURLToPath(new URL("../../../src/cli.ts", import.meta.url));
const SANDBOX = fileURLToPath(new URL("./sandbox.ts", import.meta.url));

/** The running rig. */
export interface Rig {
  readonly ready: SandboxReady;
  readonly databaseUrl: string;
  /** Starts the service; resolves when it answers. */
  start(): Promise<void>;
  /** Kills it with SIGKILL. */
  kill(): Promise<void>;
  /** Stops it with SIGTERM; how it ended and how long that took. */
  stop(): Promise<{ readonly code: number | null; readonly ms: number }>;
  /** One value of `/metrics`; several series of one name are added up. null = not there. */
  metric(name: string, labels?: string): Promise<number | null>;
  /** People do something; the tickets as they then are. */
  play(acts: readonly Act[]): Promise<readonly TicketRecord[]>;
  /** A call of the desk's own API, as `email`. */
  api(path: string, email: string, body: unknown): Promise<Record<string, unknown>>;
  state(): Promise<DeskState>;
  journal(): Promise<readonly JournalEntry[]>;
  /** What the service logged. */
  log(): string;
  close(): Promise<void>;
}

/** Starts the sandboxes; the service is started by `start()`. */
export async function startRig(settings: Omit<SandboxSettings, "endpoint" | "policyFile">): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), "process-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const endpoint = `${url}/webhooks/zendesk`;
  const told: SandboxSettings = { ...settings, endpoint, policyFile: join(folder, "policy.yaml") };
  const sandbox = spawn(process.execPath, [SANDBOX, JSON.stringify(told)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ask = linesOf(sandbox);
  const ready = (await ask(null)) as SandboxReady;
  const databaseUrl = `sqlite:${join(folder, "service.db")}`;
  const logFile = join(folder, "service.log");
  const env = { ...ready.env, DATABASE_URL: databaseUrl, PORT: String(port), LOG_LEVEL: "warn" };
  const running: { service: ChildProcess | null } = { service: null };
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    const { service } = running;
    running.service = null;
    if (service === null || service.exitCode !== null) return service?.exitCode ?? null;
    const ended = once(service, "exit");
    service.kill(signal);
    return (await ended)[0] as number | null;
  };
  const control = async (what: string): Promise<unknown> =>
    (await fetch(`${ready.desk.url}/_sandbox/${what}`)).json();
  return {
    ready,
    databaseUrl,
    start: async () => {
      const out = createWriteStream(logFile, { flags: "a" });
      await once(out, "open");
      running.service = spawn(process.execPath, [CLI, "serve"], {
        cwd: folder,
        env,
        stdio: ["ignore", "ignore", out],
      });
      await until("the service to answer", 15_000, async () => {
        if (running.service?.exitCode !== null) throw new Error(`serve ended: ${readFileSync(logFile)}`);
        return (await fetch(`${url}/healthz`).catch(() => null))?.ok === true;
      });
    },
    kill: async () => void (await end("SIGKILL")),
    stop: async () => {
      const began = performance.now();
      return { code: await end("SIGTERM"), ms: performance.now() - began };
    },
    metric: async (name, labels = "") =>
      seriesSum(await (await fetch(`${url}/metrics`)).text(), `${name}${labels}`),
    play: async (acts) => (await ask(acts)) as readonly TicketRecord[],
    api: async (path, email, body) => {
      const login = Buffer.from(`${email}/token:${ready.env.ZENDESK_API_TOKEN}`).toString("base64");
      const headers = { authorization: `Basic ${login}`, "content-type": "application/json" };
      const answer = await fetch(`${ready.desk.url}/api/v2${path}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as Record<string, unknown>;
    },
    state: async () => (await control("state")) as DeskState,
    journal: async () => (await control("journal")) as readonly JournalEntry[],
    log: () => readFileSync(logFile, "utf8"),
    close: async () => {
      await end("SIGKILL");
      const ended = once(sandbox, "exit");
      sandbox.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Polls until `look` says yes. @throws Error when it takes longer than `mostMs`. */
export async function until(what: string, mostMs: number, look: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + mostMs; performance.now() < end; ) {
    if (await look()) return;
    await pause(50);
  }
  throw new Error(`waited ${mostMs} ms for ${what}`);
}

/** Asks a process line by line: one JSON line out, one back, in order. `null` = only read. */
function linesOf(child: ChildProcess): (question: unknown) => Promise<unknown> {
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("the process has no pipes");
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  let queue: Promise<unknown> = Promise.resolve();
  return (question) => {
    if (question !== null) stdin.write(`${JSON.stringify(question)}\n`);
    const answer = queue.then(async () => {
      const { value, done } = await lines.next();
      if (done === true) throw new Error("the sandbox ended");
      return JSON.parse(String(value)) as unknown;
    });
    queue = answer.catch(() => null);
    return answer;
  };
}

function seriesSum(text: string, series: string): number | null {
  const values = text
    .split("\n")
    .filter((line) => line.startsWith(`${series} `) || line.startsWith(`${series}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(" ") + 1)));
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
