/** What a business review of one account rests on: its own tickets and targets, those of before, and the tier below. */
import type { Instant, Policy, Priority, Tier } from "../../policy/model.ts";
import type { AccountMoment, Facts, TargetFact, TicketFact, Window } from "../../ports.ts";
import { counts } from "../frame.ts";
import { type Share, shareOf } from "../proportions.ts";
import { ascending, percentile } from "../times.ts";

export interface ReviewInput {
  readonly facts: Facts;
  readonly policy: Policy;
  readonly accountId: string;
  readonly window: Window;
  readonly at: Instant;
}

/** One half of the comparison: minutes to the first reply in calendar time. */
export interface Served {
  readonly n: number;
  readonly p50: number | null;
  readonly inTime: Share;
}

/** What the plan bought at one priority. */
export interface Bought {
  readonly priority: Priority;
  readonly withinMinutes: number;
  readonly own: Served;
  readonly below: Served;
}

export interface ReviewFigures {
  readonly account: AccountMoment;
  /** Tier at the window's end. */
  readonly tier: Tier;
  /** Next lower tier; null = there is none. */
  readonly below: Tier | null;
  readonly tickets: readonly TicketFact[];
  readonly targets: readonly TargetFact[];
  /** Of the window of the same length before. */
  readonly earlier: { readonly tickets: readonly TicketFact[]; readonly targets: readonly TargetFact[] };
  readonly leftOut: number;
  readonly bought: readonly Bought[];
}

/** What a pack is made of. */
export interface ReviewOf {
  readonly policy: Policy;
  readonly window: Window;
  readonly at: Instant;
  readonly figures: ReviewFigures;
  /** For us: causes from our own records, who worked on it, and cost to serve. */
  readonly internal: boolean;
}

/** Everything about one account; null = nothing was ever remembered of it. */
export async function reviewFigures(input: ReviewInput): Promise<ReviewFigures | null> {
  const { facts, policy, accountId, window } = input;
  const moments = (await facts.historyOf(accountId)).filter((one) => one.at < window.until);
  const account = moments.at(-1);
  const tier = policy.tiers.find((one) => one.id === account?.tier);
  if (account === undefined || tier === undefined) return null;
  const own = await decided(facts, accountId, window);
  const length = window.until - window.from;
  const earlier = await decided(facts, accountId, { from: window.from - length, until: window.from });
  const below = policy.tiers[policy.tiers.indexOf(tier) - 1] ?? null;
  return {
    account,
    tier,
    below,
    ...own,
    earlier,
    bought: below === null ? [] : await boughtOf(input, tier, below, own.targets),
  };
}

async function decided(facts: Facts, accountId: string, window: Window) {
  const all = await facts.ofAccount(accountId, window);
  const tickets = all.tickets.filter(counts);
  const ids = new Set(tickets.map((one) => one.ticketId));
  return {
    tickets,
    targets: all.targets.filter((one) => ids.has(one.ticketId) && one.state !== "void"),
    leftOut: all.tickets.length - tickets.length,
  };
}

const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

/** First replies against all tickets of the tier below in the same window, within this customer's own times. */
async function boughtOf(
  { facts, policy, window, at }: ReviewInput,
  tier: Tier,
  below: Tier,
  own: readonly TargetFact[],
): Promise<readonly Bought[]> {
  const others: TargetFact[] = [];
  for await (const page of facts.targets(window))
    others.push(...page.filter((one) => one.tier === below.id && one.metric === "first_reply"));
  return PRIORITIES.flatMap((priority): readonly Bought[] => {
    const target = policy.slaPolicies[tier.slaPolicy ?? ""]?.first_reply[priority] ?? null;
    const mine = own.filter((one) => one.metric === "first_reply" && one.priority === priority);
    if (target === null || mine.length === 0) return [];
    const theirs = others.filter((one) => one.priority === priority && one.state !== "void");
    const { minutes } = target;
    return [
      {
        priority,
        withinMinutes: minutes,
        own: served(mine, minutes, at),
        below: served(theirs, minutes, at),
      },
    ];
  });
}

/** A reply that has not come counts once it is too late for the time; before, it says nothing. */
function served(targets: readonly TargetFact[], within: number, at: Instant): Served {
  const waits = targets.flatMap(({ endedAt, calendarMinutes, startedAt }) => {
    if (endedAt !== null) return [calendarMinutes];
    return (at - startedAt) / 60_000 > within ? [Number.POSITIVE_INFINITY] : [];
  });
  const p50 = percentile(ascending(waits), 0.5);
  return {
    n: waits.length,
    p50: p50 !== null && Number.isFinite(p50) ? p50 : null,
    inTime: shareOf(waits.filter((one) => one <= within).length, waits.length),
  };
}
