/** What an upstream account still allows, shared by every instance that calls it. Types only. */
import type { Instant } from "../policy/model.ts";

/** One limit of an upstream account: all calls together, or those of one endpoint class. */
export interface BudgetRow {
  readonly endpointClass: string;
  /** Calls the upstream allows within `windowMs`. */
  readonly limit: number;
  readonly windowMs: number;
  /** Calls of the running window: of every instance, and of other apps as far as answers told of them. */
  readonly used: number;
  /** Calls of the window before it; they count less and less while the running window passes. */
  readonly before: number;
  /** End of the running window, by the database's clock; 0 = none has begun. */
  readonly windowEnd: Instant;
  /** No call starts before, by the database's clock; 0 = open. */
  readonly blockedUntil: Instant;
  /** There was trouble: one call at a time tries whether it is over. */
  readonly closed: boolean;
  /** Counts the writes of this row; 0 = not stored yet. */
  readonly version: number;
}

/** The rate budgets of all upstream accounts. */
export interface Budgets {
  /**
   * The rows of an account that are stored, with the database's clock.
   * @throws StoreUnavailable
   */
  read(account: string): Promise<{ readonly now: Instant; readonly rows: readonly BudgetRow[] }>;
  /**
   * Replaces rows as a whole, if none of them was written since it was read (`version`). false = one was, and nothing
   * is written.
   * @throws StoreUnavailable
   */
  write(account: string, rows: readonly BudgetRow[]): Promise<boolean>;
}
