/** One table of customers in a real database, and people who work in it; the same for both kinds of database. */
import { openSql, type SqlOptions } from "../../connectors/sql/index.ts";
import type { SqlTable } from "../../src/policy/model.ts";
import type { Crm } from "../../src/ports.ts";
import type { CrmWorld } from "./crm-contract.ts";

export type OpenedSql = Crm & { readonly close: () => Promise<void> };

export const CUSTOMERS: SqlTable = {
  kind: "sql",
  from: { table: "customers" },
  key: "id",
  name: "name",
  updatedAt: null,
};

/** Columns of the table, the key left out. */
const COLUMNS = ["name", "plan", "annualrevenue"] as const;

/** A connection to this database. */
export function sqlAt(url: string, changes: Partial<SqlOptions> = {}): OpenedSql {
  return openSql({
    source: "sql",
    url: () => url,
    table: CUSTOMERS,
    columns: ["plan"],
    approvedRows: () => null,
    approval: "SQL_APPROVED_ROWS",
    ...changes,
  });
}

/** One statement after another, on a connection that may write. */
export type Write = (statement: string) => void | Promise<void>;

const text = (value: string | null): string => (value === null ? "null" : `'${value.replaceAll("'", "''")}'`);

/**
 * The world of the contract on a database; the edits of a test are carried out before the next question.
 *
 * @param stamped with a change column, or without one.
 */
export function sqlWorld(
  url: string,
  write: Write,
  stamped: "stamped" | "unstamped",
  after: Write,
): CrmWorld {
  const table: SqlTable = { ...CUSTOMERS, updatedAt: stamped === "stamped" ? "changed_at" : null };
  const real = sqlAt(url, { table, columns: ["plan", "annualrevenue"] });
  const rows = new Map<string, Record<string, string | null>>();
  const clock = { at: Date.UTC(2026, 5, 9, 15), next: 0 };
  const waiting: string[] = [];
  const ready = async (): Promise<void> => {
    for (const statement of waiting.splice(0)) await write(statement);
  };
  const stamp = (): string => `'${new Date(clock.at).toISOString()}'`;
  const edit = (id: string, properties: Readonly<Record<string, string | null>>): void => {
    const known = Object.entries(properties).filter(([column]) => COLUMNS.some((one) => one === column));
    rows.set(id, { ...rows.get(id), ...Object.fromEntries(known) });
    const set = known.map(([column, value]) => `${column} = ${text(value)}`);
    waiting.push(`update customers set ${[...set, `changed_at = ${stamp()}`].join(", ")} where id = ${id}`);
  };
  const remove = (id: string): void => {
    rows.delete(id);
    waiting.push(`delete from customers where id = ${id}`);
  };
  return {
    crm: afterwards(real, ready),
    now: () => clock.at,
    pass: (ms) => {
      clock.at += ms;
    },
    add: (properties) => {
      clock.next += 1;
      const id = String(clock.next);
      waiting.push(`insert into customers (id, changed_at) values (${id}, ${stamp()})`);
      edit(id, properties);
      return id;
    },
    edit,
    merge: (first, second) => {
      remove(second);
      return first;
    },
    archive: remove,
    value: (id, property) => rows.get(id)?.[property] ?? null,
    close: async () => {
      await ready();
      await real.close();
      await after("delete from customers");
    },
  };
}

/** The same connector, asked only when what people did before is done. */
function afterwards(crm: OpenedSql, ready: () => Promise<void>): Crm {
  const pages = async function* (made: () => ReturnType<Crm["all"]>): ReturnType<Crm["all"]> {
    await ready();
    yield* made();
  };
  return {
    ...crm,
    changes: (window, signal) => pages(() => crm.changes(window, signal)),
    all: (signal, last) => pages(() => crm.all(signal, last)),
    read: async (ids, properties, signal) => {
      await ready();
      return crm.read(ids, properties, signal);
    },
  };
}
