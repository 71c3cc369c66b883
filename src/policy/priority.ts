/** Which priority a ticket gets: whose choice counts, what the text says, and the tier's bounds. */
import { compilePolicy } from "./compiled.ts";
import { keywordIn, PRIORITIES } from "./keywords.ts";
import type { Policy, Priority, Ticket, Tier } from "./model.ts";
import { foldedName } from "./text-fold.ts";
import { note, type Trail } from "./trail.ts";

/** The priority a ticket should have, and the listed phrase that was found in its text. */
export interface PriorityVerdict {
  readonly priority: Priority;
  readonly keyword: string | null;
}

/** Where the reckoning starts. */
interface Base {
  readonly level: number;
  /** The ceiling does not lower it. */
  readonly raiseOnly: boolean;
}

/**
 * The priority under a tier's default, floor and ceiling.
 *
 * `standing` is the priority that counts as set before us; null = none, whoever is named as setter.
 */
export function priorityOf(
  ticket: Ticket,
  standing: Priority | null,
  tier: Tier,
  policy: Policy,
  trail: Trail,
): PriorityVerdict {
  if (ticket.requester.vip) trail.flags.add("vip");
  const byAgent = standing !== null && ticket.prioritySetBy === "agent";
  if (byAgent && policy.priority.agentSet === "keep") {
    note(trail, "priority_agent_kept");
    return { priority: standing, keyword: null };
  }
  const base = baseOf(ticket, standing, tier, policy, trail);
  const spoken = raisedByKeyword(base, ticket, tier, policy, trail);
  const level = bounded(steppedForVip(spoken.level, ticket, tier, trail), base, tier, trail);
  return { priority: PRIORITIES[level] ?? tier.priority.default, keyword: spoken.keyword };
}

/** How pressing a priority is, 0 = least. */
export function pressing(priority: Priority): number {
  return PRIORITIES.indexOf(priority);
}

function baseOf(ticket: Ticket, standing: Priority | null, tier: Tier, policy: Policy, trail: Trail): Base {
  if (standing !== null && ticket.prioritySetBy === "agent") {
    note(trail, "priority_agent_kept");
    return { level: pressing(standing), raiseOnly: true };
  }
  const impact =
    ticket.impact === null ? undefined : compilePolicy(policy).impacts.get(foldedName(ticket.impact));
  if (impact !== undefined) {
    note(trail, "priority_from_impact");
    return { level: pressing(impact), raiseOnly: false };
  }
  if (standing !== null && (ticket.prioritySetBy === "automation" || ticket.prioritySetBy === "requester")) {
    note(trail, `priority_${ticket.prioritySetBy}`);
    return { level: pressing(standing), raiseOnly: ticket.prioritySetBy === "automation" };
  }
  note(trail, "priority_default");
  return { level: pressing(tier.priority.default), raiseOnly: false };
}

function raisedByKeyword(
  base: Base,
  ticket: Ticket,
  tier: Tier,
  policy: Policy,
  trail: Trail,
): { readonly level: number; readonly keyword: string | null } {
  const found = keywordIn(ticket.subject, ticket.description, compilePolicy(policy).keywords);
  if (found === null) return { level: base.level, keyword: null };
  const wanted = pressing(found.priority);
  const ceiling = pressing(tier.priority.ceiling);
  const level = Math.max(base.level, Math.min(wanted, ceiling));
  if (level > base.level) note(trail, "priority_keyword");
  if (wanted > ceiling && !base.raiseOnly) note(trail, "priority_ceiling", "capped");
  return { level, keyword: found.phrase };
}

function steppedForVip(level: number, ticket: Ticket, tier: Tier, trail: Trail): number {
  const steps = ticket.requester.vip && tier.priority.vipStep && level < pressing(tier.priority.ceiling);
  if (!steps) return level;
  note(trail, "priority_vip");
  return level + 1;
}

function bounded(level: number, base: Base, tier: Tier, trail: Trail): number {
  const floor = pressing(tier.priority.floor);
  const ceiling = pressing(tier.priority.ceiling);
  if (level < floor) {
    note(trail, "priority_floor");
    return floor;
  }
  if (level <= ceiling || base.raiseOnly) return level;
  note(trail, "priority_ceiling", "capped");
  return ceiling;
}
