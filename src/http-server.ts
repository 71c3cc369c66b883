/** The HTTP side of the service: webhooks, health, metrics. Starts listening, and stops without losing a request. */
import { timingSafeEqual } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type NextFunction, type Request, type Response } from "express";
import { isLoopback } from "./config.ts";
import { errorFields, type Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Handler } from "./webhooks.ts";

/** State of one thing we depend on. */
export interface Dependency {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface HttpParts {
  /** Asked first. */
  readonly webhooks: Handler;
  readonly routes: readonly express.Router[];
  readonly metrics: Metrics;
  readonly metricsToken: () => string | null;
  readonly dependencies: () => Promise<readonly Dependency[]>;
  readonly log: Log;
}

/** Everything that is answered, without listening. */
export function application(parts: HttpParts): RequestListener {
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.get("/healthz", (_request, response) => void response.json({ ok: true }));
  app.get("/readyz", async (request, response) => {
    const dependencies = await parts.dependencies();
    const ok = dependencies.every((d) => d.ok);
    response.status(ok ? 200 : 503).json(mayLookInside(request, parts) ? { ok, dependencies } : { ok });
  });
  app.get("/metrics", async (request, response) => {
    if (!mayLookInside(request, parts)) return void response.status(404).json({ error: "not_found" });
    response.type(parts.metrics.contentType).send(await parts.metrics.text());
  });
  for (const router of parts.routes) app.use(router);
  app.use((_request, response) => void response.status(404).json({ error: "not_found" }));
  // Express would answer with the stack otherwise.
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (isUnreadable(error))
      return void response.status(400).json({ error: "bad_request", message: "The request cannot be read." });
    // The route's pattern and not the address, which may hold what nobody else should read.
    const route = String(request.route?.path ?? "none");
    parts.log.error(
      { ...errorFields(error), method: request.method, route },
      "request could not be answered",
    );
    if (response.headersSent) return next(error);
    response.status(500).json({ error: "internal", message: "The request could not be answered." });
  });
  return (request, response) => parts.webhooks(request, response, () => app(request, response));
}

/** Is it the request that is wrong, and not we? */
function isUnreadable(error: unknown): boolean {
  if (typeof error !== "object" || error === null || !("status" in error)) return false;
  return Number(error.status) >= 400 && Number(error.status) < 500;
}

/** Metrics and the names of dependencies are for the bearer of METRICS_TOKEN, or without one for direct local callers. */
function mayLookInside(request: Request, parts: HttpParts): boolean {
  const token = parts.metricsToken();
  if (token !== null) return sameText(request.headers.authorization ?? "", `Bearer ${token}`);
  const forwarded = request.headers.forwarded ?? request.headers["x-forwarded-for"];
  const from = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  return forwarded === undefined && isLoopback(from);
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

export interface Listening {
  readonly url: string;
  /** Takes no new connection, lets running requests end, then resolves; cuts what is left after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Listens; port 0 takes a free one. Slow or idle clients are cut so that they cannot hold the server. */
export async function listen(app: RequestListener, host: string, port: number): Promise<Listening> {
  const server = createServer(
    // Node looks for clients that are too slow every 30 s unless told otherwise: limits below that would mean nothing.
    {
      requestTimeout: 9_000,
      headersTimeout: 8_000,
      keepAliveTimeout: 30_000,
      connectionsCheckingInterval: 1_000,
    },
    app,
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
  const address = server.address() as AddressInfo;
  const shown = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return { url: `http://${shown}:${address.port}`, stop: (graceMs) => stop(server, graceMs) };
}

async function stop(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}
