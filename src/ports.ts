/**
 * The few interfaces between the core and the concrete world: CRM, help desk, store, clock. Types only.
 *
 * A method answers with our vocabulary (`policy/model`) or throws one of `errors.ts`. "Not found" is null,
 * "nothing to do" is an empty list; a batch answers once per item and never fails as a whole for one item.
 */
import type {
  Account,
  Decision,
  HeldState,
  Instant,
  Organization,
  OrganizationChange,
  Priority,
  TicketChange,
  TicketEvent,
} from "./policy/model.ts";

/** Time as a parameter: tests hand in their own. */
export interface Clock {
  now(): Instant;
  /** Resolves after `ms`, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** How urgent a call to the outside is. Lower lanes wait while higher ones have work. */
export type Lane = "top" | "live" | "tier_change" | "backfill";

/** Shares one upstream account's rate limits between all callers. */
export interface Pacer {
  /**
   * Runs `call` when the budget of `endpointClass` allows.
   * Rejects with `Paused` while the upstream is blocked for longer than the caller should wait.
   */
  run<T>(endpointClass: string, lane: Lane, call: () => Promise<T>): Promise<T>;
  /** What the last answer's headers said about a class: calls left and when the window ends. */
  learn(
    endpointClass: string,
    budget: { readonly limit: number; readonly remaining: number; readonly resetsInMs: number },
  ): void;
  /** No call of this class (null = none at all) starts before `forMs` has passed. */
  block(endpointClass: string | null, forMs: number): void;
}

// ------------------------------------------------------------------ webhooks in

/** What a signed request turned out to be. `refused` → 401, `malformed` → 400, `ignored` → 200, counted. */
export type WebhookReading =
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "malformed"; readonly why: string }
  | { readonly kind: "ignored"; readonly why: string }
  | { readonly kind: "delivery"; readonly delivery: NewDelivery };

/** A raw request as it came in: verification works on these exact bytes. Header names are lower-case. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** What a delivery tells us before anything is read. Only a hint when `flagged`. */
export interface TicketHint {
  readonly event: TicketEvent;
  /** The desk's own words for the event, for the ledger. */
  readonly eventType: string;
  /** `updated_at` of the payload, as sent; null = not sent. */
  readonly updatedAt: string | null;
  readonly organizationId: string | null;
  readonly actorId: string | null;
}

/** A verified webhook that concerns one ticket, or some CRM accounts. */
export interface NewDelivery {
  readonly source: string;
  readonly kind: "ticket" | "accounts";
  /** Ticket id, or "" for a batch of account hints. */
  readonly subjectId: string;
  /** Each is unique within the source for 30 days; null = the sender gave none. */
  readonly keys: {
    readonly event: string | null;
    readonly invocation: string | null;
    readonly bytes: string;
  };
  readonly hint: TicketHint | null;
  /** CRM record ids that may have changed. */
  readonly accountIds: readonly string[];
  /** Genuine signature, timestamp off by more than 5 minutes: never use the payload, only read again. */
  readonly flagged: boolean;
  readonly body: Uint8Array;
}

/** A stored delivery. */
export interface Delivery extends Omit<NewDelivery, "body" | "keys"> {
  readonly id: string;
  readonly receivedAt: Instant;
  readonly attempts: number;
}

/** One subject (ticket) with all its pending deliveries, ours until the lease ends. */
export interface Claim {
  readonly kind: "ticket" | "accounts";
  readonly subjectId: string;
  readonly source: string;
  readonly owner: string;
  readonly deliveries: readonly Delivery[];
}

/** How a delivery ended. */
export type DeliveryOutcome =
  | { readonly state: "done"; readonly result: "written" | "left" | "simulated"; readonly reason: string }
  | {
      readonly state: "retry";
      readonly afterMs: number;
      readonly countsAsAttempt: boolean;
      readonly reason: string;
    }
  | { readonly state: "parked"; readonly reason: string; readonly fix: string };

/** The durable queue of webhooks. */
export interface Inbox {
  /**
   * Stores a delivery; resolves only after it is on disk. `repeat` = one of its keys was stored before.
   * @param notBefore earliest moment a worker may take it.
   * @throws StoreUnavailable nothing was stored; the sender should try again.
   */
  accept(delivery: NewDelivery, lane: Lane, notBefore: Instant): Promise<"stored" | "repeat">;
  /** Takes up to `limit` subjects with all their pending deliveries; one owner per subject at a time. */
  claim(owner: string, leaseMs: number, limit: number): Promise<readonly Claim[]>;
  /** Extends the lease. false = it was lost meanwhile: stop, write nothing. */
  renew(claim: Claim, leaseMs: number): Promise<boolean>;
  /** Ends or postpones a claim without a ledger line. false = the lease was lost, nothing changed. */
  release(claim: Claim, outcome: DeliveryOutcome): Promise<boolean>;
  /** What waits and what failed. Ages in ms. */
  backlog(): Promise<{
    readonly pending: number;
    readonly parked: number;
    readonly oldestPendingMs: number | null;
  }>;
  /** Deliveries that a person must look at, newest first. */
  parked(limit: number): Promise<readonly ParkedDelivery[]>;
  /** Puts parked deliveries back to work; null = all. Answers how many. */
  replay(id: string | null): Promise<number>;
  /** Removes settled bodies older than `bodiesBefore` and keys older than `keysBefore`. Unfinished work is never touched. */
  prune(bodiesBefore: Instant, keysBefore: Instant): Promise<void>;
}

export interface ParkedDelivery extends Delivery {
  readonly reason: string;
  readonly fix: string;
}

// ------------------------------------------------------------------ the help desk

/** A ticket as the desk holds it now, and what must be known to write it safely. */
export interface TicketReading {
  readonly id: string;
  readonly createdAt: Instant;
  /** Opaque stamp for a conditional write. */
  readonly stamp: string;
  /** The stamp's second had ended when we read: a conditional write is a true fence. */
  readonly stampClosed: boolean;
  readonly status: string;
  /** The ticket was merged into another one. */
  readonly merged: boolean;
  readonly subject: string;
  readonly description: string;
  readonly priority: Priority | null;
  readonly impact: string | null;
  readonly group: string | null;
  readonly assigneeId: string | null;
  readonly form: string | null;
  readonly channel: string;
  readonly tags: readonly string[];
  readonly brandId: string | null;
  readonly organizationId: string | null;
  readonly organizationTags: readonly string[];
  readonly requesterId: string | null;
  readonly requester: {
    readonly email: string | null;
    readonly role: string;
    readonly vip: boolean;
    /** null = not looked up. */
    readonly verified: boolean | null;
  };
  readonly submitterRole: string | null;
  readonly submitterId: string | null;
  readonly followerIds: readonly string[];
  /** Tier now in the tier drop-down; undefined = no such field in this account. */
  readonly tierField: string | null | undefined;
}

/** Who changed the priority, and which of our decisions were applied, read from the ticket's audits. */
export interface TicketHistory {
  /** Author of the event that set the present priority; null = not found. */
  readonly priorityAuthor: {
    readonly id: string;
    readonly role: string | null;
    readonly byRule: boolean;
  } | null;
  /** Values of `ps_decision` found in audit metadata. */
  readonly decisionIds: readonly string[];
}

/** What the desk said after a conditional write. */
export interface TicketWritten {
  readonly stamp: string;
  readonly priority: Priority | null;
  readonly group: string | null;
  readonly tags: readonly string[];
  /**
   * Values our write replaced, from the audit of the same write. Something else than we had read = a person wrote
   * in the same second.
   */
  readonly replaced: { readonly priority?: Priority | null; readonly group?: string | null };
  /** Keys the desk did not accept. */
  readonly warnings: readonly string[];
}

/** SLA clocks on a ticket, read back. `policy` is null where the desk does not tell its name. */
export interface SlaReading {
  readonly ticketId: string;
  readonly policy: string | null;
  readonly clocks: readonly {
    readonly metric: string;
    readonly stage: string;
    readonly breachAt: Instant | null;
  }[];
}

/** One page of organizations; the cursor is stored with the page. */
export interface OrganizationPage {
  readonly organizations: readonly Organization[];
  readonly gone: readonly string[];
  readonly cursor: string;
  readonly last: boolean;
}

/** What became of one row of a batch. */
export interface RowOutcome {
  readonly id: string;
  readonly ok: boolean;
  /** Worth trying again at the next run. */
  readonly retry: boolean;
  readonly reason: string | null;
}

/** What is true of this help-desk account. */
export interface DeskShape {
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  /** Names that more than one group carries. */
  readonly duplicateGroups: readonly string[];
  readonly forms: readonly { readonly id: string; readonly name: string }[];
  readonly brands: readonly { readonly id: string; readonly name: string }[];
  readonly slaPolicies:
    | readonly { readonly id: string; readonly title: string; readonly position: number }[]
    | null;
  readonly organizationFields: readonly string[];
  readonly impactField: boolean;
  readonly tierField: boolean;
  readonly me: { readonly id: string; readonly role: string };
}

export interface Desk {
  readonly name: string;
  /** Groups, forms, fields and who we are; kept for some minutes, read again when a name is unknown. */
  describe(): Promise<DeskShape>;
  /** null = deleted or never existed. */
  readTicket(id: string, lane: Lane): Promise<TicketReading | null>;
  readHistory(id: string, lane: Lane): Promise<TicketHistory>;
  /** Is the requester's address proven? */
  isVerified(requesterId: string, lane: Lane): Promise<boolean>;
  /**
   * One conditional write; `decisionId` travels in the audit's metadata.
   * @throws Outdated the ticket changed since `reading`. @throws CannotApply deleted or closed.
   */
  writeTicket(
    reading: TicketReading,
    change: TicketChange,
    decisionId: string,
    lane: Lane,
  ): Promise<TicketWritten>;
  /** SLA clocks of up to 100 tickets in one call; tickets that are gone are left out. */
  readSlas(ticketIds: readonly string[], lane: Lane): Promise<readonly SlaReading[]>;
  /** Organizations changed since `cursor` (null = all), oldest change first. */
  organizations(cursor: string | null, signal: AbortSignal): AsyncIterable<OrganizationPage>;
  /** Writes our own organization fields, in batches; one outcome per row, in any order. */
  writeOrganizations(
    rows: readonly { readonly id: string; readonly fields: OrganizationChange }[],
    signal: AbortSignal,
  ): Promise<readonly RowOutcome[]>;
  /** The active agent with this e-mail, or null. */
  agentByEmail(email: string): Promise<{ readonly id: string } | null>;
  /** Calls made since start, by endpoint class. */
  calls(): Readonly<Record<string, number>>;
}

// ------------------------------------------------------------------ the CRM

/** A CRM record as text; the core reads the facts by kind. */
export interface SourceAccount {
  readonly id: string;
  readonly name: string | null;
  /** Only the properties asked for. null and "" both mean empty. */
  readonly values: Readonly<Record<string, string | null>>;
  /** Ids merged into this record. */
  readonly aliases: readonly string[];
  /** The CRM's own change stamp, opaque; equal stamp = nothing changed. */
  readonly updatedAt: string | null;
}

export interface SourceField {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly writable: boolean;
  /** Why this field should be mapped with care, or null. */
  readonly caution: string | null;
}

/** Changed record ids with the stamps they now carry. */
export interface ChangePage {
  readonly changed: readonly { readonly id: string; readonly updatedAt: string | null }[];
  readonly gone: readonly string[];
}

export interface Crm {
  readonly name: string;
  /** Can we connect, and as whom? @throws Paused or NeedsAdmin with a fix. */
  test(): Promise<{
    readonly tenant: string;
    readonly timezone: string | null;
    readonly currency: string | null;
  }>;
  fields(): Promise<readonly SourceField[]>;
  /** Records whose change stamp lies in [from, to]; pages in id order. */
  changes(
    window: { readonly from: Instant; readonly to: Instant },
    signal: AbortSignal,
  ): AsyncIterable<ChangePage>;
  /** Every record, archived ones in `gone`. */
  all(signal: AbortSignal): AsyncIterable<ChangePage>;
  /** Fresh values of up to any number of ids; `moved` = merged into another record. */
  read(
    ids: readonly string[],
    properties: readonly string[],
    signal: AbortSignal,
  ): Promise<{
    readonly accounts: readonly SourceAccount[];
    readonly missing: readonly string[];
    readonly moved: readonly { readonly from: string; readonly into: string }[];
  }>;
  /** Writes the label property; one outcome per record. `updatedAt` = the stamp our own write caused. */
  writeLabels(
    rows: readonly { readonly id: string; readonly value: string }[],
    property: string,
    signal: AbortSignal,
  ): Promise<readonly (RowOutcome & { readonly updatedAt: string | null })[]>;
  /** How far back a window must reach to catch records the index shows late, ms. */
  readonly overlapMs: number;
  /** Calls made since start, by endpoint class. */
  calls(): Readonly<Record<string, number>>;
}

// ------------------------------------------------------------------ what we remember

export type DecisionState = "intended" | "written" | "left" | "simulated";

/** Was the tier's SLA really attached? */
export interface Verification {
  readonly at: Instant;
  readonly ok: boolean;
  /** `sla_attached`, `sla_missing`, `sla_due_differs`, `sla_not_promised`. */
  readonly code: string;
  readonly detail: string;
}

/** One decision about one ticket, as kept for months. */
export interface DecisionRecord {
  readonly id: string;
  readonly ticketId: string;
  readonly deliveryId: string | null;
  readonly accountId: string | null;
  readonly event: TicketEvent;
  readonly asOf: Instant;
  readonly decidedAt: Instant;
  readonly policyVersion: string;
  readonly decision: Decision;
  /** The ticket's writable part before us. */
  readonly before: TicketImage;
  /** null = nothing had to be written. */
  readonly change: TicketChange | null;
  readonly state: DecisionState;
  /** Why it ended as it did, in one sentence. */
  readonly outcome: string;
  readonly verification: Verification | null;
}

export interface TicketImage {
  readonly priority: Priority | null;
  readonly prioritySetBy: string;
  readonly group: string | null;
  readonly tags: readonly string[];
  readonly organizationId: string | null;
  readonly requesterId: string | null;
}

export interface Ledger {
  /** Records what is about to be written, before it is. false = the claim was lost. */
  intend(claim: Claim, record: DecisionRecord): Promise<boolean>;
  /**
   * In one transaction: the decision's final state, the account's held state (unless a later `asOf` is stored),
   * and the settled deliveries. false = the claim was lost, nothing changed.
   */
  settle(claim: Claim, record: DecisionRecord | null, outcome: DeliveryOutcome): Promise<boolean>;
  /** Newest decision of a ticket that changed or confirmed it; null = none. Simulated ones do not count. */
  lastDecision(ticketId: string): Promise<DecisionRecord | null>;
  /** All decisions of a ticket, newest first. */
  decisionsOf(ticketId: string): Promise<readonly DecisionRecord[]>;
  /** Newest first. */
  recentDecisions(limit: number): Promise<readonly DecisionRecord[]>;
  verified(decisionId: string, verification: Verification): Promise<void>;
  /** Removes decisions decided before `before`. */
  prune(before: Instant): Promise<void>;
}

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
  /** Follows merges: the current id for a source id; null = unknown. */
  resolve(source: string, sourceId: string): Promise<string | null>;
  /** Stored change stamps, for skipping what did not change. */
  stamps(source: string, sourceIds: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
  /** Marks records as confirmed unchanged at `at` (moves `syncedAt`). */
  touch(source: string, at: Instant): Promise<void>;
  /** First sight of a deleted record; keeps an earlier day. */
  markGone(source: string, sourceIds: readonly string[], on: string): Promise<readonly string[]>;
  /** `from` was merged into `into`. */
  alias(source: string, from: string, into: string): Promise<void>;
  setLabel(accountId: string, label: string, updatedAt: string | null): Promise<void>;
  /** The given accounts and everyone in their families. */
  families(accountIds: readonly string[]): Promise<readonly string[]>;
  /** All ids in order, after `after`; for full runs. */
  page(after: string | null, limit: number): Promise<readonly string[]>;
  count(): Promise<number>;
  putEntitlements(rows: readonly Entitlement[]): Promise<void>;
  entitlements(accountIds: readonly string[]): Promise<ReadonlyMap<string, Entitlement>>;
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
}

/** One thing that a person should look at; kept until it is no longer true. */
export interface ReviewItem {
  readonly accountId: string;
  readonly code: string;
  readonly detail: string;
  readonly since: Instant;
}

/** One write to the outside by a sync, with its before-image. */
export interface SyncWrite {
  readonly target: "organization" | "company";
  readonly targetId: string;
  readonly accountId: string;
  readonly before: Readonly<Record<string, string | null>>;
  readonly after: Readonly<Record<string, string | null>>;
  readonly state: "intended" | "written" | "failed" | "simulated";
  readonly reason: string;
}

export interface RunRecord {
  readonly id: string;
  readonly kind: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly error: string | null;
}

export interface Runs {
  start(run: RunRecord): Promise<void>;
  end(
    id: string,
    endedAt: Instant,
    counts: Readonly<Record<string, number>>,
    error: string | null,
  ): Promise<void>;
  write(runId: string, policyVersion: string, rows: readonly SyncWrite[]): Promise<void>;
  /** State of rows written before, by target. */
  settle(
    runId: string,
    outcomes: readonly {
      readonly target: string;
      readonly targetId: string;
      readonly state: SyncWrite["state"];
      readonly reason: string;
    }[],
  ): Promise<void>;
  writesOf(runId: string): Promise<readonly SyncWrite[]>;
  writesFor(
    accountId: string,
    limit: number,
  ): Promise<
    readonly (SyncWrite & { readonly runId: string; readonly at: Instant; readonly policyVersion: string })[]
  >;
  last(kind: string): Promise<RunRecord | null>;
  /** Replaces the review items of these accounts. */
  review(
    accountIds: readonly string[],
    items: readonly Omit<ReviewItem, "since">[],
    at: Instant,
  ): Promise<void>;
  reviews(limit: number): Promise<readonly ReviewItem[]>;
}

/** Small durable facts: cursors, mode, leases, policy versions. */
export interface Register {
  cursor(name: string): Promise<string | null>;
  setCursor(name: string, value: string): Promise<void>;
  /** One holder at a time, by the database's clock. false = someone else holds it. */
  lease(name: string, owner: string, leaseMs: number): Promise<boolean>;
  releaseLease(name: string, owner: string): Promise<void>;
  setting(name: string): Promise<string | null>;
  setSetting(name: string, value: string): Promise<void>;
  /**
   * Remembers a policy version. Same version with the same content is a no-op.
   * @throws NeedsAdmin the same version was stored with other content.
   */
  putPolicy(
    version: string,
    contentHash: string,
    content: string,
    effectiveFrom: string | null,
  ): Promise<void>;
  /** Newest version already in force on `day`, by effective date, then by time of storing. */
  policyInForce(day: string): Promise<{ readonly version: string; readonly content: string } | null>;
}

/** Everything durable, behind one door. */
export interface Store {
  readonly inbox: Inbox;
  readonly ledger: Ledger;
  readonly accounts: Accounts;
  readonly organizations: Organizations;
  readonly runs: Runs;
  readonly register: Register;
  /** `sqlite` or `postgres`. */
  readonly kind: string;
  /** Finishes what is under way, then closes. */
  close(): Promise<void>;
}
