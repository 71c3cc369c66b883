/**
 * The one thread that writes a SQLite file. node:sqlite is synchronous: here a wait for the disk, or for another
 * process, holds up nobody else.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { isMainThread, type MessagePort, parentPort, workerData } from "node:worker_threads";
import { isLosable, type Row, type Statement, type Value, type Written } from "./database.ts";
import { type AppliedMigration, MIGRATIONS_TABLE, stepsFor, stepsToRun } from "./migrations/index.ts";
import { isBusy, isForeign, isOwnFault } from "./sqlite-failure.ts";

/** What the thread is started with. */
export interface WriterSettings {
  readonly path: string;
  readonly maxPages: number | null;
  /** How long a file locked by another process is waited for. */
  readonly patienceMs: number;
}

/** What the thread is asked. */
export type WriterRequest =
  | { readonly ask: "migrate" }
  | { readonly ask: "commit"; readonly writes: readonly (readonly Statement[])[] }
  | { readonly ask: "close" };

/** What it answers. `unavailable` = the store failed, nothing of the group is written. */
export type WriterReply =
  | { readonly answer: "done" }
  | {
      readonly answer: "committed";
      readonly outcomes: readonly ({ readonly value: Written } | { readonly error: string })[];
    }
  | { readonly answer: "refused"; readonly message: string; readonly fix: string }
  | { readonly answer: "unavailable"; readonly message: string };

/** An open file with its prepared statements. */
export interface Connection {
  readonly db: DatabaseSync;
  readonly statements: Map<string, Prepared>;
}

interface Prepared {
  readonly statement: StatementSync;
  /** Does it answer rows? */
  readonly returns: boolean;
}

/** Cached statements are dropped together when there are more; ours are far fewer. */
const MOST_STATEMENTS = 300;
const BUSY_PAUSE_MS = 20;
/**
 * Pages that gather in the log before they are copied to the file; SQLite's own 1000 copies the same index pages over and
 * over: a third more processor time a webhook (measured 2026-11-22, docs/performance.md). 16 MB are read in no time
 * after a crash.
 */
const LOG_PAGES = 4000;

/** A connection with the settings that durability rests on. @throws what SQLite says. */
export function open(settings: WriterSettings): Connection {
  const db = new DatabaseSync(settings.path);
  try {
    db.exec("pragma busy_timeout = 100");
    db.exec("pragma journal_mode = wal");
    db.exec("pragma synchronous = full; pragma cache_size = -8000; pragma journal_size_limit = 67108864");
    // What a savepoint keeps would be a temporary file otherwise: half of the writing thread's time (measured).
    db.exec("pragma temp_store = memory");
    db.exec(`pragma wal_autocheckpoint = ${LOG_PAGES}`);
    if (settings.maxPages !== null) db.exec(`pragma max_page_count = ${Math.trunc(settings.maxPages)}`);
  } catch (error) {
    db.close();
    throw error;
  }
  return { db, statements: new Map() };
}

function execute(
  connection: Connection,
  { sql, params, each, mustAffect }: Statement,
): readonly Row[] | "lost" {
  const { statement, returns } = prepared(connection, sql);
  const run = (values: readonly Value[]): number => Number(statement.run(...values).changes);
  if (each !== undefined) {
    const counts = each.map(run);
    const touched = counts.reduce((sum, count) => sum + count, 0);
    return touched < (mustAffect ?? 0) ? "lost" : counts.map((changed) => ({ changed }));
  }
  const rows: readonly Row[] = returns ? statement.all(...params) : [];
  return (returns ? rows.length : run(params)) < (mustAffect ?? 0) ? "lost" : rows;
}

function prepared({ db, statements }: Connection, sql: string): Prepared {
  const before = statements.get(sql);
  if (before !== undefined) return before;
  if (statements.size > MOST_STATEMENTS) statements.clear();
  const statement = db.prepare(sql);
  const made = { statement, returns: statement.columns().length > 0 };
  statements.set(sql, made);
  return made;
}

/** How one write of a group is begun, kept and undone without its group-mates. */
interface Fence {
  readonly begin: string;
  readonly keep: string;
  readonly undo: string;
}

/**
 * The first of a group has nobody before it: undoing everything undoes only itself. Behind a savepoint SQLite keeps
 * every page as it was, which doubles the work of a large write.
 */
const FIRST: Fence = { begin: "", keep: "", undo: "rollback; begin immediate" };
const LATER: Fence = {
  begin: "savepoint one",
  keep: "release one",
  undo: "rollback to one; release one",
};

function writeOne(
  connection: Connection,
  write: readonly Statement[],
  fence: Fence,
): { value: Written } | { error: string } {
  const { db } = connection;
  db.exec(fence.begin);
  try {
    const answers: (readonly Row[])[] = [];
    for (const statement of write) {
      const rows = execute(connection, statement);
      if (rows === "lost") {
        db.exec(fence.undo);
        return { value: "lost" };
      }
      answers.push(rows);
    }
    db.exec(fence.keep);
    return { value: answers };
  } catch (error) {
    if (!isOwnFault(error) || !db.isTransaction) throw error;
    db.exec(fence.undo);
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("begin immediate");
  try {
    const result = work();
    db.exec("commit");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("rollback");
    throw error;
  }
}

/** Brings the file to the present shape, all or nothing. */
export function migrate({ db }: Connection): WriterReply {
  return inTransaction(db, (): WriterReply => {
    db.exec(MIGRATIONS_TABLE);
    const applied = db.prepare("select id, checksum from migrations").all() as unknown as AppliedMigration[];
    const plan = stepsToRun(stepsFor("sqlite"), applied);
    if ("refused" in plan) return { answer: "refused", message: plan.refused, fix: plan.fix };
    for (const step of plan.run) {
      for (const sql of step.statements) db.exec(sql);
      db.prepare("insert into migrations (id, checksum, applied_at) values (?, ?, ?)").run(
        step.id,
        step.checksum,
        Date.now(),
      );
    }
    return { answer: "done" };
  });
}

/** Tries again while another process holds the file; the group was rolled back each time. */
function whileBusy<T>(patienceMs: number, work: () => T): T {
  const giveUpAt = performance.now() + patienceMs;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= giveUpAt) throw error;
      Atomics.wait(pause, 0, 0, BUSY_PAUSE_MS);
    }
  }
}

/** All writes of a group in one transaction, each with its own outcome. */
export function commit(connection: Connection, writes: readonly (readonly Statement[])[]): WriterReply {
  const { db } = connection;
  // Without a sync the rows are in the log all the same, and the next commit that syncs takes them along.
  db.exec(`pragma synchronous = ${writes.every(isLosable) ? "normal" : "full"}`);
  const outcomes = inTransaction(db, () =>
    writes.map((write, place) => writeOne(connection, write, place === 0 ? FIRST : LATER)),
  );
  return { answer: "committed", outcomes };
}

/** Answers one request at a time until it is asked to close. After a failure of the store the file is reopened. */
function serve(port: MessagePort, settings: WriterSettings): void {
  let connection: Connection | null = null;
  const drop = () => {
    const dropped = connection;
    connection = null;
    try {
      dropped?.db.close();
    } catch {
      // A connection that cannot even be closed is as good as closed.
    }
  };
  port.on("message", (request: WriterRequest) => {
    if (request.ask === "close") {
      drop();
      port.postMessage({ answer: "done" } satisfies WriterReply);
      port.close();
      return;
    }
    try {
      const reply = whileBusy(settings.patienceMs, () => {
        connection ??= open(settings);
        return request.ask === "migrate" ? migrate(connection) : commit(connection, request.writes);
      });
      port.postMessage(reply);
    } catch (error) {
      drop();
      port.postMessage(failed(request, error));
    }
  });
}

function failed(request: WriterRequest, error: unknown): WriterReply {
  const message = error instanceof Error ? error.message : String(error);
  if (request.ask !== "migrate" || !isForeign(error)) return { answer: "unavailable", message };
  return {
    answer: "refused",
    message: `the file is not a database of this program (${message})`,
    fix: "Point DATABASE_URL to a file of its own.",
  };
}

if (!isMainThread && parentPort) serve(parentPort, workerData as WriterSettings);
