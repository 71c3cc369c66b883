/**
 * A CRM to talk to: HubSpot's API for companies, deals and line items over real HTTP on the loopback address, with
 * state, limits, a search index that lags, merges, and signed webhooks.
 */
import type { Instant } from "../policy/model.ts";
import type { Portal } from "./hubspot-account.ts";
import { missingScopes, notFound, refusal, unauthenticated } from "./hubspot-answers.ts";
import { companyDefinitions } from "./hubspot-definitions.ts";
import type { IdOrder } from "./hubspot-ids.ts";
import { type HubspotLimits, type Meter, meter, USUAL_LIMITS } from "./hubspot-limits.ts";
import { LINK_LIMITS } from "./hubspot-links.ts";
import type { HubspotState, OwnerRecord, PropertyDefinition, RequiredRule, Values } from "./hubspot-model.ts";
import { definitionsOf } from "./hubspot-properties.ts";
import { type Companies, type CompanyInput, companyRecords, liveOf } from "./hubspot-records.ts";
import {
  type DealInput,
  type DealWork,
  type LineItemInput,
  type LineItemWork,
  type RelatedRecords,
  relatedRecords,
  relatedWork,
} from "./hubspot-related.ts";
import { dealDefinitions, lineItemDefinitions } from "./hubspot-related-definitions.ts";
import { ALL_SCOPES, type Crm, datedPath, type Kind, routes, scopeOf } from "./hubspot-routes.ts";
import { type DrainResult, type Webhooks, type WebhookTarget, webhooks } from "./hubspot-webhooks.ts";
import { textOf } from "./hubspot-wire.ts";
import { type Call, type Fault, type JournalEntry, type Reply, type Route, startServer } from "./server.ts";

export { choices, companyDefinitions, definition } from "./hubspot-definitions.ts";
export * as hubspotFaults from "./hubspot-faults.ts";
export type { HubspotLimits } from "./hubspot-limits.ts";
export type { HubspotState } from "./hubspot-model.ts";
export type { DealInput, LineItemInput } from "./hubspot-related.ts";
export { dealDefinitions, lineItemDefinitions, PIPELINES } from "./hubspot-related-definitions.ts";
export type { DrainResult, WebhookTarget } from "./hubspot-webhooks.ts";

/** How the CRM starts. Only `companies` is required. */
export interface HubspotOptions {
  readonly companies: Iterable<CompanyInput>;
  readonly owners?: readonly OwnerRecord[];
  readonly deals?: readonly DealInput[];
  readonly lineItems?: readonly LineItemInput[];
  /** Links of one record in a page; default 500. */
  readonly linkPage?: number;
  /** Property definitions; default those of the data set, the label a text property. */
  readonly properties?: readonly PropertyDefinition[];
  readonly now?: () => Instant;
  /** 0 or absent = a free port. */
  readonly port?: number;
  readonly latencyMs?: number;
  readonly limits?: Partial<HubspotLimits>;
  /** How far the search index is behind, ms; default 0. Recorded lags: 2 to 30 s. */
  readonly indexLagMs?: number;
  /** How search orders record ids; default as numbers. */
  readonly idOrder?: IdOrder;
  /** Bearer token that is accepted. */
  readonly token?: string;
  /** Scopes of the token; default all. */
  readonly scopes?: readonly string[];
  readonly portalId?: number;
  readonly timeZone?: string;
  readonly companyCurrency?: string;
  /** Rules of the customer's administrator that API writes must keep. */
  readonly rules?: readonly RequiredRule[];
  /** `serve`: the old v3 paths work too; default `refuse` (404). */
  readonly legacyPaths?: "serve" | "refuse";
}

/** A running CRM. Everything but the routes is what people do in the CRM, at `now()`. */
export interface HubspotSandbox {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly token: string;
  readonly portalId: number;
  readonly state: HubspotState;
  /** A person edits a company; null or "" clears. @throws RangeError when there is none of this id. */
  setCompany(id: string, properties: Values): void;
  /** A person creates a company; the answer is its id. */
  addCompany(company: { readonly id?: string; readonly properties: Values }): string;
  /** A person merges `other` into `primary`; the answer is the id of the new record. */
  merge(primary: string, other: string): string;
  archive(id: string): void;
  restore(id: string): void;
  /** Deletes a record for good: no list shows it, not even the archived one. */
  erase(id: string): void;
  /** People at work on deals and line items. */
  readonly deals: DealWork;
  readonly lineItems: LineItemWork;
  /** Other apps of the account use up some of the day. */
  spendDaily(requests: number): void;
  /** Webhooks go to this target from now on. */
  connectWebhook(target: WebhookTarget): void;
  /** Sends waiting webhooks, failed ones again until their retries are used up or `rounds` are over. */
  drain(options?: { readonly rounds?: number }): Promise<DrainResult>;
  readonly journal: readonly JournalEntry[];
  /** Makes matching requests go wrong; the answer takes it back. Ready-made ones: `hubspotFaults`. */
  fault(fault: Fault): () => void;
  clearFaults(): void;
  /** Requests so far by class: list, read, search, batch_read, batch_update, properties, properties_write, owners, account_info, associations, unknown; for deals and line items deals_search, line_items_batch_read and so on. */
  calls(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** Longest path with query that is accepted, characters (remembered, not verified). */
const MAX_URL = 8_192;

/** Starts the CRM. */
export async function startHubspotSandbox(options: HubspotOptions): Promise<HubspotSandbox> {
  const now = options.now ?? Date.now;
  const portal = portalOf(options);
  const hooks = webhooks({ portalId: portal.portalId, now });
  const crm = crmOf(options, portal, hooks, now);
  const gate = meter({ ...USUAL_LIMITS, ...options.limits }, portal.timeZone);
  const token = options.token ?? "pat-na1-sandbox";
  const state = stateOf(crm);
  const server = await startServer({
    routes: routes(crm),
    now,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.latencyMs === undefined ? {} : { latencyMs: options.latencyMs }),
    before: (call, route) => admit(call, route, token, options.scopes ?? ALL_SCOPES, gate),
    after: (call, reply) => ({
      ...reply,
      headers: { ...gate.headers(kindOf(call), call.at), ...reply.headers },
    }),
    notFound: () => notFound("resource not found"),
    failed: (_call, error) => refusal(500, "INTERNAL_ERROR", String(error)),
    normalise: options.legacyPaths === "serve" ? datedPath : (path) => path,
    control: () => ({ companies: state.companies(), properties: state.properties(), owners: state.owners() }),
  });
  return {
    url: server.url,
    token,
    portalId: portal.portalId,
    state,
    ...peoplesWork(crm.companies),
    ...relatedWork(crm.related.records),
    spendDaily: (requests) => gate.spend(requests, now()),
    connectWebhook: hooks.connect,
    drain: hooks.drain,
    journal: server.journal,
    fault: server.fault,
    clearFaults: server.clearFaults,
    calls: server.calls,
    close: server.close,
  };
}

function portalOf(options: HubspotOptions): Portal {
  return {
    portalId: options.portalId ?? 24_242_424,
    timeZone: options.timeZone ?? "America/New_York",
    companyCurrency: options.companyCurrency ?? "USD",
    additionalCurrencies: ["EUR", "GBP", "JPY"],
  };
}

function crmOf(options: HubspotOptions, portal: Portal, hooks: Webhooks, now: () => Instant): Crm {
  const indexLagMs = options.indexLagMs ?? 0;
  const definitions = definitionsOf(options.properties ?? companyDefinitions("text"));
  const companies = companyRecords(options.companies, { now, keepMs: indexLagMs, tell: hooks.tell });
  const typeOf = (name: string) => definitions.get(name)?.type ?? null;
  const how = { idOrder: options.idOrder ?? "number", indexLagMs } as const;
  const { deals = [], lineItems = [] } = options;
  const records = relatedRecords({ deals, lineItems }, companies, {
    now,
    keepMs: indexLagMs,
    tell: hooks.tell,
  });
  return {
    companies,
    definitions,
    owners: options.owners ?? [],
    portal,
    rules: options.rules ?? [],
    search: { companies, typeOf, ...how },
    related: { records, kinds: kindsOf(records, how), linkPage: options.linkPage ?? LINK_LIMITS.page },
  };
}

function kindsOf(
  records: RelatedRecords,
  how: { readonly idOrder: IdOrder; readonly indexLagMs: number },
): Crm["related"]["kinds"] {
  const kind = (of: Companies, properties: readonly PropertyDefinition[]): Kind => {
    const definitions = definitionsOf(properties);
    const typeOf = (name: string) => definitions.get(name)?.type ?? null;
    return { records: of, definitions, search: { companies: of, typeOf, ...how } };
  };
  return {
    deals: kind(records.deals, dealDefinitions()),
    line_items: kind(records.lineItems, lineItemDefinitions()),
  };
}

function peoplesWork(companies: Companies) {
  return {
    setCompany: (id: string, properties: Values) => {
      companies.write(id, properties, "CRM_UI");
    },
    addCompany: companies.add,
    merge: companies.merge,
    archive: (id: string) => companies.setState(id, "archived"),
    restore: (id: string) => companies.setState(id, "live"),
    erase: (id: string) => companies.setState(id, "gone"),
  };
}

function stateOf(crm: Crm): HubspotState {
  const { companies, definitions, owners } = crm;
  return {
    companies: () =>
      companies.all().flatMap((record) => {
        const { state, values, updatedAt } = liveOf(record);
        return state === "gone"
          ? []
          : [{ id: record.id, properties: values, archived: state === "archived", updatedAt }];
      }),
    value: (id, property) => {
      const record = companies.find(id);
      return record === null ? null : textOf(record, liveOf(record), property);
    },
    properties: () => definitions.all().filter((property) => !property.archived),
    owners: () => owners,
  };
}

const kindOf = (call: Call): "search" | "other" => (call.path.endsWith("/search") ? "search" : "other");

/** Login, address length, scope, limits: in this order, each refusing before the next looks. */
function admit(
  call: Call,
  route: Route | null,
  token: string,
  scopes: readonly string[],
  gate: Meter,
): Reply | null {
  if (call.headers.authorization !== `Bearer ${token}`) return unauthenticated();
  if (call.path.length + call.query.toString().length > MAX_URL)
    return { status: 414, text: "<html><head><title>414 URI Too Long</title></head></html>" };
  const needed = route === null ? null : scopeOf(route.callClass);
  if (needed !== null && !scopes.includes(needed)) return missingScopes([needed]);
  return gate.admit(kindOf(call), call.at);
}
