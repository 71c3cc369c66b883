/** Small local look-ups the service makes on every delivery. */
import type { Policy } from "./policy/model.ts";
import type { Clock, DecisionRecord, LaneChoice, NewDelivery, Store } from "./ports.ts";

/** Tickets of the top tier go first. Whether a customer has it is looked up by the store as it takes the delivery. */
export function laneFinder(policy: () => Policy): (delivery: NewDelivery) => LaneChoice {
  return ({ flagged, hint }) => {
    const organizationId = flagged ? null : (hint?.organizationId ?? null);
    const topTier = policy().tiers.at(-1)?.id;
    return organizationId === null || topTier === undefined ? "live" : { organizationId, topTier };
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

const DAY_MS = 86_400_000;
/** More than a day's tickets of a large desk would only delay those that come. */
const MOST_LEFT = 2_000;
/** A decision this old is in nobody's hands any more. */
const LEFT_AFTER_MS = 5 * 60_000;

/** Decisions of the last day whose SLA nobody has read back: a restart came between. */
export function unverified(store: Store, clock: Clock): Promise<readonly DecisionRecord[]> {
  return store.ledger.unverified(clock.now() - DAY_MS, Number.MAX_SAFE_INTEGER, MOST_LEFT);
}

/**
 * The same, of those that some other instance may have left behind. One instance looks at a time; `everyMs` = until the
 * next look.
 */
export function leftBehind(
  store: Store,
  clock: Clock,
  owner: string,
  everyMs: number,
): () => Promise<readonly DecisionRecord[]> {
  return async () => {
    const ours = await store.register.lease("verify:left", owner, everyMs / 2);
    const now = clock.now();
    return ours ? store.ledger.unverified(now - DAY_MS, now - LEFT_AFTER_MS, MOST_LEFT) : [];
  };
}
