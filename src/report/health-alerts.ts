/** What somebody must look at in an account: one alert a signal, with an owner and a time to acknowledge it by. */
import { DateTime } from "luxon";
import type { Account, Instant, Policy } from "../policy/model.ts";
import { compileSchedule, dueAt } from "../policy/schedule.ts";
import type { HealthMeasures } from "./health-measures.ts";
import type { Health } from "./health-score.ts";

export type HealthAlertSignal =
  | "volume_spike"
  | "breaches"
  | "reopened"
  | "csat"
  | "repeat_contact"
  | "urgent_open"
  | "silence"
  | "score";

/** One alert. There is at most one for an account and signal. */
export interface HealthAlert {
  /** `account|signal`: the same alert at another time. */
  readonly key: string;
  readonly accountId: string;
  readonly accountName: string | null;
  readonly tier: string;
  readonly signal: HealthAlertSignal;
  /** Grows as it gets worse: told again only when it has grown. */
  readonly level: number;
  readonly text: string;
  /** 2 where a renewal is 90 days away or less, else 1: it is more urgent then, not worse. */
  readonly urgency: 1 | 2;
  readonly renewsOn: string | null;
  /** The TAM, else the account's owner as the CRM names them; null = nobody is known. */
  readonly owner: string | null;
  readonly ownerRole: "tam" | "account_owner" | null;
  readonly raisedAt: Instant;
  /** Two working days after it was raised, one where it is urgent. */
  readonly acknowledgeBy: Instant;
}

const RENEWAL_DAYS = 90;
const DAY_MINUTES = 480;
const DAY_MS = 86_400_000;
const SILENT_DAYS = 30;
/** Use fell by this much or more. */
const USAGE_FELL = -0.3;
const MANY_BREACHES = 2;
const MANY_REOPENED = 0.2;
const LOW_CSAT = 0.6;
const OFTEN = 3;
const SEVERAL_URGENT = 2;
const REOPENED_N = 5;
const CSAT_N = 3;

/** Account, what it has, and what was measured. */
export interface AlertSubject {
  readonly account: Account;
  readonly tier: string;
  readonly measures: HealthMeasures;
  readonly health: Health;
}

/** All alerts of one account, the worst signals first as they stand in the list of signals. */
export function alertsOf(subject: AlertSubject, policy: Policy, at: Instant): readonly HealthAlert[] {
  const { account, tier } = subject;
  const renewsOn = renewalOf(account, policy, at);
  const urgency: HealthAlert["urgency"] = renewsOn === null ? 1 : 2;
  const owner =
    account.tam?.active === true
      ? { owner: account.tam.agent, ownerRole: "tam" as const }
      : {
          owner: account.owner ?? null,
          ownerRole: account.owner === undefined ? null : ("account_owner" as const),
        };
  const common = {
    ...{ accountId: account.id, accountName: account.name, tier, urgency, renewsOn },
    ...owner,
    raisedAt: at,
    acknowledgeBy: acknowledgeBy(policy, at, urgency === 2 ? 1 : 2),
  } as const;
  return found(subject, policy, at).map(({ signal, level, text }) => ({
    key: `${account.id}|${signal}`,
    signal,
    level,
    text,
    ...common,
  }));
}

interface Found {
  readonly signal: HealthAlertSignal;
  readonly level: number;
  readonly text: string;
}

function found({ measures, health }: AlertSubject, policy: Policy, at: Instant): readonly Found[] {
  const { spike, breaches, repeat, urgentOpen } = measures;
  const alerts: (Found | null)[] = [
    health.colour !== "red"
      ? null
      : {
          signal: "score",
          level: Math.round(100 - (health.score ?? 0)),
          text: `Health is ${Math.round(health.score ?? 0)} of 100.`,
        },
    urgentOpen.length < SEVERAL_URGENT
      ? null
      : {
          signal: "urgent_open",
          level: urgentOpen.length,
          text: `${urgentOpen.length} urgent tickets are open: ${urgentOpen.slice(0, 5).join(", ")}.`,
        },
    spike?.alert !== true
      ? null
      : {
          signal: "volume_spike",
          level: spike.week,
          text: `${spike.week} tickets in 7 days where ${spike.usual.toFixed(1)} are usual (chance ${(spike.chance * 100).toFixed(2)}%).`,
        },
    breaches.missed < MANY_BREACHES || breaches.missed / breaches.n <= 1 - policy.slaObjective.attainment
      ? null
      : {
          signal: "breaches",
          level: breaches.missed,
          text: `${breaches.missed} of ${breaches.n} promised times were missed in 30 days.`,
        },
    ...shares(measures),
    repeat === null || repeat.tickets < OFTEN
      ? null
      : {
          signal: "repeat_contact",
          level: repeat.tickets,
          text: `One person wrote ${repeat.tickets} times about ${JSON.stringify(repeat.topic)} in 30 days.`,
        },
    silence(measures, at),
  ];
  return alerts.filter((one) => one !== null);
}

function shares({ reopened, csat }: HealthMeasures): readonly (Found | null)[] {
  const again = reopened.n < REOPENED_N ? 0 : reopened.reopened / reopened.n;
  const good = csat.n < CSAT_N ? 1 : csat.good / csat.n;
  return [
    again < MANY_REOPENED
      ? null
      : {
          signal: "reopened",
          level: Math.round(again * 100),
          text: `${reopened.reopened} of ${reopened.n} solved tickets were reopened in 30 days.`,
        },
    good >= LOW_CSAT
      ? null
      : {
          signal: "csat",
          level: Math.round((1 - good) * 100),
          text: `${csat.good} of ${csat.n} ratings in 90 days are good.`,
        },
  ];
}

/** Nobody writes and use falls: neither alone says anything. */
function silence({ lastContact, outside }: HealthMeasures, at: Instant): Found | null {
  const { usageChange } = outside;
  if (usageChange === null || usageChange > USAGE_FELL) return null;
  if (lastContact !== null && lastContact > at - SILENT_DAYS * DAY_MS) return null;
  const fell = Math.round(-usageChange * 100);
  return {
    signal: "silence",
    level: fell,
    text: `No ticket for ${SILENT_DAYS} days or more, and use fell by ${fell}%.`,
  };
}

function renewalOf(account: Account, policy: Policy, at: Instant): string | null {
  if (account.contractEnd === null || account.status === "cancelled") return null;
  const today = DateTime.fromMillis(at, { zone: policy.timezone }).startOf("day");
  const days = DateTime.fromISO(account.contractEnd, { zone: policy.timezone }).diff(today, "days").days;
  return days >= 0 && days <= RENEWAL_DAYS ? account.contractEnd : null;
}

/** On the policy's shortest limited schedule, eight hours a day; round the clock where there is none. */
function acknowledgeBy(policy: Policy, at: Instant, days: number): Instant {
  const limited = Object.values(policy.schedules)
    .filter((one) => !one.alwaysOpen)
    .toSorted((a, b) => weeklyMinutes(a.weekly) - weeklyMinutes(b.weekly))[0];
  const due =
    limited === undefined
      ? Number.POSITIVE_INFINITY
      : dueAt(compileSchedule(limited), at, days * DAY_MINUTES);
  return Number.isFinite(due) ? due : at + days * DAY_MS;
}

function weeklyMinutes(weekly: Readonly<Partial<Record<string, readonly string[]>>>): number {
  return Object.values(weekly)
    .flatMap((ranges) => ranges ?? [])
    .reduce((sum, range) => {
      const [from = 0, to = 0] = range.split("-").map((edge) => {
        const [hours = 0, minutes = 0] = edge.split(":").map(Number);
        return 60 * hours + minutes;
      });
      return sum + to - from;
    }, 0);
}

/** Those that were not told yet, or have got worse since: `told` = key → level told last. */
export function toTell(
  alerts: readonly HealthAlert[],
  told: ReadonlyMap<string, number>,
): readonly HealthAlert[] {
  return alerts.filter(({ key, level }) => level > (told.get(key) ?? Number.NEGATIVE_INFINITY));
}
