/**
 * The service as a black box on a disk that is full for a while: the kernel lets its files grow no further
 * (`prlimit --fsize`), and later it does again.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { afterEach, expect, test } from "@jest/globals";
import { synced } from "./process/campaign.ts";
import type { Sent } from "./process/judge.ts";
import { inWords, reckon } from "./process/reckoning.ts";
import { type Rig, startRig } from "./process/rig.ts";
import { type Source, send } from "./process/sending.ts";
import { allSettled } from "./process/settling.ts";
import { runVerb } from "./process/verb.ts";

const SEED = Number(process.env.PROCESS_SEED ?? 20_261_122);
/** Room for a few more commits, so that the disk fills while webhooks come. */
const ROOM = 200_000;
const BATCH = 5;
const MOST_BATCHES = 200;

const rigs: Rig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

/** From now on no file of the process grows beyond this size; null = the disk has room again. */
function limitFiles(rig: Rig, bytes: number | null): void {
  const pid = rig.instances[0]?.pid();
  execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes ?? "unlimited"}:unlimited`]);
}

function largestFile({ databaseUrl }: Rig): number {
  const file = databaseUrl.slice("sqlite:".length);
  const sizes = [file, `${file}-wal`].map((one) => (existsSync(one) ? statSync(one).size : 0));
  return Math.max(...sizes);
}

/** Sends tickets until a webhook is turned away. */
async function sendUntilFull(rig: Rig, source: Source, from: number): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
    sent.push(...(await send(rig, source, from + sent.length, BATCH)));
    if ((await refusals(rig)).length > 0) return sent;
  }
  throw new Error("the disk did not fill");
}

/** Answers to webhooks that are not 200: status, and when to come again. */
async function refusals(rig: Rig) {
  const { invocations } = await rig.state();
  return Object.values(invocations)
    .flatMap(({ attempts }) => attempts)
    .filter(({ statusCode }) => statusCode !== 200)
    .map(({ statusCode, responseHeaders }) => ({ statusCode, retryAfter: responseHeaders["retry-after"] }));
}

const PRLIMIT = spawnSync("prlimit", ["--version"]).status === 0;
if (!PRLIMIT) process.stderr.write("\nNOT RUN: a full disk (apt-get install -y util-linux)\n\n");

test("a full disk is tried wherever the whole suite must pass", () => {
  expect(PRLIMIT || !process.env.CI).toBe(true);
});

(PRLIMIT ? test : test.skip)(
  "while the disk is full no webhook is acknowledged; with room again all is caught up, without a restart",
  async () => {
    const rig = await startRig({ perMinute: 100_000, patience: 0.1, latencyMs: 5 });
    rigs.push(rig);
    const source = await synced(rig, SEED);
    const before = await send(rig, source, 0, 20);
    await allSettled(rig, before);
    const pid = rig.instances[0]?.pid();

    limitFiles(rig, largestFile(rig) + ROOM);
    const during = await sendUntilFull(rig, source, before.length);
    const refused = await refusals(rig);
    limitFiles(rig, null);

    const after = await send(rig, source, before.length + during.length, 20);
    const sent = [...before, ...during, ...after];
    await allSettled(rig, sent);
    expect(rig.instances[0]?.pid()).toBe(pid);
    const { code } = await rig.stop();
    const found = await reckon(rig, source, sent);
    process.stdout.write(
      `\n${sent.length} tickets, ${refused.length} refused while the disk was full\n${inWords(found, sent.length)}\n`,
    );
    expect(new Set(refused.map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify({ statusCode: 503, retryAfter: "30" })]),
    );
    expect(code).toBe(0);
    expect(found).toMatchObject({ wrong: [], undecided: [], doubled: [], unaccounted: [] });
  },
  120_000,
);

test("a place that cannot be written to is named at the start, with what to do", async () => {
  const rig = await startRig({});
  rigs.push(rig);
  const { code, told } = await runVerb(rig, ["serve"], { DATABASE_URL: "sqlite:/dev/null/store.db" });
  expect(code).toBe(1);
  expect(told).toMatch(/the store cannot be used: .*\/dev\/null\/store\.db.*\nfix: See that DATABASE_URL/);
}, 120_000);
