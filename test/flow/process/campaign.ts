/**
 * A run under fire: tickets in a steady stream while instances are killed and paused and the database falls over.
 *
 * Everything that is drawn comes from the seed: the tickets, whom a kill meets, and when. What the processes make of it
 * in time is the machine's own.
 */
import { setTimeout as pause } from "node:timers/promises";
import { loadPolicy } from "../../../src/policy-in-force.ts";
import { dataset } from "../../../src/sandbox/dataset.ts";
import { type Dice, dice } from "../../../src/sandbox/dataset-dice.ts";
import { untilAllHoldTickets } from "./holding.ts";
import type { Sent } from "./judge.ts";
import type { Rig } from "./rig.ts";
import { type Source, send } from "./sending.ts";
import { until } from "./waiting.ts";

/** What goes wrong; at each, so many tickets more arrive. */
export type Trouble = "kill" | "pause" | "database";

/** What is to happen. */
export interface Plan {
  readonly tickets: number;
  readonly perSecond: number;
  readonly troubles: readonly Trouble[];
  readonly seed: number;
  /** Kills the database server and starts it again `downMs` later. */
  readonly fellDatabase: (downMs: number) => Promise<void>;
  readonly progress: (line: string) => void;
}

/** Longer than a lease: whoever wakes up finds their tickets with somebody else. */
const PAUSED_MS = 31_500;
/** A lease, the tries of a webhook, and a busy machine. */
const DRAIN_MS = 300_000;
const LOOK_EVERY_MS = 500;
const BATCHES_A_SECOND = 10;

/** Starts the service and waits for its first CRM sync; what its tickets are drawn from. */
export async function synced(rig: Rig, seed: number): Promise<Source> {
  await rig.start();
  const done = async (): Promise<boolean> =>
    ((await rig.metric("ps_syncs_total", '{source="hubspot",result="ok"}')) ?? 0) > 0;
  await until("the first CRM sync", 60_000, done);
  const { policy } = loadPolicy(rig.ready.env.POLICY_FILE ?? "");
  return { policy, data: dataset(rig.ready), seed };
}

/** Carries out the plan, up to the last ticket settled and the last instance awake. */
export async function campaign(rig: Rig, source: Source, plan: Plan): Promise<readonly Sent[]> {
  const draw = dice(plan.seed);
  const steps = Math.max(1, plan.troubles.length);
  const share = (step: number): number => Math.round((plan.tickets * step) / steps);
  const sent: Sent[] = [];
  const sleeping: Promise<void>[] = [];
  for (let step = 0; step < steps; step += 1) {
    const trouble = plan.troubles[step];
    const [arrived] = await Promise.all([
      stream(rig, source, share(step), share(step + 1), plan.perSecond),
      trouble === undefined ? null : befall(rig, plan, trouble, draw, sleeping),
    ]);
    sent.push(...arrived);
    plan.progress(`${sent.length} tickets sent, ${trouble ?? "no trouble"} (${step + 1} of ${steps})`);
  }
  await Promise.all(sleeping);
  plan.progress("all sent, all awake; waiting for the last ticket to be settled");
  await drained(rig, sent);
  return sent;
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

async function befall(
  rig: Rig,
  plan: Plan,
  trouble: Trouble,
  draw: Dice,
  sleeping: Promise<void>[],
): Promise<void> {
  const delayMs = draw.int(300, 800);
  const downMs = draw.int(200, 2_000);
  const victim = draw.next();
  await pause(delayMs);
  if (trouble === "database") return plan.fellDatabase(downMs);
  const awake = rig.instances.flatMap((one, number) => (one.state() === "up" ? [number] : []));
  const which = awake[Math.floor(victim * awake.length)];
  if (which === undefined)
    throw new Error(`no instance is up any more; the log ends ${rig.log().slice(-2_000)}`);
  if (trouble === "pause") {
    // The last one awake stays awake: with nobody to take its tickets over, a pause shows nothing.
    if (awake.length < 2) return;
    await untilAllHoldTickets(rig.databaseUrl, awake.length);
    sleeping.push(asleep(rig, which));
    return;
  }
  await rig.kill(which);
  await rig.start(which);
}

/** Pauses an instance; ends when it is awake again and answers. */
async function asleep(rig: Rig, which: number): Promise<void> {
  const instance = rig.instances[which];
  if (instance === undefined) throw new Error(`there is no instance ${which}`);
  instance.pause();
  await pause(PAUSED_MS);
  instance.resume();
  await until("the paused instance to answer again", 30_000, async () => {
    return (await fetch(`${instance.url}/healthz`).catch(() => null))?.ok === true;
  });
}

/** Waits until the desk has delivered a webhook for every ticket and the service has settled them all. */
async function drained(rig: Rig, sent: readonly Sent[]): Promise<void> {
  const untaken = async (): Promise<readonly string[]> => {
    const all = Object.values((await rig.state()).invocations);
    const taken = new Set(all.filter((one) => one.statusCode === 200).map(({ ticketId }) => ticketId));
    return sent.filter(({ ticket }) => !taken.has(ticket.id)).map(({ ticket }) => ticket.id);
  };
  // The inbox first: with ten thousand tickets the desk's state is a large answer.
  const done = async (): Promise<boolean> =>
    (await rig.metric("ps_deliveries", '{what="pending"}')) === 0 && (await untaken()).length === 0;
  await until("every ticket to be taken and settled", DRAIN_MS, done, LOOK_EVERY_MS).catch(async (cause) => {
    const missing = await untaken();
    throw new Error(`webhooks never taken: ${missing}; the log ends ${rig.log().slice(-2_000)}`, { cause });
  });
}
