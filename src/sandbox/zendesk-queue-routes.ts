/** The endpoints of omnichannel queues, for administrators of accounts that route this way. */
import type { Call, Reply } from "./server.ts";
import { badRequest, forbidden, invalid, notFound, refuse } from "./zendesk-answers.ts";
import { route, type Served } from "./zendesk-guard.ts";
import { queuesInOrder } from "./zendesk-queues.ts";
import type { Json, QueueRecord } from "./zendesk-records.ts";
import { conditionSubjects, conditionsOf, definitionRows } from "./zendesk-rules.ts";
import { asJson, asList, asText, asTexts, bodyOf } from "./zendesk-wire.ts";
import { iso, numeric, stamp, ulid, type World } from "./zendesk-world.ts";

/** Most queues of an account (up to 199 beside the standard one, second-hand, not verified). */
const MOST_QUEUES = 199;

/** Every route under `/queues`. The list comes whole, without pages. */
export function queueRoutes(world: World): readonly Served[] {
  const admin = { access: "admin", callClass: "queues" } as const;
  const { queues } = world.state;
  const one = (call: Call): QueueRecord => queues.get(call.params.queue_id ?? "") ?? refuse(notFound());
  const planned =
    (handle: (call: Call) => Reply) =>
    (call: Call): Reply =>
      world.behaviour.queues ? handle(call) : forbidden();
  const save = (call: Call, before: QueueRecord | null): Reply => {
    const { id: _own, ...input } = bodyOf(call, "queue");
    const after = queueAfter(world, input, before);
    queues.set(after.id, after);
    call.effect({ kind: "queue_saved", id: after.id, name: after.name });
    return { status: before === null ? 201 : 200, body: { queue: view(world, after) } };
  };
  const list = (): Reply => ({
    status: 200,
    body: { queues: queuesInOrder(world).map((queue) => view(world, queue)) },
  });
  const remove = (call: Call): Reply => {
    queues.delete(one(call).id);
    call.effect({ kind: "queue_deleted", id: call.params.queue_id });
    return { status: 204 };
  };
  return [
    route(admin, "GET", "/queues", planned(list)),
    route(
      admin,
      "POST",
      "/queues",
      planned((call) => save(call, null)),
    ),
    route(
      admin,
      "GET",
      "/queues/definitions",
      planned(() => ({ status: 200, body: definitions(world) })),
    ),
    route(
      admin,
      "PATCH",
      "/queues/order",
      planned((call) => reorder(world, call)),
    ),
    route(
      admin,
      "GET",
      "/queues/:queue_id",
      planned((call) => ({ status: 200, body: { queue: view(world, one(call)) } })),
    ),
    route(
      admin,
      "PUT",
      "/queues/:queue_id",
      planned((call) => save(call, one(call))),
    ),
    route(admin, "DELETE", "/queues/:queue_id", planned(remove)),
  ];
}

function definitions(world: World): Json {
  const conditions = definitionRows(conditionSubjects(world, "queue"));
  return { definitions: { conditions_all: conditions, conditions_any: conditions } };
}

/** Every queue must be named, else 400. */
function reorder(world: World, call: Call): Reply {
  const ids = asTexts(asJson(call.body)?.queue_ids);
  const known = new Set(ids.filter((id) => world.state.queues.has(id)));
  if (known.size !== world.state.queues.size || known.size !== ids.length)
    return badRequest("BadRequest", "queue_ids must name every queue of the account");
  for (const [index, id] of ids.entries()) {
    const queue = world.state.queues.get(id);
    if (queue !== undefined) world.state.queues.set(id, { ...queue, order: index + 1 });
  }
  call.effect({ kind: "queues_reordered", ids });
  return { status: 204 };
}

/**
 * A queue after a write. Groups are written as `primary_groups_id` and `secondary_groups_id` (remembered, not verified)
 * and read back as `primary_groups` and `secondary_groups`.
 *
 * @throws a 422 refusal.
 */
export function queueAfter(world: World, input: Json, before: QueueRecord | null): QueueRecord {
  const name = asText(input.name) ?? before?.name ?? "";
  if (name.trim() === "") refuse(invalid({ name: "Name: cannot be blank" }));
  const definition = asJson(input.definition);
  if (definition === null && before === null) refuse(invalid({ definition: "Definition: cannot be blank" }));
  if (before === null && world.state.queues.size >= MOST_QUEUES)
    refuse(invalid({ base: `Base: at most ${MOST_QUEUES} queues` }));
  const priority = Number(input.priority ?? before?.priority ?? 1);
  if (!Number.isInteger(priority) || priority < 1)
    refuse(invalid({ priority: "Priority: must be at least 1" }));
  const primaryGroupIds = groupIds(world, input.primary_groups_id) ?? before?.primaryGroupIds ?? [];
  if (primaryGroupIds.length === 0) refuse(invalid({ primary_groups: "Primary groups: cannot be blank" }));
  const at = stamp(world);
  return {
    id: before?.id ?? asText(input.id) ?? ulid(world.now()),
    name,
    description: ("description" in input ? asText(input.description) : before?.description) ?? "",
    priority,
    order: Number(
      input.order ?? before?.order ?? Math.max(0, ...queuesInOrder(world).map((one) => one.order)) + 1,
    ),
    definition:
      definition === null
        ? (before?.definition ?? { all: [], any: [] })
        : conditionsOf(world, "queue", definition.all, definition.any),
    primaryGroupIds,
    secondaryGroupIds: groupIds(world, input.secondary_groups_id) ?? before?.secondaryGroupIds ?? [],
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
  };
}

function groupIds(world: World, value: unknown): readonly string[] | null {
  if (asList(value) === null) return null;
  const ids = asTexts(value);
  const wrong = ids.find((id) => world.state.groups.get(id)?.deleted !== false);
  if (wrong !== undefined) refuse(invalid({ primary_groups: `Groups: ${wrong} does not exist` }));
  return ids;
}

function view(world: World, queue: QueueRecord): Json {
  const groups = (ids: readonly string[]): Json => ({
    count: ids.length,
    groups: ids.map((id) => ({ id: numeric(id), name: world.state.groups.get(id)?.name ?? "" })),
  });
  return {
    url: `${world.url()}/api/v2/queues/${queue.id}`,
    id: queue.id,
    name: queue.name,
    description: queue.description,
    priority: queue.priority,
    order: queue.order,
    definition: queue.definition,
    primary_groups: groups(queue.primaryGroupIds),
    secondary_groups: groups(queue.secondaryGroupIds),
    created_at: iso(queue.createdAt),
    updated_at: iso(queue.updatedAt),
  };
}
