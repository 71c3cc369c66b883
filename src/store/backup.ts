/** A copy of a SQLite store in one file of its own, proven to be whole. */
import { closeSync, openSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { NeedsAdmin, StoreUnavailable } from "../errors.ts";
import { MIGRATIONS_TABLE } from "./migrations/index.ts";

/**
 * Makes an empty file for a copy, readable by its owner alone.
 *
 * @throws NeedsAdmin something is there already, or nothing can be written there.
 */
export function reserve(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    throw code === "EEXIST"
      ? new NeedsAdmin(`${path} exists; a backup never overwrites`, {
          fix: "Give a name that is free, for example with the date in it.",
          cause,
        })
      : new NeedsAdmin(`${path} cannot be written (${code})`, {
          fix: "Give a file in a folder that exists and that you may write to.",
          cause,
        });
  }
}

/** Removes a copy that did not succeed, with what a database may leave beside it. */
export function discard(path: string): void {
  for (const ending of ["", "-journal", "-wal", "-shm"]) rmSync(`${path}${ending}`, { force: true });
}

/**
 * Looks through a finished copy and makes it one self-contained file; answers its steps and its rows.
 *
 * @throws StoreUnavailable it is damaged or is no store.
 */
export function prove(path: string): { readonly steps: number; readonly rows: number } {
  const db = new DatabaseSync(path);
  try {
    db.exec("pragma journal_mode = delete");
    const [answer] = db.prepare("pragma integrity_check").all();
    if (answer?.integrity_check !== "ok") throw new Error(`damaged: ${String(answer?.integrity_check)}`);
    db.exec(MIGRATIONS_TABLE);
    const tables = db
      .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite%'")
      .all();
    const count = (table: unknown): number =>
      Number(db.prepare(`select count(*) as n from "${String(table)}"`).get()?.n ?? 0);
    const rows = tables.reduce((sum, { name }) => sum + count(name), 0);
    return { steps: count("migrations"), rows };
  } catch (cause) {
    throw new StoreUnavailable(`${path} is no usable copy`, { cause });
  } finally {
    db.close();
  }
}
