/** The trigger endpoints. */
import type { Call, Reply } from "./server.ts";
import { actionSubjects, actionsOf } from "./zendesk-actions.ts";
import { invalid, invalidItem, notFound, refuse } from "./zendesk-answers.ts";
import { categoryAfter, categoryRoutes, notEnabled } from "./zendesk-category-routes.ts";
import { route, type Served } from "./zendesk-guard.ts";
import { paged } from "./zendesk-pages.ts";
import type { Json, TriggerRecord } from "./zendesk-records.ts";
import { conditionSubjects, conditionsOf, definitionRows } from "./zendesk-rules.ts";
import { allInOrder } from "./zendesk-triggers.ts";
import { asJson, asList, asText, asTexts, bodyOf } from "./zendesk-wire.ts";
import { iso, numeric, stamp, type World } from "./zendesk-world.ts";

/** Every route under `/triggers` and `/trigger_categories`. */
export function triggerRoutes(world: World): readonly Served[] {
  const agent = { access: "agent", callClass: "triggers" } as const;
  const admin = { ...agent, access: "admin" } as const;
  const one = (call: Call): TriggerRecord =>
    world.state.triggers.get(call.params.trigger_id ?? "") ?? refuse(notFound());
  const save = (call: Call, before: TriggerRecord | null): Reply => {
    const { id: _own, ...input } = bodyOf(call, "trigger");
    const after = triggerAfter(world, input, before);
    world.state.triggers.set(after.id, after);
    call.effect({ kind: "trigger_saved", id: after.id, title: after.title });
    return { status: before === null ? 201 : 200, body: { trigger: view(world, after) } };
  };
  return [
    route(agent, "GET", "/triggers", (call) => listed(world, call, null)),
    route(agent, "GET", "/triggers/active", (call) => listed(world, call, true)),
    route(admin, "POST", "/triggers", (call) => save(call, null)),
    route(agent, "GET", "/triggers/definitions", () => ({ status: 200, body: definitions(world) })),
    route(admin, "PUT", "/triggers/reorder", (call) => reorder(world, call)),
    route(agent, "GET", "/triggers/:trigger_id", (call) => ({
      status: 200,
      body: { trigger: view(world, one(call)) },
    })),
    route(admin, "PUT", "/triggers/:trigger_id", (call) => save(call, one(call))),
    route(admin, "DELETE", "/triggers/:trigger_id", (call) => {
      world.state.triggers.delete(one(call).id);
      call.effect({ kind: "trigger_deleted", id: call.params.trigger_id });
      return { status: 204 };
    }),
    ...categoryRoutes(world, (trigger) => view(world, trigger)),
  ];
}

function listed(world: World, call: Call, active: boolean | null): Reply {
  const category = call.query.get("category_id");
  const wanted = active ?? (call.query.has("active") ? call.query.get("active") === "true" : null);
  const rows = allInOrder(world).filter(
    (trigger) =>
      (wanted === null || trigger.active === wanted) &&
      (category === null || trigger.categoryId === category),
  );
  return paged(world, call, "triggers", rows, (trigger) => view(world, trigger));
}

/** Every trigger must be named, and there may be one category only. */
function reorder(world: World, call: Call): Reply {
  const ids = asTexts(asJson(call.body)?.trigger_ids);
  if (world.state.categories.size > 1)
    return invalidItem(
      400,
      "LimitOneCategory",
      "Limit one category",
      "Reordering needs an account with one trigger category",
    );
  const known = new Set(ids.filter((id) => world.state.triggers.has(id)));
  if (known.size !== world.state.triggers.size || known.size !== ids.length) return notFound();
  for (const [index, id] of ids.entries()) {
    const trigger = world.state.triggers.get(id);
    if (trigger !== undefined) world.state.triggers.set(id, { ...trigger, position: index + 1 });
  }
  call.effect({ kind: "triggers_reordered", ids });
  return listed(world, call, null);
}

/**
 * A trigger after a write. An active one is checked as a whole each time: one that names a group deleted since cannot be
 * saved before that is put right (assumed).
 *
 * @throws a 422 refusal for what Zendesk would not accept.
 */
export function triggerAfter(world: World, input: Json, before: TriggerRecord | null): TriggerRecord {
  const title = asText(input.title) ?? before?.title ?? "";
  if (title.trim() === "") refuse(invalid({ title: "Title: cannot be blank" }));
  const active = input.active === undefined ? (before?.active ?? true) : input.active === true;
  const conditions = asJson(input.conditions) ?? { all: input.all, any: input.any };
  const given = asList(input.actions);
  const actions = given ?? before?.actions ?? [];
  if (actions.length === 0) refuse(invalid({ base: "Actions: cannot be blank" }));
  const categoryId = categoryOf(world, input, before);
  const at = stamp(world);
  return {
    id: before?.id ?? asText(input.id) ?? world.newId("other"),
    title,
    description: "description" in input ? asText(input.description) : (before?.description ?? null),
    active,
    position: Number(input.position ?? before?.position ?? lastIn(world, categoryId) + 1),
    categoryId,
    conditions:
      conditions.all === undefined && conditions.any === undefined
        ? (before?.conditions ?? { all: [], any: [] })
        : conditionsOf(world, "trigger", conditions.all, conditions.any),
    actions: active || given !== null ? actionsOf(world, "trigger", actions) : (before?.actions ?? []),
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
  };
}

function categoryOf(world: World, input: Json, before: TriggerRecord | null): string | null {
  const fresh = asJson(input.category);
  if ((fresh !== null || asText(input.category_id) !== null) && !world.behaviour.triggerCategories)
    refuse(notEnabled());
  if (fresh !== null) {
    const made = categoryAfter(world, fresh, null);
    world.state.categories.set(made.id, made);
    return made.id;
  }
  const categoryId = asText(input.category_id) ?? before?.categoryId ?? null;
  if (categoryId !== null && !world.state.categories.has(categoryId))
    refuse(invalid({ category_id: `Category: ${categoryId} does not exist` }));
  return categoryId;
}

const lastIn = (world: World, categoryId: string | null): number =>
  Math.max(
    0,
    ...[...world.state.triggers.values()]
      .filter((trigger) => trigger.categoryId === categoryId)
      .map((trigger) => trigger.position),
  );

function definitions(world: World): Json {
  const conditions = definitionRows(conditionSubjects(world, "trigger"));
  const actions = definitionRows(actionSubjects(world, "trigger")).map((row) =>
    row.subject === "notification_webhook" ? { ...row, type: "webhook" } : row,
  );
  return { definitions: { actions, conditions_all: conditions, conditions_any: conditions } };
}

/** The id of a category is text; that of a trigger a number. */
const view = (world: World, trigger: TriggerRecord): Json => ({
  url: `${world.url()}/api/v2/triggers/${trigger.id}.json`,
  id: numeric(trigger.id),
  title: trigger.title,
  description: trigger.description,
  active: trigger.active,
  position: trigger.position,
  category_id: trigger.categoryId,
  conditions: trigger.conditions,
  actions: trigger.actions,
  default: false,
  raw_title: trigger.title,
  created_at: iso(trigger.createdAt),
  updated_at: iso(trigger.updatedAt),
});
