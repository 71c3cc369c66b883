/** The parts of a business review about how things move: volume, topics, reopened tickets, satisfaction. */
import { DateTime } from "luxon";
import type { TargetFact, TicketFact } from "../../ports.ts";
import { counted, minutesText, shareText } from "../figures.ts";
import { shareOf } from "../proportions.ts";
import { ascending, percentile } from "../times.ts";
import { type PaperSection, sentence, tableBlock } from "./paper.ts";
import type { ReviewFigures, ReviewOf } from "./review-figures.ts";

/** Month by month, and the whole period against the one before. */
export function trendSection({ figures, window, policy }: ReviewOf): PaperSection {
  const zone = policy.timezone;
  const monthOf = (at: number): string => DateTime.fromMillis(at, { zone }).toFormat("yyyy-MM");
  const months: string[] = [];
  for (
    let start = DateTime.fromMillis(window.from, { zone }).startOf("month");
    start.toMillis() < window.until;
    start = start.plus({ months: 1 })
  )
    months.push(start.toFormat("yyyy-MM"));
  const row = (name: string, tickets: readonly TicketFact[], targets: readonly TargetFact[]) => [
    name,
    String(tickets.length),
    String(tickets.filter((one) => one.priority === "urgent").length),
    minutesText(medianOf(targets)),
    String(tickets.filter((one) => one.reopens > 0).length),
  ];
  return {
    title: "Trend",
    blocks: [
      tableBlock(
        ["Period", "Tickets", "Urgent", "Median first reply", "Reopened"],
        [
          ...months.map((month) =>
            row(
              month,
              figures.tickets.filter((one) => monthOf(one.createdAt) === month),
              figures.targets.filter((one) => monthOf(one.createdAt) === month),
            ),
          ),
          row("This period", figures.tickets, figures.targets),
          row("The period before", figures.earlier.tickets, figures.earlier.targets),
        ],
        [1, 2, 3, 4],
      ),
      sentence(
        "The first reply in calendar time; the number of tickets beside it says how much it rests on.",
      ),
    ],
  };
}

function medianOf(targets: readonly TargetFact[]): number | null {
  const minutes = targets
    .filter((one) => one.metric === "first_reply" && one.endedAt !== null)
    .map((one) => one.calendarMinutes);
  return percentile(ascending(minutes), 0.5);
}

const TOPICS = 5;

/** What the tickets were about most often. */
export function topicsSection({ tickets, earlier }: ReviewFigures): PaperSection {
  const count = (all: readonly TicketFact[]): ReadonlyMap<string, number> => {
    const found = new Map<string, number>();
    for (const topic of all.flatMap((one) => one.topics)) found.set(topic, (found.get(topic) ?? 0) + 1);
    return found;
  };
  const before = count(earlier.tickets);
  const rows = [...count(tickets)].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, TOPICS);
  return {
    title: "Topics",
    blocks: [
      tableBlock(
        ["Topic", `Of ${counted(tickets.length, "ticket")}`, "The period before"],
        rows.map(([topic, n]) => [topic, String(n), String(before.get(topic) ?? 0)]),
        [1, 2],
        "The tickets carry no topics.",
      ),
    ],
  };
}

/** Fewer ratings are counts, not a share. */
const MIN_RATINGS = 3;
/** Fewer solved tickets are counts as well. */
const MIN_SOLVED = 5;

/** Ratings and reopened tickets, with how many they rest on; a missing rating is missing. */
export function satisfactionSection({ tickets }: ReviewFigures): PaperSection {
  const rated = tickets.filter((one) => one.satisfaction !== null);
  const good = rated.filter((one) => one.satisfaction === "good").length;
  const solved = tickets.filter((one) => one.solvedAt !== null);
  const reopened = solved.filter((one) => one.reopens > 0).length;
  const comments = rated.filter((one) => one.satisfactionComment).length;
  const share = (hits: number, n: number, least: number): string =>
    n < least ? `${hits} of ${n}` : `${shareText(shareOf(hits, n))}, ${hits} of ${n}`;
  return {
    title: "Satisfaction",
    blocks: [
      {
        kind: "facts",
        facts: [
          ["Rated good", rated.length === 0 ? "no ticket was rated" : share(good, rated.length, MIN_RATINGS)],
          ["Ratings with a comment", `${comments} (read them in the help desk)`],
          [
            "Reopened of solved",
            solved.length === 0 ? "no ticket was solved" : share(reopened, solved.length, MIN_SOLVED),
          ],
        ],
      },
    ],
  };
}
