/** The health report as people see it. */

import { counted, momentText } from "./figures.ts";
import type { AccountHealth, HealthReport } from "./health.ts";
import type { HealthAlert } from "./health-alerts.ts";
import { type HealthColour, type HealthSignal, SIGNAL_WEIGHTS } from "./health-score.ts";
import type { Cell, Datum, Plot, Shown, ShownPart, Tone } from "./shown.ts";

const TONES: Readonly<Record<HealthColour, Tone>> = {
  green: "good",
  amber: "doubt",
  red: "bad",
  unknown: "quiet",
};

/** How many are red, amber, green and unknown; what must be looked at; every account with its signals. */
export function healthShown(report: HealthReport): Shown {
  const { accounts, alerts, colours, frame } = report;
  const urgent = alerts.filter((one) => one.urgency === 2).length;
  return {
    frame,
    clock: "days before the window's end",
    lead:
      accounts.length === 0
        ? [{ text: "No account has a tier that is watched.", tone: "quiet" }]
        : [
            {
              text: `Of ${counted(accounts.length, "account")}: ${colours.red} red, ${colours.amber} amber, ${colours.green} green, ${colours.unknown} unknown because too few signals are there.`,
              tone:
                colours.red > 0 ? "bad" : colours.amber > 0 ? "doubt" : colours.green > 0 ? "good" : "quiet",
            },
            alerts.length === 0
              ? { text: "Nothing has to be looked at.", tone: "good" }
              : {
                  text: `${counted(alerts.length, "alert")} in ${counted(new Set(alerts.map((one) => one.accountId)).size, "account")}, ${urgent} of them with a renewal in 90 days or less.`,
                  tone: "bad",
                },
          ],
    parts: [alertsPart(report), accountsPart(accounts)],
  };
}

function alertsPart({ alerts, frame }: HealthReport): ShownPart {
  return {
    id: "alerts",
    title: "What must be looked at",
    about:
      "One alert for an account and signal; it is told again only when it gets worse. It goes to the TAM, else to the account's owner, and is to be acknowledged in two working days, one where a renewal is near.",
    plot: null,
    table: {
      head: ["Account", "What", "Owner", "Renews", "Acknowledge by"],
      figures: [],
      rows: alerts.map((one) => alertCells(one, frame.timezone)),
      empty: "Nothing.",
    },
    data: alerts.map((one) => ({
      account: one.accountId,
      account_name: one.accountName,
      tier: one.tier,
      signal: one.signal,
      level: one.level,
      text: one.text,
      urgency: one.urgency,
      renews_on: one.renewsOn,
      owner: one.owner,
      owner_role: one.ownerRole,
      acknowledge_by: new Date(one.acknowledgeBy).toISOString(),
    })),
  };
}

function alertCells(one: HealthAlert, zone: string): readonly Cell[] {
  return [
    one.accountName ?? one.accountId,
    one.text,
    one.owner ?? { text: "nobody known", tone: "bad" },
    one.renewsOn === null ? "–" : { text: one.renewsOn, tone: "doubt" },
    momentText(one.acknowledgeBy, zone),
  ];
}

const HEADS: Readonly<Record<HealthSignal, string>> = {
  volume: "Volume",
  breach: "Breach",
  reopened: "Reopened",
  csat: "CSAT",
  sentiment: "Sentiment",
  usage: "Usage",
};
const SIGNALS = Object.keys(SIGNAL_WEIGHTS) as readonly HealthSignal[];

function accountsPart(accounts: readonly AccountHealth[]): ShownPart {
  const weights = SIGNALS.map(
    (one) => `${HEADS[one].toLowerCase()} ${Math.round(SIGNAL_WEIGHTS[one] * 100)}%`,
  );
  return {
    id: "accounts",
    title: "Accounts",
    about: `Every signal from 0 (bad) to 100 (good), "–" where too little is known. Weights: ${weights.join(", ")}. Green from 70, amber from 50; below 60% of the weight the score is unknown.`,
    plot: plotOf(accounts),
    table: {
      head: ["Account", "n", "Score", ...SIGNALS.map((one) => HEADS[one]), "Weight there", ""],
      figures: [1, 2, 3, 4, 5, 6, 7, 8, 9],
      rows: accounts.map(accountCells),
      empty: "No account has a tier that is watched.",
    },
    data: accounts.map(dataOf),
  };
}

function accountCells({ accountName, accountId, n, health, signals }: AccountHealth): readonly Cell[] {
  return [
    accountName ?? accountId,
    String(n),
    health.score === null ? "–" : health.score.toFixed(0),
    ...SIGNALS.map((one) => (signals[one] === null ? "–" : signals[one].toFixed(0))),
    `${Math.round(health.present * 100)}%`,
    { text: health.colour, tone: TONES[health.colour] },
  ];
}

function dataOf(one: AccountHealth): Readonly<Record<string, Datum>> {
  const { measures, health } = one;
  return {
    account: one.accountId,
    account_name: one.accountName,
    tier: one.tier,
    n: one.n,
    score: health.score,
    colour: health.colour,
    weight_present: health.present,
    missing: health.missing.join(" "),
    ...one.signals,
    week: measures.spike?.week ?? null,
    usual_week: measures.spike?.usual ?? null,
    breaches: measures.breaches.missed,
    breaches_n: measures.breaches.n,
    reopened_tickets: measures.reopened.reopened,
    solved_n: measures.reopened.n,
    good_ratings: measures.csat.good,
    ratings_n: measures.csat.n,
    urgent_open: measures.urgentOpen.length,
    repeat_contacts: measures.repeat?.tickets ?? 0,
    alerts: one.alerts.length,
  };
}

const DRAWN = 30;

/** The worst thirty, from the worst signal to the best with the score between. */
function plotOf(accounts: readonly AccountHealth[]): Plot | null {
  const rows = accounts
    .filter((one) => one.health.score !== null)
    .slice(0, DRAWN)
    .map(({ accountName, accountId, health, signals, n }) => {
      const known = SIGNALS.flatMap((one) => signals[one] ?? []);
      return {
        label: accountName ?? accountId,
        point: health.score ?? 0,
        low: Math.min(...known),
        high: Math.max(...known),
        note: `${(health.score ?? 0).toFixed(0)}, n ${n}`,
        tone: TONES[health.colour],
      };
    });
  if (rows.length === 0) return null;
  return {
    title: "Health of the accounts, worst first: the score at the dot, from the worst signal to the best",
    scale: {
      from: 0,
      to: 100,
      logarithmic: false,
      ticks: [0, 25, 50, 75, 100].map((at) => ({ at, label: String(at) })),
    },
    lines: [
      { at: 50, label: "amber" },
      { at: 70, label: "green" },
    ],
    rows,
  };
}
