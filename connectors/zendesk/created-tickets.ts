/**
 * Which tickets were created lately, from Zendesk's cursor-based export.
 *
 * The export lists every ticket that changed, by time of change, and leaves the last minute out. A ticket younger than
 * 90 seconds is not told yet: its webhook may be on the way. So that it is not lost, the cursor then goes back to the
 * second before it was created.
 */
import { TryAgain } from "../../src/errors.ts";
import type { Instant } from "../../src/policy/model.ts";
import type { CreatedPage } from "../../src/ports.ts";
import { LARGE_PAGE_BYTES, type ZendeskClient } from "./client.ts";
import { createdTicketSchema, listOf, readEach, recordOf } from "./schemas.ts";

/** Younger tickets are left to their webhook. */
const YOUNG_MS = 90_000;
/** A start time must lie at least a minute back (facts on exports, read 2026-11-22). */
const QUIET_MS = 61_000;
/**
 * Tickets created this long before the point reached are told again: one that kept changing inside the export's last
 * minute came late.
 */
const OVERLAP_MS = 3_600_000;

/** Where the export goes on, and from which creation on tickets are told. */
interface Place {
  /** Zendesk's cursor; null = begin at `from`. */
  readonly after: string | null;
  readonly from: Instant;
  /** Tickets created before it are older news. */
  readonly since: Instant;
}

/** Tickets created since an instant, or since the cursor of an earlier page. */
export async function* createdTickets(
  options: { readonly client: ZendeskClient; readonly now: () => number },
  start: string | Instant,
  signal: AbortSignal,
): AsyncGenerator<CreatedPage> {
  let place = typeof start === "number" ? { after: null, from: start, since: start } : placeOf(start);
  for (;;) {
    const now = options.now();
    const { rows, after, end } = await exportPage(options, place, now, signal);
    const young = rows.filter((row) => row.created_at.at > now - YOUNG_MS).map((row) => row.created_at.at);
    const told = rows.filter((row) => row.created_at.at <= now - YOUNG_MS);
    const back = young.length === 0 ? null : Math.min(...young) - 1_000;
    const next = nextPlace(place, { after, end, back, now });
    // What lies behind a young ticket changed later still: it waits for the next run too.
    const last = end || back !== null || after === null;
    yield {
      tickets: told
        .filter((row) => row.created_at.at >= place.since)
        .map(({ id, created_at, status }) => ({ id, createdAt: created_at.at, status })),
      cursor: JSON.stringify(next),
      last,
    };
    if (last) return;
    place = next;
  }
}

function nextPlace(
  place: Place,
  page: { readonly after: string | null; readonly end: boolean; readonly back: Instant | null; now: Instant },
): Place {
  const { after, end, back, now } = page;
  if (back !== null) return { after: null, from: back, since: Math.max(place.since, back - OVERLAP_MS) };
  const since = end ? Math.max(place.since, now - YOUNG_MS - OVERLAP_MS) : place.since;
  return { after: after ?? place.after, from: place.from, since };
}

async function exportPage(
  options: { readonly client: ZendeskClient },
  place: Place,
  now: Instant,
  signal: AbortSignal,
) {
  const { client } = options;
  const seconds = Math.max(0, Math.floor(Math.min(place.from, now - QUIET_MS) / 1000));
  const answer = await client.call({
    endpoint: "exportTickets",
    query: place.after === null ? { start_time: String(seconds) } : { cursor: place.after },
    lane: "backfill",
    doing: "exporting tickets",
    maxBytes: LARGE_PAGE_BYTES,
    signal,
  });
  const body = recordOf(answer?.body);
  if (body === null || !Array.isArray(body.tickets))
    throw new TryAgain("Zendesk's ticket export came without a list of tickets");
  const after = typeof body.after_cursor === "string" && body.after_cursor !== "" ? body.after_cursor : null;
  return {
    rows: readEach(createdTicketSchema, listOf(body, "tickets"), "ticket", client.report).filter(
      (row) => row.status !== "deleted",
    ),
    after,
    // A cursor that does not move would lead in a circle.
    end: body.end_of_stream !== false || after === place.after,
  };
}

/** A cursor as we made it. @throws TryAgain it is none of ours. */
function placeOf(cursor: string): Place {
  const read = recordOf(parsed(cursor));
  const from = Number(read?.from);
  const since = Number(read?.since);
  if (read === null || !Number.isFinite(from) || !Number.isFinite(since))
    throw new TryAgain("the cursor of the ticket export cannot be read");
  return { after: typeof read.after === "string" ? read.after : null, from, since };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
