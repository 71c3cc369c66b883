/**
 * Processes with nothing between them but HTTP: the sandboxes, and the service as an operator starts it, once on SQLite
 * or several times on one PostgreSQL behind a forwarder.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { JournalEntry } from "../../../src/sandbox/server.ts";
import type { TicketRecord } from "../../../src/sandbox/zendesk-records.ts";
import { type Forwarder, type Raid, startForwarder } from "./forwarder.ts";
import { type Instance, instanceOf } from "./instance.ts";
import type { DeskState } from "./judge.ts";
import type { Act, SandboxReady, SandboxSettings } from "./sandbox.ts";
import { type Ambush, startTap, type Tap } from "./tap.ts";
import { freePort } from "./waiting.ts";

export { until } from "./waiting.ts";

const SANDBOX = fileURLToPath(new URL("./sandbox.ts", import.meta.url));

/** The running rig. */
export interface Rig {
  readonly ready: SandboxReady;
  readonly databaseUrl: string;
  /** The service processes, by number. */
  readonly instances: readonly Instance[];
  /** Starts the service (one instance, or all that are down); resolves when it answers. */
  start(which?: number): Promise<void>;
  /** Kills an instance with SIGKILL. */
  kill(which?: number): Promise<void>;
  /** Stops all with SIGTERM; how they ended (0 = all well) and how long that took. */
  stop(): Promise<{ readonly code: number | null; readonly ms: number }>;
  /**
   * One value of `/metrics`; several series of one name are added up, over all instances that answer. null = not there.
   */
  metric(name: string, labels?: string): Promise<number | null>;
  /** People do something; the tickets as they then are. */
  play(acts: readonly Act[]): Promise<readonly TicketRecord[]>;
  /** A call of the desk's own API, as `email`: POST, or PUT where the path names a record. */
  api(path: string, email: string, body: unknown): Promise<Record<string, unknown>>;
  /** Resolves once the desk has no webhook left to send: each was taken, or its sender gave up. */
  delivered(): Promise<void>;
  /** Lies in wait for a call of any instance to the desk; the answer calls it off. Only where calls are tapped. */
  ambush(ambush: Omit<Ambush, "strike">, strike: (instance: number) => Promise<void>): () => void;
  /** Lies in wait for a webhook; the answer calls it off. Only where there is a forwarder. */
  raid(raid: Raid): () => void;
  state(): Promise<DeskState>;
  journal(): Promise<readonly JournalEntry[]>;
  /** What the service logged, all instances one after another. */
  log(): string;
  close(): Promise<void>;
}

/** How the service runs; left out = one instance on a SQLite file of its own. */
export interface ServiceSettings {
  readonly instances: number;
  /** null = a SQLite file of its own. */
  readonly databaseUrl: string | null;
  /** A forwarder takes the webhooks even for a single instance: nothing is refused while that one restarts. */
  readonly forwarder: boolean;
  /** Every instance calls the desk through a tap of its own. */
  readonly tapped: boolean;
}

const ALONE: ServiceSettings = { instances: 1, databaseUrl: null, forwarder: false, tapped: false };

/** Starts the sandboxes; the service is started by `start()`. */
export async function startRig(
  settings: Omit<SandboxSettings, "endpoint" | "policyFile">,
  service: ServiceSettings = ALONE,
): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), "process-"));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}/webhooks/zendesk`;
  const told: SandboxSettings = { ...settings, endpoint, policyFile: join(folder, "policy.yaml") };
  const sandbox = spawn(process.execPath, [SANDBOX, JSON.stringify(told)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ask = linesOf(sandbox);
  const ready = (await ask(null)) as SandboxReady;
  const databaseUrl = service.databaseUrl ?? `sqlite:${join(folder, "service.db")}`;
  const direct = service.instances === 1 && !service.forwarder;
  const instances: Instance[] = [];
  const taps: Tap[] = [];
  for (let number = 0; number < service.instances; number += 1) {
    const tap = service.tapped ? await startTap(ready.desk.url) : null;
    if (tap !== null) taps.push(tap);
    instances.push(
      instanceOf({
        port: direct ? port : await freePort(),
        folder,
        logFile: join(folder, `service-${number}.log`),
        env: {
          ...ready.env,
          ...(tap === null ? {} : { ZENDESK_URL: tap.url }),
          DATABASE_URL: databaseUrl,
          LOG_LEVEL: "warn",
        },
      }),
    );
  }
  const urls = instances.map(({ url }) => url);
  const forwarder = direct ? null : await startForwarder(port, urls);
  return {
    ready,
    databaseUrl,
    instances,
    ...handlesOf(instances),
    play: async (acts) => (await ask(acts)) as readonly TicketRecord[],
    delivered: async () => void (await ask("delivered")),
    ambush: (ambush, strike) => ambushOn(taps, ambush, strike),
    raid: (raid) => {
      if (forwarder === null) throw new Error("this rig has no forwarder");
      return forwarder.raid(raid);
    },
    ...deskOf(ready),
    log: () => instances.map((instance) => instance.log()).join(""),
    close: async () => {
      await closeAll(instances, forwarder, sandbox, folder);
      await Promise.all(taps.map((tap) => tap.close()));
    },
  };
}

/** The first instance that walks in is struck; the others go free. */
function ambushOn(
  taps: readonly Tap[],
  ambush: Omit<Ambush, "strike">,
  strike: (instance: number) => Promise<void>,
): () => void {
  if (taps.length === 0) throw new Error("this rig has no taps");
  let sprung = false;
  const disarms = taps.map((tap, number) =>
    tap.ambush({
      ...ambush,
      strike: async () => {
        if (sprung) return;
        sprung = true;
        await strike(number);
      },
    }),
  );
  return () => {
    for (const disarm of disarms) disarm();
  };
}

function handlesOf(instances: readonly Instance[]): Pick<Rig, "start" | "kill" | "stop" | "metric"> {
  return {
    start: async (which) => {
      const down = instances.filter((one) => one.state() === "down");
      const meant = which === undefined ? down : down.filter((one) => one === instances[which]);
      await Promise.all(meant.map((one) => one.start()));
    },
    kill: async (which = 0) => void (await instances[which]?.end("SIGKILL")),
    stop: async () => {
      const began = performance.now();
      const codes = await Promise.all(instances.map((one) => one.end("SIGTERM")));
      const code = codes.find((one) => one !== 0);
      return { code: code === undefined ? 0 : code, ms: performance.now() - began };
    },
    metric: async (name, labels = "") => {
      const up = instances.filter((one) => one.state() === "up");
      const texts = await Promise.all(up.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
      return seriesSum(texts.join("\n"), `${name}${labels}`);
    },
  };
}

function deskOf(ready: SandboxReady): Pick<Rig, "api" | "state" | "journal"> {
  const control = async (what: string): Promise<unknown> =>
    (await fetch(`${ready.desk.url}/_sandbox/${what}`)).json();
  return {
    api: async (path, email, body) => {
      const login = Buffer.from(`${email}/token:${ready.env.ZENDESK_API_TOKEN}`).toString("base64");
      const headers = { authorization: `Basic ${login}`, "content-type": "application/json" };
      const answer = await fetch(`${ready.desk.url}/api/v2${path}`, {
        method: /\/\d+$/.test(path) ? "PUT" : "POST",
        headers,
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as Record<string, unknown>;
    },
    state: async () => (await control("state")) as DeskState,
    journal: async () => (await control("journal")) as readonly JournalEntry[],
  };
}

async function closeAll(
  instances: readonly Instance[],
  forwarder: Forwarder | null,
  sandbox: ChildProcess,
  folder: string,
): Promise<void> {
  await Promise.all(instances.map((one) => one.end("SIGKILL")));
  await forwarder?.close();
  const ended = once(sandbox, "exit");
  sandbox.kill("SIGTERM");
  await ended;
  rmSync(folder, { recursive: true, force: true });
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
