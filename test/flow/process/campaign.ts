/**
 * A run under fire: tickets in a steady stream while instances are killed and paused and the database falls over.
 *
 * Everything that is drawn comes from the seed: the tickets, whom a kill meets, and when. What the processes make of it
 * in time is the machine's own.
 */
import { setTimeout as pause } from "node:timers/promises";
import { loadPolicy } from "../../../src/policy-in-force.ts";
import { dataset } from "../../../src/sandbox/dataset.ts";
import { dice } from "../../../src/sandbox/dataset-dice.ts";
import type { Sent } from "./judge.ts";
import type { Rig } from "./rig.ts";
import { type Source, send } from "./sending.ts";
import { allSettled } from "./settling.ts";
import { rowsOf } from "./store-rows.ts";
import { befall, type Stage, type Trouble } from "./troubles.ts";
import { until } from "./waiting.ts";

/** What is to happen. */
export interface Plan {
  /** Tickets in the stream, spread evenly over the troubles. */
  readonly tickets: number;
  readonly perSecond: number;
  readonly troubles: readonly Trouble[];
  readonly seed: number;
  /** Kills the database server and starts it again `downMs` later. */
  readonly fellDatabase: (downMs: number) => Promise<void>;
  readonly progress: (line: string) => void;
}

/** What was sent, and how those ended that were asked to. */
export interface Course {
  readonly sent: readonly Sent[];
  readonly stops: Stage["stops"];
}

/** Tickets beside the stream are numbered from here. */
const BESIDE = 1_000_000;
const BATCHES_A_SECOND = 10;
/** Set when a whole sync has come to its end. */
const FULL_SYNC = "select value from cursors where name = 'full'";

/** Starts the service and waits for its first CRM sync; what its tickets are drawn from. */
export async function synced(rig: Rig, seed: number): Promise<Source> {
  await rig.start();
  // Not by the metric: an instance that found another one syncing counts that as well.
  const done = async (): Promise<boolean> => (await rowsOf(rig.databaseUrl, FULL_SYNC)).length > 0;
  await until("the first CRM sync", 60_000, done);
  const { policy } = loadPolicy(rig.ready.env.POLICY_FILE ?? "");
  return { policy, data: dataset(rig.ready), seed };
}

/** Carries out the plan, up to the last ticket settled and the last instance awake. */
export async function campaign(rig: Rig, source: Source, plan: Plan): Promise<Course> {
  const steps = Math.max(1, plan.troubles.length);
  const share = (step: number): number => Math.round((plan.tickets * step) / steps);
  const sent: Sent[] = [];
  let next = BESIDE;
  const more = async (count: number): Promise<void> => {
    const from = next;
    next += count;
    sent.push(...(await send(rig, source, from, count)));
  };
  const { fellDatabase } = plan;
  const stage: Stage = { rig, draw: dice(plan.seed), more, fellDatabase, sleeping: [], stops: [] };
  for (let step = 0; step < steps; step += 1) {
    const trouble = plan.troubles[step];
    const [arrived] = await Promise.all([
      stream(rig, source, share(step), share(step + 1), plan.perSecond),
      trouble === undefined ? null : befall(stage, trouble),
    ]);
    sent.push(...arrived);
    plan.progress(`${sent.length} tickets sent; ${trouble ?? "no trouble"} (${step + 1} of ${steps})`);
  }
  await Promise.all(stage.sleeping);
  plan.progress("all sent, all awake; waiting for the last ticket to be settled");
  await allSettled(rig, sent);
  return { sent, stops: stage.stops };
}

/** Tickets from number `from` on, in small batches at an even pace. */
async function stream(
  rig: Rig,
  source: Source,
  from: number,
  to: number,
  perSecond: number,
): Promise<Sent[]> {
  const size = Math.max(1, Math.round(perSecond / BATCHES_A_SECOND));
  const sent: Sent[] = [];
  for (let next = from; next < to; next += size) {
    const count = Math.min(size, to - next);
    const [arrived] = await Promise.all([send(rig, source, next, count), pause((count * 1000) / perSecond)]);
    sent.push(...arrived);
  }
  return sent;
}
