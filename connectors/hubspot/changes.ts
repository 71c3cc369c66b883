/** Which companies changed, and which exist at all: ids and stamps only, page by page. */
import { TryAgain } from "../../src/errors.ts";
import type { ChangePage } from "../../src/ports.ts";
import type { Client } from "./client.ts";
import { LIST_PAGE, SEARCH_CEILING, SEARCH_PAGE } from "./limits.ts";
import { type CompanyRecord, type Page, pageSchema, stampOf } from "./schemas.ts";
import { type Filter, listCompanies, type Query, type Request, searchCompanies } from "./sdk.ts";

const STAMP = "hs_lastmodifieddate";

/** From when to when, epoch ms, both included. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Companies whose stamp lies in the window; the same id may come twice, none is left out. */
export async function* changedCompanies(
  client: Client,
  window: Window,
  signal: AbortSignal,
): AsyncIterable<ChangePage> {
  for await (const page of changedRecords(client, searchCompanies, window, signal)) yield pageOf(page, {});
}

/**
 * Records of one kind whose stamp lies in the window, in id order, page by page.
 *
 * One query ends at 10,000 results. The next one asks for ids greater than the last one seen, as text: HubSpot has
 * not said whether it orders ids as numbers or as text, and "greater than the last" is right for both as long as
 * filter and sort agree (facts, not confirmed by HubSpot; the nightly walk over `allCompanies` is the safety net).
 * Never by time alone: an import gives more than 10,000 records the same millisecond.
 *
 * @throws TryAgain when HubSpot repeats a page instead of going on.
 */
export async function* changedRecords(
  client: Client,
  request: (query: Query) => Request,
  window: Window,
  signal: AbortSignal,
): AsyncIterable<readonly CompanyRecord[]> {
  const asked = new Set<string>();
  let beyond: string | null = null;
  let after: string | null = null;
  let last: string | null = null;
  for (;;) {
    refuseRepeat(asked, `${beyond ?? ""}/${after ?? ""}`);
    const query = queryOf(window, beyond, after);
    const page: Page = await client.ask(
      { request: request(query), endpoint: "search", lane: "tier_change", signal },
      pageSchema,
    );
    last = page.records.at(-1)?.id ?? last;
    if (page.records.length > 0) yield page.records;
    if (page.after === null) return;
    if (Number(page.after) >= SEARCH_CEILING) {
      if (last === null) throw new TryAgain("HubSpot's search counts 10,000 results and shows none of them");
      beyond = last;
      after = null;
    } else after = page.after;
  }
}

/** What the walk over everything tells beside ids and stamps. */
export interface Walk {
  /** Property with the parent's id, told with each company; null or absent = not told. */
  readonly parent?: string | null;
  /** true = no stamps: what the facts stand on can change without moving them, so every company must be read. */
  readonly stampless?: boolean;
}

/** Every company, then every archived one in `gone`. */
export async function* allCompanies(
  client: Client,
  walk: Walk,
  signal: AbortSignal,
): AsyncIterable<ChangePage> {
  const properties = walk.parent ? [STAMP, walk.parent] : [STAMP];
  for (const archived of [false, true]) {
    const asked = new Set<string>();
    let after: string | null = null;
    do {
      refuseRepeat(asked, after ?? "");
      const page: Page = await client.ask(
        {
          request: listCompanies({ properties, limit: LIST_PAGE, after, archived }),
          lane: "backfill",
          signal,
        },
        pageSchema,
      );
      const records = archived ? page.records.map((one) => ({ ...one, archived })) : page.records;
      if (records.length > 0) yield pageOf(records, walk);
      after = page.after;
    } while (after !== null);
  }
}

function queryOf(window: Window, beyond: string | null, after: string | null): Query {
  const filters: Filter[] = [
    { property: STAMP, operator: "GTE", value: String(Math.floor(window.from)) },
    { property: STAMP, operator: "LTE", value: String(Math.ceil(window.to)) },
  ];
  if (beyond !== null) filters.push({ property: "hs_object_id", operator: "GT", value: beyond });
  // A page that reaches beyond the ceiling would be refused as a whole.
  const room = SEARCH_CEILING - (after === null ? 0 : Number(after) || 0);
  return { filters, properties: [STAMP], limit: Math.min(SEARCH_PAGE, room), after };
}

function pageOf(records: readonly CompanyRecord[], { parent, stampless = false }: Walk): ChangePage {
  return {
    changed: records
      .filter((company) => !company.archived)
      .map((company) => ({
        id: company.id,
        updatedAt: stampless ? null : stampOf(company),
        ...(parent ? { parent: company.properties[parent] || null } : {}),
      })),
    gone: records.filter((company) => company.archived).map((company) => company.id),
  };
}

function refuseRepeat(asked: Set<string>, question: string): void {
  if (asked.has(question)) throw new TryAgain("HubSpot repeats the same page instead of going on");
  asked.add(question);
}
