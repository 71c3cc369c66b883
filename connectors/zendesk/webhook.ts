/**
 * Is this request really Zendesk's, and which ticket is it about?
 *
 * The signature covers timestamp header + raw body and nothing else, so ids in headers are hints and the bytes
 * themselves are a key too. Nothing is parsed before the signature holds.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { TicketEvent } from "../../src/policy/model.ts";
import type { RawRequest, TicketHint, WebhookReading } from "../../src/ports.ts";
import { parseShallow } from "../http.ts";
import { idOf, recordOf } from "./schemas.ts";

/** Zendesk names no window. The header carries the time of the attempt, so redeliveries pass (recorded). */
const FRESH_MS = 5 * 60_000;
const ALL_EVENTS = "zen:event-type:";
const TICKET_EVENTS = "zen:event-type:ticket.";
const EVENTS: readonly TicketEvent[] = [
  "created",
  "organization_changed",
  "requester_changed",
  "tier_raised",
  "override_added",
  "backfill",
  "other",
];
/** Desk events that decide; every other ticket event is `other`. */
const DECIDING: readonly TicketEvent[] = ["created", "organization_changed", "requester_changed"];

/**
 * How the timestamp has always been written (recorded), and an event's own time, with a fraction. Other spellings may
 * mean another moment on another machine.
 */
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

type Fields = Readonly<Record<string, unknown>>;

/**
 * What a request to the Zendesk webhook address is.
 *
 * `secrets`: every secret in force while one is being replaced; none = everything is refused. A genuine signature whose
 * timestamp is more than five minutes off, either way, or is no date, is a delivery all the same, but `flagged`.
 */
export function readZendeskWebhook(
  request: RawRequest,
  options: { readonly secrets: readonly string[]; readonly now: number },
): WebhookReading {
  const signature = request.headers["x-zendesk-webhook-signature"] ?? "";
  const timestamp = request.headers["x-zendesk-webhook-signature-timestamp"] ?? "";
  const refused = refusal(request.body, signature, timestamp, options.secrets);
  if (refused !== null) return { kind: "refused", why: refused };
  const body = fieldsOf(request.body);
  if (body === null) return { kind: "malformed", why: "the body is not a JSON object" };
  const type = typeof body.type === "string" ? body.type : "";
  if (type.startsWith(ALL_EVENTS) && !type.startsWith(TICKET_EVENTS))
    return { kind: "ignored", why: "not an event about a ticket" };
  const said = type.startsWith(TICKET_EVENTS) ? eventOf(body, type) : triggerOf(body);
  if (said === null) return { kind: "malformed", why: "no usable ticket id" };
  return {
    kind: "delivery",
    delivery: {
      source: "zendesk",
      kind: "ticket",
      subjectId: said.ticketId,
      keys: {
        event: said.eventId,
        invocation: keyOf(request.headers["x-zendesk-webhook-invocation-id"]),
        bytes: createHash("sha256").update(timestamp).update(request.body).digest("hex"),
        madeAt: momentOf(body.time) ?? momentOf(timestamp),
      },
      hint: said.hint,
      accountIds: [],
      flagged: !isFresh(timestamp, options.now),
      body: request.body,
    },
  };
}

/** Why a request is not to be believed; null = its signature holds for one of the secrets. */
function refusal(
  body: Uint8Array,
  signature: string,
  timestamp: string,
  secrets: readonly string[],
): string | null {
  const usable = secrets.filter((secret) => secret.trim() !== "");
  if (usable.length === 0) return "no webhook secret is set";
  if (signature === "" || timestamp === "") return "not signed";
  // Every secret is tried, so the time taken does not tell which one fits.
  const fits = usable.map((secret) => isSignedWith(secret, body, signature, timestamp));
  return fits.includes(true) ? null : "the signature does not fit";
}

/** The secret is used as the text it is (checked on three independent vectors), although it looks like base64. */
function isSignedWith(secret: string, body: Uint8Array, signature: string, timestamp: string): boolean {
  const expected = createHmac("sha256", secret).update(timestamp).update(body).digest("base64");
  const given = Buffer.from(signature);
  const wanted = Buffer.from(expected);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function isFresh(timestamp: string, now: number): boolean {
  const at = Date.parse(timestamp);
  return !Number.isNaN(at) && Math.abs(now - at) <= FRESH_MS;
}

/** null = not written as Zendesk writes a moment. */
function momentOf(value: unknown): number | null {
  const at = typeof value === "string" && UTC.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

function fieldsOf(body: Uint8Array): Fields | null {
  try {
    return recordOf(parseShallow(body));
  } catch {
    return null;
  }
}

interface Said {
  readonly ticketId: string;
  readonly eventId: string | null;
  readonly hint: TicketHint;
}

/** An event of Zendesk's own; null = it names no ticket. */
function eventOf(body: Fields, type: string): Said | null {
  const detail = recordOf(body.detail) ?? {};
  const ticketId = idOf(detail.id);
  if (ticketId === null) return null;
  const name = type.slice(TICKET_EVENTS.length);
  return {
    ticketId,
    eventId: keyOf(body.id),
    hint: {
      event: DECIDING.find((event) => event === name) ?? "other",
      eventType: type.slice(0, 100),
      updatedAt: textOf(detail.updated_at),
      organizationId: idOf(detail.organization_id),
      actorId: idOf(detail.actor_id),
    },
  };
}

/** What a trigger's body says: any object with `ticket_id`; null = it has none that is usable. */
function triggerOf(body: Fields): Said | null {
  const ticketId = idOf(body.ticket_id);
  if (ticketId === null) return null;
  const named = textOf(body.event);
  return {
    ticketId,
    eventId: null,
    hint: {
      // A trigger that says nothing is a creation trigger; one that says something unknown must not pass for one.
      event: named === null ? "created" : (EVENTS.find((event) => event === named) ?? "other"),
      eventType: `trigger:${(named ?? "created").slice(0, 60)}`,
      updatedAt: textOf(body.updated_at),
      organizationId: idOf(body.organization_id),
      actorId: idOf(body.actor_id),
    },
  };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Ids of events and invocations are opaque; one too long to be an id is none. */
function keyOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" && value.length <= 200 ? value : null;
}
