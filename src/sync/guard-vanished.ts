/**
 * Records that a run no longer finds. A deleted record is no fault of the CRM by itself (its lapse grace protects it);
 * a listing that lost a large share of its records is, and then nobody is taken for gone.
 */
import type { CalendarDate } from "../policy/model.ts";
import type { Demotion, SetAside } from "../ports.ts";
import type { BrakePorts } from "./guard-accept.ts";
import { demotedBy, judgeOf } from "./guard-demotions.ts";
import { type FactChange, groupsOf } from "./guard-families.ts";

/** Missing records: record id → account id. */
export type Missing = Map<string, string>;

/** What a run did not find, and how large that is. */
export interface Listing {
  /** Record ids to mark as gone. */
  readonly ids: readonly string[];
  /** Records known before and still there; null = none is missing. */
  readonly sizes: { readonly previous: number; readonly now: number } | null;
}

const CHUNK = 500;

/** A day long before any contract: every grace after it is over. */
const LONG_AGO: CalendarDate = "1970-01-01";

/** Notes those of the records that we know and have not marked as gone. */
export async function missingRecords(
  { store, source }: BrakePorts,
  sourceIds: readonly string[],
  missing: Missing,
): Promise<void> {
  if (sourceIds.length === 0) return;
  for (const [sourceId, accountId] of await store.guard.present(source, sourceIds))
    missing.set(sourceId, accountId);
}

/**
 * The missing records of a run. A record that is back is no longer held as gone; one whose merge into another record
 * waits, or that a person said is not gone, is not missing.
 */
export async function missingFrom(
  { store, source }: BrakePorts,
  missing: Missing,
  seen: ReadonlySet<string> | null,
): Promise<Listing> {
  const held = await store.guard.inState(source, "held");
  const rejected = await store.guard.inState(source, "rejected");
  const remembered = [...held, ...rejected, ...(await store.guard.inState(source, "proposed"))];
  const back = remembered.filter((row) => row.facts === null && seen?.has(row.sourceId) === true);
  if (back.length > 0) await store.guard.drop(back.map((row) => row.accountId));
  const merging = new Set(remembered.flatMap((row) => row.facts?.aliases ?? []));
  const kept = new Set(rejected.filter((row) => row.facts === null).map((row) => row.sourceId));
  const ids = [...missing.keys()].filter((id) => !merging.has(id) && !kept.has(id));
  if (ids.length === 0) return { ids, sizes: null };
  const previous = await store.guard.presentCount(source);
  return { ids, sizes: { previous, now: previous - ids.length } };
}

/** Sets missing records aside instead of marking them; answers those that were not waiting already. */
export async function setMissingAside(
  ports: BrakePorts,
  sourceIds: readonly string[],
): Promise<readonly SetAside[]> {
  const fresh: SetAside[] = [];
  for (let i = 0; i < sourceIds.length; i += CHUNK)
    fresh.push(...(await asideOf(ports, sourceIds.slice(i, i + CHUNK))));
  return fresh;
}

async function asideOf(ports: BrakePorts, sourceIds: readonly string[]): Promise<readonly SetAside[]> {
  const { store, source, policy, clock, runId } = ports;
  const present = await store.guard.present(source, sourceIds);
  const remembered = await store.guard.of([...present.values()]);
  // Facts that wait to be judged are not lost over a listing in doubt: they were read, and are not read again.
  const isKnown = ({ state, facts }: SetAside): boolean =>
    state === "held" || (state === "proposed" && facts !== null);
  const fresh = [...present].filter(([, id]) => {
    const known = remembered.get(id);
    return known === undefined || !isKnown(known);
  });
  const known = await store.accounts.around({ accountIds: fresh.map(([, id]) => id) });
  const changes = fresh.flatMap(([, id]): FactChange[] => {
    const account = known.accounts.get(id);
    return account === undefined ? [] : [{ account: { ...account, goneOn: LONG_AGO }, replaces: [] }];
  });
  const judge = judgeOf(policy, clock.now());
  const losses = new Map<string, readonly Demotion[]>();
  for (const group of groupsOf(changes, known))
    for (const [id, demotes] of shared(group.changes, demotedBy(judge, group))) losses.set(id, demotes);
  const rows = fresh.map(
    ([sourceId, accountId]): SetAside => ({
      accountId,
      source,
      sourceId,
      runId,
      state: "proposed",
      facts: null,
      goneOn: ports.today(),
      digest: "gone",
      demotes: losses.get(accountId) ?? [],
      at: clock.now(),
      decidedAt: null,
      decidedBy: null,
    }),
  );
  await store.guard.setAside(rows);
  return rows;
}

/** Each demotion once: with its own record where that is missing, else with the first of the family. */
function shared(
  changes: readonly FactChange[],
  demotions: readonly Demotion[],
): ReadonlyMap<string, readonly Demotion[]> {
  const ids = changes.map((change) => change.account.id);
  const [first = ""] = ids;
  const found = new Map<string, Demotion[]>(ids.map((id) => [id, []]));
  for (const one of demotions) (found.get(one.accountId) ?? found.get(first) ?? []).push(one);
  return found;
}
