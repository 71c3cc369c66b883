/** What the desk's own trigger sets for a tier before we see the ticket: the one source for compiling it and for deciding. */
import type { Baseline, Policy, Priority, Tier } from "./model.ts";
import { nativeTag, tierTag } from "./tags.ts";

/** The priority and group that the tier's native trigger sets; null = the tier has no such trigger. */
export function nativeOutcome(tier: Tier): Baseline | null {
  const outcome = tier.nativeTrigger;
  return outcome === null || (outcome.priority === null && outcome.group === null) ? null : outcome;
}

/**
 * What native triggers may have set on a ticket with these tags: the outcomes of `tier` and of every tier whose tag it
 * carries, for the customer may have changed tier since its organization was last written. Empty without their mark.
 */
export function nativeOutcomes(tags: readonly string[], tier: Tier, policy: Policy): readonly Baseline[] {
  if (!tags.includes(nativeTag(policy))) return [];
  const suspects = policy.tiers.filter(({ id }) => id === tier.id || tags.includes(tierTag(id, policy)));
  return suspects.map(nativeOutcome).filter((outcome) => outcome !== null);
}

/**
 * Did a native trigger certainly give the ticket this priority? Then it counts as not set, and nobody needs to ask who
 * set it. Judged by the tier tags the ticket carries, for its tier is not known yet.
 */
export function setByNativeTrigger(priority: Priority, tags: readonly string[], policy: Policy): boolean {
  if (!tags.includes(nativeTag(policy))) return false;
  const tagged = policy.tiers.filter(({ id }) => tags.includes(tierTag(id, policy)));
  return tagged.some((tier) => nativeOutcome(tier)?.priority === priority);
}
