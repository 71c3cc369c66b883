/** Messages to people, on a database. */
import type { Message, MessageOutcome, Notice, NoticeState, Notices } from "../ports.ts";
import { type Database, json, type Row, type Statement } from "./database.ts";
import { number, numberOrNull, object, oneOf, text, textOrNull } from "./rows.ts";

const STATES = ["waiting", "sending", "told", "unknown", "parked", "lapsed", "simulated"] as const;
const KINDS = [
  "clock",
  "health",
  "capacity",
  "differentiation",
  "entitlement",
  "digest",
  "review",
  "trouble",
] as const;

const RECORD = `insert into notices (notice_key, addressee, kind, way, state, notice, ticket_id, account_id, attempts, next_at,
    reason, recorded_at, good_until)
  select r.value ->> 'key', r.value ->> 'addressee', r.value ->> 'kind', r.value ->> 'way', r.value ->> 'state',
    r.value ->> 'notice', r.value ->> 'ticketId', r.value ->> 'accountId', 0, cast(r.value ->> 'recordedAt' as bigint), '',
    cast(r.value ->> 'recordedAt' as bigint), cast(r.value ->> 'goodUntil' as bigint)
  from {rows} where true on conflict (notice_key, addressee) do nothing returning 1 as added`;

/** Looked at first: asking every few seconds must not cost a commit. */
const DUE = `select 1 as due from notices where (state = 'waiting' and next_at <= ?)
  or (state = 'sending' and locked_until <= {now}) limit 1`;

/** Whoever was sending it went away: it may have arrived, so it is not sent again. */
const LEFT_BEHIND = `update notices set state = 'unknown', owner = null, ended_at = ?,
    reason = 'The service ended while this was being sent; it may have arrived.'
  where state = 'sending' and locked_until <= {now}`;

/** Materialized: PostgreSQL may run a subquery with a limit once for every row it compares, and take more than asked for. */
const TAKE = `with due as materialized (
    select d.notice_key, d.addressee from notices d where d.state = 'waiting' and d.next_at <= ?
    order by d.next_at, d.recorded_at, d.notice_key, d.addressee limit ? {skip locked})
  update notices set state = 'sending', owner = ?, locked_until = {now} + cast(? as bigint), attempts = attempts + 1
  where state = 'waiting' and (notice_key, addressee) in (select notice_key, addressee from due)
  returning *`;

const OURS = "where notice_key = ? and addressee = ? and owner = ? and state = 'sending'";

/** The messages. */
export function notices(db: Database): Notices {
  return {
    record: async (messages) => {
      if (messages.length === 0) return 0;
      const rows = messages.map(({ notice, ...one }) => ({ ...one, key: notice.key, notice: json(notice) }));
      return rowsOf(await db.write([{ sql: RECORD, params: [json(rows)] }]), 0).length;
    },
    take: async (owner, leaseMs, at, limit) => {
      if ((await db.read(DUE, [at])).length === 0) return [];
      const statements: readonly Statement[] = [
        { sql: LEFT_BEHIND, params: [at] },
        { sql: TAKE, params: [at, limit, owner, Math.round(leaseMs)] },
      ];
      const taken = rowsOf(await db.write(statements), 1).map(messageFrom);
      return taken.toSorted((a, b) => a.nextAt - b.nextAt || a.recordedAt - b.recordedAt);
    },
    settle: async (message, owner, outcome) =>
      (await db.write([settling(message, owner, outcome)])) !== "lost",
    retry: async (at) => {
      const sql = `update notices set state = 'waiting', attempts = 0, next_at = ?, ended_at = null
        where state = 'parked' returning 1 as again`;
      return rowsOf(await db.write([{ sql, params: [at] }]), 0).length;
    },
    known: async (keys) => {
      if (keys.length === 0) return new Set();
      const sql = "select distinct notice_key from notices where notice_key in {list}";
      return new Set((await db.read(sql, [json(keys)])).map((row) => text(row, "notice_key")));
    },
    covered: async (kind, since) => {
      const sql = "select distinct notice_key, notice from notices where kind = ? and recorded_at >= ?";
      const found = await db.read(sql, [kind, since]);
      return new Set(found.flatMap((row) => object<Notice>(row, "notice").covers ?? []));
    },
    list: async ({ state, before, limit }) => {
      const conditions = [
        ...(state === null ? [] : ["state = ?"]),
        ...(before === null ? [] : ["recorded_at < ?"]),
      ];
      const where = conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`;
      const sql = `select * from notices ${where} order by recorded_at desc, notice_key, addressee limit ?`;
      const params = [...(state === null ? [] : [state]), ...(before === null ? [] : [before]), limit];
      return (await db.read(sql, params)).map(messageFrom);
    },
    counts: async () => {
      const rows = await db.read("select state, count(*) as found from notices group by state", []);
      const found = new Map(rows.map((row) => [text(row, "state"), number(row, "found")]));
      const counted = STATES.map((state) => [state, found.get(state) ?? 0] as const);
      return Object.fromEntries(counted) as Record<NoticeState, number>;
    },
    prune: async (before) => {
      const sql = `delete from notices where recorded_at < ? and state not in ('waiting', 'sending')`;
      await db.write([{ sql, params: [before] }]);
    },
  };
}

function settling({ notice, addressee }: Message, owner: string, outcome: MessageOutcome): Statement {
  const which = [notice.key, addressee, owner];
  if (outcome.state === "waiting") {
    const attempts = outcome.anew ? "0" : "attempts";
    return {
      sql: `update notices set state = 'waiting', owner = null, attempts = ${attempts}, next_at = ?, way = ?, reason = ? ${OURS}`,
      params: [Math.round(outcome.nextAt), outcome.way, outcome.reason, ...which],
      mustAffect: 1,
    };
  }
  return {
    sql: `update notices set state = ?, owner = null, ended_at = ?, reason = ? ${OURS}`,
    params: [outcome.state, Math.round(outcome.at), outcome.reason, ...which],
    mustAffect: 1,
  };
}

function rowsOf(written: readonly (readonly Row[])[] | "lost", place: number): readonly Row[] {
  return written === "lost" ? [] : (written[place] ?? []);
}

function messageFrom(row: Row): Message {
  return {
    kind: oneOf(row, "kind", KINDS),
    notice: object<Notice>(row, "notice"),
    addressee: text(row, "addressee"),
    way: oneOf(row, "way", ["slack", "email", "webhook"]),
    ticketId: textOrNull(row, "ticket_id"),
    accountId: textOrNull(row, "account_id"),
    state: oneOf(row, "state", STATES),
    attempts: number(row, "attempts"),
    nextAt: number(row, "next_at"),
    reason: text(row, "reason"),
    recordedAt: number(row, "recorded_at"),
    endedAt: numberOrNull(row, "ended_at"),
    goodUntil: numberOrNull(row, "good_until"),
  };
}
