/**
 * What every statement of the store is written against: one small interface, two drivers behind it.
 *
 * A write is a list of statements handed over as a whole, never a conversation, so that many writes can share
 * one commit.
 */

/** What a statement may be given: ids and JSON are text, moments are milliseconds. */
export type Value = string | number | null;

/** One row as it comes back. */
export type Row = Readonly<Record<string, unknown>>;

/** One SQL statement in the words of `dialect.ts`. */
export interface Statement {
  readonly sql: string;
  readonly params: readonly Value[];
  /** Runs once for each of these instead of once with `params`, and answers one row `{changed}` for each: rows touched. */
  readonly each?: readonly (readonly Value[])[];
  /**
   * A power cut may take this back after the answer, the end of the process alone never: nobody waits for the disk. Counts
   * when all statements of a write have it; false or left out = durable.
   */
  readonly losable?: boolean;
  /** Fewer rows touched than this: nothing of the whole write happens, and it answers "lost". */
  readonly mustAffect?: number;
}

/** The rows of each statement, in order; "lost" = a `mustAffect` was not met and nothing was written. */
export type Written = readonly (readonly Row[])[] | "lost";

/** How one write of a group ended, apart from its group-mates. */
export type WriteOutcome =
  | { readonly ok: true; readonly value: Written }
  | { readonly ok: false; readonly error: Error };

/** A database that answers statements. */
export interface Database {
  readonly kind: "sqlite" | "postgres";
  /**
   * Rows of one query on a connection of its own, seeing everything committed before.
   * @throws StoreUnavailable the database cannot answer now.
   */
  read(sql: string, params: readonly Value[]): Promise<readonly Row[]>;
  /**
   * All statements or none; resolves only after the commit is on disk, but for losable ones.
   * @throws StoreUnavailable nothing may be taken as written.
   */
  write(statements: readonly Statement[]): Promise<Written>;
  /**
   * Writes everything as it is at one moment to a new SQLite file at `path`.
   * @throws StoreUnavailable
   */
  copyInto(path: string): Promise<void>;
  /** Finishes the writes under way, then closes. */
  close(): Promise<void>;
}

/** May a power cut take this write back? */
export function isLosable(write: readonly Statement[]): boolean {
  return write.every((statement) => statement.losable === true);
}

/** What both drivers need to be told. */
export interface DatabaseOptions {
  /** Hears of settings that endanger what was promised. */
  readonly warn: (message: string) => void;
  /** Stands in for the database's own clock, so that a test can let time pass. */
  readonly now?: () => number;
  /** Makes the ids of deliveries, which settle the order of those that came in the same millisecond; left out = by time. */
  readonly newId?: () => string;
  /** SQLite only: look through the whole file first, and refuse one that is damaged. */
  readonly lookThrough?: boolean;
  /** SQLite only: the most pages the file may have; a full disk in small. */
  readonly maxPages?: number;
}

/**
 * A value as JSON text that both databases can take apart.
 *
 * PostgreSQL's jsonb refuses the character NUL and halves of surrogate pairs; both become U+FFFD
 * (https://www.postgresql.org/docs/current/datatype-json.html, remembered, not verified).
 */
export function json(value: unknown): string {
  const plain = JSON.stringify(value);
  if (!/\\u(0000|d[89a-f])/i.test(plain)) return plain;
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "string" ? part.replaceAll("\0", "\uFFFD").toWellFormed() : part,
  );
}

/** How a statement asks for these ids: one is asked for by name, which costs half of taking a list apart. */
export function among(ids: readonly string[]): { readonly sql: string; readonly params: readonly Value[] } {
  const [only] = ids;
  if (only !== undefined && ids.length === 1) return { sql: "= ?", params: [only] };
  return { sql: "in {list}", params: [json(ids)] };
}
