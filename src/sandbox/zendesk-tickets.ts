/** Creating and updating tickets: change, triggers, SLA, audit and webhooks, in Zendesk's order. */
import { refuse, updateConflict } from "./zendesk-answers.ts";
import { changeEvents, createEvents } from "./zendesk-audit.ts";
import { publishTicket } from "./zendesk-events.ts";
import { withQueue } from "./zendesk-queues.ts";
import type {
  AuditEvent,
  AuditRecord,
  CommentRecord,
  Json,
  TicketRecord,
  UserRecord,
} from "./zendesk-records.ts";
import { withSla } from "./zendesk-sla.ts";
import { changed } from "./zendesk-ticket-change.ts";
import { runTriggers } from "./zendesk-triggers.ts";
import { asJson, asText, asTexts, tidyTags } from "./zendesk-wire.ts";
import { iso, numeric, stamp, userByEmail, type World } from "./zendesk-world.ts";

/** Who makes an update, through which channel, and what the journal should hear of it. */
export interface Author {
  readonly user: UserRecord;
  readonly channel: string;
  readonly effect?: (what: unknown) => void;
  /** `merge` for the closing update of a merged ticket. */
  readonly rel?: string;
}

/** A ticket after an update, with the audit the update left. */
export interface Saved {
  readonly ticket: TicketRecord;
  readonly audit: AuditRecord;
}

/**
 * Creates a ticket. It takes its organization from the requester, its first group from that organization, and copies
 * the tags of both (tag copying is remembered, not verified). Priority stays blank unless given.
 */
export function createTicket(world: World, input: Json, author: Author): Saved {
  const at = stamp(world);
  const requester = requesterOf(world, input, author.user);
  const organization = world.state.organizations.get(
    asText(input.organization_id) ?? requester.organizationId ?? "",
  );
  const blank = blankTicket(world, input, author, requester);
  const tags = tidyTags([...asTexts(input.tags), ...requester.tags, ...(organization?.tags ?? [])]);
  const change: Json = {
    ...input,
    tags,
    group_id: input.group_id ?? organization?.groupId ?? null,
    ...(input.organization_id === undefined && organization !== undefined
      ? { organization_id: organization.id }
      : {}),
  };
  const first = { ...changed(world, blank, change), createdAt: at, updatedAt: at };
  const comment = first.comments[0];
  const run = runTriggers(world, {
    ticket: first,
    before: null,
    actor: author.user,
    channel: author.channel,
    commentPublic: comment?.public ?? null,
  });
  const ticket = withSla(world, withQueue(world, run.ticket));
  const own = [...(comment === undefined ? [] : [commentEvent(comment)]), ...createEvents(first)];
  return finish(world, null, ticket, author, [...own, ...run.events], asJson(input.metadata) ?? {});
}

/**
 * Updates a ticket as a PUT does. Every accepted update counts, even one that changes nothing: it moves `updated_at`,
 * runs the triggers and matches the SLA again (assumed).
 *
 * @throws a 409 refusal for a late safe update, 422 for a closed ticket or an impossible value.
 */
export function updateTicket(world: World, ticket: TicketRecord, change: Json, author: Author): Saved {
  assertFresh(ticket, change);
  const comment = commentOf(world, change, author);
  const asked = changed(world, ticket, change);
  const commented = comment === null ? asked : withComment(world, asked, comment);
  const own = changeEvents(ticket, commented, null);
  const after = { ...commented, updatedAt: stamp(world) };
  const run = runTriggers(world, {
    ticket: after,
    before: ticket,
    actor: author.user,
    channel: author.channel,
    commentPublic: comment?.public ?? null,
  });
  const events = [...(comment === null ? [] : [commentEvent(comment)]), ...own, ...run.events];
  return finish(
    world,
    ticket,
    withSla(world, withQueue(world, run.ticket)),
    author,
    events,
    asJson(change.metadata) ?? {},
  );
}

/**
 * Refuses a safe update whose stamp is not the ticket's. The property counts whatever its value is: `false` has the
 * same effect as `true` (OpenAPI file of 2026-04-28, TicketObject.safe_update, read 2026-11-22). A missing stamp never
 * matches (assumed). Stamps are whole seconds, so two writes in one second are not told apart.
 */
export function assertFresh(ticket: TicketRecord, change: Json): void {
  if (!("safe_update" in change)) return;
  if (Date.parse(asText(change.updated_stamp) ?? "") !== ticket.updatedAt) refuse(updateConflict());
}

function finish(
  world: World,
  before: TicketRecord | null,
  ticket: TicketRecord,
  author: Author,
  events: readonly AuditEvent[],
  custom: Json,
): Saved {
  const audit: AuditRecord = {
    id: world.newId("other"),
    ticketId: ticket.id,
    authorId: author.user.id,
    at: ticket.updatedAt,
    via: { channel: author.channel, source: { from: {}, to: {}, rel: author.rel ?? null } },
    custom,
    events: events.map((event) => ({ id: numeric(world.newId("other")), ...event })),
  };
  world.state.tickets.set(ticket.id, ticket);
  const audits = world.state.audits.get(ticket.id) ?? [];
  audits.push(audit);
  world.state.audits.set(ticket.id, audits);
  author.effect?.({
    kind: before === null ? "ticket_created" : "ticket_updated",
    ticketId: ticket.id,
    by: author.user.id,
    updatedAt: iso(ticket.updatedAt),
    custom,
    changes: events.filter((event) => event.type === "Change" || event.type === "FollowerChange"),
  });
  publishTicket(world, before, ticket, author.user.id);
  return { ticket, audit };
}

function blankTicket(world: World, input: Json, author: Author, requester: UserRecord): TicketRecord {
  const at = stamp(world);
  const given = asJson(input.comment);
  // The submitter is the author of the first comment; without one it is whoever calls.
  const submitter = world.state.users.get(asText(input.submitter_id) ?? "") ?? author.user;
  const body = asText(given?.body) ?? asText(input.description) ?? "";
  const comment = { ...newComment(world, submitter, body), public: given?.public !== false };
  const byDefault = (known: ReadonlyMap<string, { readonly isDefault: boolean }>): string | null =>
    [...known].find(([, record]) => record.isDefault)?.[0] ?? null;
  return {
    id: world.newId("ticket"),
    subject: asText(input.subject) ?? body.slice(0, 60),
    description: body,
    status: "new",
    priority: null,
    type: null,
    requesterId: requester.id,
    submitterId: submitter.id,
    assigneeId: null,
    groupId: null,
    organizationId: null,
    brandId: byDefault(world.state.brands),
    formId: byDefault(world.state.forms),
    externalId: null,
    channel: author.channel,
    recipient: asText(input.recipient),
    tags: [],
    customFields: Object.fromEntries([...world.state.ticketFields.keys()].map((id) => [id, null])),
    followerIds: [],
    scheduleId: null,
    queueId: null,
    comments: body === "" ? [] : [comment],
    statusHistory: [{ at, status: "new" }],
    sla: null,
    satisfaction: null,
    deleted: false,
    createdAt: at,
    updatedAt: at,
  };
}

function requesterOf(world: World, input: Json, author: UserRecord): UserRecord {
  const byId = world.state.users.get(asText(input.requester_id) ?? "");
  return byId ?? userByEmail(world, asText(asJson(input.requester)?.email)) ?? author;
}

function newComment(world: World, user: UserRecord, body: string): CommentRecord {
  return {
    id: world.newId("other"),
    authorId: user.id,
    fromEndUser: user.role === "end-user",
    public: true,
    body,
    at: stamp(world),
  };
}

function commentOf(world: World, change: Json, author: Author): CommentRecord | null {
  const given = asJson(change.comment);
  if (given === null) return null;
  const user = world.state.users.get(asText(given.author_id) ?? "") ?? author.user;
  return { ...newComment(world, user, asText(given.body) ?? ""), public: given.public !== false };
}

function withComment(world: World, ticket: TicketRecord, comment: CommentRecord): TicketRecord {
  const comments = [...ticket.comments, comment];
  if (!comment.fromEndUser || !["pending", "solved", "hold"].includes(ticket.status))
    return { ...ticket, comments };
  // A customer's answer opens a waiting or solved ticket again.
  return {
    ...ticket,
    comments,
    status: "open",
    statusHistory: [...ticket.statusHistory, { at: stamp(world), status: "open" }],
  };
}

const commentEvent = (comment: CommentRecord): AuditEvent => ({
  type: "Comment",
  author_id: numeric(comment.authorId),
  body: comment.body,
  html_body: `<p>${comment.body}</p>`,
  public: comment.public,
});
