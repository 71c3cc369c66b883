/** Is a SQLite store as it was left? Looked at before anything is written, for SQLite itself says nothing of some damage. */
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { NeedsAdmin } from "../errors.ts";
import { isDamage } from "./sqlite-failure.ts";
import { damageIn, type LogDamage } from "./sqlite-log.ts";

/** A program that is writing changes its log under our eyes; damage stays where it is. */
const LOOKS = 3;
const LOOK_EVERY_MS = 100;
const USUAL_PAGE = 4_096;
const PATIENCE_MS = 5_000;
/**
 * How large a file is looked through before a start: with its indexes held against their tables, or without. 167 MB take
 * 1.3 s and 0.2 s (measured 2026-11-22); a start may not take two seconds, so larger ones are left to SQLite's own care.
 */
const THOROUGH_BYTES = 50_000_000;
const QUICK_BYTES = 300_000_000;
/**
 * What is written without waiting for the disk (`losable` in `claims.ts`): a power cut may tear several of these. The
 * schema's page changes whenever the file grows.
 */
const LOSABLE = ["claims", "sqlite_autoindex_claims_1", "sqlite_schema"];

/**
 * Looks through the log beside the database at `path` and changes nothing; `warn` hears of an end that a power cut may
 * have torn: nothing of it was acknowledged.
 *
 * @throws NeedsAdmin it is damaged where no power cut can have damaged it.
 */
export async function refuseDamagedLog(path: string, warn: (message: string) => void): Promise<void> {
  const log = `${path}-wal`;
  let found: LogDamage | null = null;
  for (let look = 1; look <= LOOKS; look += 1) {
    const damage = damageIn(contentOf(log), pageBytesOf(path));
    if (damage === null || (found !== null && found.at !== damage.at)) return;
    found = damage;
    if (look < LOOKS) await pause(LOOK_EVERY_MS);
  }
  if (found === null) return;
  const { at, transactions } = found;
  if (!isDefinite(found, waitedForIn(path, transactions.flat())))
    return warn(`the end of ${log} is torn and is left out; unless the power failed, the disk is damaged`);
  throw new NeedsAdmin(
    `${log} is damaged at byte ${at}, and ${transactions.length} transactions from there on would be lost`,
    {
      fix: `Restore a backup. To go on without those transactions, keep copies of both files, then run: truncate -s ${at} ${log}`,
    },
  );
}

/**
 * A transaction that the disk was waited for is on disk, with everything before it, when the next one begins. So where
 * one of those is followed by anything, no power cut explains the damage at or before it. The same goes for a header: it
 * is on disk before the first frame.
 */
function isDefinite({ at, transactions, more }: LogDamage, waitedFor: ReadonlySet<number>): boolean {
  if (at === 0) return true;
  const first = transactions.findIndex((pages) => pages.some((page) => waitedFor.has(page)));
  return first >= 0 && (first < transactions.length - 1 || more);
}

/**
 * Those of these pages whose changes were waited for, as the file without its log knows them. One that it does not know
 * proves nothing, unless it knows none at all: all that a new store writes first is waited for.
 */
function waitedForIn(path: string, pages: readonly number[]): ReadonlySet<number> {
  try {
    const url = pathToFileURL(path);
    url.searchParams.set("immutable", "1");
    const db = new DatabaseSync(url, { readOnly: true });
    try {
      const [losable, tail] = [LOSABLE, pages].map((list) => JSON.stringify(list));
      const known = db.prepare("select count(*) as n from sqlite_schema").get()?.n;
      if (known === 0) return new Set(pages);
      const sql = `select pageno from dbstat where pageno in (select value from json_each(?))
        and name not in (select value from json_each(?))`;
      return new Set(
        db
          .prepare(sql)
          .all(tail ?? "[]", losable ?? "[]")
          .map((row) => Number(row.pageno)),
      );
    } finally {
      db.close();
    }
  } catch {
    return new Set(pages);
  }
}

/**
 * A page or an index that does not hang together hides rows from some statements and stops others. Files that would
 * take too long are not looked through.
 *
 * @throws NeedsAdmin the file at `path` has one.
 */
export function refuseDamagedFile(path: string): void {
  if (!existsSync(path)) return;
  const { size } = statSync(path);
  if (size > QUICK_BYTES) return;
  const told = firstFault(path, size > THOROUGH_BYTES ? "quick_check" : "integrity_check");
  if (told === "ok") return;
  throw new NeedsAdmin(`${path} is damaged: ${told}`, {
    fix: `Restore a backup: put the copy in the place of ${path} and remove ${path}-wal and ${path}-shm.`,
  });
}

function firstFault(path: string, how: "quick_check" | "integrity_check"): unknown {
  const db = new DatabaseSync(path, { readOnly: true, timeout: PATIENCE_MS });
  try {
    return db.prepare(`pragma ${how}(1)`).get()?.[how];
  } catch (error) {
    // Everything else is met again, and told, by whoever opens it to work on it.
    return isDamage(error) ? (error as Error).message : "ok";
  } finally {
    db.close();
  }
}

function contentOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch {
    // No log, no damage; a file that cannot be read is reported by whoever opens it.
    return new Uint8Array();
  }
}

/** From the database's own header: two bytes at 16, where 1 stands for 65,536. */
function pageBytesOf(path: string): number {
  const header = new Uint8Array(18);
  try {
    const file = openSync(path, "r");
    try {
      readSync(file, header);
    } finally {
      closeSync(file);
    }
  } catch {
    // As above.
  }
  const told = ((header[16] ?? 0) << 8) | (header[17] ?? 0);
  if (told === 1) return 65_536;
  return told < 512 ? USUAL_PAGE : told;
}
