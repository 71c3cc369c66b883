/**
 * Webhooks in: keep the raw bytes, let the connector verify them, store, and only then answer 200.
 *
 * The answers are chosen for how the senders behave: Zendesk never retries a 500 and feeds its circuit breaker with
 * every 4xx; HubSpot retries any non-2xx ten times. So 503 + Retry-After while the store cannot commit, and 200 for a
 * genuine event that we merely do not handle. (contract of the route: README, "HTTP")
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { errorFields, type Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Clock, Inbox, LaneChoice, NewDelivery, RawRequest, WebhookReading } from "./ports.ts";
import { readBody } from "./request-body.ts";

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
  /** Which lane a delivery belongs to. */
  readonly laneOf: (delivery: NewDelivery) => LaneChoice;
  /** null = accepting; else why webhooks are not accepted at all (set-up mode). */
  readonly closed: string | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Called after something was stored that is due in `delayMs`, so that a worker need not wait for its next look. */
  readonly stored: (delayMs: number) => void;
  /** Called for each delivery: was it signed at an odd time? */
  readonly timed: (source: string, flagged: boolean) => void;
}

/** Answers a request, or calls `next` when it is not its own. */
export type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/**
 * Answers `POST /webhooks/<source>` for every source, however the address is spelled.
 *
 * On the bare server and not in a framework: a delivery then costs a third less (docs/performance.md).
 */
export function webhookRoutes(ports: WebhookPorts): Handler {
  const sources = new Map(ports.sources.map((source) => [`/webhooks/${source.name}`, source]));
  return (request, response, next) => {
    const source = request.method === "POST" ? sources.get(pathOf(request.url ?? "")) : undefined;
    if (source === undefined) return next();
    answer(source, ports, request).then(
      (said) => say(response, said),
      (error: unknown) => say(response, failed(source, ports, error)),
    );
  };
}

function pathOf(url: string): string {
  const end = url.indexOf("?");
  return (end === -1 ? url : url.slice(0, end)).toLowerCase().replace(/\/$/, "");
}

/** An answer; `retryAfter` in seconds. */
interface Answer {
  readonly status: number;
  readonly body: object;
  readonly retryAfter?: string;
}

const STORED: Answer = { status: 200, body: { ok: true } };
const REPEATED: Answer = { status: 200, body: { ok: true, repeat: true } };
const IGNORED: Answer = { status: 200, body: { ignored: true } };
const TOO_LARGE: Answer = {
  status: 413,
  body: { error: "too_large", message: `A webhook may have ${MAX_BODY_BYTES} bytes at most.` },
};
const UNREADABLE = { error: "bad_request", message: "The request cannot be read." };

function say(response: ServerResponse, { status, body, retryAfter }: Answer): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Length": Buffer.byteLength(text),
      ...(retryAfter === undefined ? {} : { "Retry-After": retryAfter }),
    })
    .end(text);
}

async function answer(source: WebhookSource, ports: WebhookPorts, request: IncomingMessage): Promise<Answer> {
  const body = await readBody(request, MAX_BODY_BYTES);
  switch (body.kind) {
    case "whole":
      return ports.closed === null
        ? accept(source, ports, rawRequest(request, body.bytes))
        : unavailable(ports.closed);
    case "too_large":
      // Counted by the source's name: an address has endless spellings, and each would be a series of its own.
      ports.metrics.webhook(source.name, "too_large");
      return TOO_LARGE;
    case "packed":
      return { status: 415, body: UNREADABLE };
    case "gone":
      return { status: 400, body: UNREADABLE };
  }
}

async function accept(source: WebhookSource, ports: WebhookPorts, request: RawRequest): Promise<Answer> {
  const reading = source.read(request);
  switch (reading.kind) {
    case "refused":
      ports.metrics.webhook(source.name, "refused");
      ports.log.warn({ source: source.name, why: reading.why }, "webhook refused");
      return { status: 401, body: { error: "unauthorized", message: reading.why } };
    case "malformed":
      ports.metrics.webhook(source.name, "malformed");
      ports.log.warn({ source: source.name, why: reading.why }, "signed webhook cannot be read");
      return { status: 400, body: { error: "bad_request", message: reading.why } };
    case "ignored":
      ports.metrics.webhook(source.name, "ignored");
      return IGNORED;
    case "delivery":
      return store(source, ports, reading.delivery);
  }
}

async function store(source: WebhookSource, ports: WebhookPorts, delivery: NewDelivery): Promise<Answer> {
  const came = ports.clock.now();
  const delay = delayMs(delivery, came);
  const result = await ports.inbox.accept(delivery, ports.laneOf(delivery), delay);
  ports.metrics.webhook(source.name, result);
  ports.timed(source.name, delivery.flagged);
  if (delivery.flagged) noteFlagged(source, ports, delivery);
  if (result === "stored") wake(ports, came, delay);
  return result === "stored" ? STORED : REPEATED;
}

function noteFlagged(source: WebhookSource, { metrics, log }: WebhookPorts, delivery: NewDelivery): void {
  metrics.flagged(source.name);
  log.warn(
    { source: source.name, subject: delivery.subjectId },
    "webhook with odd timestamp stored and flagged",
  );
}

/**
 * A look as soon as it can be due, and one when it is for certain: the store counts the delay by its own clock, from when
 * it took the row, which was between then and now.
 */
function wake({ stored, clock }: WebhookPorts, came: number, delay: number): void {
  const left = Math.max(0, came + delay - clock.now());
  stored(left);
  if (left < delay) stored(delay);
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

function rawRequest(request: IncomingMessage, body: Buffer): RawRequest {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers))
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  return { method: request.method ?? "", path: request.url ?? "", headers, body };
}

function failed(source: WebhookSource, ports: WebhookPorts, error: unknown): Answer {
  ports.metrics.webhook(source.name, "unavailable");
  ports.log.error(errorFields(error), "webhook could not be stored");
  return unavailable("The delivery could not be stored; please send it again.");
}

function unavailable(message: string): Answer {
  return { status: 503, body: { error: "unavailable", message }, retryAfter: RETRY_AFTER_SECONDS };
}
