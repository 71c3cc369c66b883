/**
 * Webhooks in: keep the raw bytes, let the connector verify them, store, and only then answer 200.
 *
 * The answers are chosen for how the senders behave: Zendesk never retries a 500 and feeds its circuit breaker with
 * every 4xx; HubSpot retries any non-2xx ten times. So 503 + Retry-After while the store cannot commit, and 200 for a
 * genuine event that we merely do not handle. (contract of the route: README, "HTTP")
 */
import express, { type NextFunction, type Request, type Response, type Router } from "express";
import { errorFields, type Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Clock, Inbox, Lane, NewDelivery, RawRequest, WebhookReading } from "./ports.ts";

/** Larger bodies get 413. A long non-Latin ticket description passes 256 kB, and a 413 is never retried. */
export const MAX_BODY_BYTES = 1024 * 1024;
const RETRY_AFTER_SECONDS = "30";

export interface WebhookSource {
  readonly name: string;
  /** Verifies the exact bytes, then says what they are. */
  readonly read: (request: RawRequest) => WebhookReading;
}

export interface WebhookPorts {
  readonly sources: readonly WebhookSource[];
  readonly inbox: Inbox;
  /** Which lane a delivery belongs to; one local look-up. */
  readonly laneOf: (delivery: NewDelivery) => Promise<Lane>;
  /** null = accepting; else why webhooks are not accepted at all (set-up mode). */
  readonly closed: string | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Called after something was stored that is due in `delayMs`, so that a worker need not wait for its next look. */
  readonly stored: (delayMs: number) => void;
}

/** Routes `POST /webhooks/<source>` for every source. */
export function webhookRoutes(ports: WebhookPorts): Router {
  const router = express.Router();
  const raw = express.raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: false });
  for (const source of ports.sources)
    router.post(
      `/webhooks/${source.name}`,
      raw,
      (request: Request, response: Response) => accept(source, ports, request, response),
      (error: unknown, _request: Request, response: Response, _next: NextFunction) =>
        answerFailure(source, ports, error, response),
    );
  return router;
}

async function accept(
  source: WebhookSource,
  ports: WebhookPorts,
  request: Request,
  response: Response,
): Promise<void> {
  if (ports.closed !== null) return unavailable(response, ports.closed);
  const reading = source.read(rawRequest(request));
  switch (reading.kind) {
    case "refused":
      ports.metrics.webhook(source.name, "refused");
      ports.log.warn({ source: source.name, why: reading.why }, "webhook refused");
      return void response.status(401).json({ error: "unauthorized", message: reading.why });
    case "malformed":
      ports.metrics.webhook(source.name, "malformed");
      ports.log.warn({ source: source.name, why: reading.why }, "signed webhook cannot be read");
      return void response.status(400).json({ error: "bad_request", message: reading.why });
    case "ignored":
      ports.metrics.webhook(source.name, "ignored");
      return void response.status(200).json({ ignored: true });
    case "delivery":
      return store(source, ports, reading.delivery, response);
  }
}

async function store(
  source: WebhookSource,
  ports: WebhookPorts,
  delivery: NewDelivery,
  response: Response,
): Promise<void> {
  const lane = await ports.laneOf(delivery);
  const delay = delayMs(delivery, ports.clock.now());
  const result = await ports.inbox.accept(delivery, lane, delay);
  ports.metrics.webhook(source.name, result);
  if (delivery.flagged)
    ports.log.warn(
      { source: source.name, subject: delivery.subjectId },
      "webhook with odd timestamp stored and flagged",
    );
  if (result === "stored") ports.stored(delay);
  response.status(200).json({ ok: true, ...(result === "repeat" ? { repeat: true } : {}) });
}

/**
 * How long to wait before a worker may read the ticket: until the second of its stamp has ended. Zendesk's stamps have
 * whole seconds, so only then is a conditional write a true fence; waiting here costs no call and holds no worker.
 */
export function delayMs(delivery: NewDelivery, now: number): number {
  const stamp =
    delivery.flagged || delivery.hint === null ? Number.NaN : Date.parse(delivery.hint.updatedAt ?? "");
  if (!Number.isFinite(stamp)) return 0;
  const secondEnds = (Math.floor(stamp / 1000) + 1) * 1000;
  return Math.min(Math.max(secondEnds - now, 0), 2_000);
}

function rawRequest(request: Request): RawRequest {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers))
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  // express.raw leaves no Buffer behind for an empty body
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return { method: request.method, path: request.originalUrl, headers, body };
}

/** Counted by the source's name: an address has endless spellings, and each would be a series of its own. */
function answerFailure(source: WebhookSource, ports: WebhookPorts, error: unknown, response: Response): void {
  const status = typeof error === "object" && error !== null && "status" in error ? Number(error.status) : 0;
  if (status === 413) {
    ports.metrics.webhook(source.name, "too_large");
    return void response
      .status(413)
      .json({ error: "too_large", message: `A webhook may have ${MAX_BODY_BYTES} bytes at most.` });
  }
  if (status >= 400 && status < 500)
    return void response
      .status(status)
      .json({ error: "bad_request", message: "The request cannot be read." });
  ports.metrics.webhook(source.name, "unavailable");
  ports.log.error(errorFields(error), "webhook could not be stored");
  unavailable(response, "The delivery could not be stored; please send it again.");
}

function unavailable(response: Response, message: string): void {
  response.status(503).set("Retry-After", RETRY_AFTER_SECONDS).json({ error: "unavailable", message });
}
