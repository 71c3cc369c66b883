/**
 * CRM → our store: which accounts changed, what their facts are now. Nothing outside is written here.
 *
 * Facts and the mark "must be carried outward" are stored before the cursor moves, so a crash at any point repeats work
 * instead of losing it.
 */
import { DateTime } from "luxon";
import type { Log } from "../log.ts";
import { accountOf, propertiesOf } from "../policy/facts.ts";
import type { CrmMapping, Policy, Tam } from "../policy/model.ts";
import type { ChangePage, Clock, Crm, SourceAccount, Store, StoredAccount } from "../ports.ts";

export interface IntakePorts {
  readonly crm: Crm;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly policy: Policy;
  readonly mapping: CrmMapping;
  /** E-mail address behind a person's id in the CRM; asked once a run, and only when a record needs it. */
  readonly people: () => Promise<ReadonlyMap<string, string>>;
  /** Called after each page with the number of records looked at so far. */
  readonly progress: (read: number) => void;
}

export interface IntakeCounts {
  read: number;
  changed: number;
  unchanged: number;
  gone: number;
}

const CHUNK = 500;

/** Reads what changed since the cursor (everything when there is none), and moves the cursor. */
export async function takeInChanges(
  ports: IntakePorts,
  full: boolean,
  signal: AbortSignal,
): Promise<IntakeCounts> {
  const { crm, store, clock } = ports;
  const name = `crm:${crm.name}`;
  const cursor = await store.register.cursor(name);
  const to = clock.now();
  const counts: IntakeCounts = { read: 0, changed: 0, unchanged: 0, gone: 0 };
  if (full || cursor === null) {
    const seen = new Set<string>();
    await takeInPages(ports, crm.all(signal), counts, seen, signal);
    await markVanished(ports, seen, counts);
  } else {
    const window = { from: Number(cursor) - crm.overlapMs, to };
    await takeInPages(ports, crm.changes(window, signal), counts, null, signal);
  }
  await store.accounts.touch(crm.name, to);
  await store.register.setCursor(name, String(to));
  return counts;
}

/** Reads the named records now, whatever their stamps say. */
export async function takeInRecords(
  ports: IntakePorts,
  sourceIds: readonly string[],
  signal: AbortSignal,
): Promise<IntakeCounts> {
  const counts: IntakeCounts = { read: sourceIds.length, changed: 0, unchanged: 0, gone: 0 };
  for (let i = 0; i < sourceIds.length; i += CHUNK)
    await readAndStore(ports, sourceIds.slice(i, i + CHUNK), counts, signal);
  return counts;
}

async function takeInPages(
  ports: IntakePorts,
  pages: AsyncIterable<ChangePage>,
  counts: IntakeCounts,
  seen: Set<string> | null,
  signal: AbortSignal,
): Promise<void> {
  let waiting: string[] = [];
  for await (const page of pages) {
    const ids = page.changed.map((c) => c.id);
    const known = await ports.store.accounts.stamps(ports.crm.name, ids);
    for (const record of page.changed) {
      seen?.add(record.id);
      if (isKnown(known.get(record.id), record.updatedAt, seen !== null)) counts.unchanged += 1;
      else waiting.push(record.id);
    }
    counts.read += page.changed.length + page.gone.length;
    await storeGone(ports, page.gone, counts);
    while (waiting.length >= CHUNK) {
      await readAndStore(ports, waiting.slice(0, CHUNK), counts, signal);
      waiting = waiting.slice(CHUNK);
    }
    ports.progress(counts.read);
  }
  if (waiting.length > 0) await readAndStore(ports, waiting, counts, signal);
}

/**
 * The same stamp as stored = nothing changed since. A stamp that our own label write made counts too, but not in a full
 * run: a person's edit just before our write would hide behind it, so once a night such a record is read again.
 */
function isKnown(stored: string | null | undefined, stamp: string | null, full: boolean): boolean {
  if (stamp === null || stored === null || stored === undefined) return false;
  return stored === stamp || (!full && stored === ownStamp(stamp));
}

/** How the stamp of our own write is stored. */
export function ownStamp(stamp: string): string {
  return `own:${stamp}`;
}

async function readAndStore(
  ports: IntakePorts,
  ids: readonly string[],
  counts: IntakeCounts,
  signal: AbortSignal,
): Promise<void> {
  const { crm, store } = ports;
  const answer = await crm.read(ids, propertiesOf(ports.mapping), signal);
  const read = await Promise.all(answer.accounts.map((record) => factsOf(ports, record)));
  await store.accounts.put(read);
  // After the new record is stored: link and held state move over from the old one.
  for (const { from, into } of answer.moved) await store.accounts.alias(crm.name, from, into);
  const accountIds = read.map((r) => r.account.id);
  await store.accounts.markPending(await store.accounts.families(accountIds));
  await storeGone(ports, answer.missing, counts);
  counts.changed += read.length;
}

/** One record → facts as stored. What could not be read stands in `account.unreadable`. */
async function factsOf(ports: IntakePorts, record: SourceAccount): Promise<StoredAccount> {
  const { mapping, crm, clock } = ports;
  const { account } = accountOf(record, mapping, { idPrefix: `${crm.name}:`, syncedAt: clock.now() });
  const label = mapping.label === null ? null : (record.values[mapping.label] ?? null);
  const named = { ...account, tam: await withAddress(ports, account.tam) };
  const { id, updatedAt, aliases } = record;
  return { account: named, source: crm.name, sourceId: id, updatedAt, aliases, label };
}

/** An owner property holds an id, never an address: the address is what CRM and help desk have in common. */
async function withAddress(ports: IntakePorts, tam: Tam | null): Promise<Tam | null> {
  if (tam === null || !/^\d+$/.test(tam.agent)) return tam;
  return { ...tam, agent: (await ports.people()).get(tam.agent) ?? tam.agent };
}

async function storeGone(
  ports: IntakePorts,
  sourceIds: readonly string[],
  counts: IntakeCounts,
): Promise<void> {
  if (sourceIds.length === 0) return;
  const today = localDay(ports.policy, ports.clock.now());
  const gone = await ports.store.accounts.markGone(ports.crm.name, sourceIds, today);
  if (gone.length > 0) await ports.store.accounts.markPending(await ports.store.accounts.families(gone));
  counts.gone += gone.length;
}

/** Records of ours that a complete listing no longer names were deleted, or merged without a trace. */
async function markVanished(
  ports: IntakePorts,
  seen: ReadonlySet<string>,
  counts: IntakeCounts,
): Promise<void> {
  const prefix = `${ports.crm.name}:`;
  let after: string | null = null;
  for (;;) {
    const page: readonly string[] = await ports.store.accounts.page(after, CHUNK);
    if (page.length === 0) return;
    after = page[page.length - 1] ?? null;
    const vanished = page
      .filter((id) => id.startsWith(prefix))
      .map((id) => id.slice(prefix.length))
      .filter((id) => !seen.has(id));
    await storeGone(ports, vanished, counts);
  }
}

/** The calendar day of an instant in the policy's zone. */
export function localDay(policy: Policy, at: number): string {
  return DateTime.fromMillis(at, { zone: policy.timezone }).toISODate() ?? "";
}
