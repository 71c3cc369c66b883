/** What is owed back to customers by the policy's rule: misses of each calendar quarter against its fee. */
import { DateTime } from "luxon";
import type { Instant, Policy, ServiceCredit } from "../policy/model.ts";
import type { AccountMoment, Facts, TargetFact, Window } from "../ports.ts";
import { serviceCredit } from "./money-formulas.ts";

/** One account in one quarter with more misses than the rule tolerates. */
export interface Credit {
  readonly accountId: string;
  readonly accountName: string | null;
  /** `2026 Q2`. */
  readonly quarter: string;
  /** The quarter is not over yet: more may come. */
  readonly underWay: boolean;
  readonly misses: number;
  readonly tolerated: number;
  /** List prices of the add-ons in force at the quarter's end, a month; null = none has a price. */
  readonly feePerMonth: number | null;
  readonly currency: string | null;
  /** null = the fee is not known. */
  readonly owed: number | null;
}

interface Asked {
  readonly facts: Facts;
  readonly policy: Policy;
  readonly window: Window;
  readonly at: Instant;
}

/**
 * Credits of every quarter that the window touches, whole quarters each, biggest number of misses first. null = the policy
 * states no rule. A miss belongs to the quarter in which its ticket was created.
 */
export async function creditsOf({ facts, policy, window, at }: Asked): Promise<readonly Credit[] | null> {
  const rule = policy.terms?.serviceCredit ?? null;
  if (rule === null) return null;
  const credits: Credit[] = [];
  for (const quarter of quartersOf(window, policy.timezone)) {
    const until = Math.min(quarter.until, at);
    const misses = await missesIn(facts, { from: quarter.from, until }, rule, at);
    for (const [accountId, count] of misses)
      if (count > rule.toleratedMisses) {
        const moments = await facts.historyOf(accountId);
        credits.push(creditOf({ accountId, count, quarter, rule, policy, at, moments }));
      }
  }
  return credits.sort((a, b) => b.misses - a.misses);
}

interface Quarter extends Window {
  readonly name: string;
}

function quartersOf({ from, until }: Window, zone: string): readonly Quarter[] {
  const quarters: Quarter[] = [];
  let start = DateTime.fromMillis(from, { zone }).startOf("quarter");
  while (start.toMillis() < until) {
    const end = start.plus({ quarters: 1 });
    quarters.push({
      name: `${start.year} Q${start.quarter}`,
      from: start.toMillis(),
      until: end.toMillis(),
    });
    start = end;
  }
  return quarters;
}

async function missesIn(
  facts: Facts,
  window: Window,
  rule: ServiceCredit,
  at: Instant,
): Promise<ReadonlyMap<string, number>> {
  const misses = new Map<string, number>();
  if (window.from >= window.until) return misses;
  for await (const page of facts.targets(window))
    for (const target of page) {
      if (target.accountId === null || !rule.metrics.includes(target.metric) || !missed(target, at)) continue;
      misses.set(target.accountId, (misses.get(target.accountId) ?? 0) + 1);
    }
  return misses;
}

/** Was, or is by now, a target of a decided ticket too late? */
export function missed(target: TargetFact, at: Instant): boolean {
  if (target.tier === null || target.targetMinutes === null) return false;
  return (
    target.state === "breached" || (target.state === "running" && target.dueAt !== null && target.dueAt < at)
  );
}

function creditOf(parts: {
  readonly accountId: string;
  readonly count: number;
  readonly quarter: Quarter;
  readonly rule: ServiceCredit;
  readonly policy: Policy;
  readonly at: Instant;
  readonly moments: readonly AccountMoment[];
}): Credit {
  const { accountId, count, quarter, rule, policy, at, moments } = parts;
  const last = moments.filter((one) => one.at < quarter.until).at(-1) ?? null;
  const day = DateTime.fromMillis(Math.min(quarter.until - 1, at), { zone: policy.timezone }).toISODate();
  const fee = feeOf(last, policy, day ?? "");
  return {
    accountId,
    accountName: last?.name ?? null,
    quarter: quarter.name,
    underWay: quarter.until > at,
    misses: count,
    tolerated: rule.toleratedMisses,
    feePerMonth: fee?.perMonth ?? null,
    currency: fee?.currency ?? null,
    owed: fee === null ? null : serviceCredit(count, fee.perMonth, rule),
  };
}

const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

/** What the account's add-ons cost a month by list; null = none in force has a price that can be told. */
export function feeOf(
  account: AccountMoment | null,
  policy: Policy,
  day: string,
): { readonly perMonth: number; readonly currency: string } | null {
  const held = (account?.addons ?? []).filter(
    ({ start, end }) => (start ?? "") <= day && (end === null || end >= day),
  );
  const prices = held.flatMap(({ sku }) => {
    const price = policy.addons.find((addon) => addon.sku === sku)?.listPrice ?? null;
    const months = MONTHS[price?.per ?? ""];
    return price === null || months === undefined
      ? []
      : [{ perMonth: Number(price.amount) / months, currency: price.currency }];
  });
  const currency = prices[0]?.currency;
  if (currency === undefined || prices.some((one) => one.currency !== currency)) return null;
  return { perMonth: prices.reduce((sum, one) => sum + one.perMonth, 0), currency };
}
