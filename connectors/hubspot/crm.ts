/** HubSpot as a source of accounts. */
import type { ChangePage, Crm } from "../../src/ports.ts";
import { allCompanies, changedCompanies, type Window } from "./changes.ts";
import { type Client, createClient, type HubspotOptions } from "./client.ts";
import { companyFields, propertyBook } from "./fields.ts";
import { ensureLabel } from "./label-property.ts";
import { writeLabels } from "./labels.ts";
import { INDEX_LAG_MS } from "./limits.ts";
import { ownerBook } from "./owners.ts";
import { readAccounts } from "./read.ts";
import { relatedValues } from "./related.ts";
import { type RelatedScan, relatedScan } from "./related-changes.ts";
import { describeFields } from "./samples.ts";
import { accountSchema } from "./schemas.ts";
import { accountDetails } from "./sdk.ts";

/** A connection to one HubSpot account; nothing is sent before the first question. */
export function openHubspot(options: HubspotOptions): Crm {
  const client = createClient(options);
  const { related = {}, parent = null, now } = options;
  const isRelated = Object.keys(related).length > 0;
  const scan = relatedScan(client, related);
  const properties = propertyBook(client, now);
  return {
    name: "hubspot",
    test: () => account(client),
    fields: async () => companyFields(client, await properties.read(), related),
    describeFields: (names, limit, signal) => describeFields(client, names, limit, signal),
    people: ownerBook(client, now),
    changes: (window, signal) => changed(client, isRelated ? scan : null, window, signal),
    // A deal that ends, or is deleted or moved to another company, moves no stamp of the company.
    all: (signal) => allCompanies(client, { parent, stampless: isRelated }, signal),
    read: (ids, names, signal) => read(client, options, { ids, properties: names }, signal),
    writeLabels: (rows, property, signal) => writeLabels(client, rows, property, signal),
    ensureLabel: (property, labels) => ensureLabel(client, property, labels, properties.lately()),
    overlapMs: INDEX_LAG_MS,
    calls: client.calls,
    budget: () => {
      const budget = client.day.budget();
      return budget === null ? null : { ...budget, resetsAt: client.day.resetsAt(now()) };
    },
  };
}

async function account(client: Client): ReturnType<Crm["test"]> {
  const answer = await client.ask({ request: accountDetails(), lane: "live", tries: 1 }, accountSchema);
  client.day.zoneIs(answer.timeZone);
  return {
    tenant: answer.portalId,
    timezone: answer.timeZone || null,
    currency: answer.companyCurrency || null,
  };
}

async function* changed(
  client: Client,
  scan: RelatedScan | null,
  window: Window,
  signal: AbortSignal,
): AsyncIterable<ChangePage> {
  yield* changedCompanies(client, window, signal);
  if (scan !== null) yield* scan(window, signal);
}

interface Asked {
  readonly ids: readonly string[];
  readonly properties: readonly string[];
}

/** Values of the companies themselves, and of what is brought together where it was asked for. */
async function read(
  client: Client,
  { related = {} }: HubspotOptions,
  { ids, properties }: Asked,
  signal: AbortSignal,
): ReturnType<Crm["read"]> {
  const wanted = Object.entries(related).filter(([name]) => properties.includes(name));
  const own = properties.filter((name) => !Object.hasOwn(related, name));
  const answer = await readAccounts(client, ids, own, signal);
  if (wanted.length === 0 || answer.accounts.length === 0) return answer;
  const found = answer.accounts.map((one) => one.id);
  const more = await relatedValues(client, Object.fromEntries(wanted), found, signal);
  const accounts = answer.accounts.map((one) => ({ ...one, values: { ...one.values, ...more.get(one.id) } }));
  return { ...answer, accounts };
}
