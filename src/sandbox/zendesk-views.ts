/** How records look in Zendesk's JSON. */
import type {
  AuditRecord,
  FieldOption,
  FieldRecord,
  GroupRecord,
  Json,
  NamedRecord,
  OrganizationRecord,
  TicketRecord,
  UserRecord,
} from "./zendesk-records.ts";
import { slasView } from "./zendesk-sla.ts";
import { iso, numeric, type World } from "./zendesk-world.ts";

/** A ticket; with `slas`, its clocks; with `metric_sets`, its counts. */
export function ticketView(world: World, ticket: TicketRecord, include: readonly string[] = []): Json {
  const fields = Object.entries(ticket.customFields).map(([id, value]) => ({ id: numeric(id), value }));
  return {
    url: `${world.url()}/api/v2/tickets/${ticket.id}.json`,
    id: numeric(ticket.id),
    external_id: ticket.externalId,
    via: { channel: ticket.channel, source: { from: {}, to: {}, rel: null } },
    created_at: iso(ticket.createdAt),
    updated_at: iso(ticket.updatedAt),
    generated_timestamp: Math.floor(ticket.updatedAt / 1000),
    type: ticket.type,
    subject: ticket.subject,
    raw_subject: ticket.subject,
    description: ticket.description,
    priority: ticket.priority,
    status: ticket.deleted ? "deleted" : ticket.status,
    recipient: ticket.recipient,
    requester_id: numeric(ticket.requesterId),
    submitter_id: numeric(ticket.submitterId),
    assignee_id: numeric(ticket.assigneeId),
    organization_id: numeric(ticket.organizationId),
    group_id: numeric(ticket.groupId),
    brand_id: numeric(ticket.brandId),
    ticket_form_id: numeric(ticket.formId),
    collaborator_ids: ticket.followerIds.map(numeric),
    follower_ids: ticket.followerIds.map(numeric),
    email_cc_ids: [],
    is_public: ticket.comments.some((comment) => comment.public),
    tags: ticket.tags,
    custom_fields: fields,
    fields,
    custom_status_id: null,
    satisfaction_rating: ticket.satisfaction,
    ...(include.includes("slas") ? { slas: slasView(world, ticket) } : {}),
    ...(include.includes("metric_sets") ? { metric_set: metricSet(ticket) } : {}),
  };
}

/** Counts of what happened to a ticket, and when it was solved last. */
function metricSet(ticket: TicketRecord): Json {
  const solved = ticket.statusHistory.filter((entry) => entry.status === "solved");
  const done = ["solved", "closed"];
  const reopened = ticket.statusHistory.filter(
    (entry, i) => !done.includes(entry.status) && ticket.statusHistory[i - 1]?.status === "solved",
  );
  return {
    ticket_id: numeric(ticket.id),
    reopens: reopened.length,
    replies: ticket.comments.filter((comment) => comment.public && !comment.fromEndUser).length,
    solved_at: iso(done.includes(ticket.status) ? (solved.at(-1)?.at ?? null) : null),
  };
}

/** Users, groups and organizations of some tickets, each once, for the side-loads that were asked for. */
export function sideLoads(world: World, tickets: readonly TicketRecord[], include: readonly string[]): Json {
  const pick = <T>(map: ReadonlyMap<string, T>, ids: readonly (string | null)[]): readonly T[] =>
    [...new Set(ids)].flatMap((id) => {
      const found = id === null ? undefined : map.get(id);
      return found === undefined ? [] : [found];
    });
  const people = tickets.flatMap((ticket) => [
    ticket.requesterId,
    ticket.submitterId,
    ticket.assigneeId,
    ...ticket.followerIds,
  ]);
  const { users, groups, organizations } = world.state;
  return {
    ...(include.includes("users") ? { users: pick(users, people).map((user) => userView(world, user)) } : {}),
    ...(include.includes("groups")
      ? {
          groups: pick(
            groups,
            tickets.map((t) => t.groupId),
          ).map((group) => groupView(world, group)),
        }
      : {}),
    ...(include.includes("organizations")
      ? {
          organizations: pick(
            organizations,
            tickets.map((t) => t.organizationId),
          ).map((row) => organizationView(world, row)),
        }
      : {}),
  };
}

/** An audit with everything that happened in it. */
export const auditView = (audit: AuditRecord): Json => ({
  id: numeric(audit.id),
  ticket_id: numeric(audit.ticketId),
  created_at: iso(audit.at),
  author_id: numeric(audit.authorId),
  metadata: { system: {}, custom: audit.custom },
  events: audit.events,
  via: audit.via,
});

/** An organization. Dates of date fields carry a midnight with offset. */
export function organizationView(world: World, row: OrganizationRecord): Json {
  const fields = [...world.state.organizationFields.values()].map((field): [string, unknown] => {
    const value = row.fields[field.key] ?? null;
    return [
      field.key,
      field.type === "date" && typeof value === "string" ? `${value.slice(0, 10)}T00:00:00+00:00` : value,
    ];
  });
  return {
    url: `${world.url()}/api/v2/organizations/${row.id}.json`,
    id: numeric(row.id),
    name: row.name,
    shared_tickets: false,
    shared_comments: false,
    external_id: row.externalId,
    created_at: iso(row.createdAt),
    updated_at: iso(row.updatedAt),
    domain_names: row.domainNames,
    details: row.details,
    notes: row.notes,
    group_id: numeric(row.groupId),
    tags: row.tags,
    organization_fields: Object.fromEntries(fields),
    ...(row.deletedAt === null ? {} : { deleted_at: iso(row.deletedAt) }),
  };
}

/** A user. */
export const userView = (world: World, user: UserRecord): Json => ({
  id: numeric(user.id),
  url: `${world.url()}/api/v2/users/${user.id}.json`,
  name: user.name,
  email: user.email,
  created_at: iso(user.createdAt),
  updated_at: iso(user.updatedAt),
  time_zone: "Eastern Time (US & Canada)",
  locale: "en-US",
  organization_id: numeric(user.organizationId),
  role: user.role,
  verified: user.verified,
  external_id: user.externalId,
  tags: user.tags,
  alias: null,
  active: user.active,
  suspended: user.suspended,
  default_group_id: numeric(user.defaultGroupId),
  user_fields: user.userFields,
});

/** A group; deleted ones say so. */
export const groupView = (world: World, group: GroupRecord): Json => ({
  url: `${world.url()}/api/v2/groups/${group.id}.json`,
  id: numeric(group.id),
  is_public: group.isPublic,
  name: group.name,
  description: group.description,
  default: false,
  deleted: group.deleted,
  created_at: iso(group.createdAt),
  updated_at: iso(group.updatedAt),
});

/** A brand or ticket form. */
export const namedView = (row: NamedRecord): Json => ({
  id: numeric(row.id),
  name: row.name,
  display_name: row.name,
  active: row.active,
  default: row.isDefault,
});

/** A ticket or organization field with its options. */
export const fieldView = (field: FieldRecord): Json => ({
  id: numeric(field.id),
  ...(field.key === ""
    ? { agent_description: field.agentDescription ?? "", removable: true }
    : { key: field.key }),
  type: field.type,
  title: field.title,
  raw_title: field.title,
  description: field.description,
  active: field.active,
  position: 0,
  tag: field.tag ?? null,
  created_at: iso(field.createdAt),
  updated_at: iso(field.updatedAt),
  ...(field.options.length === 0
    ? {}
    : {
        custom_field_options: field.options.map(optionView),
      }),
});

/** An option of a drop-down; the position is its place in the list. */
export const optionView = (option: FieldOption, position: number): Json => ({
  id: numeric(option.id),
  name: option.name,
  raw_name: option.name,
  value: option.value,
  position,
});
