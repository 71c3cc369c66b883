/** Values of deals and line items by id. */
import { type Client, shaped } from "./client.ts";
import { BATCH } from "./limits.ts";
import { chunks } from "./read.ts";
import { type Batch, batchSchema, type CompanyRecord, listed, refusalOf } from "./schemas.ts";
import { type RelatedObject, readRelated } from "./sdk-related.ts";

/**
 * Fresh values by the ids that were asked for. null = the record exists and could not be read; one that does not exist
 * (any more) is not in the answer. Two deals that were merged answer with one record under both ids.
 */
export async function recordsOf(
  client: Client,
  object: RelatedObject,
  ids: readonly string[],
  properties: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, CompanyRecord | null>> {
  const found = new Map<string, CompanyRecord | null>();
  const waiting = chunks([...new Set(ids)], BATCH);
  for (let asked = waiting.shift(); asked !== undefined; asked = waiting.shift()) {
    const batch = await readBatch(client, object, asked, properties, signal);
    for (const record of batch.records) if (asked.includes(record.id)) found.set(record.id, record);
    const denied = new Set(batch.errors.flatMap((problem) => listed(problem.context, "ids")));
    const lost = asked.filter((id) => !found.has(id) && !denied.has(id));
    const [only] = lost;
    if (only === undefined) continue;
    // Asked alone, what comes back is its own, even under another id.
    if (asked.length > 1) waiting.push(...lost.map((id) => [id]));
    else if (batch.records[0] !== undefined) found.set(only, batch.records[0]);
    else if (batch.odd > 0) found.set(only, null);
  }
  return found;
}

async function readBatch(
  client: Client,
  object: RelatedObject,
  ids: readonly string[],
  properties: readonly string[],
  signal: AbortSignal,
): Promise<Batch> {
  const request = readRelated(object, ids, properties);
  const call = { request, lane: "tier_change", signal, expected: [404] } as const;
  const answer = await client.exchange(call);
  if (answer.status !== 404) return shaped(answer, batchSchema);
  if (refusalOf(answer.body)?.category !== "OBJECT_NOT_FOUND") throw await client.failureOf(answer, call);
  return { records: [], odd: 0, errors: [] };
}
