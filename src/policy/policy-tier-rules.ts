/** From the tiers and add-ons an author wrote to those the rules read: every default filled in. */
import type { Addon, Tier, TierId } from "./model.ts";
import { nameFromId, rankOf } from "./policy-defaults.ts";
import type { PolicyFile } from "./policy-schema.ts";
import { foldedName } from "./text-fold.ts";

type TierFile = PolicyFile["tiers"][number];

function eligibilityOf(tier: TierFile, file: PolicyFile): Tier["eligibility"] {
  if (tier.eligibility === undefined) {
    const skus = file.addons.filter((addon) => addon.grants === tier.id).map((addon) => addon.sku);
    return { plans: skus.length === 0 ? [tier.id] : [], arr: null, addons: skus };
  }
  const { any } = tier.eligibility;
  const arr = any.find((entry) => entry.arr !== undefined)?.arr;
  return {
    plans: any.flatMap((entry) => (entry.plan === undefined ? [] : [entry.plan])),
    arr: arr === undefined ? null : { enter: arr.enter, exit: arr.exit ?? arr.enter },
    addons: any.flatMap((entry) => (entry.addon === undefined ? [] : [entry.addon])),
  };
}

function tierOfFile(tier: TierFile, index: number, file: PolicyFile): Tier {
  const { routing, entitlements, capacity } = tier;
  return {
    id: tier.id,
    name: tier.name ?? nameFromId(tier.id),
    rank: rankOf(file, index),
    eligibility: eligibilityOf(tier, file),
    priority: {
      default: tier.priority.default,
      floor: tier.priority.floor,
      ceiling: tier.priority.ceiling,
      vipStep: tier.priority.vip_step,
    },
    routing: {
      group: routing.group,
      fallback: routing.fallback,
      overflowUnassigned: routing.overflow_unassigned,
      afterHours: routing.after_hours,
    },
    slaPolicy: tier.sla_policy,
    entitlements: {
      namedTam: entitlements.named_tam,
      slackChannel: entitlements.slack_channel,
      qbr: entitlements.qbr,
      authorizedContacts: entitlements.authorized_contacts,
      healthMonitoring: entitlements.health_monitoring,
    },
    capacity: {
      maxAccounts: capacity.max_accounts,
      waitlistBasis: capacity.waitlist_basis,
      accountsPerTam: capacity.accounts_per_tam,
    },
    nativeTrigger:
      tier.native_trigger === "from_tier"
        ? { priority: tier.priority.default, group: routing.group }
        : tier.native_trigger,
  };
}

/** The tiers in ascending rank; equal ranks stay as written. */
export function tiersOf(file: PolicyFile): readonly Tier[] {
  return file.tiers.map((tier, index) => tierOfFile(tier, index, file)).sort((a, b) => a.rank - b.rank);
}

/** Plan text → tier: as written, else id (also with spaces for _) and name of every tier that a plan opens. */
export function planMapOf(file: PolicyFile): ReadonlyMap<string, TierId> {
  if (file.plan_map !== undefined) {
    return new Map(Object.entries(file.plan_map).map(([plan, tier]) => [foldedName(plan), tier]));
  }
  const tiers = tiersOf(file);
  const sold = new Set(tiers.flatMap((tier) => tier.eligibility.plans));
  return new Map(
    tiers
      .filter((tier) => sold.has(tier.id))
      .flatMap((tier) =>
        [tier.id, tier.id.replaceAll("_", " "), tier.name].map((plan): [string, TierId] => [
          foldedName(plan),
          tier.id,
        ]),
      ),
  );
}

/** The add-ons as written, and every SKU that a tier names without an entry of its own. */
export function addonsOf(file: PolicyFile): readonly Addon[] {
  const written = file.addons.map((addon) => ({
    sku: addon.sku,
    grants: addon.grants,
    requiresTier: addon.requires_tier,
    requiresActiveContract: addon.requires_active_contract,
    lapseGraceDays: addon.lapse_grace_days ?? file.contract.lapse_grace_days,
    listPrice: addon.list_price,
  }));
  const known = new Set(written.map((addon) => addon.sku));
  const named = tiersOf(file).flatMap((tier) =>
    tier.eligibility.addons.filter((sku) => !known.has(sku)).map((sku) => ({ sku, grants: tier.id })),
  );
  const rest = {
    requiresTier: null,
    requiresActiveContract: true,
    lapseGraceDays: file.contract.lapse_grace_days,
    listPrice: null,
  };
  return [...written, ...named.map((one) => ({ ...one, ...rest }))];
}
