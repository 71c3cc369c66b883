/** What was decided and written, kept for months. Types only. */
import type {
  Decision,
  Instant,
  Priority,
  PrioritySetter,
  TicketChange,
  TicketEvent,
} from "../policy/model.ts";
import type { Claim, DeliveryOutcome } from "./inbox.ts";

export type DecisionState = "intended" | "written" | "left" | "simulated";

/** Was the tier's SLA really attached? */
export interface Verification {
  readonly at: Instant;
  readonly ok: boolean;
  /** `sla_attached`, `sla_missing`, `sla_due_differs`, `sla_not_promised`, `sla_not_started`. */
  readonly code: string;
  readonly detail: string;
  /** Why it is not as promised: one of `SlaCause`. Absent = it is, or nobody could tell. */
  readonly cause?: SlaCause;
  /** What a person should do; absent = nothing. */
  readonly fix?: string;
  /** The SLA policy that the desk itself says it applied; absent = it has not said so yet. */
  readonly policy?: string;
  /** What we did about it; never twice. */
  readonly repair?: SlaRepair;
}

/** Why a promised SLA is not attached, or not as promised. */
export type SlaCause =
  | "ticket_closed"
  | "not_in_plan"
  | "no_priority"
  | "priority_changed"
  | "policy_missing"
  | "tag_gone"
  | "earlier_policy"
  | "filter_misses"
  | "wrong_target"
  | "other_hours"
  | "no_event";

/**
 * A write that lets the desk match its SLA policies anew: `touch` repeats the ticket's priority, `retag` puts the tier's tag
 * back. `intended` = about to be written, or the process ended before it was known what came of it.
 */
export interface SlaRepair {
  readonly how: "touch" | "retag";
  readonly at: Instant;
  readonly end: "intended" | "done" | "left";
  /** Why it was left; "" otherwise. */
  readonly why: string;
}

/** One decision about one ticket, as kept for months. */
export interface DecisionRecord {
  readonly id: string;
  readonly ticketId: string;
  readonly deliveryId: string | null;
  readonly accountId: string | null;
  readonly event: TicketEvent;
  readonly asOf: Instant;
  readonly decidedAt: Instant;
  readonly policyVersion: string;
  readonly decision: Decision;
  /** The ticket's writable part before us. */
  readonly before: TicketImage;
  /** null = nothing had to be written. */
  readonly change: TicketChange | null;
  readonly state: DecisionState;
  /** Why it ended as it did, in one sentence. */
  readonly outcome: string;
  readonly verification: Verification | null;
}

export interface TicketImage {
  readonly priority: Priority | null;
  readonly prioritySetBy: PrioritySetter;
  readonly group: string | null;
  readonly tags: readonly string[];
  readonly organizationId: string | null;
  readonly requesterId: string | null;
  /** An agent opened it for the customer: the desk's first-reply clock does not run. Absent = no. */
  readonly openedByStaff?: boolean;
}

export interface Ledger {
  /**
   * Records what is about to be written, before it is. false = the claim was lost.
   * @param leaseMs takes the lease anew in the same commit; left out = it runs on.
   */
  intend(claim: Claim, record: DecisionRecord, leaseMs?: number): Promise<boolean>;
  /**
   * In one transaction: the decision's final state, the account's held state (unless a later `asOf` is stored),
   * and the settled deliveries. false = the claim was lost, nothing changed.
   */
  settle(claim: Claim, record: DecisionRecord | null, outcome: DeliveryOutcome): Promise<boolean>;
  /** All decisions of a ticket, newest first. */
  decisionsOf(ticketId: string): Promise<readonly DecisionRecord[]>;
  /** Newest first. */
  recentDecisions(limit: number): Promise<readonly DecisionRecord[]>;
  verified(decisionId: string, verification: Verification): Promise<void>;
  /** Decisions of tickets that should show an SLA, decided in [from, to) and not read back yet, oldest first. */
  unverified(from: Instant, to: Instant, limit: number): Promise<readonly DecisionRecord[]>;
  /** Removes every decision about a ticket that was only made for a test. */
  drop(ticketId: string): Promise<void>;
  /** Removes decisions decided before `before`. */
  prune(before: Instant): Promise<void>;
}
