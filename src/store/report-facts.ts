/** What reports read: clock events, tickets and how they ended, and what was true of accounts when. */
import type { AccountMoment, Facts, MetricEvent, TargetFact, TicketFact, Window } from "../ports.ts";
import { byKey } from "./account.ts";
import { type Database, json, type Row } from "./database.ts";
import { number, object, objectOrNull, oneOf, text, textOrNull } from "./rows.ts";

/** Rows in one page: a few hundred kB. */
const PAGE = 1_000;
/** The ingestion keeps here how far the desk's events are in. */
export const THROUGH_CURSOR = "facts:through";

const PUT_EVENTS = `insert into metric_events (id, ticket_id, metric, instance, kind, at, detail, deleted)
  select r.value ->> 'id', r.value ->> 'ticketId', r.value ->> 'metric', cast(r.value ->> 'instance' as bigint),
    r.value ->> 'kind', cast(r.value ->> 'at' as bigint), r.value ->> 'detail', cast(r.value ->> 'deleted' as integer)
  from {rows} where true
  on conflict (id) do update set ticket_id = excluded.ticket_id, metric = excluded.metric,
    instance = excluded.instance, kind = excluded.kind, at = excluded.at, detail = excluded.detail,
    deleted = excluded.deleted`;

const PUT_TICKETS = `insert into ticket_facts (ticket_id, created_at, account_id, organization_id, fact)
  select r.value ->> 'ticketId', cast(r.value ->> 'createdAt' as bigint), r.value ->> 'accountId',
    r.value ->> 'organizationId', r.value ->> 'fact'
  from {rows} where true
  on conflict (ticket_id) do update set created_at = excluded.created_at, account_id = excluded.account_id,
    organization_id = excluded.organization_id, fact = excluded.fact`;

const PUT_TARGETS = `insert into target_facts (ticket_id, metric, instance, state, due_at, fact)
  select r.value ->> 'ticketId', r.value ->> 'metric', cast(r.value ->> 'instance' as bigint), r.value ->> 'state',
    cast(r.value ->> 'dueAt' as bigint), r.value ->> 'fact'
  from {rows} where true`;

const PUT_MOMENTS = `insert into account_moments (account_id, at, moment)
  select r.value ->> 'accountId', cast(r.value ->> 'at' as bigint), r.value ->> 'moment' from {rows} where true
  on conflict (account_id, at) do update set moment = excluded.moment`;

const LAST_MOMENTS = `select account_id, moment from account_moments m where account_id in {list}
  and at = (select max(at) from account_moments n where n.account_id = m.account_id)`;

const TARGETS_OF =
  "select fact from target_facts where ticket_id in {list} order by ticket_id, metric, instance";

/** The facts on a database. */
export function reportFacts(db: Database): Facts {
  return { ...writing(db), ...events(db), ...reading(db), ...momentsOn(db), ...stateOf(db), ...pruning(db) };
}

function writing(db: Database): Pick<Facts, "putEvents" | "putTickets" | "putTargets"> {
  return {
    putEvents: async (events) => {
      const rows = byKey(events, (one) => one.id).map(({ elapsed, sla, deleted, ...rest }) => ({
        ...rest,
        detail: elapsed === null && sla === null ? null : json({ elapsed, sla }),
        deleted: deleted ? 1 : 0,
      }));
      await db.write([{ sql: PUT_EVENTS, params: [json(rows)] }]);
    },
    putTickets: async (tickets) => {
      const rows = byKey(tickets, (one) => one.ticketId).map((fact) => ({
        ticketId: fact.ticketId,
        createdAt: Math.round(fact.createdAt),
        accountId: fact.accountId,
        organizationId: fact.organizationId,
        fact: json(fact),
      }));
      await db.write([{ sql: PUT_TICKETS, params: [json(rows)] }]);
    },
    putTargets: async (ticketIds, targets) => {
      const rows = targets.map((fact) => ({
        ticketId: fact.ticketId,
        metric: fact.metric,
        instance: fact.instance,
        state: fact.state,
        dueAt: fact.dueAt === null ? null : Math.round(fact.dueAt),
        fact: json(fact),
      }));
      await db.write([
        { sql: "delete from target_facts where ticket_id in {list}", params: [json(ticketIds)] },
        { sql: PUT_TARGETS, params: [json(rows)] },
      ]);
    },
  };
}

const KINDS: readonly MetricEvent["kind"][] = [
  "activate",
  "pause",
  "fulfill",
  "apply_sla",
  "breach",
  "update_status",
  "measure",
];

function events(db: Database): Pick<Facts, "eventsOf" | "ticketsById"> {
  return {
    eventsOf: async (ticketIds) => {
      const rows = await db.read(
        "select * from metric_events where ticket_id in {list} and deleted = 0 order by ticket_id, at, id",
        [json(ticketIds)],
      );
      return Map.groupBy(rows.map(eventFrom), (one) => one.ticketId);
    },
    ticketsById: async (ticketIds) => {
      const rows = await db.read("select fact from ticket_facts where ticket_id in {list}", [
        json(ticketIds),
      ]);
      return new Map(rows.map((row) => object<TicketFact>(row, "fact")).map((one) => [one.ticketId, one]));
    },
  };
}

function eventFrom(row: Row): MetricEvent {
  const detail = objectOrNull<Pick<MetricEvent, "elapsed" | "sla">>(row, "detail");
  return {
    id: text(row, "id"),
    ticketId: text(row, "ticket_id"),
    metric: text(row, "metric"),
    instance: number(row, "instance"),
    kind: oneOf(row, "kind", KINDS),
    at: number(row, "at"),
    elapsed: detail?.elapsed ?? null,
    sla: detail?.sla ?? null,
    deleted: number(row, "deleted") === 1,
  };
}

function reading(db: Database): Pick<Facts, "tickets" | "targets" | "ofAccount" | "running"> {
  const targetsOf = async (tickets: readonly TicketFact[]): Promise<readonly TargetFact[]> =>
    (await db.read(TARGETS_OF, [json(tickets.map((one) => one.ticketId))])).map((row) =>
      object<TargetFact>(row, "fact"),
    );
  return {
    tickets: (window) => ticketPages(db, window),
    targets: async function* (window) {
      for await (const page of ticketPages(db, window))
        yield await targetsOf(page.filter((one) => one.excluded === null));
    },
    ofAccount: async (accountId, window) => {
      const rows = await db.read(
        "select fact from ticket_facts where account_id = ? and created_at >= ? and created_at < ? order by created_at, ticket_id",
        [accountId, Math.round(window.from), Math.round(window.until)],
      );
      const tickets = rows.map((row) => object<TicketFact>(row, "fact"));
      return { tickets, targets: await targetsOf(tickets.filter((one) => one.excluded === null)) };
    },
    running: async (before, limit) => {
      const sql =
        "select fact from target_facts where state = 'running' and due_at < ? order by due_at, ticket_id limit ?";
      return (await db.read(sql, [Math.round(before), limit])).map((row) => object<TargetFact>(row, "fact"));
    },
  };
}

/** Between two pages webhooks and workers have their turn: a report may go through a year, and SQLite reads at once. */
function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function* ticketPages(db: Database, window: Window): AsyncGenerator<readonly TicketFact[]> {
  let [createdAt, ticketId] = [Math.round(window.from), ""];
  for (;;) {
    const rows = await db.read(
      `select created_at, ticket_id, fact from ticket_facts
        where (created_at > ? or (created_at = ? and ticket_id > ?)) and created_at < ?
        order by created_at, ticket_id limit ${PAGE}`,
      [createdAt, createdAt, ticketId, Math.round(window.until)],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => object<TicketFact>(row, "fact"));
    await othersTurn();
    createdAt = number(last, "created_at");
    ticketId = text(last, "ticket_id");
  }
}

function momentsOn(db: Database): Pick<Facts, "remember" | "history" | "historyOf"> {
  return {
    remember: async (moments) => {
      const rows = await db.read(LAST_MOMENTS, [json(moments.map((one) => one.accountId))]);
      const known = new Map(rows.map((row) => [text(row, "account_id"), said(object(row, "moment"))]));
      const news = byKey(moments, (one) => one.accountId).filter(
        (one) => known.get(one.accountId) !== said(one),
      );
      if (news.length === 0) return 0;
      const columns = news.map((one) => ({
        accountId: one.accountId,
        at: Math.round(one.at),
        moment: json(one),
      }));
      await db.write([{ sql: PUT_MOMENTS, params: [json(columns)] }]);
      return news.length;
    },
    history: (until) => momentPages(db, until),
    historyOf: async (accountId) =>
      (await db.read("select moment from account_moments where account_id = ? order by at", [accountId])).map(
        (row) => object<AccountMoment>(row, "moment"),
      ),
  };
}

/** What a moment says, apart from when. */
function said({ at: _at, ...rest }: AccountMoment): string {
  return json(rest);
}

async function* momentPages(db: Database, until: number): AsyncGenerator<readonly AccountMoment[]> {
  let [accountId, at] = ["", -1];
  for (;;) {
    const rows = await db.read(
      `select account_id, at, moment from account_moments
        where (account_id > ? or (account_id = ? and at > ?)) and at <= ? order by account_id, at limit ${PAGE}`,
      [accountId, accountId, at, Math.round(until)],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => object<AccountMoment>(row, "moment"));
    await othersTurn();
    accountId = text(last, "account_id");
    at = number(last, "at");
  }
}

function stateOf(db: Database): Pick<Facts, "state"> {
  return {
    state: async () => {
      const [counts = {}] = await db.read(
        `select (select count(*) from ticket_facts) as tickets, (select count(*) from metric_events) as events,
          (select value from cursors where name = ?) as through,
          (select decided_at from decisions order by seq limit 1) as installed`,
        [THROUGH_CURSOR],
      );
      const through = textOrNull(counts, "through");
      return {
        through: through === null ? null : Number(through),
        tickets: number(counts, "tickets"),
        events: number(counts, "events"),
        installedAt: counts.installed === null ? null : number(counts, "installed"),
      };
    },
  };
}

function pruning(db: Database): Pick<Facts, "prune"> {
  return {
    prune: async (before) => {
      for (;;) {
        const sql = `select ticket_id from ticket_facts where created_at < ? order by created_at limit ${PAGE}`;
        const ids = (await db.read(sql, [Math.round(before)])).map((row) => text(row, "ticket_id"));
        if (ids.length === 0) return;
        const gone = ["target_facts", "metric_events", "ticket_facts"].map((table) => ({
          sql: `delete from ${table} where ticket_id in {list}`,
          params: [json(ids)],
        }));
        if ((await db.write(gone)) === "lost") return;
      }
    },
  };
}
