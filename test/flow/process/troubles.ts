/** What goes wrong in a campaign, one trouble at a time, while tickets go on arriving. */
import { setTimeout as pause } from "node:timers/promises";
import type { Dice } from "../../../src/sandbox/dataset-dice.ts";
import { killAt, needsFlood } from "./boundaries.ts";
import { untilAllHoldTickets } from "./holding.ts";
import type { Rig } from "./rig.ts";
import { until } from "./waiting.ts";

/**
 * `kill` at any moment, `flood` = as many tickets as make jobs and a kill among them, `pause` for longer than a lease,
 * `stop` by SIGTERM and a new start, `false start` = killed while starting, `database` = the server falls over,
 * `outage` = it stays away for 30 s; else a place out of `BOUNDARIES`.
 */
export type Trouble = string;

/** Troubles that are no place. */
export const TROUBLES: readonly Trouble[] = [
  "kill",
  "flood",
  "pause",
  "stop",
  "false start",
  "database",
  "outage",
];

/** What troubles need of the campaign. */
export interface Stage {
  readonly rig: Rig;
  readonly draw: Dice;
  /** Sends so many tickets at once, beside the stream. */
  readonly more: (count: number) => Promise<void>;
  /** Kills the database server and starts it again `downMs` later. */
  readonly fellDatabase: (downMs: number) => Promise<void>;
  /** Pauses that are not over yet are put here. */
  readonly sleeping: Promise<void>[];
  /** How a stop by SIGTERM ended is put here. */
  readonly stops: { readonly code: number | null; readonly ms: number }[];
}

/** Longer than a lease: whoever wakes up finds their tickets with somebody else. */
const PAUSED_MS = 31_500;
const OUTAGE_MS = 30_000;
/** More than make a job, even though some of them must go by themselves. */
const FLOOD = 300;
/** Where nobody comes past, more tickets are sent after so many ms: few, or another flood. */
const NUDGE = { few: 5, fewMs: 2_000, floodMs: 20_000 } as const;
const STRUCK_MS = 120_000;
/** From the start of a process until it answers, roughly. */
const STARTING_MS = 1_500;

/** Lets one trouble happen; whoever was killed or stopped is started again. */
export async function befall(stage: Stage, trouble: Trouble): Promise<void> {
  const { rig, draw } = stage;
  if (!TROUBLES.includes(trouble)) return struckAt(stage, trouble);
  const delayMs = draw.int(300, 800);
  const downMs = draw.int(200, 2_000);
  const victim = draw.next();
  if (trouble === "flood") await stage.more(FLOOD);
  await pause(delayMs);
  if (trouble === "database") return stage.fellDatabase(downMs);
  if (trouble === "outage") return stage.fellDatabase(OUTAGE_MS);
  const awake = rig.instances.flatMap((one, number) => (one.state() === "up" ? [number] : []));
  const which = awake[Math.floor(victim * awake.length)];
  if (which === undefined)
    throw new Error(`no instance is up any more; the log ends ${rig.log().slice(-2_000)}`);
  if (trouble === "pause") return pausedFor(stage, which, awake.length);
  if (trouble === "stop") await stopped(stage, which);
  else await rig.kill(which);
  if (trouble === "false start") await rig.instances[which]?.falseStart(draw.int(50, STARTING_MS));
  await rig.start(which);
}

async function struckAt({ rig, more }: Stage, boundary: string): Promise<void> {
  const flood = needsFlood(boundary);
  const struck: { which: number | null } = { which: null };
  const blow = killAt(rig, boundary).then((which) => {
    struck.which = which;
  });
  if (flood) await more(FLOOD);
  for (const end = performance.now() + STRUCK_MS; struck.which === null; ) {
    const over = new AbortController();
    const nudge = pause(flood ? NUDGE.floodMs : NUDGE.fewMs, null, { signal: over.signal }).catch(() => null);
    await Promise.race([blow, nudge]);
    over.abort();
    if (performance.now() > end) throw new Error(`nobody came past "${boundary}"`);
    if (struck.which === null) await more(flood ? FLOOD : NUDGE.few);
  }
  await rig.start(struck.which);
}

async function stopped({ rig, stops }: Stage, which: number): Promise<void> {
  const began = performance.now();
  const code = (await rig.instances[which]?.end("SIGTERM")) ?? null;
  stops.push({ code, ms: Math.round(performance.now() - began) });
}

async function pausedFor({ rig, sleeping }: Stage, which: number, awake: number): Promise<void> {
  // The last one awake stays awake: with nobody to take its tickets over, a pause shows nothing.
  if (awake < 2) return;
  await untilAllHoldTickets(rig.databaseUrl, awake);
  sleeping.push(asleep(rig, which));
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
