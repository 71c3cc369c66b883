/** What is remembered about an account between decisions: one row per account, never moved back in time. */
import type { Basis, HeldState } from "../policy/model.ts";
import { json, type Row, type Statement } from "./database.ts";
import { numberOrNull, oneOf, textOrNull, texts } from "./rows.ts";

const BASES: readonly Basis[] = [
  "addon",
  "plan",
  "arr",
  "parent",
  "trial",
  "default",
  "held",
  "gate",
  "override",
];

/** Columns of `held` that `heldFrom` reads, as `h`. */
export const HELD_COLUMNS =
  "h.tier as held_tier, h.basis as held_basis, h.lower_since as held_lower_since, h.waitlisted as held_waitlisted";

/** For accounts nothing is remembered about. */
export const NOTHING_HELD: HeldState = { tier: null, basis: null, lowerSince: null, waitlisted: [] };

/** Stores what a ticket's decision concluded, unless a later one is stored; the waiting list stays as it is. */
export function heldWithoutWaitlist(accountId: string, held: HeldState, asOf: number): Statement {
  return {
    sql: `insert into held (account_id, tier, basis, lower_since, waitlisted, as_of) values (?, ?, ?, ?, ?, ?)
      on conflict (account_id) do update set tier = excluded.tier, basis = excluded.basis,
        lower_since = excluded.lower_since, as_of = excluded.as_of
      where held.as_of <= excluded.as_of`,
    params: [accountId, held.tier, held.basis, held.lowerSince, json(held.waitlisted), asOf],
  };
}

/** Held state in a row of `HELD_COLUMNS`; null = nothing is remembered. */
export function heldFrom(row: Row): HeldState | null {
  if (row.held_waitlisted === null) return null;
  return {
    tier: textOrNull(row, "held_tier"),
    basis: row.held_basis === null ? null : oneOf(row, "held_basis", BASES),
    lowerSince: numberOrNull(row, "held_lower_since"),
    waitlisted: texts(row, "held_waitlisted"),
  };
}
