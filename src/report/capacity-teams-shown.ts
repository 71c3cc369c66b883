/** The teams' load as people see it. */
import type { CapacityVerdict, TeamLoad } from "./capacity-teams.ts";
import { counted, hoursText, percent } from "./figures.ts";
import type { Cell, Datum, Plot, PlotRow, ShownPart, Tone } from "./shown.ts";

/** How a capacity verdict reads. */
export const CAPACITY_VERDICTS: Readonly<
  Record<CapacityVerdict, { readonly text: string; readonly tone: Tone }>
> = {
  fits: { text: "fits", tone: "good" },
  tight: { text: "tight", tone: "doubt" },
  does_not_fit: { text: "does not fit", tone: "bad" },
  unknown: { text: "not planned", tone: "quiet" },
};

/** `Premier Support: 58.6% planned with 24 accounts; …`; `seenAs` = what the measured tickets are. */
export function teamSentence(team: TeamLoad, objective: number, seenAs = "that came in"): Cell {
  const { planned, measured, reply, verdict } = team;
  const work =
    planned?.utilisation === null || planned?.utilisation === undefined
      ? "there is no capacity at all"
      : `${percent(planned.utilisation)} busy as planned with ${counted(planned.accounts, "account")}`;
  const seen =
    measured === null || measured.utilisation === null
      ? ""
      : `, ${percent(measured.utilisation)} by the ${counted(measured.n, "ticket")} ${seenAs}`;
  return {
    text: `${team.team}: ${work}${seen}${replySentence(team, objective)}. Verdict: ${CAPACITY_VERDICTS[verdict].text}.${remedy(team)}`,
    tone: reply === null && planned === null ? "quiet" : CAPACITY_VERDICTS[verdict].tone,
  };
}

function replySentence({ reply }: TeamLoad, objective: number): string {
  if (reply === null) return "";
  if (reply.worst === null) return "; nobody knows how many are on shift, so no reply-time is told";
  const people = reply.worst.people ?? 0;
  const nobody = [
    [reply.hoursWithNobody, "nobody is there"] as const,
    [reply.hoursUnknown, "the policy plans no team"] as const,
  ].map(([hours, what]) => (hours === 0 ? "" : `, and in ${counted(hours, "hour")} of the week ${what}`));
  return `; with ${peopleText(people)} on shift ${percent(reply.worst.inTime ?? 0)} of first replies come within ${reply.withinMinutes} min in the worst hour (objective ${percent(objective)})${nobody.join("")}`;
}

function remedy({ verdict, peopleNeeded, planned }: TeamLoad): string {
  if (verdict === "fits" || peopleNeeded === null || planned === null) return "";
  return ` It takes ${peopleNeeded.toFixed(1)} full-time people.`;
}

/** `1.4 people`, `1 person`. */
export function peopleText(people: number): string {
  const text = String(Number(people.toFixed(1)));
  return `${text} ${text === "1" ? "person" : "people"}`;
}

/** Teams with their load; also for the teams of a what-if. */
export function utilisationPart(
  teams: readonly TeamLoad[],
  id = "utilisation",
  title = "Work against capacity, a month",
): ShownPart {
  return {
    id,
    title,
    about:
      'Planned: accounts × tickets × handling time by the policy\'s figures. Measured: tickets that really came in, at the same handling time. "At 100%": accounts whose planned work fills the team. "An hour": tickets that one person finishes.',
    plot: plotOf(teams),
    table: {
      head: [
        "Team",
        "Accounts",
        "Work",
        "Capacity",
        "Planned",
        "At 100%",
        "Measured",
        "n",
        "An hour",
        "Verdict",
      ],
      figures: [1, 2, 3, 4, 5, 6, 7, 8],
      rows: teams.map(cellsOf),
      empty: "No tier has a group, and the policy plans no team.",
    },
    data: teams.map(dataOf),
  };
}

function cellsOf(team: TeamLoad): readonly Cell[] {
  const { planned, measured } = team;
  const none = planned !== null && planned.utilisation === null;
  return [
    team.team,
    String(team.accounts),
    planned === null ? "–" : hoursText(planned.workHours),
    planned === null ? "not planned" : hoursText(planned.capacityHours),
    planned === null || planned.utilisation === null
      ? none
        ? { text: "no capacity", tone: "bad" }
        : "–"
      : percent(planned.utilisation),
    planned?.accountsAtFull === null || planned === null ? "–" : String(planned.accountsAtFull),
    measured === null || measured.utilisation === null ? "–" : percent(measured.utilisation),
    measured === null ? "–" : String(measured.n),
    team.ticketsPerAgentHour === null ? "–" : team.ticketsPerAgentHour.toFixed(2),
    CAPACITY_VERDICTS[team.verdict],
  ];
}

function dataOf(team: TeamLoad): Readonly<Record<string, Datum>> {
  const { planned, measured, coverage, reply } = team;
  return {
    team: team.team,
    tiers: team.tiers.map((one) => one.id).join(" "),
    accounts: team.accounts,
    work_hours: planned?.workHours ?? null,
    capacity_hours: planned?.capacityHours ?? null,
    utilisation: planned?.utilisation ?? null,
    accounts_at_full: planned?.accountsAtFull ?? null,
    utilisation_at_cap: team.atCap?.utilisation ?? null,
    n: measured?.n ?? 0,
    measured_work_hours: measured?.workHours ?? null,
    measured_utilisation: measured?.utilisation ?? null,
    measured_tickets_per_account_month: measured?.ticketsPerAccountMonth ?? null,
    tickets_per_agent_hour: team.ticketsPerAgentHour,
    people_needed: team.peopleNeeded,
    seats: coverage.seats,
    worst_in_time: reply?.worst?.inTime ?? null,
    utilisation_verdict: team.utilisationVerdict,
    reply_verdict: reply?.verdict ?? null,
    verdict: team.verdict,
  };
}

/** The dot is what is planned; the line reaches to what was measured. */
function plotOf(teams: readonly TeamLoad[]): Plot | null {
  const rows = teams.flatMap(({ team, planned, measured, utilisationVerdict }): readonly PlotRow[] => {
    const point = planned?.utilisation ?? null;
    if (point === null) return [];
    const other = measured?.utilisation ?? point;
    const seen =
      measured?.utilisation == null ? "" : `, measured ${percent(measured.utilisation)} (n ${measured.n})`;
    return [
      {
        label: team,
        point,
        low: Math.min(point, other),
        high: Math.max(point, other),
        note: `planned ${percent(point)}${seen}`,
        tone: CAPACITY_VERDICTS[utilisationVerdict].tone,
      },
    ];
  });
  if (rows.length === 0) return null;
  const to = Math.max(1.2, Math.ceil(Math.max(...rows.map((row) => row.high)) * 5) / 5);
  const step = to > 2.4 ? Math.ceil(to / 5 / 0.5) * 0.5 : 0.2;
  return {
    title: "Utilisation of the teams: planned at the dot, measured at the other end of the line",
    scale: {
      from: 0,
      to,
      logarithmic: false,
      ticks: Array.from({ length: Math.floor(to / step + 1e-9) + 1 }, (_, i) => ({
        at: i * step,
        label: `${Math.round(i * step * 100)}%`,
      })),
    },
    lines: [{ at: 1, label: "full" }],
    rows,
  };
}
