/** SQLite behind `Database`: one thread writes and syncs, this thread reads on a read-only connection. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { backup, DatabaseSync, type StatementSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { NeedsAdmin, StoreUnavailable } from "../errors.ts";
import type { Database, DatabaseOptions, Row, Statement, Value, WriteOutcome, Written } from "./database.ts";
import { SQLITE, speller } from "./dialect.ts";
import { groupCommit } from "./group-commit.ts";
import { networkWarning } from "./network-disk.ts";
import { isOwnFault } from "./sqlite-failure.ts";
import { refuseDamagedFile, refuseDamagedLog } from "./sqlite-soundness.ts";
import type { WriterReply, WriterRequest, WriterSettings } from "./sqlite-writer.ts";

/** How long a file locked by another process is waited for, in the writing thread. */
const PATIENCE_MS = 5000;
const ALL_PAGES = 0x7fff_ffff;
/** Cached statements are dropped together when there are more; ours are far fewer. */
const MOST_STATEMENTS = 300;

/**
 * The SQLite file at `path`, made and migrated where needed, with its folder.
 *
 * @throws StoreUnavailable the file cannot be opened. @throws NeedsAdmin it belongs to a newer version, or is
 * damaged.
 */
export async function openSqlite(path: string, options: DatabaseOptions): Promise<Database> {
  makeFolder(path);
  await refuseDamagedLog(path, options.warn);
  if (options.lookThrough === true) refuseDamagedFile(path);
  const shared = networkWarning(dirname(path));
  if (shared !== null) options.warn(shared);
  const writer = startWriter({ path, maxPages: options.maxPages ?? null, patienceMs: PATIENCE_MS });
  try {
    await migrate(writer, path);
  } catch (error) {
    await writer.close();
    throw error;
  }
  const spelled = speller(SQLITE, options.now);
  const reader = readerOf(path);
  const group = groupCommit((writes: readonly (readonly Statement[])[]) => commit(writer, writes), weightOf);
  let closing: Promise<void> | null = null;
  const close = async () => {
    await group.idle();
    reader.close();
    await writer.close();
  };
  return {
    kind: "sqlite",
    read: async (sql, params) => reader.read(spelled(sql), params),
    write: async (statements): Promise<Written> => {
      if (closing) throw new StoreUnavailable("the store is closed");
      return group.add(statements.map((statement) => ({ ...statement, sql: spelled(statement.sql) })));
    },
    copyInto: (to) => copy(path, to),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** The SQLite file at `path`, which is there already, for somebody who only reads it; writing is refused. */
export function readSqlite(path: string, options: Pick<DatabaseOptions, "now">): Database {
  const spelled = speller(SQLITE, options.now);
  const reader = readerOf(path);
  return {
    kind: "sqlite",
    read: async (sql, params) => reader.read(spelled(sql), params),
    write: async () => {
      throw new Error("this door to the store is for reading");
    },
    copyInto: (to) => copy(path, to),
    close: async () => reader.close(),
  };
}

/** All pages in one step, outside this thread: a copy in several would start again after every commit. */
async function copy(from: string, to: string): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true });
  try {
    await backup(source, to, { rate: ALL_PAGES });
  } catch (cause) {
    throw new StoreUnavailable(`the store cannot be copied to ${to}`, { cause });
  } finally {
    source.close();
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (cause) {
    throw new StoreUnavailable(`the folder of ${path} cannot be made`, { cause });
  }
}

function weightOf(write: readonly Statement[]): number {
  return write
    .flatMap(({ params, each }) => each ?? [params])
    .reduce((bytes, values) => values.reduce<number>((sum, value) => sum + weight(value), bytes), 0);
}

function weight(value: Value): number {
  return typeof value === "string" ? value.length : 8;
}

async function migrate(writer: Writer, path: string): Promise<void> {
  const reply = await writer.ask({ ask: "migrate" });
  if (reply.answer === "refused") throw new NeedsAdmin(`${path}: ${reply.message}`, { fix: reply.fix });
  if (reply.answer === "unavailable") throw new StoreUnavailable(`${path}: ${reply.message}`);
}

async function commit(
  writer: Writer,
  writes: readonly (readonly Statement[])[],
): Promise<readonly WriteOutcome[]> {
  const reply = await writer.ask({ ask: "commit", writes });
  if (reply.answer === "committed") {
    return reply.outcomes.map((outcome) =>
      "error" in outcome
        ? { ok: false, error: new Error(outcome.error) }
        : { ok: true, value: outcome.value },
    );
  }
  throw new StoreUnavailable(reply.answer === "done" ? "the store is closed" : reply.message);
}

interface Writer {
  /** One request at a time. */
  ask(request: WriterRequest): Promise<WriterReply>;
  close(): Promise<void>;
}

/** The writing thread; a new one is started when it died. It keeps the process alive only while it works. */
function startWriter(settings: WriterSettings): Writer {
  let thread: Worker | null = null;
  let settle: ((reply: WriterReply) => void) | null = null;
  const answer = (reply: WriterReply) => {
    thread?.unref();
    settle?.(reply);
    settle = null;
  };
  const start = (): Worker => {
    const started = new Worker(writerFile(), { workerData: settings });
    started.on("message", answer);
    const died = (why: string) => {
      if (thread === started) thread = null;
      answer({ answer: "unavailable", message: why });
    };
    started.on("error", (error) => died(`the writing thread failed: ${error.message}`));
    started.on("exit", () => died("the writing thread ended"));
    return started;
  };
  const ask = (request: WriterRequest) =>
    new Promise<WriterReply>((resolve) => {
      settle = resolve;
      thread ??= start();
      thread.ref();
      thread.postMessage(request);
    });
  return {
    ask,
    close: async () => {
      const last = thread;
      if (!last) return;
      await ask({ ask: "close" });
      await last.terminate();
    },
  };
}

/** The writer's file beside this one: `.ts` from the sources, `.js` from a build. */
function writerFile(): URL {
  return new URL(
    import.meta.url.endsWith(".ts") ? "./sqlite-writer.ts" : "./sqlite-writer.js",
    import.meta.url,
  );
}

/** Reads on a read-only connection, reopened after a failure of the store. */
function readerOf(path: string) {
  let db: DatabaseSync | null = null;
  const statements = new Map<string, StatementSync>();
  const close = () => {
    statements.clear();
    db?.close();
    db = null;
  };
  const open = () => {
    const opened = new DatabaseSync(path, { readOnly: true });
    // A commit makes SQLite forget what it has read: a larger cache weighs more and finds no more (docs/performance.md).
    opened.exec("pragma busy_timeout = 100; pragma cache_size = -4000");
    return opened;
  };
  const prepare = (sql: string): StatementSync => {
    db ??= open();
    if (statements.size > MOST_STATEMENTS) statements.clear();
    const prepared = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, prepared);
    return prepared;
  };
  const read = (sql: string, params: readonly Value[]): readonly Row[] => {
    try {
      return prepare(sql).all(...params);
    } catch (cause) {
      if (isOwnFault(cause)) throw cause;
      close();
      throw new StoreUnavailable("the store cannot be read", { cause });
    }
  };
  return { read, close };
}
