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
import type { ChangePage, Clock, Crm, RefusedRecord, SourceAccount, Store, StoredAccount } from "../ports.ts";
import type { Brake } from "./guard-step.ts";

export interface IntakePorts {
  readonly crm: Crm;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly policy: Policy;
  readonly mapping: CrmMapping;
  /** Stands between what was read and what is accepted. */
  readonly brake: Brake;
  /** E-mail addresses behind ids of people in the CRM; asked only when a record needs one of `wanted`. */
  readonly people: (wanted: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Called after each page with the number of records looked at so far. */
  readonly progress: (read: number) => void;
  /** Hears of records that are there and could not be read; left out = nobody listens. */
  readonly refused?: (source: string, records: readonly RefusedRecord[]) => void;
  /** Set when there are other sources: puts what was read together with what they say. */
  readonly merge?: (
    records: readonly SourceAccount[],
    rows: readonly StoredAccount[],
  ) => Promise<readonly StoredAccount[]>;
  /** false = another source could not be read: the facts of all are not confirmed. Left out = true. */
  readonly confirmed?: boolean;
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
  if (full || cursor === null || crm.lacks?.includes("change_feed") === true) {
    counts.gone += await takeInAll(ports, counts, signal);
  } else {
    const window = { from: Number(cursor) - crm.overlapMs, to };
    await takeInPages(ports, crm.changes(window, signal), counts, null, signal);
    counts.gone += await ports.brake.judge(null);
  }
  if (ports.confirmed !== false) await store.accounts.touch(crm.name, to);
  await store.register.setCursor(name, String(to));
  return counts;
}

/** Every record there is; what the listing no longer names is gone, unless a record could not even be named. */
async function takeInAll(ports: IntakePorts, counts: IntakeCounts, signal: AbortSignal): Promise<number> {
  const { crm, store } = ports;
  const seen = new Set<string>();
  // Only a source that does not name its deletions can be mistaken for one that lost its customers.
  const walked = crm.lacks?.includes("deletions") === true ? `walked:${crm.name}` : null;
  const before = walked === null ? null : await store.register.cursor(walked);
  const pages = crm.all(signal, before === null ? null : Number(before));
  const nameless = await takeInPages(ports, pages, counts, seen, signal);
  if (nameless > 0) return ports.brake.judge(null);
  await markVanished(ports, seen);
  const gone = await ports.brake.judge(seen);
  if (walked !== null) await store.register.setCursor(walked, String(seen.size));
  return gone;
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
  counts.gone += await ports.brake.judge(null);
  return counts;
}

/** Answers how many records could not even be named. */
async function takeInPages(
  ports: IntakePorts,
  pages: AsyncIterable<ChangePage>,
  counts: IntakeCounts,
  seen: Set<string> | null,
  signal: AbortSignal,
): Promise<number> {
  let waiting: string[] = [];
  let nameless = 0;
  for await (const page of pages) {
    const ids = page.changed.map((c) => c.id);
    const known = await ports.store.accounts.stamps(ports.crm.name, ids);
    const moved = seen === null ? null : await movedFamilies(ports, page);
    for (const record of page.changed) {
      seen?.add(record.id);
      const same = isKnown(known.get(record.id), record.updatedAt, seen !== null);
      if (same && moved?.has(record.id) !== true) counts.unchanged += 1;
      else waiting.push(record.id);
    }
    counts.read += page.changed.length + page.gone.length;
    nameless += noteRefused(ports, page.refused ?? [], seen);
    await ports.brake.gone(page.gone);
    while (waiting.length >= CHUNK) {
      await readAndStore(ports, waiting.slice(0, CHUNK), counts, signal);
      waiting = waiting.slice(CHUNK);
    }
    ports.progress(counts.read);
  }
  if (waiting.length > 0) await readAndStore(ports, waiting, counts, signal);
  return nameless;
}

/** A record that cannot be read is there all the same: its last facts stay. Answers how many have no id. */
function noteRefused(
  ports: IntakePorts,
  refused: readonly RefusedRecord[],
  seen: Set<string> | null,
): number {
  if (refused.length > 0) ports.refused?.(ports.crm.name, refused);
  for (const { id } of refused) if (id !== null) seen?.add(id);
  return refused.filter(({ id }) => id === null).length;
}

/**
 * The same stamp as stored = nothing changed since. A stamp that our own label write made counts too, but not in a full
 * run: a person's edit just before our write would hide behind it, so once a night such a record is read again.
 */
function isKnown(stored: string | null | undefined, stamp: string | null, full: boolean): boolean {
  if (stamp === null || stored === null || stored === undefined) return false;
  return stored === stamp || (!full && stored === ownStamp(stamp));
}

/** Records that have another parent than we stored, whatever their stamps say; none where the CRM does not tell. */
async function movedFamilies(ports: IntakePorts, page: ChangePage): Promise<ReadonlySet<string>> {
  const told = page.changed.filter((record) => record.parent !== undefined);
  const ours = (id: string): string => `${ports.crm.name}:${id}`;
  const stored = await ports.store.accounts.many(told.map((record) => ours(record.id)));
  const moved = told.filter(({ id, parent }) => {
    const before = stored.get(ours(id));
    return before !== undefined && before.account.parentId !== (parent ? ours(parent) : null);
  });
  return new Set(moved.map((record) => record.id));
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
  const answer = await ports.crm.read(ids, propertiesOf(ports.mapping), signal);
  const read = await Promise.all(answer.accounts.map((record) => factsOf(ports, record)));
  const rows = ports.merge === undefined ? read : await ports.merge(answer.accounts, read);
  await ports.brake.take(rows, answer.moved);
  await ports.brake.gone(answer.missing);
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
  return { ...tam, agent: (await ports.people([tam.agent])).get(tam.agent) ?? tam.agent };
}

/** Records of ours that a complete listing no longer names were deleted, or merged without a trace. */
async function markVanished(ports: IntakePorts, seen: ReadonlySet<string>): Promise<void> {
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
    await ports.brake.gone(vanished);
  }
}

/** The calendar day of an instant in the policy's zone. */
export function localDay(policy: Policy, at: number): string {
  return DateTime.fromMillis(at, { zone: policy.timezone }).toISODate() ?? "";
}
