/** Figures: what a sync costs by how much changed, and what a million accounts weigh. Both on the same filled store. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoPolicyText } from "../../src/demo/demo-policy.ts";
import type { Synced } from "./accounts-service.ts";
import { type Child, memoryOf, startChild } from "./child.ts";
import { type Footprint, footprintRows, measureFootprint } from "./figure-footprint.ts";
import { rounded } from "./numbers.ts";
import { type Measured, type Row, row } from "./report.ts";

/** A filled store, and the world it mirrors. */
export interface Stage {
  readonly folder: string;
  readonly accounts: number;
  readonly env: Readonly<Record<string, string>>;
  readonly databaseUrl: string;
  readonly port: number;
  readonly secret: string;
  readonly world: Child;
}

const SECRET = "a signing secret of the benchmark";
const PORT = 39_417;
/** Beyond the window that every sync looks back over, and beyond the minute that exports leave out. */
const REST_MS = 11 * 60_000;

/** A small store for comparison, then the large one. */
export async function measureAccounts(quick: boolean, accounts: number): Promise<Measured> {
  const steps = quick ? [0, 1, 100, 1_000] : [0, 1, 100, 10_000];
  const most = steps.at(-1) ?? 0;
  const small = await onStage(most + 100, most, (stage) => measureSync(stage, steps));
  const large = await onStage(accounts, most, async (stage) => ({
    footprint: await measureFootprint(stage, quick),
    sync: await measureSync(stage, steps),
  }));
  return {
    rows: [...syncRows(small, large.sync), ...footprintRows(large.footprint)],
    details: { small, large },
  };
}

async function onStage<T>(accounts: number, changeable: number, work: (stage: Stage) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "bench-accounts-"));
  const databaseUrl = `sqlite:${join(folder, "service.db")}`;
  const filling = { seed: 7, companies: accounts, asOf: Date.now(), tiersFile: join(folder, "tiers") };
  const filler = startChild("./accounts-fill.ts");
  const world = startChild("./accounts-world.ts");
  try {
    await filler.ask("fill", { ...filling, databaseUrl });
    await filler.stop();
    const endpoint = `http://127.0.0.1:${PORT}/webhooks/zendesk`;
    const upstreams = await world.ask<Record<string, string>>("start", { ...filling, changeable, endpoint, secret: SECRET });
    const policyFile = join(folder, "policy.yaml");
    writeFileSync(policyFile, demoPolicyText());
    const own = { POLICY_FILE: policyFile, DATABASE_URL: databaseUrl, PORT: String(PORT), ZENDESK_WEBHOOK_SECRET: SECRET };
    return await work({ folder, accounts, env: { ...upstreams, ...own }, databaseUrl, port: PORT, secret: SECRET, world });
  } finally {
    await Promise.all([filler.stop(), world.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One sync with so many companies changed. */
interface Step {
  readonly changed: number;
  readonly synced: Synced;
  readonly calls: Readonly<Record<string, number>>;
  readonly total: number;
  readonly least: number;
}

interface Steps {
  readonly accounts: number;
  readonly steps: readonly Step[];
  /** The sync right after our own label writes. */
  readonly echo: Step;
  readonly memory: ReturnType<typeof memoryOf>;
  readonly fileMb: number;
}

async function measureSync(stage: Stage, changes: readonly number[]): Promise<Steps> {
  const service = startChild("./accounts-service.ts");
  try {
    await service.ask("start", { ...stage.env, PORT: "0" });
    const steps: Step[] = [];
    for (const [at, changed] of changes.entries()) {
      await Promise.all([service.ask("move", REST_MS), stage.world.ask("move", REST_MS)]);
      await stage.world.ask("change", { count: changed, step: at });
      steps.push(await step(stage, service, changed));
    }
    const memory = memoryOf(service.pid);
    // A minute later the desk's export shows what we wrote.
    await Promise.all([service.ask("move", 120_000), stage.world.ask("move", 120_000)]);
    const echo = await step(stage, service, 0);
    await service.ask("stop");
    const fileMb = Math.round(statSync(stage.databaseUrl.slice("sqlite:".length)).size / 1e6);
    return { accounts: stage.accounts, steps, echo, memory, fileMb };
  } finally {
    await service.stop();
  }
}

async function step(stage: Stage, service: Child, changed: number): Promise<Step> {
  const before = await callsOf(stage.world);
  const synced = await service.ask<Synced>("sync");
  const after = await callsOf(stage.world);
  const calls = Object.fromEntries(
    Object.entries(after)
      .map(([name, count]): [string, number] => [name, count - (before[name] ?? 0)])
      .filter(([, count]) => count > 0),
  );
  const total = Object.values(calls).reduce((a, b) => a + b, 0);
  return { changed, synced, calls, total, least: leastCalls(changed, synced) };
}

async function callsOf(world: Child): Promise<Readonly<Record<string, number>>> {
  const { crm, desk } = await world.ask<Record<"crm" | "desk", Record<string, number>>>("calls");
  const named = (of: string, calls: Record<string, number>): [string, number][] =>
    Object.entries(calls).map(([name, count]) => [`${of} ${name}`, count]);
  return Object.fromEntries([...named("crm", crm), ...named("desk", desk)]);
}

/** Thirty jobs may be queued at once, and one look shows them all: fewer looks are not possible. */
function leastCalls(changed: number, { organizations, labels }: Synced): number {
  const jobs = Math.ceil(organizations / 100);
  return Math.ceil(changed / 200) + Math.ceil(changed / 100) + jobs + Math.ceil(labels / 100) + Math.ceil(jobs / 30);
}

/** What a sync asks whatever changed: companies since the last time, their properties, organizations since the last time. */
const POLLS = 3;

function syncRows(small: Steps, large: Steps): readonly Row[] {
  const figure = "sync";
  const rows: Row[] = [];
  for (const [at, one] of large.steps.entries()) {
    const other = small.steps[at];
    const batchReads = one.calls["crm batch_read"] ?? 0;
    const beside = `${other === undefined ? "" : `of ${small.accounts} accounts: ${other.total} calls, `}one by one ${2 * one.changed + POLLS}`;
    const shown = Object.entries(one.calls).map(([name, count]) => `${name} ${count}`);
    const note = `${one.total} calls (${shown.join(", ")}), ${rounded(one.synced.seconds)} s`;
    const counts = { figure, kind: "count", beside, note } as const;
    if (one.changed === 0)
      rows.push(
        row({ ...counts, what: `calls for 0 changed of ${large.accounts}`, value: one.total, unit: "calls", bound: { most: 4 } }),
        row({ figure, kind: "count", what: "… batch reads among them", value: batchReads, unit: "", bound: { most: 0 } }),
      );
    else
      rows.push(
        row({
          ...counts,
          what: `calls ÷ least possible, ${one.changed} changed of ${large.accounts}`,
          value: one.total / (one.least + POLLS),
          unit: "",
          bound: { most: 1.1 },
        }),
      );
  }
  return [...rows, ...steadyRows(small, large)];
}

function steadyRows(small: Steps, large: Steps): readonly Row[] {
  const figure = "sync";
  const last = (steps: Steps): Step | undefined => steps.steps.at(-1);
  const [less, more] = [last(small), last(large)];
  const cpu = (one: Step | undefined): number => one?.synced.cpuSeconds ?? Number.NaN;
  return [
    row({
      figure,
      kind: "count",
      what: "batch reads of the sync after our own label writes",
      value: large.echo.calls["crm batch_read"] ?? 0,
      unit: "",
      bound: { most: 0 },
      note: `${large.echo.total} calls: ${Object.entries(large.echo.calls).map(([name, count]) => `${name} ${count}`).join(", ")}`,
    }),
    row({
      figure,
      kind: "count",
      what: "records that failed or were held back",
      value: [...small.steps, ...large.steps].reduce((sum, { synced }) => sum + synced.failed + synced.held, 0),
      unit: "",
      bound: { most: 0 },
    }),
    row({
      figure,
      kind: "time",
      what: `processor time of ${more?.changed} changed, ${large.accounts} ÷ ${small.accounts} accounts`,
      value: cpu(more) / cpu(less),
      unit: "",
      bound: { most: 1.2 },
      beside: `${rounded(cpu(more))} s ÷ ${rounded(cpu(less))} s`,
    }),
    row({
      figure,
      kind: "time",
      what: `memory after these syncs, ${large.accounts} accounts`,
      value: large.memory?.now ?? null,
      unit: "MB",
      beside: `${small.accounts} accounts: ${small.memory?.now} MB`,
      note: `at most ${large.memory?.peak} MB and ${small.memory?.peak} MB`,
    }),
  ];
}
