/** Facts that the mass-change brake has set aside, what people decided about them, and demotions that passed. Types only. */
import type { CalendarDate, Instant, TierId } from "../policy/model.ts";
import type { StoredAccount } from "./customers.ts";

/** One account that new facts would take to a lower tier. */
export interface Demotion {
  readonly accountId: string;
  readonly name: string | null;
  readonly fromTier: TierId;
  readonly toTier: TierId;
}

/**
 * `proposed`: the run that read it has not been judged yet. `held`: waits for a person. `approved` and `rejected`: a
 * person decided; remembered so that the same facts are not asked about again.
 */
export type SetAsideState = "proposed" | "held" | "approved" | "rejected";

/** What is set aside for one account: new facts, or that its record is gone. */
export interface SetAside {
  readonly accountId: string;
  readonly source: string;
  /** Record id in the source. */
  readonly sourceId: string;
  /** The run under which it is listed and decided. */
  readonly runId: string;
  readonly state: SetAsideState;
  /** The whole new facts; null = the record is gone. */
  readonly facts: StoredAccount | null;
  /** The day it was missed; null = it is there. */
  readonly goneOn: CalendarDate | null;
  /** Equal digests = equal facts. */
  readonly digest: string;
  /** Whom it demotes: the account itself, relatives, or nobody (a gone record of the lowest tier). */
  readonly demotes: readonly Demotion[];
  readonly at: Instant;
  readonly decidedAt: Instant | null;
  readonly decidedBy: string | null;
}

/** A run whose demotions were not believed. */
export interface HeldRun {
  readonly runId: string;
  readonly source: string;
  readonly at: Instant;
  readonly codes: readonly string[];
  /** All causes as sentences for the person who decides. */
  readonly reason: string;
}

/** A held run of which something still waits. */
export interface WaitingRun extends HeldRun {
  /** Records that wait. */
  readonly records: number;
}

export interface Guard {
  /** Remembers these; what was remembered about the same account is replaced. */
  setAside(rows: readonly SetAside[]): Promise<void>;
  /** What is remembered about these accounts, in whatever state. */
  of(accountIds: readonly string[]): Promise<ReadonlyMap<string, SetAside>>;
  /** Everything of a source in one state, in account order. */
  inState(source: string, state: SetAsideState): Promise<readonly SetAside[]>;
  /** What waits under a run, in account order. */
  heldBy(runId: string): Promise<readonly SetAside[]>;
  /** Keeps the run with its reason, and turns what is proposed for these accounts into held by it; all or nothing. */
  hold(run: HeldRun, accountIds: readonly string[]): Promise<void>;
  /** Runs of which something waits, newest first. */
  waiting(): Promise<readonly WaitingRun[]>;
  /** Marks what waits under a run as decided. */
  decide(runId: string, state: "approved" | "rejected", by: string | null, at: Instant): Promise<void>;
  /** Forgets what is remembered about these accounts. */
  drop(accountIds: readonly string[]): Promise<void>;
  /** Remembers demotions that passed by themselves and forgets those before `forgetBefore`; a repeat changes nothing. */
  passed(runId: string, demotions: readonly Demotion[], at: Instant, forgetBefore: Instant): Promise<void>;
  /** Demotions that passed by themselves after `since`. */
  passedSince(since: Instant): Promise<number>;
  /** Accounts per tier by the last sync. */
  tierSizes(): Promise<Readonly<Record<TierId, number>>>;
  /** Those of these records that are known and not gone, as record id → account id. */
  present(source: string, sourceIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Known records of a source that are not gone. */
  presentCount(source: string): Promise<number>;
}
