/** Reads tickets: as they are now, who gave them their priority, and which SLA clocks run on them. */
import { TryAgain } from "../../src/errors.ts";
import type { DeskSettings } from "../../src/policy/model.ts";
import type { Lane, SlaReading, TicketReading } from "../../src/ports.ts";
import { type Answer, LARGE_PAGE_BYTES, type ZendeskClient } from "./client.ts";
import { type AccountView, fold, type Names } from "./describe.ts";
import {
  listOf,
  organizationSchema,
  readEach,
  recordOf,
  slaClockSchema,
  ticketSchema,
  userSchema,
  type ZendeskTicket,
  type ZendeskTicketField,
  type ZendeskUser,
} from "./schemas.ts";

export interface ReadingOptions {
  readonly client: ZendeskClient;
  readonly account: AccountView;
  readonly desk: DeskSettings;
  /** Begins every tier tag together with `tier_`. */
  readonly prefix: string;
  /** Impact values the policy knows, to choose between an option's value and its name. */
  readonly impactKeys: readonly string[];
}

/** A ticket with its requester and organization, in one call. null = deleted or never existed. */
export async function readTicket(
  options: ReadingOptions,
  id: string,
  lane: Lane,
): Promise<TicketReading | null> {
  const { client, account } = options;
  const doing = `reading ticket ${id}`;
  const answer = await client.call({
    endpoint: "showTicket",
    ids: [id],
    query: { include: "users,organizations" },
    lane,
    doing,
    absent: [404, 410],
  });
  if (answer === null) return null;
  const ticket = ticketFrom(answer.body, doing);
  const names = await account.namesWith((known) => namesSuit(known, ticket), lane);
  return readingsIn(options, answer, [ticket], names)[0] ?? null;
}

/** Many tickets with their requesters and organizations, a hundred in one call; those that are gone are left out. */
export async function readTickets(
  options: ReadingOptions,
  ids: readonly string[],
  lane: Lane,
  signal?: AbortSignal,
): Promise<readonly TicketReading[]> {
  const { client, account } = options;
  const usable = [...new Set(ids)].filter((id) => /^[1-9]\d*$/.test(id));
  const found: TicketReading[] = [];
  for (let from = 0; from < usable.length; from += 100) {
    const some = usable.slice(from, from + 100);
    const answer = await client.call({
      endpoint: "showTickets",
      query: { ids: some.join(","), include: "users,organizations" },
      lane,
      doing: `reading ${some.length} tickets`,
      maxBytes: LARGE_PAGE_BYTES,
      ...(signal === undefined ? {} : { signal }),
    });
    if (answer === null) continue;
    const tickets = readEach(ticketSchema, listOf(answer.body, "tickets"), "ticket", client.report);
    const names = await account.namesWith((known) => tickets.every((one) => namesSuit(known, one)), lane);
    found.push(...readingsIn(options, answer, tickets, names));
  }
  return found;
}

/** The tickets of one answer, each with what stands beside it there. */
function readingsIn(
  options: ReadingOptions,
  answer: Answer,
  tickets: readonly ZendeskTicket[],
  names: Names,
): readonly TicketReading[] {
  const { report } = options.client;
  const users = byId(readEach(userSchema, listOf(answer.body, "users"), "user", report));
  const organizations = byId(
    readEach(organizationSchema, listOf(answer.body, "organizations"), "organization", report),
  );
  return tickets.map((ticket) => ({
    ...plainParts(ticket),
    ...partsByName(options, ticket, names),
    stampClosed: isClosedStamp(ticket.updated_at.at, answer.date),
    organizationTags: organizations.get(ticket.organization_id)?.tags ?? [],
    requester: requesterOf(users.get(ticket.requester_id), options.desk.vip),
    submitterRole: users.get(ticket.submitter_id)?.role ?? null,
  }));
}

function byId<T extends { readonly id: string }>(records: readonly T[]): ReadonlyMap<string | null, T> {
  return new Map(records.map((record) => [record.id, record]));
}

/** The ticket of an answer. @throws TryAgain it cannot be read: without id and stamps nothing is safe. */
export function ticketFrom(body: unknown, doing: string): ZendeskTicket {
  const read = ticketSchema.safeParse(recordOf(body)?.ticket);
  if (read.success) return read.data;
  const places = read.error.issues.map((issue) => issue.path.join(".")).join(", ");
  throw new TryAgain(`Zendesk's answer while ${doing} holds no usable ticket (${places})`);
}

/**
 * Name of a group; null = the ticket has none. An id that no group carries stays visible as `#id`, because "no group
 * yet" would invite us to choose one.
 */
export function groupName(names: Names, id: string | null): string | null {
  if (id === null) return null;
  return names.groups.find((group) => group.id === id)?.name ?? `#${id}`;
}

/** SLA clocks of tickets, a hundred in one call. Tickets that are gone are left out. */
export async function readSlas(
  client: ZendeskClient,
  ticketIds: readonly string[],
  lane: Lane,
): Promise<readonly SlaReading[]> {
  const found: SlaReading[] = [];
  for (let from = 0; from < ticketIds.length; from += 100) {
    const ids = ticketIds.slice(from, from + 100);
    const answer = await client.call({
      endpoint: "showTickets",
      query: { ids: ids.join(","), include: SLA_SIDELOAD },
      lane,
      doing: `reading the SLA clocks of ${ids.length} tickets`,
      maxBytes: LARGE_PAGE_BYTES,
    });
    const tickets = listOf(answer?.body, "tickets");
    found.push(
      ...readEach(ticketSchema.pick({ id: true }), tickets, "ticket", client.report).map(({ id }) => ({
        ticketId: id,
        policy: null,
        clocks: clocksOf(client, tickets, id),
      })),
    );
  }
  return found;
}

/**
 * Assumption, seen only in third-party code (facts on verifying SLAs, read 2026-11-22): the side-load is called `slas`,
 * also on show_many, and shows `slas.policy_metrics` with metric, stage and breach_at but not the policy.
 */
const SLA_SIDELOAD = "slas";

function clocksOf(client: ZendeskClient, tickets: readonly unknown[], id: string): SlaReading["clocks"] {
  const ticket = tickets.map(recordOf).find((one) => String(one?.id) === id);
  const metrics = listOf(recordOf(ticket?.[SLA_SIDELOAD]), "policy_metrics");
  return readEach(slaClockSchema, metrics, "SLA clock", client.report).map((clock) => ({
    metric: clock.metric,
    stage: clock.stage,
    breachAt: clock.breach_at,
  }));
}

function plainParts(ticket: ZendeskTicket) {
  return {
    id: ticket.id,
    createdAt: ticket.created_at.at,
    stamp: ticket.updated_at.text,
    untouched: ticket.updated_at.at === ticket.created_at.at,
    status: ticket.status,
    merged: isMerged(ticket),
    subject: ticket.subject,
    description: ticket.description,
    priority: ticket.priority,
    assigneeId: ticket.assignee_id,
    channel: ticket.via.channel ?? "",
    tags: ticket.tags,
    brandId: ticket.brand_id,
    organizationId: ticket.organization_id,
    requesterId: ticket.requester_id,
    submitterId: ticket.submitter_id,
    followerIds: ticket.follower_ids,
  };
}

function partsByName(options: ReadingOptions, ticket: ZendeskTicket, names: Names) {
  const form = names.forms.find((one) => one.id === ticket.ticket_form_id);
  return {
    group: groupName(names, ticket.group_id),
    form: form === undefined ? null : fold(form.name),
    impact: impactOf(ticket, names.impactField, options.impactKeys),
    tierField: tierOf(ticket, names.tierField, options.prefix),
  };
}

function namesSuit(names: Names, ticket: ZendeskTicket): boolean {
  const knowsGroup = ticket.group_id === null || names.groups.some((group) => group.id === ticket.group_id);
  const { ticket_form_id: form } = ticket;
  // No forms at all = the plan has none, although its tickets may still carry a form id.
  return (
    knowsGroup && (form === null || names.forms.length === 0 || names.forms.some((one) => one.id === form))
  );
}

/** The answer's Date header says when the ticket was read; both are whole seconds. No header = not closed. */
function isClosedStamp(updatedAt: number, date: number | null): boolean {
  return date !== null && Math.floor(updatedAt / 1000) < Math.floor(date / 1000);
}

/**
 * Assumption (remembered, not verified): merging closes the ticket that was merged away and leaves the tag
 * `closed_by_merge` on it, or marks its origin as `merge`.
 */
function isMerged(ticket: ZendeskTicket): boolean {
  return (
    ticket.status === "closed" && (ticket.tags.includes("closed_by_merge") || ticket.via.rel === "merge")
  );
}

/** Severity in small letters: the option's value or its name, whichever the policy knows; else its value. */
function impactOf(
  ticket: ZendeskTicket,
  field: ZendeskTicketField | null,
  keys: readonly string[],
): string | null {
  if (field === null) return null;
  const value = ticket.custom_fields.get(field.id);
  if (value === null || value === undefined || value === "" || typeof value === "object") return null;
  const name = field.custom_field_options.find((option) => option.value === value)?.name;
  const candidates = [String(value), ...(name === undefined ? [] : [name])].map(fold);
  return candidates.find((one) => keys.includes(one)) ?? candidates[0] ?? null;
}

/** Tier id in the tier drop-down: its option's tag without what every tier tag begins with. */
function tierOf(
  ticket: ZendeskTicket,
  field: ZendeskTicketField | null,
  prefix: string,
): string | null | undefined {
  if (field === null) return undefined;
  const value = ticket.custom_fields.get(field.id);
  if (typeof value !== "string" || value === "") return null;
  const start = `${prefix}tier_`;
  return value.startsWith(start) ? value.slice(start.length) : value;
}

function requesterOf(user: ZendeskUser | undefined, vip: string | null): TicketReading["requester"] {
  const email = user?.email ?? null;
  return {
    email: email === "" ? null : email,
    role: user?.role ?? "unknown",
    vip: user !== undefined && vip !== null && isVip(user, vip),
    verified: null,
  };
}

function isVip(user: ZendeskUser, vip: string): boolean {
  const box = user.user_fields[vip];
  return user.tags.some((tag) => fold(tag) === fold(vip)) || box === true || box === "true";
}
