/** What was decided, about which ticket, and how it ended. */
import type { DecisionRecord, Ledger, Verification } from "../ports.ts";
import { endClaim, stillOurs } from "./claims.ts";
import { type Database, json, type Row, type Statement } from "./database.ts";
import { heldWithoutWaitlist } from "./held.ts";
import { pruneAll } from "./prune.ts";
import { object, objectOrNull } from "./rows.ts";

const REMEMBER = `insert into decisions (id, ticket_id, decided_at, action, state, record, verification)
  values (?, ?, ?, ?, ?, ?, ?)
  on conflict (id) do update set decided_at = excluded.decided_at, action = excluded.action,
    state = excluded.state, record = excluded.record,
    verification = coalesce(excluded.verification, decisions.verification)`;

const NEWEST_FIRST = "order by decided_at desc, seq desc";
/** One process at a time decides a ticket, so its decisions came in the order they were stored, whatever clocks said. */
const LATEST_FIRST = "order by seq desc";

/** Few of a day's decisions: the index by age is enough. */
const UNVERIFIED = `select record, verification from decisions
  where decided_at >= ? and decided_at < ? and verification is null and action = 'apply'
    and state in ('written', 'left') order by decided_at, seq limit ?`;

/** An intent whose end is not known is unfinished work and stays. */
const PRUNE = `delete from decisions where id in (
  select id from decisions where decided_at < ? and state <> 'intended' order by decided_at limit 5000) returning id`;

/** The ledger on a database. */
export function ledger(db: Database): Ledger {
  const read = async (sql: string, params: readonly (string | number)[]) =>
    (await db.read(sql, params)).map(recordFrom);
  return {
    intend: async (claim, record, leaseMs) =>
      (await db.write([stillOurs(claim, leaseMs), remember(record)])) !== "lost",
    settle: async (claim, record, outcome) => {
      const statements = [
        ...endClaim(claim, outcome),
        ...(record ? [remember(record), ...held(record)] : []),
      ];
      return (await db.write(statements)) !== "lost";
    },
    decisionsOf: (ticketId) =>
      read(`select record, verification from decisions where ticket_id = ? ${LATEST_FIRST}`, [ticketId]),
    recentDecisions: (limit) =>
      read(`select record, verification from decisions ${NEWEST_FIRST} limit ?`, [limit]),
    verified: async (decisionId, verification) => {
      const sql = "update decisions set verification = ? where id = ?";
      await db.write([{ sql, params: [json(verification), decisionId] }]);
    },
    unverified: (from, to, limit) => read(UNVERIFIED, [from, to, limit]),
    drop: async (ticketId) => {
      await db.write([{ sql: "delete from decisions where ticket_id = ?", params: [ticketId] }]);
    },
    prune: (before) => pruneAll(db, PRUNE, before),
  };
}

function remember(record: DecisionRecord): Statement {
  const { verification, ...rest } = record;
  const { id, ticketId, decidedAt, state, decision } = record;
  const params = [id, ticketId, decidedAt, decision.action, state, json(rest)];
  return { sql: REMEMBER, params: [...params, verification && json(verification)] };
}

/** Held state moves only with what really happened: an intent is not known to have, a simulation never did. */
function held({ accountId, asOf, decision, state }: DecisionRecord): readonly Statement[] {
  const happened = state === "written" || state === "left";
  if (!happened || accountId === null || decision.action !== "apply" || !decision.ledger) return [];
  return [heldWithoutWaitlist(accountId, decision.ledger, asOf)];
}

function recordFrom(row: Row): DecisionRecord {
  const record = object<Omit<DecisionRecord, "verification">>(row, "record");
  return { ...record, verification: objectOrNull<Verification>(row, "verification") };
}
