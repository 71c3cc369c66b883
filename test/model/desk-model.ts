/**
 * A help desk in memory, as unforgiving as the real one where it matters: stamps of whole seconds, a conditional write
 * that compares nothing but those, an audit of every change with its author and metadata, an organization export that
 * leaves out the last minute. Who asks is not its business: ports per process are made of it elsewhere.
 */
import { CannotApply, Outdated } from "../../src/errors.ts";
import type { Organization, OrganizationChange, Priority, TicketChange } from "../../src/policy/model.ts";
import type { TicketReading, TicketWritten } from "../../src/ports.ts";

/** Whose hand it was. */
export type Author = "us" | "agent" | "bot" | "requester";

export interface FieldChange {
  readonly field: "priority" | "group" | "assignee" | "organization" | "status" | "tags";
  readonly before: string | null;
  readonly after: string | null;
}

export interface Audit {
  readonly at: number;
  readonly author: Author;
  /** Which process wrote, or which person. */
  readonly by: string;
  readonly decisionId: string | null;
  readonly changes: readonly FieldChange[];
  /** Tags and assignee just before. */
  readonly tagsBefore: readonly string[];
  readonly assigneeBefore: string | null;
}

export interface DeskTicket {
  readonly id: string;
  readonly createdAt: number;
  updatedAt: number;
  status: string;
  priority: Priority | null;
  group: string | null;
  assigneeId: string | null;
  tags: readonly string[];
  organizationId: string | null;
  readonly requesterId: string;
  readonly submitterRole: string;
  readonly audits: Audit[];
}

/** What somebody sets; absent = stays. */
export interface TicketEdit {
  readonly priority?: Priority;
  readonly group?: string;
  readonly assigneeId?: string | null;
  readonly organizationId?: string;
  readonly status?: string;
  readonly tagsAdd?: readonly string[];
  readonly tagsRemove?: readonly string[];
}

/** One change of an organization's fields. */
export interface OrganizationWrite {
  readonly at: number;
  readonly organizationId: string;
  readonly by: string;
  readonly before: Readonly<Record<string, string | null>>;
  readonly fields: OrganizationChange;
}

export interface DeskModel {
  readonly tickets: ReadonlyMap<string, DeskTicket>;
  readonly organizations: ReadonlyMap<string, Organization>;
  readonly organizationWrites: readonly OrganizationWrite[];
  readonly create: (ticket: Pick<DeskTicket, "organizationId" | "priority" | "submitterRole">) => DeskTicket;
  readonly remove: (id: string) => void;
  /** An edit by somebody other than us; null = it changed nothing. */
  readonly edit: (id: string, author: Author, by: string, edit: TicketEdit) => Audit | null;
  readonly read: (id: string) => TicketReading | null;
  /** The conditional write. `between` runs after the stamp was compared. */
  readonly write: (
    reading: TicketReading,
    change: TicketChange,
    decisionId: string,
    by: string,
    between: () => void,
  ) => TicketWritten;
  readonly writeOrganization: (id: string, fields: OrganizationChange, by: string) => void;
  /** Organizations changed after `cursor`, as the export shows them now. */
  readonly exportedAfter: (cursor: number) => {
    readonly rows: readonly Organization[];
    readonly cursor: number;
  };
}

export interface DeskOptions {
  readonly now: () => number;
  readonly organizations: readonly Organization[];
  /** Hears of every change of a ticket. */
  readonly changed: (ticket: DeskTicket, audit: Audit) => void;
}

/** Zendesk's incremental exports leave out the last minute. */
const EXPORT_LAG_MS = 60_000;
const FIRST_TICKET = 101;

/** A desk with these organizations and no ticket. */
export function openDeskModel({ now, organizations: given, changed }: DeskOptions): DeskModel {
  const tickets = new Map<string, DeskTicket>();
  const organizations = new Map(given.map((one) => [one.id, one]));
  const organizationWrites: OrganizationWrite[] = [];
  const exported = new Map(
    given.map((one, index) => [one.id, { seq: index + 1, at: Number.NEGATIVE_INFINITY }]),
  );
  let seq = given.length;
  let nextTicket = FIRST_TICKET;
  const second = (): number => Math.floor(now() / 1000) * 1000;
  const apply = (
    ticket: DeskTicket,
    who: Pick<Audit, "author" | "by" | "decisionId">,
    edit: TicketEdit,
  ): Audit | null => {
    const changes = changesOf(ticket, edit);
    if (changes.length === 0) return null;
    const audit: Audit = {
      ...who,
      at: now(),
      changes,
      tagsBefore: ticket.tags,
      assigneeBefore: ticket.assigneeId,
    };
    ticket.priority = edit.priority ?? ticket.priority;
    ticket.group = edit.group ?? ticket.group;
    ticket.assigneeId = edit.assigneeId === undefined ? ticket.assigneeId : edit.assigneeId;
    ticket.organizationId = edit.organizationId ?? ticket.organizationId;
    ticket.status = edit.status ?? ticket.status;
    ticket.tags = tagsAfter(ticket.tags, edit);
    ticket.updatedAt = second();
    ticket.audits.push(audit);
    changed(ticket, audit);
    return audit;
  };
  return {
    tickets,
    organizations,
    organizationWrites,
    create: (made) => {
      const id = String(nextTicket++);
      const ticket: DeskTicket = {
        ...made,
        id,
        createdAt: second(),
        updatedAt: second(),
        status: "new",
        group: null,
        assigneeId: null,
        tags: [],
        requesterId: "requester",
        audits: [],
      };
      tickets.set(id, ticket);
      return ticket;
    },
    remove: (id) => void tickets.delete(id),
    edit: (id, author, by, edit) => {
      const ticket = tickets.get(id);
      return ticket === undefined || ticket.status === "closed"
        ? null
        : apply(ticket, { author, by, decisionId: null }, edit);
    },
    read: (id) => {
      const ticket = tickets.get(id);
      return ticket === undefined ? null : readingOf(ticket, second());
    },
    write: (reading, change, decisionId, by, between) => {
      const ticket = tickets.get(reading.id);
      if (ticket === undefined) throw new CannotApply(`ticket ${reading.id} is gone`);
      if (ticket.status === "closed") throw new CannotApply(`ticket ${reading.id} is closed`);
      if (String(ticket.updatedAt) !== reading.stamp) throw new Outdated(`ticket ${reading.id} has changed`);
      between();
      const audit = apply(ticket, { author: "us", by, decisionId }, change);
      return writtenOf(ticket, audit);
    },
    writeOrganization: (id, fields, by) => {
      const organization = organizations.get(id);
      if (organization === undefined) return;
      const before = Object.fromEntries(
        Object.keys(fields).map((key) => [key, organization.fields[key] ?? null]),
      );
      organizationWrites.push({ at: now(), organizationId: id, by, before, fields });
      organizations.set(id, { ...organization, fields: { ...organization.fields, ...fields } });
      seq += 1;
      exported.set(id, { seq, at: now() });
    },
    exportedAfter: (cursor) => {
      const visible = [...exported]
        .filter(([, one]) => one.seq > cursor && one.at <= now() - EXPORT_LAG_MS)
        .sort(([, a], [, b]) => a.seq - b.seq);
      const rows = visible.flatMap(([id]) => organizations.get(id) ?? []);
      return { rows, cursor: Math.max(cursor, ...visible.map(([, one]) => one.seq)) };
    },
  };
}

function changesOf(ticket: DeskTicket, edit: TicketEdit): readonly FieldChange[] {
  const wanted = [
    ["priority", ticket.priority, edit.priority],
    ["group", ticket.group, edit.group],
    ["assignee", ticket.assigneeId, edit.assigneeId],
    ["organization", ticket.organizationId, edit.organizationId],
    ["status", ticket.status, edit.status],
    ["tags", ticket.tags.join(" "), tagsAfter(ticket.tags, edit).join(" ")],
  ] as const;
  return wanted.flatMap(([field, before, after]) =>
    after === undefined || after === before ? [] : [{ field, before, after }],
  );
}

function tagsAfter(
  tags: readonly string[],
  { tagsAdd = [], tagsRemove = [] }: TicketEdit,
): readonly string[] {
  const left = tags.filter((tag) => !tagsRemove.includes(tag));
  return [...new Set([...left, ...tagsAdd])].sort();
}

function readingOf(ticket: DeskTicket, second: number): TicketReading {
  const { createdAt, updatedAt, requesterId, submitterRole, tags, organizationId } = ticket;
  return {
    id: ticket.id,
    createdAt,
    stamp: String(updatedAt),
    stampClosed: updatedAt < second,
    untouched: updatedAt === createdAt,
    status: ticket.status,
    merged: ticket.status === "closed" && tags.includes("closed_by_merge"),
    subject: "It does not work",
    description: "Please look at it.",
    priority: ticket.priority,
    impact: null,
    group: ticket.group,
    assigneeId: ticket.assigneeId,
    form: null,
    channel: "email",
    tags,
    brandId: null,
    organizationId,
    organizationTags: [],
    requesterId,
    requester: { email: "pat@customer.example", role: "end-user", vip: false, verified: true },
    submitterRole,
    submitterId: submitterRole === "agent" ? "agent" : requesterId,
    followerIds: [],
    tierField: undefined,
  };
}

function writtenOf(ticket: DeskTicket, audit: Audit | null): TicketWritten {
  return {
    stamp: String(ticket.updatedAt),
    priority: ticket.priority,
    group: ticket.group,
    tags: ticket.tags,
    replaced: audit === null ? {} : replacedBy(audit),
    warnings: [],
  };
}

/** The values of priority and group that a change replaced. */
export function replacedBy({ changes }: Pick<Audit, "changes">): TicketWritten["replaced"] {
  const before = (field: string): string | null | undefined =>
    changes.find((change) => change.field === field)?.before;
  const priority = before("priority") as Priority | null | undefined;
  const group = before("group");
  return { ...(priority === undefined ? {} : { priority }), ...(group === undefined ? {} : { group }) };
}
