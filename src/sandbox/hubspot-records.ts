/** The company records of the CRM sandbox: what they are now, what they were, and how they change. */
import type { Instant } from "../policy/model.ts";
import { compareIds, idAfter, positionOf } from "./hubspot-ids.ts";
import type { ChangeSource, CompanyRecord, CrmEvent, Values, Version } from "./hubspot-model.ts";

/** A company as it is put into the sandbox. Without stamps it was last changed a day or more before the start. */
export interface CompanyInput {
  readonly id: string;
  readonly properties: Values;
  readonly createdAt?: Instant;
  readonly updatedAt?: Instant;
}

/** All company records. Every change moves `hs_lastmodifieddate` to `now()`. */
export interface Companies {
  /** All records ever held, merged and erased ones included, ascending by id as numbers. */
  all(): readonly CompanyRecord[];
  /** The record an API read of `id` finds, archived ones too; null = none. */
  find(id: string): CompanyRecord | null;
  /** How the search index sees the record at `at`; null = not there yet. */
  asIndexed(record: CompanyRecord, at: Instant): Version | null;
  add(company: { readonly id?: string; readonly properties: Values }): string;
  /** Writes values; null or "" clears. @throws RangeError when there is no such record. */
  write(id: string, values: Values, source: ChangeSource): CompanyRecord;
  /** Makes one new record of two and answers its id; the old ids answer with it from now on. */
  merge(primary: string, other: string): string;
  setState(id: string, state: Version["state"]): void;
}

/** How a record is now. */
export function liveOf(record: CompanyRecord): Version {
  const version = record.versions.at(-1);
  if (version === undefined) throw new RangeError(`record ${record.id} has no versions`);
  return version;
}

interface Shelf {
  /** Ascending by id: looked up by halving, walked without looking up. */
  readonly records: CompanyRecord[];
  /** Old id → id of the record it was merged into. */
  readonly merged: Map<string, string>;
  readonly now: () => Instant;
  /** How long past versions are kept for the index, ms. */
  readonly keepMs: number;
  readonly tell: (event: CrmEvent) => void;
}

const DAY_MS = 86_400_000;

/** Records from a list of companies. `tell` hears of every change; `keepMs` = how far back the index may look. */
export function companyRecords(
  initial: Iterable<CompanyInput>,
  options: { readonly now: () => Instant; readonly keepMs: number; readonly tell: (event: CrmEvent) => void },
): Companies {
  const start = options.now();
  const records = [...initial].map((company, at) => initialRecord(company, start - DAY_MS - at * 1_000));
  records.sort((left, right) => compareIds(left.id, right.id, "number"));
  const twice = records.find((record, at) => record.id === records[at + 1]?.id);
  if (twice !== undefined) throw new RangeError(`company ${twice.id} is there twice`);
  const shelf: Shelf = { records, merged: new Map(), ...options };
  return {
    all: () => shelf.records,
    find: (id) => find(shelf, id),
    asIndexed: (record, at) => record.versions.findLast((version) => version.since <= at) ?? null,
    add: (company) => add(shelf, company),
    write: (id, values, source) => write(shelf, id, values, source),
    merge: (primary, other) => merge(shelf, primary, other),
    setState: (id, state) => setState(shelf, id, state),
  };
}

function initialRecord(company: CompanyInput, usualStamp: Instant): CompanyRecord {
  const stamp = company.updatedAt ?? usualStamp;
  const first: Version = {
    since: Number.NEGATIVE_INFINITY,
    values: company.properties,
    updatedAt: stamp,
    state: "live",
  };
  return { id: company.id, createdAt: company.createdAt ?? stamp - 30 * DAY_MS, versions: [first] };
}

/** The record of exactly this id, whatever its state. */
function exact(shelf: Shelf, id: string): CompanyRecord | undefined {
  const record = shelf.records[positionOf(shelf.records, id)];
  return record?.id === id ? record : undefined;
}

function put(shelf: Shelf, record: CompanyRecord): void {
  const at = positionOf(shelf.records, record.id);
  if (shelf.records[at]?.id === record.id) shelf.records[at] = record;
  else shelf.records.splice(at, 0, record);
}

/** The id this id answers with now: itself, or that of the record it was merged into. */
function resolve(shelf: Shelf, id: string): string {
  let current = id;
  for (let next = shelf.merged.get(current); next !== undefined; next = shelf.merged.get(current))
    current = next;
  return current;
}

function find(shelf: Shelf, id: string): CompanyRecord | null {
  const record = exact(shelf, resolve(shelf, id));
  return record === undefined || liveOf(record).state === "gone" ? null : record;
}

function known(shelf: Shelf, id: string): CompanyRecord {
  const record = find(shelf, id);
  if (record === null) throw new RangeError(`there is no company ${id}`);
  return record;
}

function add(shelf: Shelf, company: { readonly id?: string; readonly properties: Values }): string {
  const id = company.id ?? idAfter(shelf.records);
  if (exact(shelf, id) !== undefined) throw new RangeError(`company ${id} is there already`);
  const at = shelf.now();
  const first: Version = { since: at, values: company.properties, updatedAt: at, state: "live" };
  put(shelf, { id, createdAt: at, versions: [first] });
  shelf.tell({ kind: "creation", id, at });
  return id;
}

function change(shelf: Shelf, record: CompanyRecord, next: Omit<Version, "since">): CompanyRecord {
  const at = shelf.now();
  const oldest = record.versions.findLastIndex((version) => version.since <= at - shelf.keepMs);
  const kept = record.versions.slice(Math.max(0, oldest)).filter((version) => version.since !== at);
  const changed = { ...record, versions: [...kept, { ...next, since: at }] };
  put(shelf, changed);
  return changed;
}

function write(shelf: Shelf, id: string, values: Values, source: ChangeSource): CompanyRecord {
  const record = known(shelf, id);
  const live = liveOf(record);
  const at = shelf.now();
  const changed = change(shelf, record, { ...live, values: { ...live.values, ...values }, updatedAt: at });
  for (const [property, value] of Object.entries(values)) {
    if ((live.values[property] ?? "") === (value ?? "")) continue;
    shelf.tell({ kind: "propertyChange", id: record.id, at, property, value: value ?? "", source });
  }
  return changed;
}

function setState(shelf: Shelf, id: string, state: Version["state"]): void {
  const record = known(shelf, id);
  const live = liveOf(record);
  if (live.state === state) return;
  const at = shelf.now();
  change(shelf, record, { ...live, state, updatedAt: at });
  const kind = state === "live" ? "restore" : "deletion";
  if (state === "live" || live.state === "live") shelf.tell({ kind, id: record.id, at });
}

function merge(shelf: Shelf, primary: string, other: string): string {
  const [winner, loser] = [known(shelf, primary), known(shelf, other)];
  if (winner.id === loser.id) throw new RangeError(`${primary} and ${other} are one record already`);
  const id = idAfter(shelf.records);
  const at = shelf.now();
  const { values, moved } = mergedValues(winner, loser);
  put(shelf, {
    id,
    createdAt: Math.min(winner.createdAt, loser.createdAt),
    versions: [{ since: at, values, updatedAt: at, state: "live" }],
  });
  for (const old of [winner, loser]) {
    change(shelf, old, { ...liveOf(old), state: "gone" });
    shelf.merged.set(old.id, id);
  }
  adoptChildren(shelf, [winner.id, loser.id], id);
  shelf.tell({ kind: "merge", id, at, primary: winner.id, merged: loser.id, moved });
  return id;
}

/** The winner's values, gaps filled from the loser; the loser's domain is kept as an additional one. */
function mergedValues(winner: CompanyRecord, loser: CompanyRecord): { values: Values; moved: number } {
  const [kept, other] = [liveOf(winner).values, liveOf(loser).values];
  const values: Record<string, string | null> = { ...kept };
  let moved = 0;
  for (const [property, value] of Object.entries(other)) {
    if ((values[property] ?? "") !== "" || (value ?? "") === "") continue;
    values[property] = value;
    moved += 1;
  }
  const list = (...texts: (string | null | undefined)[]): string => {
    const items = texts.flatMap((text) => (text ?? "").split(";")).filter((item) => item !== "");
    return [...new Set(items)].join(";");
  };
  const extra = other.domain === values.domain ? null : other.domain;
  values.hs_additional_domains = list(kept.hs_additional_domains, other.hs_additional_domains, extra) || null;
  values.hs_merged_object_ids = list(
    kept.hs_merged_object_ids,
    other.hs_merged_object_ids,
    winner.id,
    loser.id,
  );
  return { values, moved };
}

/** Children point to the new record; their own change stamp does not move (remembered, not verified). */
function adoptChildren(shelf: Shelf, oldIds: readonly string[], id: string): void {
  for (const record of shelf.records) {
    const live = liveOf(record);
    if (live.state === "gone" || !oldIds.includes(live.values.hs_parent_company_id ?? "")) continue;
    change(shelf, record, { ...live, values: { ...live.values, hs_parent_company_id: id } });
  }
}
