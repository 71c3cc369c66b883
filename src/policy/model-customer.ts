/** Customers: the account in the CRM, the organization in the help desk, what is held and excepted. Types only. */
import type { AccountStatus, Basis, CalendarDate, Instant, Money, TierId } from "./model-basics.ts";

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
  /** Who sells to it, as the CRM names them: an id there, or an e-mail address. Absent = not stated. */
  readonly owner?: string;
  /** Lower-case mail domains. */
  readonly domains: readonly string[];
  /** https address of the channel shared with the customer; null or absent = none is stated. No decision rests on it. */
  readonly slackChannel?: string | null;
  /** People entitled to raise tickets, lower-case addresses; none or absent = nobody is listed. No decision rests on it. */
  readonly contacts?: readonly string[];
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
