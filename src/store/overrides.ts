/** Human exceptions: who may have which tier against the rules, until when, and how it ended. */
import type { Override } from "../policy/model.ts";
import type { Overrides, StoredOverride } from "../ports.ts";
import { type Database, json, type Row } from "./database.ts";
import { number, numberOrNull, oneOf, text, textOrNull } from "./rows.ts";

const ADD = `insert into overrides (id, account_id, kind, tier, reason, approved_by, created_at, starts_at, expires_at)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`;

const END = `update overrides set ended_at = ?, ended_by = ?
  where id = ? and expires_at > ? and (ended_at is null or ended_at > ?)`;

/** An end by hand counts where it comes before the end that was agreed. */
const OVER = "coalesce(ended_at, expires_at)";

const TURNING = `select distinct account_id from overrides
  where (coalesce(starts_at, created_at) > ? and coalesce(starts_at, created_at) <= ?)
    or (${OVER} > ? and ${OVER} <= ?) order by account_id`;

/** The overrides on a database. */
export function overrides(db: Database): Overrides {
  return {
    add: async (one) => {
      const { id, accountId, kind, tier, reason, approvedBy, createdAt, startsAt, expiresAt } = one;
      if (expiresAt === null) throw new Error("an override without an end is never kept");
      const params = [id, accountId, kind, tier, reason, approvedBy, createdAt, startsAt, expiresAt];
      return (await db.write([{ sql: ADD, params, mustAffect: 1 }])) !== "lost";
    },
    of: async (accountIds) => {
      const sql = "select * from overrides where account_id in {list} order by created_at, id";
      return (await db.read(sql, [json(accountIds)])).map(overrideFrom).map(asRules);
    },
    list: async () =>
      (await db.read("select * from overrides order by created_at desc, id", [])).map(overrideFrom),
    end: async (id, at, by) => {
      const moment = Math.round(at);
      return (
        (await db.write([{ sql: END, params: [moment, by, id, moment, moment], mustAffect: 1 }])) !== "lost"
      );
    },
    turning: async (from, to) =>
      (await db.read(TURNING, [from, to, from, to])).map((row) => text(row, "account_id")),
  };
}

function overrideFrom(row: Row): StoredOverride {
  return {
    id: text(row, "id"),
    accountId: text(row, "account_id"),
    kind: oneOf(row, "kind", ["pin", "floor", "cap"]),
    tier: text(row, "tier"),
    reason: text(row, "reason"),
    approvedBy: text(row, "approved_by"),
    createdAt: number(row, "created_at"),
    startsAt: numberOrNull(row, "starts_at"),
    expiresAt: number(row, "expires_at"),
    endedAt: numberOrNull(row, "ended_at"),
    endedBy: textOrNull(row, "ended_by"),
  };
}

function asRules({ endedAt, endedBy: _by, ...override }: StoredOverride): Override {
  return endedAt === null ? override : { ...override, expiresAt: endedAt };
}
