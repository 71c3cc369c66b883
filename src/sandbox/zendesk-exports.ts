/** The incremental exports and the search, each with its own way of leaving things out. */
import type { Call, Reply } from "./server.ts";
import { badRequest, invalidItem } from "./zendesk-answers.ts";
import type { Served } from "./zendesk-guard.ts";
import { paged } from "./zendesk-pages.ts";
import type { Json, MetricEventRecord, TicketRecord } from "./zendesk-records.ts";
import { organizationView, sideLoads, ticketView } from "./zendesk-views.ts";
import { asTexts } from "./zendesk-wire.ts";
import { iso, numeric, type World } from "./zendesk-world.ts";

const MINUTE = 60_000;

/** The export and search routes. The three exports share one limit of 10 requests a minute. */
export function exportRoutes(world: World): readonly Served[] {
  const admin = { access: "admin", callClass: "incremental", charge: "incremental", method: "GET" } as const;
  return [
    { ...admin, pattern: "/incremental/tickets/cursor", handle: (call) => ticketExport(world, call) },
    { ...admin, pattern: "/incremental/organizations", handle: (call) => organizationExport(world, call) },
    { ...admin, pattern: "/incremental/ticket_metric_events", handle: (call) => metricExport(world, call) },
    {
      access: "agent",
      callClass: "search",
      method: "GET",
      pattern: "/search",
      handle: (call) => search(world, call),
    },
    {
      access: "agent",
      callClass: "search-export",
      charge: "search-export",
      method: "GET",
      pattern: "/search/export",
      handle: (call) => searchExport(world, call),
    },
  ];
}

interface Position {
  readonly at: number;
  readonly id: string;
}

/** By moment, then by id; ids may be longer than a number can hold. */
function before(a: Position, b: Position): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.id.length === b.id.length ? a.id < b.id : a.id.length < b.id.length;
}

/** Tickets by change time, deleted ones included, the last minute left out. A cursor never repeats a row. */
function ticketExport(world: World, call: Call): Reply {
  const start = startOf(world, call, "cursor");
  if ("status" in start) return start;
  const rows = [...world.state.tickets.values()]
    .map((ticket) => ({ at: ticket.updatedAt, id: ticket.id, ticket }))
    .filter((row) => row.at <= world.now() - MINUTE && before(start, row))
    .sort((a, b) => (before(a, b) ? -1 : 1));
  const size = Math.min(
    world.behaviour.exportPage,
    Number(call.query.get("per_page") ?? world.behaviour.exportPage),
  );
  const page = rows.slice(0, size);
  const cursor = cursorText(page.at(-1) ?? start);
  const include = asTexts(call.query.get("include") ?? "");
  const tickets: readonly TicketRecord[] = page.map((row) => row.ticket);
  return {
    status: 200,
    body: {
      tickets: tickets.map((ticket) => ticketView(world, ticket, include)),
      ...sideLoads(world, tickets, include),
      after_cursor: cursor,
      after_url: `${world.url()}${call.path}.json?cursor=${cursor}`,
      before_cursor: null,
      before_url: null,
      end_of_stream: page.length === rows.length,
    },
  };
}

/** Organizations by change time. The next page starts in the last row's second, so rows repeat. */
function organizationExport(world: World, call: Call): Reply {
  const rows = [...world.state.organizations.values()].map((row) => ({ at: row.updatedAt, id: row.id, row }));
  return timeExport(world, call, "organizations", rows, ({ row }) => organizationView(world, row));
}

/** SLA events; the only place that names the policy a ticket got. */
function metricExport(world: World, call: Call): Reply {
  const rows = [...world.state.metricEvents.values()].flat();
  const start = startOf(world, call, null);
  if (call.query.has("page[size]") && !("status" in start)) {
    const recent = rows.filter((row) => row.at >= start.at && row.at <= world.now() - MINUTE);
    const ordered = recent.sort((a, b) => (before(a, b) ? -1 : 1));
    return paged(world, call, "ticket_metric_events", ordered, (event) => metricView(world, event));
  }
  return timeExport(world, call, "ticket_metric_events", rows, (event) => metricView(world, event));
}

function timeExport<Row extends Position>(
  world: World,
  call: Call,
  key: string,
  all: readonly Row[],
  view: (row: Row) => Json,
): Reply {
  const start = startOf(world, call, null);
  if ("status" in start) return start;
  const rows = all
    .filter((row) => row.at >= start.at && row.at <= world.now() - MINUTE)
    .sort((a, b) => (before(a, b) ? -1 : 1));
  const page = rows.slice(0, world.behaviour.exportPage);
  const end = Math.floor((page.at(-1)?.at ?? start.at) / 1000);
  return {
    status: 200,
    body: {
      [key]: page.map(view),
      count: page.length,
      end_time: page.length === 0 ? null : end,
      next_page: page.length === 0 ? null : `${world.url()}${call.path}.json?start_time=${end}`,
      end_of_stream: page.length === rows.length,
    },
  };
}

function startOf(world: World, call: Call, cursorName: string | null): Position | Reply {
  const cursor = cursorName === null ? null : call.query.get(cursorName);
  if (cursor !== null) {
    const [at, id] = Buffer.from(cursor, "base64url").toString().split("|");
    if (id === undefined || !Number.isFinite(Number(at)))
      return badRequest("InvalidCursor", "The cursor is invalid");
    return { at: Number(at), id };
  }
  const given = call.query.get("start_time");
  const seconds = Number(given);
  if (given === null || !Number.isFinite(seconds))
    return badRequest("InvalidValue", "start_time is required");
  if (seconds * 1000 > world.now() - MINUTE)
    return badRequest("StartTimeTooRecent", "Too recent start_time. Use a start_time older than 60 seconds");
  return { at: seconds * 1000, id: "0" };
}

const cursorText = (position: Position): string =>
  Buffer.from(`${position.at}|${position.id}`).toString("base64url");

function metricView(world: World, event: MetricEventRecord): Json {
  const policy = event.sla === null ? undefined : world.state.slaPolicies.get(event.sla.policyId);
  return {
    id: numeric(event.id),
    ticket_id: numeric(event.ticketId),
    metric: event.metric,
    instance_id: event.instanceId,
    type: event.type,
    time: iso(event.at),
    deleted: event.deleted,
    ...(event.sla === null
      ? {}
      : {
          sla: {
            target: event.sla.target.target,
            target_in_seconds: event.sla.target.target * 60,
            business_hours: event.sla.target.businessHours,
            policy: {
              id: numeric(event.sla.policyId),
              title: policy?.title ?? null,
              description: policy?.description ?? null,
            },
          },
        }),
  };
}

/**
 * Search over tickets and organizations with `type:`, `status<`, `status:`, `tags:`, `organization:`, `external_id:` and free
 * words. New records appear late, and nothing beyond 1000 results is given.
 */
function search(world: World, call: Call): Reply {
  const terms = (call.query.get("query") ?? "").split(/\s+/).filter((term) => term !== "");
  const page = Number(call.query.get("page") ?? 1);
  const size = Math.min(100, Number(call.query.get("per_page") ?? 100));
  if (page * size > 1000)
    return invalidItem(
      422,
      "SearchLimit",
      "Search limit",
      "Requested response size was greater than Search Response Limits",
    );
  const indexed = world.now() - world.behaviour.searchLagMs;
  const wanted = terms.find((term) => term.startsWith("type:"))?.slice(5);
  const rest = terms.filter((term) => !term.startsWith("type:"));
  const tickets = wanted === "organization" ? [] : [...world.state.tickets.values()];
  const organizations = wanted === "ticket" ? [] : [...world.state.organizations.values()];
  const found = [
    ...tickets
      .filter((row) => !row.deleted && row.updatedAt <= indexed && rest.every((term) => ticketHas(row, term)))
      .map((row) => ({ ...ticketView(world, row), result_type: "ticket" })),
    ...organizations
      .filter((row) => row.deletedAt === null && row.updatedAt <= indexed)
      .filter((row) =>
        rest.every((term) =>
          `${row.name} external_id:${row.externalId}`.toLowerCase().includes(term.toLowerCase()),
        ),
      )
      .map((row) => ({ ...organizationView(world, row), result_type: "organization" })),
  ];
  const results = found.slice((page - 1) * size, page * size);
  return {
    status: 200,
    body: { results, count: found.length, next_page: null, previous_page: null, facets: null },
  };
}

/** Tickets only: by creation, in pages by cursor, as late as the search. A type in the query is an error. */
function searchExport(world: World, call: Call): Reply {
  const terms = (call.query.get("query") ?? "").split(/\s+/).filter((term) => term !== "");
  if (call.query.get("filter[type]") !== "ticket" || terms.some((term) => term.startsWith("type:")))
    return badRequest("InvalidSearchExport", "filter[type] must name the one type; the query must not");
  const indexed = world.now() - world.behaviour.searchLagMs;
  const found = [...world.state.tickets.values()]
    .filter((row) => !row.deleted && row.updatedAt <= indexed && terms.every((term) => ticketHas(row, term)))
    .sort((a, b) => a.createdAt - b.createdAt);
  return paged(world, call, "results", found, (row) => ({
    ...ticketView(world, row),
    result_type: "ticket",
  }));
}

const ORDER = ["new", "open", "pending", "hold", "solved", "closed"];

function ticketHas(ticket: TicketRecord, term: string): boolean {
  const [, key, sign, value] = /^(\w+)([:<>])(.+)$/.exec(term) ?? [];
  if (key === undefined || value === undefined)
    return `${ticket.subject} ${ticket.description}`.toLowerCase().includes(term.toLowerCase());
  const difference = ORDER.indexOf(ticket.status) - ORDER.indexOf(value);
  if (key === "status")
    return sign === "<" ? difference < 0 : sign === ">" ? difference > 0 : difference === 0;
  if (key === "created")
    return sign === "<" ? ticket.createdAt < Date.parse(value) : ticket.createdAt > Date.parse(value);
  if (key === "tags") return ticket.tags.includes(value);
  if (key === "organization") return ticket.organizationId === value;
  if (key === "priority") return ticket.priority === value;
  return false;
}
