/** How large the programme is beside everything that is served, against the policy's limits. */
import type { Policy, TierId } from "../policy/model.ts";
import { type Share, shareOf } from "./proportions.ts";

/** `at_limit` = the limit to a tenth of a point; `near` = nine tenths of it. */
export type LimitVerdict = "below" | "near" | "at_limit" | "over" | "no_limit" | "no_data";

export interface LimitedShare {
  readonly share: Share;
  /** 0–1; null = the policy plans nothing. */
  readonly limit: number | null;
  readonly verdict: LimitVerdict;
}

export interface ProgrammeShare {
  /** Accounts above the default tier of all that are served. */
  readonly accounts: LimitedShare;
  /** Tickets of tiers above the default of all in the window. */
  readonly tickets: LimitedShare;
  /** Tickets of the window by tier of their creation: what a what-if is reckoned from. */
  readonly ticketsByTier: Readonly<Record<TierId, number>>;
}

const NEAR = 0.9;
/** Half of a tenth of a point: what is printed as the limit is at the limit. */
const ROUNDING = 0.0005;

/** Both shares from counts by tier. */
export function programmeShare(
  policy: Policy,
  accounts: ReadonlyMap<TierId, number>,
  tickets: ReadonlyMap<TierId, number>,
): ProgrammeShare {
  const limits = policy.capacityAssumptions?.programmeLimits;
  return {
    accounts: limited(aboveOf(policy, accounts), limits?.priorityShareOfAccountsMax ?? null),
    tickets: limited(aboveOf(policy, tickets), limits?.priorityShareOfTicketsMax ?? null),
    ticketsByTier: Object.fromEntries(tickets),
  };
}

/** The same with other numbers of accounts, each sending as many tickets as those of its tier did. */
export function programmeAfter(
  policy: Policy,
  now: ProgrammeShare,
  before: ReadonlyMap<TierId, number>,
  after: ReadonlyMap<TierId, number>,
): ProgrammeShare {
  const tickets = policy.tiers.map(({ id, routing }): [TierId, number] => {
    const seen = now.ticketsByTier[id] ?? 0;
    const accounts = before.get(id) ?? 0;
    const planned = policy.capacityAssumptions?.teams[routing.group ?? ""]?.ticketsPerAccountMonth ?? 0;
    const each = accounts > 0 ? seen / accounts : planned;
    return [id, Math.round((after.get(id) ?? 0) * each)];
  });
  return programmeShare(policy, after, new Map(tickets));
}

function aboveOf(policy: Policy, counts: ReadonlyMap<TierId, number>): Share {
  const all = [...counts.values()].reduce((sum, n) => sum + n, 0);
  return shareOf(all - (counts.get(policy.defaultTier) ?? 0), all);
}

function limited(share: Share, limit: number | null): LimitedShare {
  return { share, limit, verdict: verdictOf(share.share, limit) };
}

function verdictOf(share: number | null, limit: number | null): LimitVerdict {
  if (limit === null) return "no_limit";
  if (share === null) return "no_data";
  if (share > limit + ROUNDING) return "over";
  if (share >= limit - ROUNDING) return "at_limit";
  return share >= limit * NEAR ? "near" : "below";
}
