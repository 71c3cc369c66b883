/** Tickets that were there before their customer's tier, or before us: which are to be looked at again. Types only. */
import type { Instant } from "../policy/model.ts";

/** An account whose tier rose: its open tickets are looked at again. */
export interface RaisedAccount {
  readonly accountId: string;
  readonly raisedAt: Instant;
}

/** How far a run over many tickets is. */
export interface RunTickets {
  readonly tickets: number;
  /** Nothing of them waits any more: written, left alone, or parked for a person. */
  readonly settled: number;
  readonly parked: number;
}

export interface OpenTickets {
  /** Marks accounts as raised; a repeat keeps the earlier instant. */
  raise(accountIds: readonly string[], at: Instant): Promise<void>;
  /** Marked accounts, longest first. */
  raised(limit: number): Promise<readonly RaisedAccount[]>;
  /** Takes the mark off, unless the account was marked again since. */
  lookedAt(account: RaisedAccount): Promise<void>;
  /** Adds tickets to a run, each with the event key of its delivery; a repeat changes nothing. */
  addToRun(
    runId: string,
    tickets: readonly { readonly ticketId: string; readonly eventKey: string }[],
  ): Promise<void>;
  /** Tickets of a run in id order, after `after`. */
  ofRun(runId: string, after: string | null, limit: number): Promise<readonly string[]>;
  progress(runId: string): Promise<RunTickets>;
}
