/**
 * The shared way out: one request with a deadline, a size cap and no redirects.
 *
 * What a status means is the connector's business; what cannot even be read (network, time-out, oversized, HTML where
 * JSON was promised, broken JSON) is turned into `TryAgain` or `Paused` here, so nobody mistakes it for an answer.
 */
import { NeedsAdmin, Paused, TryAgain } from "../src/errors.ts";

export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON; undefined = no body. */
  readonly json?: unknown;
  /**
   * What a success may carry; left out = JSON. "text" = a few words, as Slack answers; "document" = a text whose whole
   * becomes the answer's body.
   */
  readonly answers?: "text" | "document";
}

export interface Incoming {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or null for an empty body (204). Integers beyond 2^53 come as text. */
  readonly body: unknown;
  /** Set when a failure status came with something else than JSON, or text was expected: its first 200 characters. */
  readonly text: string | null;
}

export interface Limits {
  /** Name of the upstream for errors: `Zendesk`, `HubSpot`. */
  readonly upstream: string;
  /** Whole exchange, ms. */
  readonly deadlineMs: number;
  readonly maxBytes: number;
}

export type Fetch = typeof fetch;

/** Defaults for every connector: 10 s for an exchange, 5 MB for an answer. */
export const DEADLINE_MS = 10_000;
export const MAX_BYTES = 5 * 1024 * 1024;

/**
 * Sends one request and reads the whole answer.
 *
 * @throws TryAgain time-out, oversized or unreadable answer. @throws Paused the network or the host is not reachable.
 * @throws NeedsAdmin the address answers with a redirect: it is not the API.
 */
export async function send(
  request: Outgoing,
  limits: Limits,
  fetcher: Fetch = fetch,
  outer?: AbortSignal,
): Promise<Incoming> {
  const deadline = AbortSignal.timeout(limits.deadlineMs);
  const signal = outer === undefined ? deadline : AbortSignal.any([deadline, outer]);
  const doing = `${request.method} ${new URL(request.url).pathname}`;
  let response: Response | undefined;
  let bytes: Uint8Array;
  try {
    response = await fetcher(request.url, {
      method: request.method,
      headers: {
        accept: "application/json",
        ...(request.json === undefined ? {} : { "content-type": "application/json" }),
        ...request.headers,
      },
      ...(request.json === undefined ? {} : { body: JSON.stringify(request.json) }),
      redirect: "manual",
      signal,
    });
    bytes = await readAtMost(response, limits.maxBytes, `${limits.upstream} (${doing})`);
  } catch (cause) {
    throw response === undefined || isOurs(cause, outer)
      ? unreachable(cause, limits, doing, outer)
      : // The host is there and began to answer: that is this answer's trouble, not the whole upstream's.
        new TryAgain(`${limits.upstream} broke off in the middle of its answer to ${doing}`, { cause });
  }
  refuseRedirect(response, limits.upstream, doing);
  return read(response, bytes, limits.upstream, doing, request.answers);
}

/**
 * A `fetch` with the deadline and the size cap, for packages that bring a client of their own. Redirects come back as
 * they are and are not followed.
 *
 * @throws TryAgain and Paused as `send` does.
 */
export function boundedFetch(
  limits: Limits,
  fetcher: Fetch = fetch,
): (url: string, init: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const doing = `${init.method ?? "GET"} ${new URL(url).pathname}`;
    try {
      const signal = AbortSignal.timeout(limits.deadlineMs);
      const response = await fetcher(url, { ...init, redirect: "manual", signal });
      const bytes = await readAtMost(response, limits.maxBytes, `${limits.upstream} (${doing})`);
      const { status, statusText, headers } = response;
      return new Response(bytes.byteLength === 0 ? null : Buffer.from(bytes), {
        status,
        statusText,
        headers,
      });
    } catch (cause) {
      throw unreachable(cause, limits, doing);
    }
  };
}

/** What keeps a request from leaving: nobody was reached who could have acted on it. */
const NEVER_LEFT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT|.*CERT.*|.*SIGNATURE)$/;

/**
 * Is it certain that a request which failed with this error of `send` or `boundedFetch` never reached the other side? Where
 * it is not, a request that must not happen twice is not sent again.
 */
export function neverLeft(error: unknown): boolean {
  if (!(error instanceof Paused)) return false;
  const code = codeOf(error.cause) ?? codeOf((error.cause as Error | undefined)?.cause);
  // Without a code of the network `fetch` itself refused the request.
  return code === null || NEVER_LEFT.test(code);
}

function codeOf(cause: unknown): string | null {
  return typeof cause === "object" && cause !== null && "code" in cause && typeof cause.code === "string"
    ? cause.code
    : null;
}

/** Parses JSON and keeps integers beyond 2^53 exact, as text: ids must never change by being read. */
export function parseExact(text: string): unknown {
  const json = text.replace(/^\uFEFF/, "");
  // Only a number of sixteen digits or more can be beyond 2^53, and looking at every value takes ten times as long.
  return /\d{16}/.test(json) ? JSON.parse(json, exactly) : JSON.parse(json);
}

function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
    ? context?.source
    : value;
}

/** How deep JSON from outside may nest. */
const MAX_DEPTH = 32;

/** `parseExact` for what a stranger may have written. @throws SyntaxError also when it nests deeper than 32. */
export function parseShallow(bytes: Uint8Array): unknown {
  // Before parsing, for a parser can be exhausted by depth.
  if (depthOf(bytes) > MAX_DEPTH) throw new SyntaxError(`JSON nests deeper than ${MAX_DEPTH}`);
  return parseExact(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('"\\[]{}');

/** How deep brackets nest outside of texts. In UTF-8 none of these bytes is part of another character. */
function depthOf(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (quoted) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth -= 1;
  }
  return deepest;
}

/** Seconds or HTTP date of a Retry-After header → ms from `now`, between 0 and 15 minutes; null = none or senseless. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null || header.trim() === "") return null;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  if (!Number.isFinite(ms) || ms < 0) return null;
  return Math.min(ms, 15 * 60_000);
}

async function readAtMost(response: Response, maxBytes: number, from: string): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new TryAgain(`${from} sent more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Ended by our own cap, deadline or stop, and not by the other side. */
function isOurs(cause: unknown, outer?: AbortSignal): boolean {
  const name = cause instanceof Error ? cause.name : "";
  return (
    cause instanceof TryAgain || outer?.aborted === true || name === "TimeoutError" || name === "AbortError"
  );
}

function unreachable(cause: unknown, limits: Limits, doing: string, outer?: AbortSignal): Error {
  if (cause instanceof TryAgain) return cause;
  if (outer?.aborted === true)
    return new TryAgain(`stopped while waiting for ${limits.upstream} (${doing})`, { cause });
  // By name, not by class: an abort is a DOMException, which may come from another realm than this file's `Error`.
  const name = typeof cause === "object" && cause !== null && "name" in cause ? cause.name : "";
  if (name === "TimeoutError" || name === "AbortError")
    return new TryAgain(`${limits.upstream} did not answer ${doing} within ${limits.deadlineMs} ms`, {
      cause,
    });
  return new Paused(`${limits.upstream} cannot be reached (${doing})`, {
    upstream: limits.upstream,
    afterMs: 5_000,
    cause,
  });
}

function refuseRedirect(response: Response, upstream: string, doing: string): void {
  if (response.type !== "opaqueredirect" && (response.status < 300 || response.status > 399)) return;
  throw new NeedsAdmin(
    `${upstream} answered ${doing} with a redirect (${response.status}); it was not followed`,
    {
      fix: `Set the ${upstream} address to the API itself: exactly https://host, no path, not a vanity domain.`,
    },
  );
}

function read(
  response: Response,
  bytes: Uint8Array,
  upstream: string,
  doing: string,
  answers?: Outgoing["answers"],
): Incoming {
  const text = new TextDecoder().decode(bytes);
  const base = { status: response.status, headers: response.headers };
  if (answers === "document" && response.ok) return { ...base, body: text, text: null };
  if (answers !== undefined) return { ...base, body: null, text: text.slice(0, 200) };
  if (text.trim() === "") {
    if (response.ok && response.status !== 204 && response.status !== 205)
      throw new TryAgain(`${upstream} answered ${doing} with ${response.status} and nothing in it`);
    return { ...base, body: null, text: null };
  }
  try {
    return { ...base, body: parseExact(text), text: null };
  } catch (cause) {
    if (response.ok)
      throw new TryAgain(
        `${upstream} answered ${doing} with ${response.status} and something that is not JSON`,
        {
          cause,
        },
      );
    return { ...base, body: null, text: text.slice(0, 200) };
  }
}
