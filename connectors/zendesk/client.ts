/**
 * A thin client of Zendesk's REST API: one call at a time through the pacer, every answer judged in one place.
 *
 * Our own because the published ones report a 429 or an HTML error page as success (decision page on the Zendesk
 * client). It never retries: whoever holds the work decides that by the error's type.
 */
import { CannotApply, NeedsAdmin, Paused, TryAgain } from "../../src/errors.ts";
import type { Lane, Pacer } from "../../src/ports.ts";
import { DEADLINE_MS, type Fetch, type Incoming, MAX_BYTES, send } from "../http.ts";
import { type Endpoint, type EndpointClass, type EndpointName, endpoints } from "./endpoints.ts";
import { closedBy, zendeskFailure } from "./failure.ts";
import { type Budget, budgetsOf, warningsOf } from "./rate-headers.ts";

/** Who we are to Zendesk. */
export type Credentials =
  | { readonly email: string; readonly apiToken: string }
  | { readonly oauthToken: string };

export interface ClientOptions {
  readonly url: string;
  /** Asked before every call, so tokens rotate without a restart. */
  readonly credentials: () => Credentials;
  readonly pacer: Pacer;
  readonly now: () => number;
  readonly fetch?: Fetch;
  /** Is told what was odd but did no harm: a record that could not be read, a key that was not accepted. */
  readonly report?: (message: string) => void;
}

export interface Call {
  readonly endpoint: EndpointName;
  /** Values for the path's braces, in order. */
  readonly ids?: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly lane: Lane;
  /** For messages, with ids only: `reading ticket 42`. */
  readonly doing: string;
  /** Statuses that are an answer and not a fault here: the call resolves to null. */
  readonly absent?: readonly number[];
  readonly signal?: AbortSignal;
  /** Larger answers only where a page is known to be large. */
  readonly maxBytes?: number;
}

export interface Answer {
  readonly body: unknown;
  /** The answer's Date header, ms; null = none that can be read. */
  readonly date: number | null;
  /** Keys Zendesk did not accept. */
  readonly warnings: readonly string[];
}

export interface ZendeskClient {
  /** One call. null = it ended with one of the `absent` statuses. @throws whatever `zendeskFailure` says. */
  call(call: Call): Promise<Answer | null>;
  /** Every page of a list, by cursor where the list has one. Ends at once on an `absent` status. */
  pages(call: Call): AsyncIterable<unknown>;
  /** Calls really sent since start, by endpoint class. */
  calls(): Readonly<Record<string, number>>;
  /** What the last answers said is left of each limit, by endpoint class; `general` = the plan's. */
  budgets(): Readonly<Record<string, Budget>>;
  report(message: string): void;
}

/** A hundred tickets or audits with long texts pass the usual cap; a page of this size is still no flood. */
export const LARGE_PAGE_BYTES = 20 * 1024 * 1024;

/** Lists of more pages than this are a loop, not a list. */
const MAX_PAGES = 10_000;

/** A client for one Zendesk account. Nothing is sent until it is asked. */
export function openClient(options: ClientOptions): ZendeskClient {
  const counts = new Map<EndpointClass, number>();
  const left = new Map<string, Budget>();
  const report = options.report ?? ((): void => {});

  const exchange = async (call: Call): Promise<Incoming> => {
    const endpoint: Endpoint = endpoints[call.endpoint];
    const url = addressOf(options.url, endpoint, call);
    return options.pacer.run(endpoint.class, call.lane, async () => {
      counts.set(endpoint.class, (counts.get(endpoint.class) ?? 0) + 1);
      const answer = await send(
        {
          method: endpoint.method,
          url,
          headers: { authorization: authorization(options.credentials()) },
          ...(call.json === undefined ? {} : { json: call.json }),
        },
        { upstream: "Zendesk", deadlineMs: DEADLINE_MS, maxBytes: call.maxBytes ?? MAX_BYTES },
        options.fetch ?? fetch,
        call.signal,
      );
      for (const { class: limited, budget } of teach(options, endpoint.class, answer))
        left.set(limited, budget);
      return answer;
    });
  };

  const call = async (wanted: Call): Promise<Answer | null> => {
    const answer = await exchange(wanted);
    if (wanted.absent?.includes(answer.status)) return null;
    if (answer.status < 200 || answer.status > 299) {
      const accountWide = answer.status === 403 && (await nothingWorks(exchange, wanted));
      throw zendeskFailure(answer, { doing: wanted.doing, now: options.now(), accountWide });
    }
    const warnings = warningsOf(answer.headers);
    if (warnings.length > 0) report(`Zendesk did not accept ${warnings.join(", ")} while ${wanted.doing}`);
    const date = Date.parse(answer.headers.get("date") ?? "");
    return { body: answer.body, date: Number.isNaN(date) ? null : date, warnings };
  };

  return {
    call,
    pages: (wanted) => walk(wanted, call),
    calls: () => Object.fromEntries(counts),
    budgets: () => Object.fromEntries(left),
    report,
  };
}

/**
 * Pages until `meta.has_more` is false. `links.next` is not looked at: it is set on the last page too (recorded,
 * read 2026-11-22), and following an address from an answer could carry the token elsewhere. Lists without cursors
 * are followed by page number.
 */
async function* walk(wanted: Call, call: ZendeskClient["call"]): AsyncGenerator<unknown> {
  let query = wanted.query ?? {};
  let seen = "";
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const answer = await call({ ...wanted, query });
    if (answer === null) return;
    yield answer.body;
    const next = nextPage(answer.body, page);
    if (next === null) return;
    const place = JSON.stringify(next);
    if (place === seen) break;
    seen = place;
    query = { ...wanted.query, ...next };
  }
  throw new TryAgain(`Zendesk's pages do not come to an end while ${wanted.doing}`);
}

function nextPage(body: unknown, page: number): Readonly<Record<string, string>> | null {
  if (typeof body !== "object" || body === null) return null;
  const { meta, next_page } = body as { readonly meta?: unknown; readonly next_page?: unknown };
  if (typeof meta === "object" && meta !== null) {
    const { has_more, after_cursor } = meta as {
      readonly has_more?: unknown;
      readonly after_cursor?: unknown;
    };
    return has_more === true && typeof after_cursor === "string" ? { "page[after]": after_cursor } : null;
  }
  return typeof next_page === "string" && next_page !== "" ? { page: String(page + 1) } : null;
}

/**
 * Is a refused call refused because nothing works? Asks who we are: a suspended account refuses that too, and a token
 * that means nothing is answered with the anonymous end user.
 */
async function nothingWorks(exchange: (call: Call) => Promise<Incoming>, refused: Call): Promise<boolean> {
  if (refused.endpoint === "me") return true;
  const { lane } = refused;
  try {
    const answer = await exchange({ endpoint: "me", lane, doing: "asking who we are" });
    return answer.status === 401 || answer.status === 403 || !isStaff(answer.body);
  } catch (error) {
    // The probe only sorts the refusal: where it fails itself, the refusal stands as one of this call.
    if (error instanceof Paused || error instanceof TryAgain || error instanceof NeedsAdmin) return false;
    throw error;
  }
}

function isStaff(body: unknown): boolean {
  const user = (body as { readonly user?: { readonly role?: unknown } } | null)?.user;
  return user?.role === "agent" || user?.role === "admin";
}

/** Hands what the headers say to the pacer, and closes what a busy answer closed. */
function teach(
  options: ClientOptions,
  calledClass: EndpointClass,
  answer: Incoming,
): ReturnType<typeof budgetsOf>["byClass"] {
  const budgets = budgetsOf(answer.headers, calledClass);
  for (const { class: limited, budget } of budgets.byClass) options.pacer.learn(limited, budget);
  const closed = closedBy(answer, budgets, calledClass, options.now());
  if (closed !== null) options.pacer.block(closed.class, closed.forMs);
  return budgets.byClass;
}

function addressOf(base: string, endpoint: Endpoint, call: Call): string {
  const ids = [...(call.ids ?? [])];
  const path = endpoint.path.replace(/\{[a-z_]+\}/g, (place) => {
    const id = ids.shift();
    // An id that is not a number never reaches an address; those of webhooks are ULIDs.
    const form = place === "{webhook_id}" ? /^[0-9A-Za-z]{1,40}$/ : /^\d+$/;
    if (id === undefined || !form.test(id)) throw new CannotApply(`not a Zendesk id while ${call.doing}`);
    return id;
  });
  const url = new URL(path, base);
  for (const [key, value] of Object.entries(call.query ?? {})) url.searchParams.set(key, value);
  return url.href;
}

function authorization(credentials: Credentials): string {
  if ("oauthToken" in credentials) return `Bearer ${credentials.oauthToken}`;
  const pair = `${credentials.email}/token:${credentials.apiToken}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}
