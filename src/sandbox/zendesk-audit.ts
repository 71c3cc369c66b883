/** What changed between two states of a ticket, as Zendesk's audit events tell it. */
import type { AuditEvent, Json, TicketRecord } from "./zendesk-records.ts";
import { numeric } from "./zendesk-world.ts";

type Look = (ticket: TicketRecord) => unknown;

const LOOKED_AT: Readonly<Record<string, Look>> = {
  subject: (ticket) => ticket.subject,
  status: (ticket) => ticket.status,
  priority: (ticket) => ticket.priority,
  type: (ticket) => ticket.type,
  group_id: (ticket) => ticket.groupId,
  assignee_id: (ticket) => ticket.assigneeId,
  requester_id: (ticket) => ticket.requesterId,
  organization_id: (ticket) => ticket.organizationId,
  brand_id: (ticket) => ticket.brandId,
  ticket_form_id: (ticket) => ticket.formId,
  external_id: (ticket) => ticket.externalId,
  tags: (ticket) => ticket.tags,
};

/** `Create` events for everything a new ticket has. Values are text, as in Zendesk's own audits. */
export function createEvents(ticket: TicketRecord): readonly AuditEvent[] {
  return looks(ticket, ticket).flatMap(([name, look]) => {
    const value = shown(look(ticket));
    return value === null || (Array.isArray(value) && value.length === 0)
      ? []
      : [{ type: "Create", field_name: name, value }];
  });
}

/** `Change` events between two states, each with its previous value. `via` names the trigger that did it. */
export function changeEvents(
  before: TicketRecord,
  after: TicketRecord,
  via: Json | null,
): readonly AuditEvent[] {
  const changes: AuditEvent[] = looks(before, after).flatMap(([name, look]) => {
    const value = shown(look(after));
    const previous = shown(look(before));
    if (JSON.stringify(value) === JSON.stringify(previous)) return [];
    return [
      { type: "Change", field_name: name, value, previous_value: previous, ...(via === null ? {} : { via }) },
    ];
  });
  if (before.followerIds.join() === after.followerIds.join()) return changes;
  return [
    ...changes,
    {
      type: "FollowerChange",
      previous_followers: before.followerIds.map(numeric),
      current_followers: after.followerIds.map(numeric),
    },
  ];
}

function looks(before: TicketRecord, after: TicketRecord): readonly (readonly [string, Look])[] {
  const fields = new Set([...Object.keys(before.customFields), ...Object.keys(after.customFields)]);
  return [
    ...Object.entries(LOOKED_AT),
    ...[...fields].map((id): readonly [string, Look] => [id, (ticket) => ticket.customFields[id]]),
  ];
}

const shown = (value: unknown): unknown =>
  value === null || value === undefined ? null : Array.isArray(value) ? value : String(value);
