/**
 * Events of SLA clocks from Zendesk's time-based export: the only place that names the SLA policy a ticket got.
 *
 * Pages begin in the second the one before ended in, so events are told again; whoever reads keeps them by id.
 */
import { z } from "zod";
import { TryAgain } from "../../src/errors.ts";
import type { Instant } from "../../src/policy/model.ts";
import type { MetricEvent, MetricEventPage } from "../../src/ports.ts";
import { LARGE_PAGE_BYTES, type ZendeskClient } from "./client.ts";
import { idOf, listOf, readEach, recordOf } from "./schemas.ts";
import { requiredId, wording } from "./setup-schemas.ts";

/** A start time must lie at least a minute back (facts on exports, read 2026-11-22). */
const QUIET_MS = 61_000;
/** A page that is not full is the last one (time-based exports: up to 1,000 rows, read 2026-11-22). */
const FULL_PAGE = 1_000;

const KINDS = [
  "activate",
  "pause",
  "fulfill",
  "apply_sla",
  "breach",
  "update_status",
  "measure",
] as const satisfies readonly MetricEvent["kind"][];

const anything = z.unknown().optional();
const number = anything.transform((value) => (typeof value === "number" ? value : null));

const eventSchema = z
  .object({
    id: requiredId,
    ticket_id: requiredId,
    metric: wording,
    instance_id: number,
    type: z.enum(KINDS),
    time: z
      .string()
      .transform((text) => Date.parse(text))
      .refine((at) => !Number.isNaN(at), "not a moment"),
    deleted: anything.transform((value) => value === true),
    status: anything,
    sla: anything,
  })
  .transform(
    (row): MetricEvent => ({
      id: row.id,
      ticketId: row.ticket_id,
      metric: row.metric,
      instance: row.instance_id ?? 1,
      kind: row.type,
      at: row.time,
      elapsed: elapsedIn(row.status),
      sla: row.type === "apply_sla" ? appliedIn(row.sla) : null,
      deleted: row.deleted,
    }),
  );

/** `status` of `update_status` rows: minutes on both clocks. */
function elapsedIn(value: unknown): MetricEvent["elapsed"] {
  const whole = recordOf(value);
  const [calendar, business] = [whole?.calendar, whole?.business];
  return typeof calendar === "number" && typeof business === "number" ? { calendar, business } : null;
}

/** The target's minutes: `target_in_seconds` where it is given, for it is the finer one. */
function appliedIn(value: unknown): MetricEvent["sla"] {
  const whole = recordOf(value);
  const seconds = whole?.target_in_seconds;
  const minutes = typeof seconds === "number" ? seconds / 60 : whole?.target;
  if (whole === null || typeof minutes !== "number") return null;
  const policy = recordOf(whole.policy);
  return {
    policyId: idOf(policy?.id),
    policyTitle: typeof policy?.title === "string" ? policy.title : null,
    minutes,
    businessHours: whole.business_hours === true,
  };
}

/** Every event since an instant, or since the cursor of an earlier page. */
export async function* metricEvents(
  { client, now }: { readonly client: ZendeskClient; readonly now: () => number },
  start: string | Instant,
  signal: AbortSignal,
): AsyncGenerator<MetricEventPage> {
  let from = typeof start === "number" ? Math.floor(start / 1000) : placeOf(start);
  for (;;) {
    const latest = Math.floor((now() - QUIET_MS) / 1000);
    const asked = Math.max(0, Math.min(from, latest));
    const page = await pageFrom(client, asked, signal);
    // A second with more events than a page holds would lead in a circle.
    const next = page.full ? Math.max(page.end, asked + 1) : Math.max(page.end, asked);
    if (page.full && page.end <= asked)
      client.report("Zendesk's clock events of one second fill a page; what lies behind it is left out");
    const upTo = (page.full ? next : latest) * 1000;
    yield { events: page.events, cursor: JSON.stringify({ from: next }), upTo, last: !page.full };
    if (!page.full) return;
    from = next;
  }
}

async function pageFrom(client: ZendeskClient, from: number, signal: AbortSignal) {
  const answer = await client.call({
    endpoint: "exportMetricEvents",
    query: { start_time: String(from) },
    lane: "backfill",
    doing: "exporting events of SLA clocks",
    maxBytes: LARGE_PAGE_BYTES,
    signal,
  });
  const body = recordOf(answer?.body);
  if (body === null || !Array.isArray(body.ticket_metric_events))
    throw new TryAgain("Zendesk's export of clock events came without a list of events");
  const rows = listOf(body, "ticket_metric_events");
  const known = rows.filter((row) => KINDS.some((kind) => kind === recordOf(row)?.type));
  const more = typeof body.end_of_stream === "boolean" ? !body.end_of_stream : rows.length >= FULL_PAGE;
  return {
    events: readEach(eventSchema, known, "clock event", client.report),
    end: typeof body.end_time === "number" ? body.end_time : from,
    full: more && rows.length > 0,
  };
}

/** A cursor as we made it. @throws TryAgain it is none of ours. */
function placeOf(cursor: string): number {
  const from = Number(recordOf(parsed(cursor))?.from);
  if (Number.isFinite(from)) return from;
  throw new TryAgain("the cursor of the clock events cannot be read");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
