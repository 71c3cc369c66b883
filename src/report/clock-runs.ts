/** The runs of one clock of a ticket, put together from its events. */
import type { Instant } from "../policy/model.ts";
import type { MetricEvent } from "../ports.ts";
import type { Run } from "./business-time.ts";

/** What the events of one metric and instance say. */
export interface ClockStory {
  readonly startedAt: Instant;
  /** Oldest first; never empty. */
  readonly runs: readonly Run[];
  /** Fulfilled, and not begun again since. */
  readonly endedAt: Instant | null;
  /** The target in force at last; null = none. */
  readonly sla: MetricEvent["sla"];
  /** When the desk said it was too late; null = it did not. */
  readonly breachAt: Instant | null;
  /** Minutes on both clocks as the desk counted them last; null = not told. */
  readonly elapsed: MetricEvent["elapsed"];
}

/** Events of the same second come in this order: a clock begins before it ends. */
const ORDER: readonly MetricEvent["kind"][] = ["activate", "apply_sla", "pause", "update_status", "fulfill"];

/**
 * The story of one clock; `null` = its events name no beginning and `startedAt` is null too.
 *
 * `startedAt` stands in for a beginning that has not been told yet. A reply's clock ends with the first reply and never
 * begins again (the next question has its own instance); others begin again where a ticket is reopened. Events may come
 * in any order, and an end before the beginning, from clocks that disagree, counts as an end at the beginning.
 */
export function clockStory(
  events: readonly MetricEvent[],
  beginsAgain: boolean,
  startedAt: Instant | null,
): ClockStory | null {
  const told = events.filter((one) => !one.deleted).toSorted(inOrder);
  const start = told.find((one) => one.kind === "activate")?.at ?? startedAt;
  if (start === null) return null;
  const { runs, endedAt } = beginsAgain ? severalRuns(told, start) : oneRun(told, start);
  return {
    startedAt: start,
    runs,
    endedAt,
    sla: told.findLast((one) => one.kind === "apply_sla")?.sla ?? null,
    breachAt: told.findLast((one) => one.kind === "breach")?.at ?? null,
    elapsed: told.findLast((one) => one.elapsed !== null)?.elapsed ?? null,
  };
}

type Runs = Pick<ClockStory, "runs" | "endedAt">;

function oneRun(told: readonly MetricEvent[], start: Instant): Runs {
  const end = told.find((one) => one.kind === "fulfill")?.at ?? null;
  const endedAt = end === null ? null : Math.max(start, end);
  return { runs: [{ from: start, to: endedAt }], endedAt };
}

function severalRuns(told: readonly MetricEvent[], start: Instant): Runs {
  const done: Run[] = [];
  let from: Instant | null = start;
  let endedAt: Instant | null = null;
  for (const { kind, at } of told) {
    if (kind === "activate") {
      if (at <= start) continue;
      from ??= at;
      endedAt = null;
    }
    if (kind !== "pause" && kind !== "fulfill") continue;
    if (from !== null) done.push({ from, to: Math.max(from, at) });
    from = null;
    if (kind === "fulfill") endedAt = Math.max(start, at);
  }
  return { runs: from === null ? done : [...done, { from, to: null }], endedAt };
}

function inOrder(a: MetricEvent, b: MetricEvent): number {
  return a.at - b.at || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || byId(a.id, b.id);
}

/** Ids are numbers as a rule, longer than a number holds at times. */
function byId(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}
