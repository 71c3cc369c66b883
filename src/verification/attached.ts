/**
 * Are the clocks on a ticket the ones that its decision promised? Pure.
 *
 * Zendesk's ticket shows the clocks but not the policy's name, so a policy counts as attached when its clocks end when
 * the policy says they should, to the minute. What policy it was is told later, by the events of the clocks.
 */
import type { ApplyDecision, Policy, SlaMetric } from "../policy/model.ts";
import type { SlaReading, TicketImage, Verification } from "../ports.ts";

/** Zendesk rounds breach times to its own seconds; a minute is far below any target. */
const TOLERANCE_MS = 60_000;

/** Compares the clocks on a ticket with what the decision promised. */
export function verify(
  decision: ApplyDecision,
  before: TicketImage,
  reading: SlaReading | null,
  policy: Policy,
  at: number,
): Verification {
  const promised = (["first_reply", "next_reply", "resolution"] as const).filter(
    (m) => decision.due[m].dueAt !== null,
  );
  if (decision.slaPolicy === null || promised.length === 0)
    return { at, ok: true, code: "sla_not_promised", detail: "The tier promises no times at this priority." };
  if (reading === null)
    return { at, ok: false, code: "ticket_gone", detail: "The ticket is no longer there." };
  if (reading.policy !== null && reading.policy !== decision.slaPolicy)
    return {
      at,
      ok: false,
      code: "sla_other_policy",
      detail: `${reading.policy} is attached, ${decision.slaPolicy} was expected; an earlier policy matches.`,
    };
  const clocks = new Map(reading.clocks.map((c) => [c.metric, c]));
  if (before.openedByStaff === true && !clocks.has(policy.slaMetricMap.first_reply)) return notStarted(at);
  if (clocks.size === 0)
    return {
      at,
      ok: false,
      code: "sla_missing",
      detail: `No SLA clock runs; ${decision.slaPolicy} was expected. Its filter may not match the tag ${policy.prefix}tier_${decision.tier}.`,
    };
  return compare(decision, promised, clocks, policy, at);
}

/**
 * An agent opened the ticket for the customer: first reply is the next public answer after the customer's own
 * (support.zendesk.com 4408821871642, by way of the domain's sources, read 2026-11-22), so no clock runs yet.
 */
function notStarted(at: number): Verification {
  const detail = "An agent opened the ticket; the first-reply clock starts when the customer writes.";
  return { at, ok: true, code: "sla_not_started", detail };
}

function compare(
  decision: ApplyDecision,
  promised: readonly SlaMetric[],
  clocks: ReadonlyMap<string, SlaReading["clocks"][number]>,
  policy: Policy,
  at: number,
): Verification {
  for (const metric of promised.filter((m) => m !== "next_reply")) {
    const clock = clocks.get(policy.slaMetricMap[metric]);
    const due = decision.due[metric].dueAt;
    // A clock that is paused, fulfilled or not reported has no end to compare.
    if (clock === undefined || clock.breachAt === null || due === null || clock.stage !== "active") continue;
    if (Math.abs(clock.breachAt - due) > TOLERANCE_MS)
      return {
        at,
        ok: false,
        code: "sla_due_differs",
        detail: `${metric} ends ${iso(clock.breachAt)} in the help desk, ${iso(due)} was promised.`,
      };
  }
  const first = policy.slaMetricMap.first_reply;
  if (decision.due.first_reply.dueAt !== null && !clocks.has(first))
    return { at, ok: false, code: "sla_missing", detail: `No ${first} clock runs on the ticket.` };
  return {
    at,
    ok: true,
    code: "sla_attached",
    detail: `${decision.slaPolicy} is attached and ends as promised.`,
  };
}

function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
