/** What was promised on each clock of a ticket, and whether it was kept; worked out from the desk's events alone. */

import { compilePolicy } from "../policy/compiled.ts";
import { metricInEvents } from "../policy/metric-events.ts";
import type { Instant, Policy, Priority, SlaMetric } from "../policy/model.ts";
import type { CompiledSchedule } from "../policy/schedule.ts";
import { foldedName } from "../policy/text-fold.ts";
import type { MetricEvent, TargetFact, TargetState, TicketFact } from "../ports.ts";
import { dueIn, minutesIn } from "./business-time.ts";
import { type ClockStory, clockStory } from "./clock-runs.ts";

/**
 * Every target of a ticket, by metric and instance.
 *
 * `now` is the moment up to which the events are known: an open clock past its target is `breached`, one inside it
 * `running`. A ticket that is in no report has its targets `void`. A clock that a solved ticket left open ended when it was
 * solved: the resolution was reached then, a reply nobody gave is `void`, unless it was late already.
 */
export function targetsOf(
  ticket: TicketFact,
  events: readonly MetricEvent[],
  policy: Policy,
  now: Instant,
): readonly TargetFact[] {
  const clocks = Map.groupBy(events, (one) => JSON.stringify([one.metric, one.instance]));
  return [...clocks.values()]
    .flatMap((rows): TargetFact[] => {
      const [first] = rows;
      const place = first === undefined ? null : placeOf(first, policy);
      if (place === null) return [];
      const beginning = place.instance === 1 && place.metric !== "next_reply" ? ticket.createdAt : null;
      const story = clockStory(rows, place.metric === "resolution", beginning);
      return story === null ? [] : [targetOf(ticket, place, story, policy, now)];
    })
    .toSorted((a, b) => (a.metric === b.metric ? a.instance - b.instance : a.metric < b.metric ? -1 : 1));
}

type Place = Pick<TargetFact, "metric" | "instance">;

/** Our metric of an event, and which one of it; null = a clock we promise nothing on. */
function placeOf({ metric, instance, kind }: MetricEvent, policy: Policy): Place | null {
  // Instance 0 carries measures beside the clocks (metric-event reference, remembered, not verified).
  if (instance < 1 || kind === "measure") return null;
  const mapped = policy.slaMetricMap;
  const isReply = metric === "reply_time";
  if (isReply && instance === 1 && metricInEvents(mapped.first_reply) === metric)
    return { metric: "first_reply", instance: 1 };
  if (isReply && instance > 1 && metricInEvents(mapped.next_reply) === metric)
    return { metric: "next_reply", instance: instance - 1 };
  const other = (["first_reply", "next_reply", "resolution"] as const satisfies readonly SlaMetric[]).find(
    (one) => !isReply && metricInEvents(mapped[one]) === metric,
  );
  return other === undefined ? null : { metric: other, instance };
}

function targetOf(
  ticket: TicketFact,
  place: Place,
  story: ClockStory,
  policy: Policy,
  now: Instant,
): TargetFact {
  const { sla, startedAt } = story;
  const hours = openingHours(policy, sla?.policyTitle ?? ticket.slaPolicy, place.metric, ticket.priority);
  const closed = closedAt(ticket, story);
  const runs =
    closed === null
      ? story.runs
      : story.runs.map(({ from, to }) => ({ from, to: to ?? Math.max(from, closed) }));
  const known = sla !== null && (!sla.businessHours || hours !== null);
  const dueAt =
    sla === null ? null : known ? dueIn(runs, sla.businessHours ? hours : null, sla.minutes) : story.breachAt;
  const endedAt = story.endedAt ?? closed;
  const answered = story.endedAt !== null || (place.metric === "resolution" && closed !== null);
  return {
    ticketId: ticket.ticketId,
    ...place,
    tier: ticket.tier,
    accountId: ticket.accountId,
    priority: ticket.priority,
    createdAt: ticket.createdAt,
    policy: sla?.policyTitle ?? null,
    targetMinutes: sla?.minutes ?? null,
    businessHours: sla?.businessHours ?? null,
    startedAt,
    endedAt,
    dueAt,
    state: ticket.excluded === null ? stateOf({ endedAt, answered, dueAt }, now) : "void",
    calendarMinutes: minutesIn(runs, null, now),
    businessMinutes: hours === null ? (story.elapsed?.business ?? null) : minutesIn(runs, hours, now),
  };
}

/** When a clock ended that no event ended: the ticket was solved over it. null = it did not. */
function closedAt(ticket: TicketFact, story: ClockStory): Instant | null {
  const isDone = ticket.status === "solved" || ticket.status === "closed";
  if (story.endedAt !== null || !isDone || ticket.solvedAt === null) return null;
  return Math.max(story.startedAt, ticket.solvedAt);
}

/** Exactly at the target is in time. */
function stateOf(
  { endedAt, answered, dueAt }: Pick<TargetFact, "endedAt" | "dueAt"> & { readonly answered: boolean },
  now: Instant,
): TargetState {
  if (dueAt !== null && dueAt < (endedAt ?? now)) return "breached";
  if (endedAt === null) return "running";
  return answered ? "met" : "void";
}

/**
 * The opening hours a target's business minutes are counted on: those the policy names for it; for a target round the
 * clock, or for none, those of another metric or priority of the same SLA policy, else the policy's only limited ones.
 */
function openingHours(
  policy: Policy,
  title: string | null,
  metric: SlaMetric,
  priority: Priority | null,
): CompiledSchedule | null {
  const { schedules } = compilePolicy(policy);
  const name = Object.keys(policy.slaPolicies).find((one) => foldedName(one) === foldedName(title ?? ""));
  const promised = name === undefined ? undefined : policy.slaPolicies[name];
  const own = priority === null ? null : (promised?.[metric][priority]?.schedule ?? null);
  const beside = Object.values(promised ?? {}).flatMap((row) =>
    Object.values(row).map((one) => one?.schedule),
  );
  const limited = [...schedules].filter(([, hours]) => !hours.alwaysOpen);
  const candidates = [own, ...beside].flatMap((one) => schedules.get(one ?? "") ?? []);
  const only = limited.length === 1 ? (limited[0]?.[1] ?? null) : null;
  return candidates.find((hours) => !hours.alwaysOpen) ?? only;
}
