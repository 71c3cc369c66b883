/** Reading a SQLite file through a process that can be ended. */
import { type ChildProcess, fork } from "node:child_process";
import { TryAgain } from "../../src/errors.ts";
import { STATEMENT_MS, sqliteFailure, tooSlow } from "./failure.ts";
import { type Answer, type Engine, reply } from "./schemas.ts";

/** A busy machine may need long to start a process; only the question itself has the short limit. */
const START_MS = 30_000;

/** The file at `path`, opened read-only for each question; the process starts with the first one. */
export function openSqlite(path: string, source: string, limitMs = STATEMENT_MS): Engine {
  let reader: ChildProcess | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  const start = async (): Promise<ChildProcess> => {
    const started = fork(readerFile(), { stdio: "ignore", execArgv: [] });
    started.on("exit", () => {
      if (reader === started) reader = null;
    });
    // Without a listener, a process that cannot be signalled would end ours.
    started.on("error", () => undefined);
    reader = started;
    if ((await exchange(started, null, START_MS)) === "ready") return started;
    end();
    throw new TryAgain(`${source}: the reading process does not start`);
  };
  const end = (): void => {
    reader?.kill("SIGKILL");
    reader = null;
  };
  const ask = async (sql: string, params: Parameters<Engine["ask"]>[1]): Promise<Answer> => {
    const said = await exchange(reader ?? (await start()), { path, sql, params: [...params] }, limitMs);
    if (said === "silent") {
      end();
      throw tooSlow(source);
    }
    const read = reply.safeParse(said);
    if (!read.success) {
      end();
      throw new TryAgain(`${source}: the reading process ended`);
    }
    if ("failed" in read.data) throw sqliteFailure(source, read.data.failed, read.data.code);
    return read.data;
  };
  return {
    kind: "sqlite",
    // One question at a time: the process answers in order and says nothing about which.
    ask: (sql, params) => {
      const next = queue.then(() => ask(sql, params));
      queue = next.catch(() => null);
      return next;
    },
    close: async () => end(),
  };
}

/** What the process says, asked or of itself; "silent" = nothing within `limitMs`, null = it ended. It keeps us alive only meanwhile. */
function exchange(reader: ChildProcess, question: object | null, limitMs: number): Promise<unknown> {
  return new Promise((resolve) => {
    const done = (said: unknown): void => {
      clearTimeout(timer);
      reader.off("message", done);
      reader.off("exit", gone);
      reader.off("error", gone);
      reader.unref();
      reader.channel?.unref();
      resolve(said);
    };
    const gone = (): void => done(null);
    const timer = setTimeout(() => done("silent"), limitMs);
    reader.ref();
    reader.channel?.ref();
    reader.on("message", done);
    reader.on("exit", gone);
    reader.on("error", gone);
    if (question === null) return;
    reader.send(question, (error) => {
      if (error !== null) gone();
    });
  });
}

/** The reader's file beside this one: `.ts` from the sources, `.js` from a build. */
function readerFile(): URL {
  const file = import.meta.url.endsWith(".ts") ? "./sqlite-reader.ts" : "./sqlite-reader.js";
  return new URL(file, import.meta.url);
}
