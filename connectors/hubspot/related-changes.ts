/** Companies whose deals or line items changed: such a change does not move the company's own stamp. */
import type { RelatedSources } from "../../src/policy/model.ts";
import type { ChangePage } from "../../src/ports.ts";
import { changedRecords, type Window } from "./changes.ts";
import type { Client } from "./client.ts";
import { BATCH, INDEX_LAG_MS } from "./limits.ts";
import { linksOf } from "./links.ts";
import { chunks } from "./read.ts";
import { objectsOf } from "./related-properties.ts";
import { stampOf } from "./schemas.ts";
import { type RelatedObject, searchRelated } from "./sdk-related.ts";

/** Kind and id of a record → its stamp. */
type Seen = ReadonlyMap<string, string>;

/** Companies whose deals or line items changed in a window. Their own stamps say nothing, so none is told. */
export type RelatedScan = (window: Window, signal: AbortSignal) => AsyncIterable<ChangePage>;

/**
 * A scan for one connection.
 *
 * Windows overlap, so the same change is found again and again. A scan remembers what it found; once a later window
 * begins an overlap before its end, everything up to that end has been stored, and what carries the same stamp is
 * left out. After a restart, or when another instance synced in between, companies are read once more than needed.
 */
export function relatedScan(client: Client, related: RelatedSources): RelatedScan {
  const done: { last: { readonly to: number; readonly seen: Seen } | null } = { last: null };
  const objects = objectsOf(related);
  return async function* (window, signal) {
    const stored = done.last !== null && window.from + INDEX_LAG_MS === done.last.to;
    const known: Seen = stored && done.last !== null ? done.last.seen : new Map();
    const seen = new Map<string, string>();
    const deals = new Set<string>();
    for (const object of objects) {
      const fresh = await changedIn(client, object, { window, known, seen }, signal);
      for (const id of await dealsOf(client, object, fresh, signal)) deals.add(id);
    }
    const owners = await linksOf(client, "deals", "companies", [...deals], signal);
    const companies = [...new Set([...owners.values()].flatMap(({ to }) => to.map((link) => link.id)))];
    for (const ids of chunks(companies, BATCH))
      yield { changed: ids.map((id) => ({ id, updatedAt: null })), gone: [] };
    done.last = { to: window.to, seen };
  };
}

interface Looking {
  readonly window: Window;
  readonly known: Seen;
  readonly seen: Map<string, string>;
}

/** Ids of records that carry another stamp than in the scan before. */
async function changedIn(
  client: Client,
  object: RelatedObject,
  { window, known, seen }: Looking,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const fresh: string[] = [];
  const request = searchRelated.bind(null, object);
  for await (const records of changedRecords(client, request, window, signal)) {
    for (const record of records) {
      const [key, stamp] = [`${object}/${record.id}`, stampOf(record)];
      if (stamp === null || known.get(key) !== stamp) fresh.push(record.id);
      if (stamp !== null) seen.set(key, stamp);
    }
  }
  return fresh;
}

async function dealsOf(
  client: Client,
  object: RelatedObject,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (object === "deals") return ids;
  const links = await linksOf(client, object, "deals", ids, signal);
  return [...links.values()].flatMap(({ to }) => to.map((link) => link.id));
}
