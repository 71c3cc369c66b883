/**
 * Search, with the traps of the real one: filters look at an index that lags, values in the answer are live, `total`
 * counts what the index has, pages can be short or empty and still not be the last.
 */
import { invalid } from "./hubspot-answers.ts";
import { type Ordering, ordering, type TypeOf, testOf } from "./hubspot-filter.ts";
import { compareIds, type IdOrder } from "./hubspot-ids.ts";
import { asList, asObject, asText, asTexts } from "./hubspot-json.ts";
import type { CompanyRecord, Version } from "./hubspot-model.ts";
import { type Companies, liveOf } from "./hubspot-records.ts";
import { recordOnWire } from "./hubspot-wire.ts";
import type { Call, Reply } from "./server.ts";

/** Limits of a search. https://developers.hubspot.com/docs/api-reference/search/guide, read 2026-11-22 */
export const SEARCH_LIMITS = { pageSize: 200, results: 10_000, bodyCharacters: 3_000 } as const;

/** What a search looks at. */
export interface SearchContext {
  readonly companies: Companies;
  readonly typeOf: TypeOf;
  readonly idOrder: IdOrder;
  /** How far the index is behind, ms. */
  readonly indexLagMs: number;
}

interface Request {
  readonly test: (record: CompanyRecord, version: Version) => boolean;
  readonly sort: { readonly name: string; readonly factor: 1 | -1 } | null;
  readonly properties: readonly string[];
  readonly limit: number;
  readonly from: number;
}

/** Answers `POST …/companies/search`. */
export function search(context: SearchContext, call: Call): Reply {
  const request = requestOf(context, call);
  if ("wrong" in request) return invalid(request.wrong);
  const hits = indexed(context, request, call.at - context.indexLagMs);
  const page = hits.slice(request.from, request.from + request.limit);
  const results = page
    .filter((record) => liveOf(record).state === "live")
    .map((record) => recordOnWire(record, request.properties, (name) => context.typeOf(name) !== null));
  const next = request.from + request.limit;
  const paging = next < hits.length ? { paging: { next: { after: String(next) } } } : {};
  return { status: 200, body: { total: hits.length, results, ...paging } };
}

function requestOf(context: SearchContext, call: Call): Request | { readonly wrong: string } {
  if (call.rawBody.length > SEARCH_LIMITS.bodyCharacters)
    return { wrong: `the request body has more than ${SEARCH_LIMITS.bodyCharacters} characters` };
  const body = asObject(call.body);
  if (body === null) return { wrong: "Invalid input JSON" };
  const built = testOf(body.filterGroups, context.typeOf, context.idOrder);
  if ("wrong" in built) return built;
  const sorts = asList(body.sorts);
  if (sorts.length > 1) return { wrong: "only one sort is allowed" };
  const sort = sorts.length === 0 ? null : sortOf(sorts[0]);
  if (sort !== null && context.typeOf(sort.name) === null)
    return { wrong: `cannot sort by ${sort.name}: no such property` };
  const limit = Number(asText(body.limit) ?? "10");
  const from = Number(asText(body.after) || "0");
  if (!Number.isInteger(limit) || limit < 1 || limit > SEARCH_LIMITS.pageSize)
    return { wrong: `limit must be 1 to ${SEARCH_LIMITS.pageSize}` };
  if (!Number.isInteger(from) || from < 0) return { wrong: "after is not a cursor of this search" };
  if (from + limit > SEARCH_LIMITS.results)
    return { wrong: `cannot page beyond ${SEARCH_LIMITS.results} results of one query` };
  return { test: built.test, sort, properties: asTexts(body.properties), limit, from };
}

/** `"name"`, `"-name"` (descending) or `{propertyName, direction}`. */
function sortOf(sort: unknown): { readonly name: string; readonly factor: 1 | -1 } {
  const text = asText(sort);
  if (text !== null)
    return text.startsWith("-") ? { name: text.slice(1), factor: -1 } : { name: text, factor: 1 };
  const object = asObject(sort);
  const factor = object?.direction === "DESCENDING" ? -1 : 1;
  return { name: asText(object?.propertyName) ?? "", factor };
}

/** Records the index finds, in the asked order (id order without one and among equals). */
function indexed(context: SearchContext, request: Request, seenAt: number): readonly CompanyRecord[] {
  const found: Hit[] = [];
  for (const record of context.companies.all()) {
    const version = context.companies.asIndexed(record, seenAt);
    if (version === null || version.state !== "live") continue;
    if (request.test(record, version)) found.push({ record, version });
  }
  const { sort } = request;
  const byId = sort === null || sort.name === "hs_object_id";
  if (byId && context.idOrder === "text") {
    found.sort((left, right) => compareIds(left.record.id, right.record.id, "text"));
  }
  if (sort !== null && !byId) {
    const order = ordering(sort.name, context.typeOf(sort.name) ?? "string", context.idOrder);
    found.sort((left, right) => sort.factor * emptyLast(order, left, right));
  } else if (sort?.factor === -1) found.reverse();
  return found.map((row) => row.record);
}

interface Hit {
  readonly record: CompanyRecord;
  readonly version: Version;
}

function emptyLast(order: Ordering, left: Hit, right: Hit): number {
  const [one, other] = [order.of(left.record, left.version), order.of(right.record, right.version)];
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return order.compare(one, other);
}
