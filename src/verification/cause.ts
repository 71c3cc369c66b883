/** Why is the promised SLA not on the ticket, and can a write of ours put it there? Pure. */
import type { ApplyDecision, Policy, SlaMetric } from "../policy/model.ts";
import { tierTag } from "../policy/tags.ts";
import { foldedName } from "../policy/text-fold.ts";
import type { DeskSlaPolicy, SlaCause, SlaRepair, TicketReading, Verification } from "../ports.ts";
import { keyIn } from "../provision/marks.ts";
import { fits } from "./fits.ts";

/** What the desk shows now. */
export interface Scene {
  readonly ticket: Pick<
    TicketReading,
    "status" | "priority" | "tags" | "organizationId" | "brandId" | "requesterId"
  >;
  /** In the order they are tried; null = the desk has none, or not for our user. */
  readonly policies: readonly DeskSlaPolicy[] | null;
}

/** One reason. `repair` null = no write of ours would help. */
export interface Cause {
  readonly cause: SlaCause;
  readonly detail: string;
  readonly fix: string;
  readonly repair: SlaRepair["how"] | null;
}

const WHERE = "Admin Center > Objects and rules > Business rules > Service level agreements";

/** The reason for a verification that failed. `policies` alone decides where the plan has none. */
export function causeOf(
  found: Verification,
  decision: ApplyDecision,
  { ticket, policies }: Scene,
  policy: Policy,
): Cause {
  if (policies === null) return notInPlan();
  if (ticket.status === "closed" || ticket.status === "solved") return closed(ticket.status);
  if (ticket.priority === null) return noPriority();
  if (ticket.priority !== decision.priority) return otherPriority(ticket.priority, decision);
  const ours = policies.find((one) => foldedName(one.title) === foldedName(decision.slaPolicy ?? ""));
  if (ours === undefined) return missing(decision);
  if (!ticket.tags.includes(tierTag(decision.tier, policy))) return tagGone(decision, policy);
  const before = policies.slice(0, policies.indexOf(ours));
  const first = before.find((one) => fits(one.filter, ticket) === true);
  if (first !== undefined) return earlierPolicy(first, ours, "fits", policy);
  if (fits(ours.filter, ticket) === false) return misses(ours, decision, policy);
  const wrong = wrongTarget(ours, decision, policy);
  if (wrong !== null) return wrong;
  if (found.code === "sla_missing") return noEvent(ours);
  const maybe = before.find((one) => fits(one.filter, ticket) === null);
  return maybe === undefined ? otherHours(ours) : earlierPolicy(maybe, ours, "may fit", policy);
}

/** Why the first line of a plan without SLA policies says so for every ticket. */
export function notInPlan(): Cause {
  return {
    cause: "not_in_plan",
    detail: "The help desk shows no SLA policies: its plan has none, or our user may not read them.",
    fix: "Use an administrator's token, change the plan, or take sla_policy out of the tiers.",
    repair: null,
  };
}

/** Somebody attached, or an order attaches, another policy than promised. */
export function earlierPolicy(
  first: Pick<DeskSlaPolicy, "title" | "description">,
  ours: Pick<DeskSlaPolicy, "title">,
  how: "fits" | "may fit",
  policy: Policy,
): Cause {
  const own = keyIn(first.description ?? "", policy.prefix) !== null;
  const whose = own ? "one of ours" : "not one of ours";
  return {
    cause: "earlier_policy",
    detail: `The SLA policy ${first.title} (${whose}) stands before ${ours.title} and ${how} the ticket; the first that fits is applied.`,
    fix: own
      ? "Run `priority-support apply`: it puts the SLA policies in order."
      : `Move it below ${ours.title} or narrow its conditions (${WHERE}), or run \`priority-support apply --adopt\`.`,
    repair: null,
  };
}

function closed(status: string): Cause {
  return {
    cause: "ticket_closed",
    detail: `The ticket is ${status} already: no clock is attached any more.`,
    fix: "Nothing can be done for this ticket.",
    repair: null,
  };
}

function noPriority(): Cause {
  return {
    cause: "no_priority",
    detail: "The ticket has no priority, and targets are kept by priority.",
    fix: "Set a priority on the ticket.",
    repair: null,
  };
}

function otherPriority(now: string, { priority }: ApplyDecision): Cause {
  return {
    cause: "priority_changed",
    detail: `The ticket's priority is ${now} by now; the promise was made at ${priority ?? "none"}.`,
    fix: "Nothing, if somebody meant it; otherwise look for a trigger that sets the priority after us (`priority-support check`).",
    repair: null,
  };
}

function missing({ slaPolicy }: ApplyDecision): Cause {
  return {
    cause: "policy_missing",
    detail: `There is no SLA policy ${slaPolicy} in the help desk.`,
    fix: "Run `priority-support apply`, or correct sla_policy in the policy.",
    repair: null,
  };
}

function tagGone(decision: ApplyDecision, policy: Policy): Cause {
  return {
    cause: "tag_gone",
    detail: `The tag ${tierTag(decision.tier, policy)} is not on the ticket any more.`,
    fix: 'Look for a trigger with the action "Set tags": it replaces all others.',
    repair: "retag",
  };
}

function misses(ours: DeskSlaPolicy, decision: ApplyDecision, policy: Policy): Cause {
  return {
    cause: "filter_misses",
    detail: `The conditions of ${ours.title} do not fit a ticket with the tag ${tierTag(decision.tier, policy)}.`,
    fix: `Run \`priority-support apply\`, or correct its conditions (${WHERE}).`,
    repair: null,
  };
}

/** The desk's own target for the ticket's priority against the promised minutes. */
function wrongTarget(ours: DeskSlaPolicy, decision: ApplyDecision, policy: Policy): Cause | null {
  for (const metric of ["first_reply", "resolution", "next_reply"] as const satisfies readonly SlaMetric[]) {
    const { minutes } = decision.due[metric];
    if (minutes === null) continue;
    const id = policy.slaMetricMap[metric];
    const row = ours.targets.find((one) => one.metric === id && one.priority === decision.priority);
    if (row?.minutes === minutes) continue;
    const stated = row === undefined ? "has none" : `says ${row.minutes} minutes`;
    return {
      cause: "wrong_target",
      detail: `${ours.title} ${stated} for ${id} at ${decision.priority}; ${minutes} were promised.`,
      fix: `Run \`priority-support apply\`, or correct its targets (${WHERE}).`,
      repair: null,
    };
  }
  return null;
}

function noEvent(ours: DeskSlaPolicy): Cause {
  return {
    cause: "no_event",
    detail: `${ours.title} fits the ticket; it was made or moved after the ticket's last change, and policies are matched on changes alone.`,
    fix: "Update the ticket once, for example with an internal note.",
    repair: "touch",
  };
}

function otherHours(ours: DeskSlaPolicy): Cause {
  return {
    cause: "other_hours",
    detail: `${ours.title} is the first that fits, with the promised minutes: the help desk counts other opening hours.`,
    fix: "Run `priority-support check`: it compares schedules and holidays line by line.",
    repair: null,
  };
}
