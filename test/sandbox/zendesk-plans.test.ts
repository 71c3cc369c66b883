import { afterEach, describe, expect, test } from "@jest/globals";
import type { ZendeskOptions } from "../../src/sandbox/zendesk.ts";
import { type Account, openAccount, SEED } from "./zendesk-account.ts";

let account: Account | undefined;
afterEach(() => account?.zendesk.close());

async function open(options: ZendeskOptions): Promise<Account> {
  account = await openAccount(options);
  return account;
}

const SCHEDULE = { name: "Business", time_zone: "UTC", intervals: [{ start_time: 1980, end_time: 2460 }] };
const TRIGGER = {
  title: "x",
  conditions: { all: [], any: [] },
  actions: [{ field: "priority", value: "high" }],
};

describe("a smaller plan", () => {
  test("without SLA policies does not know their addresses", async () => {
    const { get, post } = await open({ slas: false });
    expect((await get("/slas/policies")).status).toBe(404);
    expect((await post("/slas/policies", { sla_policy: { title: "x" } })).status).toBe(404);
  });

  test("with one schedule refuses a second, and its triggers cannot set one", async () => {
    const { post, get } = await open({ multipleSchedules: false });
    const made = await post("/business_hours/schedules", { schedule: SCHEDULE });
    expect(made.status).toBe(201);
    expect((await post("/business_hours/schedules", { schedule: SCHEDULE })).status).toBe(403);
    const actions = [{ field: "set_schedule", value: made.at("schedule.id") }];
    expect((await post("/triggers", { trigger: { ...TRIGGER, actions } })).status).toBe(422);
    expect((await get("/triggers/definitions")).at("definitions.actions.*.subject")).not.toContain(
      "set_schedule",
    );
  });

  test("without several organizations keeps users in one", async () => {
    const { post, get } = await open({ multipleOrganizations: false });
    const join = { organization_membership: { user_id: 81, organization_id: 62 } };
    expect((await post("/organization_memberships", join)).status).toBe(422);
    expect(
      (await get("/users/81/organization_memberships")).at("organization_memberships.*.organization_id"),
    ).toEqual([61]);
  });

  test("without trigger categories refuses them by name, also inside a trigger", async () => {
    const { get, post } = await open({ triggerCategories: false });
    const refused = await get("/trigger_categories");
    expect([refused.status, refused.at("errors.0.code")]).toEqual([403, "TriggerCategoriesNotEnabled"]);
    expect((await post("/triggers", { trigger: { ...TRIGGER, category_id: "1" } })).status).toBe(403);
    expect((await post("/triggers", { trigger: TRIGGER })).status).toBe(201);
  });

  test("without omnichannel routing has no queues, and none takes a ticket", async () => {
    const { get, zendesk } = await open({ queues: false });
    expect((await get("/queues")).status).toBe(403);
    expect(zendesk.createTicket().queueId).toBeNull();
  });
});

describe("a plan with several organizations", () => {
  test("lets a user join one, the first stays the default, and a ticket may go to either", async () => {
    const { post, get } = await open({});
    const join = { organization_membership: { user_id: 81, organization_id: 62 } };
    expect((await post("/organization_memberships", join)).at("organization_membership.default")).toBe(false);
    expect((await post("/organization_memberships", join)).status).toBe(422);
    const memberships = await get("/users/81/organization_memberships");
    expect(memberships.at("organization_memberships.*.default")).toEqual([true, false]);
    const ticket = { requester_id: 81, organization_id: 62, comment: { body: "Help" } };
    expect((await post("/tickets", { ticket })).at("ticket.organization_id")).toBe(62);
    expect((await post("/tickets", { ticket: { ...ticket, organization_id: 63 } })).status).toBe(422);
  });
});

describe("a token whose user is an agent", () => {
  const asAgent: ZendeskOptions = { seed: SEED, agentEmail: "anna@sandbox.example" };

  test.each([
    ["POST", "/organization_fields", { organization_field: { key: "x", title: "X", type: "text" } }],
    ["POST", "/ticket_fields", { ticket_field: { title: "X", type: "text" } }],
    ["POST", "/groups", { group: { name: "X" } }],
    ["POST", "/triggers", { trigger: TRIGGER }],
    ["POST", "/trigger_categories", { trigger_category: { name: "X" } }],
    ["GET", "/slas/policies", undefined],
    ["GET", "/slas/policies/definitions", undefined],
    ["GET", "/queues", undefined],
    ["GET", "/webhooks", undefined],
    ["GET", "/incremental/ticket_metric_events?start_time=1", undefined],
    ["POST", "/business_hours/schedules", { schedule: SCHEDULE }],
    ["PUT", "/organizations/61", { organization: { name: "Other" } }],
  ])("is refused: %s %s", async (method, path, body) => {
    const { call } = await open(asAgent);
    expect((await call(method, path, body)).status).toBe(403);
  });

  test("may read what describes the account, and write an organization's notes", async () => {
    const { get, put } = await open(asAgent);
    for (const path of [
      "/groups",
      "/triggers",
      "/trigger_categories",
      "/views",
      "/macros",
      "/organization_fields",
    ])
      expect([path, (await get(path)).status]).toEqual([path, 200]);
    expect((await put("/organizations/61", { organization: { notes: "Called." } })).status).toBe(200);
  });
});

describe("schedules", () => {
  test("have holidays that can be read, changed and removed", async () => {
    const { post, get, put, call } = await open({});
    const id = (await post("/business_hours/schedules", { schedule: SCHEDULE })).at("schedule.id");
    const base = `/business_hours/schedules/${id}/holidays`;
    const holiday = { name: "New Year", start_date: "2027-01-01", end_date: "2027-01-01" };
    const made = (await post(base, { holiday })).at("holiday.id");
    await put(`${base}/${made}`, { holiday: { end_date: "2027-01-02" } });
    expect((await get(`${base}/${made}`)).at("holiday")).toMatchObject({
      name: "New Year",
      end_date: "2027-01-02",
    });
    expect((await call("DELETE", `${base}/${made}`)).status).toBe(204);
    expect((await get(`${base}/${made}`)).status).toBe(404);
  });

  test("are named by Rails, not by IANA", async () => {
    const { post } = await open({});
    const schedule = { ...SCHEDULE, time_zone: "America/New_York" };
    expect((await post("/business_hours/schedules", { schedule })).status).toBe(422);
  });
});

describe("webhooks", () => {
  const WEBHOOK = {
    name: "ours",
    status: "active",
    endpoint: "http://127.0.0.1:9/hook",
    http_method: "POST",
    request_format: "json",
    subscriptions: ["conditional_ticket_events"],
  };

  test("are replaced as a whole by PUT and in part by PATCH", async () => {
    const { post, put, call, get } = await open({});
    const id = (await post("/webhooks", { webhook: WEBHOOK })).at("webhook.id");
    expect((await put(`/webhooks/${id}`, { webhook: { name: "renamed" } })).status).toBe(400);
    expect((await call("PATCH", `/webhooks/${id}`, { webhook: { name: "renamed" } })).status).toBe(204);
    expect((await put(`/webhooks/${id}`, { webhook: WEBHOOK })).status).toBe(204);
    expect((await get(`/webhooks/${id}`)).at("webhook.name")).toBe("ours");
  });
});

describe("SLA policies", () => {
  const policy = (over: object): object => ({
    sla_policy: { title: "x", filter: { all: [], any: [] }, policy_metrics: [], ...over },
  });
  const target = { priority: "high", metric: "first_reply_time", target: 60, business_hours: false };

  test.each([
    ["one side of the filter missing", { filter: { all: [] } }],
    [
      "a deleted group in the filter",
      { filter: { all: [{ field: "group_id", operator: "is", value: 13 }], any: [] } },
    ],
    ["two targets for the same metric and priority", { policy_metrics: [target, { ...target, target: 30 }] }],
    ["a part of a minute", { policy_metrics: [{ ...target, target: 0.5 }] }],
  ])("are refused with %s", async (_what, over) => {
    const { post } = await open({});
    expect((await post("/slas/policies", policy(over))).status).toBe(422);
  });

  test("come last unless told otherwise", async () => {
    const { post, get } = await open({});
    await post("/slas/policies", policy({ title: "far", position: 7 }));
    await post("/slas/policies", policy({ title: "last" }));
    expect((await get("/slas/policies")).at("sla_policies.*.position")).toEqual([7, 8]);
  });
});
