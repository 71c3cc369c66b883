/** What a change asked of a ticket makes of it: tags and drop-downs coupled, impossible values refused. */
import type { Priority } from "../policy/model.ts";
import { invalid, notFound, refuse } from "./zendesk-answers.ts";
import type { FieldRecord, Json, TicketRecord } from "./zendesk-records.ts";
import { asJson, asList, asText, asTexts, tidyTags } from "./zendesk-wire.ts";
import { idOf, stamp, type World } from "./zendesk-world.ts";

const PRIORITIES = ["low", "normal", "high", "urgent"];
const STATUSES = ["new", "open", "pending", "hold", "solved", "closed"];
const TYPES = ["question", "incident", "problem", "task"];

/** Keys of a ticket that a PUT may carry; anything else earns a warning header. */
export const KNOWN_TICKET_KEYS: ReadonlySet<string> = new Set([
  ...[
    "id",
    "subject",
    "status",
    "priority",
    "type",
    "group_id",
    "assignee_id",
    "requester_id",
    "organization_id",
  ],
  ...["brand_id", "ticket_form_id", "external_id", "tags", "additional_tags", "remove_tags", "custom_fields"],
  ...[
    "followers",
    "comment",
    "safe_update",
    "updated_stamp",
    "metadata",
    "custom_status_id",
    "due_at",
    "via",
  ],
]);

/**
 * The ticket after `change`. The stamps are not moved here.
 *
 * @throws a 422 refusal for a value that does not exist, and for any change of a closed ticket.
 */
export function changed(world: World, ticket: TicketRecord, change: Json): TicketRecord {
  if (ticket.status === "closed") refuse(invalid({ status: "Status: closed prevents ticket update" }));
  const plain: TicketRecord = {
    ...ticket,
    subject: asText(change.subject) ?? ticket.subject,
    externalId: "external_id" in change ? asText(change.external_id) : ticket.externalId,
    priority: priorityAfter(ticket, change),
    type: oneOf(change, "type", TYPES, ticket.type),
    status: oneOf(change, "status", STATUSES, ticket.status) ?? ticket.status,
    brandId: reference(change, "brand_id", world.state.brands, ticket.brandId),
    formId: reference(change, "ticket_form_id", world.state.forms, ticket.formId),
    scheduleId: reference(change, "schedule_id", world.state.schedules, ticket.scheduleId),
    followerIds: followersAfter(world, ticket, change),
  };
  return withStatus(world, ticket, withFields(world, withPeople(world, plain, change), change), change);
}

/** Applies the rules that tie tags and drop-down fields together, for a ticket whose tags were just set. */
export function coupled(world: World, before: TicketRecord, after: TicketRecord): TicketRecord {
  const fields: Record<string, unknown> = { ...after.customFields };
  for (const field of taggers(world)) {
    const value = fields[field.id] ?? null;
    const present = field.options.map((option) => option.value).filter((tag) => after.tags.includes(tag));
    if (typeof value === "string" && present.includes(value)) {
      const fresh = present.find((tag) => tag !== value && !before.tags.includes(tag));
      if (fresh === undefined) continue;
      fields[field.id] = fresh;
    } else fields[field.id] = present[0] ?? null;
  }
  return { ...after, customFields: fields };
}

function withPeople(world: World, ticket: TicketRecord, change: Json): TicketRecord {
  const requesterId =
    reference(change, "requester_id", world.state.users, ticket.requesterId) ?? ticket.requesterId;
  const requester = world.state.users.get(requesterId);
  let organizationId = ticket.organizationId;
  if (requesterId !== ticket.requesterId) organizationId = requester?.organizationId ?? null;
  if ("organization_id" in change) {
    organizationId = idOf(change.organization_id);
    if (organizationId !== null && requester?.organizationIds.includes(organizationId) !== true)
      refuse(invalid({ organization: "Organization: is not one of the requester's organizations" }));
  }
  let groupId = groupAfter(world, ticket, change);
  let assigneeId = reference(change, "assignee_id", world.state.users, ticket.assigneeId);
  const assignee = assigneeId === null ? undefined : world.state.users.get(assigneeId);
  if (assignee?.role === "end-user") refuse(invalid({ assignee: "Assignee: is not an agent" }));
  const belongs = groupId !== null && assignee?.groupIds.includes(groupId) === true;
  // Remembered, not verified: a group the assignee is not in takes the assignee away; a new assignee brings a group along.
  if (assignee !== undefined && !belongs) {
    if ("assignee_id" in change && !("group_id" in change))
      groupId = assignee.defaultGroupId ?? assignee.groupIds[0] ?? null;
    else if (groupId !== null) assigneeId = null;
  }
  return { ...ticket, requesterId, organizationId, groupId, assigneeId };
}

function groupAfter(world: World, ticket: TicketRecord, change: Json): string | null {
  const groupId = reference(change, "group_id", world.state.groups, ticket.groupId);
  if (groupId !== ticket.groupId && groupId !== null && world.state.groups.get(groupId)?.deleted === true)
    refuse(invalid({ group: `Group: ${groupId} has been deleted` }));
  return groupId;
}

function withFields(world: World, ticket: TicketRecord, change: Json): TicketRecord {
  let tags = "tags" in change ? asTexts(change.tags) : ticket.tags;
  const removed = new Set(tidyTags(asTexts(change.remove_tags)));
  tags = tidyTags([...tags, ...asTexts(change.additional_tags)]).filter((tag) => !removed.has(tag));
  const fromTags = coupled(world, ticket, { ...ticket, tags });
  return fieldChanges(change).reduce(
    (current, { id, value }) => withField(world, current, id, value),
    fromTags,
  );
}

function withField(world: World, ticket: TicketRecord, id: string, value: unknown): TicketRecord {
  const field = world.state.ticketFields.get(id);
  if (field === undefined) return ticket;
  const customFields = { ...ticket.customFields, [id]: value ?? null };
  if (typeof field.tag === "string") {
    const others = ticket.tags.filter((tag) => tag !== field.tag);
    return { ...ticket, customFields, tags: value === true ? tidyTags([...others, field.tag]) : others };
  }
  if (field.options.length === 0) return { ...ticket, customFields };
  const options = field.options.map((option) => option.value);
  const tag = asText(value);
  if (tag !== null && !options.includes(tag))
    refuse(invalid({ base: `${field.title}: ${tag} is not a valid option` }));
  const others = ticket.tags.filter((known) => !options.includes(known));
  return {
    ...ticket,
    customFields: { ...customFields, [id]: tag },
    tags: tidyTags(tag === null ? others : [...others, tag]),
  };
}

function fieldChanges(change: Json): readonly { readonly id: string; readonly value: unknown }[] {
  return (asList(change.custom_fields) ?? []).flatMap((row) => {
    const id = idOf(asJson(row)?.id);
    return id === null ? [] : [{ id, value: asJson(row)?.value }];
  });
}

function followersAfter(world: World, ticket: TicketRecord, change: Json): readonly string[] {
  let ids = ticket.followerIds;
  for (const row of asList(change.followers) ?? []) {
    const entry = asJson(row);
    const email = asText(entry?.user_email)?.toLowerCase();
    const user = [...world.state.users.values()].find(
      (known) => known.id === idOf(entry?.user_id) || (email !== undefined && known.email === email),
    );
    // Only agents can follow; others are passed over without a word.
    if (user === undefined || user.role === "end-user" || !user.active) continue;
    const without = ids.filter((id) => id !== user.id);
    ids = entry?.action === "delete" ? without : [...without, user.id];
  }
  return ids;
}

function withStatus(world: World, before: TicketRecord, after: TicketRecord, change: Json): TicketRecord {
  const assignedNow = after.assigneeId !== null && before.assigneeId === null;
  const status = after.status === "new" && assignedNow && !("status" in change) ? "open" : after.status;
  if (status === before.status) return { ...after, status };
  return { ...after, status, statusHistory: [...after.statusHistory, { at: stamp(world), status }] };
}

/** A priority that was set once can be changed and never emptied (how it is refused is assumed). */
function priorityAfter(ticket: TicketRecord, change: Json): Priority | null {
  const after = oneOf(change, "priority", PRIORITIES, ticket.priority) as Priority | null;
  if (after === null && ticket.priority !== null)
    refuse(invalid({ priority: "Priority: cannot be blank once it is set" }));
  return after;
}

function oneOf(change: Json, key: string, allowed: readonly string[], now: string | null): string | null {
  if (!(key in change)) return now;
  const value = asText(change[key]);
  if (value === null) return null;
  if (!allowed.includes(value)) refuse(invalid({ [key]: `${key}: ${value} is not a valid ${key}` }));
  return value;
}

function reference(
  change: Json,
  key: string,
  known: ReadonlyMap<string, unknown>,
  now: string | null,
): string | null {
  if (!(key in change)) return now;
  const id = idOf(change[key]);
  if (id !== null && !known.has(id)) refuse(invalid({ [key]: `${key}: ${id} does not exist` }));
  return id;
}

const taggers = (world: World): readonly FieldRecord[] =>
  [...world.state.ticketFields.values()].filter((field) => field.options.length > 0);

/** The live ticket with this id. @throws a 404 refusal. */
export function ticketOr404(world: World, id: string | undefined): TicketRecord {
  const ticket = world.state.tickets.get(id ?? "");
  if (ticket === undefined || ticket.deleted) refuse(notFound());
  return ticket;
}
