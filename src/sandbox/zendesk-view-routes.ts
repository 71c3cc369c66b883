/** The view endpoints: shared lists of tickets, kept, counted and executed. */
import type { Call, Reply } from "./server.ts";
import { invalid, notFound, refuse } from "./zendesk-answers.ts";
import { meets } from "./zendesk-conditions.ts";
import { route, type Served } from "./zendesk-guard.ts";
import { paged } from "./zendesk-pages.ts";
import type { Conditions, Json, TicketRecord, ViewRecord } from "./zendesk-records.ts";
import { conditionSubjects, conditionsOf, definitionRows } from "./zendesk-rules.ts";
import { ticketView } from "./zendesk-views.ts";
import { asJson, asList, asText, asTexts, bodyOf } from "./zendesk-wire.ts";
import { iso, numeric, stamp, type World } from "./zendesk-world.ts";

/** One condition of `all` must be on one of these (OpenAPI file of 2026-04-28, Create View, read 2026-11-22). */
const ANCHORS = ["status", "type", "group_id", "assignee_id", "requester_id"];
const MOST_COLUMNS = 10;
/** Columns a view may show; custom fields are named by id (same source). */
const COLUMNS = [
  ...[
    "assigned",
    "assignee",
    "due_date",
    "group",
    "nice_id",
    "updated",
    "updated_assignee",
    "updated_requester",
  ],
  ...[
    "updated_by_type",
    "organization",
    "priority",
    "created",
    "requester",
    "locale_id",
    "satisfaction_score",
  ],
  ...[
    "solved",
    "status",
    "description",
    "submitter",
    "ticket_form",
    "type",
    "brand",
    "custom_status_id",
    "subject",
  ],
];

/** Every route under `/views`. */
export function viewRoutes(world: World): readonly Served[] {
  const agent = { access: "agent", callClass: "views" } as const;
  const { views } = world.state;
  const one = (call: Call): ViewRecord => views.get(call.params.view_id ?? "") ?? refuse(notFound());
  const rows = (): readonly ViewRecord[] => [...views.values()].sort((a, b) => a.position - b.position);
  const save = (call: Call, before: ViewRecord | null): Reply => {
    const { id: _own, ...input } = bodyOf(call, "view");
    const after = viewAfter(world, input, before);
    views.set(after.id, after);
    call.effect({ kind: "view_saved", id: after.id, title: after.title });
    return { status: 200, body: { view: view(world, after) } };
  };
  const show = (row: ViewRecord): Json => view(world, row);
  const id = "/views/:view_id";
  const executed = { ...agent, charge: "view-execute" } as const;
  return [
    route(agent, "GET", "/views", (call) => paged(world, call, "views", rows(), show)),
    route(agent, "POST", "/views", (call) => save(call, null)),
    route(agent, "GET", "/views/active", (call) =>
      paged(
        world,
        call,
        "views",
        rows().filter((row) => row.active),
        show,
      ),
    ),
    route(agent, "GET", "/views/definitions", () => ({ status: 200, body: definitions(world) })),
    route(agent, "GET", id, (call) => ({ status: 200, body: { view: show(one(call)) } })),
    route(agent, "PUT", id, (call) => save(call, one(call))),
    route(agent, "DELETE", id, (call) => {
      views.delete(one(call).id);
      call.effect({ kind: "view_deleted", id: call.params.view_id });
      return { status: 204 };
    }),
    route(executed, "GET", `${id}/count`, (call) => count(world, one(call))),
    route(executed, "GET", `${id}/execute`, (call) => execute(world, call, one(call))),
    route(executed, "GET", `${id}/tickets`, (call) =>
      paged(world, call, "tickets", ticketsIn(world, one(call)), (ticket) => ticketView(world, ticket)),
    ),
  ];
}

function definitions(world: World): Json {
  const conditions = definitionRows(conditionSubjects(world, "view"));
  return { definitions: { conditions_all: conditions, conditions_any: conditions } };
}

/**
 * A view after a write. Conditions are written as `all` and `any` beside the title and read back as `conditions`; a
 * `conditions` in a write means nothing.
 *
 * @throws a 422 refusal without a title, without a condition that narrows it down, or with too many columns.
 */
export function viewAfter(world: World, input: Json, before: ViewRecord | null): ViewRecord {
  const title = asText(input.title) ?? before?.title ?? "";
  if (title.trim() === "") refuse(invalid({ title: "Title: cannot be blank" }));
  const conditions: Conditions = conditionsOf(
    world,
    "view",
    input.all ?? before?.conditions.all,
    input.any ?? before?.conditions.any,
  );
  if (!conditions.all.some((condition) => ANCHORS.includes(condition.field)))
    refuse(invalid({ base: `Base: one of these conditions is needed in all: ${ANCHORS.join(", ")}` }));
  const at = stamp(world);
  return {
    id: before?.id ?? asText(input.id) ?? world.newId("other"),
    title,
    description: "description" in input ? asText(input.description) : (before?.description ?? null),
    active: input.active === undefined ? (before?.active ?? true) : input.active === true,
    position: Number(input.position ?? before?.position ?? world.state.views.size + 1),
    conditions,
    output: outputOf(world, asJson(input.output)) ?? before?.output ?? {},
    restriction: input.restriction === undefined ? (before?.restriction ?? null) : input.restriction,
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
  };
}

function outputOf(world: World, output: Json | null): Json | null {
  if (output === null) return null;
  const columns = asTexts(asList(output.columns) ?? []);
  if (columns.length > MOST_COLUMNS)
    refuse(invalid({ output: `Output: at most ${MOST_COLUMNS} columns can be shown` }));
  const unknown = columns.find(
    (column) => !COLUMNS.includes(column) && !world.state.ticketFields.has(column),
  );
  if (unknown !== undefined) refuse(invalid({ output: `Output: ${unknown} is not a valid column` }));
  return output;
}

function ticketsIn(world: World, row: ViewRecord): readonly TicketRecord[] {
  return [...world.state.tickets.values()].filter(
    (ticket) =>
      !ticket.deleted &&
      meets(world, row.conditions, {
        ticket,
        before: ticket,
        actor: null,
        channel: ticket.channel,
        commentPublic: null,
      }),
  );
}

function count(world: World, row: ViewRecord): Reply {
  const value = ticketsIn(world, row).length;
  const url = `${world.url()}/api/v2/views/${row.id}/count.json`;
  return {
    status: 200,
    body: { view_count: { view_id: numeric(row.id), url, value, pretty: String(value), fresh: true } },
  };
}

function execute(world: World, call: Call, row: ViewRecord): Reply {
  const reply = paged(world, call, "rows", ticketsIn(world, row), (ticket) => ({
    ticket: {
      id: numeric(ticket.id),
      subject: ticket.subject,
      status: ticket.status,
      priority: ticket.priority,
    },
  }));
  return { ...reply, body: { ...asJson(reply.body), columns: columnsOf(row), view: view(world, row) } };
}

const columnsOf = (row: ViewRecord): readonly Json[] =>
  asTexts(asList(row.output.columns) ?? ["status", "subject"]).map((id) => ({ id: numeric(id), title: id }));

/** What was sent as `output` is read back as `execution`. */
function view(world: World, row: ViewRecord): Json {
  const { group_by: groupBy, group_order: groupOrder, sort_by: sortBy, sort_order: sortOrder } = row.output;
  const by = (id: unknown, order: unknown): Json | null =>
    asText(id) === null ? null : { id, title: id, order: asText(order) ?? "asc" };
  return {
    url: `${world.url()}/api/v2/views/${row.id}.json`,
    id: numeric(row.id),
    title: row.title,
    description: row.description,
    active: row.active,
    position: row.position,
    default: false,
    conditions: row.conditions,
    execution: {
      group_by: groupBy ?? null,
      group_order: groupOrder ?? null,
      sort_by: sortBy ?? null,
      sort_order: sortOrder ?? null,
      group: by(groupBy, groupOrder),
      sort: by(sortBy, sortOrder),
      columns: columnsOf(row),
    },
    restriction: row.restriction,
    created_at: iso(row.createdAt),
    updated_at: iso(row.updatedAt),
  };
}
