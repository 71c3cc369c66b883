/**
 * The plumbing under every sandbox: a real HTTP server on the loopback address with routes, a journal of everything
 * that happened, faults on demand and a clock that is handed in. What a product answers is not decided here.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Fault, type FaultList, faultFromJson, faultList } from "./faults.ts";
import { findRoute, flatHeaders, parseBody, readBody } from "./request.ts";

export { type Fault, faultList } from "./faults.ts";
export { parseBody } from "./request.ts";
export { type WindowLimiter, type WindowVerdict, windowLimiter } from "./window.ts";

/** One request as a handler sees it. Header names are lower case. */
export interface Call {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON (integers beyond 2^53 as text); undefined = no body or not JSON. */
  readonly body: unknown;
  readonly rawBody: string;
  /** Writes what the request changed into the journal; may be called several times. */
  effect(what: unknown): void;
}

/** What is answered. `body` goes out as JSON, `text` as it is; neither = an empty body. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: string;
}

/** One served method and path; `:name` stands for one path segment. `callClass` groups requests when counting. */
export interface Route {
  readonly method: string;
  readonly pattern: string;
  readonly callClass: string;
  readonly handle: (call: Call) => Reply | Promise<Reply>;
}

/** One line of the journal. `status: null` = the caller never got an answer. */
export interface JournalEntry {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: unknown;
  readonly status: number | null;
  /** What the request changed, in the order it changed; empty = nothing. */
  readonly effect: readonly unknown[];
  readonly callClass: string;
}

export interface ServerOptions {
  readonly routes: readonly Route[];
  /** 0 or absent = a free port. */
  readonly port?: number;
  readonly now?: () => number;
  /** Pause between applying a request and answering it, ms. */
  readonly latencyMs?: number;
  /** Looks at a request before its route does (login, limits); a reply ends the matter. `route` is null for unknown paths. */
  readonly before?: (call: Call, route: Route | null) => Reply | null;
  /** Last touch on every answer (limit headers). */
  readonly after?: (call: Call, reply: Reply) => Reply;
  /** Answer for paths nobody serves; default 404 with an empty object. */
  readonly notFound?: (call: Call) => Reply;
  /** Answer when a handler throws; default 500. */
  readonly failed?: (call: Call, error: unknown) => Reply;
  /** Rewrites a path before it is matched (`.json` endings). */
  readonly normalise?: (path: string) => string;
  /** What `GET /_sandbox/state` shows; absent = no control routes at all. */
  readonly control?: () => unknown;
}

/** A running server. */
export interface SandboxServer {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly port: number;
  /** Append-only, oldest first. */
  readonly journal: readonly JournalEntry[];
  /** Adds an entry for something that no request caused. */
  note(entry: JournalEntry): void;
  /** Makes matching requests go wrong; the answer takes it back. */
  fault(fault: Fault): () => void;
  clearFaults(): void;
  /** Requests so far by call class; unknown paths count as `unknown`. */
  calls(): Readonly<Record<string, number>>;
  /** Ends every connection and timer. */
  close(): Promise<void>;
}

interface Running {
  readonly options: ServerOptions;
  readonly now: () => number;
  readonly journal: JournalEntry[];
  readonly faults: FaultList;
  readonly counts: Map<string, number>;
  readonly timers: Set<NodeJS.Timeout>;
}

/** Starts a server on 127.0.0.1. */
export async function startServer(options: ServerOptions): Promise<SandboxServer> {
  const now = options.now ?? Date.now;
  const running: Running = {
    options,
    now,
    journal: [],
    faults: faultList(),
    counts: new Map(),
    timers: new Set(),
  };
  const server = createServer((request, response) => {
    serve(running, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    journal: running.journal,
    note: (entry) => {
      running.journal.push(entry);
    },
    fault: (fault) => running.faults.add(fault),
    clearFaults: () => running.faults.clear(),
    calls: () => Object.fromEntries(running.counts),
    close: () => stop(running, server),
  };
}

async function stop(running: Running, server: Server): Promise<void> {
  for (const timer of running.timers) clearTimeout(timer);
  running.timers.clear();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

async function serve(running: Running, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const rawBody = await readBody(request);
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const { options } = running;
  if (options.control !== undefined && url.pathname.startsWith("/_sandbox/")) {
    send(running, response, controlReply(running, request.method ?? "GET", url, rawBody), null);
    return;
  }
  const path = options.normalise?.(url.pathname) ?? url.pathname;
  const found = findRoute(options.routes, request.method ?? "GET", path);
  const effects: unknown[] = [];
  const call: Call = {
    at: running.now(),
    method: request.method ?? "GET",
    path,
    query: url.searchParams,
    params: found?.params ?? {},
    headers: flatHeaders(request),
    body: parseBody(rawBody),
    rawBody,
    effect: (what) => {
      effects.push(what);
    },
  };
  const callClass = found?.route.callClass ?? "unknown";
  running.counts.set(callClass, (running.counts.get(callClass) ?? 0) + 1);
  const fault = running.faults.hit(call.method, path, url.searchParams.toString());
  const reply = spoilt(fault, await answer(options, call, found?.route ?? null, fault));
  const status = fault?.hang === true || fault?.reset === true ? null : reply.status;
  running.journal.push({
    at: call.at,
    method: call.method,
    path,
    query: url.searchParams.toString(),
    body: call.body,
    status,
    effect: effects,
    callClass,
  });
  await pause(running, fault?.delayMs ?? options.latencyMs ?? 0);
  if (fault?.reset === true) request.socket.resetAndDestroy();
  else if (fault?.hang !== true) send(running, response, reply, fault);
}

async function answer(
  options: ServerOptions,
  call: Call,
  route: Route | null,
  fault: Fault | null,
): Promise<Reply> {
  if (fault !== null && fault.afterApplying !== true && isFatal(fault)) return { status: 0 };
  const finish = (reply: Reply): Reply => options.after?.(call, reply) ?? reply;
  const early = options.before?.(call, route) ?? null;
  if (early !== null) return finish(early);
  if (route === null) return finish(options.notFound?.(call) ?? { status: 404, body: {} });
  try {
    return finish(await route.handle(call));
  } catch (error) {
    if (options.failed === undefined) return finish({ status: 500, body: { error: String(error) } });
    return finish(options.failed(call, error));
  }
}

const isFatal = (fault: Fault): boolean =>
  fault.status !== undefined || fault.hang === true || fault.reset === true || fault.bodyText !== undefined;

function spoilt(fault: Fault | null, reply: Reply): Reply {
  if (fault === null) return reply;
  const ownBody = fault.bodyText !== undefined || fault.body !== undefined || fault.status !== undefined;
  return {
    status: fault.status ?? (reply.status === 0 ? 200 : reply.status),
    headers: { ...(ownBody ? {} : reply.headers), ...fault.headers },
    ...(fault.bodyText === undefined ? {} : { text: fault.bodyText }),
    ...(fault.bodyText === undefined ? { body: ownBody ? fault.body : reply.body } : {}),
    ...(ownBody || reply.text === undefined ? {} : { text: reply.text }),
  };
}

function send(running: Running, response: ServerResponse, reply: Reply, fault: Fault | null): void {
  if (response.destroyed) return;
  const payload = reply.text ?? (reply.body === undefined ? "" : JSON.stringify(reply.body, jsonOfMaps));
  response.sendDate = false;
  response.statusCode = reply.status;
  response.setHeader("date", new Date(running.now()).toUTCString());
  if (payload !== "") {
    response.setHeader(
      "content-type",
      reply.text === undefined ? "application/json; charset=utf-8" : "text/html; charset=utf-8",
    );
  }
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (fault?.dripMs === undefined) response.end(payload);
  else drip(running, response, Buffer.from(payload), fault.dripMs);
}

function drip(running: Running, response: ServerResponse, bytes: Buffer, everyMs: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    if (sent >= bytes.length || response.destroyed) {
      clearInterval(timer);
      running.timers.delete(timer);
      response.end();
      return;
    }
    response.write(bytes.subarray(sent, sent + 1));
    sent += 1;
  }, everyMs);
  running.timers.add(timer);
}

function controlReply(running: Running, method: string, url: URL, rawBody: string): Reply {
  const what = `${method} ${url.pathname.slice("/_sandbox/".length)}`;
  if (what === "GET journal")
    return { status: 200, body: running.journal.slice(Number(url.searchParams.get("since") ?? 0)) };
  if (what === "GET state") return { status: 200, body: running.options.control?.() };
  if (what === "GET calls") return { status: 200, body: Object.fromEntries(running.counts) };
  if (what === "DELETE faults") {
    running.faults.clear();
    return { status: 204 };
  }
  if (what !== "POST faults") return { status: 404, body: { error: "no such control route" } };
  running.faults.add(faultFromJson(parseBody(rawBody)));
  return { status: 201, body: {} };
}

async function pause(running: Running, ms: number): Promise<void> {
  if (ms <= 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      running.timers.delete(timer);
      resolve();
    }, ms);
    running.timers.add(timer);
  });
}

const jsonOfMaps = (_key: string, value: unknown): unknown =>
  value instanceof Map ? Object.fromEntries(value) : value instanceof Set ? [...value] : value;
