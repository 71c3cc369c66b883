/** Defaults of the policy file that depend on the rest of it. Fixed defaults stand in the schema itself. */
import type { CrmMapping, FactSource, Schedule, SlaPolicy, TierId } from "./model.ts";
import type { PolicyFile } from "./policy-schema.ts";

/** Free-mail providers whose addresses say nothing about a company. */
export const FREE_MAIL: readonly string[] = [
  "126.com",
  "163.com",
  "aol.com",
  "fastmail.com",
  "gmail.com",
  "gmx.com",
  "gmx.de",
  "gmx.net",
  "googlemail.com",
  "hotmail.com",
  "icloud.com",
  "live.com",
  "mail.com",
  "mail.ru",
  "me.com",
  "msn.com",
  "outlook.com",
  "pm.me",
  "proton.me",
  "protonmail.com",
  "qq.com",
  "web.de",
  "yahoo.com",
  "yandex.com",
  "yandex.ru",
];

/** The schedule that exists without being written: every hour of every day. */
export const ALWAYS: Schedule = { alwaysOpen: true, timezone: "UTC", weekly: {}, holidays: [] };

/** A name people can read, made from a tier's id: `enterprise_support` → "Enterprise Support". */
export function nameFromId(id: string): string {
  return id
    .split("_")
    .filter((word) => word !== "")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join(" ");
}

/** Rank of the tier at `index`: as written, else by order. */
export function rankOf(file: PolicyFile, index: number): number {
  return file.tiers[index]?.rank ?? (index + 1) * 10;
}

/** Tier of the lowest rank. */
export function lowestTier(file: PolicyFile): TierId {
  const ranked = file.tiers.map((tier, index) => ({ id: tier.id, rank: rankOf(file, index) }));
  return ranked.reduce((low, tier) => (tier.rank < low.rank ? tier : low)).id;
}

/** Every group a tier names, always open. */
export function groupsOf(file: PolicyFile): Readonly<Record<string, { readonly schedule: string }>> {
  if (file.groups !== undefined) return file.groups;
  const names = file.tiers.flatMap(({ routing }) => [
    routing.group,
    ...routing.fallback,
    routing.after_hours.group,
  ]);
  const groups = new Set([...names, ...(file.routing.reroutable_groups ?? [])]);
  return Object.fromEntries(
    [...groups].filter((name) => name !== null).map((name) => [name, { schedule: "always" }]),
  );
}

/** An SLA policy of the help desk whose targets this file does not state. */
export const UNSTATED_SLA: SlaPolicy = {
  first_reply: { urgent: null, high: null, normal: null, low: null },
  next_reply: { urgent: null, high: null, normal: null, low: null },
  resolution: { urgent: null, high: null, normal: null, low: null },
};

/** One CRM property without further details. */
export function plainSource(property: string): FactSource {
  return { property, map: null, currency: null, currencyProperty: null };
}

/** Parent company and mail domains exist in every HubSpot account under these names. */
export const HUBSPOT_PARENT = "hs_parent_company_id";
export const HUBSPOT_DOMAINS: readonly string[] = ["domain", "hs_additional_domains"];

/** The mapping of a policy that has no `crm` section: usual names. `check` names those that do not exist. */
export function usualHubspotMapping(base: string): CrmMapping {
  return {
    plan: plainSource("plan_tier"),
    arr: { ...plainSource("arr"), currency: base },
    contractStart: plainSource("contract_start_date"),
    contractEnd: plainSource("contract_end_date"),
    addons: plainSource("support_addons"),
    owner: plainSource("hubspot_owner_id"),
    tam: plainSource("support_tam"),
    status: plainSource("account_status"),
    trialEnd: plainSource("trial_end_date"),
    poc: plainSource("is_poc"),
    renewalInProgress: plainSource("renewal_in_progress"),
    parent: plainSource(HUBSPOT_PARENT),
    domains: HUBSPOT_DOMAINS,
    standalone: plainSource("billing_standalone"),
    slackChannel: null,
    contacts: null,
    label: "support_tier",
  };
}
