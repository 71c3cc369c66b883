/** The parts of the SLA document that speak of time: hours, severities, promised times, clocks, escalation. */
import type { Policy, Priority, SlaMetric, SlaTarget, Tier } from "../../policy/model.ts";
import { METRIC_WORDS, minutesText, percent, priorityText } from "../figures.ts";
import { hoursInWords } from "./opening-hours.ts";
import { type PaperSection, sentence, tableBlock } from "./paper.ts";

const METRICS: readonly SlaMetric[] = ["first_reply", "next_reply", "resolution"];
const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

function targetOf(policy: Policy, tier: Tier, metric: SlaMetric, priority: Priority): SlaTarget | null {
  return policy.slaPolicies[tier.slaPolicy ?? ""]?.[metric][priority] ?? null;
}

/** Schedules that a clock of this tier runs on, with zone and holidays. */
export function hoursSection(policy: Policy, tier: Tier): PaperSection {
  const names = new Set(
    METRICS.flatMap((metric) =>
      PRIORITIES.flatMap((priority) => targetOf(policy, tier, metric, priority)?.schedule ?? []),
    ),
  );
  const schedules = [...names].flatMap((name) => {
    const schedule = policy.schedules[name];
    return schedule === undefined ? [] : [{ name, schedule }];
  });
  return {
    title: "Support hours",
    blocks: [
      tableBlock(
        ["Clock", "Open", "Closed on"],
        schedules.map(({ name, schedule }) => [
          name,
          hoursInWords(schedule),
          schedule.alwaysOpen || schedule.holidays.length === 0
            ? "no holidays"
            : schedule.holidays.toSorted().join(", "),
        ]),
        [],
        "No time is promised to this tier, so no hours are.",
      ),
    ],
  };
}

/** What each priority means, and within which bounds this tier's tickets are handled. */
export function severitiesSection(policy: Policy, { priority }: Tier): PaperSection {
  const severities = policy.terms?.severities ?? {};
  return {
    title: "Severities",
    blocks: [
      tableBlock(
        ["Priority", "Means", "For example"],
        PRIORITIES.flatMap((level) => {
          const one = severities[level];
          return one === undefined ? [] : [[priorityText(level), one.means, one.examples.join("; ")]];
        }),
        [],
        "The policy does not define the priorities.",
      ),
      sentence(
        `A ticket that comes without a priority is handled as ${priority.default}; none is handled below ${priority.floor} by itself, and none is raised above ${priority.ceiling} by itself.`,
      ),
    ],
  };
}

/** Metric × priority, each line a commitment or a target; what is not promised says so. */
export function timesSection(policy: Policy, tier: Tier): PaperSection {
  const commitments = policy.terms?.commitments ?? [];
  return {
    title: "Promised times",
    blocks: [
      tableBlock(
        ["What", "Priority", "Within", "Clock", "Kind"],
        METRICS.flatMap((metric) =>
          PRIORITIES.map((priority) => {
            const target = targetOf(policy, tier, metric, priority);
            const head = [METRIC_WORDS[metric], priorityText(priority)];
            return target === null
              ? [...head, "not promised", "–", "–"]
              : [
                  ...head,
                  minutesText(target.minutes),
                  target.schedule,
                  commitments.includes(metric) ? "commitment" : "target",
                ];
          }),
        ),
        [2],
      ),
      sentence(
        "A commitment is owed by contract. A target is what we aim at and report; missing it alone gives rise to no claim.",
      ),
    ],
  };
}

// https://support.zendesk.com/hc/en-us/articles/4408821871642 and the definitions that GitLab's handbook quotes from
// Zendesk (which statuses each time counts); remembered, not verified.
const CLOCKS: Readonly<Record<string, string>> = {
  first_reply_time:
    "starts when the ticket is created and stops with the first public reply of a person; an automatic reply does not count.",
  next_reply_time:
    "starts with the customer's oldest unanswered comment and stops with the next public reply of a person.",
  requester_wait_time:
    "runs while the ticket is new, open or on hold, pauses while it is pending (we wait for the customer), and stops when it is solved.",
  agent_work_time:
    "runs while the ticket is new or open, pauses while it is pending or on hold, and stops when it is solved.",
  total_resolution_time: "runs from the ticket's creation until it is solved, without a pause.",
};

/** What starts, pauses and stops each clock of which something is promised. */
export function clocksSection(policy: Policy, tier: Tier): PaperSection {
  const promised = METRICS.filter((metric) =>
    PRIORITIES.some((priority) => targetOf(policy, tier, metric, priority) !== null),
  );
  return {
    title: "How the time is counted",
    blocks: [
      {
        kind: "list",
        items: promised.map((metric) => {
          const id = policy.slaMetricMap[metric];
          return `${METRIC_WORDS[metric]}: the clock ${CLOCKS[id] ?? `is the help desk's ${id}.`}`;
        }),
      },
      sentence("On a clock with opening hours, time outside them is not counted."),
    ],
  };
}

/** Who is told when which part of a first reply's time has passed. */
export function escalationSection(policy: Policy, tier: Tier): PaperSection {
  const steps = policy.terms?.escalation ?? [];
  const promised = PRIORITIES.flatMap((priority) => {
    const target = targetOf(policy, tier, "first_reply", priority);
    return target === null ? [] : [{ priority, minutes: target.minutes }];
  });
  return {
    title: "Escalation",
    blocks: [
      tableBlock(
        ["When", "Who is told", ...promised.map(({ priority }) => `First reply, ${priority}: after`)],
        steps.map(({ at, to }) => [
          `${percent(at).replace(".0%", "%")} of the time has passed`,
          to,
          ...promised.map(({ minutes }) => exactly(minutes * at)),
        ]),
        promised.map((_, i) => i + 2),
        "No escalation path is promised.",
      ),
    ],
  };
}

/** To a hundredth of a minute: a rounded time would be another promise. */
function exactly(minutes: number): string {
  return minutes < 120 ? `${Number(minutes.toFixed(2))} min` : minutesText(minutes);
}
