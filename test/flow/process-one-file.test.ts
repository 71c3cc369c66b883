/** Two services on one SQLite file of one machine, as black boxes: they share the work, and one is killed meanwhile. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import nock from "nock";
import { campaign, synced } from "./process/campaign.ts";
import { inWords, reckon } from "./process/reckoning.ts";
import { type Rig, startRig } from "./process/rig.ts";
import { rowsOf } from "./process/store-rows.ts";

const SEED = Number(process.env.PROCESS_SEED ?? 20_261_122);
const TICKETS = 60;

let folder: string;
let rig: Rig;
beforeAll(async () => {
  // The forwarder lives by the exact order of a real socket's events; nothing is mocked here.
  nock.restore();
  folder = mkdtempSync(join(tmpdir(), "one-file-"));
  rig = await startRig(
    { perMinute: 100_000, patience: 1, latencyMs: 50 },
    { instances: 2, databaseUrl: `sqlite:${join(folder, "shared.db")}`, forwarder: true, tapped: false },
  );
}, 180_000);
afterAll(async () => {
  await rig?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test("two services on one SQLite file lose no ticket and write none twice, also when one is killed", async () => {
  const source = await synced(rig, SEED);
  const { sent, stops } = await campaign(rig, source, {
    tickets: TICKETS,
    perSecond: 20,
    troubles: ["kill", "stop"],
    seed: SEED,
    fellDatabase: async () => {},
    progress: () => undefined,
  });
  const journalMode = await rowsOf(rig.databaseUrl, "pragma journal_mode");
  const { code } = await rig.stop();
  const found = await reckon(rig, source, sent);
  process.stdout.write(`\n${TICKETS} tickets on one file (seed ${SEED})\n${inWords(found, TICKETS)}\n`);
  expect([code, ...stops.map((stop) => stop.code)]).toEqual([0, 0]);
  expect(found).toMatchObject({ wrong: [], undecided: [], doubled: [], unaccounted: [] });
  expect(sent).toHaveLength(TICKETS);
  expect(found.calls.writes / TICKETS).toBeLessThanOrEqual(1.1);
  expect(journalMode).toEqual([{ journal_mode: "wal" }]);
}, 300_000);
