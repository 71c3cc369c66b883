/** The trigger and trigger-category endpoints. */
import type { Call, Reply } from "./server.ts";
import { invalid, invalidItem, notFound, refuse } from "./zendesk-answers.ts";
import { route, type Served } from "./zendesk-guard.ts";
import { paged } from "./zendesk-pages.ts";
import type { CategoryRecord, Condition, Json, TriggerRecord } from "./zendesk-records.ts";
import { asJson, asList, asText, asTexts, bodyOf } from "./zendesk-wire.ts";
import { iso, numeric, stamp, type World } from "./zendesk-world.ts";

/** Subjects a condition may look at; custom fields are tested by pattern. */
const CONDITION_FIELDS = [
  ...[
    "update_type",
    "status",
    "priority",
    "type",
    "group_id",
    "assignee_id",
    "requester_id",
    "organization_id",
  ],
  ...[
    "brand_id",
    "ticket_form_id",
    "current_tags",
    "via_id",
    "current_via_id",
    "recipient",
    "role",
    "requester_role",
  ],
  ...["comment_is_public", "ticket_is_public", "current_user_id", "exact_created_at"],
];
const ACTION_FIELDS = [
  ...["status", "priority", "type", "group_id", "assignee_id", "brand_id", "ticket_form_id", "set_tags"],
  ...["current_tags", "remove_tags", "set_schedule", "follower", "notification_webhook"],
];
const CUSTOM = /^(custom_fields_\d+|ticket_fields_\d+|(organization|requester)\.custom_fields\.\w+)$/;

/** Every route under `/triggers` and `/trigger_categories`. */
export function triggerRoutes(world: World): readonly Served[] {
  const agent = { access: "agent", callClass: "triggers" } as const;
  const admin = { ...agent, access: "admin" } as const;
  const one = (call: Call): TriggerRecord =>
    world.state.triggers.get(call.params.trigger_id ?? "") ?? refuse(notFound());
  const save = (call: Call, before: TriggerRecord | null): Reply => {
    const after = triggerAfter(world, bodyOf(call, "trigger"), before);
    world.state.triggers.set(after.id, after);
    call.effect({ kind: "trigger_saved", id: after.id, title: after.title });
    return { status: before === null ? 201 : 200, body: { trigger: view(world, after) } };
  };
  return [
    route(agent, "GET", "/triggers", (call) => listed(world, call)),
    route(admin, "POST", "/triggers", (call) => save(call, null)),
    route(agent, "GET", "/triggers/definitions", () => ({ status: 200, body: definitions(world) })),
    route(admin, "PUT", "/triggers/reorder", (call) => reorder(world, call)),
    route(agent, "GET", "/triggers/:trigger_id", (call) => ({
      status: 200,
      body: { trigger: view(world, one(call)) },
    })),
    route(admin, "PUT", "/triggers/:trigger_id", (call) => save(call, one(call))),
    route(admin, "DELETE", "/triggers/:trigger_id", (call) =>
      remove(call, world.state.triggers, one(call).id),
    ),
    ...categoryRoutes(world),
  ];
}

function categoryRoutes(world: World): readonly Served[] {
  const admin = { access: "admin", callClass: "trigger-categories" } as const;
  const { categories } = world.state;
  const base = "/trigger_categories";
  const one = (call: Call): CategoryRecord =>
    categories.get(call.params.trigger_category_id ?? "") ?? refuse(notFound());
  const save = (call: Call, before: CategoryRecord | null): Reply => {
    const after = categoryAfter(world, bodyOf(call, "trigger_category"), before);
    categories.set(after.id, after);
    call.effect({ kind: "trigger_category_saved", id: after.id });
    return { status: before === null ? 201 : 200, body: { trigger_category: categoryView(after) } };
  };
  return [
    route({ ...admin, access: "agent" }, "GET", base, (call) =>
      paged(world, call, "trigger_categories", [...categories.values()].map(categoryView)),
    ),
    route(admin, "POST", base, (call) => save(call, null)),
    route(admin, "GET", `${base}/:trigger_category_id`, (call) => ({
      status: 200,
      body: { trigger_category: categoryView(one(call)) },
    })),
    route(admin, "PATCH", `${base}/:trigger_category_id`, (call) => save(call, one(call))),
    route(admin, "DELETE", `${base}/:trigger_category_id`, (call) => remove(call, categories, one(call).id)),
  ];
}

const positioned = (world: World): readonly TriggerRecord[] =>
  [...world.state.triggers.values()].sort((a, b) => a.position - b.position);

const listed = (world: World, call: Call): Reply =>
  paged(
    world,
    call,
    "triggers",
    positioned(world).map((trigger) => view(world, trigger)),
  );

function remove(call: Call, map: Map<string, unknown>, id: string): Reply {
  map.delete(id);
  call.effect({ kind: "deleted", id });
  return { status: 204 };
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
  if (ids.length !== world.state.triggers.size || ids.some((id) => !world.state.triggers.has(id)))
    return notFound();
  for (const [index, id] of ids.entries()) {
    const trigger = world.state.triggers.get(id);
    if (trigger !== undefined) world.state.triggers.set(id, { ...trigger, position: index + 1 });
  }
  call.effect({ kind: "triggers_reordered", ids });
  return listed(world, call);
}

/** A trigger after a write. @throws a 422 refusal for what Zendesk would not accept. */
export function triggerAfter(world: World, input: Json, before: TriggerRecord | null): TriggerRecord {
  const title = asText(input.title) ?? before?.title ?? "";
  if (title.trim() === "") refuse(invalid({ title: "Title: cannot be blank" }));
  const conditions = asJson(input.conditions);
  const actions = asList(input.actions)?.map((row) => actionOf(world, asJson(row) ?? {}));
  if ((actions ?? before?.actions ?? []).length === 0) refuse(invalid({ base: "Actions: cannot be blank" }));
  const categoryId = asText(input.category_id) ?? before?.categoryId ?? null;
  if (categoryId !== null && !world.state.categories.has(categoryId))
    refuse(invalid({ category_id: `Category: ${categoryId} does not exist` }));
  const at = stamp(world);
  return {
    id: before?.id ?? asText(input.id) ?? world.newId("other"),
    title,
    description: asText(input.description) ?? before?.description ?? null,
    active: input.active === undefined ? (before?.active ?? true) : input.active === true,
    position: Number(input.position ?? before?.position ?? world.state.triggers.size + 1),
    categoryId,
    conditions:
      conditions === null
        ? (before?.conditions ?? { all: [], any: [] })
        : { all: conditionList(conditions.all), any: conditionList(conditions.any) },
    actions: actions ?? before?.actions ?? [],
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
  };
}

function conditionList(value: unknown): readonly Condition[] {
  return (asList(value) ?? []).map((row) => {
    const condition = asJson(row) ?? {};
    const field = asText(condition.field) ?? "";
    if (!CONDITION_FIELDS.includes(field) && !CUSTOM.test(field))
      refuse(invalid({ conditions: `Conditions: ${field} is not a valid field` }));
    return { field, operator: asText(condition.operator) ?? "is", value: condition.value };
  });
}

function actionOf(world: World, action: Json): { readonly field: string; readonly value: unknown } {
  const field = asText(action.field) ?? "";
  if (!ACTION_FIELDS.includes(field) && !CUSTOM.test(field))
    refuse(invalid({ actions: `Actions: ${field} is not a valid field` }));
  if (field === "notification_webhook") assertWebhook(world, action.value);
  return { field, value: action.value };
}

/** The value must be a list of webhook id and body; the webhook must be one for triggers. */
function assertWebhook(world: World, value: unknown): void {
  const [id, body] = asList(value) ?? [];
  if (typeof id !== "string" || typeof body !== "string")
    refuse(invalid({ actions: "Actions: notification_webhook needs a webhook id and a body" }));
  if (world.state.webhooks.get(id)?.subscriptions.includes("conditional_ticket_events") !== true)
    refuse(invalid({ actions: `Actions: webhook ${id} cannot be used in a trigger` }));
}

function categoryAfter(world: World, input: Json, before: CategoryRecord | null): CategoryRecord {
  const name = asText(input.name) ?? before?.name ?? "";
  if (name === "") refuse(invalid({ name: "Name: cannot be blank" }));
  const at = stamp(world);
  return {
    id: before?.id ?? world.newId("other"),
    name,
    position: Number(input.position ?? before?.position ?? world.state.categories.size),
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
  };
}

function definitions(world: World): Json {
  const organization = [...world.state.organizationFields.values()].map(
    (field) => `organization.custom_fields.${field.key}`,
  );
  const ticket = [...world.state.ticketFields.values()].map((field) => `custom_fields_${field.id}`);
  const subjects = (names: readonly string[]): readonly Json[] =>
    names.map((subject) => ({
      subject,
      title: subject,
      nullable: false,
      repeatable: false,
      type: subject === "notification_webhook" ? "webhook" : "text",
    }));
  const conditions = subjects([...CONDITION_FIELDS, ...ticket, ...organization]);
  return {
    definitions: {
      actions: subjects([...ACTION_FIELDS, ...ticket]),
      conditions_all: conditions,
      conditions_any: conditions,
    },
  };
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

const categoryView = (category: CategoryRecord): Json => ({
  id: category.id,
  name: category.name,
  position: category.position,
  created_at: iso(category.createdAt),
  updated_at: iso(category.updatedAt),
});
