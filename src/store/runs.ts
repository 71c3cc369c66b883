/** What the syncs did: each run, each write with its before-image, and what people should look at. */
import type { ReviewItem, RunRecord, Runs, SyncWrite } from "../ports.ts";
import { byKey } from "./account.ts";
import { type Database, json, type Row } from "./database.ts";
import { number, numberOrNull, object, oneOf, text, textOrNull } from "./rows.ts";

const START = `insert into runs (id, kind, started_at, ended_at, counts, error) values (?, ?, ?, ?, ?, ?)
  on conflict (id) do update set kind = excluded.kind, started_at = excluded.started_at,
    ended_at = excluded.ended_at, counts = excluded.counts, error = excluded.error`;

const WRITE = `insert into sync_writes (run_id, target, target_id, account_id, before_image, after_image, state, reason,
    policy_version, written_at)
  select ?, r.value ->> 'target', r.value ->> 'targetId', r.value ->> 'accountId', r.value ->> 'before',
    r.value ->> 'after', r.value ->> 'state', r.value ->> 'reason', ?, {now}
  from {rows} where true
  on conflict (run_id, target, target_id) do update set account_id = excluded.account_id,
    before_image = excluded.before_image, after_image = excluded.after_image, state = excluded.state,
    reason = excluded.reason, policy_version = excluded.policy_version, written_at = excluded.written_at`;

const SETTLE = `update sync_writes set state = ?, reason = coalesce(nullif(cast(? as text), ''), reason)
  where run_id = ? and target = ? and target_id = ?`;

/** An item that was there before, whatever its detail, keeps the day it was first seen. */
const ADD_REVIEWS = `insert into reviews (account_id, code, detail, since)
  select r.value ->> 'accountId', r.value ->> 'code', r.value ->> 'detail', coalesce((
    select min(known.since) from reviews known
    where known.account_id = r.value ->> 'accountId' and known.code = r.value ->> 'code'), cast(? as bigint))
  from {rows} where true on conflict do nothing`;

const DROP_REVIEWS = `delete from reviews where account_id in {list} and not exists (
  select 1 from {rows} where r.value ->> 'accountId' = reviews.account_id
    and r.value ->> 'code' = reviews.code and r.value ->> 'detail' = reviews.detail)`;

/** The runs on a database. */
export function runs(db: Database): Runs {
  return {
    start: async ({ id, kind, startedAt, endedAt, counts, error }) => {
      await db.write([{ sql: START, params: [id, kind, startedAt, endedAt, json(counts), error] }]);
    },
    end: async (id, endedAt, counts, error) => {
      const sql = "update runs set ended_at = ?, counts = ?, error = ? where id = ?";
      await db.write([{ sql, params: [endedAt, json(counts), error, id] }]);
    },
    write: async (runId, policyVersion, rows) => {
      const unique = byKey(rows, (row) => JSON.stringify([row.target, row.targetId]));
      const list = unique.map((row) => ({ ...row, before: json(row.before), after: json(row.after) }));
      await db.write([{ sql: WRITE, params: [runId, policyVersion, json(list)] }]);
    },
    settle: async (runId, outcomes) => {
      const statements = outcomes.map(({ target, targetId, state, reason }) => ({
        sql: SETTLE,
        params: [state, reason, runId, target, targetId],
      }));
      await db.write(statements);
    },
    writesOf: async (runId) =>
      (await db.read("select * from sync_writes where run_id = ? order by seq", [runId])).map(writeFrom),
    writesFor: async (accountId, limit) => {
      const sql = "select * from sync_writes where account_id = ? order by written_at desc, seq desc limit ?";
      return (await db.read(sql, [accountId, limit])).map((row) => ({
        ...writeFrom(row),
        runId: text(row, "run_id"),
        at: number(row, "written_at"),
        policyVersion: text(row, "policy_version"),
      }));
    },
    last: async (kind) => {
      const sql = "select * from runs where kind = ? order by started_at desc, seq desc limit 1";
      const [row] = await db.read(sql, [kind]);
      return row ? runFrom(row) : null;
    },
    find: async (id) => {
      const [row] = await db.read("select * from runs where id = ?", [id]);
      return row ? runFrom(row) : null;
    },
    recent: async (limit) => {
      const sql = "select * from runs order by started_at desc, seq desc limit ?";
      return (await db.read(sql, [limit])).map(runFrom);
    },
    ...reviews(db),
  };
}

function reviews(db: Database): Pick<Runs, "review" | "reviews"> {
  return {
    review: async (accountIds, items, at) => {
      const list = json(items);
      await db.write([
        { sql: ADD_REVIEWS, params: [Math.round(at), list] },
        { sql: DROP_REVIEWS, params: [json(accountIds), list] },
      ]);
    },
    reviews: async (limit) => {
      const sql = "select * from reviews order by since desc, account_id, code, detail limit ?";
      return (await db.read(sql, [limit])).map(
        (row): ReviewItem => ({
          accountId: text(row, "account_id"),
          code: text(row, "code"),
          detail: text(row, "detail"),
          since: number(row, "since"),
        }),
      );
    },
  };
}

function writeFrom(row: Row): SyncWrite {
  return {
    target: oneOf(row, "target", ["organization", "company"]),
    targetId: text(row, "target_id"),
    accountId: text(row, "account_id"),
    before: object<SyncWrite["before"]>(row, "before_image"),
    after: object<SyncWrite["after"]>(row, "after_image"),
    state: oneOf(row, "state", ["intended", "written", "failed", "simulated"]),
    reason: text(row, "reason"),
  };
}

function runFrom(row: Row): RunRecord {
  return {
    id: text(row, "id"),
    kind: text(row, "kind"),
    startedAt: number(row, "started_at"),
    endedAt: numberOrNull(row, "ended_at"),
    counts: object<RunRecord["counts"]>(row, "counts"),
    error: textOrNull(row, "error"),
  };
}
