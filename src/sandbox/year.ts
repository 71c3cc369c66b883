/**
 * A year of a fictional vendor in three versions: the same customers write the same tickets, and are served differently.
 *
 * Seeded: always the same. Plain facts only: who wrote when, and how long everybody waited. What was promised, and
 * whether it was kept, is for whoever plays the year to find out.
 */
import type { Instant, Priority, SlaMetric } from "../policy/model.ts";

/** `faster`: each tier waits less than the one below. `label-only`: all wait alike. `at-standards-cost`: those at the bottom pay. */
export const YEAR_VERSIONS = ["faster", "label-only", "at-standards-cost"] as const;
export type YearVersion = (typeof YEAR_VERSIONS)[number];

/** Customers of one tier, and how many tickets they write in the year. */
export interface YearTier {
  readonly id: string;
  readonly accounts: number;
  readonly tickets: number;
  /** Priorities that its tickets have, each as often as it stands here. */
  readonly priorities: readonly Priority[];
}

/** What a year is made from. */
export interface YearPlan {
  readonly version: YearVersion;
  readonly seed: number;
  readonly begin: Instant;
  /** From here on the lowest tier pays for the others, where it does. */
  readonly middle: Instant;
  readonly end: Instant;
  readonly tiers: readonly YearTier[];
  /** Median minutes to a first reply by tier, where the tiers differ. */
  readonly medians: Readonly<Record<string, number>>;
  /** How many times longer a priority waits; left out = as long. */
  readonly patience?: Readonly<Record<Priority, number>>;
  /** When a ticket of this moment is written; left out = then. */
  readonly writtenAt?: (at: Instant) => Instant;
  /** As which tier a customer is served at a moment; left out = as their own. */
  readonly servedAs?: (tier: string, account: number, at: Instant) => string;
}

/** One ticket as it will go. */
export interface PlannedTicket {
  readonly tier: string;
  /** Number of the customer within the tier, from 0. */
  readonly account: number;
  /** Number of the ticket within the tier, from 0. */
  readonly number: number;
  readonly createdAt: Instant;
  readonly priority: Priority;
  /** It ends in no report. */
  readonly odd: "merged" | "spam" | null;
  /** The last one of each tier: nobody ever answers it. */
  readonly unanswered: boolean;
  readonly reopened: boolean;
  readonly rating: "good" | "bad" | null;
  readonly topic: string;
  /** Minutes that are waited for each; null for odd ones. */
  readonly minutes: Readonly<Record<SlaMetric, number>> | null;
}

const TOPICS = ["exports", "sign-in", "dashboards", "billing", "api", "permissions", "imports"] as const;
const SLOWER: Readonly<Record<SlaMetric, number>> = { first_reply: 1, next_reply: 1.6, resolution: 9 };
/** What everybody waits where the tier is a label. */
const SAME_FOR_ALL = 95;
/** How many times longer those wait who pay for the others. */
const PAYING = 3.2;

/** Every ticket of the year, tier by tier, oldest first within a tier. */
export function* plannedTickets(plan: YearPlan): Generator<PlannedTicket> {
  const dice = diceOf(plan.seed);
  for (const tier of plan.tiers)
    for (let number = 0; number < tier.tickets; number++) yield planned(plan, tier, number, dice);
}

function planned(plan: YearPlan, tier: YearTier, number: number, dice: () => number): PlannedTicket {
  const { begin, end } = plan;
  const drawn = Math.round(begin + ((number + dice()) / tier.tickets) * (end - begin));
  const createdAt = plan.writtenAt?.(drawn) ?? drawn;
  const priority = tier.priorities[Math.floor(dice() * tier.priorities.length)] ?? "normal";
  const account = number % tier.accounts;
  const odd = number % 97 === 0 ? "merged" : number % 113 === 0 ? "spam" : null;
  const reopened = dice() < 0.06;
  const rating = dice() < 0.25 ? (dice() < 0.88 ? "good" : "bad") : null;
  const topic = TOPICS[Math.floor(dice() ** 2 * TOPICS.length)] ?? "api";
  const servedAs = plan.servedAs?.(tier.id, account, createdAt) ?? tier.id;
  const minutes = odd === null ? waits(plan, { servedAs, priority, createdAt }, dice) : null;
  const unanswered = number === tier.tickets - 1;
  return {
    tier: tier.id,
    ...{ account, number, createdAt, priority, odd, unanswered, reopened, rating, topic, minutes },
  };
}

interface Waiting {
  readonly servedAs: string;
  readonly priority: Priority;
  readonly createdAt: Instant;
}

function waits(plan: YearPlan, ticket: Waiting, dice: () => number): Readonly<Record<SlaMetric, number>> {
  const { version, medians, patience, tiers, middle } = plan;
  const base = version === "label-only" ? SAME_FOR_ALL : (medians[ticket.servedAs] ?? SAME_FOR_ALL);
  const isLowest = ticket.servedAs === tiers[0]?.id;
  const pays = version === "at-standards-cost" && isLowest && ticket.createdAt >= middle;
  const usual = base * (patience?.[ticket.priority] ?? 1) * (pays ? PAYING : 1);
  const [first_reply, next_reply, resolution] = [skewed(dice), skewed(dice), skewed(dice)];
  return {
    first_reply: usual * SLOWER.first_reply * first_reply,
    next_reply: usual * SLOWER.next_reply * next_reply,
    resolution: usual * SLOWER.resolution * resolution,
  };
}

/** A factor around 1, skewed as waiting times are (log-normal). */
function skewed(dice: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - dice())) * Math.cos(2 * Math.PI * dice());
  return Math.exp(0.6 * normal);
}

/** Name of a tier's customer number `account`; the highest tier's come first, and the first 128 are unique. */
export function customerName(tiers: readonly YearTier[], tierId: string, account: number): string {
  const place = tiers.findIndex(({ id }) => id === tierId);
  const above = tiers.slice(place + 1).reduce((sum, tier) => sum + tier.accounts, 0);
  const n = above + account;
  const suffix = SUFFIXES[Math.floor(n / NAMES.length) % SUFFIXES.length];
  return `${NAMES[n % NAMES.length]} ${suffix}${n >= NAMES.length * SUFFIXES.length ? " Group" : ""}`;
}

const NAMES = "Aldgate Birchwood Cobalt Dunmore Everline Fairhaven Glenrock Hartwell".split(" ");
const SUFFIXES = "Logistics Foods Insurance Robotics Energy Media Textiles Marine".split(" ");

/** Mulberry32, public domain by its author: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c, remembered, not verified. */
function diceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
