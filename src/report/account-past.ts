/** What an account was at a moment, and for how long it had what: read from what was remembered of it. */
import { DateTime } from "luxon";
import type { CalendarDate, Instant, Money, Policy, TierId } from "../policy/model.ts";
import type { AccountMoment, Window } from "../ports.ts";

/** The moment that holds at `at`; null = nothing was known of it yet. */
export function momentAt(moments: readonly AccountMoment[], at: Instant): AccountMoment | null {
  return moments.findLast((one) => one.at <= at) ?? null;
}

/** The local day of a moment in the policy's zone. */
export function dayOf(at: Instant, policy: Policy): CalendarDate {
  return DateTime.fromMillis(at, { zone: policy.timezone }).toISODate() ?? "";
}

/**
 * Is it a paying customer on that day? Not on trial, not before its start, not gone, not cancelled and over. One that was
 * cancelled without an end has left when that was seen; one whose contract ended has left after the lapse grace.
 */
export function isCustomer(moment: AccountMoment, day: CalendarDate, policy: Policy): boolean {
  const { status, contractStart, contractEnd, goneOn } = moment;
  if (status === "trial" || (goneOn !== null && goneOn <= day)) return false;
  if (contractStart !== null && day < contractStart) return false;
  if (status === "cancelled") return contractEnd !== null && day <= contractEnd;
  return contractEnd === null || day <= plusDays(contractEnd, policy.contract.lapseGraceDays);
}

function plusDays(day: CalendarDate, days: number): CalendarDate {
  return DateTime.fromISO(day, { zone: "UTC" }).plus({ days }).toISODate() ?? day;
}

type Line = AccountMoment["addons"][number];

/** Add-ons of the policy that are in force on that day: without dates of their own, as long as the contract. */
export function addonsOn(moment: AccountMoment, day: CalendarDate, policy: Policy): readonly Line[] {
  return moment.addons.filter(
    ({ sku, start, end }) =>
      policy.addons.some((one) => one.sku === sku) &&
      (start ?? "") <= day &&
      (end ?? moment.contractEnd ?? "9999") >= day,
  );
}

/** May it buy the package: it has the tier that an add-on asks for, or any above the default where none is asked for. */
export function mayBuy({ tier }: AccountMoment, policy: Policy): boolean {
  const rank = (id: TierId | null): number => policy.tiers.find((one) => one.id === id)?.rank ?? 0;
  const least = Math.min(...policy.addons.map((one) => rank(one.requiresTier ?? policy.defaultTier)));
  const above = policy.addons.every((one) => one.requiresTier === null);
  return above ? tier !== policy.defaultTier : rank(tier) >= least;
}

/** In the base currency at the policy's book rates; null = no amount, or no rate for its currency. */
export function inBase(money: Money | null, policy: Policy): number | null {
  if (money === null || money.currency === null) return null;
  const { base, rates } = policy.currency;
  const rate = money.currency === base ? "1" : rates[money.currency];
  return rate === undefined ? null : Number(money.amount) * Number(rate);
}

/** Months, in fractions, that an add-on was in force in the window, by SKU; several lines of one SKU count once. */
export function monthsOf(
  moments: readonly AccountMoment[],
  window: Window,
  policy: Policy,
): ReadonlyMap<string, number> {
  const runs = new Map<string, Window[]>();
  for (const [i, moment] of moments.entries()) {
    // What the first moment says of the time before it is all that is known of that time.
    const from = i === 0 ? Number.NEGATIVE_INFINITY : moment.at;
    const until = Math.min(moments[i + 1]?.at ?? Number.POSITIVE_INFINITY, leftAt(moment, policy));
    for (const { sku, start, end } of moment.addons) {
      if (!policy.addons.some((one) => one.sku === sku)) continue;
      const begins = start === null ? moment.at : startOf(start, policy);
      const ends = end ?? moment.contractEnd;
      const run = {
        from: Math.max(from, begins, window.from),
        until: Math.min(until, ends === null ? until : startOf(plusDays(ends, 1), policy), window.until),
      };
      if (run.from < run.until) runs.set(sku, [...(runs.get(sku) ?? []), run]);
    }
  }
  return new Map([...runs].map(([sku, list]) => [sku, monthsIn(list, policy)]));
}

function startOf(day: CalendarDate, policy: Policy): Instant {
  return DateTime.fromISO(day, { zone: policy.timezone }).toMillis();
}

/** When the customer left, as this moment says; infinity = it does not. */
function leftAt({ at, status, contractEnd, goneOn }: AccountMoment, policy: Policy): Instant {
  if (goneOn !== null) return startOf(goneOn, policy);
  if (status !== "cancelled") return Number.POSITIVE_INFINITY;
  return contractEnd === null ? at : startOf(plusDays(contractEnd, 1), policy);
}

function monthsIn(runs: readonly Window[], policy: Policy): number {
  const joined: { from: Instant; until: Instant }[] = [];
  for (const run of runs.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && run.from <= last.until) last.until = Math.max(last.until, run.until);
    else joined.push({ ...run });
  }
  const local = (at: Instant) => DateTime.fromMillis(at, { zone: policy.timezone });
  return joined.reduce((sum, { from, until }) => sum + local(until).diff(local(from), "months").months, 0);
}
