/** Open tickets to look at again, on a database. */
import type { OpenTickets } from "../ports.ts";
import { type Database, json } from "./database.ts";
import { number, text } from "./rows.ts";

const RAISE = `insert into raised_accounts (account_id, raised_at)
  select r.value ->> 'id', cast(r.value ->> 'at' as bigint) from {rows} where true
  on conflict (account_id) do nothing`;

const ADD = `insert into run_tickets (run_id, ticket_id, event_key)
  select r.value ->> 'runId', r.value ->> 'ticketId', r.value ->> 'eventKey' from {rows} where true
  on conflict (run_id, ticket_id) do nothing`;

/** A delivery that is done may have been pruned: what is not there any more does not wait. */
const PROGRESS = `select count(*) as tickets,
    coalesce(sum(case when d.state = 'pending' then 1 else 0 end), 0) as waiting,
    coalesce(sum(case when d.state = 'parked' then 1 else 0 end), 0) as parked
  from run_tickets t left join deliveries d on d.event_key = t.event_key where t.run_id = ?`;

/** The lists. */
export function openTickets(db: Database): OpenTickets {
  return {
    raise: async (accountIds, at) => {
      const rows = [...new Set(accountIds)].map((id) => ({ id, at: Math.round(at) }));
      await db.write([{ sql: RAISE, params: [json(rows)] }]);
    },
    raised: async (limit) =>
      (
        await db.read(
          "select account_id, raised_at from raised_accounts order by raised_at, account_id limit ?",
          [limit],
        )
      ).map((row) => ({ accountId: text(row, "account_id"), raisedAt: number(row, "raised_at") })),
    lookedAt: async ({ accountId, raisedAt }) => {
      const sql = "delete from raised_accounts where account_id = ? and raised_at = ?";
      await db.write([{ sql, params: [accountId, raisedAt] }]);
    },
    addToRun: async (runId, tickets) => {
      await db.write([{ sql: ADD, params: [json(tickets.map((one) => ({ runId, ...one })))] }]);
    },
    ofRun: async (runId, after, limit) => {
      const sql =
        "select ticket_id from run_tickets where run_id = ? and ticket_id > ? order by ticket_id limit ?";
      return (await db.read(sql, [runId, after ?? "", limit])).map((row) => text(row, "ticket_id"));
    },
    progress: async (runId) => {
      const [row = {}] = await db.read(PROGRESS, [runId]);
      const tickets = number(row, "tickets");
      return { tickets, settled: tickets - number(row, "waiting"), parked: number(row, "parked") };
    },
  };
}
