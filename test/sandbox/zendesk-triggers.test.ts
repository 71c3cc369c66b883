import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Account, openAccount, SEED } from "./zendesk-account.ts";
import { openReceiver, type Receiver } from "./zendesk-receiver.ts";

let receiver: Receiver;
let account: Account;
beforeEach(async () => {
  receiver = await openReceiver();
  const webhooks = [
    {
      id: "01TRIGGER",
      name: "ours",
      endpoint: receiver.url,
      http_method: "POST",
      request_format: "json",
      subscriptions: ["conditional_ticket_events"],
      secret: "s",
    },
    {
      id: "01EVENT",
      name: "events",
      endpoint: receiver.url,
      http_method: "POST",
      request_format: "json",
      subscriptions: ["zen:event-type:ticket.merged"],
    },
  ];
  account = await openAccount({ seed: { ...SEED, webhooks } });
});
afterEach(async () => {
  await account.zendesk.close();
  await receiver.close();
});

const on = (value: string): object => ({ field: "update_type", operator: "is", value });

async function trigger(title: string, all: readonly object[], actions: readonly object[]): Promise<number> {
  const { status, at } = await account.post("/triggers", {
    trigger: { title, conditions: { all, any: [] }, actions },
  });
  expect(status).toBe(201);
  return Number(at("trigger.id"));
}

describe("triggers", () => {
  test("run on creation and mark their changes in the audit", async () => {
    const id = await trigger(
      "Gold first",
      [on("Create"), { field: "current_tags", operator: "includes", value: "gold silver" }],
      [{ field: "priority", value: "high" }],
    );
    account.zendesk.createTicket({ from: "ann@acme.example" });
    const { at } = await account.get("/tickets/1/audits");
    expect(account.zendesk.state.tickets.get("1")?.priority).toBe("high");
    expect((at("audits.0.events") as readonly { type: string }[]).at(-1)).toMatchObject({
      type: "Change",
      field_name: "priority",
      value: "high",
      previous_value: null,
      via: { channel: "rule", source: { rel: "trigger", from: { id, title: "Gold first" } } },
    });
  });

  test("run again over our own update and may overrule it", async () => {
    await trigger(
      "Never urgent",
      [on("Change"), { field: "priority", operator: "is", value: "urgent" }],
      [{ field: "priority", value: "normal" }],
    );
    account.zendesk.createTicket();
    const { at } = await account.put("/tickets/1", { ticket: { priority: "urgent" } });
    expect(at("ticket.priority")).toBe("normal");
    expect(at("audit.events.*.value")).toEqual(["urgent", "normal"]);
  });

  test("start over after a change, each fires once", async () => {
    await trigger(
      "second",
      [{ field: "current_tags", operator: "includes", value: "routed" }],
      [
        { field: "priority", value: "high" },
        { field: "current_tags", value: "prioritised" },
      ],
    );
    await trigger(
      "first",
      [on("Create")],
      [
        { field: "group_id", value: "12" },
        { field: "current_tags", value: "routed" },
      ],
    );
    const ticket = account.zendesk.createTicket({ from: "nobody@elsewhere.example" });
    expect(account.zendesk.state.tickets.get(ticket.id)).toMatchObject({
      groupId: "12",
      priority: "high",
      tags: ["prioritised", "routed"],
    });
  });

  test("look at the organization by option id, never by tag", async () => {
    await trigger(
      "by tag",
      [{ field: "organization.custom_fields.ps_tier", operator: "is", value: "ps_tier_pro" }],
      [{ field: "current_tags", value: "by_tag" }],
    );
    await trigger(
      "by id",
      [{ field: "organization.custom_fields.ps_tier", operator: "is", value: "511" }],
      [{ field: "current_tags", value: "by_id" }],
    );
    await trigger(
      "big",
      [{ field: "organization.custom_fields.ps_arr", operator: "greater_than", value: "100000" }],
      [{ field: "current_tags", value: "big" }],
    );
    account.zendesk.updateOrganization("63", {
      organization_fields: { ps_tier: "ps_tier_pro", ps_arr: "250000.50" },
    });
    account.zendesk.addUser({ email: "ian@initech.example", organization_id: 63 });
    const tags = account.zendesk.createTicket({ from: "ian@initech.example" }).tags;
    expect(tags).toEqual(["big", "by_id", "ps_tier_pro"]);
  });

  test("can ask what changed and who did it", async () => {
    await trigger(
      "raised by agent",
      [
        { field: "priority", operator: "changed", value: "" },
        { field: "role", operator: "is", value: "agent" },
      ],
      [{ field: "current_tags", value: "raised" }],
    );
    account.zendesk.createTicket();
    await account.put("/tickets/1", { ticket: { priority: "low" } });
    expect(account.zendesk.state.tickets.get("1")?.tags).not.toContain("raised");
    account.zendesk.agentUpdate("1", { priority: "high" }, "72");
    expect(account.zendesk.state.tickets.get("1")?.tags).toContain("raised");
  });

  test("that set tags replace every tag", async () => {
    await trigger("wipe", [on("Create")], [{ field: "set_tags", value: "only" }]);
    expect(account.zendesk.createTicket({ from: "ann@acme.example" }).tags).toEqual(["only"]);
  });
});

describe("a trigger that calls a webhook", () => {
  const template =
    '{"ticket_id":"{{ticket.id}}","updated_at":"{{ticket.updated_at_with_timestamp}}","priority":"{{ticket.priority}}","group_id":"{{ticket.group.id}}","organization_id":"{{ticket.organization.id}}","requester_id":"{{ticket.requester.id}}","tags":"{{ticket.tags}}","none":"{{ticket.nothing}}"}';

  test("fills in ids, capitalised words and blank-separated tags", async () => {
    await trigger(
      "tell us",
      [on("Create")],
      [{ field: "notification_webhook", value: ["01TRIGGER", template] }],
    );
    account.zendesk.createTicket({ from: "ann@acme.example", priority: "high" });
    await account.zendesk.drain();
    expect(JSON.parse(receiver.received[0]?.body ?? "")).toEqual({
      ticket_id: "1",
      updated_at: "2026-06-01T10:00:00Z",
      priority: "High",
      group_id: "",
      organization_id: "61",
      requester_id: "81",
      tags: "gold vip",
      none: "",
    });
  });

  test("does not know what later triggers do", async () => {
    await trigger(
      "tell us",
      [on("Create")],
      [{ field: "notification_webhook", value: ["01TRIGGER", template] }],
    );
    await trigger("later", [on("Create")], [{ field: "priority", value: "urgent" }]);
    account.zendesk.createTicket({ from: "ann@acme.example" });
    await account.zendesk.drain();
    expect(receiver.received).toHaveLength(1);
    expect(JSON.parse(receiver.received[0]?.body ?? "").priority).toBe("");
    expect(account.zendesk.state.tickets.get("1")?.priority).toBe("urgent");
  });

  test("breaks its JSON on a quote in free text", async () => {
    await trigger(
      "tell us",
      [on("Create")],
      [{ field: "notification_webhook", value: ["01TRIGGER", '{"title":"{{ticket.title}}"}'] }],
    );
    account.zendesk.createTicket({ subject: 'He said "help"' });
    await account.zendesk.drain();
    expect(() => JSON.parse(receiver.received[0]?.body ?? "")).toThrow(SyntaxError);
  });

  test("fires for our own update too: the loop is ours to stop", async () => {
    await trigger(
      "every update",
      [on("Change")],
      [{ field: "notification_webhook", value: ["01TRIGGER", template] }],
    );
    account.zendesk.createTicket();
    await account.put("/tickets/1", { ticket: { priority: "low" } });
    await account.zendesk.drain();
    expect(receiver.received).toHaveLength(1);
  });

  test.each([
    ["a value that is not a list", "01TRIGGER"],
    ["a webhook that listens to events", ["01EVENT", "{}"]],
    ["a webhook that is not there", ["01NOWHERE", "{}"]],
  ])("is refused with %s", async (_what, value) => {
    const { status } = await account.post("/triggers", {
      trigger: {
        title: "t",
        conditions: { all: [], any: [] },
        actions: [{ field: "notification_webhook", value }],
      },
    });
    expect(status).toBe(422);
  });

  test("keeps its webhook from being deleted", async () => {
    await trigger(
      "tell us",
      [on("Create")],
      [{ field: "notification_webhook", value: ["01TRIGGER", template] }],
    );
    expect((await account.call("DELETE", "/webhooks/01TRIGGER")).status).toBe(400);
  });
});

describe("the trigger endpoints", () => {
  test("list in order, reorder only when all are named, and in one category only", async () => {
    const a = await trigger("a", [on("Create")], [{ field: "priority", value: "low" }]);
    const b = await trigger("b", [on("Create")], [{ field: "priority", value: "high" }]);
    expect((await account.put("/triggers/reorder", { trigger_ids: [b] })).status).toBe(404);
    expect((await account.put("/triggers/reorder", { trigger_ids: [b, a] })).at("triggers.*.id")).toEqual([
      b,
      a,
    ]);
    expect(account.zendesk.createTicket().priority).toBe("low");
    for (const name of ["one", "two"])
      await account.post("/trigger_categories", { trigger_category: { name, position: 0 } });
    expect((await account.put("/triggers/reorder", { trigger_ids: [a, b] })).at("errors.0.code")).toBe(
      "LimitOneCategory",
    );
  });

  test("give categories ids that are text and change triggers in place", async () => {
    const category = await account.post("/trigger_categories", { trigger_category: { name: "Priority" } });
    const id = category.at("trigger_category.id");
    expect(typeof id).toBe("string");
    const made = await trigger("a", [on("Create")], [{ field: "priority", value: "low" }]);
    const changed = await account.put(`/triggers/${made}`, { trigger: { active: false, category_id: id } });
    expect([changed.at("trigger.active"), changed.at("trigger.category_id")]).toEqual([false, id]);
    expect(account.zendesk.createTicket().priority).toBeNull();
    expect((await account.call("DELETE", `/triggers/${made}`)).status).toBe(204);
    expect((await account.get(`/triggers/${made}`)).status).toBe(404);
  });

  test("name what conditions and actions may look at", async () => {
    const { at } = await account.get("/triggers/definitions");
    expect(at("definitions.actions.*.subject")).toEqual(
      expect.arrayContaining(["priority", "set_schedule", "notification_webhook"]),
    );
    expect(at("definitions.conditions_all.*.subject")).toEqual(
      expect.arrayContaining(["update_type", "organization.custom_fields.ps_tier"]),
    );
  });
});
