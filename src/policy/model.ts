/**
 * The vocabulary of priority support: what the pure rules read and what they answer. Types only.
 *
 * Names are the glossary's: an *account* lives in the CRM, an *organization* in the help desk, a *tier* is an
 * entitlement level, a *decision* is what we concluded, a *change* is what we write.
 */
import type { Basis, Instant, Priority, PrioritySetter, TierId } from "./model-basics.ts";
import type { Account, HeldState, Override, Tam } from "./model-customer.ts";
import type { Baseline, SlaMetric } from "./model-policy.ts";

export type * from "./model-basics.ts";
export type * from "./model-customer.ts";
export type * from "./model-people.ts";
export type * from "./model-policy.ts";
export type * from "./model-sources.ts";
export type * from "./model-terms.ts";

export interface Requester {
  readonly email: string | null;
  readonly role: string;
  readonly vip: boolean;
  /** false = the sender's address is not proven; absent = true. */
  readonly verified?: boolean;
}

/** A help-desk ticket as the rules see it: names instead of numbers, our own words. */
export interface Ticket {
  readonly id: string;
  readonly createdAt: Instant;
  readonly status: string;
  readonly subject: string;
  readonly description: string;
  readonly priority: Priority | null;
  readonly prioritySetBy: PrioritySetter;
  /** Key of `priority.impact_field` (`sev1`…). */
  readonly impact: string | null;
  /** Name of the group. */
  readonly group: string | null;
  readonly assignee: string | null;
  readonly form: string | null;
  readonly channel: string;
  readonly tags: readonly string[];
  readonly organizationId: string | null;
  readonly requester: Requester;
}

/** Staffing of a group at processing time. null = unknown. */
export interface GroupAvailability {
  readonly online: number | null;
  readonly unassigned: number | null;
}

/** What happened to the ticket. `other` never decides. */
export type TicketEvent =
  | "created"
  | "organization_changed"
  | "requester_changed"
  | "tier_raised"
  | "override_added"
  | "backfill"
  | "other";

/** What an earlier decision promised on this ticket. `promiseOf()` makes one from the decision. */
export interface PriorDecision {
  readonly tier: TierId;
  readonly slaPolicy: string | null;
  readonly priority: Priority | null;
  readonly tags: readonly string[];
  /** Absent = not known. */
  readonly basis?: Basis;
  /** Group that decision named; absent = not known. */
  readonly group?: string | null;
  /** First reply due as promised; absent = work it out again from SLA policy and priority. */
  readonly firstReplyDueAt?: Instant | null;
  /** Lets a repeat start from what was there before us; absent = not known. */
  readonly baseline?: Baseline;
}

/** Everything `decide()` may look at. */
export interface Situation {
  readonly ticket: Ticket;
  readonly event: TicketEvent;
  /** Organization id → account id. */
  readonly orgLinks: ReadonlyMap<string, string>;
  /** Candidates for the ticket's account, with their ancestors and families. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** Ledger state per account id; absent = none. */
  readonly held: ReadonlyMap<string, HeldState>;
  readonly overrides: readonly Override[];
  /** Group name → staffing; absent = unknown. */
  readonly availability: ReadonlyMap<string, GroupAvailability>;
  /** What this ticket was promised before, or null. */
  readonly prior: PriorDecision | null;
}

/** One predicted SLA clock. All null where the policy promises nothing. */
export interface DuePrediction {
  readonly minutes: number | null;
  /** Name of the schedule the clock runs on. */
  readonly clock: string | null;
  readonly dueAt: Instant | null;
}

/** A fact the decision rests on, kept so that it can be explained months later. */
export interface FactUsed {
  readonly accountId: string;
  readonly fact: string;
  readonly value: string;
  readonly syncedAt: Instant | null;
}

/** Nothing is touched: the ticket is outside the programme, or the event does not decide. */
export interface LeaveDecision {
  readonly action: "skip";
  readonly reasons: readonly string[];
}

/** What the ticket should look like, and why. */
export interface ApplyDecision {
  readonly action: "apply";
  readonly accountId: string | null;
  readonly tier: TierId;
  readonly basis: Basis;
  readonly priority: Priority | null;
  readonly priorityChanged: boolean;
  /** Name of the group the ticket should be in; null = leave as it is and it has none. */
  readonly group: string | null;
  readonly followersAdd: readonly string[];
  readonly slaPolicy: string | null;
  /** Keyed by `SlaMetric`. */
  readonly due: Readonly<Record<SlaMetric, DuePrediction>>;
  /** The complete desired set of managed tags. */
  readonly tagsAdd: readonly string[];
  /** Managed tags now on the ticket that should not be. */
  readonly tagsRemove: readonly string[];
  /** In evaluation order, without repeats. */
  readonly reasons: readonly string[];
  /** The listed phrase that was found, never the customer's text. */
  readonly keyword: string | null;
  readonly facts: readonly FactUsed[];
  /** What step 11 stores for the account; null = there is no account. */
  readonly ledger: HeldState | null;
  /** What the ticket had before us; carried from decision to decision. `decide()` always gives it. */
  readonly baseline?: Baseline;
}

export type Decision = LeaveDecision | ApplyDecision;

/** Which tier an account has and why (steps 2–6), with what step 11 stores. */
export interface TierVerdict {
  readonly tier: TierId;
  readonly basis: Basis;
  readonly reasons: readonly string[];
  /** Managed flags without prefix: `review`, `grace`, `stale`, `suspended`, `override`. */
  readonly flags: readonly string[];
  readonly ledger: HeldState;
  /** TAM of the nearest ancestor whose family add-on was granted; used when the account has none of its own. */
  readonly inheritedTam: Tam | null;
  readonly facts: readonly FactUsed[];
}

/** What to write on a ticket; absent keys stay as they are. */
export interface TicketChange {
  readonly priority?: Priority;
  readonly group?: string;
  readonly tagsAdd?: readonly string[];
  readonly tagsRemove?: readonly string[];
  readonly followersAdd?: readonly string[];
  /** Only to take back what was added. */
  readonly followersRemove?: readonly string[];
  /** The tier drop-down, where provisioned; null = empty it, only to take back what was set. */
  readonly tier?: TierId | null;
}
