/** What the brake needs, and how facts are accepted: stored, merged, and marked to be carried outward. */
import type { Log } from "../log.ts";
import type { Policy } from "../policy/model.ts";
import type { Clock, Store, StoredAccount } from "../ports.ts";

export interface BrakePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly policy: Policy;
  readonly runId: string;
  /** Name of the source whose records these are. */
  readonly source: string;
  /** The calendar day, in the policy's zone. */
  readonly today: () => string;
}

/** A record that was merged into another one, in the source's own ids. */
export interface Moved {
  readonly from: string;
  readonly into: string;
}

/** Facts, merges and the mark "must be carried outward". */
export async function accept(
  { store, source }: Pick<BrakePorts, "store" | "source">,
  rows: readonly StoredAccount[],
  moved: readonly Moved[],
): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map((row) => row.account.id);
  // Marked before the facts are stored: a crash in between must not leave new facts that nobody carries outward.
  await store.accounts.markPending(ids);
  await store.accounts.put(rows);
  // After the new record is stored: link and held state move over from the old one.
  const accepted = new Set(rows.map((row) => row.sourceId));
  for (const { from, into } of moved) if (accepted.has(into)) await store.accounts.alias(source, from, into);
  await store.accounts.markPending(await store.accounts.families(ids));
}
