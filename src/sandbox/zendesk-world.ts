/** What every part of the Zendesk sandbox shares: its state, its clock, its ids and its settings. */
import { randomBytes } from "node:crypto";
import type { TicketRecord, UserRecord, WebhookRecord, ZendeskState } from "./zendesk-records.ts";

/** Rate limits. Defaults are Zendesk's published ones (developer.zendesk.com rate-limits page, read 2026-11-22). */
export interface ZendeskLimits {
  /** Requests per minute for the whole account (plan). */
  readonly plan: number;
  /** Ticket updates per minute for the whole account; 300 with the High Volume add-on. */
  readonly ticketUpdates: number;
  /** Updates per 10 minutes of one ticket by one user. */
  readonly perTicketUpdates: number;
  /** PUTs per minute of one organization. */
  readonly organizationUpdates: number;
  /** Requests per minute over all incremental exports together. */
  readonly incremental: number;
  /** Requests per minute to the export of a search. */
  readonly searchExports: number;
  /** Jobs queued or running at once. */
  readonly jobs: number;
  /** Calls of the webhook endpoints per minute; their test endpoint allows 20. */
  readonly webhooks: number;
  /** Invocations per minute of a trial account. */
  readonly trialInvocations: number;
  /** Counts and executions per minute of one view by one agent. */
  readonly viewExecutions: number;
}

/** How the sandbox behaves where accounts differ or the documentation is silent. */
export interface ZendeskBehaviour {
  /** `additional_tags`/`remove_tags` on a single PUT: applied, or dropped with a warning header. */
  readonly singlePutTags: "applied" | "ignored_with_warning";
  /** Whether `safe_update` is obeyed in rows of update_many. Not documented; assumed yes. */
  readonly bulkSafeUpdate: boolean;
  /** false = a plan without SLA policies: their addresses answer 404. */
  readonly slas: boolean;
  /** false = a plan with one schedule: a second one is refused, and triggers cannot set one. */
  readonly multipleSchedules: boolean;
  /** false = users belong to one organization at most. */
  readonly multipleOrganizations: boolean;
  /** false = no trigger categories: their addresses answer 403 and triggers have none. */
  readonly triggerCategories: boolean;
  /** false = no omnichannel routing: its addresses answer 403. */
  readonly queues: boolean;
  /** Whether the list of groups carries deleted ones, marked, unless `exclude_deleted` asks otherwise. */
  readonly listsDeletedGroups: boolean;
  /** A trial account: 10 webhooks, 60 invocations a minute. */
  readonly trial: boolean;
  /** Ids start above 2^53. */
  readonly bigIds: boolean;
  /** Which family of rate-limit header names is sent. */
  readonly headerSpelling: "new" | "old";
  /** A job finishes this long after it was accepted, ms. */
  readonly jobMs: number;
  /** How many polls of a finished job still say `queued` or `working`. */
  readonly jobPolls: number;
  /** How many polls of a new job are answered with 404. */
  readonly jobMissingPolls: number;
  /** Rows per page of the exports. */
  readonly exportPage: number;
  /** Records younger than this are not in the search index, ms. */
  readonly searchLagMs: number;
  /** Whether text put into a webhook body is escaped as JSON. Not verified; assumed not. */
  readonly escapePlaceholders: boolean;
}

/** A webhook call to be sent: the deliverer signs it and tries it. */
export interface Outgoing {
  readonly webhook: WebhookRecord;
  readonly event: string;
  readonly ticketId: string | null;
  readonly payload: string;
}

export interface World {
  readonly now: () => number;
  readonly state: ZendeskState;
  readonly limits: ZendeskLimits;
  readonly behaviour: ZendeskBehaviour;
  readonly subdomain: string;
  readonly accountId: number;
  /** A fresh id; tickets count from 1, everything else is a large number. */
  readonly newId: (kind: "ticket" | "other") => string;
  /** Whose each organization name, external id (deleted ones have none) and e-mail address is, in lower case. */
  readonly taken: {
    readonly names: Map<string, string>;
    readonly externalIds: Map<string, string>;
    readonly emails: Map<string, string>;
  };
  /** Queues a webhook call. */
  readonly send: (call: Outgoing) => void;
  /** Address of this sandbox, for `url` and paging links. */
  readonly url: () => string;
}

/** An empty state. */
export function emptyState(): ZendeskState {
  return {
    users: new Map(),
    groups: new Map(),
    brands: new Map(),
    forms: new Map(),
    ticketFields: new Map(),
    organizationFields: new Map(),
    userFields: new Map(),
    organizations: new Map(),
    tickets: new Map(),
    audits: new Map(),
    triggers: new Map(),
    categories: new Map(),
    slaPolicies: new Map(),
    schedules: new Map(),
    views: new Map(),
    macros: new Map(),
    queues: new Map(),
    metricEvents: new Map(),
    webhooks: new Map(),
    invocations: new Map(),
    jobs: new Map(),
  };
}

/** Makes the id counter of a world. */
export function idCounter(bigIds: boolean): World["newId"] {
  const big = 9_007_199_254_740_993n;
  let ticket = bigIds ? big : 1n;
  let other = bigIds ? big + 1_000_000_000n : 8_447_000_000_001n;
  return (kind) => {
    if (kind === "other") {
      other += 1n;
      return other.toString();
    }
    const id = ticket.toString();
    ticket += 1n;
    return id;
  };
}

/** The present moment as Zendesk stamps it: whole seconds, in ms. */
export const stamp = (world: World): number => Math.floor(world.now() / 1000) * 1000;

/** `2026-11-22T10:00:00Z`; null stays null. */
export const iso = (at: number | null): string | null =>
  at === null ? null : `${new Date(at).toISOString().slice(0, 19)}Z`;

/** An id as the JSON number Zendesk sends, exact beyond 2^53; null stays null. */
export function numeric(id: string | null): unknown {
  if (id === null) return null;
  if (!/^\d+$/.test(id)) return id;
  const number = Number(id);
  return Number.isSafeInteger(number) ? number : exactNumber(id);
}

/** An id from the wire (number or text) as text; null, "" and absent give null. */
export function idOf(value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  return typeof value === "number" || typeof value === "string" ? String(value) : null;
}

/** A ULID-like id: 26 characters, sorted by time. */
export function ulid(at: number): string {
  const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  let time = "";
  for (let rest = at, index = 0; index < 10; index += 1, rest = Math.floor(rest / 32))
    time = (alphabet[rest % 32] ?? "0") + time;
  const random = [...randomBytes(16)].map((byte) => alphabet[byte % 32]).join("");
  return time + random;
}

/** The user with this e-mail address, or null. */
export function userByEmail(world: World, email: string | null | undefined): UserRecord | null {
  const id = world.taken.emails.get(email?.toLowerCase() ?? "");
  return id === undefined ? null : (world.state.users.get(id) ?? null);
}

/** Remembers a user and how to find it. */
export function keepUser(world: World, user: UserRecord): UserRecord {
  world.state.users.set(user.id, user);
  world.taken.emails.set(user.email, user.id);
  return user;
}

/** A ticket that exists and is not deleted, or null. */
export function liveTicket(world: World, id: string | null): TicketRecord | null {
  const ticket = id === null ? undefined : world.state.tickets.get(id);
  return ticket === undefined || ticket.deleted ? null : ticket;
}

function exactNumber(digits: string): unknown {
  // JSON.rawJSON is in Node since 22; the type library does not know it yet.
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(digits);
}
