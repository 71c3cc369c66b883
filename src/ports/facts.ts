/**
 * What happened to tickets and customers over time, as reports read it. Types only.
 *
 * Tier, basis and policy version are those of the ticket's creation, from the decision that was made then; a ticket from
 * before the installation has none and says so. Nothing here holds a subject, a body or a person's address.
 */
import type {
  AccountStatus,
  Basis,
  CalendarDate,
  Instant,
  Money,
  Priority,
  SlaMetric,
  TierId,
} from "../policy/model.ts";

/** One event of a ticket's clock, as the help desk exported it. The same id again replaces it; `deleted` takes it back. */
export interface MetricEvent {
  readonly id: string;
  readonly ticketId: string;
  /** The desk's own name: `reply_time`, `requester_wait_time`, `agent_work_time`, `resolution_time`, … */
  readonly metric: string;
  /** Counts the clocks of one metric on one ticket: reply_time 1 is the first reply, 2 and more are next replies. */
  readonly instance: number;
  readonly kind: "activate" | "pause" | "fulfill" | "apply_sla" | "breach" | "update_status" | "measure";
  readonly at: Instant;
  /** Minutes the clock stood at (`update_status`, `measure`); null = not told. */
  readonly elapsed: { readonly calendar: number; readonly business: number } | null;
  /** The policy that was applied (`apply_sla`); null with other kinds, or when the target was taken away. */
  readonly sla: {
    readonly policyId: string | null;
    readonly policyTitle: string | null;
    readonly minutes: number;
    readonly businessHours: boolean;
  } | null;
  readonly deleted: boolean;
}

/** Why a ticket is in no report. `self`: an agent opened it for themselves; `canary`: our own test. */
export type Exclusion = "merged" | "spam" | "deleted" | "internal" | "self" | "skip" | "canary";

/** A ticket and how it ended, or stands. Keyed by ticket. */
export interface TicketFact {
  readonly ticketId: string;
  readonly createdAt: Instant;
  /** As of creation; null = no decision was made then. */
  readonly tier: TierId | null;
  readonly basis: Basis | null;
  readonly policyVersion: string | null;
  /** SLA policy promised then; null = none. */
  readonly slaPolicy: string | null;
  /** The ticket is older than the installation, or no decision about it is kept. */
  readonly beforeInstallation: boolean;
  readonly accountId: string | null;
  readonly organizationId: string | null;
  /** As promised at creation, else as it stands. */
  readonly priority: Priority | null;
  readonly status: string;
  readonly solvedAt: Instant | null;
  readonly reopens: number;
  /** Public replies of agents; null = not told. */
  readonly replies: number | null;
  /** The customer's rating; null = not rated. */
  readonly satisfaction: "good" | "bad" | null;
  readonly satisfactionComment: boolean;
  readonly channel: string;
  readonly group: string | null;
  readonly assigneeId: string | null;
  readonly requesterId: string | null;
  /** Tags that are not ours: what the ticket is about. */
  readonly topics: readonly string[];
  readonly excluded: Exclusion | null;
  /** From the ticket's creation to our write; null = nothing was written, or not by us. */
  readonly writtenAfterMs: number | null;
  /** Was the promised SLA read back? null = not promised, or not looked at. */
  readonly slaVerified: boolean | null;
}

/**
 * `met`: fulfilled in time. `breached`: fulfilled too late, or still open past its target. `running`: open and inside its
 * target: not counted. `void`: the clock ended without being fulfilled (merged, spam, taken back).
 */
export type TargetState = "met" | "breached" | "running" | "void";

/** One target on one ticket: a ticket has one first reply and as many next replies as the customer asked questions. */
export interface TargetFact {
  readonly ticketId: string;
  readonly metric: SlaMetric;
  /** From 1 within the metric. */
  readonly instance: number;
  /** As of the ticket's creation, repeated from its fact. */
  readonly tier: TierId | null;
  readonly accountId: string | null;
  readonly priority: Priority | null;
  readonly createdAt: Instant;
  /** What the desk attached; null = no policy: the times are known all the same. */
  readonly policy: string | null;
  readonly targetMinutes: number | null;
  readonly businessHours: boolean | null;
  readonly startedAt: Instant;
  /** null = still open. */
  readonly endedAt: Instant | null;
  /** When it would be, or was, too late; null = no target, or not known. */
  readonly dueAt: Instant | null;
  readonly state: TargetState;
  /** Minutes taken, or running so far; business null = not known. */
  readonly calendarMinutes: number;
  readonly businessMinutes: number | null;
}

/** What was true of an account from `at` on, until the next one. Appended when anything of it changes. */
export interface AccountMoment {
  readonly accountId: string;
  readonly name: string | null;
  readonly at: Instant;
  readonly tier: TierId;
  readonly basis: Basis;
  readonly plan: string | null;
  readonly arr: Money | null;
  readonly status: AccountStatus;
  readonly contractStart: CalendarDate | null;
  readonly contractEnd: CalendarDate | null;
  readonly addons: readonly {
    readonly sku: string;
    readonly start: CalendarDate | null;
    readonly end: CalendarDate | null;
  }[];
  readonly tam: string | null;
  /** The record is gone from the CRM since that day. */
  readonly goneOn: CalendarDate | null;
}

/** A ticket and how it ended, or stands, as the desk tells it. */
export interface TicketOutcome {
  readonly id: string;
  readonly createdAt: Instant;
  /** `deleted` where it is gone. */
  readonly status: string;
  readonly merged: boolean;
  readonly priority: Priority | null;
  readonly organizationId: string | null;
  readonly requesterId: string | null;
  /** null = not told. */
  readonly requesterRole: string | null;
  readonly submitterId: string | null;
  readonly assigneeId: string | null;
  readonly group: string | null;
  readonly channel: string;
  readonly tags: readonly string[];
  readonly solvedAt: Instant | null;
  readonly reopens: number;
  readonly replies: number | null;
  readonly satisfaction: "good" | "bad" | null;
  readonly satisfactionComment: boolean;
}

/** One page of tickets by their last change; the cursor is stored with the page. A ticket may be told again. */
export interface TicketOutcomePage {
  readonly tickets: readonly TicketOutcome[];
  readonly cursor: string;
  /** Every change up to this moment has been told. */
  readonly upTo: Instant;
  readonly last: boolean;
}

/** Half-open in time: from ≤ t < until. */
export interface Window {
  readonly from: Instant;
  readonly until: Instant;
}

/** How far the facts reach. */
export interface FactsState {
  /** Events up to then are in; null = nothing was read yet. */
  readonly through: Instant | null;
  readonly tickets: number;
  readonly events: number;
  /** First decision kept: tickets before it are `beforeInstallation`. */
  readonly installedAt: Instant | null;
}

/** The facts of reports, in the store. Everything can be said again without changing anything. */
export interface Facts {
  /** Adds, replaces and takes back clock events; targets are put by whoever works them out. */
  putEvents(events: readonly MetricEvent[]): Promise<void>;
  /** Adds or replaces tickets. */
  putTickets(tickets: readonly TicketFact[]): Promise<void>;
  /** Replaces all targets of these tickets. */
  putTargets(ticketIds: readonly string[], targets: readonly TargetFact[]): Promise<void>;
  /** Clock events of these tickets that are not taken back, in time order. */
  eventsOf(ticketIds: readonly string[]): Promise<ReadonlyMap<string, readonly MetricEvent[]>>;
  ticketsById(ticketIds: readonly string[]): Promise<ReadonlyMap<string, TicketFact>>;
  /** Tickets created in the window, in pages by creation, excluded ones with their reason. */
  tickets(window: Window): AsyncIterable<readonly TicketFact[]>;
  /** Targets of tickets created in the window that are in reports, in pages by creation. */
  targets(window: Window): AsyncIterable<readonly TargetFact[]>;
  /** Everything about one account's tickets in the window. */
  ofAccount(
    accountId: string,
    window: Window,
  ): Promise<{ readonly tickets: readonly TicketFact[]; readonly targets: readonly TargetFact[] }>;
  /** Targets that are running now and due before `before`, soonest first. */
  running(before: Instant, limit: number): Promise<readonly TargetFact[]>;
  /** Appends what differs from the last moment of the same account; answers how many were added. */
  remember(moments: readonly AccountMoment[]): Promise<number>;
  /** Moments of all accounts up to `until`, in order of account and time, in pages. */
  history(until: Instant): AsyncIterable<readonly AccountMoment[]>;
  historyOf(accountId: string): Promise<readonly AccountMoment[]>;
  state(): Promise<FactsState>;
  /** Removes tickets created before `before` with their events and targets; what was true of accounts stays. */
  prune(before: Instant): Promise<void>;
}
