/** What an account's plan, or its parent's, entitles it to. */
import type { CompiledPolicy } from "./compiled.ts";
import { contractOf, isLive } from "./contract.ts";
import type { Account, CalendarDate, Policy, Tier, TierId } from "./model.ts";
import { foldedName } from "./text-fold.ts";

/** A plan text taken apart. */
export interface PlanReading {
  /** No plan is stated at all. */
  readonly blank: boolean;
  /** Some part of it is not in the plan map. */
  readonly unmapped: boolean;
  /** The best tier a part stands for; null = no part is mapped. */
  readonly tier: Tier | null;
}

/** Reads a plan text such as `Pro; Enterprise Plus`. */
export function planOf(account: Account, policy: Policy, compiled: CompiledPolicy): PlanReading {
  const parts = (account.plan ?? "")
    .split(policy.planSeparator)
    .map(foldedName)
    .filter((part) => part !== "");
  const mapped = parts.map((part) => compiled.plans.get(part));
  return {
    blank: parts.length === 0,
    unmapped: mapped.includes(undefined),
    tier: bestTier(mapped, compiled),
  };
}

/** Whether an account above may pass its plan or add-ons down: not on trial, not under a status gate. */
export function mayPassDown(account: Account, policy: Policy): boolean {
  return account.status !== "trial" && policy.statusGates[account.status] === undefined;
}

/** The nearest account above whose plan counts for those below; null = none. */
export function planGiver(
  ancestors: readonly Account[],
  today: CalendarDate,
  policy: Policy,
  compiled: CompiledPolicy,
): { readonly giver: Account; readonly tier: Tier } | null {
  for (const giver of ancestors) {
    const { tier } = planOf(giver, policy, compiled);
    if (tier === null || !mayPassDown(giver, policy)) continue;
    if (isLive(contractOf(giver, today, policy).state)) return { giver, tier };
  }
  return null;
}

function bestTier(ids: readonly (TierId | undefined)[], compiled: CompiledPolicy): Tier | null {
  let best: Tier | null = null;
  for (const id of ids) {
    const tier = id === undefined ? undefined : compiled.tiers.get(id);
    if (tier !== undefined && (best === null || tier.rank > best.rank)) best = tier;
  }
  return best;
}
