/** The shapes of the sandbox's data set: plain facts, no policy. Types only. */
import type { Instant, Priority, PrioritySetter } from "../policy/model.ts";

/** Company properties the data set fills, by their HubSpot name. */
export type CompanyProperty =
  | "name"
  | "domain"
  | "hs_additional_domains"
  | "plan_tier"
  | "arr"
  | "arr_currency"
  | "contract_start_date"
  | "contract_end_date"
  | "support_addons"
  | "hubspot_owner_id"
  | "support_tam"
  | "account_status"
  | "trial_end_date"
  | "is_poc"
  | "renewal_open"
  | "hs_parent_company_id"
  | "billing_standalone"
  | "annualrevenue"
  | "support_tier";

/** Property → HubSpot text; null = empty. */
export type CompanyProperties = Readonly<Record<CompanyProperty, string | null>>;

/** One CRM company. */
export interface DatasetCompany {
  /** HubSpot record id. */
  readonly id: string;
  /** Name of the part it plays in the curated cast; null = generated. */
  readonly role: string | null;
  /** What the part shows, in a sentence; null = generated. */
  readonly shows: string | null;
  readonly properties: CompanyProperties;
}

/** One CRM deal of the curated cast. */
export interface DatasetDeal {
  readonly id: string;
  /** What the deal shows, in a sentence. */
  readonly shows: string;
  readonly properties: Readonly<Record<string, string | null>>;
  readonly companies: readonly { readonly id: string; readonly primary: boolean }[];
}

/** One line item of a deal. */
export interface DatasetLineItem {
  readonly id: string;
  readonly deal: string;
  readonly properties: Readonly<Record<string, string | null>>;
}

/** One CRM owner. A company's owner properties hold `id`, never `userId`. */
export interface DatasetOwner {
  readonly id: string;
  readonly userId: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Left the company: listed only when archived owners are asked for. */
  readonly archived: boolean;
}

/** One help-desk organization. */
export interface DatasetOrganization {
  /** Our handle inside the data set; the help desk gives its own id. */
  readonly key: string;
  readonly name: string;
  readonly domains: readonly string[];
  /** What the desk's external id holds: a record id, `hubspot:<id>` in any case, or null. */
  readonly externalId: string | null;
  /** Company it belongs to in truth, for judging a match; null = none, or undecidable. */
  readonly companyId: string | null;
}

/** One person who writes tickets. */
export interface DatasetUser {
  readonly email: string;
  readonly name: string;
  /** Key of the organization, or null. */
  readonly organization: string | null;
  /** Carries the desk's VIP tag. */
  readonly vip: boolean;
  /** The mail address is proven. */
  readonly verified: boolean;
}

/** One person who answers tickets. */
export interface DatasetAgent {
  readonly email: string;
  readonly name: string;
  readonly groups: readonly string[];
  /** false = suspended. */
  readonly active: boolean;
}

/** Text for generated tickets. */
export interface TicketTemplate {
  readonly subject: string;
  readonly body: string;
  /** How often it is drawn, relative to the others. */
  readonly weight: number;
}

/** The whole data set. */
export interface Dataset {
  readonly seed: number;
  readonly asOf: Instant;
  readonly companies: readonly DatasetCompany[];
  readonly owners: readonly DatasetOwner[];
  readonly deals: readonly DatasetDeal[];
  readonly lineItems: readonly DatasetLineItem[];
  readonly organizations: readonly DatasetOrganization[];
  readonly users: readonly DatasetUser[];
  readonly agents: readonly DatasetAgent[];
  readonly groups: readonly string[];
  readonly ticketTemplates: readonly TicketTemplate[];
}

/** One ticket of the demo's script. */
export interface DemoTicket {
  readonly key: string;
  /** What it is there to show, in a sentence. */
  readonly shows: string;
  readonly requester: string;
  /** Key of the organization, or null. */
  readonly organization: string | null;
  readonly subject: string;
  readonly body: string;
  readonly channel: string;
  /** null = blank. */
  readonly priority: Priority | null;
  readonly prioritySetBy: PrioritySetter;
  readonly form: string | null;
  readonly group: string | null;
  /** E-mail of the agent it is assigned to, or null. */
  readonly assignee: string | null;
  readonly tags: readonly string[];
  readonly createdAt: Instant;
  /** What happens to it right after it was created. */
  readonly fate: "stays" | "closed" | "deleted";
}
