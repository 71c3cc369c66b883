/** What we read of the objects we provision: each kind as Zendesk sends it → the comparable fields of the port. */
import { z } from "zod";
import type { DeskObjectOf, ProvisionAction, ProvisionFields, ProvisionKind } from "../../src/ports.ts";
import { idOf, priorityOf, recordOf } from "./schemas.ts";
import {
  active,
  conditions,
  list,
  position,
  requiredId,
  targets,
  valueText,
  wording,
} from "./setup-schemas.ts";

const anything = z.unknown().optional();

const options = anything.transform((value) =>
  list(value).flatMap((row) => {
    const [id, tag] = [idOf(row.id), valueText(row.value)];
    return tag === "" ? [] : [{ id, tag, name: valueText(row.name) }];
  }),
);

/** A list of values only where the desk takes one: a webhook with its body. */
const actions = anything.transform((value): readonly ProvisionAction<string>[] =>
  list(value).map((row) => {
    const field = String(row.field ?? "");
    if (field === "notification_webhook" && Array.isArray(row.value))
      return { field, value: row.value.map((part) => valueText(part)) };
    return { field, value: valueText(row.value) };
  }),
);

/** The id of a category or a queue is text of its own. */
const wordId = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((id) => /^[0-9A-Za-z]{1,40}$/.test(id), "no usable id");

const field = z.object({
  id: requiredId,
  key: wording,
  title: wording,
  type: wording,
  active,
  description: wording,
  agent_description: wording,
  custom_field_options: options,
});

const organizationField = field.transform((row) => ({
  ...object("organization_field", row.id, row.key, null, {
    key: row.key,
    title: row.title,
    type: row.type,
    description: row.description,
    active: row.active,
    options: row.custom_field_options.map(({ name, tag }) => ({ name, tag })),
  }),
  optionIds: idsOf(row.custom_field_options),
}));

const ticketField = field.transform((row) => ({
  ...object("ticket_field", row.id, row.title, null, {
    title: row.title,
    type: row.type,
    description: row.agent_description,
    active: row.active,
    options: row.custom_field_options.map(({ name, tag }) => ({ name, tag })),
  }),
  optionIds: idsOf(row.custom_field_options),
}));

const group = z
  .object({ id: requiredId, name: wording, description: wording })
  .transform(({ id, name, description }) => object("group", id, name, null, { name, description }));

const triggerCategory = z
  .object({ id: wordId, name: wording, position })
  .transform((row) => object("trigger_category", row.id, row.name, row.position, { name: row.name }));

/** Subscription of a webhook that triggers fire (recorded). */
export const FIRED_BY_TRIGGERS = "conditional_ticket_events";

const webhook = z
  .object({
    id: wordId,
    name: wording,
    description: wording,
    status: wording,
    endpoint: wording,
    http_method: wording,
    request_format: wording,
    subscriptions: anything.transform((value) => (Array.isArray(value) ? value : []).map(valueText)),
  })
  .transform((row) =>
    object("webhook", row.id, row.name, null, {
      name: row.name,
      description: row.description,
      endpoint: row.endpoint,
      active: row.status.toLowerCase() === "active",
      readable: row.http_method.toUpperCase() === "POST" && row.request_format.toLowerCase() === "json",
      firedBy: row.subscriptions.includes(FIRED_BY_TRIGGERS) ? "triggers" : "events",
      events: row.subscriptions.filter((event) => event !== FIRED_BY_TRIGGERS),
    }),
  );

const trigger = z
  .object({
    id: requiredId,
    title: wording,
    description: wording,
    active,
    position,
    category_id: anything.transform((value) => (valueText(value) === "" ? null : valueText(value))),
    conditions,
    actions,
  })
  .transform((row) =>
    object("trigger", row.id, row.title, row.position, {
      title: row.title,
      description: row.description,
      active: row.active,
      category: row.category_id,
      conditions: row.conditions,
      actions: row.actions,
    }),
  );

const slaPolicy = z
  .object({
    id: requiredId,
    title: wording,
    description: wording,
    position,
    filter: conditions,
    policy_metrics: targets,
  })
  .transform((row) =>
    object("sla_policy", row.id, row.title, row.position, {
      title: row.title,
      description: row.description,
      filter: row.filter,
      targets: row.policy_metrics.flatMap((target) => {
        const priority = priorityOf(target.priority);
        return priority === null ? [] : [{ ...target, priority }];
      }),
    }),
  );

/** Sorting comes as `sort: {id, order}`, and beside it as `sort_by` and `sort_order` (recorded views have both). */
const execution = anything.transform((value) => {
  const whole = recordOf(value);
  const sort = recordOf(whole?.sort);
  const order = valueText(sort?.order ?? whole?.sort_order);
  return {
    columns: list(whole?.columns).map((column) => valueText(column.id)),
    sortBy: valueText(sort?.id ?? whole?.sort_by),
    sortOrder: order === "asc" ? ("asc" as const) : ("desc" as const),
  };
});

const view = z
  .object({ id: requiredId, title: wording, description: wording, active, conditions, execution })
  .transform((row) =>
    object("view", row.id, row.title, null, {
      title: row.title,
      description: row.description,
      active: row.active,
      conditions: row.conditions,
      ...row.execution,
    }),
  );

const macro = z
  .object({ id: requiredId, title: wording, description: wording, active, actions })
  .transform((row) =>
    object("macro", row.id, row.title, null, {
      title: row.title,
      description: row.description,
      active: row.active,
      actions: row.actions,
    }),
  );

const groupIds = anything.transform((value) =>
  list(recordOf(value)?.groups).flatMap((row) => idOf(row.id) ?? []),
);

const queue = z
  .object({
    id: wordId,
    name: wording,
    description: wording,
    priority: anything.transform((value) => (typeof value === "number" ? value : 1)),
    order: position,
    definition: conditions,
    primary_groups: groupIds,
    secondary_groups: groupIds,
  })
  .transform((row) =>
    object("queue", row.id, row.name, row.order, {
      name: row.name,
      description: row.description,
      priority: row.priority,
      conditions: row.definition,
      primaryGroups: row.primary_groups,
      secondaryGroups: row.secondary_groups,
    }),
  );

/** How each kind is read. */
export const objectSchemas: { readonly [K in ProvisionKind]: z.ZodType<DeskObjectOf<K>> } = {
  organization_field: organizationField,
  ticket_field: ticketField,
  group,
  trigger_category: triggerCategory,
  webhook,
  trigger,
  sla_policy: slaPolicy,
  view,
  macro,
  queue,
};

/** Option tag → its id, of a field as it came. */
export const optionsOf = (body: unknown): ReadonlyMap<string, string> =>
  new Map(
    options
      .parse(recordOf(body)?.custom_field_options)
      .flatMap(({ id, tag }) => (id === null ? [] : [[tag, id] as const])),
  );

function object<K extends ProvisionKind>(
  kind: K,
  id: string,
  name: string,
  place: number | null,
  fields: ProvisionFields<string>[K],
): DeskObjectOf<K> {
  return { kind, id, name, position: place, fields, optionIds: {} };
}

function idsOf(
  rows: readonly { readonly id: string | null; readonly tag: string }[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(rows.flatMap(({ id, tag }) => (id === null ? [] : [[tag, id]])));
}
