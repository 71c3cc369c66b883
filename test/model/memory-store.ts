/**
 * The store in memory: the product's own statements, migrations and transactions on a SQLite database without a file or
 * a writing thread. Emptied between runs, which costs a fraction of opening a new one.
 */
import { StoreUnavailable } from "../../src/errors.ts";
import type { Store } from "../../src/ports.ts";
import type { Database, Row, Statement, Value, Written } from "../../src/store/database.ts";
import { SQLITE, speller } from "../../src/store/dialect.ts";
import { storeOn } from "../../src/store/open.ts";
import { commit, migrate, open } from "../../src/store/sqlite-writer.ts";
import type { Life, Simulation } from "./simulation.ts";

/** One database for many runs. */
export interface MemoryStore {
  /** What the database's clock says from now on. */
  readonly setClock: (now: () => number) => void;
  /** The store as one process sees it: each statement is a call that takes its time and can fail. */
  readonly storeFor: (life: Life, simulation: Simulation, newId: () => string) => Store;
  /** The store for whoever looks at it from outside the simulation: at once. */
  readonly plain: Store;
  /** Rows of a statement, at once. */
  readonly rows: (sql: string, params?: readonly Value[]) => readonly Row[];
  /** Remembers what is in it as the state every run begins with. */
  readonly keepAsStart: () => void;
  /** Back to that state. */
  readonly restart: () => void;
  readonly close: () => void;
}

/** Opens and migrates it. */
export function openMemoryStore(): MemoryStore {
  const connection = open({ path: ":memory:", maxPages: null, patienceMs: 0 });
  const { db } = connection;
  const prepared = new Map<string, ReturnType<typeof db.prepare>>();
  let clock = (): number => 0;
  db.function("simulated_now", { deterministic: false }, () => clock());
  migrate(connection);
  // Spelled once, like the real one: only where the time comes from differs.
  const spelled = speller({ ...SQLITE, words: { ...SQLITE.words, now: "simulated_now()" } }, undefined);
  const rows = (sql: string, params: readonly Value[] = []): readonly Row[] => {
    const statement = prepared.get(sql) ?? db.prepare(spelled(sql));
    prepared.set(sql, statement);
    return statement.all(...params);
  };
  const write = (statements: readonly Statement[]): Written => {
    const all = statements.map((one) => ({ ...one, sql: spelled(one.sql) }));
    const reply = commit(connection, [all]);
    const outcome = reply.answer === "committed" ? reply.outcomes[0] : undefined;
    if (outcome === undefined) throw new StoreUnavailable("nothing was committed");
    if ("error" in outcome) throw new Error(outcome.error);
    return outcome.value;
  };
  const tables = rows(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name <> 'migrations'",
  ).map((row) => String(row.name));
  db.exec("attach ':memory:' as start");
  for (const table of tables) db.exec(`create table start.${table} as select * from main.${table} limit 0`);
  return {
    setClock: (now) => {
      clock = now;
    },
    storeFor: (life, simulation, newId) =>
      storeOn(databaseFor(life, simulation, rows, write), { warn: () => {}, newId }, async () => {}),
    plain: storeOn(
      databaseOf(
        async (sql, params) => rows(sql, params),
        async (statements) => write(statements),
      ),
      { warn: () => {} },
      async () => {},
    ),
    rows,
    keepAsStart: () => {
      for (const table of tables)
        db.exec(`delete from start.${table}; insert into start.${table} select * from main.${table}`);
    },
    restart: () => {
      db.exec("begin");
      for (const table of tables)
        db.exec(`delete from main.${table}; insert into main.${table} select * from start.${table}`);
      db.exec("commit");
    },
    close: () => db.close(),
  };
}

function databaseFor(
  life: Life,
  simulation: Simulation,
  rows: (sql: string, params: readonly Value[]) => readonly Row[],
  write: (statements: readonly Statement[]) => Written,
): Database {
  return databaseOf(
    (sql, params) =>
      simulation.call({ life, boundary: "store read", what: `reads ${tableOf(sql)}` }, () =>
        rows(sql, params),
      ),
    (statements) =>
      simulation.call({ life, boundary: "store write", what: `stores ${namesOf(statements)}` }, () =>
        write(statements),
      ),
  );
}

function databaseOf(read: Database["read"], write: Database["write"]): Database {
  return {
    kind: "sqlite",
    read,
    write,
    copyInto: async () => {
      throw new StoreUnavailable("a simulated store is not copied");
    },
    close: async () => {},
  };
}

const TABLE = /\b(?:from|into|update|join)\s+(\w+)/i;

function tableOf(sql: string): string {
  return TABLE.exec(sql)?.[1] ?? "something";
}

function namesOf(statements: readonly Statement[]): string {
  return [...new Set(statements.map(({ sql }) => tableOf(sql)))].join(" + ");
}
