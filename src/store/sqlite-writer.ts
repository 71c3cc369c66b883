/**
 * The one thread that writes a SQLite file. node:sqlite is synchronous: here a wait for the disk, or for another
 * process, holds up nobody else.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { isMainThread, type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { Row, Statement, Written } from "./database.ts";
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

interface Connection {
  readonly db: DatabaseSync;
  readonly statements: Map<string, StatementSync>;
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

function open(settings: WriterSettings): Connection {
  const db = new DatabaseSync(settings.path);
  try {
    db.exec("pragma busy_timeout = 100");
    db.exec("pragma journal_mode = wal");
    db.exec("pragma synchronous = full; pragma cache_size = -8000; pragma journal_size_limit = 67108864");
    db.exec(`pragma wal_autocheckpoint = ${LOG_PAGES}`);
    if (settings.maxPages !== null) db.exec(`pragma max_page_count = ${Math.trunc(settings.maxPages)}`);
  } catch (error) {
    db.close();
    throw error;
  }
  return { db, statements: new Map() };
}

function execute({ db, statements }: Connection, statement: Statement): readonly Row[] | "lost" {
  if (statements.size > MOST_STATEMENTS) statements.clear();
  const prepared = statements.get(statement.sql) ?? db.prepare(statement.sql);
  statements.set(statement.sql, prepared);
  const returns = prepared.columns().length > 0;
  const rows = returns ? prepared.all(...statement.params) : [];
  const touched = returns ? rows.length : Number(prepared.run(...statement.params).changes);
  return touched < (statement.mustAffect ?? 0) ? "lost" : rows;
}

function writeOne(
  connection: Connection,
  write: readonly Statement[],
): { value: Written } | { error: string } {
  const { db } = connection;
  db.exec("savepoint one");
  try {
    const answers: (readonly Row[])[] = [];
    for (const statement of write) {
      const rows = execute(connection, statement);
      if (rows === "lost") {
        db.exec("rollback to one; release one");
        return { value: "lost" };
      }
      answers.push(rows);
    }
    db.exec("release one");
    return { value: answers };
  } catch (error) {
    if (!isOwnFault(error) || !db.isTransaction) throw error;
    db.exec("rollback to one; release one");
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

function migrate({ db }: Connection): WriterReply {
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

function commit(connection: Connection, writes: readonly (readonly Statement[])[]): WriterReply {
  const outcomes = inTransaction(connection.db, () => writes.map((write) => writeOne(connection, write)));
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
