/**
 * A thin client of Zendesk's REST API: one call at a time through the pacer, every answer judged in one place.
 *
 * Our own because the published ones report a 429 or an HTML error page as success (decision page on the Zendesk
 * client). It never retries: whoever holds the work decides that by the error's type.
 */
import { CannotApply, NeedsAdmin, Paused, TryAgain } from "../../src/errors.ts";
import type { Health, Lane, Pacer } from "../../src/ports.ts";
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
  /** Says what a refusal means for this call; null = what it means everywhere. */
  readonly refused?: (answer: Incoming) => Promise<Error | null>;
  readonly signal?: AbortSignal;
  /** Larger answers only where a page is known to be large. */
  readonly maxBytes?: number;
  /** Runs when the call is about to leave, after every wait; where it rejects nothing is sent. */
  readonly before?: () => Promise<void>;
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

/** What all calls of one client share. */
interface Line {
  readonly options: ClientOptions;
  readonly counts: Map<EndpointClass, number>;
  readonly left: Map<string, Budget>;
}

/** A client for one Zendesk account. Nothing is sent until it is asked. */
export function openClient(options: ClientOptions): ZendeskClient {
  const line: Line = { options, counts: new Map(), left: new Map() };
  const report = options.report ?? ((): void => {});
  // Many calls refused at once are explained by one question.
  const asked: { current: Promise<boolean> | null } = { current: null };
  const nothingElseWorks = (refused: Call): Promise<boolean> => {
    asked.current ??= nothingWorks(line, refused).finally(() => {
      asked.current = null;
    });
    return asked.current;
  };

  const call = async (wanted: Call): Promise<Answer | null> => {
    const answer = await exchange(line, wanted);
    if (wanted.absent?.includes(answer.status)) return null;
    if (answer.status < 200 || answer.status > 299) {
      const own = (await wanted.refused?.(answer)) ?? null;
      if (own !== null) throw own;
      const accountWide = answer.status === 403 && (await nothingElseWorks(wanted));
      if (accountWide) refuse(options, answer, wanted);
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
    calls: () => Object.fromEntries(line.counts),
    budgets: () => Object.fromEntries(line.left),
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
async function nothingWorks(line: Line, refused: Call): Promise<boolean> {
  if (refused.endpoint === "me") return true;
  const { lane } = refused;
  try {
    const answer = await exchange(line, { endpoint: "me", lane, doing: "asking who we are" });
    return answer.status === 401 || answer.status === 403 || !isStaff(answer.body);
  } catch (error) {
    // Somebody else has found out meanwhile.
    if (error instanceof Paused && error.fix !== null) return true;
    // The probe only sorts the refusal: where it fails itself, the refusal stands as one of this call.
    if (error instanceof Paused || error instanceof TryAgain || error instanceof NeedsAdmin) return false;
    throw error;
  }
}

function isStaff(body: unknown): boolean {
  const user = (body as { readonly user?: { readonly role?: unknown } } | null)?.user;
  return user?.role === "agent" || user?.role === "admin";
}

/** One call when it is its turn, whatever comes back; the pacer hears how Zendesk fared. */
async function exchange(line: Line, call: Call): Promise<Incoming> {
  const endpoint: Endpoint = endpoints[call.endpoint];
  const { pacer, url: base } = line.options;
  const url = addressOf(base, endpoint, call);
  const work = async (): Promise<Incoming> => {
    try {
      const answer = await once(line, call, endpoint, url);
      pacer.met(endpoint.class, healthOf(answer.status));
      return answer;
    } catch (error) {
      const stopped = call.signal?.aborted === true;
      if (!stopped && error instanceof Paused) pacer.met(endpoint.class, "unreachable");
      if (!stopped && error instanceof TryAgain) pacer.met(endpoint.class, "failing");
      throw error;
    }
  };
  return pacer.run(endpoint.class, call.lane, work, call.before);
}

async function once(line: Line, call: Call, endpoint: Endpoint, url: string): Promise<Incoming> {
  const { options, counts, left } = line;
  counts.set(endpoint.class, (counts.get(endpoint.class) ?? 0) + 1);
  const answer = await send(
    {
      method: endpoint.method,
      url,
      headers: { authorization: authorization(options.credentials()) },
      ...(call.json === undefined ? {} : { json: call.json }),
      ...(endpoint.answers === undefined ? {} : { answers: endpoint.answers }),
    },
    { upstream: "Zendesk", deadlineMs: DEADLINE_MS, maxBytes: call.maxBytes ?? MAX_BYTES },
    options.fetch ?? fetch,
    call.signal,
  );
  for (const { class: limited, budget } of teach(options, endpoint.class, answer)) left.set(limited, budget);
  if (answer.status === 401) refuse(options, answer, call);
  return answer;
}

function healthOf(status: number): Health {
  if (status === 429) return "busy";
  return status >= 500 || status === 408 ? "failing" : "well";
}

/** Nothing works with these credentials: the pacer lets nothing through until they change. */
function refuse({ pacer, now }: ClientOptions, answer: Incoming, { doing }: Call): void {
  const failure = zendeskFailure(answer, { doing, now: now(), accountWide: true });
  if (failure instanceof Paused && failure.fix !== null) pacer.refused(failure.message, failure.fix);
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

const WITH_LETTERS: readonly string[] = ["{webhook_id}", "{queue_id}"];

function addressOf(base: string, endpoint: Endpoint, call: Call): string {
  const ids = [...(call.ids ?? [])];
  const path = endpoint.path.replace(/\{[a-z_]+\}/g, (place) => {
    const id = ids.shift();
    // An id that is not a number never reaches an address; those of webhooks and queues are ULIDs.
    const form = WITH_LETTERS.includes(place) ? /^[0-9A-Za-z]{1,40}$/ : /^\d+$/;
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
