/** The policy as the code uses it: every default filled in, names camel-cased. Types only. */
import type { AccountStatus, Basis, CalendarDate, DecimalText, Priority, TierId } from "./model-basics.ts";
import type { Override } from "./model-customer.ts";
import type { People } from "./model-people.ts";
import type { CapacityAssumptions, Economics } from "./model-planning.ts";
import type { RelatedSource } from "./model-related.ts";

export type * from "./model-planning.ts";
export type * from "./model-related.ts";

import type { CsvTable, SourcesPolicy, SqlTable } from "./model-sources.ts";
import type { Terms } from "./model-terms.ts";

/** What a ticket had before anything of ours was written on it. */
export interface Baseline {
  readonly priority: Priority | null;
  readonly group: string | null;
  /** The group is where somebody else put it after a decision of ours: it stays. Absent = no. */
  readonly groupMoved?: boolean;
}

export type SlaMetric = "first_reply" | "next_reply" | "resolution";

/** Promise for one metric and priority: minutes on a schedule. */
export interface SlaTarget {
  readonly minutes: number;
  readonly schedule: string;
}

/** metric → priority → target; null = no commitment. */
export type SlaPolicy = Readonly<Record<SlaMetric, Readonly<Record<Priority, SlaTarget | null>>>>;

export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/** Opening hours of a place. `alwaysOpen` ignores the rest. */
export interface Schedule {
  readonly alwaysOpen: boolean;
  readonly timezone: string;
  /** Local `HH:MM-HH:MM` ranges, end `24:00` allowed. */
  readonly weekly: Readonly<Partial<Record<Weekday, readonly string[]>>>;
  readonly holidays: readonly CalendarDate[];
}

export interface ArrThreshold {
  readonly enter: DecimalText;
  readonly exit: DecimalText;
}

export interface Tier {
  readonly id: TierId;
  readonly name: string;
  readonly rank: number;
  readonly eligibility: {
    /** Tier ids named by `{plan: …}` entries. */
    readonly plans: readonly TierId[];
    readonly arr: ArrThreshold | null;
    readonly addons: readonly string[];
  };
  readonly priority: {
    readonly default: Priority;
    readonly floor: Priority;
    readonly ceiling: Priority;
    readonly vipStep: boolean;
  };
  readonly routing: {
    readonly group: string | null;
    readonly fallback: readonly string[];
    readonly overflowUnassigned: number | null;
    readonly afterHours: { readonly priorities: readonly Priority[]; readonly group: string | null };
  };
  readonly slaPolicy: string | null;
  readonly entitlements: {
    readonly namedTam: boolean;
    readonly slackChannel: boolean;
    readonly qbr: string;
    readonly authorizedContacts: number | null;
    readonly healthMonitoring: boolean;
  };
  readonly capacity: {
    readonly maxAccounts: number | null;
    /** null = warn only. */
    readonly waitlistBasis: readonly Basis[] | null;
    readonly accountsPerTam: number | null;
  };
  /** What our provisioned native trigger would set; null = it sets nothing. */
  readonly nativeTrigger: { readonly priority: Priority | null; readonly group: string | null } | null;
}

export interface Addon {
  readonly sku: string;
  readonly grants: TierId;
  readonly requiresTier: TierId | null;
  readonly requiresActiveContract: boolean;
  readonly lapseGraceDays: number;
  readonly listPrice: {
    readonly amount: DecimalText;
    readonly currency: string;
    readonly per: string;
  } | null;
}

/** What a fact is read as. */
export type FactKind = "text" | "money" | "date" | "yes_no" | "list" | "status";

/** Where the CRM keeps one fact. `map` translates the CRM's values (compared trimmed and case-folded). */
export interface FactSource {
  readonly property: string;
  readonly map: Readonly<Record<string, string>> | null;
  /** Money only: fixed currency, or the property that holds it. */
  readonly currency: string | null;
  readonly currencyProperty: string | null;
  /** Set when the fact stands on other records; `property` is then the name it is handed over under. */
  readonly related?: RelatedSource;
}

/** Facts → CRM properties. null = not mapped. */
export interface CrmMapping {
  readonly plan: FactSource | null;
  readonly arr: FactSource | null;
  readonly contractStart: FactSource | null;
  readonly contractEnd: FactSource | null;
  readonly addons: FactSource | null;
  readonly owner: FactSource | null;
  readonly tam: FactSource | null;
  readonly status: FactSource | null;
  readonly trialEnd: FactSource | null;
  readonly poc: FactSource | null;
  readonly renewalInProgress: FactSource | null;
  readonly parent: FactSource | null;
  readonly domains: readonly string[];
  readonly standalone: FactSource | null;
  readonly slackChannel: FactSource | null;
  readonly contacts: FactSource | null;
  /** Property the tier is written back to; null = nothing is written to the CRM. */
  readonly label: string | null;
}

export interface DeskSettings {
  /** Title or id of the ticket field that carries severity; null = none. */
  readonly impactField: string | null;
  /** User tag or checkbox user field that marks a VIP; null = none. */
  readonly vip: string | null;
  /** Empty = every brand. */
  readonly brands: readonly string[];
  /** Empty = every organization. */
  readonly onlyOrganizationsTagged: readonly string[];
  readonly automationUsers: readonly string[];
  readonly availability: boolean;
  readonly createOrganizations: "never" | "from_crm";
  readonly multipleOrganizations: "ticket" | "best_tier";
  /** Copy ARR onto the organization (`ps_arr`); off by default: light agents can read it. */
  readonly writeArr: boolean;
}

/** The whole policy, normalised: every default filled in, names camel-cased, tiers in ascending rank. */
export interface Policy {
  readonly version: string;
  readonly effectiveFrom: CalendarDate | null;
  readonly owner: string | null;
  readonly timezone: string;
  /** Prefix of our tags and fields, `ps_`. */
  readonly prefix: string;
  readonly defaultTier: TierId;
  readonly tiers: readonly Tier[];
  readonly scope: {
    readonly skipStatuses: readonly string[];
    readonly skipTagsAny: readonly string[];
    readonly skipRequesterRoles: readonly string[];
    readonly skipRequesterDomains: readonly string[];
    readonly skipChannels: readonly string[];
  };
  readonly matching: {
    readonly order: readonly ("organization" | "requester_domain")[];
    readonly subdomains: boolean;
    readonly publicDomains: readonly string[];
    readonly unmatched: { readonly tier: TierId; readonly tag: string };
  };
  readonly currency: { readonly base: string; readonly rates: Readonly<Record<string, DecimalText>> };
  /** Normalised plan text (trimmed, case-folded, single spaces) → tier. */
  readonly planMap: ReadonlyMap<string, TierId>;
  readonly planSeparator: string;
  readonly contract: {
    readonly lapseGraceDays: number;
    readonly lapseGraceDaysIfRenewalOpen: number;
    readonly cancelledUntilEnd: boolean;
    readonly cancelledGrace: boolean;
  };
  readonly rollup: {
    readonly maxDepth: number;
    readonly arr: "own" | "family_sum";
    readonly plan: "never" | "inherit_when_blank";
    readonly addons: "never" | "family_scope_only";
    readonly respectStandalone: boolean;
  };
  readonly trial: { readonly tier: TierId; readonly pocTier: TierId };
  readonly stability: {
    readonly downgradeGraceDays: number;
    readonly staleAfterHours: number;
    readonly staleHoldMaxDays: number;
  };
  readonly statusGates: Readonly<Partial<Record<AccountStatus, TierId>>>;
  readonly statusFlags: readonly AccountStatus[];
  readonly addons: readonly Addon[];
  readonly schedules: Readonly<Record<string, Schedule>>;
  /** Group name → its opening hours. */
  readonly groups: Readonly<Record<string, { readonly schedule: string }>>;
  readonly slaPolicies: Readonly<Record<string, SlaPolicy>>;
  /** Our metric → the help desk's metric id. */
  readonly slaMetricMap: Readonly<Record<SlaMetric, string>>;
  readonly slaObjective: {
    readonly attainment: number;
    readonly window: string;
    readonly minTargets: number;
  };
  readonly priority: {
    readonly agentSet: "keep" | "never_lower";
    readonly requesterSet: "clamp";
    readonly automationSet: "raise_only";
    /** Impact value (case-folded) → priority. */
    readonly impactField: Readonly<Record<string, Priority>>;
    readonly keywords: {
      readonly scanChars: number;
      readonly negators: readonly string[];
      readonly negatorWindow: number;
      readonly phrases: Readonly<Partial<Record<Priority, readonly string[]>>>;
    };
  };
  readonly routing: {
    /** null in the list = "no group yet". */
    readonly reroutableGroups: readonly (string | null)[];
    readonly keepGroupForms: readonly string[];
    readonly keepWhenAssigned: boolean;
  };
  readonly overrides: {
    readonly maxDays: number;
    readonly kinds: readonly Override["kind"][];
    readonly items: readonly Override[];
  };
  readonly capacityAssumptions: CapacityAssumptions | null;
  /** null = nothing is known of costs, and no return is told. */
  readonly economics: Economics | null;
  /** What customers are told beyond times; null = nothing. */
  readonly terms: Terms | null;
  /** Source name (`hubspot`, `sql.warehouse`) → mapping. */
  readonly crm: Readonly<Record<string, CrmMapping>>;
  /** Sources that are files or queries → how they are read. */
  readonly tables: Readonly<Record<string, CsvTable | SqlTable>>;
  /** Which source says what. */
  readonly sources: SourcesPolicy;
  readonly desk: DeskSettings;
  readonly guard: {
    readonly demotions: number;
    readonly share: number;
    readonly hard: number;
    readonly windowHours: number;
  };
  /** Whom the service tells what; null = nobody. */
  readonly people: People | null;
  readonly retention: { readonly decisionsDays: number; readonly deliveryBodiesDays: number };
}

/** One thing that is wrong, or doubtful, in a policy file. */
export interface Finding {
  readonly code: string;
  readonly severity: "error" | "warning";
  /** JSON pointer-like path as the author would find it: `tiers[2].routing.fallback[0]`. */
  readonly path: string;
  readonly message: string;
  /** One imperative sentence. */
  readonly fix: string;
}
