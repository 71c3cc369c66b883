/**
 * Whose ticket is it, where a person belongs to several organizations? The ticket's own, unless the policy says
 * `multiple_organizations: best_tier`: then that of the person's organizations whose account has the highest tier.
 */
import { domainOf } from "./policy/matching.ts";
import type { Decision, Policy, Situation } from "./policy/model.ts";
import type { Desk, Lane, Store, TicketReading } from "./ports.ts";

/** One organization of a person and the rank of the tier its account has by the last sync. */
export interface Standing {
  readonly organizationId: string;
  readonly rank: number;
}

/**
 * The organization to decide by. Costs one call, and only where the policy asks for it.
 *
 * The answer never leaves the person's own organizations, so nobody is served on another company's account.
 */
export async function organizationFor(
  ports: { readonly desk: Desk; readonly store: Store },
  policy: Policy,
  reading: TicketReading,
  lane: Lane,
): Promise<string | null> {
  const { requesterId, requester, organizationId } = reading;
  const wanted = policy.desk.multipleOrganizations === "best_tier" && requester.role === "end-user";
  if (!wanted || requesterId === null) return organizationId;
  const theirs = await ports.desk.organizationsOf(requesterId, lane);
  const all = [...new Set([...(organizationId === null ? [] : [organizationId]), ...theirs])];
  if (all.length < 2) return all[0] ?? null;
  return best(await standings(ports.store, policy, all), organizationId);
}

async function standings(
  store: Store,
  policy: Policy,
  organizationIds: readonly string[],
): Promise<readonly Standing[]> {
  const accountOf = await store.organizations.accountOf(organizationIds);
  const entitlements = await store.accounts.entitlements([...accountOf.values()]);
  return organizationIds.flatMap((organizationId) => {
    const tier = entitlements.get(accountOf.get(organizationId) ?? "")?.tier;
    const rank = policy.tiers.find((one) => one.id === tier)?.rank;
    return rank === undefined ? [] : [{ organizationId, rank }];
  });
}

/**
 * The organization of the highest rank. Equal ranks: the ticket's own, then the one listed first (the person's default).
 * Organizations without a known account are not among `standings`; where there is none at all, the ticket's own stays.
 */
export function best(standings: readonly Standing[], own: string | null): string | null {
  const top = Math.max(...standings.map((one) => one.rank));
  const equal = standings.filter((one) => one.rank === top).map((one) => one.organizationId);
  return own !== null && equal.includes(own) ? own : (equal[0] ?? own);
}

/**
 * The decision with what led to it outside the rules: another organization than the ticket's own, and, where no
 * customer was found, the mail domain (never the address) by which people can find one.
 */
export function withOrigin(decision: Decision, reading: TicketReading, { ticket }: Situation): Decision {
  if (decision.action === "skip") return decision;
  const domain = domainOf(ticket.requester);
  if (decision.accountId === null && domain !== null) {
    const fact = { accountId: REQUESTER, fact: REQUESTER_DOMAIN, value: domain, syncedAt: null };
    return { ...decision, facts: [...decision.facts, fact] };
  }
  if (
    ticket.organizationId === reading.organizationId ||
    !decision.reasons.includes("account_matched_by_org")
  )
    return decision;
  return { ...decision, reasons: ["organization_best_tier", ...decision.reasons] };
}

/** The fact stands on the sender of the ticket, not on an account. */
const REQUESTER = "requester";
/** Fact of a decision without a customer: the mail domain of its sender. */
export const REQUESTER_DOMAIN = "requester_domain";
