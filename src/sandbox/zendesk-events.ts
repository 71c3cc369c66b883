/** Event-subscribed webhooks: payloads with UPPERCASE enums, ids as text and several spellings of "none". */
import { randomUUID } from "node:crypto";
import type { Json, OrganizationRecord, TicketRecord } from "./zendesk-records.ts";
import { iso, type World } from "./zendesk-world.ts";

const TICKET = "zen:event-type:ticket.";
const ORGANIZATION = "zen:event-type:organization.";

/** Sends `ticket.created`, or one event for each thing that changed, to the webhooks that asked for it. */
export function publishTicket(
  world: World,
  before: TicketRecord | null,
  after: TicketRecord,
  actorId: string,
): void {
  if (before === null) {
    publish(world, `${TICKET}created`, after.id, ticketDetail(after, actorId), {}, `zen:ticket:${after.id}`);
    return;
  }
  const sequence = randomUUID();
  for (const [index, [type, event]] of ticketChanges(before, after).entries())
    publish(
      world,
      TICKET + type,
      after.id,
      ticketDetail(after, actorId),
      {
        ...event,
        meta: { sequence: { id: sequence, position: index + 1 } },
      },
      `zen:ticket:${after.id}`,
    );
}

/** Sends `organization.created`, or one event for each thing that changed. */
export function publishOrganization(
  world: World,
  before: OrganizationRecord | null,
  after: OrganizationRecord,
): void {
  const detail = organizationDetail(after);
  const subject = `zen:organization:${after.id}`;
  if (before === null) {
    publish(world, `${ORGANIZATION}created`, null, detail, {}, subject);
    return;
  }
  for (const [type, event] of organizationChanges(before, after))
    publish(world, ORGANIZATION + type, null, detail, event, subject);
}

function publish(
  world: World,
  type: string,
  ticketId: string | null,
  detail: Json,
  event: Json,
  subject: string,
): void {
  for (const webhook of world.state.webhooks.values()) {
    if (!webhook.subscriptions.includes(type)) continue;
    const now = world.now();
    const payload = {
      account_id: world.accountId,
      detail,
      event,
      id: randomUUID(),
      subject,
      time: `${new Date(now).toISOString().slice(0, 19)}.${String(now % 1000).padStart(3, "0")}717030Z`,
      type,
      zendesk_event_version: "2022-11-06",
    };
    // Recorded bodies are indented by three spaces and end in a newline: re-serialised JSON never verifies.
    world.send({ webhook, event: type, ticketId, payload: `${JSON.stringify(payload, null, 3)}\n` });
  }
}

const upper = (word: string | null): string | null => (word === null ? null : word.toUpperCase());

function ticketDetail(ticket: TicketRecord, actorId: string): Json {
  return {
    actor_id: actorId,
    assignee_id: ticket.assigneeId,
    brand_id: ticket.brandId,
    created_at: iso(ticket.createdAt),
    custom_status: null,
    description: ticket.description,
    external_id: ticket.externalId,
    form_id: ticket.formId,
    group_id: ticket.groupId,
    id: ticket.id,
    is_public: ticket.comments.some((comment) => comment.public),
    organization_id: ticket.organizationId,
    priority: upper(ticket.priority),
    requester_id: ticket.requesterId,
    status: upper(ticket.status),
    subject: ticket.subject,
    submitter_id: ticket.submitterId,
    tags: ticket.tags.length === 0 ? null : ticket.tags,
    type: upper(ticket.type),
    updated_at: iso(ticket.updatedAt),
    via: { channel: ticket.channel === "api" ? "web_service" : ticket.channel },
  };
}

function ticketChanges(before: TicketRecord, after: TicketRecord): readonly (readonly [string, Json])[] {
  const looks: readonly (readonly [string, string | null, string | null])[] = [
    ["status_changed", upper(before.status), upper(after.status)],
    ["priority_changed", upper(before.priority), upper(after.priority)],
    ["ticket_type_changed", upper(before.type), upper(after.type)],
    ["subject_changed", before.subject, after.subject],
    ["external_id_changed", before.externalId, after.externalId],
    ["group_assignment_changed", before.groupId, after.groupId],
    ["agent_assignment_changed", before.assigneeId, after.assigneeId],
    ["organization_changed", before.organizationId, after.organizationId],
    ["requester_changed", before.requesterId, after.requesterId],
    ["form_changed", before.formId, after.formId],
    ["brand_changed", before.brandId, after.brandId],
  ];
  const plain = looks
    .filter(([, previous, current]) => previous !== current)
    .map(([type, previous, current]): readonly [string, Json] => [type, { current, previous }]);
  const comment = after.comments.length > before.comments.length ? after.comments.at(-1) : undefined;
  return [
    ...plain,
    ...tagChange(before.tags, after.tags),
    ...Object.keys(after.customFields).flatMap((id): readonly (readonly [string, Json])[] =>
      (before.customFields[id] ?? null) === (after.customFields[id] ?? null)
        ? []
        : [
            [
              "custom_field_changed",
              { current: after.customFields[id], previous: before.customFields[id] ?? null, field: { id } },
            ],
          ],
    ),
    ...(comment === undefined
      ? []
      : [
          [
            "comment_added",
            {
              comment: {
                id: comment.id,
                body: comment.body,
                is_public: comment.public,
                author: { id: comment.authorId },
              },
            },
          ] as const,
        ]),
    ...(after.deleted && !before.deleted ? [["soft_deleted", {}] as const] : []),
  ];
}

function tagChange(
  before: readonly string[],
  after: readonly string[],
): readonly (readonly [string, Json])[] {
  const added = after.filter((tag) => !before.includes(tag));
  const removed = before.filter((tag) => !after.includes(tag));
  return added.length + removed.length === 0
    ? []
    : [["tags_changed", { tags_added: added, tags_removed: removed }]];
}

function organizationDetail(organization: OrganizationRecord): Json {
  return {
    created_at: iso(organization.createdAt),
    external_id: organization.externalId ?? "",
    group_id: organization.groupId ?? "0",
    id: organization.id,
    name: organization.name,
    shared_comments: false,
    shared_tickets: false,
    updated_at: iso(organization.updatedAt),
  };
}

function organizationChanges(
  before: OrganizationRecord,
  after: OrganizationRecord,
): readonly (readonly [string, Json])[] {
  return [
    ...(before.name === after.name
      ? []
      : [["name_changed", { current: after.name, previous: before.name }] as const]),
    ...(before.externalId === after.externalId
      ? []
      : [
          [
            "external_id_changed",
            { current: after.externalId ?? "", previous: before.externalId ?? "" },
          ] as const,
        ]),
    ...tagChange(before.tags, after.tags),
    ...Object.keys(after.fields).flatMap((key): readonly (readonly [string, Json])[] =>
      (before.fields[key] ?? null) === (after.fields[key] ?? null)
        ? []
        : [
            [
              "custom_field_changed",
              { current: after.fields[key], previous: before.fields[key] ?? null, field: { id: key } },
            ],
          ],
    ),
    ...(after.deletedAt !== null && before.deletedAt === null ? [["deleted", {}] as const] : []),
  ];
}
