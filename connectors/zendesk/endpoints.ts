/**
 * Every Zendesk address we call and which of Zendesk's limits counts it. Data only.
 *
 * The client can call nothing that is not listed here, so one test can hold the whole connector against Zendesk's
 * published OpenAPI file.
 */

import { provisionEndpoints } from "./provision-endpoints.ts";

/** Which of Zendesk's own limits a call counts against, beside the plan's. */
export type EndpointClass =
  | "general"
  | "tickets-update"
  | "incremental"
  | "search-export"
  | "jobs"
  | "webhooks";

export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As Zendesk's OpenAPI file writes it, parameters in braces. */
  readonly path: string;
  readonly class: EndpointClass;
  /** Answers with a text instead of JSON. */
  readonly answers?: "document";
}

/** The calls this connector makes, by what they are for. */
export const endpoints = {
  ...provisionEndpoints,
  showTicket: { method: "GET", path: "/api/v2/tickets/{ticket_id}", class: "general" },
  updateTicket: { method: "PUT", path: "/api/v2/tickets/{ticket_id}", class: "tickets-update" },
  addTags: { method: "PUT", path: "/api/v2/tickets/{ticket_id}/tags", class: "tickets-update" },
  removeTags: { method: "DELETE", path: "/api/v2/tickets/{ticket_id}/tags", class: "tickets-update" },
  listAudits: { method: "GET", path: "/api/v2/tickets/{ticket_id}/audits", class: "general" },
  updateTickets: { method: "PUT", path: "/api/v2/tickets/update_many", class: "jobs" },
  showTickets: { method: "GET", path: "/api/v2/tickets/show_many", class: "general" },
  listIdentities: { method: "GET", path: "/api/v2/users/{user_id}/identities", class: "general" },
  me: { method: "GET", path: "/api/v2/users/me", class: "general" },
  showUser: { method: "GET", path: "/api/v2/users/{user_id}", class: "general" },
  showAppKey: {
    method: "GET",
    path: "/api/v2/apps/{app_id}/public_key.pem",
    class: "general",
    answers: "document",
  },
  searchUsers: { method: "GET", path: "/api/v2/users/search", class: "general" },
  listGroups: { method: "GET", path: "/api/v2/groups", class: "general" },
  listForms: { method: "GET", path: "/api/v2/ticket_forms", class: "general" },
  listBrands: { method: "GET", path: "/api/v2/brands", class: "general" },
  listSlaPolicies: { method: "GET", path: "/api/v2/slas/policies", class: "general" },
  listOrganizationFields: { method: "GET", path: "/api/v2/organization_fields", class: "general" },
  listTicketFields: { method: "GET", path: "/api/v2/ticket_fields", class: "general" },
  listOrganizations: { method: "GET", path: "/api/v2/organizations", class: "general" },
  showOrganizations: { method: "GET", path: "/api/v2/organizations/show_many", class: "general" },
  exportOrganizations: { method: "GET", path: "/api/v2/incremental/organizations", class: "incremental" },
  updateOrganizations: { method: "PUT", path: "/api/v2/organizations/update_many", class: "jobs" },
  createOrganizations: { method: "POST", path: "/api/v2/organizations/create_many", class: "jobs" },
  listMemberships: {
    method: "GET",
    path: "/api/v2/users/{user_id}/organization_memberships",
    class: "general",
  },
  exportTickets: { method: "GET", path: "/api/v2/incremental/tickets/cursor", class: "incremental" },
  listOrganizationTickets: {
    method: "GET",
    path: "/api/v2/organizations/{organization_id}/tickets",
    class: "general",
  },
  exportSearch: { method: "GET", path: "/api/v2/search/export", class: "search-export" },
  exportMetricEvents: {
    method: "GET",
    path: "/api/v2/incremental/ticket_metric_events",
    class: "incremental",
  },
  createTicket: { method: "POST", path: "/api/v2/tickets", class: "general" },
  createOrUpdateUser: { method: "POST", path: "/api/v2/users/create_or_update", class: "general" },
  listUserFields: { method: "GET", path: "/api/v2/user_fields", class: "general" },
  listTriggers: { method: "GET", path: "/api/v2/triggers", class: "general" },
  listWebhooks: { method: "GET", path: "/api/v2/webhooks", class: "webhooks" },
  listInvocations: { method: "GET", path: "/api/v2/webhooks/{webhook_id}/invocations", class: "webhooks" },
  showSigningSecret: {
    method: "GET",
    path: "/api/v2/webhooks/{webhook_id}/signing_secret",
    class: "webhooks",
  },
  showJobs: { method: "GET", path: "/api/v2/job_statuses/show_many", class: "general" },
} as const satisfies Readonly<Record<string, Endpoint>>;

/** Name of a listed call. */
export type EndpointName = keyof typeof endpoints;

/** `limit` calls in any window of `perMs`, until an answer's headers say something else. */
export interface DefaultLimit {
  readonly limit: number;
  readonly perMs: number;
  readonly source: string;
}

const RATE_LIMITS = "https://developer.zendesk.com/api-reference/introduction/rate-limits/ (read 2026-11-22)";

/**
 * Zendesk's documented limits: what a pacer starts with. `account` counts every call; a class has its own limit
 * besides, and "general" has none. Headers of real answers correct them: recorded accounts showed lower values (20
 * ticket updates a minute on a development account).
 */
export const zendeskLimits: {
  readonly account: DefaultLimit;
  readonly classes: Readonly<Record<Exclude<EndpointClass, "general">, DefaultLimit>>;
} = {
  // Suite Team and Support Team; other plans allow 400 to 2,500. Essential allows 10 and says so in its headers.
  account: { limit: 200, perMs: 60_000, source: `${RATE_LIMITS}: plan limit of the smallest current plan` },
  classes: {
    "tickets-update": {
      limit: 100,
      perMs: 60_000,
      source: `${RATE_LIMITS}: Update Ticket, per account; 300 with the High Volume add-on`,
    },
    incremental: { limit: 10, perMs: 60_000, source: `${RATE_LIMITS}: all incremental exports together` },
    // Seen in recorded answers of these endpoints, `x-rate-limit: 100`; the page does not name it.
    webhooks: {
      limit: 100,
      perMs: 60_000,
      source: `${RATE_LIMITS}: webhook endpoints, counted on their own`,
    },
    "search-export": { limit: 100, perMs: 60_000, source: `${RATE_LIMITS}: Export Search Results` },
    // A ceiling on jobs queued or running at once rather than a rate; its header counts in windows of a minute.
    jobs: { limit: 30, perMs: 60_000, source: `${RATE_LIMITS}: background jobs queued or running` },
  },
};
