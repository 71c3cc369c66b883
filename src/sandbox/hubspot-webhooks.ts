/** Webhook delivery: batches, signatures, repeats, doubles, no promised order. */
import type { Instant } from "../policy/model.ts";
import { type Dice, dice } from "./dataset-dice.ts";
import { type EventBody, type EventShape, eventBody, NEVER_TOLD } from "./hubspot-events.ts";
import type { CrmEvent } from "./hubspot-model.ts";
import { signatureHeaders } from "./hubspot-signature.ts";

/** Documented limits of deliveries. https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide, read 2026-11-22 */
export const WEBHOOK_LIMITS = { events: 100, inFlight: 10, answerMs: 5_000, retries: 10 } as const;

/** Where events go and how they look. */
export interface WebhookTarget {
  readonly targetUrl: string;
  readonly clientSecret: string;
  /** URL that is signed, when it differs from the one that is called (a proxy in between). */
  readonly publicUrl?: string;
  /** Shapes to take turns with; default classic only. */
  readonly shapes?: readonly EventShape[];
  /** Properties subscribed to; absent = all. */
  readonly properties?: readonly string[];
  /** Sensitive properties: their new value is told as the word REDACTED. */
  readonly sensitive?: readonly string[];
  /** `reused`: different events share ids, which the documentation allows; default `unique`. */
  readonly eventIds?: "unique" | "reused";
  /** Share of events that are told twice; default 0. */
  readonly doubled?: number;
  /** Events of a request come in any order; default true. */
  readonly shuffled?: boolean;
  /** Largest number of events in a request; default and at most 100. */
  readonly batch?: number;
  readonly seed?: number;
}

/** What one round of deliveries came to. */
export interface DrainResult {
  readonly requests: number;
  /** Events answered with 2xx. */
  readonly delivered: number;
  /** Events that will be tried again. */
  readonly waiting: number;
  /** Events given up after the last retry. */
  readonly dropped: number;
  /** Answers in the order of completion; null = no answer. */
  readonly statuses: readonly (number | null)[];
}

/** The sender of webhooks. */
export interface Webhooks {
  connect(target: WebhookTarget): void;
  /** Takes note of a change; nothing is sent yet. */
  tell(event: CrmEvent): void;
  /**
   * Sends what is waiting. `rounds` = how often a failed request is tried now, at once instead of after minutes;
   * default until it succeeds or its ten retries are used up.
   */
  drain(options?: { readonly rounds?: number }): Promise<DrainResult>;
}

interface Batch {
  readonly events: readonly EventBody[];
  attempt: number;
}

interface Outbox {
  target: WebhookTarget | null;
  draw: Dice;
  readonly pending: EventBody[];
  readonly batches: Batch[];
  readonly portalId: number;
  readonly now: () => Instant;
  told: number;
}

/** A sender without a target: events before `connect` are not kept. */
export function webhooks(options: { readonly portalId: number; readonly now: () => Instant }): Webhooks {
  const box: Outbox = { target: null, draw: dice(1), pending: [], batches: [], told: 0, ...options };
  return {
    connect(target) {
      box.target = target;
      box.draw = dice(target.seed ?? 1);
    },
    tell: (event) => tell(box, event),
    drain: (how) => drain(box, how?.rounds ?? WEBHOOK_LIMITS.retries + 1),
  };
}

function tell(box: Outbox, event: CrmEvent): void {
  const { target } = box;
  if (target === null || !isSubscribed(target, event)) return;
  const shapes = target.shapes ?? ["classic"];
  const shape = shapes[box.told % shapes.length] ?? "classic";
  box.told += 1;
  const eventId = 900_000 + (target.eventIds === "reused" ? 0 : box.told);
  const body = eventBody(withheld(target, event), eventId, { portalId: box.portalId, appId: 7_001 }, shape);
  box.pending.push(body);
  if (box.draw.chance(target.doubled ?? 0)) box.pending.push(body);
}

function isSubscribed(target: WebhookTarget, event: CrmEvent): boolean {
  if (event.kind !== "propertyChange") return true;
  if (NEVER_TOLD.includes(event.property)) return false;
  return target.properties?.includes(event.property) ?? true;
}

function withheld(target: WebhookTarget, event: CrmEvent): CrmEvent {
  if (event.kind !== "propertyChange" || target.sensitive?.includes(event.property) !== true) return event;
  return { ...event, value: "REDACTED" };
}

async function drain(box: Outbox, rounds: number): Promise<DrainResult> {
  pack(box);
  const statuses: (number | null)[] = [];
  let delivered = 0;
  let dropped = 0;
  for (let round = 0; round < rounds && box.batches.length > 0; round += 1) {
    const sending = box.batches.splice(0);
    for (let from = 0; from < sending.length; from += WEBHOOK_LIMITS.inFlight) {
      const together = sending.slice(from, from + WEBHOOK_LIMITS.inFlight);
      const answers = await Promise.all(together.map((batch) => send(box, batch)));
      for (const [at, batch] of together.entries()) {
        const status = answers[at] ?? null;
        statuses.push(status);
        batch.attempt += 1;
        if (status !== null && status >= 200 && status < 300) delivered += batch.events.length;
        else if (batch.attempt > WEBHOOK_LIMITS.retries) dropped += batch.events.length;
        else box.batches.push(batch);
      }
    }
  }
  const waiting = box.batches.reduce((sum, batch) => sum + batch.events.length, 0);
  return { requests: statuses.length, delivered, waiting, dropped, statuses };
}

/** Puts waiting events into requests. */
function pack(box: Outbox): void {
  const { target } = box;
  if (target === null) return;
  const events = box.pending.splice(0);
  if (target.shuffled !== false) shuffle(events, box.draw);
  const size = Math.min(target.batch ?? WEBHOOK_LIMITS.events, WEBHOOK_LIMITS.events);
  for (let from = 0; from < events.length; from += size)
    box.batches.push({ events: events.slice(from, from + size), attempt: 0 });
}

function shuffle(events: EventBody[], draw: Dice): void {
  for (let last = events.length - 1; last > 0; last -= 1) {
    const other = draw.int(0, last);
    const [one, two] = [events[last], events[other]];
    if (one === undefined || two === undefined) continue;
    events[last] = two;
    events[other] = one;
  }
}

/** The answer's status; null = connection failed or no answer within five seconds. */
async function send(box: Outbox, batch: Batch): Promise<number | null> {
  const { target } = box;
  if (target === null) return null;
  const body = JSON.stringify(batch.events.map((event) => ({ ...event, attemptNumber: batch.attempt })));
  const signature = signatureHeaders(
    target.clientSecret,
    target.publicUrl ?? target.targetUrl,
    body,
    box.now(),
  );
  try {
    const answer = await fetch(target.targetUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...signature },
      body,
      signal: AbortSignal.timeout(WEBHOOK_LIMITS.answerMs),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return null;
  }
}
