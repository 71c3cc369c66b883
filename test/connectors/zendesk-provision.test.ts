import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { HOST } from "./zendesk-kit.ts";
import { KINDS, openScripted, SAMPLES } from "./zendesk-provision-kit.ts";
import { accountAnswers, WEBHOOK } from "./zendesk-provision-recorded.ts";

describe("an inventory of a recorded account", () => {
  test("reads every kind into the words of a plan; what is missing or unknown harms nothing", async () => {
    accountAnswers();
    const { desk, reports } = openScripted();
    const { kinds, definitions, around } = await desk.inventory();
    expect(kinds).toMatchObject({
      organization_field: [
        {
          name: "dropdown_26",
          fields: {
            key: "dropdown_26",
            options: [
              { name: "123", tag: "123" },
              { name: "v1", tag: "v1" },
            ],
          },
          optionIds: { "123": "1900000066065", v1: "1900000066085" },
        },
      ],
      ticket_field: [{ id: "2", fields: { title: "Order number", description: "", options: [] } }],
      group: [{ id: "3", fields: { name: "Support", description: "" } }],
      trigger_category: [{ id: "10001", position: 0, fields: { name: "Notifications" } }],
      webhook: [
        {
          id: WEBHOOK,
          fields: { readable: false, firedBy: "events", events: ["zen:event-type:user.deleted"] },
        },
      ],
      trigger: [
        {
          position: 2,
          fields: {
            category: null,
            active: false,
            description: "",
            conditions: { all: [{ field: "status", operator: "is_not", value: "closed" }], any: [] },
            actions: [
              { field: "notification_webhook", value: [WEBHOOK, '{"id":"{{ticket.id}}"}'] },
              { field: "notification_user", value: "requester_id Subject Body" },
              { field: "priority", value: "high" },
            ],
          },
        },
      ],
      sla_policy: [
        {
          fields: {
            filter: { all: [{ field: "ticket_form_id", operator: "is", value: "1500002488481" }], any: [] },
            targets: [
              { metric: "first_reply_time", priority: "urgent", minutes: 5, businessHours: false },
              { metric: "agent_work_time", priority: "urgent", minutes: 30, businessHours: true },
            ],
          },
        },
      ],
      view: [{ fields: { columns: ["status", "5"], sortBy: "status", sortOrder: "asc" } }],
      macro: [{ fields: { actions: [{ field: "comment_value", value: "channel:all Bye" }] } }],
      queue: [{ position: 1, fields: { primaryGroups: ["6784729637757"], secondaryGroups: [] } }],
    });
    expect(definitions).toEqual({
      slaFilter: { "organization.custom_fields.dropdown_26": ["is"] },
      triggerConditions: { via_id: ["is"] },
      triggerActions: ["priority"],
      channels: [{ id: "4", name: "Email" }],
      queueConditions: ["priority"],
    });
    expect(around).toEqual({
      brands: [{ id: "5", name: "Acme" }],
      forms: [],
      schedules: [{ id: "7", name: "Office" }],
    });
    expect(reports).toEqual(['one trigger (id unknown) could not be read at "id" and was skipped']);
  });

  test("costs a call a list and asks for nothing twice", async () => {
    accountAnswers();
    const { desk, pacer } = openScripted();
    await desk.inventory();
    expect(desk.calls()).toEqual({ general: 16, webhooks: 1 });
    expect(new Set(pacer.ran.map((call) => call.lane))).toEqual(new Set(["backfill"]));
  });
});

describe("what goes over the wire", () => {
  const body =
    (sent: unknown) =>
    (received: unknown): boolean => {
      expect(received).toEqual(sent);
      return true;
    };

  test("a view's conditions stand beside its title, and its columns and sorting in its output", async () => {
    const { title, description, active, conditions, columns } = SAMPLES.view.fields;
    const output = { columns, sort_by: "priority", sort_order: "desc" };
    const view = { title, description, active, ...conditions, output };
    nock(HOST)
      .post("/api/v2/views", body({ view }))
      .reply(200, { view: { id: 8, title } });
    expect((await openScripted().desk.create("view", SAMPLES.view.fields)).id).toBe("8");
  });

  test("a changed SLA policy is sent with its title and filter, which a partial write would lose", async () => {
    const filter = { all: [], any: [] };
    const policy_metrics = [
      { priority: "urgent", metric: "first_reply_time", target: 15, business_hours: false },
    ];
    nock(HOST)
      .get("/api/v2/slas/policies/7")
      .reply(200, { sla_policy: { id: 7, title: "Pro", filter, policy_metrics: [] } })
      .put("/api/v2/slas/policies/7", body({ sla_policy: { title: "Pro", filter, policy_metrics } }))
      .reply(200, { sla_policy: { id: 7, title: "Pro", filter, policy_metrics } });
    const changed = await openScripted().desk.change("sla_policy", "7", SAMPLES.sla_policy.change);
    expect(changed?.fields.targets).toEqual(SAMPLES.sla_policy.change.targets);
  });

  test("a drop-down's choices go out with the ids they have", async () => {
    const option = { id: 511, name: "Pro", value: "ps_tier_pro" };
    const sent = [{ id: 511, name: "Professional", value: "ps_tier_pro" }];
    const row = { id: 5, key: "ps_tier", type: "dropdown" };
    nock(HOST)
      .get("/api/v2/organization_fields/5")
      .reply(200, { organization_field: { ...row, custom_field_options: [option] } })
      .put(
        "/api/v2/organization_fields/5",
        body({ organization_field: { title: "Tier", custom_field_options: sent } }),
      )
      .reply(200, { organization_field: { ...row, title: "Tier", custom_field_options: sent } });
    const changed = await openScripted().desk.change(
      "organization_field",
      "5",
      SAMPLES.organization_field.change,
    );
    expect(changed?.optionIds).toEqual({ ps_tier_pro: "511" });
  });

  test("a changed webhook, whose answer is empty, is read back", async () => {
    const webhook = {
      id: WEBHOOK,
      name: "ours",
      status: "inactive",
      subscriptions: ["conditional_ticket_events"],
    };
    nock(HOST)
      .patch(`/api/v2/webhooks/${WEBHOOK}`, body({ webhook: { status: "inactive" } }))
      .reply(204)
      .get(`/api/v2/webhooks/${WEBHOOK}`)
      .reply(200, { webhook });
    const changed = await openScripted().desk.change("webhook", WEBHOOK, { active: false });
    expect(changed?.fields).toMatchObject({ active: false, firedBy: "triggers", events: [] });
  });

  test("a queue's groups go out under the names of a write", async () => {
    const sent = expect.objectContaining({ primary_groups_id: [11], secondary_groups_id: [10] }) as unknown;
    nock(HOST)
      .post("/api/v2/queues", body({ queue: sent }))
      .reply(201, { queue: { id: "01Q", name: "Pro" } });
    // An account that ignored those names would answer without groups: the caller sees it.
    expect((await openScripted().desk.create("queue", SAMPLES.queue.fields)).fields.primaryGroups).toEqual(
      [],
    );
  });

  test.each(KINDS)("an id that is no id of a %s never reaches an address", async (kind) => {
    const { desk } = openScripted();
    await expect(desk.remove(kind, "../users/1")).rejects.toThrow("not a Zendesk id");
  });
});
