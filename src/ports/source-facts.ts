/** What each of several sources says about an account, kept apart so that a change in one merges anew. Types only. */
import type { Account } from "../policy/model.ts";

/** One record of one source. */
export interface SourceRow {
  readonly source: string;
  /** Record id in the source. */
  readonly sourceId: string;
  /** Account it belongs to; "" = it names none. */
  readonly accountId: string;
  /** Its facts before any merging. */
  readonly account: Account;
  /** Facts about which it says anything at all. */
  readonly stated: readonly string[];
  /** The source's own change stamp. */
  readonly updatedAt: string | null;
}

export interface SourceFactsStore {
  /** Inserts or replaces records. */
  put(rows: readonly SourceRow[]): Promise<void>;
  /** Everything said about these accounts, in source and record order. */
  of(accountIds: readonly string[]): Promise<readonly SourceRow[]>;
  /** Stored records of a source among these ids. */
  known(
    source: string,
    sourceIds: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly accountId: string; readonly updatedAt: string | null }>>;
  /** Forgets records; answers the accounts they belonged to. */
  remove(source: string, sourceIds: readonly string[]): Promise<readonly string[]>;
  /** Record ids of a source in order, after `after`. */
  page(source: string, after: string | null, limit: number): Promise<readonly string[]>;
}
