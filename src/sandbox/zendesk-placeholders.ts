/** Fills the `{{…}}` placeholders of a trigger's webhook body. */
import type { TicketRecord, UserRecord } from "./zendesk-records.ts";
import { iso, type World } from "./zendesk-world.ts";

/**
 * The text with every placeholder filled; unknown ones become empty.
 *
 * Words like priority and status appear capitalised, as in recorded trigger payloads (`"priority": "Normal"`); ids are
 * digits without quotes of their own.
 */
export function filled(
  world: World,
  template: string,
  ticket: TicketRecord,
  actor: UserRecord | null,
): string {
  return template.replaceAll(/\{\{\s*([\w.]+)\s*\}\}/g, (_whole, name: string) => {
    const value = placeholderValue(world, name, ticket, actor);
    return world.behaviour.escapePlaceholders ? JSON.stringify(value).slice(1, -1) : value;
  });
}

function placeholderValue(
  world: World,
  name: string,
  ticket: TicketRecord,
  actor: UserRecord | null,
): string {
  const field = /^ticket\.ticket_field_(\d+)$/.exec(name);
  if (field !== null) return String(ticket.customFields[field[1] ?? ""] ?? "");
  const organization =
    ticket.organizationId === null ? undefined : world.state.organizations.get(ticket.organizationId);
  const group = ticket.groupId === null ? undefined : world.state.groups.get(ticket.groupId);
  const requester = world.state.users.get(ticket.requesterId);
  const assignee = ticket.assigneeId === null ? undefined : world.state.users.get(ticket.assigneeId);
  const values: Readonly<Record<string, string | null | undefined>> = {
    "ticket.id": ticket.id,
    "ticket.title": ticket.subject,
    "ticket.description": ticket.description,
    "ticket.external_id": ticket.externalId,
    "ticket.status": capitalised(ticket.status),
    "ticket.priority": capitalised(ticket.priority),
    "ticket.ticket_type": capitalised(ticket.type),
    "ticket.via": capitalised(ticket.channel),
    "ticket.tags": ticket.tags.join(" "),
    "ticket.account": world.subdomain,
    "ticket.url": `${world.subdomain}.zendesk.com/agent/tickets/${ticket.id}`,
    "ticket.created_at_with_timestamp": iso(ticket.createdAt),
    "ticket.updated_at_with_timestamp": iso(ticket.updatedAt),
    "ticket.group.id": group?.id,
    "ticket.group.name": group?.name,
    "ticket.organization.id": organization?.id,
    "ticket.organization.name": organization?.name,
    "ticket.organization.external_id": organization?.externalId,
    "ticket.requester.id": requester?.id,
    "ticket.requester.name": requester?.name,
    "ticket.requester.email": requester?.email,
    "ticket.requester.external_id": requester?.externalId,
    "ticket.assignee.id": assignee?.id,
    "ticket.assignee.email": assignee?.email,
    "ticket.brand.id": ticket.brandId,
    "current_user.id": actor?.id,
    "current_user.email": actor?.email,
    "current_user.name": actor?.name,
  };
  return values[name] ?? "";
}

const capitalised = (word: string | null): string =>
  word === null ? "" : word.charAt(0).toUpperCase() + word.slice(1);
