/** A store whose files were torn or changed behind its back: it starts with what is whole, or says why it does not. */
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { NeedsAdmin } from "../../src/errors.ts";
import type { Store } from "../../src/ports.ts";
import { type Dice, dice } from "../../src/sandbox/dataset-dice.ts";
import { openStore } from "../../src/store/open.ts";
import { claimOnly, DONE, delivery } from "./kit.ts";

const SEED = 20_261_122;
const ROWS = 120;
const TIMES = 50;

const folder = mkdtempSync(join(tmpdir(), "damage-"));
const whole = join(folder, "whole.db");
/** Where in the log each webhook's transaction ends. */
const ends: number[] = [];
let log: Buffer = Buffer.alloc(0);

beforeAll(async () => {
  const store = await openStore(`sqlite:${whole}`, { warn: () => undefined });
  for (let row = 0; row < ROWS; row += 1) {
    await store.inbox.accept(delivery(String(row), { subjectId: String(row) }), "live", 0);
    ends.push(statSync(`${whole}-wal`).size);
  }
  // As a killed process leaves them: the file, and everything since in the log.
  cpSync(whole, join(folder, "copy.db"));
  log = readFileSync(`${whole}-wal`);
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Opened {
  readonly refused: string | null;
  readonly fix: string | null;
  readonly warnings: readonly string[];
  /** Webhooks that are known. */
  readonly rows: ReadonlySet<number>;
}

/** Opens a copy whose log is `changed`. */
async function openedWith(changed: Uint8Array, prepare: (path: string) => void = () => undefined) {
  const path = join(mkdtempSync(join(folder, "one-")), "store.db");
  cpSync(join(folder, "copy.db"), path);
  writeFileSync(`${path}-wal`, changed);
  prepare(path);
  return { path, ...(await opening(path)) };
}

async function opening(path: string): Promise<Opened> {
  const warnings: string[] = [];
  let store: Store;
  try {
    store = await openStore(`sqlite:${path}`, {
      warn: (message) => warnings.push(message),
      lookThrough: true,
    });
  } catch (error) {
    if (!(error instanceof NeedsAdmin)) throw error;
    return { refused: error.message, fix: error.fix, warnings, rows: new Set() };
  }
  try {
    const claims = await store.inbox.claim("worker", 60_000, ROWS * 2);
    return {
      refused: null,
      fix: null,
      warnings,
      rows: new Set(claims.map((claim) => Number(claim.subjectId))),
    };
  } finally {
    await store.close();
  }
}

const rowsUpTo = (byte: number): readonly number[] => ends.flatMap((end, row) => (end <= byte ? [row] : []));

function flipped(at: number, draw: Dice): Buffer {
  const changed = Buffer.from(log);
  changed.writeUInt8(changed.readUInt8(at) ^ (1 << draw.int(0, 7)), at);
  return changed;
}

describe("a store whose log is torn", () => {
  test("starts with every webhook whose transaction is whole, wherever the log was cut", async () => {
    const draw = dice(SEED, 1);
    const cuts = Array.from({ length: TIMES }, () => draw.int(0, log.length));
    const found = await Promise.all(
      cuts.map(async (cut) => {
        const { refused, rows } = await openedWith(log.subarray(0, cut));
        return { cut, refused, rows: [...rows].sort((a, b) => a - b) };
      }),
    );
    expect(found).toEqual(cuts.map((cut) => ({ cut, refused: null, rows: rowsUpTo(cut) })));
  }, 60_000);

  test("never drops a whole webhook without a word, wherever a bit of the log was changed", async () => {
    const draw = dice(SEED, 2);
    const places = Array.from({ length: TIMES }, (_, n) =>
      n < 5 ? draw.int(0, 31) : draw.int(32, log.length - 1),
    );
    const found = await Promise.all(
      places.map(async (at) => ({ at, ...(await openedWith(flipped(at, draw))) })),
    );
    const hit = (at: number): number => ends.findIndex((end) => at < end);
    const started = found.filter(({ refused }) => refused === null);
    const missing = started.flatMap(({ at, rows }) =>
      ends.flatMap((_, row) => (row === hit(at) || rows.has(row) ? [] : [{ at, row }])),
    );
    expect(missing).toEqual([]);
    const refused = found.filter((one) => one.refused !== null);
    expect(refused.length).toBeGreaterThan(TIMES / 2);
    for (const one of refused) {
      expect(one.refused).toMatch(/is damaged at byte \d+, and \d+ transactions from there on would be lost/);
      expect(one.fix).toContain(`${one.path}-wal`);
      expect(readFileSync(`${one.path}-wal`).length).toBe(log.length);
    }
  }, 60_000);

  test("starts without what lies behind the damage once a person has cut the log as told", async () => {
    const at = (ends[59] ?? 0) + 100;
    const { path, fix } = await openedWith(flipped(at, dice(SEED, 3)));
    const cut = /truncate -s (\d+) (.+)$/.exec(fix ?? "");
    expect(cut?.[2]).toBe(`${path}-wal`);
    truncateSync(`${path}-wal`, Number(cut?.[1]));
    expect([...(await opening(path)).rows].length).toBe(60);
  });

  test("starts without a torn last transaction, as a power cut leaves it, and says so", async () => {
    const last = (ends[ROWS - 2] ?? 0) + 500;
    const { refused, warnings, rows } = await openedWith(flipped(last, dice(SEED, 4)));
    expect({ refused, rows: rows.size }).toEqual({ refused: null, rows: ROWS - 1 });
    expect(warnings).toEqual([expect.stringMatching(/the end of .*-wal is torn and is left out/)]);
  });

  test("starts where only claims are torn, and is refused once something was acknowledged behind them", async () => {
    const path = join(folder, "claims.db");
    const open = (): Promise<Store> => openStore(`sqlite:${path}`, { warn: () => undefined });
    await (await open()).close();
    const store = await open();
    const copies: { readonly path: string; readonly at: number }[] = [];
    /** As a power cut leaves it: the first claim did not reach the disk, what came after it did. */
    const cutHere = (name: string, at: number): void => {
      const copy = join(folder, name);
      cpSync(path, copy);
      const torn = readFileSync(`${path}-wal`);
      torn.fill(0xa5, at, at + 64);
      writeFileSync(`${copy}-wal`, torn);
      copies.push({ path: copy, at });
    };
    try {
      for (const key of ["1", "2", "3"])
        await store.inbox.accept(delivery(key, { subjectId: key }), "live", 0);
      const claimed = statSync(`${path}-wal`).size + 100;
      for (let n = 0; n < 3; n += 1) await store.inbox.claim(`worker ${n}`, 60_000, 1);
      cutHere("claims only.db", claimed);
      for (const key of ["4", "5"]) await store.inbox.accept(delivery(key, { subjectId: key }), "live", 0);
      cutHere("webhooks behind.db", claimed);
    } finally {
      await store.close();
    }
    const [only, behind] = await Promise.all(copies.map((copy) => opening(copy.path)));
    expect({ refused: only?.refused, rows: only?.rows.size, warned: only?.warnings.length }).toEqual({
      refused: null,
      rows: 3,
      warned: 1,
    });
    expect(behind?.refused).toContain("would be lost");
  });

  test("starts without a word where an older log's frames lie behind the newer ones", async () => {
    const path = join(folder, "older.db");
    const store = await openStore(`sqlite:${path}`, { warn: () => undefined });
    try {
      // Past the size at which the log is copied to the file, so that it begins again from the front.
      const body = Buffer.alloc(1_000_000, "x");
      for (let n = 0; n < 24; n += 1) await store.inbox.accept(delivery(`big ${n}`, { body }), "live", 0);
      const copy = join(folder, "older-copy.db");
      cpSync(path, copy);
      cpSync(`${path}-wal`, `${copy}-wal`);
      const timesBegun = readFileSync(`${copy}-wal`).readUInt32BE(12);
      expect(timesBegun).toBeGreaterThan(0);
      const { refused, warnings } = await opening(copy);
      expect({ refused, warnings }).toEqual({ refused: null, warnings: [] });
    } finally {
      await store.close();
    }
  });
});

describe("a store whose file is damaged", () => {
  test("is refused before it is worked on, and the fix is a backup", async () => {
    const path = join(folder, "damaged.db");
    cpSync(whole, path);
    const bytes = readFileSync(path);
    const page = 4_096 * 4;
    writeFileSync(
      path,
      Buffer.concat([bytes.subarray(0, page), Buffer.alloc(4_096, 0xa5), bytes.subarray(page + 4_096)]),
    );
    const { refused, fix } = await opening(path);
    expect(refused).toContain(`${path} is damaged`);
    expect(fix).toContain("Restore a backup");
  });

  test("a copy of a store at work is as good as the store", async () => {
    const path = join(folder, "at-work.db");
    const store = await openStore(`sqlite:${path}`, { warn: () => undefined });
    try {
      await store.inbox.accept(delivery("a", { subjectId: "7" }), "live", 0);
      await store.ledger.settle(await claimOnly(store), null, DONE);
      await store.inbox.accept(delivery("b", { subjectId: "8" }), "live", 0);
      const { refused, warnings } = await opening(path);
      expect({ refused, warnings }).toEqual({ refused: null, warnings: [] });
    } finally {
      await store.close();
    }
  });
});
