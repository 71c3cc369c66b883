/** Fresh values of companies by id, and what became of the ids that did not come back. */
import type { Crm, SourceAccount } from "../../src/ports.ts";
import { type Client, shaped } from "./client.ts";
import { BATCH } from "./limits.ts";
import { type Batch, batchSchema, type CompanyRecord, listed, refusalOf, stampOf } from "./schemas.ts";
import { readCompanies } from "./sdk.ts";

type Reading = Awaited<ReturnType<Crm["read"]>>;

/** Asked for beside the mapped properties: name, merges and stamp. */
const ALWAYS = ["name", "hs_merged_object_ids", "hs_lastmodifieddate"] as const;

/**
 * Fresh values of companies. An id that was merged away answers with the record it went into: `moved`.
 *
 * `missing` is only what HubSpot says does not exist; an id whose record came back unreadable is in none of the lists.
 */
export async function readAccounts(
  client: Client,
  ids: readonly string[],
  properties: readonly string[],
  signal: AbortSignal,
): Promise<Reading> {
  const unique = [...new Set(ids)];
  // Something that is no id would make HubSpot refuse its 99 mates.
  const askable = unique.filter((id) => /^\d{1,30}$/.test(id));
  const accounts = new Map<string, SourceAccount>();
  const missing = unique.filter((id) => !askable.includes(id));
  const moved: { from: string; into: string }[] = [];
  const waiting = chunks(askable, BATCH);
  for (let asked = waiting.shift(); asked !== undefined; asked = waiting.shift()) {
    const batch = await readBatch(client, asked, [...new Set([...properties, ...ALWAYS])], signal);
    const found = settle(asked, batch);
    for (const company of batch.records) accounts.set(company.id, accountOf(company, properties));
    missing.push(...found.missing);
    moved.push(...found.moved);
    waiting.push(...found.unclear.map((id) => [id]));
  }
  return { accounts: [...accounts.values()], missing, moved };
}

/** Pieces of at most `size`, in order. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const pieces: T[][] = [];
  for (let start = 0; start < items.length; start += size) pieces.push(items.slice(start, start + size));
  return pieces;
}

async function readBatch(
  client: Client,
  ids: readonly string[],
  properties: readonly string[],
  signal: AbortSignal,
): Promise<Batch> {
  const call = {
    request: readCompanies(ids, properties),
    lane: "tier_change",
    signal,
    expected: [404],
  } as const;
  const answer = await client.exchange(call);
  if (answer.status !== 404) return shaped(answer, batchSchema);
  // When not one of the ids exists, HubSpot answers 404 instead of 207.
  const refusal = refusalOf(answer.body);
  if (refusal?.category !== "OBJECT_NOT_FOUND") throw await client.failureOf(answer, call);
  return { records: [], odd: 0, errors: [] };
}

interface Found {
  readonly missing: readonly string[];
  readonly moved: readonly { readonly from: string; readonly into: string }[];
  /** Must be asked alone to know what became of it. */
  readonly unclear: readonly string[];
}

function settle(asked: readonly string[], batch: Batch): Found {
  const back = new Set(batch.records.map((company) => company.id));
  const lost = asked.filter((id) => !back.has(id));
  const strangers = batch.records.filter((company) => !asked.includes(company.id));
  const moved = lost.flatMap((from) => {
    const into =
      batch.records.find((company) => mergedIds(company).includes(from)) ??
      (asked.length === 1 ? strangers[0] : undefined);
    return into === undefined ? [] : [{ from, into: into.id }];
  });
  const open = lost.filter((id) => !moved.some((one) => one.from === id));
  const denied = new Set(batch.errors.flatMap((problem) => listed(problem.context, "ids")));
  const repeated = batch.records.length > back.size;
  const unexplained = strangers.filter((company) => !moved.some((one) => one.into === company.id));
  const doubtful = batch.odd > 0 || repeated || unexplained.length > 0;
  if (!doubtful) return { missing: open, moved, unclear: [] };
  const unclear = open.filter((id) => !denied.has(id));
  const missing = open.filter((id) => denied.has(id));
  return { missing, moved, unclear: asked.length > 1 ? unclear : [] };
}

function accountOf(company: CompanyRecord, properties: readonly string[]): SourceAccount {
  return {
    id: company.id,
    name: company.properties.name || null,
    values: Object.fromEntries(properties.map((name) => [name, company.properties[name] ?? null])),
    aliases: mergedIds(company),
    updatedAt: stampOf(company),
  };
}

function mergedIds(company: CompanyRecord): readonly string[] {
  return (company.properties.hs_merged_object_ids ?? "")
    .split(";")
    .map((part) => part.trim())
    .filter((id) => id !== "" && id !== company.id);
}
