/**
 * HubSpot's own client writes the requests; it neither sends them nor reads the answers.
 *
 * @hubspot/api-client 14.0.1 knows neither deadlines nor the dated API, hides failures (a 200 with HTML resolves to
 * `{}`, 207 looks like success) and keeps its limiter and retries in a process-wide singleton. So its request classes
 * are used directly, loaded when first needed, with our sender underneath and the path rewritten on the way.
 */

/**
 * Version of HubSpot's API. Each is supported for 18 months from March or September; v1–v3 end in September 2027, v4
 * on 30 March 2027 (https://developers.hubspot.com/changelog/legacy-apis-and-legacy-apps-whats-going-unsupported-and-when,
 * read 2026-11-22).
 */
export const API_VERSION = "2026-09";

/** A request as it leaves. */
export interface Written {
  readonly method: string;
  readonly url: string;
  /** Body before it becomes JSON; undefined = none. */
  readonly json: unknown;
}

/** Writes one request for the API at `base` and hands it to `send`; calls `send` exactly once. */
export type Request = (base: string, send: (request: Written) => Promise<void>) => Promise<unknown>;

/** One search filter over a company property. */
export interface Filter {
  readonly property: string;
  readonly operator: "GTE" | "LTE" | "GT";
  readonly value: string;
}

/** A search, in the order of the ids unless another one is named (`-name` = descending). */
export interface Query {
  readonly filters: readonly Filter[];
  readonly properties: readonly string[];
  readonly limit: number;
  readonly after: string | null;
  readonly sort?: string;
}

/** Companies that pass all filters. */
export function searchCompanies(query: Query): Request {
  return async (base, send) => {
    const sdk = await import("@hubspot/api-client/lib/codegen/crm/companies/index.js");
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
    await new sdk.SearchApi(writingTo(sdk, base, send)).doSearch({
      filterGroups: filters.length === 0 ? [] : [{ filters }],
      sorts: [query.sort ?? "hs_object_id"],
      properties: [...query.properties],
      limit: query.limit,
      ...(query.after === null ? {} : { after: query.after }),
    });
  };
}

/** One page of all companies, or of all archived ones. */
export function listCompanies(page: {
  readonly properties: readonly string[];
  readonly limit: number;
  readonly after: string | null;
  readonly archived: boolean;
}): Request {
  return async (base, send) => {
    const sdk = await import("@hubspot/api-client/lib/codegen/crm/companies/index.js");
    const { limit, after, properties, archived } = page;
    const api = new sdk.BasicApi(writingTo(sdk, base, send));
    await api.getPage(limit, after ?? undefined, [...properties], undefined, undefined, archived);
  };
}

/** Fresh values of up to 100 companies. */
export function readCompanies(ids: readonly string[], properties: readonly string[]): Request {
  return async (base, send) => {
    const sdk = await import("@hubspot/api-client/lib/codegen/crm/companies/index.js");
    await new sdk.BatchApi(writingTo(sdk, base, send)).read({
      inputs: ids.map((id) => ({ id })),
      properties: [...properties],
      propertiesWithHistory: [],
    });
  };
}

/** Writes properties of up to 100 companies. */
export function updateCompanies(
  rows: readonly { readonly id: string; readonly properties: Readonly<Record<string, string>> }[],
): Request {
  return async (base, send) => {
    const sdk = await import("@hubspot/api-client/lib/codegen/crm/companies/index.js");
    await new sdk.BatchApi(writingTo(sdk, base, send)).update({
      inputs: rows.map((row) => ({ id: row.id, properties: { ...row.properties } })),
    });
  };
}

/** Definitions of all properties of companies, or of another kind of record. */
export function listProperties(object: "companies" | "deals" | "line_items" = "companies"): Request {
  return async (base, send) => {
    const sdk = await import("@hubspot/api-client/lib/codegen/crm/properties/index.js");
    await new sdk.CoreApi(writingTo(sdk, base, send)).getAll(object);
  };
}

/** Definition of one company property. */
export function readProperty(name: string): Request {
  return async (base, send) => {
    const sdk = await import("@hubspot/api-client/lib/codegen/crm/properties/index.js");
    await new sdk.CoreApi(writingTo(sdk, base, send)).getByName("companies", name);
  };
}

/** An option of a drop-down property, as it is written. */
export interface WrittenOption {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
  readonly displayOrder: number;
  readonly hidden: boolean;
}

/** A new drop-down property of companies. */
export function createDropDown(definition: {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly groupName: string;
  readonly options: readonly WrittenOption[];
}): Request {
  return async (base, send) => {
    const sdk = await import("@hubspot/api-client/lib/codegen/crm/properties/index.js");
    await new sdk.CoreApi(writingTo(sdk, base, send)).create("companies", {
      ...definition,
      options: [...definition.options],
      type: sdk.PropertyCreateTypeEnum.Enumeration,
      fieldType: sdk.PropertyCreateFieldTypeEnum.Select,
    });
  };
}

/** Replaces the whole list of options of a property: what is not named is gone. */
export function replaceOptions(name: string, options: readonly WrittenOption[]): Request {
  return async (base, send) => {
    const sdk = await import("@hubspot/api-client/lib/codegen/crm/properties/index.js");
    await new sdk.CoreApi(writingTo(sdk, base, send)).update("companies", name, { options: [...options] });
  };
}

/** One page of owners; those who left are listed only when `archived` is asked for. */
export function listOwners(page: { readonly archived: boolean; readonly after: string | null }): Request {
  return async (base, send) => {
    const sdk = await import("@hubspot/api-client/lib/codegen/crm/owners/index.js");
    const api = new sdk.OwnersApi(writingTo(sdk, base, send));
    await api.getPage(undefined, page.after ?? undefined, 100, page.archived);
  };
}

/** Which HubSpot account the token belongs to. */
export function accountDetails(): Request {
  return (base, send) =>
    send({ method: "GET", url: `${base}/account-info/${API_VERSION}/details`, json: undefined });
}

/**
 * The dated address for one of the client's own: `/crm/v3/objects/x` → `/crm/objects/2026-09/x`.
 * @throws Error for a path without a dated form.
 */
export function dated(url: string): string {
  const address = new URL(url);
  const path = address.pathname.replace(
    /\/crm\/v[34]\/(objects|properties|associations|owners)(?=\/|$)/,
    `/crm/$1/${API_VERSION}`,
  );
  if (path === address.pathname) throw new Error(`no dated form is known for ${path}`);
  address.pathname = path.replace(/\/$/, "");
  return address.toString();
}

interface Rewritable {
  getUrl(): string;
  setUrl(url: string): void;
}

interface Sendable extends Rewritable {
  getHttpMethod(): string;
  getBody(): unknown;
}

/** Puts the dated address into a request of the client before it is sent. */
async function toDated<C extends Rewritable>(context: C): Promise<C> {
  context.setUrl(dated(context.getUrl()));
  return context;
}

/** The value itself, for middleware that changes nothing. */
async function asIs<T>(value: T): Promise<T> {
  return value;
}

/** A request of the client as it leaves. */
function written(context: Sendable): Written {
  const body = context.getBody();
  return {
    method: context.getHttpMethod(),
    url: context.getUrl(),
    json: typeof body === "string" ? JSON.parse(body) : undefined,
  };
}

/** What the client gets to read: an empty success. The real answer stays with the sender. */
const NOTHING = { text: async () => "{}", binary: async () => Buffer.from("{}") } as const;
/** Content type of that empty success. */
const JSON_TYPE = { "content-type": "application/json" } as const;

/** What every generated part of the client brings along to be configured; the parts share no types of their own. */
interface Generated<Server, Reply, Library, Configuration> {
  readonly ServerConfiguration: new (base: string, variables: Record<string, never>) => Server;
  readonly ResponseContext: new (
    status: number,
    headers: Record<string, string>,
    body: typeof NOTHING,
  ) => Reply;
  wrapHttpLibrary(library: { send(context: Sendable): Promise<Reply> }): Library;
  createConfiguration(parts: {
    readonly baseServer: Server;
    readonly promiseMiddleware: { pre: typeof toDated; post: typeof asIs }[];
    readonly httpApi: Library;
  }): Configuration;
}

/** The configuration that makes a part of the client write dated requests and hand them to `send`. */
export function writingTo<Server, Reply, Library, Configuration>(
  sdk: Generated<Server, Reply, Library, Configuration>,
  base: string,
  send: (request: Written) => Promise<void>,
): Configuration {
  return sdk.createConfiguration({
    baseServer: new sdk.ServerConfiguration(base, {}),
    promiseMiddleware: [{ pre: toDated, post: asIs }],
    httpApi: sdk.wrapHttpLibrary({
      send: async (context) => {
        await send(written(context));
        return new sdk.ResponseContext(200, { ...JSON_TYPE }, NOTHING);
      },
    }),
  });
}
