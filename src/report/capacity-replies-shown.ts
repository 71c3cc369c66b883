/** Reply-time by hour of the week, as people see it. */
import type { TeamLoad } from "./capacity-teams.ts";
import { percent, priorityText } from "./figures.ts";
import type { HourCheck, ReplyCheck } from "./reply-check.ts";
import type { Cell, Datum, ShownPart, ShownTable, Tone, WeekPlot } from "./shown.ts";

const VERDICTS: Readonly<Record<ReplyCheck["verdict"], { readonly text: string; readonly tone: Tone }>> = {
  in_time: { text: "in time", tone: "good" },
  short: { text: "short", tone: "bad" },
  unknown: { text: "not known", tone: "quiet" },
};

type Checked = TeamLoad & { readonly reply: ReplyCheck };

function checkedOf(teams: readonly TeamLoad[]): readonly Checked[] {
  return teams.flatMap((one) => (one.reply === null ? [] : [{ ...one, reply: one.reply }]));
}

/** One row a team: the worst hour, and what one person more would do. */
export function replyPart(teams: readonly TeamLoad[], objective: number): ShownPart {
  const rows = checkedOf(teams);
  return {
    id: "reply_time",
    title: "Can first replies be in time with those on shift?",
    about: `The chance that a first touch is finished within the promised time in the busiest hour, by Erlang C, for the strictest promise of the team's tiers at their usual priority, against the objective of ${percent(objective)}. People on shift come from the policy (on_shift, else the team's time spread over its opening hours). Arrivals are planned, or measured where enough tickets came in.`,
    plot: null,
    table: {
      head: ["Team", "Promise", "Arrivals", "Busiest", "On shift", "In time", "By people", "Verdict"],
      figures: [3, 4, 5],
      rows: rows.map((one) => replyCells(one)),
      empty: "No team is planned whose tiers promise a first reply.",
    },
    data: rows.flatMap(({ team, reply }) =>
      reply.byPeople.map(({ people, inTime }) => ({
        team,
        tier: reply.tier,
        priority: reply.priority,
        within_minutes: reply.withinMinutes,
        arrivals: reply.arrivals,
        n: reply.n,
        people,
        in_time: inTime,
        needed: reply.needed,
        verdict: reply.verdict,
      })),
    ),
  };
}

function replyCells({ team, reply }: Checked): readonly Cell[] {
  const { worst } = reply;
  return [
    team,
    `${priorityText(reply.priority)}, ${reply.withinMinutes} min`,
    reply.arrivals === "measured" ? `n ${reply.n}` : "planned",
    worst === null ? "–" : `${worst.arrivalsPerHour.toFixed(2)}/h`,
    worst === null || worst.people === null ? "–" : String(Number(worst.people.toFixed(1))),
    worst === null || worst.inTime === null ? "–" : percent(worst.inTime),
    reply.byPeople
      .map(({ people, inTime }) => `${people}: ${percent(inTime)}`)
      .slice(0, 3)
      .join(", "),
    VERDICTS[reply.verdict],
  ];
}

/** Hour by hour: a grid a team on the page, spans of equal hours in the table, every hour in data. */
export function hoursPart(teams: readonly TeamLoad[], objective: number): ShownPart {
  const rows = checkedOf(teams);
  return {
    id: "hours",
    title: "Hour by hour",
    about:
      "Who answers a new ticket of the tier's usual priority, how many are there, how many come in, and whether the first touch can be in time.",
    plot: null,
    weeks: rows.map((one) => weekOf(one, objective)),
    table: hoursTable(rows, objective),
    data: rows.flatMap(({ team, reply }) =>
      reply.hours.map(
        (one): Readonly<Record<string, Datum>> => ({
          team,
          hour_of_week: one.hour,
          group: one.group,
          people: one.people,
          arrivals_per_hour: one.arrivalsPerHour,
          state: one.state,
          in_time: one.inTime,
        }),
      ),
    ),
  };
}

function hoursTable(rows: readonly Checked[], objective: number): ShownTable {
  return {
    head: ["Team", "Days", "Hours", "Answered by", "On shift", "Arrivals an hour", "In time", ""],
    figures: [4, 5, 6],
    rows: rows.flatMap(({ team, reply }) =>
      spansOf(reply.hours, objective).map((span) => spanCells(team, span, objective)),
    ),
    empty: "No team is planned whose tiers promise a first reply.",
  };
}

const STATES: Readonly<Record<HourCheck["state"], { readonly text: string; readonly tone: Tone }>> = {
  checked: { text: "in time", tone: "good" },
  stands: { text: "the clock stands", tone: "quiet" },
  nobody: { text: "nobody is there", tone: "bad" },
  unknown: { text: "team not planned", tone: "doubt" },
};

function judged(one: HourCheck, objective: number): { readonly text: string; readonly tone: Tone } {
  return one.state === "checked" && (one.inTime ?? 0) < objective
    ? { text: "short", tone: "bad" }
    : STATES[one.state];
}

function weekOf({ team, reply }: Checked, objective: number): WeekPlot {
  return {
    title: `${team}: ${reply.tierName}, ${reply.withinMinutes} min`,
    hours: reply.hours.map((one) => {
      const { text, tone } = judged(one, objective);
      const people = one.people === null ? "" : `, ${Number(one.people.toFixed(1))} on shift`;
      const chance = one.inTime === null ? "" : `, ${percent(one.inTime)} in time`;
      return { tone, text: `${text}${people}, ${one.arrivalsPerHour.toFixed(2)} an hour${chance}` };
    }),
    legend: [
      { tone: "good", text: `in time (${percent(objective)} or more)` },
      { tone: "bad", text: "short, or nobody" },
      { tone: "doubt", text: "team not planned" },
      { tone: "quiet", text: "the clock stands" },
    ],
  };
}

/** Hours in a row that are alike, on days that are alike. */
interface Span {
  readonly days: string;
  readonly from: number;
  readonly to: number;
  readonly hours: readonly HourCheck[];
}

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

function spansOf(hours: readonly HourCheck[], objective: number): readonly Span[] {
  const days = DAYS.map((_, day) => daySpans(hours.slice(day * 24, day * 24 + 24), objective));
  const found: Span[] = [];
  for (let first = 0; first < days.length; ) {
    const key = keyOfDay(days[first] ?? [], objective);
    let last = first;
    while (last + 1 < days.length && keyOfDay(days[last + 1] ?? [], objective) === key) last += 1;
    const name = first === last ? (DAYS[first] ?? "") : `${DAYS[first] ?? ""}–${DAYS[last] ?? ""}`;
    for (const [i, span] of (days[first] ?? []).entries()) {
      const all = days.slice(first, last + 1).flatMap((day) => day[i]?.hours ?? []);
      found.push({ ...span, days: name, hours: all });
    }
    first = last + 1;
  }
  return found;
}

function daySpans(hours: readonly HourCheck[], objective: number): readonly Span[] {
  const spans: { from: number; to: number; hours: HourCheck[] }[] = [];
  for (const [hour, one] of hours.entries()) {
    const last = spans.at(-1);
    const before = last?.hours[0];
    if (last !== undefined && before !== undefined && keyOf(before, objective) === keyOf(one, objective)) {
      last.to = hour + 1;
      last.hours.push(one);
    } else spans.push({ from: hour, to: hour + 1, hours: [one] });
  }
  return spans.map((span) => ({ ...span, days: "" }));
}

function keyOf(one: HourCheck, objective: number): string {
  return JSON.stringify([one.group, one.people, one.state, judged(one, objective).text]);
}

function keyOfDay(spans: readonly Span[], objective: number): string {
  return spans
    .map((one) => `${one.from}-${one.to}${one.hours[0] === undefined ? "" : keyOf(one.hours[0], objective)}`)
    .join();
}

function spanCells(team: string, { days, from, to, hours }: Span, objective: number): readonly Cell[] {
  const [first] = hours;
  if (first === undefined) return [];
  const rates = hours.map((one) => one.arrivalsPerHour);
  const [low, high] = [Math.min(...rates).toFixed(2), Math.max(...rates).toFixed(2)];
  const chances = hours.flatMap((one) => (one.inTime === null ? [] : [one.inTime]));
  return [
    team,
    days,
    `${from}:00–${to}:00`,
    first.state === "stands" ? "–" : (first.group ?? "nobody"),
    first.people === null ? "–" : String(Number(first.people.toFixed(1))),
    low === high ? low : `${low}–${high}`,
    chances.length === 0 ? "–" : percent(Math.min(...chances)),
    judged(first, objective),
  ];
}
