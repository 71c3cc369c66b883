/** What company properties hold, by a sample: for choosing the right one in a mapping. */
import type { FieldSample } from "../../src/ports.ts";
import type { Client } from "./client.ts";
import { SEARCH_PAGE } from "./limits.ts";
import { readAccounts } from "./read.ts";
import { type Page, pageSchema } from "./schemas.ts";
import { searchCompanies } from "./sdk.ts";

const SHOWN = 5;
const LENGTH = 60;

/**
 * Most frequent values of each property and how many companies have one, from the `limit` companies that changed last.
 *
 * Recently changed, because the oldest records of a CRM are the ones nobody keeps; so it is no fair draw.
 */
export async function describeFields(
  client: Client,
  properties: readonly string[],
  limit: number,
  signal: AbortSignal,
): Promise<readonly FieldSample[]> {
  const ids = await recentIds(client, limit, signal);
  const { accounts } = await readAccounts(client, ids, properties, signal);
  return properties.map((name) => {
    const values = accounts
      .map((account) => account.values[name]?.trim() ?? "")
      .filter((value) => value !== "");
    return { name, looked: accounts.length, filled: values.length, samples: mostFrequent(values) };
  });
}

async function recentIds(client: Client, limit: number, signal: AbortSignal): Promise<readonly string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const query = {
      filters: [],
      properties: ["hs_object_id"],
      limit: Math.min(SEARCH_PAGE, limit - ids.length),
      after,
      sort: "-hs_lastmodifieddate",
    };
    const page: Page = await client.ask(
      { request: searchCompanies(query), endpoint: "search", lane: "backfill", signal },
      pageSchema,
    );
    ids.push(...page.records.map((company) => company.id));
    after = page.records.length === 0 ? null : page.after;
  } while (after !== null && ids.length < limit);
  return ids.slice(0, limit);
}

function mostFrequent(values: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const ranked = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return ranked
    .slice(0, SHOWN)
    .map(([value]) => (value.length > LENGTH ? `${value.slice(0, LENGTH)}…` : value));
}
