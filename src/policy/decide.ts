/** What to do with one ticket, and why. */
import { compilePolicy, tierNamed } from "./compiled.ts";
import { accountOf, exclusionOf } from "./matching.ts";
import type {
  ApplyDecision,
  Baseline,
  Basis,
  Decision,
  HeldState,
  Instant,
  Policy,
  PriorDecision,
  Priority,
  Situation,
  Tam,
  Tier,
  TierId,
} from "./model.ts";
import { nativeOutcomes } from "./native.ts";
import { pressing, priorityOf } from "./priority.ts";
import { baselineOf, extendsPromise, keepsTier, promiseInForce } from "./promise.ts";
import { followersOf, groupOf } from "./routing.ts";
import { clocksOf } from "./sla.ts";
import { flagTag, unwantedTags, wantedTags } from "./tags.ts";
import { tierOf } from "./tier.ts";
import { copyOf, FLAGS, type Flag, newTrail, note, type Trail } from "./trail.ts";

/** The tier a ticket's customer has now. */
interface Entitled {
  readonly accountId: string | null;
  readonly tier: TierId;
  readonly basis: Basis;
  readonly ledger: HeldState | null;
  readonly inheritedTam: Tam | null;
}

/** Everything one decision works with. */
interface Matter {
  readonly situation: Situation;
  readonly policy: Policy;
  readonly now: Instant;
  /** The promise the decision is measured against; null = none. */
  readonly promise: PriorDecision | null;
  readonly entitled: Entitled;
}

/**
 * What to change on a ticket, and why.
 *
 * Pure. Dates, overrides, priority and due times are judged at the ticket's creation; the age of facts and
 * staffing at `now`. With `situation.prior` the earlier promise is kept and a repeat changes nothing. Throws
 * RangeError for a policy that names what it does not define (lint finds those).
 */
export function decide(situation: Situation, policy: Policy, now: Instant): Decision {
  if (situation.event === "other") return { action: "skip", reasons: ["not_deciding"] };
  const excluded = exclusionOf(situation.ticket, policy);
  if (excluded !== null) return { action: "skip", reasons: [excluded] };

  const trail = newTrail();
  const entitled = entitlementOf(situation, policy, now, trail);
  const promise = promiseInForce(situation, policy);
  const matter: Matter = { situation, policy, now, promise, entitled };
  if (promise === null) return drawnUp(matter, false, trail);
  if (keepsTier(promise, entitled.tier, situation, policy)) return drawnUp(matter, true, trail);
  const asNow = drawnUp(matter, false, copyOf(trail));
  return breaksPromise(asNow, matter) ? drawnUp(matter, true, trail) : asNow;
}

function entitlementOf(situation: Situation, policy: Policy, now: Instant, trail: Trail): Entitled {
  const { ticket, accounts, held, overrides } = situation;
  const accountId = accountOf(situation, policy, trail);
  if (accountId === null) {
    note(trail, "account_unmatched", "unmatched");
    note(trail, "default_tier");
    const { tier } = policy.matching.unmatched;
    return { accountId, tier, basis: "default", ledger: null, inheritedTam: null };
  }
  const at = { asOf: ticket.createdAt, now };
  const verdict = tierOf(accountId, accounts, held.get(accountId) ?? null, overrides, policy, at);
  for (const reason of verdict.reasons) trail.reasons.add(reason);
  for (const flag of FLAGS) if (verdict.flags.includes(flag)) trail.flags.add(flag);
  trail.facts.push(...verdict.facts);
  const { tier, basis, ledger, inheritedTam } = verdict;
  return { accountId, tier, basis, ledger, inheritedTam };
}

function breaksPromise(decision: ApplyDecision, { promise, situation, policy }: Matter): boolean {
  if (promise === null || decision.tier === promise.tier || decision.priority === null) return false;
  return extendsPromise(promise, decision.due.first_reply, situation.ticket, decision.priority, policy);
}

/** Steps 7 to 10 for the tier the customer has now, or (`asPromised`) for the one the ticket was promised. */
function drawnUp(matter: Matter, asPromised: boolean, trail: Trail): ApplyDecision {
  const { situation, policy, entitled } = matter;
  const { ticket } = situation;
  const promise = asPromised ? matter.promise : null;
  if (promise !== null) note(trail, "promise_kept");
  const tier = tierNamed(compilePolicy(policy), promise?.tier ?? entitled.tier);
  const baseline = baselineOf(ticket, situation.prior, policy);
  const { priority, keyword } = priorityFor(matter, tier, baseline.priority, trail);
  const group = groupFor(matter, tier, priority, baseline, trail);
  const account = entitled.accountId === null ? null : (situation.accounts.get(entitled.accountId) ?? null);
  const followersAdd = followersOf(tier, account, entitled.inheritedTam, trail);
  const slaPolicy = slaPolicyFor(promise, tier, policy);
  const due = clocksOf(slaPolicy, priority, ticket.createdAt, policy);
  if (due.first_reply.dueAt !== null && due.first_reply.dueAt < matter.now) {
    note(trail, "sla_due_past", "attention");
  }
  const tagsAdd = wantedTags(tier.id, trail.flags, policy);
  return {
    action: "apply",
    accountId: entitled.accountId,
    tier: tier.id,
    basis: promise === null ? entitled.basis : (promise.basis ?? "held"),
    priority,
    priorityChanged: priority !== ticket.priority,
    group,
    followersAdd,
    slaPolicy,
    due,
    tagsAdd,
    tagsRemove: unwantedTags(ticket.tags, tagsAdd, policy),
    reasons: [...trail.reasons],
    keyword,
    facts: trail.facts,
    ledger: entitled.ledger,
    baseline,
  };
}

/** The priority by the tier's rules; after creation never lower than the ticket has. */
function priorityFor(
  matter: Matter,
  tier: Tier,
  before: Priority | null,
  trail: Trail,
): { readonly priority: Priority; readonly keyword: string | null } {
  const { situation, policy } = matter;
  const { ticket } = situation;
  const byTrigger = nativeOutcomes(ticket.tags, tier, policy).some((one) => one.priority === before);
  const standing = byTrigger ? null : before;
  const verdict = priorityOf(ticket, standing, tier, policy, trail);
  if (situation.event === "created" || ticket.priority === null) return verdict;
  if (pressing(verdict.priority) >= pressing(ticket.priority)) return verdict;
  note(trail, "promise_kept");
  return { ...verdict, priority: ticket.priority };
}

/** The group by the tier's rules; a ticket of the same tier stays where the last decision put it. */
function groupFor(
  matter: Matter,
  tier: Tier,
  priority: Priority,
  before: Baseline,
  trail: Trail,
): string | null {
  const { situation, policy, now } = matter;
  const { ticket, prior, availability } = situation;
  if (prior?.group !== undefined && prior.group === ticket.group && prior.tier === tier.id) {
    note(trail, "group_kept_existing");
    const staffing: readonly Flag[] = ["after_hours", "attention"];
    for (const flag of staffing) if (prior.tags.includes(flagTag(flag, policy))) trail.flags.add(flag);
    return ticket.group;
  }
  // Whoever moved it since a decision of ours was not us: it stays, also where the policy would move it on.
  if (situation.event !== "created" && before.groupMoved === true) {
    note(trail, "group_kept_existing");
    return ticket.group;
  }
  if (situation.event !== "created" && ticket.assignee !== null) {
    note(trail, "group_kept_assignee");
    return ticket.group;
  }
  const byTrigger = nativeOutcomes(ticket.tags, tier, policy).some((one) => one.group === before.group);
  const standing = byTrigger ? null : before.group;
  return groupOf({ ticket, standing, tier, priority, policy, availability, now }, trail);
}

function slaPolicyFor(promise: PriorDecision | null, tier: Tier, policy: Policy): string | null {
  const promised = promise?.slaPolicy ?? null;
  return promised !== null && policy.slaPolicies[promised] !== undefined ? promised : tier.slaPolicy;
}
