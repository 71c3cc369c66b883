/** What a database's refusal means for us. Its own words are passed on only where they can hold no customer's text. */
import { NeedsAdmin, Paused, TryAgain } from "../../src/errors.ts";

/** A query may take this long; one that takes longer would also hold up whoever else uses the database. */
export const STATEMENT_MS = 10_000;

/** The query ran into its time limit. */
export function tooSlow(source: string, cause?: unknown): NeedsAdmin {
  return new NeedsAdmin(`the query of ${source} took longer than ${STATEMENT_MS / 1000} s and was stopped`, {
    fix: "Add an index on the key and the updated_at column, or write the view into a table at night (a materialized view).",
    cause,
  });
}

/**
 * One place turns PostgreSQL's codes into what to do next.
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html (remembered, not verified).
 */
export function postgresFailure(source: string, cause: unknown): Error {
  const code = codeOf(cause);
  const said = cause instanceof Error ? cause.message : "";
  if (code === "57014") return tooSlow(source, cause);
  if (code === "42501")
    return new NeedsAdmin(`${source}: the database user may not read this table`, {
      fix: "Grant SELECT on the tables of the query to the user of SQL_URL.",
      cause,
    });
  if (code === "25006")
    return new NeedsAdmin(`${source}: the query writes, and only reading is allowed`, {
      fix: "Take the function that writes out of the query.",
      cause,
    });
  if (code.startsWith("28") || code === "3D000")
    return new Paused(`${source}: the database refused the user or has no such database (${code})`, {
      upstream: source,
      fix: "Correct user, password and database in SQL_URL.",
      cause,
    });
  // Only names of tables, columns and functions stand in these.
  if (code.startsWith("42"))
    return new NeedsAdmin(`${source}: the database does not accept the query: ${said}`, {
      fix: "Correct the query, key and columns in the policy's crm section.",
      cause,
    });
  if (code.startsWith("22"))
    return new NeedsAdmin(`${source}: a value cannot be worked with as the query asks (${code})`, {
      fix: "Correct the query: a cast or a calculation fails for some row.",
      cause,
    });
  if (/^(53|57|40|55|58)/.test(code))
    return new TryAgain(`${source}: the database is busy (${code})`, { cause });
  if (/timeout/i.test(said) && code === "")
    return new TryAgain(`${source}: the database did not answer in time`, { cause });
  return new Paused(`${source}: the database cannot be reached${code === "" ? "" : ` (${code})`}`, {
    upstream: source,
    afterMs: 5_000,
    cause,
  });
}

/** The same for SQLite. */
export function sqliteFailure(source: string, said: string, code: string): Error {
  if (/locked|busy/i.test(said)) return new TryAgain(`${source}: another program is writing to the file`);
  if (/unable to open|not a database|ENOENT/i.test(said) || code === "ENOENT")
    return new NeedsAdmin(`${source}: the SQLite file is not there, may not be read or is none`, {
      fix: "Correct SQL_URL; it looks like sqlite:/path/to/file.db.",
    });
  if (/readonly/i.test(said))
    return new NeedsAdmin(`${source}: the query writes, and only reading is allowed`, {
      fix: "Take what writes out of the query.",
    });
  if (/no such|syntax error|ambiguous|misuse|incomplete/i.test(said))
    return new NeedsAdmin(`${source}: the database does not accept the query: ${said}`, {
      fix: "Correct the query, key and columns in the policy's crm section.",
    });
  return new TryAgain(`${source}: the database cannot answer now`);
}

function codeOf(cause: unknown): string {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : null;
  return typeof code === "string" ? code : "";
}
