/** Which group a ticket goes to, by who is there now, and who follows it. */
import { compilePolicy } from "./compiled.ts";
import type { Account, GroupAvailability, Instant, Policy, Priority, Tam, Ticket, Tier } from "./model.ts";
import { isOpen } from "./schedule.ts";
import { useFact } from "./subject.ts";
import { foldedName } from "./text-fold.ts";
import { note, type Trail } from "./trail.ts";

/** What routing looks at. */
export interface RoutingQuestion {
  readonly ticket: Ticket;
  /** The group that counts as set before us; null = none. */
  readonly standing: string | null;
  readonly tier: Tier;
  /** The priority just decided. */
  readonly priority: Priority;
  readonly policy: Policy;
  readonly availability: ReadonlyMap<string, GroupAvailability>;
  readonly now: Instant;
}

/** The group the ticket should be in; null = it has none, and none is written. */
export function groupOf(question: RoutingQuestion, trail: Trail): string | null {
  const kept = keptBecause(question);
  if (kept !== null) {
    note(trail, kept);
    return question.ticket.group;
  }
  const primary = question.tier.routing.group;
  if (primary === null) {
    note(trail, "group_kept_existing");
    return question.ticket.group;
  }
  return isStaffed(primary, question)
    ? inHours(primary, question, trail)
    : afterHours(primary, question, trail);
}

/** The technical account manager to add as follower, where the tier names one. `inherited` comes from a parent. */
export function followersOf(
  tier: Tier,
  account: Account | null,
  inherited: Tam | null,
  trail: Trail,
): readonly string[] {
  if (!tier.entitlements.namedTam) return [];
  const tam = account?.tam?.active ? account.tam : inherited;
  if (!tam?.active) {
    note(trail, "tam_missing", "review");
    return [];
  }
  if (account !== null) useFact(trail, account, "tam", tam.agent);
  return [tam.agent];
}

function keptBecause({ ticket, standing, policy }: RoutingQuestion): string | null {
  if (ticket.assignee !== null && policy.routing.keepWhenAssigned) return "group_kept_assignee";
  const form = ticket.form === null ? null : foldedName(ticket.form);
  if (form !== null && compilePolicy(policy).keptForms.has(form)) return "group_kept_form";
  return policy.routing.reroutableGroups.includes(standing) ? null : "group_kept_existing";
}

/** The primary's place is open: the primary, else a fallback, else the on-call group, else the primary all the same. */
function inHours(primary: string, question: RoutingQuestion, trail: Trail): string {
  const hindrance = hindranceOf(primary, question);
  if (hindrance === null) {
    note(trail, "group_primary");
    return primary;
  }
  note(trail, hindrance);
  const takes = (group: string): boolean =>
    isStaffed(group, question) && hindranceOf(group, question) === null;
  const fallback = question.tier.routing.fallback.find(takes);
  if (fallback !== undefined) return fallback;
  const onCall = onCallGroup(question);
  if (onCall !== null && takes(onCall)) {
    note(trail, "group_after_hours");
    return onCall;
  }
  note(trail, "group_all_unavailable", "attention");
  return primary;
}

function afterHours(primary: string, question: RoutingQuestion, trail: Trail): string {
  const onCall = onCallGroup(question);
  note(trail, onCall === null ? "group_waits_for_hours" : "group_after_hours", "after_hours");
  return onCall ?? primary;
}

/** The after-hours group, where this priority may go there. */
function onCallGroup({ tier, priority }: RoutingQuestion): string | null {
  const { priorities, group } = tier.routing.afterHours;
  return priorities.includes(priority) ? group : null;
}

/** Whether the group's place is open now; a group without known hours always is. */
function isStaffed(group: string, { policy, now }: RoutingQuestion): boolean {
  const name = policy.groups[group]?.schedule;
  const schedule = name === undefined ? undefined : compilePolicy(policy).schedules.get(name);
  return schedule === undefined || isOpen(schedule, now);
}

/** Why a group cannot take a ticket now; null = it can, or nothing is known. */
function hindranceOf(group: string, { policy, availability }: RoutingQuestion): string | null {
  const { online, unassigned } = availability.get(group) ?? { online: null, unassigned: null };
  if (online === 0) return "group_offline";
  const mark = compilePolicy(policy).overflowMarks.get(group);
  return mark !== undefined && unassigned !== null && unassigned >= mark ? "group_overflow" : null;
}
