/** What the web console keeps and looks up: sign-ins, sessions, reports by agents, lists for people. Types only. */
import type { Basis, Instant, TierId } from "../policy/model.ts";
import type { DecisionRecord, DecisionState } from "./ledger.ts";

/** `agent` reads, `admin` also changes. */
export type ConsoleRole = "agent" | "admin";

/** A signed-in person. */
export interface ConsoleSession {
  /** Not the secret: may be logged and shown. */
  readonly id: string;
  readonly email: string;
  readonly role: ConsoleRole;
  /** How the person proved who they are. */
  readonly how: "link" | "oidc" | "zendesk";
  readonly createdAt: Instant;
  readonly seenAt: Instant;
  /** Ends then, whatever happens. */
  readonly expiresAt: Instant;
}

/** Secrets are handed over as SHA-256 hashes only; no method ever sees or answers one. */
export interface ConsoleSessions {
  /** Keeps a one-time sign-in link. */
  addLink(hash: string, email: string, role: ConsoleRole, expiresAt: Instant): Promise<void>;
  /** Uses a link up; null = unknown, used before, or over at `at`. */
  takeLink(hash: string, at: Instant): Promise<{ readonly email: string; readonly role: ConsoleRole } | null>;
  open(hash: string, session: ConsoleSession): Promise<void>;
  /** The session behind a secret, whatever its age; null = unknown or signed out. */
  find(hash: string): Promise<ConsoleSession | null>;
  touch(id: string, at: Instant): Promise<void>;
  end(id: string): Promise<void>;
  /** Uses up something that is good once, until `expiresAt`. false = it was used before. */
  spend(hash: string, expiresAt: Instant): Promise<boolean>;
  /** Keeps what a sign-in at another site needs to be continued, under a hash, to be taken once. */
  keep(hash: string, payload: string, expiresAt: Instant): Promise<void>;
  take(hash: string, at: Instant): Promise<string | null>;
  /** Removes what is over. */
  prune(before: Instant): Promise<void>;
}

/** What an agent wrote about a ticket's tier. */
export interface TierReport {
  readonly id: string;
  readonly ticketId: string;
  readonly accountId: string | null;
  readonly note: string;
  readonly reportedBy: string;
  readonly at: Instant;
  readonly closedAt: Instant | null;
  readonly closedBy: string | null;
}

export interface TierReports {
  add(report: TierReport): Promise<void>;
  /** Open ones, newest first. */
  open(limit: number): Promise<readonly TierReport[]>;
  /** false = there is none open with this id. */
  close(id: string, at: Instant, by: string): Promise<boolean>;
}

/** A decision with its place in the ledger. */
export interface LedgerRow {
  /** Counts up with every new decision. */
  readonly seq: number;
  readonly record: DecisionRecord;
}

/** Newest first, after a place. Every condition that is null is none. */
export interface DecisionQuery {
  readonly after: { readonly decidedAt: Instant; readonly seq: number } | null;
  readonly limit: number;
  readonly ticketId: string | null;
  readonly accountId: string | null;
  readonly state: DecisionState | null;
  readonly tier: TierId | null;
  /** true = only decisions whose SLA was read back and was not as promised. */
  readonly unverifiedOnly: boolean;
}

export interface TierShare {
  readonly tier: TierId;
  readonly basis: Basis;
  readonly accounts: number;
}

/** How much of what came in is tied to a customer, and how often the promise is really attached. */
export interface Coverage {
  /** Newest decision of each ticket in the window. */
  readonly tickets: number;
  readonly tied: number;
  /** Tickets with a promised SLA that was read back, and how many of them have the right one. */
  readonly promised: number;
  readonly attached: number;
}

/** Lists that people look through; each answer is bounded. */
export interface ConsoleLists {
  decisions(query: DecisionQuery): Promise<readonly LedgerRow[]>;
  decision(id: string): Promise<LedgerRow | null>;
  /** Decisions with a place above `seq`, oldest first. */
  decisionsAfter(seq: number, limit: number): Promise<readonly LedgerRow[]>;
  /** Over at most `limit` of the newest decisions since `since`. */
  coverage(since: Instant, limit: number): Promise<Coverage>;
  tierShares(): Promise<readonly TierShare[]>;
  /** Accounts by name or id (part of it, any case), or of a tier, in id order after `after`. */
  accountIds(query: {
    readonly text: string | null;
    readonly tier: TierId | null;
    readonly basis: Basis | null;
    readonly after: string | null;
    readonly limit: number;
  }): Promise<readonly string[]>;
  /**
   * Accounts that are not gone and of which some date lies in [from, to]: contract, trial, add-ons. Days as
   * `YYYY-MM-DD`.
   */
  datedAccounts(from: string, to: string, limit: number): Promise<readonly string[]>;
  /** Accounts above `defaultTier` without an organization. */
  paidNotServed(defaultTier: TierId, limit: number): Promise<readonly string[]>;
  /** Organizations whose own field `key` holds another tier than the default, and that belong to no account. */
  servedNotPaid(key: string, defaultTier: TierId, limit: number): Promise<readonly string[]>;
}

/** A policy version of the store. */
export interface PolicyVersion {
  readonly version: string;
  readonly contentHash: string;
  readonly effectiveFrom: string | null;
  readonly storedAt: Instant;
}

export interface PolicyVersions {
  /** Newest first. */
  list(limit: number): Promise<readonly PolicyVersion[]>;
  get(version: string): Promise<(PolicyVersion & { readonly content: string }) | null>;
}

/** The console's part of the store. */
export interface ConsoleStore {
  readonly sessions: ConsoleSessions;
  readonly reports: TierReports;
  readonly lists: ConsoleLists;
  readonly policies: PolicyVersions;
}

/** Somebody as the help desk knows them. */
export interface DeskPerson {
  readonly id: string;
  readonly email: string | null;
  readonly role: string;
  readonly active: boolean;
}

/** What the help desk's own app needs to know of it. */
export interface DeskApps {
  /** Address of the account, without a trailing slash. */
  readonly origin: string;
  /** Public key, PEM, of an installed app; null = there is no such app. */
  appKey(appId: string): Promise<string | null>;
  /** null = deleted or never existed. */
  person(userId: string): Promise<DeskPerson | null>;
  /** Id of the active macro with exactly this title; null = none. */
  macroTitled(title: string): Promise<string | null>;
}

/** Signing in at a company's own site. */
export interface IdentityProvider {
  readonly name: string;
  /** Where to send the browser, and what must be kept until it comes back. */
  begin(returnTo: string): Promise<{ readonly url: string; readonly state: string; readonly kept: string }>;
  /**
   * Who came back, by the address the browser was sent to and what was kept.
   * @throws NeedsAdmin the site refuses us, or its answer proves nothing. @throws TryAgain it cannot be reached.
   */
  complete(address: string, kept: string): Promise<{ readonly email: string; readonly role: ConsoleRole }>;
}
