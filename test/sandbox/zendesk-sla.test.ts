import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Account, openAccount, SEED } from "./zendesk-account.ts";

const MINUTE = 60_000;
const NINE_TO_FIVE = [1, 2, 3, 4, 5].map((day) => ({
  start_time: day * 1440 + 540,
  end_time: day * 1440 + 1020,
}));
const SCHEDULES = [
  {
    id: 91,
    name: "Business",
    time_zone: "Eastern Time (US & Canada)",
    intervals: NINE_TO_FIVE,
    holidays: [{ name: "Juneteenth", start_date: "2026-06-19", end_date: "2026-06-19" }],
  },
  { id: 92, name: "Always", time_zone: "UTC", intervals: [{ start_time: 0, end_time: 10_080 }] },
];

let account: Account;
beforeEach(async () => {
  account = await openAccount({ seed: { ...SEED, schedules: SCHEDULES } });
});
afterEach(() => account.zendesk.close());

const target = (minutes: number, extra: object = {}): readonly object[] =>
  ["low", "normal", "high", "urgent"].map((priority) => ({
    priority,
    metric: "first_reply_time",
    target: minutes,
    business_hours: false,
    ...extra,
  }));
const tagged = (value: string): object => ({
  all: [{ field: "current_tags", operator: "includes", value }],
  any: [],
});

async function policy(
  title: string,
  filter: object,
  policy_metrics: readonly object[],
  extra: object = {},
): Promise<number> {
  const { status, at } = await account.post("/slas/policies", {
    sla_policy: { title, filter, policy_metrics, ...extra },
  });
  expect(status).toBe(201);
  return Number(at("sla_policy.id"));
}
const clocks = async (): Promise<unknown> =>
  (await account.get("/tickets/1?include=slas")).at("ticket.slas.policy_metrics");

describe("which policy a ticket gets", () => {
  test("the first match by position, whatever order they were made in", async () => {
    await policy("Everyone", { all: [], any: [] }, target(480), { position: 2 });
    const gold = await policy("Gold", tagged("gold"), target(60), { position: 1 });
    account.zendesk.createTicket({ from: "ann@acme.example", priority: "high" });
    expect(account.zendesk.state.tickets.get("1")?.sla?.policyId).toBe(String(gold));
    expect(await clocks()).toEqual([
      { metric: "first_reply_time", stage: "active", breach_at: "2026-06-01T11:00:00Z", hours: 1 },
    ]);
  });

  test("no clock runs while the ticket has no priority", async () => {
    await policy("Everyone", { all: [], any: [] }, target(480));
    account.zendesk.createTicket();
    expect(await clocks()).toEqual([]);
    await account.put("/tickets/1", { ticket: { priority: "normal" } });
    expect(await clocks()).toMatchObject([{ breach_at: "2026-06-01T18:00:00Z" }]);
  });

  test("a priority without a row in the policy has no clock", async () => {
    await policy("Half", { all: [], any: [] }, target(60).slice(2));
    account.zendesk.createTicket({ priority: "low" });
    expect(await clocks()).toEqual([]);
  });

  test("clocks count from creation even when the policy comes later", async () => {
    await policy("Gold", tagged("promoted"), target(30));
    account.zendesk.createTicket({ priority: "high", from: "nobody@elsewhere.example" });
    account.pass(45 * MINUTE);
    await account.put("/tickets/1", { ticket: { additional_tags: ["promoted"] } });
    expect(await clocks()).toEqual([
      { metric: "first_reply_time", stage: "active", breach_at: "2026-06-01T10:30:00Z", minutes: -15 },
    ]);
  });

  test("a new policy or a new tier reaches a ticket only when it is updated", async () => {
    const filter = {
      all: [{ field: "organization.custom_fields.ps_tier", operator: "is", value: 512 }],
      any: [],
    };
    account.zendesk.createTicket({ from: "ann@acme.example", priority: "high" });
    await policy("Enterprise", filter, target(60));
    account.zendesk.updateOrganization("61", { organization_fields: { ps_tier: "ps_tier_enterprise" } });
    expect(await clocks()).toEqual([]);
    await account.put("/tickets/1", { ticket: { additional_tags: ["touched"] } });
    expect(await clocks()).toMatchObject([{ metric: "first_reply_time", stage: "active" }]);
  });

  test("triggers come before the match", async () => {
    await policy(
      "Urgent rows only",
      { all: [{ field: "group_id", operator: "is", value: 12 }], any: [] },
      target(60),
    );
    await account.post("/triggers", {
      trigger: {
        title: "route",
        conditions: { all: [], any: [] },
        actions: [
          { field: "group_id", value: 12 },
          { field: "priority", value: "high" },
        ],
      },
    });
    account.zendesk.createTicket();
    expect(await clocks()).toMatchObject([{ breach_at: "2026-06-01T11:00:00Z" }]);
  });

  test("numbers, ticket drop-downs and alternatives work as filters", async () => {
    const rich = await policy(
      "Rich",
      {
        all: [
          { field: "organization.custom_fields.ps_arr", operator: "greater_than_equal", value: "100000" },
        ],
        any: [
          { field: "ticket_fields_41", operator: "includes", value: [411] },
          { field: "current_tags", operator: "includes", value: "vip" },
        ],
      },
      target(60),
    );
    account.zendesk.updateOrganization("61", { organization_fields: { ps_arr: "100000" } });
    account.zendesk.createTicket({ from: "ann@acme.example", priority: "high", tags: [] });
    expect(account.zendesk.state.tickets.get("1")?.sla?.policyId).toBe(String(rich));
    account.zendesk.agentUpdate("1", { tags: ["sev2"] }, "72");
    expect(account.zendesk.state.tickets.get("1")?.sla).toBeNull();
    account.zendesk.agentUpdate("1", { custom_fields: [{ id: 41, value: "sev1" }] }, "72");
    expect(account.zendesk.state.tickets.get("1")?.sla?.policyId).toBe(String(rich));
  });
});

describe("the policy endpoints", () => {
  test.each([
    ["priority", { field: "priority", operator: "is", value: "high" }],
    ["status", { field: "status", operator: "is", value: "new" }],
    [
      "an operator the field does not have",
      { field: "organization.custom_fields.ps_account", operator: "greater_than", value: "x" },
    ],
    [
      "a drop-down's tag instead of its option id",
      { field: "organization.custom_fields.ps_tier", operator: "is", value: "ps_tier_pro" },
    ],
  ])("refuse a filter on %s", async (_what, condition) => {
    const { status } = await account.post("/slas/policies", {
      sla_policy: { title: "x", filter: { all: [condition], any: [] }, policy_metrics: target(1) },
    });
    expect(status).toBe(422);
  });

  test("refuse a policy without title or filter", async () => {
    expect((await account.post("/slas/policies", { sla_policy: { title: "", filter: {} } })).status).toBe(
      422,
    );
    expect((await account.post("/slas/policies", { sla_policy: { title: "x" } })).status).toBe(422);
  });

  test("list by position, reorder, replace metrics and delete", async () => {
    const a = await policy("A", { all: [], any: [] }, target(60));
    const b = await policy("B", { all: [], any: [] }, target(30));
    expect((await account.put("/slas/policies/reorder", { sla_policy_ids: [b, a] })).status).toBe(200);
    expect((await account.get("/slas/policies")).at("sla_policies.*.title")).toEqual(["B", "A"]);
    const changed = await account.put(`/slas/policies/${a}`, {
      sla_policy: { policy_metrics: target(15).slice(0, 1) },
    });
    expect(changed.at("sla_policy.policy_metrics")).toEqual([
      {
        priority: "low",
        metric: "first_reply_time",
        target: 15,
        target_in_seconds: 900,
        business_hours: false,
      },
    ]);
    expect(changed.at("sla_policy.title")).toBe("A");
    expect((await account.call("DELETE", `/slas/policies/${b}`)).status).toBe(204);
    expect((await account.get("/slas/policies")).at("count")).toBe(1);
  });

  test("name the legal filter fields; priority and status are not among them", async () => {
    const { at } = await account.get("/slas/policies/definitions");
    const fields = at("definitions.all.*.value") as readonly string[];
    expect(fields).toEqual(
      expect.arrayContaining([
        "current_tags",
        "organization_id",
        "ticket_fields_41",
        "organization.custom_fields.ps_arr",
      ]),
    );
    expect(fields).not.toContain("priority");
    expect(fields).not.toContain("status");
    const tier = fields.indexOf("organization.custom_fields.ps_tier");
    expect(at(`definitions.all.${tier}.values.list.*.value`)).toEqual([null, 511, 512]);
  });

  test("do not exist on plans without SLAs", async () => {
    await account.zendesk.close();
    account = await openAccount({ slas: false });
    expect((await account.get("/slas/policies")).status).toBe(404);
    expect((await account.get("/slas/policies/definitions")).status).toBe(404);
  });
});
