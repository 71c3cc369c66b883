/** Human exceptions that are kept in the store, and their history. Types only. */
import type { Instant, Override } from "../policy/model.ts";

/** An override with how it came to its end before its time, if it did. */
export interface StoredOverride extends Override {
  /** When a person ended it; null = it runs to `expiresAt`. */
  readonly endedAt: Instant | null;
  readonly endedBy: string | null;
}

export interface Overrides {
  /** Keeps a new override. false = one with this id is kept already, nothing changed. */
  add(override: Override): Promise<boolean>;
  /**
   * Every override of these accounts, whatever its time: one that was ended by hand says so by its `expiresAt`.
   * Who decides compares the moments.
   */
  of(accountIds: readonly string[]): Promise<readonly Override[]>;
  /** All of them, those that are over included, newest first. */
  list(): Promise<readonly StoredOverride[]>;
  /** Ends one at `at`; it stays in the list. false = there is none, or it has ended before `at`. */
  end(id: string, at: Instant, by: string | null): Promise<boolean>;
  /** Accounts with an override that begins or ends after `from` and not after `to`. */
  turning(from: Instant, to: Instant): Promise<readonly string[]>;
}
