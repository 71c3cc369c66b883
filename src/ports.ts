/**
 * The few interfaces between the core and the concrete world: CRM, help desk, store, clock. Types only.
 *
 * A method answers with our vocabulary (`policy/model`) or throws one of `errors.ts`. "Not found" is null,
 * "nothing to do" is an empty list; a batch answers once per item and never fails as a whole for one item.
 */

import type { Budgets } from "./ports/budgets.ts";
import type { ConsoleStore } from "./ports/console.ts";
import type { Accounts, Organizations } from "./ports/customers.ts";
import type { Facts } from "./ports/facts.ts";
import type { Forgetting } from "./ports/forgetting.ts";
import type { Guard } from "./ports/guard.ts";
import type { Holds } from "./ports/holds.ts";
import type { Inbox } from "./ports/inbox.ts";
import type { Ledger } from "./ports/ledger.ts";
import type { Notices } from "./ports/notices.ts";
import type { OpenTickets } from "./ports/open-tickets.ts";
import type { Overrides } from "./ports/overrides.ts";
import type { ProvisionJournal } from "./ports/provision-journal.ts";
import type { Runs } from "./ports/runs.ts";
import type { SourceFactsStore } from "./ports/source-facts.ts";
import type { Waitlists } from "./ports/waitlists.ts";

export type * from "./ports/budgets.ts";
export type * from "./ports/console.ts";
export type * from "./ports/crm.ts";
export type * from "./ports/customers.ts";
export type * from "./ports/desk.ts";
export type * from "./ports/desk-setup.ts";
export type * from "./ports/facts.ts";
export type * from "./ports/forgetting.ts";
export type * from "./ports/guard.ts";
export type * from "./ports/holds.ts";
export type * from "./ports/inbox.ts";
export type * from "./ports/ledger.ts";
export type * from "./ports/notices.ts";
export type * from "./ports/notifier.ts";
export type * from "./ports/open-tickets.ts";
export type * from "./ports/overrides.ts";
export type * from "./ports/pace.ts";
export type * from "./ports/provision.ts";
export type * from "./ports/provision-journal.ts";
export type * from "./ports/runs.ts";
export type * from "./ports/source-facts.ts";
export type * from "./ports/undo.ts";
export type * from "./ports/verification.ts";
export type * from "./ports/waitlists.ts";

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
  readonly provisionJournal: ProvisionJournal;
  readonly register: Register;
  readonly overrides: Overrides;
  readonly forgetting: Forgetting;
  readonly guard: Guard;
  readonly sourceFacts: SourceFactsStore;
  readonly openTickets: OpenTickets;
  readonly holds: Holds;
  /** What reports read. */
  readonly facts: Facts;
  readonly budgets: Budgets;
  readonly waitlists: Waitlists;
  readonly console: ConsoleStore;
  /** What people were told. */
  readonly notices: Notices;
  /** `sqlite` or `postgres`. */
  readonly kind: string;
  /** A private copy of everything as it is now, for a dry run; closing it removes it. */
  scratch(): Promise<Store>;
  /**
   * Writes everything as it is at one moment to the SQLite file `path`, which is empty or not there.
   * @throws StoreUnavailable
   */
  copyInto(path: string): Promise<void>;
  /** Finishes what is under way, then closes. */
  close(): Promise<void>;
}
