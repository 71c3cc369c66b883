import { describe, expect, test } from "@jest/globals";
import { onDesk } from "./zendesk-running.ts";

const WEBHOOK = "01HAN96X0000000000000000AB";

const SEED = {
  user_fields: [{ id: 60, key: "vip", title: "VIP", type: "checkbox" }],
  sla_policies: [
    {
      id: 70,
      title: "Second",
      position: 2,
      filter: { all: [], any: [] },
      policy_metrics: [{ priority: "urgent", metric: "first_reply_time", target: 30, business_hours: false }],
    },
    {
      id: 71,
      title: "First",
      position: 1,
      filter: { all: [{ field: "current_tags", operator: "includes", value: "ps_tier_pro" }], any: [] },
      policy_metrics: [{ priority: "urgent", metric: "first_reply_time", target: 60, business_hours: true }],
    },
  ],
  webhooks: [
    {
      id: WEBHOOK,
      name: "ours",
      status: "active",
      endpoint: "https://support.acme.example/webhooks/zendesk",
      http_method: "POST",
      request_format: "json",
      subscriptions: ["conditional_ticket_events"],
      secret: "the-secret",
    },
  ],
  triggers: [
    {
      id: 80,
      title: "Tell us",
      conditions: { all: [{ field: "update_type", operator: "is", value: "Create" }], any: [] },
      actions: [
        { field: "notification_webhook", value: [WEBHOOK, "{}"] },
        { field: "priority", value: "high" },
      ],
    },
  ],
};

describe("The set-up around us", () => {
  test("is read as it is: SLA policies and triggers in their order, webhooks with what fires them", async () => {
    await onDesk(
      async ({ desk }) => {
        const setup = await desk.inspect();
        expect(setup.slaPolicies?.map((one) => [one.title, one.targets[0]?.minutes])).toEqual([
          ["First", 60],
          ["Second", 30],
        ]);
        expect(setup.webhooks).toEqual([
          {
            id: WEBHOOK,
            name: "ours",
            endpoint: "https://support.acme.example/webhooks/zendesk",
            active: true,
            readable: true,
            byTrigger: true,
            events: [],
          },
        ]);
        expect(setup.triggers).toMatchObject([
          { title: "Tell us", sets: ["notification_webhook", "priority"], calls: [WEBHOOK] },
        ]);
        expect(setup.userFields).toMatchObject([{ key: "vip", type: "checkbox" }]);
      },
      { seed: SEED },
    );
  });

  test("that a plan or a role does not show is null, not an error", async () => {
    await onDesk(async ({ desk }) => expect((await desk.inspect()).slaPolicies).toBeNull(), { slas: false });
    await onDesk(
      async ({ desk, sandbox }) => {
        sandbox.fault({ path: /\/webhooks/, status: 403, body: { error: "Forbidden" } });
        expect((await desk.inspect()).webhooks).toBeNull();
      },
      { seed: SEED },
    );
  });

  test("the webhook's secret is compared and never handed out", async () => {
    await onDesk(
      async ({ desk, sandbox }) => {
        expect(await desk.signsWith(WEBHOOK, ["old", "the-secret"])).toBe(true);
        expect(await desk.signsWith(WEBHOOK, ["old"])).toBe(false);
        expect(await desk.signsWith(WEBHOOK, [])).toBe(false);
        sandbox.fault({ path: /signing_secret/, status: 403, body: {} });
        expect(await desk.signsWith(WEBHOOK, ["old"])).toBeNull();
      },
      { seed: SEED },
    );
  });

  test("the webhook's own limit never passes for the plan's", async () => {
    await onDesk(
      async ({ desk }) => {
        await desk.invocations(WEBHOOK);
        const { aheadMs, budgets } = await desk.pulse();
        expect(Math.abs(aheadMs ?? 0)).toBeLessThanOrEqual(1_000);
        const limits = Object.fromEntries(budgets.map((one) => [one.name, one.limit]));
        expect(limits).toMatchObject({ general: 700, webhooks: 100 });
      },
      { seed: SEED },
    );
  });
});

describe("People", () => {
  test("with several organizations have all of them told, the default one first, in one call", async () => {
    await onDesk(async ({ desk, sandbox }) => {
      const before = sandbox.journal.length;
      expect(await desk.organizationsOf("900", "live")).toEqual(["701", "700"]);
      expect(sandbox.journal.length - before).toBe(1);
      expect(await desk.organizationsOf("901", "live")).toEqual([]);
      expect(await desk.organizationsOf("987654", "live")).toEqual([]);
    });
  });

  test("who are suspended follow no ticket", async () => {
    await onDesk(async ({ desk }) => {
      expect(await desk.agentByEmail("ann@acme.example")).toEqual({ id: "901" });
      expect(await desk.agentByEmail("left@acme.example")).toBeNull();
    });
  });
});
