/** What bought support packages entitle an account to: its own, and those of the accounts above it. */
import { contractOf, graceDays, isLive } from "./contract.ts";
import { addDays } from "./dates.ts";
import type { Account, Addon, AddonLine, Tier } from "./model.ts";
import { mayPassDown, planOf } from "./plan-grants.ts";
import { type Grant, type Subject, useFact, useStanding } from "./subject.ts";
import { note } from "./trail.ts";

/** Grants by add-ons, and whose family package is the nearest one. */
export interface AddonGrants {
  readonly grants: readonly Grant[];
  /** Nearest account above whose family add-on was granted; null = none. */
  readonly nearestGiver: Account | null;
}

/**
 * Judges every add-on line that could cover the account, each on its own.
 *
 * `ownGrants` are the account's plan, parent-plan and ARR grants: what an add-on may require.
 */
export function addonGrants(subject: Subject, ownGrants: readonly Grant[]): AddonGrants {
  const { account, ancestry, policy, compiled, trail } = subject;
  const ownBest = Math.max(...ownGrants.map((grant) => grant.tier.rank));
  const grants: Grant[] = [];
  for (const line of account.addons) {
    const tier = judged(line, account, ownBest, subject);
    if (tier === null) continue;
    note(trail, `grant_addon:${tier.id}`);
    grants.push({ tier, basis: "addon" });
  }
  let nearestGiver: Account | null = null;
  for (const giver of policy.rollup.addons === "never" ? [] : ancestry.ancestors) {
    if (!mayPassDown(giver, policy)) continue;
    for (const line of giver.addons) {
      if (line.scope !== "family") continue;
      const planRank = planOf(giver, policy, compiled).tier?.rank ?? Number.NEGATIVE_INFINITY;
      const tier = judged(line, giver, planRank, subject);
      if (tier === null) continue;
      note(trail, `grant_parent_addon:${tier.id}`);
      grants.push({ tier, basis: "parent" });
      nearestGiver ??= giver;
    }
  }
  return { grants, nearestGiver };
}

/** The tier one line grants; null = refused, for the first cause that applies. Notes everything it finds. */
function judged(line: AddonLine, owner: Account, ownerRank: number, subject: Subject): Tier | null {
  const { trail, compiled, account } = subject;
  useFact(trail, owner, "addon", lineText(line));
  if (owner !== account) useStanding(trail, owner);
  const addon = compiled.addons.get(line.sku);
  const tier = addon === undefined ? undefined : compiled.tiers.get(addon.grants);
  if (addon === undefined || tier === undefined) {
    note(trail, "addon_unknown", "review");
    return null;
  }
  const refusal = refusalOf(line, addon, owner, subject);
  if (refusal !== null) {
    note(trail, refusal);
    return null;
  }
  if (isPastEnd(line, owner, subject)) note(trail, "addon_lapse_grace", "grace");
  const required = addon.requiresTier === null ? undefined : compiled.tiers.get(addon.requiresTier);
  if (required !== undefined && ownerRank < required.rank) note(trail, "addon_requirement_unmet", "review");
  return tier;
}

function refusalOf(line: AddonLine, addon: Addon, owner: Account, subject: Subject): string | null {
  const { today, policy } = subject;
  if (line.start !== null && today < line.start) return "addon_not_started";
  const contract = contractOf(owner, today, policy);
  const end = line.end ?? contract.end;
  const grace = graceDays(owner, addon.lapseGraceDays, policy);
  if (end !== null && today > addDays(end, grace)) return "addon_lapsed";
  return addon.requiresActiveContract && !isLive(contract.state) ? "addon_without_contract" : null;
}

function isPastEnd(line: AddonLine, owner: Account, { today, policy }: Subject): boolean {
  const end = line.end ?? contractOf(owner, today, policy).end;
  return end !== null && today > end;
}

function lineText({ sku, start, end, scope }: AddonLine): string {
  return `${sku} ${start ?? ""}..${end ?? ""} ${scope}`;
}
