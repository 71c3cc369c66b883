/** The attainment report as people see it. */
import type { AttainmentReport, AttainmentRow } from "./attainment.ts";
import type { Credit } from "./credits.ts";
import { counted, METRIC_WORDS, minutesText, percent, priorityText, shareText } from "./figures.ts";
import type { Cell, Plot, PlotRow, Shown, ShownPart, Tone } from "./shown.ts";

const VERDICTS: Readonly<
  Record<AttainmentRow["attainment"]["verdict"], { readonly text: string; readonly tone: Tone }>
> = {
  met: { text: "met", tone: "good" },
  met_not_proven: { text: "met, not proven", tone: "doubt" },
  missed: { text: "missed", tone: "bad" },
  too_few: { text: "too few to judge", tone: "quiet" },
};

/** One sentence a tier and metric, a plot against the objective, every figure, and what is owed. */
export function attainmentShown(report: AttainmentReport): Shown {
  const all = report.rows.filter((row) => row.priority === null);
  return {
    frame: report.frame,
    clock: "each target's own: opening hours where the policy counts them, else every hour",
    lead: all.length === 0 ? [NOTHING] : all.filter(leads).map((row) => sentence(row, report.objective)),
    parts: [targetsPart(report), creditsPart(report.credits)],
  };
}

/** The first reply is what was sold; of the rest, only what is missed comes first. */
function leads({ metric, attainment }: AttainmentRow): boolean {
  return metric === "first_reply" || attainment.verdict === "missed";
}

const NOTHING: Cell = {
  text: "No target has ended in this window: there is nothing to judge yet.",
  tone: "quiet",
};

function sentence(row: AttainmentRow, objective: number): Cell {
  const { tierName, metric, met, late, openLate, attainment } = row;
  const n = attainment.share.n;
  const what = `${tierName}, ${METRIC_WORDS[metric].toLowerCase()}: ${met} of ${counted(n, "target")} met`;
  const open = openLate === 0 ? "" : `, ${openLate} of the ${late + openLate} missed ones still open`;
  if (attainment.verdict === "too_few")
    return { text: `${what}${open}; too few for a percentage.`, tone: "quiet" };
  const { text, tone } = VERDICTS[attainment.verdict];
  return {
    text: `${what}, ${shareText(attainment.share)}${open}. The objective of ${percent(objective)} is ${text}.`,
    tone,
  };
}

function targetsPart({ rows, objective, minTargets }: AttainmentReport): ShownPart {
  return {
    id: "targets",
    title: "Targets met, by tier, metric and priority",
    about: `Counted by target, not by ticket: a ticket has as many next replies as its customer had questions. Objective ${percent(objective)}; below ${counted(minTargets, "target")} there is no percentage. "Still open" is past its time and counts as missed.`,
    plot: plotOf(rows, objective),
    table: {
      head: [
        "Tier",
        "Metric",
        "Priority",
        "Met",
        "Late",
        "Still open",
        "n",
        "Attainment (95%)",
        "Budget burnt",
        "P50",
        "P90",
        "Objective",
      ],
      figures: [3, 4, 5, 6, 7, 8, 9, 10],
      rows: rows.map(cellsOf),
      empty: "No target has ended in this window.",
    },
    data: rows.map(dataOf),
  };
}

function cellsOf(row: AttainmentRow): readonly Cell[] {
  const { attainment, openLate } = row;
  const { share, budget, verdict } = attainment;
  const few = verdict === "too_few";
  return [
    row.tierName,
    METRIC_WORDS[row.metric],
    priorityText(row.priority),
    String(row.met),
    String(row.late),
    openLate === 0 ? "0" : { text: String(openLate), tone: "bad" },
    String(share.n),
    few ? "–" : shareText(share),
    budget === null
      ? "–"
      : `${Math.round(budget.burnt * 100)}% (${budget.used} of ${budget.allowed.toFixed(1)})`,
    minutesText(row.p50),
    minutesText(row.p90),
    VERDICTS[verdict],
  ];
}

function dataOf({ attainment, tierName, ...row }: AttainmentRow): ShownPart["data"][number] {
  const { share, budget, verdict } = attainment;
  return {
    tier: row.tier,
    tier_name: tierName,
    metric: row.metric,
    priority: row.priority ?? "all",
    met: row.met,
    late: row.late,
    open_late: row.openLate,
    running: row.running,
    n: share.n,
    share: verdict === "too_few" ? null : share.share,
    low: verdict === "too_few" ? null : (share.interval?.low ?? null),
    high: verdict === "too_few" ? null : (share.interval?.high ?? null),
    budget_burnt: budget?.burnt ?? null,
    p50_minutes: row.p50,
    p90_minutes: row.p90,
    verdict,
  };
}

/** From the tenth below the lowest interval up to everything. */
function plotOf(rows: readonly AttainmentRow[], objective: number): Plot | null {
  const drawn = rows.flatMap((row): readonly PlotRow[] => {
    const { share, verdict } = row.attainment;
    if (row.priority !== null || verdict === "too_few" || share.share === null || share.interval === null)
      return [];
    return [
      {
        label: `${row.tierName}, ${METRIC_WORDS[row.metric].toLowerCase()}`,
        point: share.share,
        ...share.interval,
        note: `${shareText(share)}, n ${share.n}`,
        tone: VERDICTS[verdict].tone,
      },
    ];
  });
  if (drawn.length === 0) return null;
  const from = Math.floor(Math.min(objective, ...drawn.map((row) => row.low)) * 10 - 1e-9) / 10;
  const step = from >= 0.9 ? 0.02 : from >= 0.7 ? 0.05 : 0.1;
  return {
    title: "Share of targets met with its 95% interval, against the objective",
    scale: {
      from,
      to: 1,
      logarithmic: false,
      ticks: Array.from({ length: Math.round((1 - from) / step) + 1 }, (_, i) => ({
        at: from + i * step,
        label: `${Math.round((from + i * step) * 100)}%`,
      })),
    },
    lines: [{ at: objective, label: `objective ${percent(objective)}` }],
    rows: drawn,
  };
}

function creditsPart(credits: readonly Credit[] | null): ShownPart {
  return {
    id: "credits",
    title: "Service credits owed",
    about:
      "By the policy's rule, for every calendar quarter the window touches, counted over the whole quarter. The fee is the list price of the add-ons: a discount makes the credit smaller.",
    plot: null,
    table: {
      head: ["Account", "Quarter", "Misses", "Tolerated", "Fee a month", "Owed"],
      figures: [2, 3, 4, 5],
      rows: (credits ?? []).map((one) => [
        one.accountName ?? one.accountId,
        one.underWay ? `${one.quarter} (under way)` : one.quarter,
        String(one.misses),
        String(one.tolerated),
        one.feePerMonth === null ? "not known" : money(one.feePerMonth, one.currency),
        one.owed === null ? { text: "fee not known", tone: "doubt" } : money(one.owed, one.currency),
      ]),
      empty:
        credits === null
          ? "The policy promises no service credit (terms.service_credit)."
          : "No account has more misses in a quarter than the rule tolerates.",
    },
    data: (credits ?? []).map((one) => ({
      account: one.accountId,
      account_name: one.accountName,
      quarter: one.quarter,
      under_way: one.underWay,
      misses: one.misses,
      tolerated: one.tolerated,
      fee_per_month: one.feePerMonth,
      owed: one.owed,
      currency: one.currency,
    })),
  };
}

/** `USD 300.00`. */
export function money(amount: number, currency: string | null): string {
  return `${currency ?? ""} ${amount.toFixed(2)}`.trim();
}
