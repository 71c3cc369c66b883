/** Figures: what a sync costs by how much changed, and what a million accounts weigh. Both on the same filled store. */
import { statSync } from "node:fs";
import type { Synced } from "./accounts-service.ts";
import { onStage, type Stage } from "./accounts-stage.ts";
import { type Child, memoryOf, startChild } from "./child.ts";
import { footprintRows, measureFootprint } from "./figure-footprint.ts";
import { rounded } from "./numbers.ts";
import { type Measured, type Row, row } from "./report.ts";

/** Beyond the window that every sync looks back over, and beyond the minute that exports leave out. */
const REST_MS = 11 * 60_000;

/** Changes of a first sync that is not counted: what a service asks once after its start. */
const WARM_UP = 120;

/** A small store for comparison, then the large one. */
export async function measureAccounts(quick: boolean, accounts: number): Promise<Measured> {
  const steps = quick ? [0, 1, 100, 1_000] : [0, 1, 100, 10_000];
  const most = steps.at(-1) ?? 0;
  const changeable = most + WARM_UP;
  // Of the small store only processor time is compared: it need not wait two minutes for Zendesk's thirty jobs a minute.
  const [few, many] = [changeable + 100, accounts];
  const small = await onStage({ accounts: few, changeable, jobs: 300 }, (stage) => measureSync(stage, steps));
  const large = await onStage({ accounts: many, changeable, jobs: 30 }, async (stage) => ({
    footprint: await measureFootprint(stage, quick),
    sync: await measureSync(stage, steps),
  }));
  return {
    rows: [...syncRows(small, large.sync), ...footprintRows(large.footprint)],
    details: { small, large },
  };
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
  /** The first one with changes after the service's start. */
  readonly first: Step;
  /** The sync right after our own label writes. */
  readonly echo: Step;
  readonly memory: ReturnType<typeof memoryOf>;
  readonly fileMb: number;
}

async function measureSync(stage: Stage, changes: readonly number[]): Promise<Steps> {
  const service = startChild("./accounts-service.ts");
  try {
    await service.ask("start", { ...stage.env, PORT: "0" });
    const after = async (from: number, count: number, at: number): Promise<Step> => {
      await Promise.all([service.ask("move", REST_MS), stage.world.ask("move", REST_MS)]);
      await stage.world.ask("change", { from, count, step: at });
      return step(stage, service, count);
    };
    const first = await after(Math.max(...changes), WARM_UP, 0);
    const steps: Step[] = [];
    for (const [at, count] of changes.entries()) steps.push(await after(0, count, at));
    const memory = memoryOf(service.pid);
    // A minute later the desk's export shows what we wrote.
    await Promise.all([service.ask("move", 120_000), stage.world.ask("move", 120_000)]);
    const echo = await step(stage, service, 0);
    await service.ask("stop");
    const fileMb = Math.round(statSync(stage.databaseUrl.slice("sqlite:".length)).size / 1e6);
    return { accounts: stage.accounts, steps, first, echo, memory, fileMb };
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
  return (
    Math.ceil(changed / 200) +
    Math.ceil(changed / 100) +
    jobs +
    Math.ceil(labels / 100) +
    Math.ceil(jobs / 30)
  );
}

function syncRows(small: Steps, large: Steps): readonly Row[] {
  const idle = large.steps.find((one) => one.changed === 0);
  // Asked whatever changed. The search is not among them: one that finds something counts as a read.
  const polls = idle === undefined ? 0 : idle.total - callsTo(idle, "crm search");
  const rows = large.steps.map((one, at) =>
    one.changed === 0 ? idleRow(one, large) : changedRow(one, small.steps[at], large, polls),
  );
  return [...rows, firstRow(large.first), ...steadyRows(small, large)];
}

function idleRow(one: Step, { accounts }: Steps): Row {
  return row({
    figure: "sync",
    kind: "count",
    what: `calls for each kind of object, 0 changed of ${accounts}`,
    value: Math.max(callsTo(one, "crm "), callsTo(one, "desk ")),
    unit: "",
    bound: { most: 2 },
    note: wordsOf(one),
  });
}

function changedRow(one: Step, other: Step | undefined, large: Steps, polls: number): Row {
  return row({
    figure: "sync",
    kind: "count",
    what: `calls ÷ least possible, ${one.changed} changed of ${large.accounts}`,
    value: one.total / (one.least + polls),
    unit: "",
    bound: { most: 1.1 },
    beside: `one by one ${2 * one.changed + polls} calls; on the small store ${other?.total}`,
    note: `least ${one.least + polls}; ${wordsOf(one)}`,
  });
}

function firstRow(one: Step): Row {
  return row({
    figure: "sync",
    kind: "count",
    what: `calls of the first sync after a start, ${one.changed} changed`,
    value: one.total,
    unit: "",
    note: wordsOf(one),
  });
}

function callsTo({ calls }: Step, prefix: string): number {
  return Object.entries(calls).reduce(
    (sum, [name, count]) => (name.startsWith(prefix) ? sum + count : sum),
    0,
  );
}

function wordsOf({ calls, total, synced }: Step): string {
  const shown = Object.entries(calls).map(([name, count]) => `${name} ${count}`);
  return `${total} calls (${shown.join(", ")}), ${rounded(synced.seconds)} s`;
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
      what: "records read again after our own label writes",
      value: callsTo(large.echo, "crm batch_read"),
      unit: "",
      bound: { most: 0 },
      note: wordsOf(large.echo),
    }),
    row({
      figure,
      kind: "count",
      what: "records that failed or were held back",
      value: [...small.steps, ...large.steps].reduce(
        (sum, { synced }) => sum + synced.failed + synced.held,
        0,
      ),
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
