/** Small local look-ups the service makes on every delivery. */
import type { Policy } from "./policy/model.ts";
import type { Clock, DecisionRecord, Lane, NewDelivery, Store } from "./ports.ts";

/** Tickets of the top tier go first; one local look-up at the door. */
export function laneFinder(store: Store, policy: () => Policy): (delivery: NewDelivery) => Promise<Lane> {
  return async (delivery) => {
    const organizationId = delivery.flagged ? null : (delivery.hint?.organizationId ?? null);
    if (organizationId === null) return "live";
    const accountId = (await store.organizations.accountOf([organizationId])).get(organizationId);
    if (accountId === undefined) return "live";
    const tier = (await store.accounts.entitlements([accountId])).get(accountId)?.tier;
    return tier === policy().tiers.at(-1)?.id ? "top" : "live";
  };
}

/** The desk agent behind an e-mail, remembered for an hour. */
export function agentFinder(
  find: (email: string) => Promise<{ readonly id: string } | null>,
  clock: Clock,
): (email: string) => Promise<string | null> {
  const known = new Map<string, { readonly id: string | null; readonly until: number }>();
  return async (email) => {
    const kept = known.get(email);
    if (kept !== undefined && kept.until > clock.now()) return kept.id;
    const id = (await find(email))?.id ?? null;
    known.set(email, { id, until: clock.now() + 3_600_000 });
    return id;
  };
}

/** Decisions of the last day whose SLA nobody has read back: a restart came between. */
export async function unverified(store: Store, clock: Clock): Promise<readonly DecisionRecord[]> {
  const recent = await store.ledger.recentDecisions(500);
  return recent.filter(
    (r) =>
      r.verification === null &&
      r.decision.action === "apply" &&
      r.state === "written" &&
      r.decidedAt > clock.now() - 86_400_000,
  );
}
