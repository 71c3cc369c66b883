/** The paths of the CRM sandbox and the scopes they need. */
import { details, listOwners, type Portal, readOwner } from "./hubspot-account.ts";
import { readLinks } from "./hubspot-links.ts";
import type { OwnerRecord, RequiredRule } from "./hubspot-model.ts";
import {
  archiveProperty,
  changeProperty,
  createProperty,
  type Definitions,
  listProperties,
  readProperty,
} from "./hubspot-properties.ts";
import { batchRead, list, readOne } from "./hubspot-read.ts";
import type { Companies } from "./hubspot-records.ts";
import type { RelatedRecords } from "./hubspot-related.ts";
import { type SearchContext, search } from "./hubspot-search.ts";
import { batchUpdate } from "./hubspot-write.ts";
import type { Call, Reply, Route } from "./server.ts";

/** The API version of every path. Versions appear each March and September and are served for 18 months. */
export const API_VERSION = "2026-09";

/** Everything the routes look at. */
export interface Crm {
  readonly companies: Companies;
  readonly definitions: Definitions;
  readonly owners: readonly OwnerRecord[];
  readonly portal: Portal;
  readonly rules: readonly RequiredRule[];
  readonly search: SearchContext;
  readonly related: Related;
}

/** Deals and line items, each with its definitions and its search. */
export interface Related {
  readonly records: RelatedRecords;
  readonly kinds: Readonly<Record<"deals" | "line_items", Kind>>;
  /** Links of one record in a page. */
  readonly linkPage: number;
}

/** One kind of record that is only read. */
export interface Kind {
  readonly records: Companies;
  readonly definitions: Definitions;
  readonly search: SearchContext;
}

const SCOPE = {
  read: "crm.objects.companies.read",
  write: "crm.objects.companies.write",
  schemaRead: "crm.schemas.companies.read",
  schemaWrite: "crm.schemas.companies.write",
  owners: "crm.objects.owners.read",
  deals: "crm.objects.deals.read",
  dealSchemas: "crm.schemas.deals.read",
  lineItems: "crm.objects.line_items.read",
  lineItemSchemas: "crm.schemas.line_items.read",
} as const;

/** All scopes the sandbox knows. */
export const ALL_SCOPES: readonly string[] = Object.values(SCOPE);

/** Scope a call class needs; null = any token will do. */
export function scopeOf(callClass: string): string | null {
  return SCOPES_BY_CLASS[callClass] ?? null;
}

const SCOPES_BY_CLASS: Readonly<Record<string, string>> = {
  list: SCOPE.read,
  read: SCOPE.read,
  search: SCOPE.read,
  batch_read: SCOPE.read,
  batch_update: SCOPE.write,
  properties: SCOPE.schemaRead,
  properties_write: SCOPE.schemaWrite,
  owners: SCOPE.owners,
  associations: SCOPE.deals,
  deals_search: SCOPE.deals,
  deals_batch_read: SCOPE.deals,
  deals_properties: SCOPE.dealSchemas,
  line_items_search: SCOPE.lineItems,
  line_items_batch_read: SCOPE.lineItems,
  line_items_properties: SCOPE.lineItemSchemas,
};

/** The routes, most specific first. */
export function routes(crm: Crm): readonly Route[] {
  const { companies, definitions, owners, portal, rules } = crm;
  const objects = `/crm/objects/${API_VERSION}/companies`;
  const properties = `/crm/properties/${API_VERSION}/companies`;
  const people = `/crm/owners/${API_VERSION}`;
  const isProperty = (name: string) => definitions.get(name) !== null;
  const write = { companies, rules, definitionOf: definitions.get };
  return [
    row("GET", objects, "list", (call) => list(companies, isProperty, call)),
    row("POST", `${objects}/search`, "search", (call) => search(crm.search, call)),
    row("POST", `${objects}/batch/read`, "batch_read", (call) => batchRead(companies, isProperty, call)),
    row("POST", `${objects}/batch/update`, "batch_update", (call) => batchUpdate(write, call)),
    row("GET", `${objects}/:id`, "read", (call) => readOne(companies, isProperty, call)),
    row("GET", properties, "properties", (call) => listProperties(definitions, call)),
    row("POST", properties, "properties_write", (call) => createProperty(definitions, call)),
    row("GET", `${properties}/:name`, "properties", (call) => readProperty(definitions, call)),
    row("PATCH", `${properties}/:name`, "properties_write", (call) => changeProperty(definitions, call)),
    row("DELETE", `${properties}/:name`, "properties_write", (call) => archiveProperty(definitions, call)),
    row("GET", people, "owners", (call) => listOwners(owners, call)),
    row("GET", `${people}/:id`, "owners", (call) => readOwner(owners, call)),
    row("GET", `/account-info/${API_VERSION}/details`, "account_info", () => details(portal)),
    ...relatedRoutes(crm.related),
  ];
}

function row(method: string, pattern: string, callClass: string, handle: (call: Call) => Reply): Route {
  return { method, pattern, callClass, handle };
}

function relatedRoutes({ records, kinds, linkPage }: Related): readonly Route[] {
  const links = `/crm/associations/${API_VERSION}/:from/:to/batch/read`;
  const reading = Object.entries(kinds).flatMap(([name, kind]) => {
    const objects = `/crm/objects/${API_VERSION}/${name}`;
    const known = (property: string) => kind.definitions.get(property) !== null;
    return [
      row("POST", `${objects}/search`, `${name}_search`, (call) => search(kind.search, call)),
      row("POST", `${objects}/batch/read`, `${name}_batch_read`, (call) =>
        batchRead(kind.records, known, call),
      ),
      row("GET", `/crm/properties/${API_VERSION}/${name}`, `${name}_properties`, (call) =>
        listProperties(kind.definitions, call),
      ),
    ];
  });
  return [...reading, row("POST", links, "associations", (call) => readLinks(records, linkPage, call))];
}

/** The dated path of a v3 path, for tests of clients that have not moved yet; other paths stay. */
export function datedPath(path: string): string {
  const people = `/crm/owners/${API_VERSION}`;
  return path
    .replace(/^\/crm\/v3\/(objects|properties)\//, `/crm/$1/${API_VERSION}/`)
    .replace(/^\/crm\/v4\/associations\//, `/crm/associations/${API_VERSION}/`)
    .replace(/^\/crm\/v3\/owners\/?(.*)$/, (_all, id: string) => (id === "" ? people : `${people}/${id}`))
    .replace(/^\/account-info\/v3\//, `/account-info/${API_VERSION}/`);
}
