/**
 * The vocabulary of priority support: what the pure rules read and what they answer. Types only.
 *
 * Names are the glossary's: an *account* lives in the CRM, an *organization* in the help desk, a *tier* is an
 * entitlement level, a *decision* is what we concluded, a *change* is what we write.
 */

/** A moment in time: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A day on the calendar, `YYYY-MM-DD`, read in `Policy.timezone`. */
export type CalendarDate = string;

/** Exact decimal number as text (`"80400.005"`), never a float. */
export type DecimalText = string;

/** Help-desk priority, lowest first. */
export type Priority = "low" | "normal" | "high" | "urgent";

/** Who gave the ticket the priority it has now. `none` = the priority is blank. */
export type PrioritySetter = "none" | "agent" | "requester" | "automation";

/** Key of a tier in the policy (`enterprise_support`). */
export type TierId = string;

/** Why an account has its tier. */
export type Basis = "addon" | "plan" | "arr" | "parent" | "trial" | "default" | "held" | "gate" | "override";

/** How the customer stands with us commercially. */
export type AccountStatus = "active" | "trial" | "on_hold" | "past_due" | "cancelled";

/** An amount with its currency. `currency: null` = not known, which is not the same as the base currency. */
export interface Money {
  readonly amount: DecimalText;
  readonly currency: string | null;
}

/** One support package line that the account bought. A null date means "not stated". */
export interface AddonLine {
  readonly sku: string;
  readonly start: CalendarDate | null;
  readonly end: CalendarDate | null;
  /** `family`: also covers the accounts below the owner. */
  readonly scope: "account" | "family";
}

/** The named technical account manager. `agent` is the help-desk agent (id or e-mail) to add as follower. */
export interface Tam {
  readonly agent: string;
  readonly active: boolean;
}

/** Everything known about one paying company, in our own words. null = not stated; never 0 or "". */
export interface Account {
  /** Id in our store; for HubSpot companies `hubspot:<record id>`. */
  readonly id: string;
  readonly name: string | null;
  readonly plan: string | null;
  readonly arr: Money | null;
  readonly status: AccountStatus;
  readonly contractStart: CalendarDate | null;
  readonly contractEnd: CalendarDate | null;
  readonly renewalInProgress: boolean;
  readonly addons: readonly AddonLine[];
  readonly parentId: string | null;
  /** A legal entity that stands for itself: inherits nothing and passes nothing up. */
  readonly standalone: boolean;
  readonly trial: { readonly poc: boolean; readonly end: CalendarDate | null } | null;
  readonly tam: Tam | null;
  /** Lower-case mail domains. */
  readonly domains: readonly string[];
  /** When the facts were last confirmed by the CRM. null = never. */
  readonly syncedAt: Instant | null;
  /** Day the record was first seen deleted or archived in the CRM; counts as contract end. */
  readonly goneOn: CalendarDate | null;
  /** Names of facts whose CRM text could not be read (`arr: "12k"`): unknown, and worth a review. */
  readonly unreadable: readonly string[];
}

/** What our ledger remembers about an account between decisions. */
export interface HeldState {
  /** Tier after stability, before gates and overrides. null = none recorded yet. */
  readonly tier: TierId | null;
  readonly basis: Basis | null;
  /** First sight of a lower result while this tier was kept. */
  readonly lowerSince: Instant | null;
  /** Tiers whose ARR door is closed to this account until there is room. */
  readonly waitlisted: readonly TierId[];
}

/** A human exception to what the rules say. */
export interface Override {
  readonly id: string;
  readonly accountId: string;
  readonly kind: "pin" | "floor" | "cap";
  readonly tier: TierId;
  readonly reason: string;
  readonly approvedBy: string;
  readonly createdAt: Instant;
  readonly startsAt: Instant | null;
  /** null = never in force. */
  readonly expiresAt: Instant | null;
}

export interface Requester {
  readonly email: string | null;
  readonly role: string;
  readonly vip: boolean;
  /** false = the sender's address is not proven; absent = true. */
  readonly verified?: boolean;
}

/** A help-desk ticket as the rules see it: names instead of numbers, our own words. */
export interface Ticket {
  readonly id: string;
  readonly createdAt: Instant;
  readonly status: string;
  readonly subject: string;
  readonly description: string;
  readonly priority: Priority | null;
  readonly prioritySetBy: PrioritySetter;
  /** Key of `priority.impact_field` (`sev1`…). */
  readonly impact: string | null;
  /** Name of the group. */
  readonly group: string | null;
  readonly assignee: string | null;
  readonly form: string | null;
  readonly channel: string;
  readonly tags: readonly string[];
  readonly organizationId: string | null;
  readonly requester: Requester;
}

/** Staffing of a group at processing time. null = unknown. */
export interface GroupAvailability {
  readonly online: number | null;
  readonly unassigned: number | null;
}

/** What happened to the ticket. `other` never decides. */
export type TicketEvent =
  | "created"
  | "organization_changed"
  | "requester_changed"
  | "tier_raised"
  | "override_added"
  | "backfill"
  | "other";

/** What an earlier decision promised on this ticket. */
export interface PriorDecision {
  readonly tier: TierId;
  readonly slaPolicy: string | null;
  readonly priority: Priority | null;
  readonly tags: readonly string[];
}

/** Everything `decide()` may look at. */
export interface Situation {
  readonly ticket: Ticket;
  readonly event: TicketEvent;
  /** Organization id → account id. */
  readonly orgLinks: ReadonlyMap<string, string>;
  /** Candidates for the ticket's account, with their ancestors and families. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** Ledger state per account id; absent = none. */
  readonly held: ReadonlyMap<string, HeldState>;
  readonly overrides: readonly Override[];
  /** Group name → staffing; absent = unknown. */
  readonly availability: ReadonlyMap<string, GroupAvailability>;
  /** What this ticket was promised before, or null. */
  readonly prior: PriorDecision | null;
}

/** One predicted SLA clock. All null where the policy promises nothing. */
export interface DuePrediction {
  readonly minutes: number | null;
  /** Name of the schedule the clock runs on. */
  readonly clock: string | null;
  readonly dueAt: Instant | null;
}

/** A fact the decision rests on, kept so that it can be explained months later. */
export interface FactUsed {
  readonly accountId: string;
  readonly fact: string;
  readonly value: string;
  readonly syncedAt: Instant | null;
}

/** Nothing is touched: the ticket is outside the programme, or the event does not decide. */
export interface LeaveDecision {
  readonly action: "skip";
  readonly reasons: readonly string[];
}

/** What the ticket should look like, and why. */
export interface ApplyDecision {
  readonly action: "apply";
  readonly accountId: string | null;
  readonly tier: TierId;
  readonly basis: Basis;
  readonly priority: Priority | null;
  readonly priorityChanged: boolean;
  /** Name of the group the ticket should be in; null = leave as it is and it has none. */
  readonly group: string | null;
  readonly followersAdd: readonly string[];
  readonly slaPolicy: string | null;
  /** Keyed by `SlaMetric`. */
  readonly due: Readonly<Record<SlaMetric, DuePrediction>>;
  /** The complete desired set of managed tags. */
  readonly tagsAdd: readonly string[];
  /** Managed tags now on the ticket that should not be. */
  readonly tagsRemove: readonly string[];
  /** In evaluation order, without repeats. */
  readonly reasons: readonly string[];
  /** The listed phrase that was found, never the customer's text. */
  readonly keyword: string | null;
  readonly facts: readonly FactUsed[];
  /** What step 11 stores for the account; null = there is no account. */
  readonly ledger: HeldState | null;
}

export type Decision = LeaveDecision | ApplyDecision;

/** Which tier an account has and why (steps 2–6), with what step 11 stores. */
export interface TierVerdict {
  readonly tier: TierId;
  readonly basis: Basis;
  readonly reasons: readonly string[];
  /** Managed flags without prefix: `review`, `grace`, `stale`, `suspended`, `override`. */
  readonly flags: readonly string[];
  readonly ledger: HeldState;
  /** TAM of the nearest ancestor whose family add-on was granted; used when the account has none of its own. */
  readonly inheritedTam: Tam | null;
  readonly facts: readonly FactUsed[];
}

// ---------------------------------------------------------------- the policy

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

export interface CapacityTeam {
  readonly fte: number;
  readonly hoursPerWeek: number;
  readonly ahtMinutes: number;
  readonly ticketsPerAccountMonth: number;
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
  readonly overrides: { readonly maxDays: number; readonly items: readonly Override[] };
  readonly capacityAssumptions: {
    readonly weeksPerMonth: number;
    readonly shrinkage: number;
    readonly occupancyMax: number;
    readonly peakHourFactor: number;
    readonly teams: Readonly<Record<string, CapacityTeam>>;
    readonly programmeLimits: {
      readonly priorityShareOfAccountsMax: number;
      readonly priorityShareOfTicketsMax: number;
      readonly utilisationWarn: number;
      readonly utilisationStop: number;
    };
  } | null;
  /** CRM name (`hubspot`) → mapping. */
  readonly crm: Readonly<Record<string, CrmMapping>>;
  readonly desk: DeskSettings;
  readonly guard: {
    readonly demotions: number;
    readonly share: number;
    readonly hard: number;
    readonly windowHours: number;
  };
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

// ---------------------------------------------------------------- changes

/** What to write on a ticket; absent keys stay as they are. */
export interface TicketChange {
  readonly priority?: Priority;
  readonly group?: string;
  readonly tagsAdd?: readonly string[];
  readonly tagsRemove?: readonly string[];
  readonly followersAdd?: readonly string[];
  /** The tier drop-down, where provisioned. */
  readonly tier?: TierId;
}

/** The help desk's customer record, reduced to what matching and reconciling need. */
export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly externalId: string | null;
  readonly domains: readonly string[];
  readonly tags: readonly string[];
  /** Only our own fields (those that begin with the policy's prefix). */
  readonly fields: Readonly<Record<string, string | null>>;
}

/** What to write on an organization: our own fields only, null = empty it. */
export type OrganizationChange = Readonly<Record<string, string | null>>;
