/** When SLA clocks run, pause and end, worked out from a ticket's own history: pure arithmetic over its record. */
import type { PolicyMetric, ScheduleRecord, TicketRecord } from "./zendesk-records.ts";
import { afterWorking, workingMs } from "./zendesk-schedule.ts";

/** A stretch in which a clock runs; `to: null` = it still does. */
interface Run {
  readonly from: number;
  readonly to: number | null;
}

/** One SLA clock at a moment. `breachAt: null` = paused or ended; `remainingMs: null` likewise. */
export interface ClockState {
  readonly metric: string;
  readonly stage: "active" | "paused" | "achieved";
  readonly breachAt: number | null;
}

/**
 * The state of one clock at `now`; null = it never started (no reply is owed).
 *
 * Clocks count from the event that starts them (creation, the customer's last question), not from the moment the
 * policy was applied. Business hours use `schedule`; null = around the clock.
 */
export function clockState(
  ticket: TicketRecord,
  target: PolicyMetric,
  schedule: ScheduleRecord | null,
  now: number,
): ClockState | null {
  const stage = clockStage(ticket, target.metric);
  if (stage === null) return null;
  const hours = target.businessHours ? schedule : null;
  const runs = runsOf(ticket, target.metric) ?? [];
  return {
    metric: target.metric,
    stage,
    breachAt: stage === "active" ? breachAt(runs, target.target * 60_000, hours, now) : null,
  };
}

/** How a clock stands now; null = it never started. */
export function clockStage(ticket: TicketRecord, metric: string): ClockState["stage"] | null {
  const last = runsOf(ticket, metric)?.at(-1);
  if (last === undefined) return null;
  if (last.to === null) return "active";
  return isPaused(ticket, metric) ? "paused" : "achieved";
}

/** Number of the clock's current instance: replies count up, everything else is 1. */
export const instanceOf = (ticket: TicketRecord, metric: string): number =>
  metric === "next_reply_time" ? Math.max(2, questions(ticket).length) : 1;

/** Name of a policy metric in the metric-events export, where the reply metrics share one name. */
export const exportName = (metric: string): string =>
  metric === "first_reply_time" || metric === "next_reply_time"
    ? "reply_time"
    : metric === "total_resolution_time"
      ? "resolution_time"
      : metric;

function breachAt(
  runs: readonly Run[],
  targetMs: number,
  hours: ScheduleRecord | null,
  now: number,
): number | null {
  let left = targetMs;
  for (const run of runs) {
    const spent = workingMs(hours, run.from, run.to ?? now);
    if (run.to === null || spent >= left) return afterWorking(hours, run.from, left);
    left -= spent;
  }
  return null;
}

function runsOf(ticket: TicketRecord, metric: string): readonly Run[] | null {
  const asked = questions(ticket);
  switch (metric) {
    case "first_reply_time":
      return asked.slice(0, 1);
    case "next_reply_time":
      return asked.slice(1).slice(-1);
    case "total_resolution_time":
      return whileStatus(ticket, ["new", "open", "pending", "hold"]);
    case "requester_wait_time":
      return whileStatus(ticket, ["new", "open", "hold"]);
    case "agent_work_time":
      return whileStatus(ticket, ["new", "open"]);
    case "periodic_update_time":
      return sinceUpdate(ticket, ["new", "open", "pending", "hold"]);
    case "pausable_update_time":
      return sinceUpdate(ticket, ["new", "open", "hold"]);
    default:
      return null;
  }
}

/** A customer's public comment opens a question; the next public comment of an agent answers it. */
function questions(ticket: TicketRecord): readonly Run[] {
  const runs: Run[] = [];
  for (const comment of ticket.comments) {
    if (!comment.public) continue;
    const last = runs.at(-1);
    const waiting = last !== undefined && last.to === null;
    if (comment.fromEndUser && !waiting) runs.push({ from: comment.at, to: null });
    if (!comment.fromEndUser && waiting) runs[runs.length - 1] = { from: last.from, to: comment.at };
  }
  return runs;
}

function whileStatus(ticket: TicketRecord, running: readonly string[]): readonly Run[] {
  const runs: Run[] = [];
  for (const [index, entry] of ticket.statusHistory.entries()) {
    if (!running.includes(entry.status)) continue;
    const to = ticket.statusHistory[index + 1]?.at ?? null;
    const last = runs.at(-1);
    if (last !== undefined && last.to === entry.at) runs[runs.length - 1] = { from: last.from, to };
    else runs.push({ from: entry.at, to });
  }
  return runs;
}

/** Runs of the update clocks: they start again at every public comment of an agent. */
function sinceUpdate(ticket: TicketRecord, running: readonly string[]): readonly Run[] {
  const updates = ticket.comments.filter((comment) => comment.public && !comment.fromEndUser);
  const from = updates.at(-1)?.at ?? ticket.createdAt;
  return whileStatus(ticket, running).flatMap((run) =>
    run.to !== null && run.to <= from ? [] : [{ from: Math.max(run.from, from), to: run.to }],
  );
}

const isPaused = (ticket: TicketRecord, metric: string): boolean =>
  !metric.endsWith("reply_time") && ["pending", "hold"].includes(ticket.status);
