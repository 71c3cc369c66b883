/** The durable queue of webhooks: what came in, what waits, what a person must look at. */
import type { Inbox, ParkedDelivery } from "../ports.ts";
import { type Accepting, accepting } from "./accepting.ts";
import { claims } from "./claims.ts";
import { type Database, json } from "./database.ts";
import { DELIVERY_COLUMNS, deliveryFrom } from "./delivery.ts";
import { pruneAll } from "./prune.ts";
import { number, numberOrNull, text } from "./rows.ts";

/** Rows removed in one go, so that no writer waits long behind a clean-up. */
const PRUNE_AT_ONCE = 5000;

const PARKED = `select ${DELIVERY_COLUMNS}, fix from deliveries
  where state = 'parked' order by settled_at desc, id desc limit ?`;

const BACKLOG = `select
    (select count(*) from deliveries where state = 'pending') as pending,
    (select count(*) from deliveries where state = 'parked') as parked,
    {now} - (select min(received_at) from deliveries where state = 'pending') as oldest`;

/** A delivery that decides nothing ends without a look at its ticket: it must not hide that nobody told of its creation. */
const UNHEARD_OF = `select r.value ->> 'id' as id from {rows}
  where not exists (select 1 from decisions d where d.ticket_id = r.value ->> 'id')
    and not exists (select 1 from deliveries p where p.kind = 'ticket' and p.source = ?
      and p.subject_key = r.value ->> 'id' and p.state = 'pending'
      and coalesce(p.hint, '') not like '%"event":"other"%')
    and r.value ->> 'id' not in (
      select subject_id from deliveries where state = 'parked' and kind = 'ticket' and source = ?)`;

const REPLAY = `update deliveries set state = 'pending', attempts = 0, run_at = {now}, reason = null, fix = null,
    settled_at = null where state = 'parked'`;

const PRUNE_BODIES = `update deliveries set body = null where id in (
    select id from deliveries where state = 'done' and body is not null and settled_at < ?
    limit ${PRUNE_AT_ONCE}) returning id`;

const PRUNE_KEYS = `delete from deliveries where id in (
    select id from deliveries where state = 'done' and settled_at < ? limit ${PRUNE_AT_ONCE}) returning id`;

/**
 * The inbox on a database; `idle` resolves when every webhook handed in has its answer.
 *
 * A delivery keeps its three keys for as long as its row lives, so keys are pruned with their rows, counted from
 * the day the delivery was settled: never shorter than the 30 days promised.
 */
export function inbox(db: Database, newId?: () => string, now?: () => number): Inbox & Accepting {
  return {
    ...claims(db),
    ...accepting(db, newId, now),
    unheardOf: async (source, ticketIds) => {
      const list = json([...new Set(ticketIds)].map((id) => ({ id })));
      return (await db.read(UNHEARD_OF, [list, source, source])).map((row) => text(row, "id"));
    },
    backlog: async () => {
      const [row = {}] = await db.read(BACKLOG, []);
      return {
        pending: number(row, "pending"),
        parked: number(row, "parked"),
        oldestPendingMs: numberOrNull(row, "oldest"),
      };
    },
    parked: async (limit) =>
      (await db.read(PARKED, [limit])).map(
        (row): ParkedDelivery => ({
          ...deliveryFrom(row),
          reason: text(row, "reason"),
          fix: text(row, "fix"),
        }),
      ),
    replay: async (id) => {
      const only = id === null ? "" : " and id = ?";
      const written = await db.write([
        { sql: `${REPLAY}${only} returning id`, params: id === null ? [] : [id] },
      ]);
      return written === "lost" ? 0 : (written[0]?.length ?? 0);
    },
    prune: async (bodiesBefore, keysBefore) => {
      await pruneAll(db, PRUNE_KEYS, keysBefore);
      await pruneAll(db, PRUNE_BODIES, bodiesBefore);
    },
  };
}
