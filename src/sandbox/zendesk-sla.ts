/** Which SLA policy a ticket gets, and the clocks that come with it. */
import { clockStage, clockState, exportName, instanceOf } from "./zendesk-clocks.ts";
import { meets } from "./zendesk-conditions.ts";
import type {
  AppliedSla,
  Json,
  MetricEventRecord,
  ScheduleRecord,
  SlaPolicyRecord,
  TicketRecord,
} from "./zendesk-records.ts";
import { iso, stamp, type World } from "./zendesk-world.ts";

/** Policies in the order they are tried. */
export const policiesInOrder = (world: World): readonly SlaPolicyRecord[] =>
  [...world.state.slaPolicies.values()].sort((a, b) => a.position - b.position);

/**
 * The ticket with the first matching policy and the targets of its priority; metric events are written on a change.
 *
 * Called on ticket events only: an edited policy or organization does nothing to a ticket until it is updated. Without a
 * priority there is no target ("no priority, no SLA" is remembered, not verified).
 */
export function withSla(world: World, ticket: TicketRecord): TicketRecord {
  const policy = world.behaviour.slas ? matching(world, ticket) : null;
  const targets = policy?.metrics.filter((metric) => metric.priority === ticket.priority) ?? [];
  const sla: AppliedSla | null = policy === null ? null : { policyId: policy.id, targets };
  const after = { ...ticket, sla };
  recordClocks(world, ticket, after);
  return after;
}

/** The `slas` side-load: clocks without the policy's id, which no ticket endpoint shows. */
export function slasView(world: World, ticket: TicketRecord): Json {
  const now = world.now();
  const clocks = (ticket.sla?.targets ?? []).flatMap((target) => {
    const clock = clockState(ticket, target, scheduleOf(world, ticket), now);
    if (clock === null) return [];
    return [
      {
        breach_at: iso(clock.breachAt),
        stage: clock.stage,
        metric: clock.metric,
        ...(clock.breachAt === null ? {} : timeLeft(clock.breachAt - now)),
      },
    ];
  });
  return { policy_metrics: clocks };
}

/** The schedule of a ticket: the one a trigger set, else the account's first; null = there is none. */
export function scheduleOf(world: World, ticket: TicketRecord): ScheduleRecord | null {
  const own = ticket.scheduleId === null ? undefined : world.state.schedules.get(ticket.scheduleId);
  return own ?? [...world.state.schedules.values()][0] ?? null;
}

function matching(world: World, ticket: TicketRecord): SlaPolicyRecord | null {
  const moment = { ticket, before: ticket, actor: null, channel: ticket.channel, commentPublic: null };
  return policiesInOrder(world).find((policy) => meets(world, policy.filter, moment)) ?? null;
}

/**
 * The export's rows after a ticket event: one that a clock began, paused or was fulfilled, one for each target applied to
 * it. A target that no longer holds, because another policy or priority took over, stays in the export and is marked deleted; so long as a
 * clock runs no more, its last row is history and stays.
 */
function recordClocks(world: World, before: TicketRecord, after: TicketRecord): void {
  const held = world.state.metricEvents.get(after.id) ?? [];
  const fresh: MetricEventRecord[] = [];
  const row = (event: Pick<MetricEventRecord, "metric" | "instanceId" | "type" | "sla">, at: number): void =>
    void fresh.push({ ...event, id: world.newId("other"), ticketId: after.id, at, deleted: false });
  const now = runningOf(after);
  for (const { metric, instanceId, sla } of now) {
    const mine = held.filter((event) => event.metric === metric && event.instanceId === instanceId);
    if (lastTurn(mine)?.type !== "activate")
      row({ metric, instanceId, type: "activate", sla: null }, stamp(world));
    if (!mine.some((event) => isSame(event, instanceId, sla)))
      row({ metric, instanceId, type: "apply_sla", sla }, stamp(world));
  }
  for (const { metric, instanceId, type } of endedOf(after, held))
    row({ metric, instanceId, type, sla: null }, stamp(world));
  const gone = (event: MetricEventRecord): boolean =>
    event.type === "apply_sla" &&
    !event.deleted &&
    !now.some((one) => one.metric === event.metric && isSame(event, one.instanceId, one.sla)) &&
    stillRuns(before, after, event);
  const events = [...withdrawn(held, gone), ...fresh];
  if (events.length > 0) world.state.metricEvents.set(after.id, events);
}

const TURNS = ["activate", "pause", "fulfill"];

/** The row that says how a clock stands: running, paused or fulfilled. */
const lastTurn = (rows: readonly MetricEventRecord[]): MetricEventRecord | undefined =>
  rows.findLast((event) => TURNS.includes(event.type));

/** Clocks that ran by their last row and do not run any more. Which of them a policy no longer measures is not told. */
function endedOf(
  ticket: TicketRecord,
  held: readonly MetricEventRecord[],
): readonly Pick<MetricEventRecord, "metric" | "instanceId" | "type">[] {
  return (ticket.sla?.targets ?? []).flatMap((target) => {
    const [metric, instanceId] = [exportName(target.metric), instanceOf(ticket, target.metric)];
    const mine = held.filter((event) => event.metric === metric && event.instanceId === instanceId);
    const stage = clockStage(ticket, target.metric);
    if (lastTurn(mine)?.type !== "activate" || stage === null || stage === "active") return [];
    return [{ metric, instanceId, type: stage === "paused" ? "pause" : "fulfill" }];
  });
}

interface Running {
  readonly metric: string;
  readonly instanceId: number;
  readonly sla: NonNullable<MetricEventRecord["sla"]>;
}

/** The clocks that run on a ticket, each with the target applied to it. */
function runningOf(ticket: TicketRecord): readonly Running[] {
  return (ticket.sla?.targets ?? []).flatMap((target) => {
    if (clockStage(ticket, target.metric) !== "active") return [];
    const sla = { policyId: ticket.sla?.policyId ?? "", target };
    return [{ metric: exportName(target.metric), instanceId: instanceOf(ticket, target.metric), sla }];
  });
}

/** Does the clock of this row still run, whoever's target it has now? An ended one keeps its last target. */
function stillRuns(before: TicketRecord, after: TicketRecord, event: MetricEventRecord): boolean {
  const target = event.sla?.target;
  if (target === undefined || before.sla === null) return false;
  return (
    clockStage(after, target.metric) === "active" && instanceOf(after, target.metric) === event.instanceId
  );
}

const isSame = (event: MetricEventRecord, instanceId: number, sla: MetricEventRecord["sla"]): boolean =>
  !event.deleted && event.instanceId === instanceId && JSON.stringify(event.sla) === JSON.stringify(sla);

/** Rows of an SLA that no longer holds stay in the export, marked deleted. */
const withdrawn = (
  events: readonly MetricEventRecord[],
  which: (event: MetricEventRecord) => boolean,
): readonly MetricEventRecord[] =>
  events.map((event) => (which(event) ? { ...event, deleted: true } : event));

function timeLeft(ms: number): Json {
  const minutes = Math.trunc(ms / 60_000);
  if (Math.abs(minutes) >= 1440) return { days: Math.trunc(minutes / 1440) };
  if (Math.abs(minutes) >= 60) return { hours: Math.trunc(minutes / 60) };
  return { minutes };
}
