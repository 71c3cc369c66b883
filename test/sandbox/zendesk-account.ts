/** A seeded sandbox with a clock that only moves when told to, and short ways to call it. */
import { startZendeskSandbox, type ZendeskOptions, type ZendeskSandbox } from "../../src/sandbox/zendesk.ts";

/** Monday, 2026-06-01 10:00:00 UTC, 06:00 in New York. */
export const START = Date.parse("2026-06-01T10:00:00Z");

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body; null when it is not JSON. */
  readonly json: unknown;
  /** What lies at a dotted path of the body; `*` stands for every item of a list. */
  readonly at: (path: string) => unknown;
  readonly text: string;
}

export interface Account {
  readonly zendesk: ZendeskSandbox;
  /** Moves the clock forward. */
  pass(ms: number): void;
  call(method: string, path: string, body?: unknown, authorization?: string): Promise<Answer>;
  get(path: string): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
}

export const SEED = {
  groups: [
    { id: 11, name: "Support" },
    { id: 12, name: "Premier Support" },
    { id: 13, name: "Old", deleted: true },
  ],
  brands: [{ id: 21, name: "Northwind" }],
  ticket_forms: [{ id: 31, name: "Default form" }],
  ticket_fields: [
    {
      id: 41,
      title: "Severity",
      type: "tagger",
      custom_field_options: [
        { id: 411, name: "Severity 1", value: "sev1" },
        { id: 412, name: "Severity 2", value: "sev2" },
      ],
    },
  ],
  organization_fields: [
    {
      id: 51,
      key: "ps_tier",
      title: "Tier",
      type: "dropdown",
      custom_field_options: [
        { id: 511, name: "Pro", value: "ps_tier_pro" },
        { id: 512, name: "Enterprise", value: "ps_tier_enterprise" },
      ],
    },
    { id: 52, key: "ps_arr", title: "ARR", type: "decimal" },
    { id: 53, key: "ps_renewal", title: "Renewal", type: "date" },
    { id: 54, key: "ps_account", title: "Account", type: "text" },
  ],
  organizations: [
    { id: 61, name: "Acme", external_id: "CRM-1", domain_names: ["acme.example"], tags: ["gold"] },
    { id: 62, name: "Globex", external_id: "CRM-2", group_id: 12 },
    { id: 63, name: "Initech" },
  ],
  users: [
    { id: 71, email: "admin@sandbox.example", role: "admin", group_ids: [11] },
    { id: 72, email: "anna@sandbox.example", role: "agent", group_ids: [11] },
    { id: 73, email: "tam@sandbox.example", role: "agent", group_ids: [12] },
    { id: 81, email: "ann@acme.example", organization_id: 61, tags: ["vip"] },
    { id: 82, email: "bob@globex.example", organization_id: 62, verified: false },
    { id: 83, email: "nobody@elsewhere.example" },
  ],
};

export async function openAccount(options: ZendeskOptions = {}): Promise<Account> {
  let now = START;
  const zendesk = await startZendeskSandbox({
    seed: SEED,
    now: () => now,
    ...options,
    delivery: { waitScale: 0, ...options.delivery },
  });
  const call: Account["call"] = async (method, path, body, authorization = zendesk.authorization) => {
    const response = await fetch(`${zendesk.url}/api/v2${path}`, {
      method,
      headers: { authorization, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true && text !== "";
    const json: unknown = isJson ? JSON.parse(text) : null;
    const at = (path: string): unknown => lookUp(json, path === "" ? [] : path.split("."));
    return { status: response.status, headers: response.headers, json, at, text };
  };
  return {
    zendesk,
    pass: (ms) => {
      now += ms;
    },
    call,
    get: (path) => call("GET", path),
    put: (path, body) => call("PUT", path, body),
    post: (path, body) => call("POST", path, body),
  };
}

/** The `updated_at` a safe update must name. */
export const stampOf = (ticket: { readonly updatedAt: number }): string =>
  `${new Date(ticket.updatedAt).toISOString().slice(0, 19)}Z`;

/** Follows a path through parsed JSON; undefined where it ends early. */
export function lookUp(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (key === "*") return Array.isArray(value) ? value.map((item) => lookUp(item, rest)) : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  return lookUp((value as Readonly<Record<string, unknown>>)[key], rest);
}
