import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Account, openAccount, SEED } from "./zendesk-account.ts";
import { openReceiver, type Receiver } from "./zendesk-receiver.ts";

/** The tier on the organization, its native trigger first, our call last, and an SLA policy by tag. */
const all = ["low", "normal", "high", "urgent"].map((priority) => ({
  priority,
  metric: "first_reply_time",
  target: priority === "high" ? 30 : 60,
  business_hours: false,
}));
const native = {
  title: "Enterprise at once",
  position: 1,
  conditions: {
    all: [
      { field: "update_type", operator: "is", value: "Create" },
      { field: "organization.custom_fields.ps_tier", operator: "is", value: "512" },
      { field: "priority", operator: "is", value: "" },
    ],
    any: [],
  },
  actions: [
    { field: "priority", value: "high" },
    { field: "group_id", value: "12" },
    { field: "current_tags", value: "ps_tier_enterprise ps_native" },
  ],
};
const notify = {
  title: "Tell the service",
  position: 9,
  conditions: { all: [{ field: "update_type", operator: "is", value: "Create" }], any: [] },
  actions: [
    {
      field: "notification_webhook",
      value: [
        "01OURS",
        '{"ticket_id":"{{ticket.id}}","updated_at":"{{ticket.updated_at_with_timestamp}}","priority":"{{ticket.priority}}","group_id":"{{ticket.group.id}}","tags":"{{ticket.tags}}"}',
      ],
    },
  ],
};

let receiver: Receiver;
let account: Account;
beforeEach(async () => {
  receiver = await openReceiver();
  account = await openAccount({
    seed: {
      ...SEED,
      sla_policies: [
        {
          id: 101,
          title: "Enterprise",
          filter: {
            all: [{ field: "current_tags", operator: "includes", value: "ps_tier_enterprise" }],
            any: [],
          },
          policy_metrics: all,
        },
      ],
      webhooks: [
        {
          id: "01OURS",
          name: "ours",
          endpoint: receiver.url,
          http_method: "POST",
          request_format: "json",
          subscriptions: ["conditional_ticket_events"],
        },
      ],
      triggers: [native, notify],
    },
  });
  account.zendesk.updateOrganization("61", {
    organization_fields: { ps_tier: "ps_tier_enterprise" },
    tags: [],
  });
});
afterEach(async () => {
  await account.zendesk.close();
  await receiver.close();
});

describe("the native path: what triggers do at creation", () => {
  test("is done before the webhook tells of the ticket, and creation is still its last change", async () => {
    account.zendesk.createTicket({ from: "ann@acme.example" });
    await account.zendesk.drain();
    const { at } = await account.get("/tickets/1");
    expect(at("ticket")).toMatchObject({ priority: "high", group_id: 12 });
    expect(at("ticket.updated_at")).toBe(at("ticket.created_at"));
    expect(receiver.received.map((hit) => JSON.parse(hit.body) as unknown)).toEqual([
      expect.objectContaining({
        priority: "High",
        group_id: "12",
        tags: expect.stringContaining("ps_native") as unknown,
        updated_at: at("ticket.created_at"),
      }),
    ]);
  });

  test("comes before the SLA policy is chosen, so the clock runs from the first second", async () => {
    account.zendesk.createTicket({ from: "ann@acme.example" });
    const { at } = await account.get("/tickets/1?include=slas");
    expect(at("ticket.slas.policy_metrics")).toMatchObject([{ breach_at: "2026-06-01T10:30:00Z" }]);
  });

  test("leaves a ticket alone that came with a priority", async () => {
    account.zendesk.createTicket({ from: "ann@acme.example", priority: "low" });
    const { at } = await account.get("/tickets/1");
    expect([at("ticket.priority"), at("ticket.group_id")]).toEqual(["low", null]);
  });

  test("is signed in the audit by the rule, with what was there before", async () => {
    account.zendesk.createTicket({ from: "ann@acme.example" });
    const events = (await account.get("/tickets/1/audits")).at("audits.0.events") as readonly object[];
    expect(events).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: "Change",
          field_name: "priority",
          previous_value: null,
          via: expect.objectContaining({ channel: "rule" }) as unknown,
        }),
        expect.objectContaining({ type: "Change", field_name: "group_id", value: "12" }),
      ]),
    );
  });
});

describe("the metric events", () => {
  const rows = async (): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    account.pass(60_000);
    const start = Date.parse("2026-06-01T09:00:00Z") / 1000;
    const { at } = await account.get(`/incremental/ticket_metric_events?start_time=${start}`);
    return at("ticket_metric_events") as readonly Readonly<Record<string, unknown>>[];
  };

  test("tell that a clock began and which policy with which target was applied to it", async () => {
    account.zendesk.createTicket({ from: "ann@acme.example" });
    expect(await rows()).toMatchObject([
      { type: "activate", metric: "reply_time", instance_id: 1 },
      { type: "apply_sla", sla: { target: 30, policy: { id: 101, title: "Enterprise" } }, deleted: false },
    ]);
  });

  test("mark a target deleted that a change of priority replaced", async () => {
    account.zendesk.createTicket({ from: "ann@acme.example" });
    await account.put("/tickets/1", { ticket: { priority: "urgent" } });
    const applied = (await rows()).filter((row) => row.type === "apply_sla");
    expect(applied).toMatchObject([
      { deleted: true, sla: { target: 30 } },
      { deleted: false, sla: { target: 60 } },
    ]);
  });

  test("mark a target deleted that no policy promises any more", async () => {
    account.zendesk.createTicket({ from: "ann@acme.example" });
    await account.put("/tickets/1", { ticket: { remove_tags: ["ps_tier_enterprise"] } });
    expect((await rows()).map((row) => [row.type, row.deleted])).toEqual([
      ["activate", false],
      ["apply_sla", true],
    ]);
  });

  test("keep the target of a clock that was met", async () => {
    account.zendesk.createTicket({ from: "ann@acme.example" });
    account.zendesk.agentUpdate("1", { comment: { body: "Here you are.", public: true } }, "72");
    await account.put("/tickets/1", { ticket: { remove_tags: ["ps_tier_enterprise"] } });
    expect((await rows()).map((row) => [row.type, row.deleted])).toEqual([
      ["activate", false],
      ["apply_sla", false],
      ["fulfill", false],
    ]);
  });

  test("come in pages of a hundred as well", async () => {
    account.zendesk.createTicket({ from: "ann@acme.example" });
    account.pass(60_000);
    const start = Date.parse("2026-06-01T09:00:00Z") / 1000;
    const page = await account.get(`/incremental/ticket_metric_events?start_time=${start}&page[size]=1`);
    expect([page.at("ticket_metric_events.*.type"), page.at("meta.has_more")]).toEqual([["activate"], true]);
  });
});
