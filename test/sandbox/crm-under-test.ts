/** A CRM sandbox with a clock in the test's hand, and a client that shows everything it gets. */
import { type HubspotOptions, type HubspotSandbox, startHubspotSandbox } from "../../src/sandbox/hubspot.ts";

export const START = Date.UTC(2026, 5, 15, 14);

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed JSON, or null when it is none. */
  readonly body: Body | null;
}

/** The parts of any CRM answer that tests look at. */
export interface Body {
  readonly total: number;
  readonly results: readonly {
    readonly id: string;
    readonly name: string;
    readonly userId: number | null;
    readonly properties: Readonly<Record<string, string | null>>;
    readonly updatedAt: string;
    readonly archived: boolean;
  }[];
  readonly paging?: { readonly next: { readonly after: string } };
  readonly numErrors: number;
  readonly errors: readonly {
    readonly code?: string;
    readonly category?: string;
    readonly errors?: readonly { readonly code: string }[];
    readonly context: Readonly<Record<string, readonly string[]>>;
  }[];
  readonly status: string;
  readonly category: string;
  readonly message: string;
}

export interface CrmUnderTest {
  readonly crm: HubspotSandbox;
  /** Lets time pass, ms. */
  wait(ms: number): void;
  now(): number;
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  send(method: string, path: string, body?: unknown, token?: string | null): Promise<Answer>;
  search(body: unknown): Promise<Answer>;
}

/** `count` companies with ids 1001, 1002, … */
export function plainCompanies(count: number, properties: Readonly<Record<string, string | null>> = {}) {
  return Array.from({ length: count }, (_, at) => ({
    id: String(1001 + at),
    properties: { name: `Company ${at + 1}`, domain: `c${at + 1}.example`, ...properties },
    updatedAt: START - 3_600_000,
  }));
}

/** Starts a CRM for one test and ends it afterwards, whatever happens. */
export async function withCrm(
  options: Partial<HubspotOptions>,
  use: (test: CrmUnderTest) => Promise<void>,
): Promise<void> {
  let at = START;
  const crm = await startHubspotSandbox({
    companies: plainCompanies(3),
    limits: { perTenSeconds: Number.POSITIVE_INFINITY, searchPerSecond: Number.POSITIVE_INFINITY },
    ...options,
    now: () => at,
  });
  const send = async (method: string, path: string, body?: unknown, token: string | null = crm.token) => {
    const response = await fetch(crm.url + path, {
      method,
      headers: {
        "Content-Type": "application/json",
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };
  try {
    await use({
      crm,
      wait: (ms) => {
        at += ms;
      },
      now: () => at,
      get: (path) => send("GET", path),
      post: (path, body) => send("POST", path, body),
      send,
      search: (body) => send("POST", "/crm/objects/2026-09/companies/search", body),
    });
  } finally {
    await crm.close();
  }
}

function parsed(text: string): Body | null {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return null;
  }
}

/** Ids of the records in an answer. */
export function idsOf(answer: Answer): readonly string[] {
  return (answer.body?.results ?? []).map((row) => row.id);
}
