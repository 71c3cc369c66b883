/** Requests about deals and line items, written by HubSpot's own client; see `sdk.ts`. */
import { type Query, type Request, writingTo } from "./sdk.ts";

/** Kinds of record, besides companies, that facts come from. */
export type RelatedObject = "deals" | "line_items";

/** Deals or line items that pass all filters. */
export function searchRelated(object: RelatedObject, query: Query): Request {
  return async (base, send) => {
    const sdk = await import("@hubspot/api-client/lib/codegen/crm/objects/index.js");
    const operators = {
      GTE: sdk.FilterOperatorEnum.Gte,
      LTE: sdk.FilterOperatorEnum.Lte,
      GT: sdk.FilterOperatorEnum.Gt,
    };
    const filters = query.filters.map((filter) => ({
      propertyName: filter.property,
      operator: operators[filter.operator],
      value: filter.value,
    }));
    await new sdk.SearchApi(writingTo(sdk, base, send)).doSearch(object, {
      filterGroups: [{ filters }],
      sorts: [query.sort ?? "hs_object_id"],
      properties: [...query.properties],
      limit: query.limit,
      ...(query.after === null ? {} : { after: query.after }),
    });
  };
}

/** Fresh values of up to 100 deals or line items. */
export function readRelated(
  object: RelatedObject,
  ids: readonly string[],
  properties: readonly string[],
): Request {
  return async (base, send) => {
    const sdk = await import("@hubspot/api-client/lib/codegen/crm/objects/index.js");
    await new sdk.BatchApi(writingTo(sdk, base, send)).read(object, {
      inputs: ids.map((id) => ({ id })),
      properties: [...properties],
      propertiesWithHistory: [],
    });
  };
}

/** Kinds of record that are linked with each other. */
export type Linked = "companies" | RelatedObject;

/** A record whose links are asked for; `after` = from this page on. */
export interface LinkInput {
  readonly id: string;
  readonly after?: string;
}

/** Links of up to 1,000 records to another kind of record, a page of each. */
export function readLinks(from: Linked, to: Linked, inputs: readonly LinkInput[]): Request {
  return async (base, send) => {
    const sdk = await import("@hubspot/api-client/lib/codegen/crm/associations/v4/index.js");
    await new sdk.BatchApi(writingTo(sdk, base, send)).getPage(from, to, { inputs: [...inputs] });
  };
}
