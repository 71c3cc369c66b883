/** Sync runs, what they wrote, and what a person should look at. Types only. */
import type { Instant } from "../policy/model.ts";

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
  /** State of rows written before, by target; an empty reason keeps the one they were written for. */
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
  /** null = there is no such run. */
  find(id: string): Promise<RunRecord | null>;
  /** Newest first. */
  recent(limit: number): Promise<readonly RunRecord[]>;
  /** Replaces the review items of these accounts. */
  review(
    accountIds: readonly string[],
    items: readonly Omit<ReviewItem, "since">[],
    at: Instant,
  ): Promise<void>;
  reviews(limit: number): Promise<readonly ReviewItem[]>;
}
