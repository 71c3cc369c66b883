/** The trigger-category endpoints, with the only way to order triggers across several categories. */
import type { Call, Reply } from "./server.ts";
import { invalidItem, refuse } from "./zendesk-answers.ts";
import { route, type Served } from "./zendesk-guard.ts";
import { paged } from "./zendesk-pages.ts";
import type { CategoryRecord, Json, TriggerRecord } from "./zendesk-records.ts";
import { asJson, asList, asText, bodyOf } from "./zendesk-wire.ts";
import { iso, stamp, type World } from "./zendesk-world.ts";

/** An account's most categories (OpenAPI file of 2026-04-28, Create Ticket Trigger Category, read 2026-11-22). */
const MOST_CATEGORIES = 500;

/** Every route under `/trigger_categories`. `triggerView` shows the triggers of a job. */
export function categoryRoutes(
  world: World,
  triggerView: (trigger: TriggerRecord) => Json,
): readonly Served[] {
  const admin = { access: "admin", callClass: "trigger-categories" } as const;
  const { categories } = world.state;
  const base = "/trigger_categories";
  const one = (call: Call): CategoryRecord =>
    categories.get(call.params.trigger_category_id ?? "") ?? refuse(missing());
  const enabled =
    (handle: (call: Call) => Reply) =>
    (call: Call): Reply =>
      world.behaviour.triggerCategories ? handle(call) : notEnabled();
  const save = (call: Call, before: CategoryRecord | null): Reply => {
    const after = categoryAfter(world, bodyOf(call, "trigger_category"), before);
    categories.set(after.id, after);
    call.effect({ kind: "trigger_category_saved", id: after.id });
    return { status: 200, body: { trigger_category: view(after) } };
  };
  const list = (call: Call): Reply => paged(world, call, "trigger_categories", inPosition(world), view);
  const show = (call: Call): Reply => ({ status: 200, body: { trigger_category: view(one(call)) } });
  const id = `${base}/:trigger_category_id`;
  return [
    route({ ...admin, access: "agent" }, "GET", base, enabled(list)),
    route(
      admin,
      "POST",
      base,
      enabled((call) => save(call, null)),
    ),
    route(
      admin,
      "POST",
      `${base}/jobs`,
      enabled((call) => job(world, call, triggerView)),
    ),
    route(admin, "GET", id, enabled(show)),
    route(
      admin,
      "PATCH",
      id,
      enabled((call) => save(call, one(call))),
    ),
    route(
      admin,
      "DELETE",
      id,
      enabled((call) => remove(world, call, one(call))),
    ),
  ];
}

const missing = (): Reply =>
  invalidItem(404, "TriggerCategoryNotFound", "Category can’t be found. Check the ID and try again.", "");

/** 403 of an account without trigger categories. */
export const notEnabled = (): Reply =>
  invalidItem(
    403,
    "TriggerCategoriesNotEnabled",
    "Ticket trigger categories are not enabled for your account",
    "",
  );

const inPosition = (world: World): readonly CategoryRecord[] =>
  [...world.state.categories.values()].sort((a, b) => a.position - b.position);

/** A category after a write. @throws a 400 refusal for a blank name, 403 above the limit. */
export function categoryAfter(world: World, input: Json, before: CategoryRecord | null): CategoryRecord {
  const name = asText(input.name) ?? before?.name ?? "";
  if (name.trim() === "")
    refuse(invalidItem(400, "InvalidTriggerCategory", "Name cannot be blank", "Name cannot be blank"));
  if (before === null && world.state.categories.size >= MOST_CATEGORIES)
    refuse(
      invalidItem(
        403,
        "ProductLimitExceeded",
        `Your account has reached the limit of ${MOST_CATEGORIES} ticket trigger categories.`,
        "",
      ),
    );
  const at = stamp(world);
  const last = Math.max(-1, ...[...world.state.categories.values()].map((category) => category.position));
  return {
    id: before?.id ?? asText(input.id) ?? world.newId("other"),
    name,
    position: Number(input.position ?? before?.position ?? last + 1),
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
  };
}

function remove(world: World, call: Call, category: CategoryRecord): Reply {
  const inside = [...world.state.triggers.values()].filter((trigger) => trigger.categoryId === category.id);
  if (inside.some((trigger) => trigger.active))
    return invalidItem(
      400,
      "TriggerCategoryNotEmpty",
      "A category with active ticket triggers cannot be deleted.",
      "",
    );
  world.state.categories.delete(category.id);
  // Inactive triggers outlive their category (assumed).
  for (const trigger of inside) world.state.triggers.set(trigger.id, { ...trigger, categoryId: null });
  call.effect({ kind: "trigger_category_deleted", id: category.id });
  return { status: 204 };
}

/** Moves categories and triggers: all of it or nothing. */
function job(world: World, call: Call, triggerView: (trigger: TriggerRecord) => Json): Reply {
  const asked = bodyOf(call, "job");
  const items = asJson(asked.items) ?? {};
  const rows = (key: string): readonly Json[] => (asList(items[key]) ?? []).map((row) => asJson(row) ?? {});
  const errors: Json[] =
    asked.action === "patch" ? [] : [{ code: "InvalidAction", title: "action is not valid" }];
  const categories = rows("trigger_categories").flatMap((row) => {
    const found = world.state.categories.get(asText(row.id) ?? "");
    if (found === undefined)
      errors.push({ code: "TriggerCategoryNotFound", title: "id is not valid", trigger_category_id: row.id });
    return found === undefined ? [] : [{ ...found, position: Number(row.position) }];
  });
  const triggers = rows("triggers").flatMap((row) => moved(world, row, errors));
  if (errors.length > 0) return { status: 400, body: { status: "failed", errors } };
  for (const category of categories) world.state.categories.set(category.id, category);
  for (const trigger of triggers) world.state.triggers.set(trigger.id, trigger);
  call.effect({
    kind: "triggers_moved",
    categories: categories.map(({ id }) => id),
    triggers: triggers.map(({ id }) => id),
  });
  const results = { trigger_categories: categories.map(view), triggers: triggers.map(triggerView) };
  return { status: 200, body: { status: "complete", results } };
}

function moved(world: World, row: Json, errors: Json[]): readonly TriggerRecord[] {
  const found = world.state.triggers.get(asText(row.id) ?? "");
  const categoryId = asText(row.category_id) ?? found?.categoryId ?? null;
  if (found === undefined || (categoryId !== null && !world.state.categories.has(categoryId))) {
    const title = found === undefined ? "id is not valid" : "category_id is not valid";
    errors.push({ code: "InvalidTrigger", title, trigger_id: row.id });
    return [];
  }
  const position = Number(row.position ?? found.position);
  const active = typeof row.active === "boolean" ? row.active : found.active;
  return [{ ...found, position, active, categoryId }];
}

/** The id of a category is text. */
const view = (category: CategoryRecord): Json => ({
  id: category.id,
  name: category.name,
  position: category.position,
  created_at: iso(category.createdAt),
  updated_at: iso(category.updatedAt),
});
