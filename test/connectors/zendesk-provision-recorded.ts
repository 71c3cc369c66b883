/** The set-up of an account as real ones sent it, answered by nock. */
import nock from "nock";
import { HOST } from "./zendesk-kit.ts";

const API = `${HOST}/api/v2`;
/** The webhook of the recorded account. */
export const WEBHOOK = "01HAN96XNH1J7DY8D7RZ22QMT9";

/**
 * Rows as real accounts sent them: https://github.com/salto-io/salto/tree/24ffe43de9e6a1920a7b158c787998c460eedd49
 * (Apache-2.0, recorded 2021-2022, read 2026-11-22), shortened; queue and metric-event shapes from Zendesk's OpenAPI file
 * of 2026-04-28.
 */
const LISTS: Readonly<Record<string, readonly [key: string, rows: readonly unknown[]]>> = {
  organization_fields: [
    "organization_fields",
    [
      {
        url: `${API}/organization_fields/1900000026705.json`,
        id: 1900000026705,
        type: "dropdown",
        key: "dropdown_26",
        title: "dropdown 26",
        description: "desc",
        raw_description: "desc",
        position: 6,
        active: true,
        system: false,
        regexp_for_validation: null,
        custom_field_options: [
          { id: 1900000066065, name: "123", raw_name: "123", value: "123" },
          { id: 1900000066085, name: "v1", raw_name: "v1", value: "v1" },
        ],
      },
    ],
  ],
  ticket_fields: [
    "ticket_fields",
    [
      { id: 1, type: "subject", title: "Subject", removable: false, agent_description: null },
      { id: 2, type: "text", title: "Order number", removable: true, active: true, agent_description: null },
    ],
  ],
  groups: [
    "groups",
    [
      { id: 3, name: "Support", description: null, deleted: false },
      { id: 4, name: "Old", deleted: true },
    ],
  ],
  trigger_categories: ["trigger_categories", [{ id: "10001", name: "Notifications", position: 0 }]],
  webhooks: [
    "webhooks",
    [
      {
        id: WEBHOOK,
        name: "events",
        status: "active",
        endpoint: "https://example.com/hook",
        http_method: "GET",
        request_format: "json",
        subscriptions: ["zen:event-type:user.deleted"],
        authentication: { type: "bearer_token", add_position: "header" },
        created_at: "2023-09-18T23:12:08.000000000Z",
      },
    ],
  ],
  triggers: [
    "triggers",
    [
      {
        id: 6,
        title: "Notify",
        description: null,
        active: false,
        position: 2,
        category_id: null,
        conditions: { all: [{ field: "status", operator: "is_not", value: "closed" }], any: null },
        actions: [
          { field: "notification_webhook", value: [WEBHOOK, '{"id":"{{ticket.id}}"}'] },
          { field: "notification_user", value: ["requester_id", "Subject", "Body"] },
          { field: "priority", value: "high" },
        ],
      },
      { title: "without an id" },
    ],
  ],
  "slas/policies": [
    "sla_policies",
    [
      {
        url: `${API}/slas/policies/1900000007885.json`,
        id: 1900000007885,
        title: "SLA 501",
        description: null,
        position: 1,
        filter: { all: [{ field: "ticket_form_id", operator: "is", value: 1500002488481 }], any: [] },
        policy_metrics: [
          { priority: "urgent", metric: "first_reply_time", target: 5, business_hours: false },
          {
            priority: "urgent",
            metric: "agent_work_time",
            target: 30,
            target_in_seconds: 1800,
            business_hours: true,
          },
          { priority: "critical", metric: "first_reply_time", target: 1, business_hours: false },
        ],
        created_at: "2021-08-08T05:53:49Z",
        updated_at: "2021-08-08T05:53:50Z",
      },
    ],
  ],
  views: [
    "views",
    [
      {
        id: 8,
        title: "Unsolved",
        description: null,
        active: true,
        position: 1,
        default: false,
        restriction: null,
        conditions: { all: [{ field: "status", operator: "less_than", value: "solved" }], any: [] },
        execution: {
          group_by: null,
          sort_by: "status",
          sort_order: "desc",
          group: null,
          sort: { id: "status", title: "Status", order: "asc" },
          columns: [
            { id: "status", title: "Status" },
            { id: 5, title: "Account", type: "text" },
          ],
        },
      },
    ],
  ],
  macros: [
    "macros",
    [
      {
        id: 9,
        title: "Close",
        active: true,
        description: null,
        actions: [{ field: "comment_value", value: ["channel:all", "Bye"] }],
        restriction: null,
      },
    ],
  ],
  queues: [
    "queues",
    [
      {
        id: "01HG80ATNNZK1N7XRFVKX48XD6",
        name: "Urgent",
        description: "Queue description",
        definition: { all: [{ field: "priority", operator: "is", value: "urgent" }], any: [] },
        order: 1,
        priority: 1,
        primary_groups: { count: 1, groups: [{ id: 6784729637757, name: "EWR" }] },
        secondary_groups: { count: 0, groups: [] },
      },
    ],
  ],
};

/** Every list that an inventory asks for, each once, to an administrator. */
export function accountAnswers(): void {
  const desk = nock(HOST)
    .get("/api/v2/users/me")
    .reply(200, { user: { id: 1, role: "admin" } });
  for (const [path, [key, rows]] of Object.entries(LISTS))
    desk
      .get(`/api/v2/${path}`)
      .query(true)
      .reply(200, { [key]: rows, meta: { has_more: false } });
  const operators = [{ title: "Is", value: "is" }];
  const via = { subject: "via_id", operators, values: [{ value: "4", title: "Email" }] };
  desk
    .get("/api/v2/slas/policies/definitions")
    .reply(200, {
      definitions: {
        all: [
          {
            title: "dropdown 26",
            value: "organization.custom_fields.dropdown_26",
            operators,
            values: {
              type: "list",
              list: [
                { value: null, title: "-" },
                { value: 1900000066065, title: "123" },
              ],
            },
          },
        ],
        any: [],
      },
    })
    .get("/api/v2/triggers/definitions")
    .reply(200, {
      definitions: { actions: [{ subject: "priority" }], conditions_all: [via], conditions_any: [via] },
    })
    .get("/api/v2/queues/definitions")
    .reply(200, { definitions: { conditions_all: [{ subject: "priority" }], conditions_any: [] } })
    .get("/api/v2/brands")
    .query(true)
    .reply(200, { brands: [{ id: 5, name: "Acme" }] })
    .get("/api/v2/ticket_forms")
    .query(true)
    .reply(404, { error: "RecordNotFound" })
    .get("/api/v2/business_hours/schedules")
    .reply(200, { schedules: [{ id: 7, name: "Office", time_zone: "Central Time (US & Canada)" }] });
}
