/** What the Zendesk tests share: a desk on an invented account, a pacer that only notes, records as Zendesk sends them. */
import nock from "nock";
import { openZendesk, type ZendeskOptions } from "../../connectors/zendesk/index.ts";
import type { DeskSettings } from "../../src/policy/model.ts";
import type { Desk, Health, Lane, Pacer, TicketReading } from "../../src/ports.ts";

export const HOST = "https://acme.zendesk.com";
/** 2026-11-22T12:00:00Z */
export const NOW = Date.parse("2026-11-22T12:00:00Z");

export interface NotingPacer extends Pacer {
  readonly ran: { readonly class: string; readonly lane: Lane }[];
  readonly learned: {
    readonly class: string;
    readonly limit: number;
    readonly remaining: number;
    readonly resetsInMs: number;
  }[];
  readonly blocked: { readonly class: string | null; readonly forMs: number }[];
  readonly healths: { readonly class: string; readonly health: Health }[];
  readonly refusals: { readonly problem: string; readonly fix: string }[];
}

/** A pacer that lets everything through and notes what it was told. */
export function notingPacer(): NotingPacer {
  const ran: NotingPacer["ran"] = [];
  const learned: NotingPacer["learned"] = [];
  const blocked: NotingPacer["blocked"] = [];
  const healths: NotingPacer["healths"] = [];
  const refusals: NotingPacer["refusals"] = [];
  return {
    ran,
    learned,
    blocked,
    healths,
    refusals,
    run: async (endpointClass, lane, call, before) => {
      ran.push({ class: endpointClass, lane });
      await before?.();
      return call();
    },
    met: (endpointClass, health) => {
      healths.push({ class: endpointClass, health });
    },
    refused: (problem, fix) => {
      refusals.push({ problem, fix });
    },
    learn: (endpointClass, budget) => {
      learned.push({ class: endpointClass, ...budget });
    },
    block: (endpointClass, forMs) => {
      blocked.push({ class: endpointClass, forMs });
    },
  };
}

export const deskSettings: DeskSettings = {
  impactField: "Severity",
  vip: "vip",
  brands: [],
  onlyOrganizationsTagged: [],
  automationUsers: [],
  availability: false,
  createOrganizations: "never",
  multipleOrganizations: "ticket",
  writeArr: false,
};

export const TIER_TAGS = ["ps_tier_standard", "ps_tier_pro", "ps_tier_enterprise"];

export interface Opened {
  readonly desk: Desk;
  readonly pacer: NotingPacer;
  readonly slept: number[];
  readonly reports: string[];
}

/** A desk with a pass-through pacer, a standing clock and naps that are only noted. */
export function open(over: Partial<ZendeskOptions> = {}): Opened {
  const pacer = notingPacer();
  const slept: number[] = [];
  const reports: string[] = [];
  const desk = openZendesk({
    url: HOST,
    credentials: () => ({ email: "ops@acme.example", apiToken: "t0ken" }),
    prefix: "ps_",
    tierTags: TIER_TAGS,
    desk: deskSettings,
    pacer,
    now: () => NOW,
    sleep: async (ms) => {
      slept.push(ms);
    },
    report: (message) => {
      reports.push(message);
    },
    ...over,
  });
  return { desk, pacer, slept, reports };
}

export const signal = new AbortController().signal;

/** A ticket as `GET /tickets/{id}` shows it (keys: Zendesk's OpenAPI file 2026-04-28, TicketObject). */
export function ticketJson(over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: 42,
    url: `${HOST}/api/v2/tickets/42.json`,
    external_id: null,
    via: { channel: "email", source: { from: {}, to: {}, rel: null } },
    created_at: "2026-11-22T11:59:50Z",
    updated_at: "2026-11-22T11:59:55Z",
    type: null,
    subject: "Cannot sign in",
    raw_subject: "Cannot sign in",
    description: "Since this morning.",
    priority: null,
    status: "new",
    recipient: null,
    requester_id: 900,
    submitter_id: 900,
    assignee_id: null,
    organization_id: 700,
    group_id: 10,
    collaborator_ids: [],
    follower_ids: [],
    satisfaction_rating: null,
    tags: ["web"],
    custom_fields: [
      { id: 31, value: "sev2" },
      { id: 32, value: "ps_tier_pro" },
    ],
    ticket_form_id: 20,
    brand_id: 5,
    ...over,
  };
}

export const requesterJson = {
  id: 900,
  email: "jane@customer.example",
  role: "end-user",
  tags: ["vip"],
  user_fields: { gold: true },
  active: true,
  suspended: false,
  verified: true,
};

export const organizationJson = {
  id: 700,
  name: "Customer Ltd",
  external_id: null,
  domain_names: ["Customer.example"],
  tags: ["pilot"],
  organization_fields: { ps_tier: "ps_tier_pro" },
  updated_at: "2026-11-20T10:00:00Z",
  deleted_at: null,
};

/** Groups, forms and fields of the invented account; two groups share a name. */
export function mockNames(times = 1): void {
  nock(HOST)
    .get("/api/v2/groups")
    .query(true)
    .times(times)
    .reply(200, {
      groups: [
        { id: 10, name: "Support", deleted: false },
        { id: 11, name: "Enterprise Support", deleted: false },
        { id: 12, name: "Twins", deleted: false },
        { id: 13, name: "Twins", deleted: false },
        { id: 14, name: "Old", deleted: true },
      ],
      meta: { has_more: false, after_cursor: null },
      links: { next: `${HOST}/api/v2/groups?page[after]=never` },
    });
  nock(HOST)
    .get("/api/v2/ticket_forms")
    .query(true)
    .times(times)
    .reply(200, { ticket_forms: [{ id: 20, name: " Default Form " }], next_page: null });
  nock(HOST)
    .get("/api/v2/ticket_fields")
    .query(true)
    .times(times)
    .reply(200, {
      ticket_fields: [
        { id: 30, type: "subject", title: "Subject", active: true },
        {
          id: 31,
          type: "tagger",
          title: "Severity",
          active: true,
          custom_field_options: [
            { id: 1, name: "Sev1", value: "impact_one" },
            { id: 2, name: "Sev 2 - high", value: "sev2" },
          ],
        },
        {
          id: 32,
          type: "tagger",
          title: "Support tier",
          active: true,
          custom_field_options: TIER_TAGS.map((value, index) => ({ id: 100 + index, name: value, value })),
        },
      ],
      meta: { has_more: false },
    });
}

/** The answer of the wanted error class, or a clear failure. */
export async function failureOf<T extends Error>(
  work: Promise<unknown>,
  type: new (...args: never[]) => T,
): Promise<T> {
  try {
    await work;
  } catch (error) {
    if (error instanceof type) return error;
    throw new Error(`expected ${type.name}, got ${String(error)}`, { cause: error });
  }
  throw new Error(`expected ${type.name}, but it succeeded`);
}

export const TICKET = "/api/v2/tickets/42";
const DATE = { date: "Sun, 22 Nov 2026 11:59:56 GMT" };

/** The next reading of ticket 42, as of one second after its last change. */
export function mockTicket(
  over: object = {},
  users: readonly object[] = [requesterJson],
  headers = DATE,
): void {
  nock(HOST)
    .get(TICKET)
    .query({ include: "users,organizations" })
    .reply(200, { ticket: ticketJson({ ...over }), users, organizations: [organizationJson] }, headers);
}

/** Ticket 42 read by a fresh desk, and that desk. */
export async function read(
  over: object = {},
  options: Partial<ZendeskOptions> = {},
): Promise<TicketReading & Opened> {
  const opened = open(options);
  mockTicket(over);
  mockNames();
  const reading = await opened.desk.readTicket("42", "live");
  if (reading === null) throw new Error("the ticket was not read");
  return { ...reading, ...opened };
}
