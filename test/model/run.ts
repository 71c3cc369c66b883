/** One run: a scenario played from its beginning to rest, and what was wrong about it. */

import { type Metrics, openMetrics } from "../../src/metrics.ts";
import { ACCOUNT_ACTS, type Act, SPANS_MS, STEPS_MOST, TICKET_ACTS } from "./acts.ts";
import { drain } from "./drain.ts";
import { ORGANIZATIONS, START } from "./installation.ts";
import type { InstancePorts } from "./instance.ts";
import { type MemoryStore, openMemoryStore } from "./memory-store.ts";
import { brokenPromises } from "./promises.ts";
import type { Mishap } from "./simulation.ts";
import { type Beginning, openWorld, type World } from "./world.ts";

/** What happens in a run; equal scenarios are equal runs. */
export interface Scenario {
  readonly about: "tickets" | "accounts";
  readonly seed: number;
  /** Calls that the seed delays and reorders. */
  readonly horizon: number;
  readonly instances: number;
  readonly acts: readonly Act[];
  readonly mishaps: readonly Mishap[];
  /** Every process dies before things come to rest. */
  readonly killAll: boolean;
}

export interface Outcome {
  /** Sentences about what was wrong; empty = every promise was kept. */
  readonly broken: readonly string[];
  /** Who did what, in order. */
  readonly trace: readonly string[];
}

export interface Model {
  readonly play: (scenario: Scenario, broken?: (ports: InstancePorts) => InstancePorts) => Promise<Outcome>;
  readonly close: () => void;
}

const SYNC_EVERY_MS = 300_000;

/** A store with the installation as its first sync left it, used for one run after another. */
export async function openModel(): Promise<Model> {
  const memory = openMemoryStore();
  const metrics = openMetrics();
  const beginning = await firstSync(memory, metrics);
  return {
    play: (scenario, broken) => play({ memory, metrics, beginning }, scenario, broken),
    close: memory.close,
  };
}

async function firstSync(memory: MemoryStore, metrics: Metrics): Promise<Beginning> {
  const world = openWorld({
    memory,
    metrics,
    seed: 0,
    horizon: 0,
    mishaps: [],
    instances: 1,
    syncEveryMs: 0,
    beginning: null,
  });
  const { simulation, instances, desk, crm } = world;
  let over = false;
  void instances[0]?.syncs.run("full").then(() => {
    over = true;
  });
  while (!over) await simulation.pass(100);
  await world.plain.register.setCursor("sweep", `from:${START}`);
  world.kill(0);
  // A run's desk counts its changes anew, and its export has shown our own writes by then.
  await world.plain.register.setCursor("desk:organizations", String(ORGANIZATIONS.length));
  memory.rows("delete from leases");
  memory.keepAsStart();
  return { organizations: desk.organizations, companies: crm.companies };
}

/** What all runs of a model have in common. */
interface Shared {
  readonly memory: MemoryStore;
  readonly metrics: Metrics;
  readonly beginning: Beginning;
}

async function play(
  shared: Shared,
  scenario: Scenario,
  broken?: (ports: InstancePorts) => InstancePorts,
): Promise<Outcome> {
  shared.memory.restart();
  const world = openWorld({
    ...scenario,
    ...shared,
    syncEveryMs: scenario.about === "accounts" ? SYNC_EVERY_MS : 0,
    ...(broken === undefined ? {} : { broken }),
  });
  const { simulation } = world;
  try {
    for (const act of scenario.acts) await happen(world, scenario, act);
    await simulation.steps(STEPS_MOST);
    const drained = await drain(world, { killAll: scenario.killAll, nights: scenario.about === "accounts" });
    return { broken: await brokenPromises(world, drained), trace: simulation.trace() };
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { broken: [`the run itself failed: ${what}`], trace: simulation.trace() };
  }
}

async function happen(world: World, { about }: Scenario, act: Act): Promise<void> {
  const { simulation } = world;
  if (act.after <= STEPS_MOST) await simulation.steps(act.after);
  else await simulation.pass(SPANS_MS[(act.after - STEPS_MOST - 1) % SPANS_MS.length] ?? 0);
  const acts = about === "tickets" ? TICKET_ACTS : ACCOUNT_ACTS;
  await acts[act.kind % acts.length]?.(world, act.a, act.b);
}
