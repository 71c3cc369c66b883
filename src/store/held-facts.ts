/** What the mass-change brake has set aside: one row per account, a row per held run, and demotions that passed. */
import type { Guard, SetAside, WaitingRun } from "../ports.ts";
import { byKey } from "./account.ts";
import { type Database, json, type Row, type Value } from "./database.ts";
import { number, numberOrNull, object, objectOrNull, oneOf, text, textOrNull, texts } from "./rows.ts";

const SET_ASIDE = `insert into held_facts (account_id, source, source_id, run_id, state, facts, gone_on, digest, demotes,
    at, decided_at, decided_by)
  select r.value ->> 'accountId', r.value ->> 'source', r.value ->> 'sourceId', r.value ->> 'runId',
    r.value ->> 'state', r.value ->> 'facts', r.value ->> 'goneOn', r.value ->> 'digest', r.value ->> 'demotes',
    cast(r.value ->> 'at' as bigint), cast(r.value ->> 'decidedAt' as bigint), r.value ->> 'decidedBy'
  from {rows} where true
  on conflict (account_id) do update set source = excluded.source, source_id = excluded.source_id,
    run_id = excluded.run_id, state = excluded.state, facts = excluded.facts, gone_on = excluded.gone_on,
    digest = excluded.digest, demotes = excluded.demotes, at = excluded.at, decided_at = excluded.decided_at,
    decided_by = excluded.decided_by`;

const HOLD = `insert into held_runs (run_id, source, at, codes, reason) values (?, ?, ?, ?, ?)
  on conflict (run_id) do update set codes = excluded.codes, reason = excluded.reason`;

const HOLD_FACTS = `update held_facts set run_id = ?, state = 'held'
  where account_id in {list} and state = 'proposed'`;

const WAITING = `select r.run_id, r.source, r.at, r.codes, r.reason, f.records
  from held_runs r
  join (select run_id, count(*) as records from held_facts where state = 'held' group by run_id) f
    on f.run_id = r.run_id
  order by r.at desc, r.run_id`;

const DECIDE = `update held_facts set state = ?, decided_at = ?, decided_by = ?
  where run_id = ? and state = 'held'`;

const PASSED = `insert into passed_demotions (run_id, account_id, from_tier, to_tier, at)
  select ?, r.value ->> 'accountId', r.value ->> 'fromTier', r.value ->> 'toTier', cast(? as bigint)
  from {rows} where true on conflict do nothing`;

const PRESENT = `select id, source_id from accounts
  where source = ? and source_id in {list} and gone_on is null`;

/** The brake's memory on a database. */
export function heldFacts(db: Database): Guard {
  return { ...asideRows(db), ...heldRuns(db), ...measures(db) };
}

function asideRows(db: Database): Pick<Guard, "setAside" | "of" | "inState" | "heldBy" | "drop"> {
  const rows = async (where: string, params: readonly Value[]) =>
    (await db.read(`select * from held_facts where ${where} order by account_id`, params)).map(asideFrom);
  return {
    setAside: async (list) => {
      const unique = byKey(list, (row) => row.accountId).map((row) => ({
        ...row,
        facts: row.facts === null ? null : json(row.facts),
        demotes: json(row.demotes),
        at: Math.round(row.at),
        decidedAt: row.decidedAt === null ? null : Math.round(row.decidedAt),
      }));
      await db.write([{ sql: SET_ASIDE, params: [json(unique)] }]);
    },
    of: async (accountIds) =>
      new Map((await rows("account_id in {list}", [json(accountIds)])).map((row) => [row.accountId, row])),
    inState: (source, state) => rows("source = ? and state = ?", [source, state]),
    heldBy: (runId) => rows("run_id = ? and state = 'held'", [runId]),
    drop: async (accountIds) => {
      const sql = "delete from held_facts where account_id in {list}";
      await db.write([{ sql, params: [json(accountIds)] }]);
    },
  };
}

function heldRuns(db: Database): Pick<Guard, "hold" | "waiting" | "decide"> {
  return {
    hold: async ({ runId, source, at, codes, reason }, accountIds) => {
      await db.write([
        { sql: HOLD, params: [runId, source, Math.round(at), json(codes), reason] },
        { sql: HOLD_FACTS, params: [runId, json(accountIds)] },
      ]);
    },
    waiting: async () => (await db.read(WAITING, [])).map(waitingFrom),
    decide: async (runId, state, by, at) => {
      await db.write([{ sql: DECIDE, params: [state, Math.round(at), by, runId] }]);
    },
  };
}

function measures(
  db: Database,
): Pick<Guard, "passed" | "passedSince" | "tierSizes" | "present" | "presentCount"> {
  const count = async (sql: string, params: readonly Value[]) => {
    const [row = {}] = await db.read(sql, params);
    return number(row, "found");
  };
  return {
    passed: async (runId, demotions, at, forgetBefore) => {
      const unique = byKey(demotions, (one) => one.accountId);
      await db.write([
        { sql: PASSED, params: [runId, Math.round(at), json(unique)] },
        { sql: "delete from passed_demotions where at < ?", params: [Math.round(forgetBefore)] },
      ]);
    },
    passedSince: (since) =>
      count("select count(*) as found from passed_demotions where at > ?", [Math.round(since)]),
    tierSizes: async () => {
      const rows = await db.read("select tier, count(*) as found from entitlements group by tier", []);
      return Object.fromEntries(rows.map((row) => [text(row, "tier"), number(row, "found")]));
    },
    present: async (source, sourceIds) => {
      const rows = await db.read(PRESENT, [source, json(sourceIds)]);
      return new Map(rows.map((row) => [text(row, "source_id"), text(row, "id")]));
    },
    presentCount: (source) =>
      count("select count(*) as found from accounts where source = ? and gone_on is null", [source]),
  };
}

function asideFrom(row: Row): SetAside {
  return {
    accountId: text(row, "account_id"),
    source: text(row, "source"),
    sourceId: text(row, "source_id"),
    runId: text(row, "run_id"),
    state: oneOf(row, "state", ["proposed", "held", "approved", "rejected"]),
    facts: objectOrNull<NonNullable<SetAside["facts"]>>(row, "facts"),
    goneOn: textOrNull(row, "gone_on"),
    digest: text(row, "digest"),
    demotes: object<SetAside["demotes"]>(row, "demotes"),
    at: number(row, "at"),
    decidedAt: numberOrNull(row, "decided_at"),
    decidedBy: textOrNull(row, "decided_by"),
  };
}

function waitingFrom(row: Row): WaitingRun {
  return {
    runId: text(row, "run_id"),
    source: text(row, "source"),
    at: number(row, "at"),
    codes: texts(row, "codes"),
    reason: text(row, "reason"),
    records: number(row, "records"),
  };
}
