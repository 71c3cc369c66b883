/** Figure: what the service weighs on a large store, started as an operator starts it. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, statSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Times } from "./accounts-lookups.ts";
import type { Stage } from "./accounts-stage.ts";
import type { Load } from "./ack-load.ts";
import { memoryOf, startChild } from "./child.ts";
import { median, rounded } from "./numbers.ts";
import { type Row, row } from "./report.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** A build as the package brings it; never the one in `dist`, which may be somebody's. */
const BUILT = fileURLToPath(new URL("./dist", import.meta.url));

/** What was seen. */
export interface Footprint {
  readonly accounts: number;
  readonly fileMb: number;
  readonly readySeconds: readonly number[];
  /** MB once ready, and after deliveries of many customers. */
  readonly idleMb: number | null;
  readonly workedMb: number | null;
  readonly peakMb: number | null;
  readonly load: Load;
  readonly lookups: Readonly<Record<"around" | "entitlement" | "point", Times>>;
}

/** Builds the product; starts `serve` three times, lets it take deliveries of many customers, then times the look-ups by themselves. */
export async function measureFootprint(stage: Stage, quick: boolean): Promise<Footprint> {
  const readySeconds: number[] = [];
  execFileSync(`${ROOT}/node_modules/.bin/tsc`, ["-p", `${ROOT}/tsconfig.build.json`, "--outDir", BUILT], {
    stdio: "ignore",
  });
  for (let i = 0; i < 2; i += 1) await serving(stage, readySeconds, async () => undefined);
  const seen = await serving(stage, readySeconds, async (pid) => {
    const idle = memoryOf(pid);
    const load = await deliver(stage, quick ? 4 : 10);
    await pause(2_000);
    const worked = memoryOf(pid);
    return { idleMb: idle?.now ?? null, workedMb: worked?.now ?? null, peakMb: worked?.peak ?? null, load };
  });
  const looker = startChild("./accounts-lookups.ts");
  const { databaseUrl, accounts } = stage;
  const lookups = await looker.ask<Footprint["lookups"]>("look", {
    databaseUrl,
    accounts,
    times: quick ? 5_000 : 20_000,
  });
  await looker.stop();
  rmSync(BUILT, { recursive: true, force: true });
  const fileMb = Math.round(statSync(databaseUrl.slice("sqlite:".length)).size / 1e6);
  return { accounts, fileMb, readySeconds, ...seen, lookups };
}

/** From the start of the process until `/readyz` says yes; then `work`; then a clean stop. */
async function serving<T>(
  stage: Stage,
  readySeconds: number[],
  work: (pid: number) => Promise<T>,
): Promise<T> {
  const env = { ...stage.env, LOG_LEVEL: "error", PATH: process.env.PATH ?? "" };
  const began = performance.now();
  const service = spawn(process.execPath, [`${BUILT}/src/launcher.cjs`, "serve"], {
    cwd: stage.folder,
    env,
    stdio: ["ignore", "ignore", "ignore"],
  });
  try {
    const url = `http://127.0.0.1:${stage.port}/readyz`;
    while ((await fetch(url).catch(() => null))?.status !== 200) {
      if (service.exitCode !== null) throw new Error(`serve ended with ${service.exitCode}`);
      await pause(10);
    }
    readySeconds.push((performance.now() - began) / 1000);
    // The first sync, in which nothing changed, belongs to being ready for work.
    await pause(3_000);
    return await work(service.pid ?? 0);
  } finally {
    const ended = once(service, "exit");
    if (service.exitCode === null) {
      service.kill("SIGTERM");
      await ended;
    }
  }
}

/** Deliveries that need no call outside: events that decide nothing, of customers all over the store. */
async function deliver({ port, secret, accounts }: Stage, seconds: number): Promise<Load> {
  const load = startChild("./ack-load.ts");
  const url = `http://127.0.0.1:${port}/webhooks/zendesk`;
  const told = { url, secret, seconds, connections: 32, accounts, perSecond: 300, event: "tags_changed" };
  const seen = await load.ask<Load>("open", told);
  await load.stop();
  return seen;
}

/** The rows of the report. */
export function footprintRows(seen: Footprint): readonly Row[] {
  const figure = "footprint";
  const times = { figure, kind: "time" } as const;
  const { lookups, accounts } = seen;
  const shown = (one: Times): string =>
    `p50 ${rounded(one.p50)} µs; ${one.interrupted} interrupted look-ups left out`;
  const point = `simplest possible look-up p50 ${rounded(lookups.point.p50)} µs, p99 ${rounded(lookups.point.p99)} µs`;
  return [
    row({
      ...times,
      what: `memory of serve, ${accounts} accounts, after ${seen.load.answered} deliveries`,
      value: seen.workedMb,
      unit: "MB",
      bound: { most: 150 },
      note: `once ready ${seen.idleMb} MB, at most ${seen.peakMb} MB; store ${seen.fileMb} MB`,
    }),
    row({
      ...times,
      what: "start of the process until ready",
      value: median(seen.readySeconds),
      unit: "s",
      bound: { most: 2 },
      note: `starts ${seen.readySeconds.map(rounded).join(", ")} s`,
    }),
    row({
      ...times,
      what: "tier of an organization, p99",
      value: lookups.entitlement.p99,
      unit: "µs",
      bound: { most: 50 },
      beside: point,
      note: shown(lookups.entitlement),
    }),
    row({
      ...times,
      what: "everything about a customer (`around`), p99",
      value: lookups.around.p99,
      unit: "µs",
      beside: point,
      note: shown(lookups.around),
    }),
  ];
}
