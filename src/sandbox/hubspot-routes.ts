/** The paths of the CRM sandbox and the scopes they need. */
import { details, listOwners, type Portal, readOwner } from "./hubspot-account.ts";
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
}

const SCOPE = {
  read: "crm.objects.companies.read",
  write: "crm.objects.companies.write",
  schemaRead: "crm.schemas.companies.read",
  schemaWrite: "crm.schemas.companies.write",
  owners: "crm.objects.owners.read",
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
};

/** The routes, most specific first. */
export function routes(crm: Crm): readonly Route[] {
  const { companies, definitions, owners, portal, rules } = crm;
  const objects = `/crm/objects/${API_VERSION}/companies`;
  const properties = `/crm/properties/${API_VERSION}/companies`;
  const people = `/crm/owners/${API_VERSION}`;
  const isProperty = (name: string) => definitions.get(name) !== null;
  const write = { companies, rules, definitionOf: definitions.get };
  const row = (method: string, pattern: string, callClass: string, handle: (call: Call) => Reply) => ({
    method,
    pattern,
    callClass,
    handle,
  });
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
  ];
}

/** The dated path of a v3 path, for tests of clients that have not moved yet; other paths stay. */
export function datedPath(path: string): string {
  const people = `/crm/owners/${API_VERSION}`;
  return path
    .replace(/^\/crm\/v3\/(objects|properties)\//, `/crm/$1/${API_VERSION}/`)
    .replace(/^\/crm\/v3\/owners\/?(.*)$/, (_all, id: string) => (id === "" ? people : `${people}/${id}`))
    .replace(/^\/account-info\/v3\//, `/account-info/${API_VERSION}/`);
}
