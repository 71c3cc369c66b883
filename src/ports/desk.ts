/** The help desk: what we read of it and the little we write. Types only. */
import type { Instant, Organization, OrganizationChange, Priority, TicketChange } from "../policy/model.ts";
import type { DeskInvocation, DeskPulse, DeskSetup } from "./desk-setup.ts";
import type { Lane } from "./pace.ts";

/** A ticket as the desk holds it now, and what must be known to write it safely. */
export interface TicketReading {
  readonly id: string;
  readonly createdAt: Instant;
  /** Opaque stamp for a conditional write. */
  readonly stamp: string;
  /** The stamp's second had ended when we read: a conditional write is a true fence. */
  readonly stampClosed: boolean;
  /** Nothing has changed on it since the second it was made: no agent's work is on it yet. */
  readonly untouched: boolean;
  readonly status: string;
  /** The ticket was merged into another one. */
  readonly merged: boolean;
  readonly subject: string;
  readonly description: string;
  readonly priority: Priority | null;
  readonly impact: string | null;
  readonly group: string | null;
  readonly assigneeId: string | null;
  readonly form: string | null;
  readonly channel: string;
  readonly tags: readonly string[];
  readonly brandId: string | null;
  readonly organizationId: string | null;
  readonly organizationTags: readonly string[];
  readonly requesterId: string | null;
  readonly requester: {
    readonly email: string | null;
    readonly role: string;
    readonly vip: boolean;
    /** null = not looked up. */
    readonly verified: boolean | null;
  };
  readonly submitterRole: string | null;
  readonly submitterId: string | null;
  readonly followerIds: readonly string[];
  /** Tier now in the tier drop-down; undefined = no such field in this account. */
  readonly tierField: string | null | undefined;
}

/** Who changed the priority, and which of our decisions were applied, read from the ticket's audits. */
export interface TicketHistory {
  /** Author of the event that set the present priority; null = not found. */
  readonly priorityAuthor: {
    readonly id: string;
    readonly role: string | null;
    readonly byRule: boolean;
  } | null;
  /** Values of `ps_decision` found in audit metadata. */
  readonly decisionIds: readonly string[];
  /**
   * The ticket's last change: a decision of ours (its id, else null), or still its creation. Absent = not told; a rule of
   * the desk acts inside the change it follows.
   */
  readonly newest?: { readonly decisionId: string | null; readonly creation: boolean };
  /** What our writes replaced, by decision, as in `TicketWritten`; a decision that replaced nothing is left out. */
  readonly replaced?: ReadonlyMap<string, TicketWritten["replaced"]>;
}

/** What the desk said after a conditional write. */
export interface TicketWritten {
  readonly stamp: string;
  readonly priority: Priority | null;
  readonly group: string | null;
  readonly tags: readonly string[];
  /**
   * Values our write replaced, from the audit of the same write. Something else than we had read = a person wrote
   * in the same second.
   */
  readonly replaced: { readonly priority?: Priority | null; readonly group?: string | null };
  /** Keys the desk did not accept. */
  readonly warnings: readonly string[];
}

/** SLA clocks on a ticket, read back. `policy` is null where the desk does not tell its name. */
export interface SlaReading {
  readonly ticketId: string;
  readonly policy: string | null;
  readonly clocks: readonly {
    readonly metric: string;
    readonly stage: string;
    readonly breachAt: Instant | null;
  }[];
}

/** One page of organizations; the cursor is stored with the page. */
export interface OrganizationPage {
  readonly organizations: readonly Organization[];
  readonly gone: readonly string[];
  readonly cursor: string;
  readonly last: boolean;
}

/** What became of one row of a batch. */
export interface RowOutcome {
  readonly id: string;
  readonly ok: boolean;
  /** Worth trying again at the next run. */
  readonly retry: boolean;
  readonly reason: string | null;
}

/** One ticket of a batch: the write goes through only while the ticket is as it was read. */
export interface TicketRow {
  readonly reading: TicketReading;
  readonly change: TicketChange;
  readonly decisionId: string;
}

/** What became of one ticket of a batch; `conflict` = it changed since it was read, and nothing was written. */
export interface TicketRowOutcome extends RowOutcome {
  readonly conflict: boolean;
}

/** An organization to be made for an account; `id` is the account's. */
export interface NewOrganization {
  readonly id: string;
  readonly name: string;
  readonly externalId: string;
  readonly domains: readonly string[];
  readonly fields: OrganizationChange;
}

/** What became of one new organization. `organizationId` is set when it was made and its id is known. */
export interface CreatedOrganization extends RowOutcome {
  readonly organizationId: string | null;
}

/** One page of tickets by creation; the cursor is stored with the page. */
export interface CreatedPage {
  readonly tickets: readonly { readonly id: string; readonly createdAt: Instant; readonly status: string }[];
  readonly cursor: string;
  readonly last: boolean;
}

/** A ticket that is not solved yet, as far as a list tells. */
export interface OpenTicket {
  readonly id: string;
  readonly createdAt: Instant;
  readonly status: string;
  readonly assigned: boolean;
  readonly tags: readonly string[];
}

/** What is true of this help-desk account. */
export interface DeskShape {
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  /** Names that more than one group carries. */
  readonly duplicateGroups: readonly string[];
  readonly forms: readonly { readonly id: string; readonly name: string }[];
  readonly brands: readonly { readonly id: string; readonly name: string }[];
  readonly slaPolicies:
    | readonly { readonly id: string; readonly title: string; readonly position: number }[]
    | null;
  readonly organizationFields: readonly string[];
  readonly impactField: boolean;
  readonly tierField: boolean;
  readonly me: { readonly id: string; readonly role: string };
}

export interface Desk {
  readonly name: string;
  /** Groups, forms, fields and who we are; kept for some minutes, read again when a name is unknown. */
  describe(): Promise<DeskShape>;
  /** null = deleted or never existed. */
  readTicket(id: string, lane: Lane): Promise<TicketReading | null>;
  /** Many tickets, a hundred in one call; those that are gone, and those that cannot be read, are left out. */
  readTickets(ids: readonly string[], lane: Lane): Promise<readonly TicketReading[]>;
  readHistory(id: string, lane: Lane): Promise<TicketHistory>;
  /** Is the requester's address proven? */
  isVerified(requesterId: string, lane: Lane): Promise<boolean>;
  /**
   * One conditional write; `decisionId` travels in the audit's metadata. `before` runs when the write is about to leave,
   * after every wait for the desk's limits: where it rejects nothing is written, and the caller gets its rejection.
   * @throws Outdated the ticket changed since `reading`. @throws CannotApply deleted or closed.
   */
  writeTicket(
    reading: TicketReading,
    change: TicketChange,
    decisionId: string,
    lane: Lane,
    before?: () => Promise<void>,
  ): Promise<TicketWritten>;
  /**
   * The same conditional write for many tickets, in batches; one outcome per row, in any order. A row is `ok` only when
   * the ticket, read back, is as wanted. A change that adds followers does not go in a batch. An outcome with `retry` may have been written, and may still be: before the
   * next try its decision id is looked up in the ticket's history.
   * @throws Paused the desk is closed to us and no row was accepted yet.
   */
  writeTickets(rows: readonly TicketRow[], signal: AbortSignal): Promise<readonly TicketRowOutcome[]>;
  /** SLA clocks of up to 100 tickets in one call; tickets that are gone are left out. */
  readSlas(ticketIds: readonly string[], lane: Lane): Promise<readonly SlaReading[]>;
  /** Organizations changed since `cursor` (null = all), oldest change first. */
  organizations(cursor: string | null, signal: AbortSignal): AsyncIterable<OrganizationPage>;
  /** Organizations as they are at this moment, a hundred in one call; those that are gone are left out. */
  readOrganizations(ids: readonly string[], signal: AbortSignal): Promise<readonly Organization[]>;
  /** Writes our own organization fields, in batches; one outcome per row, in any order. */
  writeOrganizations(
    rows: readonly { readonly id: string; readonly fields: OrganizationChange }[],
    signal: AbortSignal,
  ): Promise<readonly RowOutcome[]>;
  /** Makes organizations, in batches; one outcome per row. A name that is taken fails its row and says so. */
  createOrganizations(
    rows: readonly NewOrganization[],
    signal: AbortSignal,
  ): Promise<readonly CreatedOrganization[]>;
  /** Organizations a person belongs to, the default one first; empty = none, or the person is gone. */
  organizationsOf(userId: string, lane: Lane): Promise<readonly string[]>;
  /**
   * Tickets created since `cursor`, or since an instant where there is no cursor yet. A ticket may be named again by a
   * later page or run; none that is at least 90 s old is left out.
   */
  createdSince(cursor: string | Instant, signal: AbortSignal): AsyncIterable<CreatedPage>;
  /** Open tickets of an organization, in pages; none where it is gone. */
  openTicketsOf(organizationId: string, signal: AbortSignal): AsyncIterable<readonly OpenTicket[]>;
  /** Open tickets created before an instant some minutes ago, oldest first, in pages. */
  openTickets(before: Instant, signal: AbortSignal): AsyncIterable<readonly OpenTicket[]>;
  /** Fields, SLA policies, webhooks and triggers as they are now; nothing is remembered. */
  inspect(): Promise<DeskSetup>;
  /** The last calls of a webhook, newest first. */
  invocations(webhookId: string): Promise<readonly DeskInvocation[]>;
  /** Does the webhook sign with one of these secrets? null = the desk does not tell. */
  signsWith(webhookId: string, secrets: readonly string[]): Promise<boolean | null>;
  pulse(): Promise<DeskPulse>;
  /** The active agent with this e-mail, or null. */
  agentByEmail(email: string): Promise<{ readonly id: string } | null>;
  /** Calls made since start, by endpoint class. */
  calls(): Readonly<Record<string, number>>;
}
