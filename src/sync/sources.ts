/**
 * Several sources of facts about the same accounts: what each says is kept apart, and put together anew whenever one of
 * them changes. The first source defines the accounts; the others are joined to it.
 */
import type { CrmMapping, Policy } from "../policy/model.ts";
import { mergedAccount, statedByAccount, statedFacts } from "../policy/sources.ts";
import type { SourceAccount, SourceRow, Store, StoredAccount } from "../ports.ts";
import type { Brake } from "./guard-step.ts";
import { type OtherPorts, type OtherSource, sourceCursor, takeInOther } from "./other-source.ts";

export interface SourcePorts extends OtherPorts {
  readonly mapping: CrmMapping;
  readonly others: readonly OtherSource[];
  readonly policy: Policy;
  readonly brake: Brake;
}

/** What came of the other sources. */
export interface OthersRead {
  /** What kept one of them from being read this time, though it was before; null = all were read. */
  readonly failure: unknown;
}

const CHUNK = 500;
/** Register key: the order of sources in which every account has been put together. */
const TOGETHER = "sources:together";

/**
 * Reads what changed in the other sources and puts the accounts concerned together anew.
 *
 * A source that was read before and cannot be read now keeps its last facts, which grow old: `failure` says so.
 * @throws what kept a source from ever being read: without it every account would look poorer than it is.
 */
export async function takeInOthers(
  ports: SourcePorts,
  full: boolean,
  signal: AbortSignal,
): Promise<OthersRead> {
  const { register } = ports.store;
  const touched = new Set<string>();
  let failure: unknown = null;
  const order = JSON.stringify(ports.policy.sources);
  // Moves away before anything is kept and comes back when it is put together: a crash between means "all again".
  const together = (await register.cursor(TOGETHER)) === order;
  await register.setCursor(TOGETHER, "");
  for (const other of ports.others) {
    try {
      await takeInOther(ports, other, full, touched, signal);
    } catch (error) {
      if ((await register.cursor(sourceCursor(other.port))) === null) throw error;
      failure ??= error;
    }
  }
  await mergeAgain(ports, together ? [...touched] : null, signal);
  if (!signal.aborted) await register.setCursor(TOGETHER, order);
  return { failure };
}

/** The first source's records, as just read, put together with what the others say; keeps what was read. */
export async function mergeRead(
  ports: SourcePorts,
  records: readonly SourceAccount[],
  rows: readonly StoredAccount[],
): Promise<readonly StoredAccount[]> {
  const values = new Map(records.map((record) => [record.id, record.values]));
  await ports.store.sourceFacts.put(
    rows.map((row) => ({
      ...firstRow(row),
      stated: statedFacts(values.get(row.sourceId) ?? {}, ports.mapping, row.account),
    })),
  );
  return merged(ports, rows);
}

function firstRow({ account, source, sourceId, updatedAt }: StoredAccount): SourceRow {
  return { source, sourceId, accountId: account.id, account, stated: statedByAccount(account), updatedAt };
}

/** Accounts put together from everything that is kept about them; facts are as old as the oldest source. */
async function merged(
  { store, policy, others, crm }: SourcePorts,
  rows: readonly StoredAccount[],
): Promise<readonly StoredAccount[]> {
  const read = await confirmedAt(store, others);
  // What was joined to a record that has since been merged into this one belongs to this one.
  const idsOf = (row: StoredAccount): readonly string[] => [
    row.account.id,
    ...row.aliases.map((id) => `${crm.name}:${id}`),
  ];
  const kept = await store.sourceFacts.of(rows.flatMap(idsOf));
  return rows.map((row) => {
    const ids = idsOf(row);
    const parts = kept
      .filter((part) => part.source !== crm.name && ids.includes(part.accountId))
      .map((part) => ({ ...part, account: { ...part.account, syncedAt: read.get(part.source) ?? null } }));
    const own = kept.find((part) => part.source === crm.name && part.sourceId === row.sourceId);
    const first = own ?? firstRow(row);
    const account = mergedAccount({ ...first, source: crm.name }, parts, policy.sources);
    // A source without a record for this account has said so at that moment: that is a fact, and grows old like one.
    const syncedAt = account.syncedAt === null ? null : Math.min(account.syncedAt, ...read.values());
    return { ...row, account: { ...account, syncedAt } };
  });
}

/** When each other source was last read to its end. */
async function confirmedAt(
  store: Store,
  others: readonly OtherSource[],
): Promise<ReadonlyMap<string, number>> {
  const cursors = await Promise.all(
    others.map(async ({ port }) => [port.name, await store.register.cursor(sourceCursor(port))] as const),
  );
  return new Map(cursors.flatMap(([name, at]) => (at === null ? [] : [[name, Number(at)] as const])));
}

/** Puts accounts together anew (null = all of them) and hands those that changed to the brake. */
async function mergeAgain(
  ports: SourcePorts,
  accountIds: readonly string[] | null,
  signal: AbortSignal,
): Promise<void> {
  if (accountIds !== null) {
    for (let at = 0; at < accountIds.length && !signal.aborted; at += CHUNK)
      await mergeChunk(ports, accountIds.slice(at, at + CHUNK));
    return;
  }
  let after: string | null = null;
  while (!signal.aborted) {
    const page: readonly string[] = await ports.store.accounts.page(after, CHUNK);
    if (page.length === 0) return;
    after = page[page.length - 1] ?? null;
    await mergeChunk(ports, page);
  }
}

async function mergeChunk(ports: SourcePorts, accountIds: readonly string[]): Promise<void> {
  const { store, crm, brake } = ports;
  const known = [...(await store.accounts.many(accountIds)).values()].filter(
    ({ source, account }) => source === crm.name && account.goneOn === null,
  );
  const kept = await store.sourceFacts.known(
    crm.name,
    known.map((row) => row.sourceId),
  );
  // Taken in before there was a second source: what is stored is what the first source said.
  const unkept = known.filter((row) => !kept.has(row.sourceId));
  if (unkept.length > 0) await store.sourceFacts.put(unkept.map(firstRow));
  const again = await merged(ports, known);
  const changed = again.filter((row, at) => !sameFacts(row, known[at]));
  if (changed.length > 0) await brake.take(changed, []);
}

function sameFacts(one: StoredAccount, other: StoredAccount | undefined): boolean {
  const facts = ({ account: { syncedAt: _when, ...account } }: StoredAccount): string =>
    JSON.stringify(Object.entries(account).sort(([a], [b]) => (a < b ? -1 : 1)));
  return other !== undefined && facts(one) === facts(other);
}
