/** Is it worth it: who bought it, what it brings, who stayed, what it costs, each with its n and what was assumed. */
import { DateTime } from "luxon";
import type { Instant, Policy } from "../policy/model.ts";
import type { AccountMoment, Facts, Window } from "../ports.ts";
import { addonsOn, dayOf, inBase, isCustomer, mayBuy, momentAt, monthsOf } from "./account-past.ts";
import type { ReportInput } from "./attainment.ts";
import {
  type Churn,
  type CohortMember,
  churnOf,
  type Matched,
  matchedChurn,
  type Retention,
  retentionOf,
} from "./cohorts.ts";
import { type ReportFrame, ticketCount } from "./frame.ts";
import { attachRate } from "./money-formulas.ts";
import type { Share } from "./proportions.ts";
import { type Returns, returnsOf } from "./returns.ts";

/** One add-on of the policy. */
export interface AddonRevenue {
  readonly sku: string;
  /** Accounts that have it at the end. */
  readonly attached: number;
  /** A month in the base currency, by the policy's list price; null = it states none, or none that can be converted. */
  readonly pricePerMonth: number | null;
  /** A year, at the end of the period; null = no price. */
  readonly runRate: number | null;
  /** Months in force in the period, all accounts together, and what they come to. */
  readonly months: number;
  readonly recognised: number | null;
}

export interface EconomicsReport {
  readonly frame: ReportFrame;
  readonly currency: string;
  /** From when the past is known; null = nothing is. */
  readonly knownSince: Instant | null;
  readonly months: number;
  /** Bought ÷ may buy at the end of the period; and of those who might at the start, who has it at the end. */
  readonly attach: { readonly atEnd: Share; readonly ofStart: Share };
  readonly addons: readonly AddonRevenue[];
  /** Of the add-ons with a price. */
  readonly runRate: number;
  readonly recognised: number;
  /** SKUs that somebody has and that have no price: in n, but in no amount. */
  readonly withoutPrice: readonly string[];
  readonly churn: Churn;
  readonly retention: readonly Retention[];
  readonly matched: Matched;
  readonly returns: Returns;
}

const DAY_MS = 86_400_000;

/** Reads the whole past of accounts once. */
export async function economicsReport(input: ReportInput): Promise<EconomicsReport> {
  const { policy, facts } = input;
  const knownSince = await firstMoment(facts, input.window.until);
  const window = periodOf(input, knownSince);
  const tally = emptyTally();
  for await (const moments of accountsOf(facts, window.until)) take(tally, moments, window, policy);
  const churn = churnOf(tally.members);
  const addons = policy.addons.map((one) => revenueOf(one.sku, tally, policy));
  const runRate = addons.reduce((sum, one) => sum + (one.runRate ?? 0), 0);
  const local = (at: Instant) => DateTime.fromMillis(at, { zone: policy.timezone });
  const months = Math.max(0, local(window.until).diff(local(window.from), "months").months);
  const frame = ticketCount().frame({
    ...{ name: "economics", title: "Is it worth it?", policy, window, at: input.at },
    state: await facts.state(),
    notes: notesOf(input, window, knownSince),
  });
  return {
    frame: {
      ...frame,
      of: {
        what: "Past of accounts",
        n: `${tally.members.length} accounts that might buy at the start, ${tally.eligible} at the end`,
      },
    },
    currency: policy.currency.base,
    knownSince,
    months,
    attach: {
      atEnd: attachRate(tally.attached, tally.eligible),
      ofStart: attachRate(tally.attachedOfStart, tally.members.length),
    },
    addons,
    runRate,
    recognised: addons.reduce((sum, one) => sum + (one.recognised ?? 0), 0),
    withoutPrice: addons
      .filter((one) => one.pricePerMonth === null && (one.attached > 0 || one.months > 0))
      .map((one) => one.sku),
    churn,
    retention: retentionOf(tally.members),
    matched: matchedChurn(tally.members, policy),
    returns: returnsOf({
      ...{ policy, churn, runRate, attached: tally.attached, periodYears: months / 12 },
      meanArr:
        tally.arrs.length === 0
          ? null
          : { amount: sum(tally.arrs) / tally.arrs.length, n: tally.arrs.length },
    }),
  };
}

function notesOf(
  { window: asked, policy }: ReportInput,
  window: Window,
  knownSince: Instant | null,
): readonly string[] {
  return [
    "Who bought, who left and who had what is as of the start of the period; new customers are in no churn and no retention.",
    "A customer who drops only the package has contracted, not churned. Cancelled without an end counts from when it was seen.",
    `Prices are the policy's list prices: the CRM gives none, and discounts are not known. Amounts are in ${policy.currency.base} at the policy's book rates.`,
    policy.economics?.arrIncludesAddons === false
      ? "Revenue of an account = its ARR in the CRM and the list price of its add-ons."
      : "Revenue of an account = its ARR in the CRM, which is taken to hold the price of the add-ons (economics.arr_includes_addons).",
    "Buyers choose themselves: a difference between them and the others is not what the package causes.",
    ...(window.from > asked.from && knownSince !== null
      ? [
          "The past is known only since shortly before the start of this period: nothing was remembered before.",
        ]
      : []),
  ];
}

/** The past begins with the installation: a first sync is over after a day. */
function periodOf({ window, at }: ReportInput, knownSince: Instant | null): Window {
  const until = Math.min(window.until, at);
  const from = knownSince === null || knownSince <= window.from ? window.from : knownSince + DAY_MS;
  return { from: Math.min(from, until), until };
}

async function firstMoment(facts: Facts, until: Instant): Promise<Instant | null> {
  let first: Instant | null = null;
  for await (const page of facts.history(until))
    for (const { at } of page) first = first === null ? at : Math.min(first, at);
  return first;
}

/** All moments of one account after the other: they come in that order. */
async function* accountsOf(facts: Facts, until: Instant): AsyncGenerator<readonly AccountMoment[]> {
  let own: AccountMoment[] = [];
  for await (const page of facts.history(until))
    for (const moment of page) {
      if (own[0] !== undefined && own[0].accountId !== moment.accountId) {
        yield own;
        own = [];
      }
      own.push(moment);
    }
  if (own.length > 0) yield own;
}

interface Tally {
  readonly members: CohortMember[];
  eligible: number;
  attached: number;
  attachedOfStart: number;
  /** ARR of attached accounts at the end. */
  readonly arrs: number[];
  /** SKU → accounts at the end, and months in the period. */
  readonly holders: Map<string, number>;
  readonly months: Map<string, number>;
}

function emptyTally(): Tally {
  return {
    members: [],
    eligible: 0,
    attached: 0,
    attachedOfStart: 0,
    arrs: [],
    holders: new Map(),
    months: new Map(),
  };
}

function take(tally: Tally, moments: readonly AccountMoment[], window: Window, policy: Policy): void {
  for (const [sku, months] of monthsOf(moments, window, policy)) add(tally.months, sku, months);
  // A period ends with its last moment: midnight belongs to the day before.
  const [start, end] = [stateAt(moments, window.from, policy), stateAt(moments, window.until - 1, policy)];
  if (end?.customer === true && (end.mayBuy || end.skus.length > 0)) {
    tally.eligible += 1;
    if (end.skus.length > 0) {
      tally.attached += 1;
      if (end.arr !== null) tally.arrs.push(end.arr);
      for (const sku of new Set(end.skus)) add(tally.holders, sku, 1);
    }
  }
  if (start?.customer !== true || !(start.mayBuy || start.skus.length > 0)) return;
  const stays = end?.customer === true;
  const attached = start.skus.length > 0;
  if (stays && end.skus.length > 0) tally.attachedOfStart += 1;
  tally.members.push({
    accountId: start.moment.accountId,
    name: (end ?? start).moment.name,
    attached,
    churned: !stays,
    dropped: attached && stays && end.skus.length === 0,
    before: start.revenue,
    after: stays ? end.revenue : 0,
    tenureYears: tenureOf(start.moment, window.from, policy),
  });
}

function add(map: Map<string, number>, key: string, by: number): void {
  map.set(key, (map.get(key) ?? 0) + by);
}

function stateAt(moments: readonly AccountMoment[], at: Instant, policy: Policy) {
  const moment = momentAt(moments, at);
  if (moment === null) return null;
  const day = dayOf(at, policy);
  const customer = isCustomer(moment, day, policy);
  const skus = customer ? addonsOn(moment, day, policy).map((one) => one.sku) : [];
  const arr = inBase(moment.arr, policy);
  const extra =
    policy.economics?.arrIncludesAddons === false
      ? sum(skus.map((sku) => 12 * (priceOf(sku, policy) ?? 0)))
      : 0;
  return {
    moment,
    customer,
    skus,
    arr,
    mayBuy: mayBuy(moment, policy),
    revenue: arr === null ? null : arr + extra,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}

function tenureOf({ contractStart }: AccountMoment, at: Instant, policy: Policy): number | null {
  if (contractStart === null) return null;
  const start = DateTime.fromISO(contractStart, { zone: policy.timezone });
  return DateTime.fromMillis(at, { zone: policy.timezone }).diff(start, "years").years;
}

const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

function priceOf(sku: string, policy: Policy): number | null {
  const price = policy.addons.find((one) => one.sku === sku)?.listPrice ?? null;
  const months = MONTHS[price?.per ?? ""];
  const amount = inBase(price, policy);
  return amount === null || months === undefined ? null : amount / months;
}

function revenueOf(sku: string, { holders, months }: Tally, policy: Policy): AddonRevenue {
  const [attached, active] = [holders.get(sku) ?? 0, months.get(sku) ?? 0];
  const pricePerMonth = priceOf(sku, policy);
  return {
    sku,
    attached,
    pricePerMonth,
    runRate: pricePerMonth === null ? null : attached * pricePerMonth * 12,
    months: active,
    recognised: pricePerMonth === null ? null : active * pricePerMonth,
  };
}
