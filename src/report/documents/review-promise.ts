/** The parts of a business review about the promise: kept how often, missed where and why, what is open. */
import type { Priority, SlaMetric } from "../../policy/model.ts";
import type { TargetFact, TicketFact } from "../../ports.ts";
import { missed } from "../credits.ts";
import { dayText, METRIC_WORDS, minutesText, momentText, priorityText, shareText } from "../figures.ts";
import { attainmentOf } from "../verdicts.ts";
import { type PaperSection, sentence, tableBlock } from "./paper.ts";
import type { ReviewOf } from "./review-figures.ts";

const METRICS: readonly SlaMetric[] = ["first_reply", "next_reply", "resolution"];
const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

/** Promise against delivery, by metric and priority. */
export function deliveredSection({ figures, policy, at }: ReviewOf): PaperSection {
  const { attainment: objective, minTargets } = policy.slaObjective;
  const rows = METRICS.flatMap((metric) =>
    PRIORITIES.flatMap((priority) => {
      const own = figures.targets.filter(
        (one) => one.metric === metric && one.priority === priority && one.targetMinutes !== null,
      );
      const met = own.filter((one) => one.state === "met").length;
      const late = own.filter((one) => missed(one, at)).length;
      if (met + late === 0) return [];
      const { share, verdict } = attainmentOf({ met, breached: late }, objective, minTargets);
      const promised = [...new Set(own.map((one) => minutesText(one.targetMinutes)))].join(" / ");
      return [
        [
          METRIC_WORDS[metric],
          priorityText(priority),
          promised,
          String(share.n),
          String(met),
          String(late),
          verdict === "too_few" ? "–" : shareText(share),
        ],
      ];
    }),
  );
  return {
    title: "Promised and delivered",
    blocks: [
      sentence(
        `Below ${minTargets} measured times there is no percentage: so few say more about chance than about service.`,
      ),
      tableBlock(
        ["What", "Priority", "Promised within", "n", "Met", "Missed", "Attainment (95%)"],
        rows,
        [2, 3, 4, 5, 6],
        "No promised time ended in this period.",
      ),
    ],
  };
}

/** Every missed time with what is known of its cause. */
export function breachesSection(of: ReviewOf): PaperSection {
  const { figures, policy, at, internal } = of;
  const tickets = new Map(figures.tickets.map((one) => [one.ticketId, one]));
  const rows = figures.targets
    .filter((one) => missed(one, at))
    .map((target) => [
      target.ticketId,
      momentText(target.createdAt, policy.timezone),
      `${METRIC_WORDS[target.metric]}${target.metric === "next_reply" ? ` ${target.instance}` : ""}`,
      priorityText(target.priority),
      minutesText(target.targetMinutes),
      target.endedAt === null ? "still open" : minutesText(takenOf(target)),
      internal ? causeOf(target, tickets.get(target.ticketId)) : "",
      "",
    ]);
  return {
    title: "Every missed time",
    blocks: [
      tableBlock(
        ["Ticket", "Created", "What", "Priority", "Promised", "Taken", "Cause", "Action"],
        rows,
        [4, 5],
        "No promised time was missed in this period.",
      ),
      ...(rows.length === 0
        ? []
        : [
            sentence(
              internal
                ? "Cause: what our records show. Complete it, with the action, before the review."
                : "Cause and action are gone through in the review.",
            ),
          ]),
    ],
  };
}

/** On the clock of the target. */
function takenOf({ businessHours, businessMinutes, calendarMinutes }: TargetFact): number {
  return businessHours === true ? (businessMinutes ?? calendarMinutes) : calendarMinutes;
}

/** Only what records show; null minutes and unknown groups are not guessed. */
function causeOf(target: TargetFact, ticket: TicketFact | undefined): string {
  if (ticket === undefined) return "not recorded";
  const { writtenAfterMs, slaVerified, reopens, group } = ticket;
  const routed = writtenAfterMs === null ? null : writtenAfterMs / 60_000;
  const causes = [
    ...(slaVerified === false ? ["the promised SLA was not attached"] : []),
    ...(routed !== null && target.targetMinutes !== null && routed > target.targetMinutes / 4
      ? [`routed only after ${minutesText(routed)}`]
      : []),
    ...(reopens > 0 ? ["reopened"] : []),
  ];
  const place = group === null ? "" : ` (group ${group})`;
  return `${causes.length === 0 ? "not recorded" : causes.join("; ")}${place}`;
}

/** Tickets that are not solved, the oldest first. */
export function openSection({ figures, policy, at }: ReviewOf): PaperSection {
  const late = new Set(
    figures.targets.filter((one) => one.endedAt === null && missed(one, at)).map((one) => one.ticketId),
  );
  const open = figures.tickets
    .filter((one) => one.status !== "solved" && one.status !== "closed")
    .toSorted((a, b) => a.createdAt - b.createdAt);
  return {
    title: "Open tickets",
    blocks: [
      tableBlock(
        ["Ticket", "Created", "Priority", "Status", "Past a promised time"],
        open.map((one) => [
          one.ticketId,
          dayText(one.createdAt, policy.timezone),
          priorityText(one.priority),
          one.status,
          late.has(one.ticketId) ? "yes" : "no",
        ]),
        [],
        "No ticket of this period is open.",
      ),
    ],
  };
}
