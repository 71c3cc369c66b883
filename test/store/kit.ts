/** What the promises of the store are tested with: ordinary deliveries, decisions and accounts. */
import type {
  Claim,
  DecisionRecord,
  DeliveryOutcome,
  NewDelivery,
  Store,
  StoredAccount,
} from "../../src/ports.ts";
import { account, moment } from "../builders.ts";

/** One database under test. */
export interface Opened {
  /** Address for `openStore`. */
  readonly url: string;
  readonly store: Store;
  /** One more store on the same database, as another instance has it; closed with the rest. */
  another(): Promise<Store>;
  /** The same database after everything on it was closed. */
  reopen(): Promise<Store>;
  /** Runs statements behind the store's back. */
  sql(statements: string): Promise<void>;
  close(): Promise<void>;
}

export type Under = () => Opened;

/** A moment on which nothing depends. */
export const JUNE = moment("2026-06-09T15:00:00Z");
export const HOUR = 3_600_000;
/** A lease that nothing in a test outlives. */
export const LEASE = 10 * 60_000;
/** Longer than any test runs, by the database's clock. */
export const LATER = (): number => Date.now() + HOUR;

export const DONE: DeliveryOutcome = { state: "done", result: "left", reason: "nothing_differs" };
export const PARKED: DeliveryOutcome = { state: "parked", reason: "group gone", fix: "Create the group." };

/** A postponed delivery. */
export function retry(afterMs: number, countsAsAttempt = true): DeliveryOutcome {
  return { state: "retry", afterMs, countsAsAttempt, reason: "desk busy" };
}

/** A webhook about a ticket; `key` makes all three of its keys. */
export function delivery(key: string, changes: Partial<NewDelivery> = {}): NewDelivery {
  return {
    source: "zendesk",
    kind: "ticket",
    subjectId: `ticket of ${key}`,
    keys: { event: `event ${key}`, invocation: `invocation ${key}`, bytes: `bytes ${key}` },
    hint: null,
    accountIds: [],
    flagged: false,
    body: Buffer.from(`{"ticket_id":"${key}"}`),
    ...changes,
  };
}

/** A company in HubSpot with the record id `sourceId`. */
export function company(
  sourceId: string,
  facts: Partial<StoredAccount["account"]> = {},
  row: Partial<StoredAccount> = {},
): StoredAccount {
  return {
    account: account({ id: `hubspot:${sourceId}`, name: `Company ${sourceId}`, ...facts }),
    source: "hubspot",
    sourceId,
    updatedAt: "stamp 1",
    aliases: [],
    label: null,
    ...row,
  };
}

/** The only subject waiting, claimed; fails when there is none or more than one. */
export async function claimOnly(store: Store, owner = "worker", leaseMs = LEASE): Promise<Claim> {
  const claims = await store.inbox.claim(owner, leaseMs, 100);
  const [claim] = claims;
  if (!claim || claims.length > 1) throw new Error(`expected one claim, got ${claims.length}`);
  return claim;
}

/** A decision that gave ticket 7 of acme the Pro tier. */
export function decided(id: string, changes: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    id,
    ticketId: "7",
    deliveryId: null,
    accountId: "hubspot:1",
    event: "created",
    asOf: JUNE,
    decidedAt: JUNE,
    policyVersion: "v1",
    decision: {
      action: "apply",
      accountId: "hubspot:1",
      tier: "pro",
      basis: "plan",
      priority: "high",
      priorityChanged: true,
      group: "Pro Support",
      followersAdd: [],
      slaPolicy: "pro",
      due: { first_reply: NO_DUE, next_reply: NO_DUE, resolution: NO_DUE },
      tagsAdd: ["ps_pro"],
      tagsRemove: [],
      reasons: ["grant_plan:pro"],
      keyword: null,
      facts: [{ accountId: "hubspot:1", fact: "plan", value: "Pro", syncedAt: JUNE }],
      ledger: { tier: "pro", basis: "plan", lowerSince: null, waitlisted: [] },
    },
    before: {
      priority: null,
      prioritySetBy: "none",
      group: null,
      tags: [],
      organizationId: "org-1",
      requesterId: "r-1",
    },
    change: { priority: "high" },
    state: "written",
    outcome: "written",
    verification: null,
    ...changes,
  };
}

const NO_DUE = { minutes: null, clock: null, dueAt: null };

/** The same decision, leaving other held state behind. */
export function holding(record: DecisionRecord, ledger: Partial<HeldOf>): DecisionRecord {
  if (record.decision.action !== "apply" || !record.decision.ledger) return record;
  return { ...record, decision: { ...record.decision, ledger: { ...record.decision.ledger, ...ledger } } };
}

type HeldOf = NonNullable<Extract<DecisionRecord["decision"], { action: "apply" }>["ledger"]>;
