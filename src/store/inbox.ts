/** The durable queue of webhooks: what came in, what waits, what a person must look at. */
import { StoreUnavailable } from "../errors.ts";
import type { Inbox, Lane, NewDelivery, ParkedDelivery } from "../ports.ts";
import { claims } from "./claims.ts";
import { type Database, json } from "./database.ts";
import { DELIVERY_COLUMNS, deliveryFrom, LANES, storedBody } from "./delivery.ts";
import { type Ended, groupCommit } from "./group-commit.ts";
import { pruneAll } from "./prune.ts";
import { number, numberOrNull, text } from "./rows.ts";
import { timedId } from "./timed-id.ts";

/** Rows removed in one go, so that no writer waits long behind a clean-up. */
const PRUNE_AT_ONCE = 5000;

/**
 * One statement for all that waits. A repeat meets one of three unique keys and is left out: the insert itself
 * is the check, so two processes cannot both pass it. Answers the ids that were really stored.
 */
const ACCEPT = `insert into deliveries (id, source, kind, subject_id, subject_key, event_key, invocation_key, bytes_key,
    hint, account_ids, flagged, body, lane, received_at, run_at, attempts, state)
  select r.value ->> 'id', r.value ->> 'source', r.value ->> 'kind', r.value ->> 'subjectId', r.value ->> 'subjectKey',
    r.value ->> 'event', r.value ->> 'invocation', r.value ->> 'bytes', r.value ->> 'hint', r.value ->> 'accountIds',
    cast(r.value ->> 'flagged' as integer), r.value ->> 'body', cast(r.value ->> 'lane' as integer), {now},
    {now} + cast(r.value ->> 'delayMs' as bigint), 0, 'pending'
  from {rows} where true
  on conflict do nothing returning id`;

const PARKED = `select ${DELIVERY_COLUMNS}, reason, fix from deliveries
  where state = 'parked' order by settled_at desc, id desc limit ?`;

const BACKLOG = `select
    (select count(*) from deliveries where state = 'pending') as pending,
    (select count(*) from deliveries where state = 'parked') as parked,
    {now} - (select min(received_at) from deliveries where state = 'pending') as oldest`;

const UNHEARD_OF = `select r.value ->> 'id' as id from {rows}
  where not exists (select 1 from decisions d where d.ticket_id = r.value ->> 'id')
    and not exists (select 1 from deliveries p where p.kind = 'ticket' and p.source = ?
      and p.subject_key = r.value ->> 'id' and p.state = 'pending')
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
export function inbox(db: Database): Inbox & { readonly idle: () => Promise<void> } {
  const group = groupCommit(
    (entries: readonly Entry[]) => storeAll(db, entries),
    (entry) => entry.body.length + 500,
  );
  return {
    ...claims(db),
    idle: group.idle,
    accept: (delivery, lane, delayMs) => group.add(entryFor(delivery, lane, delayMs)),
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

type Entry = ReturnType<typeof entryFor>;

function entryFor(delivery: NewDelivery, lane: Lane, delayMs: number) {
  const id = timedId(Date.now());
  return {
    id,
    source: delivery.source,
    kind: delivery.kind,
    subjectId: delivery.subjectId,
    // Batches of account hints have no subject in common: each is worked on by itself.
    subjectKey: delivery.subjectId === "" ? id : delivery.subjectId,
    ...delivery.keys,
    hint: delivery.hint && json(delivery.hint),
    accountIds: json(delivery.accountIds),
    flagged: delivery.flagged ? 1 : 0,
    body: storedBody(delivery.body),
    lane: LANES.indexOf(lane),
    delayMs: Math.max(0, Math.round(delayMs)),
  };
}

/** Stores the group at once; when one of them cannot be stored at all, the others must not suffer for it. */
async function storeAll(
  db: Database,
  entries: readonly Entry[],
): Promise<readonly Ended<"stored" | "repeat">[]> {
  try {
    return await store(db, entries);
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    return Promise.all(entries.map((entry) => storeAlone(db, entry)));
  }
}

async function store(
  db: Database,
  entries: readonly Entry[],
): Promise<readonly Ended<"stored" | "repeat">[]> {
  // In the order of their keys: two processes that insert the same deliveries then wait for each other in one
  // direction only, and cannot lock each other out.
  const inOrder = entries.toSorted((a, b) => (a.bytes < b.bytes ? -1 : 1));
  const written = await db.write([{ sql: ACCEPT, params: [json(inOrder)] }]);
  const stored = new Set(written === "lost" ? [] : (written[0] ?? []).map((row) => text(row, "id")));
  return entries.map(({ id }) => ({ ok: true, value: stored.has(id) ? "stored" : "repeat" }));
}

async function storeAlone(db: Database, entry: Entry): Promise<Ended<"stored" | "repeat">> {
  try {
    const [end] = await store(db, [entry]);
    return end ?? { ok: false, error: new Error("the inbox gave no answer") };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
