/** What a ticket was promised, and which part of a new decision may change it. */
import { compilePolicy, rankOf } from "./compiled.ts";
import type {
  ApplyDecision,
  Baseline,
  DuePrediction,
  Instant,
  Policy,
  PriorDecision,
  Priority,
  Situation,
  Ticket,
  TierId,
} from "./model.ts";
import { clocksOf } from "./sla.ts";

/** The promise a decision made, as the next decision about the same ticket needs it. */
export function promiseOf(decision: ApplyDecision): PriorDecision {
  const { tier, basis, slaPolicy, priority, group, tagsAdd, due, baseline } = decision;
  return {
    tier,
    basis,
    slaPolicy,
    priority,
    group,
    tags: tagsAdd,
    firstReplyDueAt: due.first_reply.dueAt,
    ...(baseline === undefined ? {} : { baseline }),
  };
}

/** The promise to measure a new decision against; null = first decision, or a repeat of the creation event. */
export function promiseInForce(situation: Situation, policy: Policy): PriorDecision | null {
  const { prior, event } = situation;
  if (prior === null || event === "created") return null;
  return rankOf(compilePolicy(policy), prior.tier) === null ? null : prior;
}

/** Whether the promised tier stays although the rules now say another: it never sinks, unless the customer changed. */
export function keepsTier(
  prior: PriorDecision,
  found: TierId,
  situation: Situation,
  policy: Policy,
): boolean {
  const compiled = compilePolicy(policy);
  const promised = rankOf(compiled, prior.tier) ?? Number.NEGATIVE_INFINITY;
  const other = situation.event === "organization_changed" || situation.event === "requester_changed";
  return !other && (rankOf(compiled, found) ?? promised) < promised;
}

/** Whether a first-reply clock would end later than promised, or not at all. */
export function extendsPromise(
  prior: PriorDecision,
  found: DuePrediction,
  ticket: Ticket,
  priority: Priority,
  policy: Policy,
): boolean {
  const dueWith = (at: Priority): Instant | null =>
    clocksOf(prior.slaPolicy, at, ticket.createdAt, policy).first_reply.dueAt;
  const promised =
    prior.firstReplyDueAt === undefined ? prior.priority && dueWith(prior.priority) : prior.firstReplyDueAt;
  if (promised === null) return false;
  // A person who lowered the priority moved the promised clock too: that is not our doing.
  const limit = Math.max(promised, dueWith(priority) ?? promised);
  return found.dueAt === null || found.dueAt > limit;
}

/**
 * What counts as set before us: the present value, or where that is what we wrote last, the value before it.
 *
 * A priority that an agent confirmed since is the agent's.
 */
export function baselineOf(ticket: Ticket, prior: PriorDecision | null, policy: Policy): Baseline {
  const before = prior?.baseline;
  if (prior === null || before === undefined) return { priority: ticket.priority, group: ticket.group };
  const byAgent = ticket.prioritySetBy === "agent" && policy.priority.agentSet === "keep";
  const ours = ticket.priority === prior.priority && !byAgent;
  const stands = ticket.group === prior.group;
  return {
    priority: ours ? before.priority : ticket.priority,
    group: stands ? before.group : ticket.group,
    ...(!stands || before.groupMoved === true ? { groupMoved: true } : {}),
  };
}
