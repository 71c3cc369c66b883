/** How are the customers doing: a score an account, and what somebody must look at before the customer says so. */
import { DateTime } from "luxon";
import type { Account, Instant, Policy, TierId } from "../policy/model.ts";
import type { Facts, FactsState, Store, TargetFact, TicketFact, Window } from "../ports.ts";
import type { ReportInput } from "./attainment.ts";
import { type ReportFrame, ticketCount } from "./frame.ts";
import { alertsOf, type HealthAlert } from "./health-alerts.ts";
import {
  HEALTH_DAYS,
  type HealthMeasures,
  measuresOf,
  NOTHING_OUTSIDE,
  type OutsideSignals,
  signalsOf,
} from "./health-measures.ts";
import { type Health, type HealthColour, healthOf, type Signals } from "./health-score.ts";
import { type PresentAccount, presentAccounts } from "./present.ts";

/** What of the store it reads. */
export type HealthStore = Pick<Store, "accounts" | "organizations">;

export interface HealthInput extends ReportInput {
  readonly store: HealthStore;
  /** What others measure, by account; left out = nothing. */
  readonly outside?: ReadonlyMap<string, OutsideSignals>;
}

/** How one account is doing. */
export interface AccountHealth {
  readonly accountId: string;
  readonly accountName: string | null;
  readonly tier: TierId;
  readonly tierName: string;
  readonly health: Health;
  readonly signals: Signals;
  readonly measures: HealthMeasures;
  /** Tickets of the last 90 days that count. */
  readonly n: number;
  readonly alerts: readonly HealthAlert[];
}

export interface HealthReport {
  readonly frame: ReportFrame;
  /** Tiers whose accounts are watched: `health_monitoring`, else every tier above the default. */
  readonly tiers: readonly TierId[];
  readonly colours: Readonly<Record<HealthColour, number>>;
  /** The worst first; those whose score is unknown come last. */
  readonly accounts: readonly AccountHealth[];
  /** One an account and signal; urgent ones first. */
  readonly alerts: readonly HealthAlert[];
}

const DAY_MS = 86_400_000;

/** Reads 90 days that end with the window, or now, and every watched account. */
export async function healthReport(input: HealthInput): Promise<HealthReport> {
  const { policy, facts, store } = input;
  const at = Math.min(input.at, input.window.until);
  const window = healthWindow(at);
  const state = await facts.state();
  const tally = ticketCount((ticket) => ticket.excluded === null);
  const tiers = watchedTiers(policy);
  const watched: PresentAccount[] = [];
  for await (const page of presentAccounts(store))
    watched.push(...page.filter((one) => tiers.includes(one.tier)));
  const ids = new Set(watched.map((one) => one.account.id));
  const past = await pastOf(facts, window, ids, tally);
  const accounts = watched.map((one) =>
    healthOfPast(one, past.get(one.account.id) ?? NOTHING, { ...input, at, state }),
  );
  return {
    frame: tally.frame({
      name: "health",
      title: "How are the customers doing?",
      ...input,
      window,
      state,
      notes: NOTES,
    }),
    tiers,
    colours: coloursOf(accounts),
    accounts: accounts.toSorted(worstFirst),
    alerts: accounts.flatMap((one) => one.alerts).toSorted((a, b) => b.urgency - a.urgency),
  };
}

const NOTES = [
  `The window is always the ${HEALTH_DAYS} days before its end: volume looks at 9 weeks, breaches and reopened at 30 days, ratings at 90.`,
  "The score is the weighted mean of the signals that are there. Below 60 % of the weight it is unknown, never green.",
  "Sentiment and usage are measured elsewhere; without them they are missing, and so is the alert about silence.",
  "Tickets from before the installation count here: they need no tier.",
] as const;

/** Health of one account, from its own tickets alone; null = it is unknown, or was never worked out. For panels and reviews. */
export async function accountHealth(
  input: Omit<HealthInput, "window" | "outside"> & { readonly outside?: OutsideSignals },
  accountId: string,
): Promise<AccountHealth | null> {
  const { store, facts, at } = input;
  const [known, rows] = await Promise.all([
    store.accounts.get(accountId),
    store.accounts.entitlements([accountId]),
  ]);
  const tier = rows.get(accountId)?.tier;
  if (known === null || tier === undefined) return null;
  const past = await facts.ofAccount(accountId, healthWindow(at));
  const outside = input.outside === undefined ? undefined : new Map([[accountId, input.outside]]);
  const state = await facts.state();
  return healthOfPast({ account: known.account, tier }, past, {
    policy: input.policy,
    at,
    state,
    ...(outside === undefined ? {} : { outside }),
  });
}

/** Every alert there is to tell, as of now: what messages are made of. */
export async function healthAlerts(input: Omit<HealthInput, "window">): Promise<readonly HealthAlert[]> {
  return (await healthReport({ ...input, window: healthWindow(input.at) })).alerts;
}

/** Tiers whose accounts are watched. */
export function watchedTiers(policy: Policy): readonly TierId[] {
  const asked = policy.tiers.filter((one) => one.entitlements.healthMonitoring);
  const tiers = asked.length > 0 ? asked : policy.tiers.filter((one) => one.id !== policy.defaultTier);
  return tiers.map((one) => one.id);
}

function healthWindow(at: Instant): Window {
  return { from: at - HEALTH_DAYS * DAY_MS, until: at };
}

interface Past {
  readonly tickets: TicketFact[];
  readonly targets: TargetFact[];
}

const NOTHING: { readonly tickets: readonly TicketFact[]; readonly targets: readonly TargetFact[] } = {
  tickets: [],
  targets: [],
};

/** Of the accounts in `ids` only: a desk has many tickets of customers nobody watches. */
async function pastOf(
  facts: Facts,
  window: Window,
  ids: ReadonlySet<string>,
  tally: ReturnType<typeof ticketCount>,
): Promise<ReadonlyMap<string, Past>> {
  const past = new Map<string, Past>();
  const own = (accountId: string): Past => {
    const known = past.get(accountId);
    if (known !== undefined) return known;
    const made: Past = { tickets: [], targets: [] };
    past.set(accountId, made);
    return made;
  };
  for await (const page of facts.tickets(window))
    for (const ticket of page) {
      tally.add(ticket);
      if (ticket.accountId !== null && ids.has(ticket.accountId)) own(ticket.accountId).tickets.push(ticket);
    }
  for await (const page of facts.targets({ from: window.until - 30 * DAY_MS, until: window.until }))
    for (const target of page)
      if (target.accountId !== null && ids.has(target.accountId)) own(target.accountId).targets.push(target);
  return past;
}

interface Judging {
  readonly policy: Policy;
  readonly at: Instant;
  readonly state: FactsState;
  readonly outside?: ReadonlyMap<string, OutsideSignals>;
}

function healthOfPast(
  { account, tier }: Pick<PresentAccount, "account" | "tier">,
  { tickets, targets }: typeof NOTHING,
  { policy, at, state, outside }: Judging,
): AccountHealth {
  const since = state.through === null ? null : customerSince(account, policy, at);
  const measures = measuresOf(tickets, targets, at, since, outside?.get(account.id) ?? NOTHING_OUTSIDE);
  const signals = signalsOf(measures);
  const health = healthOf(signals);
  return {
    accountId: account.id,
    accountName: account.name,
    tier,
    tierName: policy.tiers.find((one) => one.id === tier)?.name ?? tier,
    health,
    signals,
    measures,
    n: tickets.filter((one) => one.excluded === null).length,
    alerts: alertsOf({ account, tier, measures, health }, policy, at),
  };
}

/** A customer of a few weeks has no usual week. One without a start has been there for long. */
function customerSince({ contractStart }: Account, policy: Policy, at: Instant): Instant {
  if (contractStart === null) return at - 10 * HEALTH_DAYS * DAY_MS;
  return DateTime.fromISO(contractStart, { zone: policy.timezone }).toMillis();
}

function coloursOf(accounts: readonly AccountHealth[]): Readonly<Record<HealthColour, number>> {
  const count = (colour: HealthColour): number =>
    accounts.filter((one) => one.health.colour === colour).length;
  return { red: count("red"), amber: count("amber"), green: count("green"), unknown: count("unknown") };
}

function worstFirst(a: AccountHealth, b: AccountHealth): number {
  const [one, other] = [a.health.score, b.health.score];
  if (one === null || other === null)
    return one === other ? b.alerts.length - a.alerts.length : one === null ? 1 : -1;
  return one - other;
}
