/**
 * The few places where the two databases speak differently. Statements are written once, with these words:
 *
 * - `?` one parameter, in order of appearance
 * - `{now}` the database's own clock, in milliseconds, the same throughout a statement
 * - `in {list}` takes one parameter: a JSON array of texts
 * - `from {rows}` takes one parameter: a JSON array of objects; each is `r.value ->> 'name'`
 * - `{skip locked}` behind a query over `d` whose rows another process may be claiming
 * - `{least}` the smaller of two numbers, as a function
 * - `{by bytes}` behind a text: compared by its bytes, as ids are
 * - in migrations `{id}` a text that sorts by its bytes, `{seq}` a key that counts upwards
 */

/** How one database spells the shared words. */
export interface Dialect {
  readonly words: Readonly<Record<string, string>>;
  /** Parameters are `$1`, `$2` … instead of `?`. */
  readonly numbered: boolean;
}

/** SQLite: `unixepoch('subsec')` stays the same within one statement. */
export const SQLITE: Dialect = {
  numbered: false,
  words: {
    now: "cast(unixepoch('subsec') * 1000 as integer)",
    "in {list}": "in (select value from json_each(?))",
    rows: "json_each(?) as r",
    "skip locked": "",
    least: "min",
    "by bytes": "collate binary",
    id: "text",
    seq: "integer primary key autoincrement",
  },
};

/** PostgreSQL: `statement_timestamp()` also moves on inside a transaction, and can use an index. */
export const POSTGRES: Dialect = {
  numbered: true,
  words: {
    now: "cast(floor(extract(epoch from statement_timestamp()) * 1000) as bigint)",
    "in {list}": "= any(array(select jsonb_array_elements_text(cast(? as jsonb))))",
    rows: "jsonb_array_elements(cast(? as jsonb)) as r(value)",
    "skip locked": "for update of d skip locked",
    least: "least",
    "by bytes": 'collate "C"',
    id: 'text collate "C"',
    seq: "bigint generated always as identity primary key",
  },
};

/** The statement as one database understands it; `clock` replaces the database's clock, null = keep it. */
export function spell(sql: string, dialect: Dialect, clock: number | null): string {
  const { words } = dialect;
  const now = clock === null ? words.now : `cast(${Math.trunc(clock)} as bigint)`;
  const spelled = sql
    .replaceAll("in {list}", words["in {list}"] ?? "")
    .replaceAll("{now}", now ?? "")
    .replaceAll(/\{(rows|skip locked|least|by bytes|id|seq)\}/g, (_all, word: string) => words[word] ?? "");
  if (!dialect.numbered) return spelled;
  let place = 0;
  return spelled.replaceAll("?", () => `$${++place}`);
}

/** `spell`, remembering what it spelled as long as the database's own clock is used. */
export function speller(dialect: Dialect, clock: (() => number) | undefined): (sql: string) => string {
  const known = new Map<string, string>();
  return (sql) => {
    if (clock) return spell(sql, dialect, clock());
    const before = known.get(sql);
    if (before !== undefined) return before;
    const spelled = spell(sql, dialect, null);
    known.set(sql, spelled);
    return spelled;
  };
}
