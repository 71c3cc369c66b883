/** One part of the curated cast, and how it becomes a company record. */
import type { Instant } from "../policy/model.ts";
import { dayFrom } from "./dataset-days.ts";
import type { CompanyProperties, CompanyProperty } from "./dataset-model.ts";
import { OWNER_IDS } from "./dataset-people.ts";

/** One part: what is special about it. Days count from `asOf`; what is not given is the ordinary case. */
export interface Part {
  readonly role: string;
  readonly shows: string;
  readonly name: string;
  readonly domain: string | null;
  /** Contract start and end, in days from `asOf`; null = not stated. */
  readonly start?: number | null;
  readonly end?: number | null;
  readonly trialEnd?: number;
  /** Role of the parent company. */
  readonly parent?: string;
  readonly values?: Partial<CompanyProperties>;
}

/** The properties of the company that plays `part`: an ordinary paying customer, but for what the part says. */
export function playedBy(part: Part, asOf: Instant, parentId: string | null): CompanyProperties {
  const date = (offset: number | null | undefined, usual: number | null) => {
    const days = offset === undefined ? usual : offset;
    return days === null ? null : dayFrom(asOf, days);
  };
  return {
    ...blank(),
    name: part.name,
    domain: part.domain,
    account_status: "Active",
    contract_start_date: date(part.start, -200),
    contract_end_date: date(part.end, 165),
    trial_end_date: date(part.trialEnd, null),
    hubspot_owner_id: OWNER_IDS.salesJune,
    hs_parent_company_id: parentId,
    arr_currency: "USD",
    is_poc: "false",
    renewal_open: "false",
    billing_standalone: "false",
    annualrevenue: "5000000",
    ...part.values,
  };
}

/** A company about which nothing is known. */
export function blank(): Record<CompanyProperty, string | null> {
  return {
    name: null,
    domain: null,
    hs_additional_domains: null,
    plan_tier: null,
    arr: null,
    arr_currency: null,
    contract_start_date: null,
    contract_end_date: null,
    support_addons: null,
    hubspot_owner_id: null,
    support_tam: null,
    account_status: null,
    trial_end_date: null,
    is_poc: null,
    renewal_open: null,
    hs_parent_company_id: null,
    billing_standalone: null,
    annualrevenue: null,
    support_tier: null,
  };
}
