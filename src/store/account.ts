/** An account as a row: its columns, and how fresh it is. */
import type { Account } from "../policy/model.ts";
import type { Row } from "./database.ts";
import { numberOrNull, object, text, textOrNull } from "./rows.ts";

/** What `accountFrom` reads from accounts `a` with `CONFIRMED`. */
export const ACCOUNT_COLUMNS =
  "a.id, a.parent_id, a.account, a.synced_at, a.gone_on, f.confirmed_at as confirmed_at";

/** Joins what the source last confirmed as a whole. */
export const CONFIRMED = "left join confirmations f on f.source = a.source";

/**
 * The account in a row of `ACCOUNT_COLUMNS`.
 *
 * `syncedAt` is the later of the row's own moment and the last confirmation of its whole source. A record that is gone is
 * confirmed too: its absence is what the source says, and must not pass for stale facts.
 */
export function accountFrom(row: Row): Account {
  const confirmed = numberOrNull(row, "confirmed_at");
  return {
    ...object<Omit<Account, "id" | "parentId" | "syncedAt" | "goneOn">>(row, "account"),
    id: text(row, "id"),
    parentId: textOrNull(row, "parent_id"),
    syncedAt: later(numberOrNull(row, "synced_at"), confirmed),
    goneOn: textOrNull(row, "gone_on"),
  };
}

function later(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

/** The rows with each key once; the last one wins. A statement must not meet the same row twice. */
export function byKey<T>(rows: readonly T[], key: (row: T) => string): readonly T[] {
  return [...new Map(rows.map((row) => [key(row), row])).values()];
}
