/** Figure: what becomes of tickets while the service is killed again and again, by the same judge as the flow tests. */
import { setTimeout as pause } from "node:timers/promises";
import { dataset } from "../../src/sandbox/dataset.ts";
import { type Dice, dice } from "../../src/sandbox/dataset-dice.ts";
import type { Sent } from "../flow/process/judge.ts";
import { reckon } from "../flow/process/reckoning.ts";
import { type Rig, startRig, until } from "../flow/process/rig.ts";
import { type Source, send } from "../flow/process/sending.ts";
import { policyOfDemo } from "./figure-decide.ts";
import { type Measured, row } from "./report.ts";

const SEED = 20_261_122;
/** Answers of the desk take this long, so that kills fall between a write and its answer. */
const ANSWER_MS = 40;
const BATCH = 10;
/** A killed worker's claims come back when their lease ends; the last try of a webhook is later still. */
const PATIENCE_MS = 120_000;

/** Tickets in a steady stream, and so many kills spread over it. */
export async function measureKills(tickets: number, kills: number): Promise<Measured> {
  const rig = await startRig({ perMinute: 1_000_000, patience: 10, latencyMs: ANSWER_MS });
  try {
    await rig.start();
    const synced = async (): Promise<boolean> =>
      ((await rig.metric("ps_syncs_total", '{source="hubspot",result="ok"}')) ?? 0) > 0;
    await until("the first sync", 60_000, synced);
    const source: Source = { policy: policyOfDemo(), data: dataset(rig.ready), seed: SEED };
    const began = performance.now();
    const { sent, done } = await underFire(rig, source, tickets, kills);
    await drained(rig, tickets);
    const seconds = (performance.now() - began) / 1000;
    await rig.stop();
    const found = await reckon(rig, source, sent);
    return rowsOf({ tickets, kills: done, seconds, sent: sent.length }, found);
  } finally {
    await rig.close();
  }
}

async function underFire(rig: Rig, source: Source, tickets: number, kills: number) {
  const draw = dice(SEED);
  const sent: Sent[] = [];
  let done = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const [from, to] = [Math.round((tickets * kill) / kills), Math.round((tickets * (kill + 1)) / kills)];
    const [arrived] = await Promise.all([stream(rig, source, from, to), killed(rig, draw)]);
    sent.push(...arrived);
    done += 1;
  }
  return { sent, done };
}

async function stream(rig: Rig, source: Source, from: number, to: number): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (let next = from; next < to; next += BATCH) {
    sent.push(...(await send(rig, source, next, Math.min(BATCH, to - next))));
    await pause(BATCH * 10);
  }
  return sent;
}

async function killed(rig: Rig, draw: Dice): Promise<void> {
  await pause(draw.int(200, 1_800));
  await rig.kill();
  await rig.start();
}

/** Every webhook taken or given up by its sender, and nothing waiting any more. */
async function drained(rig: Rig, tickets: number): Promise<void> {
  await until("every webhook to be taken", PATIENCE_MS, async () => {
    const all = Object.values((await rig.state()).invocations);
    return new Set(all.filter((one) => one.statusCode === 200).map((one) => one.ticketId)).size >= tickets;
  }).catch(() => undefined);
  await until(
    "the inbox to be empty",
    PATIENCE_MS,
    async () => (await rig.metric("ps_deliveries", '{what="pending"}')) === 0,
  );
}

function rowsOf(
  run: { readonly tickets: number; readonly kills: number; readonly seconds: number; readonly sent: number },
  found: Awaited<ReturnType<typeof reckon>>,
): Measured {
  const counts = { figure: "killed again and again", unit: "", kind: "count" } as const;
  const { wrong, undecided, doubled, unaccounted, calls, acknowledged } = found;
  const note = `${run.tickets} tickets, ${run.kills} kills with SIGKILL, ${Math.round(run.seconds)} s, seed ${SEED}`;
  return {
    rows: [
      row({
        ...counts,
        what: "lost: acknowledged, but not settled",
        value: unaccounted.length + undecided.length,
        bound: { most: 0 },
        note: `${note}; ${acknowledged} deliveries acknowledged`,
      }),
      row({ ...counts, what: "doubled: written more than once", value: doubled.length, bound: { most: 0 } }),
      row({ ...counts, what: "not as the rules say", value: wrong.length, bound: { most: 0 } }),
      row({ ...counts, what: "writes a ticket", value: calls.writes / run.tickets, bound: { most: 1.1 } }),
    ],
    details: { run, calls, acknowledged, unaccounted, undecided, doubled, wrong: wrong.slice(0, 5) },
  };
}
