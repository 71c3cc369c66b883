import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Account, openAccount } from "./zendesk-account.ts";

let account: Account;
beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.zendesk.close());

const CREATED = { field: "update_type", operator: "is", value: "Create" };
const OPEN = { field: "status", operator: "less_than", value: "solved" };
const tags = (value: string): object => ({ field: "current_tags", operator: "includes", value });

const trigger = (title: string, over: object = {}): object => ({
  trigger: {
    title,
    conditions: { all: [CREATED], any: [] },
    actions: [{ field: "priority", value: "high" }],
    ...over,
  },
});
const category = async (name: string, position?: number): Promise<unknown> =>
  (await account.post("/trigger_categories", { trigger_category: { name, position } })).at(
    "trigger_category.id",
  );

describe("a trigger is refused", () => {
  test.each([
    ["that moves tickets to a deleted group", { field: "group_id", value: "13" }],
    ["that moves tickets to a group that never was", { field: "group_id", value: 999 }],
    ["that calls a webhook that is gone", { field: "notification_webhook", value: ["01GONE", "{}"] }],
    ["whose webhook action is no list", { field: "notification_webhook", value: "01GONE" }],
    ["that sets a schedule nobody has", { field: "set_schedule", value: "1" }],
    ["that sets a field nobody has", { field: "custom_fields_999", value: "x" }],
    ["that sets a choice the field does not have", { field: "custom_fields_41", value: "sev9" }],
    ["that sets a priority of its own invention", { field: "priority", value: "critical" }],
  ])("%s", async (_what, action) => {
    expect((await account.post("/triggers", trigger("x", { actions: [action] }))).status).toBe(422);
  });

  test.each([
    ["on a field nobody has", { field: "organization.custom_fields.ps_nothing", operator: "is", value: "x" }],
    ["with an operator the field does not have", { field: "current_tags", operator: "is", value: "gold" }],
    ["on a group that is deleted", { field: "group_id", operator: "is", value: "13" }],
  ])("%s", async (_what, condition) => {
    const body = trigger("x", { conditions: { all: [condition], any: [] } });
    expect((await account.post("/triggers", body)).status).toBe(422);
  });

  test("when it is saved again after its group was deleted, until that is put right", async () => {
    const made = await account.post(
      "/triggers",
      trigger("x", { actions: [{ field: "group_id", value: "12" }] }),
    );
    const id = made.at("trigger.id");
    await account.call("DELETE", "/groups/12");
    expect((await account.put(`/triggers/${id}`, { trigger: { title: "y" } })).status).toBe(422);
    expect((await account.put(`/triggers/${id}`, { trigger: { active: false } })).status).toBe(200);
    expect(account.zendesk.createTicket().groupId).toBeNull();
  });
});

describe("trigger categories", () => {
  test("decide which triggers run first, and inside them the position does", async () => {
    const late = await category("late", 2);
    const early = await category("early", 1);
    const priority = (value: string, category_id: unknown, position: number): object =>
      trigger(value, { category_id, position, actions: [{ field: "priority", value }] });
    await account.post("/triggers", priority("low", late, 1));
    const b = (await account.post("/triggers", priority("high", early, 2))).at("trigger.id");
    const a = (await account.post("/triggers", priority("normal", early, 1))).at("trigger.id");
    await account.post("/triggers", priority("urgent", null, 0));
    expect((await account.get("/triggers")).at("triggers.*.title")).toEqual([
      "normal",
      "high",
      "low",
      "urgent",
    ]);
    const items = {
      triggers: [
        { id: String(a), position: 2 },
        { id: String(b), position: 1 },
      ],
    };
    const job = await account.post("/trigger_categories/jobs", { job: { action: "patch", items } });
    expect([job.status, job.at("status")]).toEqual([200, "complete"]);
    expect((await account.get(`/triggers?category_id=${early}`)).at("triggers.*.title")).toEqual([
      "high",
      "normal",
    ]);
  });

  test("move all together or not at all", async () => {
    const id = await category("ours", 1);
    const items = { trigger_categories: [{ id, position: 9 }], triggers: [{ id: "404", position: 1 }] };
    const job = await account.post("/trigger_categories/jobs", { job: { action: "patch", items } });
    expect([job.status, job.at("status"), job.at("errors.0.code")]).toEqual([
      400,
      "failed",
      "InvalidTrigger",
    ]);
    expect((await account.get(`/trigger_categories/${id}`)).at("trigger_category.position")).toBe(1);
  });

  test("cannot be deleted while an active trigger stands in them", async () => {
    const id = await category("ours");
    const made = await account.post("/triggers", trigger("x", { category_id: id }));
    const refused = await account.call("DELETE", `/trigger_categories/${id}`);
    expect([refused.status, refused.at("errors.0.code")]).toEqual([400, "TriggerCategoryNotEmpty"]);
    await account.put(`/triggers/${made.at("trigger.id")}`, { trigger: { active: false } });
    expect((await account.call("DELETE", `/trigger_categories/${id}`)).status).toBe(204);
    expect((await account.get(`/trigger_categories/${id}`)).at("errors.0.code")).toBe(
      "TriggerCategoryNotFound",
    );
  });

  test("need a name, and there are at most 500", async () => {
    const blank = await account.post("/trigger_categories", { trigger_category: { name: "" } });
    expect([blank.status, blank.at("errors.0.code")]).toEqual([400, "InvalidTriggerCategory"]);
    const rows = Array.from({ length: 500 }, (_unused, index) => ({ name: `c${index}` }));
    await account.zendesk.close();
    account = await openAccount({ seed: { trigger_categories: rows } });
    const more = await account.post("/trigger_categories", { trigger_category: { name: "one more" } });
    expect([more.status, more.at("errors.0.code")]).toEqual([403, "ProductLimitExceeded"]);
  });

  test("can be made together with their first trigger", async () => {
    const made = await account.post("/triggers", trigger("x", { category: { name: "Fresh", position: 0 } }));
    const id = made.at("trigger.category_id");
    expect((await account.get(`/trigger_categories/${id}`)).at("trigger_category.name")).toBe("Fresh");
  });
});

describe("views", () => {
  const view = (over: object): object => ({
    view: {
      title: "Enterprise",
      all: [OPEN, tags("gold")],
      output: { columns: ["nice_id", "priority"] },
      ...over,
    },
  });

  test("show the tickets that fit, count them and read back as conditions and execution", async () => {
    account.zendesk.createTicket({ from: "ann@acme.example" });
    account.zendesk.createTicket({ from: "ann@acme.example", status: "solved" });
    account.zendesk.createTicket({ from: "nobody@elsewhere.example" });
    const made = await account.post(
      "/views",
      view({ output: { columns: ["nice_id"], sort_by: "priority", sort_order: "desc" } }),
    );
    const id = made.at("view.id");
    expect(made.at("view.conditions")).toEqual({ all: [OPEN, tags("gold")], any: [] });
    expect(made.at("view.execution.sort")).toMatchObject({ id: "priority", order: "desc" });
    expect((await account.get(`/views/${id}/tickets`)).at("tickets.*.id")).toEqual([1]);
    expect((await account.get(`/views/${id}/count`)).at("view_count.value")).toBe(1);
    expect((await account.get(`/views/${id}/execute`)).at("rows.*.ticket.id")).toEqual([1]);
  });

  test.each([
    ["without a condition on status, type, group, assignee or requester", { all: [tags("gold")] }],
    ["whose conditions are sent as they are read", { all: undefined, conditions: { all: [OPEN] } }],
    ["with more than ten columns", { output: { columns: Array.from({ length: 11 }, () => "status") } }],
    ["with a column nobody knows", { output: { columns: ["sla"] } }],
    ["without a title", { title: "" }],
  ])("are refused %s", async (_what, over) => {
    expect((await account.post("/views", view(over))).status).toBe(422);
  });

  test("may be counted five times a minute by one agent", async () => {
    const id = (await account.post("/views", view({}))).at("view.id");
    const other = (await account.post("/views", view({ title: "Other" }))).at("view.id");
    for (let time = 0; time < 5; time += 1)
      expect((await account.get(`/views/${id}/count`)).status).toBe(200);
    expect((await account.get(`/views/${id}/count`)).status).toBe(429);
    expect((await account.get(`/views/${other}/count`)).status).toBe(200);
    account.pass(60_000);
    expect((await account.get(`/views/${id}/count`)).status).toBe(200);
  });
});

describe("macros", () => {
  const macro = (actions: readonly object[]): object => ({ macro: { title: "Escalate", actions } });

  test("are made, changed as a whole and deleted", async () => {
    const note = [
      { field: "comment_value", value: "Escalated." },
      { field: "comment_mode_is_public", value: "false" },
      { field: "current_tags", value: "ps_escalated" },
    ];
    const made = await account.post("/macros", macro(note));
    const id = made.at("macro.id");
    expect(made.at("macro.actions")).toEqual(note);
    const put = await account.put(`/macros/${id}`, { macro: { actions: note.slice(2) } });
    expect([put.at("macro.title"), put.at("macro.actions")]).toEqual(["Escalate", note.slice(2)]);
    expect((await account.call("DELETE", `/macros/${id}`)).status).toBe(204);
    expect((await account.get("/macros")).at("macros")).toEqual([]);
  });

  test.each([
    ["calls a webhook", [{ field: "notification_webhook", value: ["01X", "{}"] }]],
    ["names a deleted group", [{ field: "group_id", value: "13" }]],
    ["does nothing", []],
  ])("are refused when one %s", async (_what, actions) => {
    expect((await account.post("/macros", macro(actions))).status).toBe(422);
  });
});

describe("omnichannel queues", () => {
  const queue = (name: string, over: object = {}): object => ({
    queue: {
      name,
      priority: 1,
      definition: { all: [{ field: "priority", operator: "is", value: "urgent" }], any: [] },
      primary_groups_id: [12],
      ...over,
    },
  });

  test("take a ticket that fits and hand it to their own group, whatever its group field says", async () => {
    await account.post("/queues", queue("Urgent first"));
    const taken = account.zendesk.createTicket({ priority: "urgent", group_id: 11 });
    const left = account.zendesk.createTicket({ priority: "low", group_id: 11 });
    expect([taken.groupId, taken.queueId === null, left.queueId]).toEqual(["11", false, null]);
    expect(account.zendesk.route(taken.id)).toMatchObject({ assigneeId: "73", groupId: "12" });
    expect(account.zendesk.route(left.id)).toMatchObject({ assigneeId: "71", groupId: "11" });
  });

  test("are tried in order, and ordering them names every one", async () => {
    const first = (await account.post("/queues", queue("a"))).at("queue.id");
    const second = (await account.post("/queues", queue("b", { primary_groups_id: [11] }))).at("queue.id");
    expect((await account.call("PATCH", "/queues/order", { queue_ids: [second] })).status).toBe(400);
    expect(account.zendesk.createTicket({ priority: "urgent" }).queueId).toBe(first);
    expect((await account.call("PATCH", "/queues/order", { queue_ids: [second, first] })).status).toBe(204);
    expect((await account.get("/queues")).at("queues.*.id")).toEqual([second, first]);
    expect(account.zendesk.createTicket({ priority: "urgent" }).queueId).toBe(second);
  });

  test("show their groups by name, and fall back to the second ones when nobody is in the first", async () => {
    const empty = (await account.post("/groups", { group: { name: "Empty" } })).at("group.id");
    const made = await account.post(
      "/queues",
      queue("a", { primary_groups_id: [empty], secondary_groups_id: [12] }),
    );
    expect(made.at("queue.primary_groups")).toEqual({ count: 1, groups: [{ id: empty, name: "Empty" }] });
    const { id } = account.zendesk.createTicket({ priority: "urgent" });
    expect(account.zendesk.route(id).assigneeId).toBe("73");
  });

  test.each([
    ["without groups", { primary_groups_id: [] }],
    ["with a deleted group", { primary_groups_id: [13] }],
    ["without conditions", { definition: undefined }],
    ["with a priority of zero", { priority: 0 }],
  ])("are refused %s", async (_what, over) => {
    expect((await account.post("/queues", queue("a", over))).status).toBe(422);
  });

  test("say what their conditions may look at: priority is among it", async () => {
    const subjects = (await account.get("/queues/definitions")).at("definitions.conditions_all.*.subject");
    expect(subjects).toEqual(expect.arrayContaining(["priority", "current_tags", "brand_id"]));
  });
});
