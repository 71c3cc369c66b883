/** Zendesk's fifteen known traps, one test each at least; the details of many are in the files beside this one. */
import { createHmac } from "node:crypto";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "@jest/globals";
import express from "express";
import nock from "nock";
import { endpoints } from "../../connectors/zendesk/endpoints.ts";
import { readZendeskWebhook } from "../../connectors/zendesk/index.ts";
import { slaLines } from "../../src/check/sla-lines.ts";
import { Outdated, Paused, StoreUnavailable, TryAgain } from "../../src/errors.ts";
import { silent } from "../../src/log.ts";
import { openMetrics } from "../../src/metrics.ts";
import type { TicketReading } from "../../src/ports.ts";
import { webhookRoutes } from "../../src/webhooks.ts";
import { policy } from "../builders.ts";
import { failureOf, HOST, mockNames, NOW, open, read, TICKET } from "./zendesk-kit.ts";
import { onDesk, type RunningDesk, signal, wanted } from "./zendesk-running.ts";

const SECRET = "dGhpc19zZWNyZXQ=";
const STAMP = "2026-11-22T11:59:58Z";

/** An event as Zendesk sends it (captured payload, shortened), pretty-printed as it was. */
const EVENT = `${JSON.stringify(
  {
    account_id: 22129848,
    detail: {
      id: "5158",
      organization_id: "0",
      priority: "LOW",
      status: "OPEN",
      tags: null,
      type: "TASK",
      updated_at: "2026-11-22T11:59:00Z",
    },
    event: {},
    id: "cbe4028c-7239-495d-b020-f22348516046",
    subject: "zen:ticket:5158",
    time: "2026-11-22T09:00:00.672717030Z",
    type: "zen:event-type:ticket.created",
    zendesk_event_version: "2022-11-06",
  },
  null,
  3,
)}\n`;

const mac = (key: string | Buffer, text: string): string =>
  createHmac("sha256", key).update(text).digest("base64");

function received(body: string, signature: string) {
  return readZendeskWebhook(
    {
      method: "POST",
      path: "/webhooks/zendesk",
      headers: {
        "x-zendesk-webhook-signature": signature,
        "x-zendesk-webhook-signature-timestamp": STAMP,
      },
      body: Buffer.from(body),
    },
    { secrets: [SECRET], now: NOW },
  );
}

async function reading({ desk, pass }: RunningDesk, id: string): Promise<TicketReading> {
  pass(2_000);
  const found = await desk.readTicket(id, "live");
  if (found === null) throw new Error(`no ticket ${id}`);
  return found;
}

const sla = (tier: string, minutes = 30): object => ({
  title: tier,
  position: 1,
  filter: { all: [{ field: "current_tags", operator: "includes", value: `ps_tier_${tier}` }], any: [] },
  policy_metrics: [
    { priority: "urgent", metric: "first_reply_time", target: minutes, business_hours: false },
  ],
});

describe("SLA policies", () => {
  test("trap 1: no ticket field names an SLA policy; tag and priority make it fit, and its clock is read back", async () => {
    await onDesk(async (running) => {
      const { desk, sandbox } = running;
      await callZendesk(running, "POST", "/slas/policies", { sla_policy: sla("pro") });
      const { id } = sandbox.createTicket({});
      const ticket = await reading(running, id);
      await desk.writeTicket(ticket, { priority: "urgent", tagsAdd: ["ps_tier_pro"] }, "d", "live");
      const sent = sandbox.journal.findLast((entry) => entry.method === "PUT")?.body;
      expect(JSON.stringify(sent)).not.toMatch(/sla/);
      expect((await desk.readSlas([id], "live"))[0]?.clocks[0]?.breachAt).toBe(
        ticket.createdAt + 30 * 60_000,
      );
    });
  });

  test("trap 2: Zendesk takes no priority in an SLA filter, and one that names no tier is reported", async () => {
    await onDesk(async (running) => {
      const filter = { all: [{ field: "priority", operator: "is", value: "urgent" }], any: [] };
      const body = { sla_policy: { ...sla("pro"), filter } };
      expect(await callZendesk(running, "POST", "/slas/policies", body)).toBe(422);
    });
    const rules = policy();
    const tier = rules.tiers.at(-1);
    const found = {
      id: "1",
      title: tier?.slaPolicy ?? "",
      position: 1,
      // A drop-down's condition holds the option's id, never its tag: the tag alone proves nothing.
      filter: { all: [{ field: "ticket_type_id", operator: "is", value: `ps_tier_${tier?.id}` }], any: [] },
      targets: [],
    };
    const lines = slaLines(rules, { me: { id: "1", role: "admin" } }, [found]);
    expect(lines.map((line) => line.detail).join()).toMatch(/do not name the tag ps_tier_/);
  });

  test("trap 3: without a priority no target counts, so one is always written; a priority without target is reported", async () => {
    await onDesk(async (running) => {
      const { desk, sandbox } = running;
      await callZendesk(running, "POST", "/slas/policies", { sla_policy: sla("pro") });
      const { id } = sandbox.createTicket({ tags: ["ps_tier_pro"] });
      expect((await desk.readSlas([id], "live"))[0]?.clocks).toEqual([]);
      await desk.writeTicket(await reading(running, id), { priority: "urgent" }, "d", "live");
      expect((await desk.readSlas([id], "live"))[0]?.clocks).toHaveLength(1);
    });
    const rules = policy();
    const title = rules.tiers.at(-1)?.slaPolicy ?? "";
    const found = { id: "1", title, position: 1, filter: { all: [], any: [] }, targets: [] };
    const lines = slaLines(rules, { me: { id: "1", role: "admin" } }, [found]);
    expect(lines.map((line) => line.detail).join()).toMatch(/first_reply_time at \w+ is missing/);
  });

  test("trap 4: a new policy does nothing to a ticket that exists until that ticket is written", async () => {
    await onDesk(async (running) => {
      const { desk, sandbox } = running;
      const { id } = sandbox.createTicket({ tags: ["ps_tier_pro"], priority: "urgent" });
      await callZendesk(running, "POST", "/slas/policies", { sla_policy: sla("pro") });
      expect((await desk.readSlas([id], "live"))[0]?.clocks).toEqual([]);
      await desk.writeTicket(await reading(running, id), { tagsAdd: ["ps_vip"] }, "d", "backfill");
      expect((await desk.readSlas([id], "live"))[0]?.clocks).toHaveLength(1);
    });
  });
});

describe("webhooks", () => {
  test("trap 5: the signature covers timestamp then raw bytes with the secret as text; the event's age is no reason to refuse", () => {
    expect(received(EVENT, mac(SECRET, STAMP + EVENT)).kind).toBe("delivery");
    const again = JSON.stringify(JSON.parse(EVENT));
    expect(received(again, mac(SECRET, STAMP + EVENT)).kind).toBe("refused");
    expect(received(EVENT, mac(SECRET, EVENT + STAMP)).kind).toBe("refused");
    expect(received(EVENT, mac(Buffer.from(SECRET, "base64"), STAMP + EVENT)).kind).toBe("refused");
  });

  test("trap 6: capitals, text ids and zeros for none are understood, and the ticket itself is read for the rest", async () => {
    const got = received(EVENT, mac(SECRET, STAMP + EVENT));
    expect(got).toMatchObject({
      delivery: { subjectId: "5158", hint: { event: "created", organizationId: null } },
    });
    expect(await read({ priority: "low", status: "open" })).toMatchObject({
      priority: "low",
      status: "open",
      impact: "sev2",
    });
  });

  test("trap 7: a store that is away is answered 503 with a wait below a minute, for nothing else is sent again", async () => {
    const inbox = {
      accept: () => Promise.reject(new StoreUnavailable("disk full")),
    } as unknown as Parameters<typeof webhookRoutes>[0]["inbox"];
    const router = webhookRoutes({
      sources: [{ name: "zendesk", read: () => received(EVENT, mac(SECRET, STAMP + EVENT)) }],
      inbox,
      laneOf: () => "live",
      closed: null,
      clock: { now: () => NOW, sleep: async () => {} },
      log: silent,
      metrics: openMetrics(),
      stored: () => {},
      timed: () => {},
    });
    const server = express().use(router).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    nock.enableNetConnect("127.0.0.1");
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/webhooks/zendesk`, { method: "POST", body: EVENT });
    expect([answer.status, Number(answer.headers.get("retry-after")) < 60]).toEqual([503, true]);
    server.close();
  });

  test("trap 7: and what was lost all the same is found by the export of created tickets", async () => {
    await onDesk(async ({ desk, sandbox, pass, now }) => {
      const start = now();
      const { id } = sandbox.createTicket({});
      pass(5 * 60_000);
      for await (const page of desk.createdSince(start, signal))
        expect(page.tickets.map((ticket) => ticket.id)).toEqual([id]);
    });
  });

  test("trap 8: our own write comes back as an event that decides nothing, and no difference is no write", async () => {
    const changed = EVENT.replace("ticket.created", "ticket.priority_changed");
    const got = received(changed, mac(SECRET, STAMP + changed));
    expect(got.kind === "ignored" || (got.kind === "delivery" && got.delivery.hint?.event === "other")).toBe(
      true,
    );
    const { desk, ...ticket } = await read();
    const before = { ...desk.calls() };
    await desk.writeTicket(ticket, {}, "d", "live");
    expect(desk.calls()).toEqual(before);
  });
});

describe("writes", () => {
  test("trap 9: no whole list is ever sent, and the fence is either asked for or left out", async () => {
    await onDesk(async (running) => {
      const { desk, sandbox } = running;
      const { id } = sandbox.createTicket({ tags: ["theirs"] });
      const ticket = await reading(running, id);
      sandbox.agentUpdate(id, { additional_tags: ["just_now"] }, "901");
      running.pass(2_000);
      await failureOf(desk.writeTicket(ticket, { tagsAdd: ["ps_vip"] }, "d", "live"), Outdated);
      await desk.writeTicket(await reading(running, id), { tagsAdd: ["ps_vip"] }, "d", "live");
      await desk.writeOrganizations([{ id: "700", fields: { ps_tier: "ps_tier_pro" } }], signal);
      expect(sandbox.state.tickets.get(id)?.tags).toEqual(
        expect.arrayContaining(["theirs", "just_now", "ps_vip"]),
      );
      expect(sandbox.state.organizations.get("700")?.domainNames).toEqual(["customer.example"]);
      const sent = sandbox.journal
        .filter((entry) => entry.method === "PUT")
        .map((entry) => JSON.stringify(entry.body));
      for (const body of sent)
        expect(body).not.toMatch(/"(tags|follower_ids|domain_names)"|"safe_update":false/);
    });
  });

  test("trap 10: no single record is written in a sync, and no bulk call that does not exist or needs permission", () => {
    const writes = Object.values(endpoints)
      .filter((one) => one.method !== "GET")
      .map((one) => `${one.method} ${one.path}`)
      // The requester of `check --canary`, once, when an administrator asks for it: no part of a sync.
      .filter((one) => one !== "POST /api/v2/users/create_or_update");
    expect(writes).toContain("PUT /api/v2/organizations/update_many");
    expect(writes.join()).not.toMatch(/organizations\/\{|organizations\/create_or_update|\/users/);
  });

  test("trap 11: a completed job can hold failed rows, a hundred is the most, and a full queue is waited for", async () => {
    await onDesk(
      async ({ desk, sandbox }) => {
        const rows = Array.from({ length: 150 }, (_, at) => wanted(`hubspot:${at}`));
        const outcomes = await desk.createOrganizations(
          [...rows, wanted("x", { name: "Other Ltd" })],
          signal,
        );
        expect(outcomes.filter((one) => !one.ok).map((one) => one.id)).toEqual(["x"]);
        expect(sandbox.calls()["organizations-create-many"]).toBeGreaterThanOrEqual(2);
        const jobs = sandbox.journal.filter((entry) => entry.path.endsWith("/create_many"));
        expect(jobs.some((entry) => entry.status === 429)).toBe(true);
      },
      { limits: { jobs: 1 }, jobMs: 5_000 },
    );
  });

  test("trap 12: names and external ids are unique in any case; nobody is doubled and nobody loses theirs", async () => {
    await onDesk(async ({ desk, sandbox }) => {
      const rows = [
        wanted("a", { name: "  OTHER ltd " }),
        wanted("b", { externalId: "crm-9" }),
        wanted("c", { name: "Same" }),
        wanted("d", { name: "same" }),
      ];
      expect((await desk.createOrganizations(rows, signal)).map((one) => one.ok)).toEqual([
        false,
        false,
        true,
        false,
      ]);
      expect(sandbox.state.organizations.get("700")?.externalId).toBe("CRM-9");
    });
  });
});

describe("reading", () => {
  test("trap 13: a last page with a next link is the last one, and all exports share one limit", async () => {
    mockNames();
    const { desk } = open();
    nock(HOST)
      .get("/api/v2/users/me")
      .reply(200, { user: { id: 1, role: "admin" } });
    nock(HOST).get("/api/v2/brands").query(true).reply(200, { brands: [] });
    nock(HOST).get("/api/v2/slas/policies").reply(404, {});
    nock(HOST)
      .get("/api/v2/organization_fields")
      .query(true)
      .reply(200, { organization_fields: [], meta: { has_more: false } });
    expect((await desk.describe()).groups).toHaveLength(4);
    const exports = Object.values(endpoints).filter((one) => one.path.includes("/incremental/"));
    expect(exports.map((one) => one.class)).toEqual(exports.map(() => "incremental"));
    expect(Object.values(endpoints).map((one) => one.path)).not.toContain("/api/v2/search");
  });

  test("trap 14: targets are minutes also where Zendesk says them in seconds, and calendar is not business time", async () => {
    const row = { priority: "urgent", metric: "first_reply_time", business_hours: false };
    const answers: Readonly<Record<string, object>> = {
      "/api/v2/slas/policies": {
        sla_policies: [
          {
            id: 1,
            title: "S",
            position: 1,
            policy_metrics: [
              { ...row, target_in_seconds: 1800 },
              { ...row, target: 30, business_hours: true },
            ],
          },
        ],
      },
      "/api/v2/triggers": { triggers: [] },
      "/api/v2/organization_fields": { organization_fields: [] },
      "/api/v2/ticket_fields": { ticket_fields: [] },
      "/api/v2/user_fields": { user_fields: [] },
      "/api/v2/webhooks": { webhooks: [], meta: { has_more: false } },
    };
    for (const [path, body] of Object.entries(answers)) nock(HOST).get(path).query(true).reply(200, body);
    const [found] = (await open().desk.inspect()).slaPolicies ?? [];
    expect(found?.targets.map((one) => [one.minutes, one.businessHours])).toEqual([
      [30, false],
      [30, true],
    ]);
  });

  test.each([
    [429, '{"error":"TooManyRequests"}', Paused],
    [502, "<html>Bad Gateway</html>", TryAgain],
  ] as const)(
    "trap 15: %s is never taken for an answer, as published clients do",
    async (status, body, type) => {
      const { desk, ...ticket } = await read();
      nock(HOST).put(TICKET).reply(status, body, { "content-type": "application/json" });
      await expect(desk.writeTicket(ticket, { priority: "high" }, "d", "live")).rejects.toBeInstanceOf(type);
    },
  );
});

/** What an administrator does with the API; the status that came back. */
async function callZendesk(
  { sandbox }: RunningDesk,
  method: string,
  path: string,
  body: unknown,
): Promise<number> {
  const answer = await fetch(`${sandbox.url}/api/v2${path}`, {
    method,
    headers: { authorization: sandbox.authorization, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  await answer.text();
  return answer.status;
}
