/** Storing what came in: a repeat is left out by the insert itself, so two processes cannot both pass a check. */
import { StoreUnavailable } from "../errors.ts";
import type { Inbox, LaneChoice, NewDelivery } from "../ports.ts";
import { type Database, json, type Statement, type Value } from "./database.ts";
import { LANES, storedBody } from "./delivery.ts";
import { type Ended, groupCommit } from "./group-commit.ts";
import { text } from "./rows.ts";
import { timedId } from "./timed-id.ts";

/** One delivery as it is bound to the insert. */
interface Entry {
  readonly id: string;
  readonly bytesKey: string;
  /** About how many bytes it has. */
  readonly weight: number;
  /** What the expressions of `COLUMNS` take, in their order. */
  readonly values: readonly Value[];
}

/**
 * Columns and what is written to them; each `?` takes the next of an entry's values.
 *
 * The bytes' key was stored without a time in front before: where such a one is known, it is written again, and so found
 * to be a repeat like any other.
 */
const COLUMNS: Readonly<Record<string, string>> = {
  id: "?",
  source: "?",
  kind: "?",
  subject_id: "?",
  subject_key: "?",
  event_key: "?",
  invocation_key: "?",
  bytes_key: "coalesce((select o.bytes_key from deliveries o where o.source = ? and o.bytes_key = ?), ?)",
  hint: "?",
  account_ids: "?",
  flagged: "cast(? as integer)",
  body: "?",
  lane: `case when exists (select 1 from links l join entitlements e on e.account_id = l.account_id
      where l.organization_id = ? and e.tier = ?) then 0 else cast(? as integer) end`,
  received_at: "{now}",
  run_at: "{least}({now} + cast(? as bigint), cast(? as bigint))",
  attempts: "0",
  state: "'pending'",
};

const INTO = `insert into deliveries (${Object.keys(COLUMNS).join(", ")})`;
const VALUES = Object.values(COLUMNS).join(", ");

/**
 * SQLite: run once for each delivery, as plain as can be. A statement with several rows, a `select` or a `returning` might
 * have to be undone half-way, and for that SQLite copies every page that it changes: it took twice as long (measured
 * 2026-11-22, docs/performance.md).
 */
const ONE_BY_ONE = `${INTO} values (${VALUES}) on conflict do nothing`;

/** PostgreSQL: one statement, hence one round trip, for all. */
const TOGETHER = `${INTO} select ${placed(VALUES)} from {rows} where true on conflict do nothing returning id`;

function placed(values: string): string {
  let place = 0;
  return values.replaceAll("?", () => `r.value ->> ${place++}`);
}

/** Moments up to here are twelve digits. */
const LATEST = 0xffff_ffff_ffff;

/** How deliveries get in. */
export interface Accepting extends Pick<Inbox, "accept"> {
  /** Resolves when every delivery handed in has its answer. */
  readonly idle: () => Promise<void>;
}

/** The way into the inbox; what waits at the same time shares a commit. */
export function accepting(
  db: Database,
  newId: () => string = () => timedId(Date.now()),
  now: () => number = Date.now,
): Accepting {
  const group = groupCommit(
    (entries: readonly Entry[]) => storeAll(db, entries),
    (entry) => entry.weight,
  );
  return {
    idle: group.idle,
    accept: (delivery, lane, delayMs) =>
      group.add(entryFor({ id: newId(), now: now() }, delivery, lane, delayMs)),
  };
}

function entryFor(
  { id, now }: { readonly id: string; readonly now: number },
  delivery: NewDelivery,
  lane: LaneChoice,
  delayMs: number,
): Entry {
  const { source, kind, keys, hint, accountIds } = delivery;
  const subjectId = cleaned(delivery.subjectId);
  const bytesKey = keyOfBytes(keys);
  const body = storedBody(delivery.body);
  const delay = Math.max(0, Math.round(delayMs));
  const customer = typeof lane === "string" ? null : lane;
  return {
    id,
    bytesKey,
    weight: body.length + 500,
    values: [
      id,
      source,
      kind,
      subjectId,
      // Batches of account hints have no subject in common: each is worked on by itself.
      subjectId === "" ? id : subjectId,
      keys.event && cleaned(keys.event),
      keys.invocation && cleaned(keys.invocation),
      source,
      keys.bytes,
      bytesKey,
      hint && json(hint),
      json(accountIds),
      delivery.flagged ? 1 : 0,
      body,
      customer?.organizationId ?? null,
      customer?.topTier ?? null,
      LANES.indexOf(typeof lane === "string" ? lane : "live"),
      // Waiting for its turn to be stored makes no delivery later, a clock that goes wrong makes it hardly later.
      delay,
      now + delay,
    ],
  };
}

/**
 * The bytes' key with their time in front, so that the keys of a group are neighbours in the index. The time is among
 * the signed bytes, so the same bytes always have the same key.
 */
function keyOfBytes({ bytes, madeAt = null }: NewDelivery["keys"]): string {
  return madeAt !== null && madeAt >= 0 && madeAt <= LATEST
    ? `${Math.floor(madeAt).toString(16).padStart(12, "0")}.${bytes}`
    : bytes;
}

/** Without what PostgreSQL cannot hold in a text, as `json` has it. */
function cleaned(value: string): string {
  return value.isWellFormed() && !value.includes("\0")
    ? value
    : value.replaceAll("\0", "\uFFFD").toWellFormed();
}

/** Stores the group at once; when one of them cannot be stored at all, the others must not suffer for it. */
async function storeAll(
  db: Database,
  entries: readonly Entry[],
): Promise<readonly Ended<"stored" | "repeat">[]> {
  try {
    return await store(db, entries);
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    return Promise.all(entries.map((entry) => storeAlone(db, entry)));
  }
}

async function store(
  db: Database,
  entries: readonly Entry[],
): Promise<readonly Ended<"stored" | "repeat">[]> {
  // In the order of their keys: two processes that insert the same deliveries then wait for each other in one
  // direction only, and cannot lock each other out.
  const inOrder = entries.toSorted((a, b) => (a.bytesKey < b.bytesKey ? -1 : 1));
  const written = await db.write([statementFor(db, inOrder)]);
  const rows = written === "lost" ? [] : (written[0] ?? []);
  const stored =
    db.kind === "sqlite"
      ? new Set(inOrder.filter((_, place) => rows[place]?.changed === 1).map(({ id }) => id))
      : new Set(rows.map((row) => text(row, "id")));
  return entries.map(({ id }) => ({ ok: true, value: stored.has(id) ? "stored" : "repeat" }));
}

function statementFor(db: Database, inOrder: readonly Entry[]): Statement {
  const values = inOrder.map((entry) => entry.values);
  return db.kind === "sqlite"
    ? { sql: ONE_BY_ONE, params: [], each: values }
    : { sql: TOGETHER, params: [json(values)] };
}

async function storeAlone(db: Database, entry: Entry): Promise<Ended<"stored" | "repeat">> {
  try {
    const [end] = await store(db, [entry]);
    return end ?? { ok: false, error: new Error("the inbox gave no answer") };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
