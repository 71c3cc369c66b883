/** Asks the rules once about everything a run would take away. */
import { type GuardInput, type GuardVerdict, guard } from "../policy/guard.ts";
import type { Policy } from "../policy/model.ts";
import type { Clock, Demotion, Store } from "../ports.ts";

export interface VerdictPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly policy: Policy;
}

/** What the rules say about these demotions, with what passed in the window and how many there are to lose. */
export async function verdictOn(
  { store, clock, policy }: VerdictPorts,
  demotions: readonly Demotion[],
  listing: GuardInput["listing"],
): Promise<GuardVerdict> {
  if (demotions.length === 0) return { held: [], codes: [], reason: null };
  const tierSizes = await store.guard.tierSizes();
  const lowest = policy.tiers.find((tier) => tier.id === policy.defaultTier)?.rank ?? 0;
  const above = Object.entries(tierSizes).filter(
    ([id]) => (policy.tiers.find((tier) => tier.id === id)?.rank ?? Number.POSITIVE_INFINITY) > lowest,
  );
  return guard(
    {
      proposed: demotions,
      demotionsInWindow: await store.guard.passedSince(clock.now() - policy.guard.windowHours * 3_600_000),
      accountsAboveDefault: above.reduce((sum, [, size]) => sum + size, 0),
      tierSizes,
      listing,
    },
    policy,
  );
}
