/** Fills a sandbox from API-like shapes. */
import { categoryAfter } from "./zendesk-category-routes.ts";
import { fieldAfter } from "./zendesk-fields.ts";
import { groupAfter } from "./zendesk-group-routes.ts";
import { macroAfter } from "./zendesk-macro-routes.ts";
import { createOrganization } from "./zendesk-organizations.ts";
import { queueAfter } from "./zendesk-queue-routes.ts";
import type { Json, NamedRecord, UserRecord } from "./zendesk-records.ts";
import { scheduleAfter } from "./zendesk-schedule-routes.ts";
import { policyAfter } from "./zendesk-sla-routes.ts";
import { triggerAfter } from "./zendesk-trigger-routes.ts";
import { viewAfter } from "./zendesk-view-routes.ts";
import { webhookAfter } from "./zendesk-webhook-routes.ts";
import { asText, asTexts, tidyTags } from "./zendesk-wire.ts";
import { idOf, keepUser, stamp, type World } from "./zendesk-world.ts";

/**
 * What an account holds at the start, in the shapes of Zendesk's API. Every object may carry its own `id` (number or
 * text); without one it gets a fresh one. Users may also carry `organization_ids`, `group_ids` and `verified`;
 * webhooks a `secret`; schedules their `holidays`.
 */
export interface ZendeskSeed {
  readonly groups?: readonly Json[];
  readonly brands?: readonly Json[];
  readonly ticket_forms?: readonly Json[];
  readonly ticket_fields?: readonly Json[];
  readonly organization_fields?: readonly Json[];
  readonly user_fields?: readonly Json[];
  readonly organizations?: readonly Json[];
  readonly users?: readonly Json[];
  readonly schedules?: readonly Json[];
  readonly sla_policies?: readonly Json[];
  readonly webhooks?: readonly Json[];
  readonly trigger_categories?: readonly Json[];
  readonly triggers?: readonly Json[];
  readonly views?: readonly Json[];
  readonly macros?: readonly Json[];
  readonly queues?: readonly Json[];
}

/** Puts a seed into an empty world, in an order in which every reference is already there. @throws Error naming the faulty object. */
export function plant(world: World, seed: ZendeskSeed): void {
  const { state } = world;
  each("groups", seed.groups, (row) => keep(state.groups, groupAfter(world, row, null)));
  each("brands", seed.brands, (row) => plantNamed(world, row, state.brands));
  each("ticket_forms", seed.ticket_forms, (row) => plantNamed(world, row, state.forms));
  each("ticket_fields", seed.ticket_fields, (row) =>
    keep(state.ticketFields, fieldAfter(world, "ticket_field", row, null)),
  );
  each("organization_fields", seed.organization_fields, (row) =>
    keep(state.organizationFields, fieldAfter(world, "organization_field", row, null)),
  );
  each("user_fields", seed.user_fields, (row) =>
    keep(state.userFields, fieldAfter(world, "user_field", row, null)),
  );
  each("organizations", seed.organizations, (row) => {
    createOrganization(world, row, () => undefined);
  });
  each("users", seed.users, (row) => keepUser(world, userOf(world, row)));
  each("schedules", seed.schedules, (row) => keep(state.schedules, scheduleAfter(world, row, null)));
  each("sla_policies", seed.sla_policies, (row) => keep(state.slaPolicies, policyAfter(world, row, null)));
  each("webhooks", seed.webhooks, (row) => keep(state.webhooks, webhookAfter(world, row, null, "")));
  each("trigger_categories", seed.trigger_categories, (row) =>
    keep(state.categories, categoryAfter(world, row, null)),
  );
  each("triggers", seed.triggers, (row) => keep(state.triggers, triggerAfter(world, row, null)));
  each("views", seed.views, (row) => keep(state.views, viewAfter(world, row, null)));
  each("macros", seed.macros, (row) => keep(state.macros, macroAfter(world, row, null)));
  each("queues", seed.queues, (row) => keep(state.queues, queueAfter(world, row, null)));
}

/** A user from its seed shape; without groups or organizations it has none. */
export function userOf(world: World, row: Json): UserRecord {
  const email = asText(row.email)?.toLowerCase();
  if (email === undefined) throw new Error("a user needs an email");
  const role = asText(row.role) ?? "end-user";
  if (role !== "end-user" && role !== "agent" && role !== "admin") throw new Error(`${role} is not a role`);
  const organizationId = idOf(row.organization_id) ?? asTexts(row.organization_ids)[0] ?? null;
  const groupIds = asTexts(row.group_ids);
  const at = stamp(world);
  return {
    id: idOf(row.id) ?? world.newId("other"),
    name: asText(row.name) ?? email,
    email,
    role,
    verified: row.verified !== false,
    suspended: row.suspended === true,
    active: row.active !== false,
    organizationId,
    organizationIds: [
      ...new Set([...(organizationId === null ? [] : [organizationId]), ...asTexts(row.organization_ids)]),
    ].slice(0, world.behaviour.multipleOrganizations ? undefined : 1),
    groupIds,
    defaultGroupId: idOf(row.default_group_id) ?? groupIds[0] ?? null,
    externalId: asText(row.external_id),
    tags: tidyTags(asTexts(row.tags)),
    userFields: (row.user_fields as Json | undefined) ?? {},
    createdAt: at,
    updatedAt: at,
  };
}

function each(kind: string, rows: readonly Json[] | undefined, plantOne: (row: Json) => unknown): void {
  for (const [index, row] of (rows ?? []).entries()) {
    try {
      plantOne(row);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`seed.${kind}[${index}] is not acceptable: ${why}`, { cause });
    }
  }
}

function plantNamed(world: World, row: Json, map: Map<string, NamedRecord>): void {
  const id = idOf(row.id) ?? world.newId("other");
  map.set(id, {
    id,
    name: named(row),
    active: row.active !== false,
    isDefault: row.default === true || map.size === 0,
  });
}

function named(row: Json): string {
  const name = asText(row.name);
  if (name === null) throw new Error("a name is missing");
  return name;
}

function keep<T extends { readonly id: string }>(map: Map<string, T>, record: T): void {
  map.set(record.id, record);
}
