/** The few SELECTs we send. Names are quoted, values are always parameters, and only one SELECT can be asked for. */
import { NeedsAdmin } from "../../src/errors.ts";
import type { SqlTable } from "../../src/policy/model.ts";

/** How one database spells what the others spell differently. */
export interface Dialect {
  readonly place: (n: number) => string;
  /** The column as it is compared, ordered and handed over as key. */
  readonly key: (column: string) => string;
  /** A value of the change column that can be compared, and a parameter that stands for a moment. */
  readonly moment: (column: string) => string;
  readonly momentPlace: (n: number) => string;
  /** A column as text. */
  readonly shown: (column: string) => string;
  readonly among: (column: string, n: number) => string;
}

export const POSTGRES: Dialect = {
  place: (n) => `$${n}`,
  key: (column) => column,
  moment: (column) => column,
  // In a session whose zone is UTC this compares with columns of every date and time type.
  momentPlace: (n) => `$${n}::timestamptz`,
  shown: (column) => column,
  among: (column, n) => `${column} = any($${n})`,
};

export const SQLITE: Dialect = {
  place: (n) => `?${n}`,
  key: (column) => `cast(${column} as text)`,
  // Text is ISO; numbers are seconds or, from 1973 on, milliseconds.
  moment: (column) =>
    `(case when typeof(${column}) in ('integer', 'real') then case when ${column} > 100000000000 then ${column} else ${column} * 1000 end else unixepoch(${column}, 'subsec') * 1000 end)`,
  momentPlace: (n) => `?${n}`,
  shown: (column) => `cast(${column} as text)`,
  among: (column, n) => `cast(${column} as text) in (select value from json_each(?${n}))`,
};

/** A name as both databases quote it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * What stands behind FROM.
 *
 * @throws NeedsAdmin the query is not one SELECT. A read-only transaction would refuse a write as well; this says it
 * before anything is sent.
 */
export function relationOf(table: SqlTable): string {
  if ("table" in table.from) return table.from.table.split(".").map(quoted).join(".");
  const { query } = table.from;
  // Texts, quoted names and comments are blanked out at their length, so that places stay the same.
  const bare = query.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g, (hidden) =>
    " ".repeat(hidden.length),
  );
  const end = bare.trimEnd().endsWith(";") ? bare.lastIndexOf(";") : query.length;
  if (!/^\s*(select|with)\b/i.test(bare) || bare.slice(0, end).includes(";"))
    throw new NeedsAdmin("the query of the policy's crm section is not one SELECT", {
      fix: "Write a single SELECT (or WITH … SELECT) without a semicolon.",
    });
  // The line break ends a comment that the query may end with.
  return `(${query.slice(0, end)}\n) as source_rows`;
}

/** The statements for one table on one kind of database. */
export function statementsFor(dialect: Dialect, table: SqlTable, columns: readonly string[]) {
  const from = relationOf(table);
  const key = dialect.key(quoted(table.key));
  const { place, momentPlace } = dialect;
  const stamp = table.updatedAt === null ? null : quoted(table.updatedAt);
  const wanted = columns.map((column) => dialect.shown(quoted(column)));
  const listed = stamp === null ? wanted : [dialect.shown(stamp)];
  const moment = stamp === null ? "" : dialect.moment(stamp);
  return {
    columns: `select * from ${from} limit 0`,
    keyless: `select 1 from ${from} where ${quoted(table.key)} is null limit 1`,
    /** Rows in key order: key, then stamp or every wanted column. Parameters: limit, last key. */
    page: (onwards: boolean): string =>
      `select ${[key, ...listed].join(", ")} from ${from} where ${quoted(table.key)} is not null ${
        onwards ? `and ${key} > ${place(2)} ` : ""
      }order by ${key} limit ${place(1)}`,
    /** Rows of a window in (stamp, key) order: key, stamp. Parameters: limit, from, to, last stamp, last key. */
    window: (onwards: boolean): string =>
      `select ${key}, ${stamp === null ? "null" : dialect.shown(stamp)}, ${moment} from ${from} where ${quoted(
        table.key,
      )} is not null and ${moment} >= ${momentPlace(2)} and ${moment} <= ${momentPlace(3)} ${
        onwards ? `and (${moment}, ${key}) > (${momentPlace(4)}, ${place(5)}) ` : ""
      }order by ${moment}, ${key} limit ${place(1)}`,
    /** Key, stamp or null, then every wanted column. Parameter: the keys. */
    read: `select ${[key, stamp === null ? "null" : dialect.shown(stamp), ...wanted].join(", ")} from ${from} where ${dialect.among(quoted(table.key), 1)}`,
  };
}
