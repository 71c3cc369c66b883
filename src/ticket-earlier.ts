/** What a ticket's earlier decisions say to whoever decides it again. Pure. */
import type { ApplyDecision, Decision, TicketEvent } from "./policy/model.ts";
import type { Claim, DecisionRecord, TicketReading } from "./ports.ts";

/** A simulated decision says nothing. */
export interface Earlier {
  /** The newest that changed the ticket or found it as it should be; null = none did. */
  readonly prior: DecisionRecord | null;
  /** One whose write may have arrived; null = none. */
  readonly doubtful: DecisionRecord | null;
  /**
   * The ticket's creation is dealt with, also by leaving it alone: a webhook that comes after the sweep has found its
   * ticket must not be told a second time.
   */
  readonly decided: boolean;
}

/** What these decisions, newest first, say. */
export function earlierOf(decisions: readonly DecisionRecord[]): Earlier {
  const real = decisions.filter(({ state }) => state !== "simulated");
  const certain = real.filter(({ state }) => state !== "intended");
  const [newest] = real.filter(counts);
  return {
    prior: certain.find(counts) ?? null,
    doubtful: newest?.state === "intended" ? newest : null,
    decided: certain.length > 0,
  };
}

function counts({ state, decision }: DecisionRecord): boolean {
  return state !== "left" || decision.action === "apply";
}

const STRENGTH: readonly TicketEvent[] = [
  "other",
  "backfill",
  "override_added",
  "tier_raised",
  "requester_changed",
  "organization_changed",
  "created",
];

/**
 * The event to decide for: the strongest of the claim. The creation of a ticket that is decided already hides none of the
 * others; where there is no other, it is the answer.
 */
export function eventOf(claim: Pick<Claim, "deliveries">, decided: boolean): TicketEvent {
  const events = claim.deliveries.map((delivery) => delivery.hint?.event ?? "other");
  const others = decided ? events.filter((event) => event !== "created") : events;
  const strongest = others.reduce<TicketEvent>(
    (a, b) => (STRENGTH.indexOf(b) > STRENGTH.indexOf(a) ? b : a),
    "other",
  );
  return strongest === "other" && events.includes("created") ? "created" : strongest;
}

/** Does the claim bring an event that a decision in doubt, now found applied, cannot have known? */
export function bringsMore(claim: Pick<Claim, "deliveries">, doubtful: DecisionRecord): boolean {
  return claim.deliveries.some(
    ({ id, hint }) =>
      id !== doubtful.deliveryId && hint !== null && hint.event !== "created" && hint.event !== "other",
  );
}

/**
 * The decision, leaving the group where a person put it while we were about to write.
 *
 * An intent tells which group we had seen, and whether we wanted another; a ticket that is somewhere else since was moved
 * by somebody, also where the policy would move it on.
 */
export function keepingGroup(
  decision: Decision,
  doubtful: DecisionRecord | null,
  reading: Pick<TicketReading, "group">,
): Decision {
  if (decision.action === "skip" || doubtful === null) return decision;
  const moved = doubtful.change?.group === undefined || doubtful.before.group !== reading.group;
  return moved && decision.group !== reading.group ? staying(decision, reading.group) : decision;
}

function staying(decision: ApplyDecision, group: string | null): ApplyDecision {
  const reasons = decision.reasons.filter((reason) => !reason.startsWith("group_"));
  const baseline = { priority: null, ...decision.baseline, group, groupMoved: true };
  return { ...decision, group, baseline, reasons: [...reasons, "group_kept_existing"] };
}
