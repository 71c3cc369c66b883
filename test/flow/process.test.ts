/**
 * The service as a black box: it and the sandboxes are separate processes with nothing between them but HTTP, and a
 * judge that shares nothing with the service but the pure rules says what must have become of every ticket.
 *
 * The sandbox allows 100,000 calls and ticket updates a minute here. With Zendesk's real 100 updates a minute a
 * thousand tickets take ten minutes; what is proven is what happens to each of them, not the pace.
 * Its webhooks are tried six times as Zendesk's are, but 10 s apart instead of 1 s: with a kill every three seconds six
 * quick tries can all meet a service that is just starting, and what a sender gave up is not what this test is about.
 * PROCESS_TICKETS, PROCESS_KILL_TICKETS and PROCESS_SEED change sizes and seed.
 */
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { type Dice, dice } from "../../src/sandbox/dataset-dice.ts";
import { synced } from "./process/campaign.ts";
import type { Sent } from "./process/judge.ts";
import { inWords, type Reckoning, reckon } from "./process/reckoning.ts";
import { type Rig, startRig } from "./process/rig.ts";
import { type Source, send } from "./process/sending.ts";
import { allSettled } from "./process/settling.ts";

const TICKETS = Number(process.env.PROCESS_TICKETS ?? 1_000);
const KILL_TICKETS = Number(process.env.PROCESS_KILL_TICKETS ?? 300);
const SEED = Number(process.env.PROCESS_SEED ?? 20_261_122);
const KILLS = 10;
const BATCH = 20;
/** The desk's answers take this long in the kill test, so that kills fall between a write and its answer. */
const ANSWER_MS = 60;
const PATIENCE = 10;

const open: Rig[] = [];
afterEach(async () => {
  for (const rig of open.splice(0)) await rig.close();
});

test("every one of a thousand mixed tickets ends as the policy says, with one write or none", async () => {
  const { rig, source } = await readyRig(0);
  const began = performance.now();
  const sent: Sent[] = [];
  for (let from = 0; from < TICKETS; from += BATCH)
    sent.push(...(await send(rig, source, from, Math.min(BATCH, TICKETS - from))));
  await allSettled(rig, sent);
  const seconds = (performance.now() - began) / 1000;
  const stopped = await rig.stop();
  const found = await reckon(rig, source, sent);
  tell(
    `${TICKETS} tickets in ${seconds.toFixed(1)} s, stopped in ${stopped.ms.toFixed(0)} ms`,
    found,
    TICKETS,
  );
  expect(stopped.code).toBe(0);
  expect(stopped.ms).toBeLessThanOrEqual(10_000);
  allWell(found);
  expect(found.calls.writes).toBe(found.toWrite);
}, 300_000);

test("killed ten times while tickets arrive, the service loses none and writes none twice", async () => {
  const { rig, source } = await readyRig(ANSWER_MS);
  const draw = dice(SEED);
  const began = performance.now();
  const sent: Sent[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const [from, to] = [share(kill), share(kill + 1)];
    const [arrived] = await Promise.all([
      trickle(rig, source, from, to, draw.int(20, 60)),
      killed(rig, draw),
    ]);
    sent.push(...arrived);
  }
  await allSettled(rig, sent);
  const seconds = (performance.now() - began) / 1000;
  const { code } = await rig.stop();
  const found = await reckon(rig, source, sent);
  tell(`${KILL_TICKETS} tickets and ${KILLS} kills in ${seconds.toFixed(1)} s`, found, KILL_TICKETS);
  expect(code).toBe(0);
  allWell(found);
  expect(found.calls.writes / KILL_TICKETS).toBeLessThanOrEqual(1.1);
}, 300_000);

/** A rig whose service has synced its customers once, and what its tickets are drawn from. */
async function readyRig(latencyMs: number): Promise<{ readonly rig: Rig; readonly source: Source }> {
  const rig = await startRig({ perMinute: 100_000, patience: PATIENCE, latencyMs });
  open.push(rig);
  return { rig, source: await synced(rig, SEED) };
}

const share = (kill: number): number => Math.round((KILL_TICKETS * kill) / KILLS);

/** Tickets one after another, `everyMs` apart. */
async function trickle(rig: Rig, source: Source, from: number, to: number, everyMs: number): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (let next = from; next < to; next += 1) {
    sent.push(...(await send(rig, source, next, 1)));
    await pause(everyMs);
  }
  return sent;
}

/** Lets the service run for a moment, kills it and starts it again. */
async function killed(rig: Rig, draw: Dice): Promise<void> {
  await pause(draw.int(200, 2_200));
  await rig.kill();
  await rig.start();
}

function allWell(found: Reckoning): void {
  expect(found.wrong).toEqual([]);
  expect(found.undecided).toEqual([]);
  expect(found.doubled).toEqual([]);
  expect(found.unaccounted).toEqual([]);
}

function tell(what: string, found: Reckoning, tickets: number): void {
  process.stdout.write(`\n${what} (seed ${SEED})\n${inWords(found, tickets)}\n`);
}
