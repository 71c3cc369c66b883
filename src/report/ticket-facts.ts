/** What reports keep of a ticket: the desk's word on how it ended, our ledger's on what it was promised at its creation. */
import type { Policy } from "../policy/model.ts";
import type { DecisionRecord, Exclusion, TicketFact, TicketOutcome } from "../ports.ts";

/** What is known of a ticket beside the desk's word. */
export interface TicketPast {
  /** All decisions about it, in any order; older ones may have been removed. */
  readonly decisions: readonly DecisionRecord[];
  /** The fact kept so far: what it says of the creation outlives the ledger. */
  readonly kept: TicketFact | null;
  /** Account its organization is linked to today; only for tickets no decision named one for. */
  readonly linkedAccount: string | null;
}

/**
 * The fact of one ticket.
 *
 * Only a decision made for the creation itself says what was promised then: a ticket that a backfill or a later change
 * brought to us was without a tier when it was made.
 */
export function ticketFactOf(outcome: TicketOutcome, past: TicketPast, policy: Policy): TicketFact {
  const { kept } = past;
  const created = past.decisions
    .filter((one) => one.event === "created" && one.state !== "intended")
    .toSorted((a, b) => a.decidedAt - b.decidedAt)[0];
  const promised = created === undefined ? keptPromise(kept, outcome) : promiseIn(created, outcome);
  const excluded = exclusionOf(outcome, policy);
  return {
    ticketId: outcome.id,
    createdAt: outcome.createdAt,
    ...promised,
    accountId: promised.accountId ?? kept?.accountId ?? past.linkedAccount,
    organizationId: outcome.organizationId ?? kept?.organizationId ?? null,
    status: outcome.status,
    solvedAt: outcome.solvedAt ?? (isDone(outcome.status) ? (kept?.solvedAt ?? null) : null),
    reopens: outcome.reopens,
    replies: outcome.replies,
    satisfaction: outcome.satisfaction,
    satisfactionComment: outcome.satisfactionComment,
    channel: outcome.channel,
    group: outcome.group,
    assigneeId: outcome.assigneeId,
    requesterId: outcome.requesterId,
    topics: outcome.tags.filter((tag) => !tag.startsWith(policy.prefix)),
    // The export scrubs a deleted ticket: why it was left out before is still true.
    excluded: excluded === "deleted" ? (kept?.excluded ?? excluded) : excluded,
  };
}

type Promised = Pick<
  TicketFact,
  | "tier"
  | "basis"
  | "policyVersion"
  | "slaPolicy"
  | "beforeInstallation"
  | "accountId"
  | "priority"
  | "writtenAfterMs"
  | "slaVerified"
>;

function promiseIn(record: DecisionRecord, outcome: TicketOutcome): Promised {
  const { decision, verification } = record;
  const wrote = record.state === "written" && record.change !== null;
  const common = { policyVersion: record.policyVersion, beforeInstallation: false };
  if (decision.action === "skip")
    return {
      ...NOTHING,
      ...common,
      accountId: record.accountId,
      priority: outcome.priority,
    };
  return {
    ...common,
    tier: decision.tier,
    basis: decision.basis,
    slaPolicy: decision.slaPolicy,
    accountId: decision.accountId,
    priority: decision.priority ?? outcome.priority,
    writtenAfterMs: wrote ? Math.max(0, record.decidedAt - outcome.createdAt) : null,
    slaVerified: decision.slaPolicy === null ? null : (verification?.ok ?? null),
  };
}

const NOTHING: Promised = {
  tier: null,
  basis: null,
  policyVersion: null,
  slaPolicy: null,
  beforeInstallation: true,
  accountId: null,
  priority: null,
  writtenAfterMs: null,
  slaVerified: null,
};

/** The ledger no longer knows, or never did. */
function keptPromise(kept: TicketFact | null, outcome: TicketOutcome): Promised {
  if (kept === null || kept.beforeInstallation) return { ...NOTHING, priority: outcome.priority };
  const { tier, basis, policyVersion, slaPolicy, accountId, priority, writtenAfterMs, slaVerified } = kept;
  return {
    ...{ tier, basis, policyVersion, slaPolicy, accountId, writtenAfterMs, slaVerified },
    beforeInstallation: false,
    priority: tier === null ? outcome.priority : priority,
  };
}

/**
 * Why a ticket is in no report; null = it counts.
 *
 * A ticket marked as spam is deleted with it, and the export does not tell the two apart.
 */
function exclusionOf(outcome: TicketOutcome, policy: Policy): Exclusion | null {
  const { prefix, scope } = policy;
  const has = (tag: string): boolean => outcome.tags.includes(tag);
  if (has(`${prefix}canary`)) return "canary";
  if (outcome.merged) return "merged";
  if (outcome.status === "deleted") return "deleted";
  if (has(`${prefix}skip`) || scope.skipTagsAny.some(has)) return "skip";
  const { requesterRole: role } = outcome;
  if (role === null || (!STAFF.includes(role) && !scope.skipRequesterRoles.includes(role))) return null;
  return outcome.submitterId === outcome.requesterId ? "self" : "internal";
}

const STAFF: readonly string[] = ["agent", "admin"];

const isDone = (status: string): boolean => status === "solved" || status === "closed";
