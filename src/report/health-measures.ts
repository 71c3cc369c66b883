/** What an account's tickets say about how it is doing: counts of fixed spans that end now, each with its n. */
import type { Instant } from "../policy/model.ts";
import type { TargetFact, TicketFact } from "../ports.ts";
import { missed } from "./credits.ts";
import { type Signals, type Spike, spikeOf } from "./health-score.ts";

/** What others measure, handed in: 0 (bad) to 100 (good); null = not known. */
export interface OutsideSignals {
  readonly sentiment: number | null;
  readonly usage: number | null;
  /** Change of use against the month before: −0.3 = 30 % less. */
  readonly usageChange: number | null;
}

/** Nothing is known from outside. */
export const NOTHING_OUTSIDE: OutsideSignals = { sentiment: null, usage: null, usageChange: null };

export interface HealthMeasures {
  /** The last 7 days against the weekly mean of the 8 weeks before; null = the facts do not reach back so far. */
  readonly spike: Spike | null;
  /** Times missed of times due, 30 days. */
  readonly breaches: { readonly missed: number; readonly n: number };
  /** Reopened of solved, 30 days. */
  readonly reopened: { readonly reopened: number; readonly n: number };
  /** Good of rated, 90 days. */
  readonly csat: { readonly good: number; readonly n: number };
  /** The topic that one person came back with most often, 30 days; null = nobody twice. */
  readonly repeat: { readonly topic: string; readonly tickets: number } | null;
  /** Urgent tickets that are not solved. */
  readonly urgentOpen: readonly string[];
  /** The newest ticket; null = none in 90 days. */
  readonly lastContact: Instant | null;
  readonly outside: OutsideSignals;
}

const DAY_MS = 86_400_000;
/** How far back health looks. */
export const HEALTH_DAYS = 90;
const WEEKS = 8;
const SPIKE_DAYS = 7 * (WEEKS + 1);
const REOPENED_N = 5;
const CSAT_N = 3;
/** Shares at which a signal is worth nothing. */
const WORST_MISSED = 0.2;
const WORST_REOPENED = 0.25;

/**
 * Counts one account's tickets of the last 90 days, excluded ones left out.
 *
 * @param knownSince from when on tickets of this account are in the facts; null = nothing was read yet.
 */
export function measuresOf(
  all: readonly TicketFact[],
  targets: readonly TargetFact[],
  at: Instant,
  knownSince: Instant | null,
  outside: OutsideSignals = NOTHING_OUTSIDE,
): HealthMeasures {
  const tickets = all.filter((one) => one.excluded === null && one.createdAt <= at);
  const since = (days: number) => (moment: Instant | null) => moment !== null && moment > at - days * DAY_MS;
  const [month, week] = [since(30), since(7)];
  const solved = tickets.filter((one) => month(one.solvedAt));
  const rated = tickets.filter((one) => one.satisfaction !== null && since(HEALTH_DAYS)(one.createdAt));
  const due = targets.filter((one) => month(one.createdAt));
  const late = due.filter((one) => missed(one, at)).length;
  const met = due.filter((one) => one.state === "met" && one.targetMinutes !== null && one.tier !== null);
  const before = tickets.filter((one) => since(SPIKE_DAYS)(one.createdAt) && !week(one.createdAt)).length;
  const reaches = knownSince !== null && knownSince <= at - SPIKE_DAYS * DAY_MS;
  return {
    spike: reaches ? spikeOf(tickets.filter((one) => week(one.createdAt)).length, before / WEEKS) : null,
    breaches: { missed: late, n: late + met.length },
    reopened: { reopened: solved.filter((one) => one.reopens > 0).length, n: solved.length },
    csat: { good: rated.filter((one) => one.satisfaction === "good").length, n: rated.length },
    repeat: repeatIn(tickets.filter((one) => month(one.createdAt))),
    urgentOpen: tickets
      .filter((one) => one.priority === "urgent" && one.status !== "solved" && one.status !== "closed")
      .map((one) => one.ticketId),
    lastContact: tickets.reduce<Instant | null>((last, one) => Math.max(last ?? 0, one.createdAt), null),
    outside,
  };
}

/** One person, one topic: a busy account is no repeat contact. */
function repeatIn(tickets: readonly TicketFact[]): HealthMeasures["repeat"] {
  const counts = new Map<string, { readonly topic: string; tickets: number }>();
  for (const { requesterId, topics } of tickets)
    for (const topic of requesterId === null ? [] : new Set(topics)) {
      const key = JSON.stringify([requesterId, topic]);
      const found = counts.get(key) ?? { topic, tickets: 0 };
      counts.set(key, { topic, tickets: found.tickets + 1 });
    }
  const most = [...counts.values()].toSorted((a, b) => b.tickets - a.tickets)[0];
  return most === undefined || most.tickets < 2 ? null : most;
}

/**
 * Signals of the score, 0–100; null where too little is known.
 *
 * Volume: 100 while so many tickets are as likely as not, falling with the chance. Breach: 100 without a miss, 0 from a
 * fifth missed on. Reopened: 100 without one, 0 from a quarter on, from 5 solved tickets. CSAT: the good share, from 3
 * ratings.
 */
export function signalsOf({ spike, breaches, reopened, csat, outside }: HealthMeasures): Signals {
  return {
    volume: spike === null ? null : 100 * Math.min(1, spike.chance / 0.5),
    breach: breaches.n === 0 ? null : falling(breaches.missed / breaches.n, WORST_MISSED),
    reopened: reopened.n < REOPENED_N ? null : falling(reopened.reopened / reopened.n, WORST_REOPENED),
    csat: csat.n < CSAT_N ? null : (100 * csat.good) / csat.n,
    sentiment: outside.sentiment,
    usage: outside.usage,
  };
}

function falling(share: number, worst: number): number {
  return 100 * Math.max(0, 1 - share / worst);
}
