/** The ticket endpoints. */
import type { Call, Reply } from "./server.ts";
import {
  badRequest,
  isRefusal,
  notFound,
  refuse,
  tooManyValues,
  unknownKeysHeader,
} from "./zendesk-answers.ts";
import { route, type Served } from "./zendesk-guard.ts";
import { startJob } from "./zendesk-jobs.ts";
import { mergeTickets } from "./zendesk-merge.ts";
import { paged } from "./zendesk-pages.ts";
import type { Json, TicketRecord, UserRecord } from "./zendesk-records.ts";
import { KNOWN_TICKET_KEYS, ticketOr404 } from "./zendesk-ticket-change.ts";
import { assertFresh, createTicket, updateTicket } from "./zendesk-tickets.ts";
import { auditView, sideLoads, ticketView } from "./zendesk-views.ts";
import { asJson, asList, asTexts, bodyOf, idsOf } from "./zendesk-wire.ts";
import { iso, liveTicket, numeric, stamp, type World } from "./zendesk-world.ts";

/** Every route under `/tickets`. */
export function ticketRoutes(world: World): readonly Served[] {
  const agent = { access: "agent", callClass: "tickets" } as const;
  const update = { ...agent, charge: "ticket-update", callClass: "tickets-update" } as const;
  const one = "/tickets/:ticket_id";
  return [
    route(agent, "GET", "/tickets", (call) => list(world, call)),
    route(agent, "GET", "/organizations/:organization_id/tickets", (call) => ofOrganization(world, call)),
    route({ ...agent, callClass: "tickets-create" }, "POST", "/tickets", (call, user) =>
      create(world, call, user),
    ),
    route({ ...agent, callClass: "tickets-show-many" }, "GET", "/tickets/show_many", (call) =>
      showMany(world, call),
    ),
    route({ ...agent, callClass: "tickets-update-many" }, "PUT", "/tickets/update_many", (call, user) =>
      updateMany(world, call, user),
    ),
    route({ ...agent, callClass: "tickets-show" }, "GET", one, (call) => show(world, call)),
    route(update, "PUT", one, (call, user) => put(world, call, user)),
    route(agent, "DELETE", one, (call) => remove(world, call)),
    route({ ...agent, callClass: "tickets-audits" }, "GET", `${one}/audits`, (call) => audits(world, call)),
    route(agent, "GET", `${one}/comments`, (call) => comments(world, call)),
    route(agent, "POST", `${one}/merge`, (call, user) => merge(world, call, user)),
    route(agent, "GET", `${one}/tags`, (call) => tagsReply(ticketOr404(world, call.params.ticket_id), 200)),
    route(update, "PUT", `${one}/tags`, (call, user) => tags(world, call, user, "additional_tags")),
    route(update, "POST", `${one}/tags`, (call, user) => tags(world, call, user, "tags")),
    route(update, "DELETE", `${one}/tags`, (call, user) => tags(world, call, user, "remove_tags")),
  ];
}

const included = (call: Call): readonly string[] => asTexts(call.query.get("include") ?? "");

function list(world: World, call: Call): Reply {
  const live = [...world.state.tickets.values()].filter((ticket) => !ticket.deleted);
  return paged(world, call, "tickets", live, (ticket) => ticketView(world, ticket));
}

/** Open and closed ones alike: the list has no filter. */
function ofOrganization(world: World, call: Call): Reply {
  const id = call.params.organization_id ?? "";
  if (world.state.organizations.get(id)?.deletedAt !== null) return notFound();
  const own = [...world.state.tickets.values()].filter((one) => !one.deleted && one.organizationId === id);
  return paged(world, call, "tickets", own, (ticket) => ticketView(world, ticket));
}

function create(world: World, call: Call, user: UserRecord): Reply {
  const { ticket, audit } = createTicket(world, bodyOf(call, "ticket"), {
    user,
    channel: "api",
    effect: call.effect,
  });
  return {
    status: 201,
    headers: { location: `${world.url()}/api/v2/tickets/${ticket.id}.json` },
    body: { ticket: ticketView(world, ticket), audit: auditView(audit) },
  };
}

function show(world: World, call: Call): Reply {
  const ticket = ticketOr404(world, call.params.ticket_id);
  const include = included(call);
  return {
    status: 200,
    body: { ticket: ticketView(world, ticket, include), ...sideLoads(world, [ticket], include) },
  };
}

function showMany(world: World, call: Call): Reply {
  const ids = idsOf(call, "ids") ?? [];
  const include = included(call);
  const found = [...new Set(ids)].map((id) => liveTicket(world, id)).filter((ticket) => ticket !== null);
  return {
    status: 200,
    body: {
      tickets: found.map((ticket) => ticketView(world, ticket, include)),
      ...sideLoads(world, found, include),
      next_page: null,
      previous_page: null,
      count: found.length,
    },
  };
}

function put(world: World, call: Call, user: UserRecord): Reply {
  const ticket = ticketOr404(world, call.params.ticket_id);
  const { change, unknown } = permitted(world, bodyOf(call, "ticket"));
  const saved = updateTicket(world, ticket, change, { user, channel: "api", effect: call.effect });
  return {
    status: 200,
    headers: unknownKeysHeader("tickets", unknown),
    body: { ticket: ticketView(world, saved.ticket), audit: auditView(saved.audit) },
  };
}

/** Splits a PUT's keys into those Zendesk takes and those it only warns about. */
function permitted(
  world: World,
  given: Json,
): { readonly change: Json; readonly unknown: readonly string[] } {
  const ignored = world.behaviour.singlePutTags === "applied" ? [] : ["additional_tags", "remove_tags"];
  const unknown = Object.keys(given).filter((key) => !KNOWN_TICKET_KEYS.has(key) || ignored.includes(key));
  return {
    change: Object.fromEntries(Object.entries(given).filter(([key]) => !unknown.includes(key))),
    unknown,
  };
}

function remove(world: World, call: Call): Reply {
  const ticket = ticketOr404(world, call.params.ticket_id);
  world.state.tickets.set(ticket.id, { ...ticket, deleted: true, updatedAt: stamp(world) });
  call.effect({ kind: "ticket_deleted", ticketId: ticket.id });
  return { status: 204 };
}

function audits(world: World, call: Call): Reply {
  const ticket = ticketOr404(world, call.params.ticket_id);
  const rows = (world.state.audits.get(ticket.id) ?? []).map(auditView);
  const newestFirst = call.query.get("sort_order") === "desc" || call.query.get("sort") === "-created_at";
  return paged(world, call, "audits", newestFirst ? rows.toReversed() : rows);
}

function comments(world: World, call: Call): Reply {
  const ticket = ticketOr404(world, call.params.ticket_id);
  const rows = ticket.comments.map((comment) => ({
    id: numeric(comment.id),
    type: "Comment",
    author_id: numeric(comment.authorId),
    body: comment.body,
    public: comment.public,
    created_at: iso(comment.at),
  }));
  return paged(world, call, "comments", rows);
}

function merge(world: World, call: Call, user: UserRecord): Reply {
  const target = ticketOr404(world, call.params.ticket_id);
  const ids = asTexts(asJson(call.body)?.ids);
  const author = { user, channel: "api", effect: call.effect };
  return startJob(world, ids.length, () => mergeTickets(world, target.id, ids, author));
}

function tags(
  world: World,
  call: Call,
  user: UserRecord,
  key: "tags" | "additional_tags" | "remove_tags",
): Reply {
  const ticket = ticketOr404(world, call.params.ticket_id);
  const body = asJson(call.body) ?? Object.fromEntries(call.query);
  const given = body.tags ?? call.query.get("tags") ?? "";
  const guard =
    "safe_update" in body ? { safe_update: body.safe_update, updated_stamp: body.updated_stamp } : {};
  const saved = updateTicket(
    world,
    ticket,
    { [key]: given, ...guard },
    { user, channel: "api", effect: call.effect },
  );
  return tagsReply(saved.ticket, call.method === "POST" ? 201 : 200);
}

const tagsReply = (ticket: TicketRecord, status: number): Reply => ({ status, body: { tags: ticket.tags } });

function updateMany(world: World, call: Call, user: UserRecord): Reply {
  const rows = rowsOf(call);
  if (rows.length > 100) refuse(tooManyValues());
  if (rows.length === 0) return badRequest("BadRequest", "Nothing to update");
  return startJob(world, rows.length, () =>
    rows.map((row, index) => updateRow(world, call, user, row, index)),
  );
}

function rowsOf(call: Call): readonly Json[] {
  const ids = idsOf(call, "ids");
  const body = asJson(call.body);
  if (ids !== null) return ids.map((id) => ({ ...asJson(body?.ticket), id }));
  return (asList(body?.tickets) ?? []).map((row) => asJson(row) ?? {});
}

function updateRow(world: World, call: Call, user: UserRecord, row: Json, index: number): Json {
  const { id, ...change } = row;
  const ticket = liveTicket(world, String(id));
  if (ticket === null) return { index, id, error: "TicketNotFound", details: "Ticket not found" };
  try {
    if (world.behaviour.bulkSafeUpdate) assertFresh(ticket, change);
    const { safe_update: _guard, ...free } = change;
    updateTicket(world, ticket, free, { user, channel: "api", effect: call.effect });
    return { index, action: "update", id: numeric(ticket.id), status: "Updated", success: true };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const body = asJson(error.refusal.body);
    const conflict = error.refusal.status === 409;
    return {
      index,
      id: numeric(ticket.id),
      error: conflict ? "UpdateConflict" : "TicketUpdateFailed",
      details: conflict ? String(body?.description) : JSON.stringify(body?.details ?? body?.description),
    };
  }
}
