/** Everything an account qualifies for, and the best of it. */
import { addonGrants } from "./addon-grants.ts";
import { arrGrant } from "./arr-grants.ts";
import { tierNamed } from "./compiled.ts";
import { isLive } from "./contract.ts";
import type { Account, Basis, Tam } from "./model.ts";
import { arrOf } from "./money.ts";
import { planGiver, planOf } from "./plan-grants.ts";
import { type Grant, type Subject, useFact, useStanding } from "./subject.ts";
import { note } from "./trail.ts";

/** What the facts alone give an account. */
export interface Granted {
  readonly best: Grant;
  /** TAM of the nearest account above whose family add-on counts here; null = none. */
  readonly inheritedTam: Tam | null;
}

/** Which basis speaks for a tier that several give, strongest first. */
const BASES: readonly Basis[] = ["addon", "plan", "arr", "parent", "trial"];

/** The best tier the facts give, with its basis; the default tier when they give none. */
export function grantedTo(subject: Subject): Granted {
  const { account, ancestry, trail } = subject;
  if (account.status === "trial") return { best: bestOf(trialGrants(subject), subject), inheritedTam: null };
  if (ancestry.cycle) note(trail, "hierarchy_cycle", "review");
  useFact(trail, account, "parent", account.parentId);
  if (account.standalone) useFact(trail, account, "standalone", "true");

  const live = isLive(subject.contract.state);
  const earned = live ? planGrants(subject) : [];
  const arr = live ? arrGrant(subject) : { grant: null, usable: false };
  if (arr.grant !== null) earned.push(arr.grant);
  const addons = addonGrants(subject, earned);
  const grants = [...earned, ...addons.grants];

  if (grants.some((grant) => grant.basis === "parent")) note(trail, "inherited_from_parent");
  if (grants.length === 0 && !arr.usable && knowsNothing(account, subject)) {
    note(trail, "no_entitlement_facts", "review");
  }
  return { best: bestOf(grants, subject), inheritedTam: addons.nearestGiver?.tam ?? null };
}

/** On trial nothing counts but the trial itself. */
function trialGrants(subject: Subject): Grant[] {
  const { account, today, policy, compiled, trail } = subject;
  if (!planOf(account, policy, compiled).blank) note(trail, "trial_ignored_plan");
  const { poc, end } = account.trial ?? { poc: false, end: null };
  useFact(trail, account, "trial", `${poc ? "proof of concept" : "trial"} until ${end ?? "(no end)"}`);
  if (end !== null && today > end) {
    note(trail, "trial_expired");
    return [];
  }
  if (!poc) return [];
  if (end === null) {
    note(trail, "trial_end_missing", "review");
    return [];
  }
  const tier = tierNamed(compiled, policy.trial.pocTier);
  note(trail, `grant_trial:${tier.id}`);
  return [{ tier, basis: "trial" }];
}

/** The account's own plan, or where that is blank the plan of an account above. */
function planGrants(subject: Subject): Grant[] {
  const { account, ancestry, today, policy, compiled, trail } = subject;
  const plan = planOf(account, policy, compiled);
  useFact(trail, account, "plan", account.plan);
  if (plan.unmapped) note(trail, "plan_unmapped", "review");
  if (plan.tier !== null) {
    note(trail, `grant_plan:${plan.tier.id}`);
    return [{ tier: plan.tier, basis: "plan" }];
  }
  if (!plan.blank || policy.rollup.plan === "never") return [];
  const parent = planGiver(ancestry.ancestors, today, policy, compiled);
  if (parent === null) return [];
  useFact(trail, parent.giver, "plan", parent.giver.plan);
  useStanding(trail, parent.giver);
  note(trail, `grant_parent_plan:${parent.tier.id}`);
  return [{ tier: parent.tier, basis: "parent" }];
}

/** No plan, no ARR of its own that could be counted, no add-on line in any state. */
function knowsNothing(account: Account, { policy, compiled }: Subject): boolean {
  if (account.addons.length > 0 || arrOf(account, compiled.rates).usable) return false;
  return planOf(account, policy, compiled).blank;
}

function bestOf(grants: readonly Grant[], { policy, compiled, trail }: Subject): Grant {
  const [best] = grants.toSorted(
    (a, b) => b.tier.rank - a.tier.rank || BASES.indexOf(a.basis) - BASES.indexOf(b.basis),
  );
  if (best !== undefined) return best;
  note(trail, "default_tier");
  return { tier: tierNamed(compiled, policy.defaultTier), basis: "default" };
}
