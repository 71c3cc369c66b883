/** Reads organizations that changed, oldest change first, from Zendesk's time-based export. */
import { TryAgain } from "../../src/errors.ts";
import type { Organization } from "../../src/policy/model.ts";
import type { OrganizationPage } from "../../src/ports.ts";
import { type Call, LARGE_PAGE_BYTES, type ZendeskClient } from "./client.ts";
import { listOf, organizationSchema, readEach, recordOf, type ZendeskOrganization } from "./schemas.ts";

export interface ExportOptions {
  readonly client: ZendeskClient;
  /** Only fields that begin with it are kept. */
  readonly prefix: string;
  readonly now: () => number;
  /** Hears which fields an organization has. */
  readonly sawFields?: (keys: readonly string[]) => void;
}

/** Zendesk's largest page (remembered, not verified); a shorter one is the last. */
const PAGE_ROWS = 1_000;
/** A start time must lie at least a minute back, and the export leaves the last minute out (facts, read 2026-11-22). */
const QUIET_SECONDS = 61;

/**
 * Organizations changed since `cursor`, a time in whole seconds (null = all of them).
 *
 * Pages of this export overlap: each begins with the second in which the last one ended. What was already given out for
 * that second is left out. Where more than a page shares one second the export would give the same page for ever; then
 * the rest of that second is found in the ordinary list, and the export goes on with the next second.
 */
export async function* exportOrganizations(
  options: ExportOptions,
  cursor: string | null,
  signal: AbortSignal,
): AsyncGenerator<OrganizationPage> {
  const latest = (): number => Math.floor(options.now() / 1000) - QUIET_SECONDS;
  let start = Math.min(secondsOf(cursor), latest());
  let given: ReadonlySet<string> = new Set();
  for (;;) {
    const page = await exportPage(options.client, start, signal);
    const fresh = page.rows.filter((row) => !given.has(keyOf(row)));
    const stuck = !page.last && page.end <= start;
    // Every organization names all fields of the account, empty ones too (remembered, not verified).
    const row = page.rows.find((one) => one.deleted_at === null);
    if (row !== undefined) options.sawFields?.(Object.keys(row.organization_fields));
    const rest = stuck
      ? await listedIn(options.client, start, new Set([...given, ...fresh.map(keyOf)]), signal)
      : [];
    const next = Math.min(stuck ? start + 1 : page.end, latest());
    // The rest lies within the last minute: the next run begins there.
    const last = page.last || next <= start;
    yield pageOf([...fresh, ...rest], String(Math.max(next, 0)), last, options.prefix);
    if (last) return;
    given = new Set([...given, ...page.rows.map(keyOf)].filter((key) => startsIn(key, next)));
    start = next;
  }
}

/** Organizations of one call. */
const READ_AT_ONCE = 100;

/** Organizations as they are at this moment; those that are gone are left out. */
export async function readOrganizations(
  { client, prefix }: Pick<ExportOptions, "client" | "prefix">,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly Organization[]> {
  const usable = [...new Set(ids)].filter((id) => /^[1-9]\d*$/.test(id));
  const found: Organization[] = [];
  for (let from = 0; from < usable.length; from += READ_AT_ONCE) {
    const some = usable.slice(from, from + READ_AT_ONCE);
    const answer = await client.call({
      endpoint: "showOrganizations",
      query: { ids: some.join(",") },
      lane: "tier_change",
      doing: `reading ${some.length} organizations`,
      maxBytes: LARGE_PAGE_BYTES,
      signal,
    });
    const rows = readRows(client, listOf(answer?.body, "organizations"));
    found.push(...rows.filter((row) => row.deleted_at === null).map((row) => organizationFrom(row, prefix)));
  }
  return found;
}

interface ExportPage {
  readonly rows: readonly ZendeskOrganization[];
  readonly end: number;
  readonly last: boolean;
}

async function exportPage(client: ZendeskClient, start: number, signal: AbortSignal): Promise<ExportPage> {
  const call: Call = {
    endpoint: "exportOrganizations",
    query: { start_time: String(start), per_page: String(PAGE_ROWS) },
    lane: "tier_change",
    doing: "exporting organizations",
    maxBytes: LARGE_PAGE_BYTES,
    signal,
  };
  const answer = await client.call(call);
  const body = recordOf(answer?.body);
  const list = body?.organizations;
  if (body === null || !Array.isArray(list))
    throw new TryAgain("Zendesk's organization export came without a list of organizations");
  const end = Number(body.end_time ?? start);
  const last = typeof body.end_of_stream === "boolean" ? body.end_of_stream : list.length < PAGE_ROWS;
  return {
    rows: readRows(client, list),
    end: Number.isFinite(end) ? end : start,
    last: last || list.length === 0,
  };
}

/** Organizations of the ordinary list that changed in that second and were not given out yet. */
async function listedIn(
  client: ZendeskClient,
  second: number,
  given: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly ZendeskOrganization[]> {
  const found: ZendeskOrganization[] = [];
  client.report(
    `more than ${PAGE_ROWS} organizations changed in one second; the whole list is read for them`,
  );
  for await (const body of client.pages({
    endpoint: "listOrganizations",
    query: { "page[size]": "100" },
    lane: "tier_change",
    doing: "listing organizations",
    signal,
  })) {
    const rows = readRows(client, listOf(body, "organizations"));
    found.push(...rows.filter((row) => secondOf(row) === second && !given.has(keyOf(row))));
  }
  return found;
}

function readRows(client: ZendeskClient, list: readonly unknown[]): readonly ZendeskOrganization[] {
  return readEach(organizationSchema, list, "organization", client.report);
}

function pageOf(
  rows: readonly ZendeskOrganization[],
  cursor: string,
  last: boolean,
  prefix: string,
): OrganizationPage {
  return {
    organizations: rows.filter((row) => row.deleted_at === null).map((row) => organizationFrom(row, prefix)),
    gone: rows.filter((row) => row.deleted_at !== null).map((row) => row.id),
    cursor,
    last,
  };
}

function organizationFrom(row: ZendeskOrganization, prefix: string): Organization {
  const own = Object.entries(row.organization_fields).filter(([key]) => key.startsWith(prefix));
  return {
    id: row.id,
    name: row.name,
    externalId: row.external_id === "" ? null : row.external_id,
    domains: row.domain_names.map((domain) => domain.toLowerCase()),
    tags: row.tags,
    fields: Object.fromEntries(own.map(([key, value]) => [key, asText(value)])),
  };
}

/** Field values as text. A date comes back as midnight UTC (`2018-11-04T00:00:00+00:00`, recorded): only its day counts. */
function asText(value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "object") return JSON.stringify(value);
  return String(value).replace(/^(\d{4}-\d{2}-\d{2})T00:00:00(\+00:00|Z)$/, "$1");
}

function secondsOf(cursor: string | null): number {
  return cursor !== null && /^\d{1,12}$/.test(cursor) ? Number(cursor) : 0;
}

function secondOf(row: ZendeskOrganization): number {
  return Math.floor((row.updated_at ?? 0) / 1000);
}

/** Second and id of a row: the same again = nothing new. */
function keyOf(row: ZendeskOrganization): string {
  return `${secondOf(row)} ${row.id}`;
}

function startsIn(key: string, second: number): boolean {
  return Number(key.split(" ")[0]) >= second;
}
