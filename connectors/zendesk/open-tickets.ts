/** Tickets that are not solved yet: of one organization, or of the whole account. */
import type { Instant } from "../../src/policy/model.ts";
import type { OpenTicket } from "../../src/ports.ts";
import { LARGE_PAGE_BYTES, type ZendeskClient } from "./client.ts";
import { listOf, openTicketSchema, readEach } from "./schemas.ts";

const OPEN = new Set(["new", "open", "pending", "hold"]);
/** The largest page that Zendesk recommends, also for its export of searches. */
const PAGE = "100";

/**
 * Open tickets of an organization, in pages. Zendesk's list has no filter: solved ones are read and left out.
 * https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#list-tickets (read 2026-11-22)
 */
export async function* openTicketsOf(
  client: ZendeskClient,
  organizationId: string,
  signal: AbortSignal,
): AsyncGenerator<readonly OpenTicket[]> {
  const pages = client.pages({
    endpoint: "listOrganizationTickets",
    ids: [organizationId],
    query: { "page[size]": PAGE },
    lane: "tier_change",
    doing: `listing tickets of organization ${organizationId}`,
    absent: [404],
    maxBytes: LARGE_PAGE_BYTES,
    signal,
  });
  for await (const body of pages) yield openOnes(client, listOf(body, "tickets"));
}

/**
 * Open tickets created before `before`, oldest first, in pages. The index behind it is minutes late: what is younger is
 * left to webhooks and the sweep. The cursor lives for an hour.
 * https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/#export-search-results (read 2026-11-22)
 */
export async function* openTickets(
  client: ZendeskClient,
  before: Instant,
  signal: AbortSignal,
): AsyncGenerator<readonly OpenTicket[]> {
  // Zendesk compares to the second, and takes no fraction.
  const until = `${new Date(before).toISOString().slice(0, 19)}Z`;
  const pages = client.pages({
    endpoint: "exportSearch",
    query: { query: `status<solved created<${until}`, "filter[type]": "ticket", "page[size]": PAGE },
    lane: "backfill",
    doing: "looking for open tickets",
    maxBytes: LARGE_PAGE_BYTES,
    signal,
  });
  for await (const body of pages) yield openOnes(client, listOf(body, "results"));
}

function openOnes(client: ZendeskClient, rows: readonly unknown[]): readonly OpenTicket[] {
  return readEach(openTicketSchema, rows, "ticket", client.report)
    .filter((row) => OPEN.has(row.status))
    .map((row) => ({
      id: row.id,
      createdAt: row.created_at.at,
      status: row.status,
      assigned: row.assignee_id !== null,
      tags: row.tags,
    }));
}
