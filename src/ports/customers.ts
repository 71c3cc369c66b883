/** Accounts, entitlements, and our copy of the desk's organizations. Types only. */
import type { Account, HeldState, Instant, Organization } from "../policy/model.ts";

/** What the last accepted facts are, and what the CRM's stamp was. */
export interface StoredAccount {
  readonly account: Account;
  readonly source: string;
  /** Record id in the source. */
  readonly sourceId: string;
  readonly updatedAt: string | null;
  readonly aliases: readonly string[];
  /** Label now in the CRM as far as we know. */
  readonly label: string | null;
}

/** The tier an account has by the last sync, and what the desk record should show. */
export interface Entitlement {
  readonly accountId: string;
  readonly tier: string;
  readonly basis: string;
  readonly reasons: readonly string[];
  readonly held: HeldState;
  readonly asOf: Instant;
  readonly policyVersion: string;
}

/** What `around()` answers: everything decide() needs about one customer. */
export interface CustomerFacts {
  readonly orgLinks: ReadonlyMap<string, string>;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly held: ReadonlyMap<string, HeldState>;
}

export interface Accounts {
  /**
   * Accounts that could own the ticket (link of `organizationId`; accounts that list `domain` or a parent domain of
   * it; `accountId` itself), each with its ancestors and whole family.
   */
  around(by: {
    readonly organizationId?: string | null;
    readonly domain?: string | null;
    readonly accountIds?: readonly string[];
  }): Promise<CustomerFacts>;
  /** Inserts or replaces accepted facts. */
  put(accounts: readonly StoredAccount[]): Promise<void>;
  get(accountId: string): Promise<StoredAccount | null>;
  /** Those of `accountIds` that are known. */
  many(accountIds: readonly string[]): Promise<ReadonlyMap<string, StoredAccount>>;
  /** Marks accounts whose entitlement must be worked out and carried to both sides; survives a crash. */
  markPending(accountIds: readonly string[]): Promise<void>;
  /** Marked accounts in id order, after `after`. */
  pending(after: string | null, limit: number): Promise<readonly string[]>;
  clearPending(accountIds: readonly string[]): Promise<void>;
  /** Ids of the accounts that list exactly these domains and are not gone, by domain. */
  listing(domains: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Domains that several accounts list that are not gone: how many there are, and the first `limit` with their accounts. */
  sharedDomains(limit: number): Promise<{
    readonly count: number;
    readonly domains: readonly { readonly domain: string; readonly accountIds: readonly string[] }[];
  }>;
  /** Accounts whose effective tier is `tier`, or that are waitlisted for it, in id order. */
  holders(tier: string): Promise<readonly Entitlement[]>;
  /** Follows merges: the current id for a source id; null = unknown. */
  resolve(source: string, sourceId: string): Promise<string | null>;
  /** Stored change stamps, for skipping what did not change; null for a record that is taken for gone. */
  stamps(source: string, sourceIds: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
  /** Marks records as confirmed unchanged at `at` (moves `syncedAt`). */
  touch(source: string, at: Instant): Promise<void>;
  /** When each source last confirmed everything it holds. */
  confirmations(): Promise<Readonly<Record<string, Instant>>>;
  /** First sight of a deleted record; keeps an earlier day. */
  markGone(source: string, sourceIds: readonly string[], on: string): Promise<readonly string[]>;
  /** `from` was merged into `into`. */
  alias(source: string, from: string, into: string): Promise<void>;
  /** Label and change stamp the record now has in the CRM; its facts stay. A null stamp keeps the stored one. */
  setLabel(accountId: string, label: string | null, updatedAt: string | null): Promise<void>;
  /** The given accounts and everyone in their families. */
  families(accountIds: readonly string[]): Promise<readonly string[]>;
  /** All ids in order, after `after`; for full runs. */
  page(after: string | null, limit: number): Promise<readonly string[]>;
  count(): Promise<number>;
  putEntitlements(rows: readonly Entitlement[]): Promise<void>;
  entitlements(accountIds: readonly string[]): Promise<ReadonlyMap<string, Entitlement>>;
  /** Tier by the last sync of the account an organization belongs to; null = no account, or none worked out yet. */
  tierOfOrganization(organizationId: string): Promise<string | null>;
  /** Accounts whose result may change by time alone: a grace is running. */
  inGrace(): Promise<readonly string[]>;
}

/** Our copy of the desk's organizations and who they belong to. */
export interface Organizations {
  put(organizations: readonly Organization[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  get(ids: readonly string[]): Promise<ReadonlyMap<string, Organization>>;
  /** Organizations that carry one of these external ids (compared case-folded). */
  byExternalId(externalIds: readonly string[]): Promise<readonly Organization[]>;
  byDomain(domains: readonly string[]): Promise<readonly Organization[]>;
  /** Organizations whose `<prefix>account` field names one of these accounts. */
  byAccountField(field: string, accountIds: readonly string[]): Promise<readonly Organization[]>;
  link(
    rows: readonly { readonly accountId: string; readonly organizationId: string; readonly how: string }[],
  ): Promise<void>;
  unlink(accountIds: readonly string[]): Promise<void>;
  linksOf(accountIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  accountOf(organizationIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Organizations that belong to no account: how many of how many, and the first `limit` in id order. */
  unlinked(limit: number): Promise<{
    readonly count: number;
    readonly all: number;
    readonly organizations: readonly Organization[];
  }>;
}
