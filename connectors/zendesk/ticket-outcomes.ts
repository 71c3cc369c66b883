/**
 * Tickets and how they ended, from Zendesk's cursor-based export with people, groups and counts beside them.
 *
 * The export lists every ticket that changed, deleted ones too, by time of change, and leaves the last minute out.
 * `include=metric_sets` puts the counts on each ticket (support.zendesk.com/hc/en-us/community/posts/4984355661466, read
 * 2026-11-22); where they are missing, times and counts are unknown.
 */
import { z } from "zod";
import { TryAgain } from "../../src/errors.ts";
import type { Instant } from "../../src/policy/model.ts";
import type { TicketOutcome, TicketOutcomePage } from "../../src/ports.ts";
import { LARGE_PAGE_BYTES, type ZendeskClient } from "./client.ts";
import { idOf, listOf, readEach, recordOf, ticketSchema } from "./schemas.ts";

/** A start time must lie at least a minute back (facts on exports, read 2026-11-22). */
const QUIET_MS = 61_000;
/** Zendesk's tag on a ticket that was merged into another one (remembered, not verified). */
const MERGED_TAG = "closed_by_merge";

const outcomeSchema = ticketSchema
  .pick({
    id: true,
    created_at: true,
    updated_at: true,
    status: true,
    priority: true,
    group_id: true,
    assignee_id: true,
    organization_id: true,
    requester_id: true,
    submitter_id: true,
    tags: true,
    via: true,
  })
  .extend({ metric_set: z.unknown().optional(), satisfaction_rating: z.unknown().optional() });

/** Where the export goes on: Zendesk's cursor, or null and begin at `from`. */
interface Place {
  readonly after: string | null;
  readonly from: Instant;
}

/** Tickets changed since an instant, or since the cursor of an earlier page. */
export async function* ticketOutcomes(
  { client, now }: { readonly client: ZendeskClient; readonly now: () => number },
  start: string | Instant,
  signal: AbortSignal,
): AsyncGenerator<TicketOutcomePage> {
  let place: Place = typeof start === "number" ? { after: null, from: start } : placeOf(start);
  for (;;) {
    const latest = now() - QUIET_MS;
    const { tickets, newest, after, last } = await pageFrom(client, place, latest, signal);
    const from = Math.max(place.from, newest ?? place.from);
    place = { after: after ?? place.after, from };
    yield { tickets, cursor: JSON.stringify(place), upTo: last ? Math.max(latest, 0) : from, last };
    if (last) return;
  }
}

async function pageFrom(client: ZendeskClient, place: Place, latest: Instant, signal: AbortSignal) {
  const seconds = Math.max(0, Math.floor(Math.min(place.from, latest) / 1000));
  const answer = await client.call({
    endpoint: "exportTickets",
    query: {
      ...(place.after === null ? { start_time: String(seconds) } : { cursor: place.after }),
      include: "users,groups,metric_sets",
    },
    lane: "backfill",
    doing: "exporting tickets for reports",
    maxBytes: LARGE_PAGE_BYTES,
    signal,
  });
  const body = recordOf(answer?.body);
  if (body === null || !Array.isArray(body.tickets))
    throw new TryAgain("Zendesk's ticket export came without a list of tickets");
  const after = typeof body.after_cursor === "string" && body.after_cursor !== "" ? body.after_cursor : null;
  const rows = readEach(outcomeSchema, listOf(body, "tickets"), "ticket", client.report);
  const groups = textsById(listOf(body, "groups"), "name");
  const roles = textsById(listOf(body, "users"), "role");
  return {
    tickets: rows.map((row) => outcomeOf(row, groups, roles)),
    newest: rows.reduce<number | null>((most, row) => Math.max(most ?? 0, row.updated_at.at), null),
    after,
    // A cursor that does not move would lead in a circle.
    last: body.end_of_stream !== false || after === null || after === place.after,
  };
}

function outcomeOf(
  row: z.output<typeof outcomeSchema>,
  groups: ReadonlyMap<string, string>,
  roles: ReadonlyMap<string, string>,
): TicketOutcome {
  const counts = recordOf(row.metric_set);
  const rating = recordOf(row.satisfaction_rating);
  const { score, comment } = { score: rating?.score, comment: rating?.comment };
  const solvedAt = typeof counts?.solved_at === "string" ? Date.parse(counts.solved_at) : Number.NaN;
  return {
    id: row.id,
    createdAt: row.created_at.at,
    status: row.status,
    merged: row.tags.includes(MERGED_TAG),
    priority: row.priority,
    organizationId: row.organization_id,
    requesterId: row.requester_id,
    requesterRole: roles.get(row.requester_id ?? "") ?? null,
    submitterId: row.submitter_id,
    assigneeId: row.assignee_id,
    group: groups.get(row.group_id ?? "") ?? null,
    channel: row.via.channel ?? "",
    tags: row.tags,
    solvedAt: Number.isNaN(solvedAt) ? null : solvedAt,
    reopens: typeof counts?.reopens === "number" ? counts.reopens : 0,
    replies: typeof counts?.replies === "number" ? counts.replies : null,
    satisfaction: score === "good" || score === "bad" ? score : null,
    satisfactionComment: typeof comment === "string" && comment.trim() !== "",
  };
}

function textsById(rows: readonly unknown[], key: string): ReadonlyMap<string, string> {
  return new Map(
    rows.flatMap((row): [string, string][] => {
      const whole = recordOf(row);
      const [id, text] = [idOf(whole?.id), whole?.[key]];
      return id === null || typeof text !== "string" ? [] : [[id, text]];
    }),
  );
}

/** A cursor as we made it. @throws TryAgain it is none of ours. */
function placeOf(cursor: string): Place {
  const read = recordOf(parsed(cursor));
  const from = Number(read?.from);
  if (read !== null && Number.isFinite(from))
    return { after: typeof read.after === "string" ? read.after : null, from };
  throw new TryAgain("the cursor of the ticket export for reports cannot be read");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
