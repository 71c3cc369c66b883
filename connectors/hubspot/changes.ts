/** Which companies changed, and which exist at all: ids and stamps only, page by page. */
import { TryAgain } from "../../src/errors.ts";
import type { ChangePage } from "../../src/ports.ts";
import type { Client } from "./client.ts";
import { LIST_PAGE, SEARCH_CEILING, SEARCH_PAGE } from "./limits.ts";
import { type CompanyRecord, type Page, pageSchema, stampOf } from "./schemas.ts";
import { type Filter, listCompanies, searchCompanies } from "./sdk.ts";

const STAMP = "hs_lastmodifieddate";

/**
 * Companies whose stamp lies in [from, to] (epoch ms), in id order; the same id may come twice, none is left out.
 *
 * One query ends at 10,000 results. The next one asks for ids greater than the last one seen, as text: HubSpot has
 * not said whether it orders ids as numbers or as text, and "greater than the last" is right for both as long as
 * filter and sort agree (facts, not confirmed by HubSpot; the nightly walk over `allCompanies` is the safety net).
 * Never by time alone: an import gives more than 10,000 records the same millisecond.
 *
 * @throws TryAgain when HubSpot repeats a page instead of going on.
 */
export async function* changedCompanies(
  client: Client,
  window: { readonly from: number; readonly to: number },
  signal: AbortSignal,
): AsyncIterable<ChangePage> {
  const asked = new Set<string>();
  let beyond: string | null = null;
  let after: string | null = null;
  let last: string | null = null;
  for (;;) {
    refuseRepeat(asked, `${beyond ?? ""}/${after ?? ""}`);
    const page = await search(client, window, beyond, after, signal);
    last = page.records.at(-1)?.id ?? last;
    if (page.records.length > 0) yield pageOf(page.records);
    if (page.after === null) return;
    if (Number(page.after) >= SEARCH_CEILING) {
      if (last === null) throw new TryAgain("HubSpot's search counts 10,000 results and shows none of them");
      beyond = last;
      after = null;
    } else after = page.after;
  }
}

/** Every company, then every archived one in `gone`. */
export async function* allCompanies(client: Client, signal: AbortSignal): AsyncIterable<ChangePage> {
  for (const archived of [false, true]) {
    const asked = new Set<string>();
    let after: string | null = null;
    do {
      refuseRepeat(asked, after ?? "");
      const page: Page = await client.ask(
        {
          request: listCompanies({ properties: [STAMP], limit: LIST_PAGE, after, archived }),
          lane: "backfill",
          signal,
        },
        pageSchema,
      );
      const records = archived ? page.records.map((one) => ({ ...one, archived })) : page.records;
      if (records.length > 0) yield pageOf(records);
      after = page.after;
    } while (after !== null);
  }
}

function search(
  client: Client,
  window: { readonly from: number; readonly to: number },
  beyond: string | null,
  after: string | null,
  signal: AbortSignal,
): Promise<Page> {
  const filters: Filter[] = [
    { property: STAMP, operator: "GTE", value: String(Math.floor(window.from)) },
    { property: STAMP, operator: "LTE", value: String(Math.ceil(window.to)) },
  ];
  if (beyond !== null) filters.push({ property: "hs_object_id", operator: "GT", value: beyond });
  // A page that reaches beyond the ceiling would be refused as a whole.
  const room = SEARCH_CEILING - (after === null ? 0 : Number(after) || 0);
  const limit = Math.min(SEARCH_PAGE, room);
  return client.ask(
    {
      request: searchCompanies({ filters, properties: [STAMP], limit, after }),
      endpoint: "search",
      lane: "tier_change",
      signal,
    },
    pageSchema,
  );
}

function pageOf(records: readonly CompanyRecord[]): ChangePage {
  return {
    changed: records
      .filter((company) => !company.archived)
      .map((company) => ({ id: company.id, updatedAt: stampOf(company) })),
    gone: records.filter((company) => company.archived).map((company) => company.id),
  };
}

function refuseRepeat(asked: Set<string>, question: string): void {
  if (asked.has(question)) throw new TryAgain("HubSpot repeats the same page instead of going on");
  asked.add(question);
}
