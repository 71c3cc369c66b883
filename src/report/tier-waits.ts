/**
 * How long tickets of a window waited, by tier, priority and metric: on the customer's clock, and on opening hours.
 *
 * Two tiers are only compared on the same hours. Were each counted on its own, equal service would look worse in the
 * tier with the longer hours: a night counts there, and not in the other.
 */
import { compilePolicy } from "../policy/compiled.ts";
import type { Policy, Priority, SlaMetric } from "../policy/model.ts";
import { type CompiledSchedule, openMinutes } from "../policy/schedule.ts";
import type { TargetFact } from "../ports.ts";
import type { ReportInput } from "./attainment.ts";
import { counts, type ticketCount } from "./frame.ts";

/** `calendar`, or the name of the policy's schedule whose open minutes are counted. */
export interface WaitsOn {
  readonly tier: string;
  readonly priority: Priority;
  readonly metric: SlaMetric;
  readonly schedule: string | null;
}

/** Minutes each ticket waited; infinite where it waits still. Empty where nothing is known on such hours. */
export type TierWaits = (of: WaitsOn) => readonly number[];

/** A ticket is mature when everything about its first reply is long decided: a week, for the slowest targets. */
const MATURE_MS = 7 * 24 * 60 * 60_000;

/** Reads the mature tickets of a window; `tally` counts all of them, null = nobody asks. */
export async function tierWaits(
  { facts, window, at, policy }: ReportInput,
  tally: ReturnType<typeof ticketCount> | null,
): Promise<TierWaits> {
  const own = new Set<string>();
  for await (const page of facts.tickets(window))
    for (const ticket of page) {
      tally?.add(ticket);
      if (counts(ticket) && ticket.createdAt <= at - MATURE_MS) own.add(ticket.ticketId);
    }
  const add = adder(policy);
  for await (const page of facts.targets(window))
    for (const target of page) if (own.has(target.ticketId)) add.target(target);
  return add.waits;
}

/** The schedule on which two neighbouring tiers are compared: that of the higher one's promise; null = round the clock, or no promise. */
export function sharedSchedule(
  policy: Policy,
  higherSla: string | null,
  metric: SlaMetric,
  priority: Priority,
): string | null {
  const name = policy.slaPolicies[higherSla ?? ""]?.[metric][priority]?.schedule ?? null;
  return name === null || policy.schedules[name]?.alwaysOpen !== false ? null : name;
}

function adder(policy: Policy): { readonly target: (target: TargetFact) => void; readonly waits: TierWaits } {
  const lists = new Map<string, number[]>();
  const { schedules } = compilePolicy(policy);
  const hours = hoursOf(policy);
  const put = (of: WaitsOn, minutes: number): void => {
    const list = lists.get(keyOf(of));
    if (list === undefined) lists.set(keyOf(of), [minutes]);
    else list.push(minutes);
  };
  return {
    target: (target) => {
      const { tier, priority, metric, state } = target;
      if (tier === null || priority === null || state === "void") return;
      const of = { tier, priority, metric };
      // Who still waits has waited longer than anybody who was answered by now: no ratio, but not in time either.
      const open = target.endedAt === null;
      put({ ...of, schedule: null }, open ? Number.POSITIVE_INFINITY : target.calendarMinutes);
      const { own, all } = hours(of);
      for (const schedule of all) {
        const minutes = minutesOn(target, schedules.get(schedule), schedule === own);
        if (minutes !== null) put({ ...of, schedule }, open ? Number.POSITIVE_INFINITY : minutes);
      }
    },
    waits: (of) => lists.get(keyOf(of)) ?? [],
  };
}

/** A reply's clock never pauses; a resolution's does, so that it is known on its own hours alone. */
function minutesOn(
  { metric, startedAt, endedAt, businessMinutes }: TargetFact,
  schedule: CompiledSchedule | undefined,
  isOwn: boolean,
): number | null {
  if (schedule === undefined) return null;
  if (metric === "resolution") return isOwn ? businessMinutes : null;
  return openMinutes(schedule, startedAt, endedAt ?? startedAt);
}

/** Schedules a tier is looked at on: its own, and that of the tier above, each once; none for round the clock. */
interface Hours {
  readonly own: string | null;
  readonly all: readonly string[];
}

function hoursOf(policy: Policy): (of: Omit<WaitsOn, "schedule">) => Hours {
  const known = new Map<string, Hours>();
  return (of) => {
    const key = keyOf({ ...of, schedule: null });
    const before = known.get(key);
    if (before !== undefined) return before;
    const place = policy.tiers.findIndex(({ id }) => id === of.tier);
    const scheduleAt = (at: number): string | null =>
      sharedSchedule(policy, policy.tiers[at]?.slaPolicy ?? null, of.metric, of.priority);
    const [own, above] = place < 0 ? [null, null] : [scheduleAt(place), scheduleAt(place + 1)];
    const found = { own, all: [...new Set([own, above])].filter((one) => one !== null) };
    known.set(key, found);
    return found;
  };
}

function keyOf({ tier, priority, metric, schedule }: WaitsOn): string {
  return JSON.stringify([tier, priority, metric, schedule]);
}
