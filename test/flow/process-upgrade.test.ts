/**
 * An upgrade with work pending: a store that an older version left behind, full of webhooks that were acknowledged, is
 * opened by this version, which is killed while it moves the store on, and finishes the work. A store that a newer
 * version has moved on is refused as it is.
 */
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterEach, expect, test } from "@jest/globals";
import { dice } from "../../src/sandbox/dataset-dice.ts";
import { MIGRATIONS_TABLE, stepsFor } from "../../src/store/migrations/index.ts";
import { synced } from "./process/campaign.ts";
import type { Sent } from "./process/judge.ts";
import { inWords, reckon } from "./process/reckoning.ts";
import { type Rig, startRig } from "./process/rig.ts";
import { send } from "./process/sending.ts";
import { allSettled } from "./process/settling.ts";
import { runVerb } from "./process/verb.ts";

const SEED = Number(process.env.PROCESS_SEED ?? 20_261_122);
const TICKETS = 200;
const FALSE_STARTS = 4;
/** From the start of the process until it answers, on a machine that is busy. */
const STARTING_MS = 900;

const rigs: Rig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

function fileOf({ databaseUrl }: Rig): string {
  return databaseUrl.slice("sqlite:".length);
}

/**
 * Makes of the store what the first version would have left behind: its tables, and in them what is in the same tables
 * and columns today.
 */
function takeBack(file: string): void {
  const newer = `${file}.newer`;
  copyFileSync(file, newer);
  rmSync(file);
  const [first] = stepsFor("sqlite");
  if (first === undefined) throw new Error("there is no first step");
  const db = new DatabaseSync(file);
  db.exec("pragma journal_mode = wal");
  db.exec(MIGRATIONS_TABLE);
  for (const sql of first.statements) db.exec(sql);
  db.prepare("insert into migrations (id, checksum, applied_at) values (?, ?, 0)").run(
    first.id,
    first.checksum,
  );
  db.prepare("attach ? as newer").run(newer);
  const tables = db
    .prepare(
      "select name from sqlite_schema where type = 'table' and name not in ('migrations', 'sqlite_sequence')",
    )
    .all();
  for (const { name } of tables) {
    const columns = (of: string): readonly unknown[] =>
      db
        .prepare(`select name from ${of}.pragma_table_info(?)`)
        .all(String(name))
        .map((row) => row.name);
    const shared = columns("newer")
      .filter((column) => columns("main").includes(column))
      .join(", ");
    db.exec(`insert into main.${name} (${shared}) select ${shared} from newer.${name}`);
  }
  db.close();
  rmSync(newer);
}

function pendingIn(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return Number(db.prepare("select count(*) as n from deliveries where state = 'pending'").get()?.n);
  } finally {
    db.close();
  }
}

test("an older version's store with webhooks pending is moved on and finished, also when killed meanwhile", async () => {
  const rig = await startRig({ perMinute: 100_000, patience: 1, latencyMs: 5 });
  rigs.push(rig);
  const source = await synced(rig, SEED);
  expect((await runVerb(rig, ["pause"])).code).toBe(0);
  const sent: Sent[] = [];
  while (sent.length < TICKETS) sent.push(...(await send(rig, source, sent.length, 20)));
  await rig.delivered();
  await rig.stop();
  const file = fileOf(rig);
  takeBack(file);
  expect(pendingIn(file)).toBe(TICKETS);

  const draw = dice(SEED, 3);
  for (let n = 0; n < FALSE_STARTS; n += 1) await rig.instances[0]?.falseStart(draw.int(50, STARTING_MS));
  expect(pendingIn(file)).toBe(TICKETS);
  await rig.start();
  expect((await runVerb(rig, ["resume"])).code).toBe(0);
  await allSettled(rig, sent);
  const { code } = await rig.stop();
  const found = await reckon(rig, source, sent);
  process.stdout.write(`\n${TICKETS} tickets over an upgrade\n${inWords(found, TICKETS)}\n`);
  expect(code).toBe(0);
  expect(found).toMatchObject({ wrong: [], undecided: [], doubled: [], unaccounted: [] });
}, 300_000);

test("a store that a newer version has moved on is refused with a fix, and stays as it is", async () => {
  const rig = await startRig({ perMinute: 100_000 });
  rigs.push(rig);
  const source = await synced(rig, SEED);
  await runVerb(rig, ["pause"]);
  await send(rig, source, 0, 10);
  await rig.delivered();
  await rig.stop();
  const file = fileOf(rig);
  const db = new DatabaseSync(file);
  db.exec("insert into migrations (id, checksum, applied_at) values ('9999-later', 'x', 0)");
  db.exec("pragma wal_checkpoint(truncate)");
  db.close();
  const before = readFileSync(file);
  const { code, told } = await runVerb(rig, ["serve"]);
  expect(code).toBe(2);
  expect(told).toContain("moved on by a newer version");
  expect(told).toContain("fix: Start the newer version again, or restore a backup");
  expect(readFileSync(file).equals(before)).toBe(true);
}, 180_000);
