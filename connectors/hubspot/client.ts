/** One way to HubSpot: paced, with deadline, size cap and short retries; every answer is checked before it is used. */
import type { z } from "zod";
import { Paused, TryAgain } from "../../src/errors.ts";
import type { RelatedSources } from "../../src/policy/model.ts";
import type { Health, Lane, Pacer } from "../../src/ports.ts";
import { DEADLINE_MS, type Fetch, type Incoming, MAX_BYTES, send } from "../http.ts";
import { type Day, day } from "./day.ts";
import { HUBSPOT, hubspotFailure, isDayUsedUp, missingProperty, refusedToken } from "./failure.ts";
import type { EndpointClass } from "./limits.ts";
import { accountSchema, propertiesSchema } from "./schemas.ts";
import { accountDetails, listProperties, type Request, type Written } from "./sdk.ts";

export interface HubspotOptions {
  /** Address of the API; undefined = HubSpot's own. */
  readonly url?: string;
  /** The token of this moment: asked before each call, so it can change without a restart. */
  readonly token: () => string;
  readonly pacer: Pacer;
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly fetch?: Fetch;
  /** Longest exchange, ms; undefined = 10 s. */
  readonly deadlineMs?: number;
  /** Facts brought together from deals and line items, by the name they are handed over under; undefined = none. */
  readonly related?: RelatedSources;
  /** Property with the parent's id, told with the walk over everything; undefined or null = not told. */
  readonly parent?: string | null;
}

/** One call: what to ask, how urgent it is, and which refusals the caller understands itself. */
export interface Call {
  readonly request: Request;
  readonly endpoint?: EndpointClass;
  readonly lane: Lane;
  readonly signal?: AbortSignal;
  /** Failure statuses that are answers to the caller; all others are thrown. */
  readonly expected?: readonly number[];
  /** Tries in all for faults that pass within seconds; undefined = 3. */
  readonly tries?: number;
}

/** An answer, and to what (`POST /crm/…`). */
export interface Answer extends Incoming {
  readonly doing: string;
}

export interface Client {
  /** The answer to a call, success or expected refusal. @throws one of `errors.ts`. */
  exchange(call: Call): Promise<Answer>;
  /** The answer in our shape. @throws TryAgain a success that does not look like one, and what `exchange` throws. */
  ask<T>(call: Call, schema: z.ZodType<T>): Promise<T>;
  /** The error for a refusal that a caller expected and cannot deal with after all. */
  failureOf(answer: Answer, call: Call): Promise<Error>;
  /** Requests sent since the start, by endpoint class. */
  calls(): Readonly<Record<EndpointClass, number>>;
  /** What is known about the account's day. */
  readonly day: Day;
}

/** What all calls of one connection share. */
interface Line {
  readonly options: HubspotOptions;
  readonly counts: Record<EndpointClass, number>;
  readonly day: Day;
}

const HOME = "https://api.hubapi.com";
/** A wait longer than this is the caller's to plan; the ten-second window is the longest that passes by itself. */
const PATIENCE_MS = 10_000;

/** A client for one HubSpot account. Nothing is loaded or sent before the first call. */
export function createClient(options: HubspotOptions): Client {
  const line: Line = { options, counts: { search: 0, general: 0 }, day: day() };
  return {
    exchange: (call) => exchange(line, call),
    ask: async (call, schema) => shaped(await exchange(line, call), schema),
    failureOf: (answer, call) => failureOf(line, answer, call),
    calls: () => ({ ...line.counts }),
    day: line.day,
  };
}

/** A success's body in our shape. @throws TryAgain where it is something else, for example a log-in page's `{}`. */
export function shaped<T>(answer: Answer, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join(".") || "as a whole";
  throw new TryAgain(
    `HubSpot answered ${answer.doing} with ${answer.status}, but not in its shape (${where})`,
  );
}

/** Asks until it is answered, but not more often than `tries`; the waits between are those HubSpot asks for. */
async function exchange(line: Line, call: Call): Promise<Answer> {
  const { pacer, sleep } = line.options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await pacer.run(endpointOf(call), call.lane, () => once(line, call));
    } catch (error) {
      const waitMs = shortWait(error, attempt);
      if (waitMs === null || attempt >= (call.tries ?? 3) || call.signal?.aborted === true) throw error;
      await sleep(waitMs, call.signal);
    }
  }
}

async function once(line: Line, call: Call): Promise<Answer> {
  if (call.signal?.aborted === true) throw new TryAgain("stopped before asking HubSpot");
  const answer = await wellOrNot(line, call);
  learn(line.options.pacer, endpointOf(call), answer.headers);
  line.day.learn(answer.headers);
  if (line.day.shouldAskZone()) await askZone(line, call);
  if (answer.status >= 200 && answer.status < 300) return answer;
  const understood = (call.expected ?? []).includes(answer.status) && answer.text === null;
  if (understood) return answer;
  throw await failureOf(line, answer, call);
}

/** One exchange, of which the pacer hears how HubSpot fared. */
async function wellOrNot(line: Line, call: Call): Promise<Answer> {
  const { pacer } = line.options;
  try {
    const answer = await sent(line, call);
    pacer.met(endpointOf(call), healthOf(answer.status));
    return answer;
  } catch (error) {
    const stopped = call.signal?.aborted === true;
    // A `fix` speaks of our settings: nothing was sent.
    if (!stopped && error instanceof Paused && error.fix === null) pacer.met(endpointOf(call), "unreachable");
    if (!stopped && error instanceof TryAgain) pacer.met(endpointOf(call), "failing");
    throw error;
  }
}

/** 423 and 477 are about one record or the account's move: HubSpot itself is well. */
function healthOf(status: number): Health {
  if (status === 429) return "busy";
  return status >= 500 || status === 408 ? "failing" : "well";
}

/** One exchange, whatever comes back. */
async function sent(line: Line, call: Call): Promise<Answer> {
  const { options, counts } = line;
  const held: { answer: Answer | null } = { answer: null };
  const sender = async (request: Written): Promise<void> => {
    const doing = `${request.method} ${new URL(request.url).pathname}`;
    const headers = { authorization: bearer(options.token()), "user-agent": "priority-support" };
    const limits = {
      upstream: HUBSPOT,
      deadlineMs: options.deadlineMs ?? DEADLINE_MS,
      maxBytes: MAX_BYTES,
    };
    counts[endpointOf(call)] += 1;
    const answer = await send({ ...request, headers }, limits, options.fetch, call.signal);
    held.answer = { ...answer, doing };
  };
  try {
    await call.request((options.url ?? HOME).replace(/\/+$/, ""), sender);
  } catch (error) {
    // Once we hold the answer, what HubSpot's client makes of the empty one it was given does not matter.
    if (held.answer === null) throw error;
  }
  if (held.answer === null) throw new Error("HubSpot's client wrote no request");
  return held.answer;
}

async function failureOf(line: Line, answer: Answer, call: Call): Promise<Error> {
  const wanted = answer.status === 400 && missingProperty(answer.body) !== null;
  const failure = hubspotFailure(answer, {
    endpoint: endpointOf(call),
    doing: answer.doing,
    at: line.options.now(),
    zone: line.day.zone(),
    resetsAt: line.day.resetsAt(line.options.now()),
    properties: wanted ? await propertyNames(line, call) : null,
  });
  if (answer.status === 401 && failure instanceof Paused && failure.fix !== null)
    line.options.pacer.refused(failure.message, failure.fix);
  if (failure instanceof Paused && failure.afterMs !== null)
    line.options.pacer.block(closedBy(answer, call), failure.afterMs);
  return failure;
}

/** A refusal for too many calls closes its own class, unless it is the day that is used up. */
function closedBy(answer: Answer, call: Call): EndpointClass | null {
  return answer.status === 429 && !isDayUsedUp(answer.body) ? endpointOf(call) : null;
}

/** Asked while calls are left: afterwards nobody could tell how long a used-up day lasts. Not worth a failure. */
async function askZone(line: Line, call: Call): Promise<void> {
  const { signal, lane } = call;
  try {
    const answer = await sent(line, { request: accountDetails(), lane, ...(signal && { signal }) });
    line.day.zoneIs(shaped(answer, accountSchema).timeZone);
  } catch {
    return;
  }
}

/** Names to suggest; a suggestion is not worth a second failure, so null when they cannot be read. */
async function propertyNames(line: Line, call: Call): Promise<readonly string[] | null> {
  const { signal, lane } = call;
  try {
    const answer = await sent(line, { request: listProperties(), lane, ...(signal && { signal }) });
    return shaped(answer, propertiesSchema).map((property) => property.name);
  } catch {
    return null;
  }
}

function endpointOf(call: Call): EndpointClass {
  return call.endpoint ?? "general";
}

/** How long to wait before the next try of a fault that passes by itself; null = the caller must know. */
function shortWait(error: unknown, attempt: number): number | null {
  if (error instanceof TryAgain || error instanceof Paused) {
    if (error instanceof Paused && error.afterMs === null) return null;
    const waitMs = error.afterMs ?? 500 * attempt;
    return waitMs <= PATIENCE_MS ? waitMs : null;
  }
  return null;
}

/** @throws Paused an empty token, or one that no header can carry; the token itself is never repeated. */
function bearer(token: string): string {
  const trimmed = token.trim();
  if (trimmed === "") throw refusedToken("No HubSpot access token is set");
  if (!/^[\x21-\x7e]+$/.test(trimmed))
    throw refusedToken("The HubSpot access token holds characters no token has");
  return `Bearer ${trimmed}`;
}

/**
 * The window's budget stands in three headers; answers of search carry none of them (624 of 624 recorded). The window
 * rolls, so after a tenth of it some calls are free again: nobody has to wait for the whole of it.
 */
function learn(pacer: Pacer, endpoint: EndpointClass, headers: Headers): void {
  const read = (name: string): number => {
    const text = headers.get(`x-hubspot-ratelimit-${name}`);
    return text === null || text.trim() === "" ? Number.NaN : Number(text);
  };
  const [limit, remaining, windowMs] = [read("max"), read("remaining"), read("interval-milliseconds")];
  if (![limit, remaining, windowMs].every((value) => Number.isFinite(value) && value >= 0)) return;
  pacer.learn(endpoint, { limit, remaining, resetsInMs: Math.ceil(windowMs / 10), rolling: true });
}
