import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { connectorSettings } from "../../src/assemble.ts";
import { systemClock } from "../../src/clock.ts";
import { readConfig } from "../../src/config.ts";
import { ConfigProblem } from "../../src/errors.ts";
import { silent } from "../../src/log.ts";
import { startService } from "../../src/main.ts";
import { startWorld, type World } from "./world.ts";

let w: World;
beforeAll(async () => {
  w = await startWorld({ silentDesk: true, env: { HUBSPOT_CLIENT_SECRET: "hubspot-secret" } });
});
afterAll(() => w.close());

function payload(ticketId: string, more: object = {}): string {
  return JSON.stringify({
    schema: "priority-support/1",
    ticket_id: ticketId,
    nonce: randomBytes(6).toString("hex"),
    ...more,
  });
}

function puts(id: string): number {
  return w.desk.journal.filter((e) => e.method === "PUT" && e.path === `/api/v2/tickets/${id}`).length;
}

async function pending(): Promise<number> {
  return (await w.service.store.inbox.backlog()).pending;
}

describe("the Zendesk door", () => {
  test("takes a signed trigger payload, and the ticket is rewritten", async () => {
    const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
    const answer = await w.post(payload(id));
    expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
    expect((await w.settled(id)).state).toBe("written");
  });

  test("takes a subscribed event with upper-case words and text ids", async () => {
    const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
    const event = {
      account_id: 1,
      id: "event-1",
      type: "zen:event-type:ticket.created",
      subject: `zen:ticket:${id}`,
      time: "2026-06-09T14:00:00.672717030Z",
      event: {},
      detail: {
        id,
        priority: null,
        status: "NEW",
        tags: null,
        organization_id: "0",
        updated_at: "2026-06-09T14:00:00Z",
      },
    };
    expect((await w.post(JSON.stringify(event))).status).toBe(200);
    expect((await w.settled(id)).state).toBe("written");
  });

  test.each([
    ["no signature at all", { "x-zendesk-webhook-signature": "" }],
    ["a wrong signature", { "x-zendesk-webhook-signature": Buffer.alloc(32, 7).toString("base64") }],
    ["a truncated signature", { "x-zendesk-webhook-signature": "dGlueQ==" }],
    ["no timestamp", { "x-zendesk-webhook-signature-timestamp": "" }],
  ])("answers 401 to %s and stores nothing", async (_what, headers) => {
    const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
    expect((await w.post(payload(id), { headers })).status).toBe(401);
    expect(await w.service.store.ledger.decisionsOf(id)).toEqual([]);
  });

  test("answers 401 to another account's secret", async () => {
    expect((await w.post(payload("1"), { secret: "another" })).status).toBe(401);
  });

  test("refuses the order body + timestamp", async () => {
    const body = payload("1");
    const timestamp = new Date(w.clock.now()).toISOString();
    const signature = createHmac("sha256", w.secret)
      .update(body + timestamp)
      .digest("base64");
    const headers = {
      "x-zendesk-webhook-signature": signature,
      "x-zendesk-webhook-signature-timestamp": timestamp,
    };
    expect((await w.post(body, { headers })).status).toBe(401);
  });

  test.each([
    ["not JSON", "ticket 17"],
    ["no ticket id", '{"schema":"priority-support/1"}'],
    ["an odd ticket id", '{"ticket_id":"../../users"}'],
    ["an empty body", ""],
  ])("answers 400 to a signed body with %s", async (_what, body) => {
    expect((await w.post(body)).status).toBe(400);
  });

  test("answers 200 to a genuine event that is not ours, and stores nothing", async () => {
    const before = await pending();
    const answer = await w.post(
      '{"type":"zen:event-type:user.deleted","id":"e-2","subject":"zen:user:5","detail":{"id":"5","organization_id":"0","external_id":""}}',
    );
    expect([answer.status, await answer.json()]).toEqual([200, { ignored: true }]);
    expect(await pending()).toBe(before);
  });

  test("answers a repeat with 200 and changes nothing twice", async () => {
    const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
    const body = payload(id);
    const at = w.clock.now();
    const answers = await Promise.all(Array.from({ length: 46 }, () => w.post(body, { at })));
    expect(answers.map((a) => a.status)).toEqual(answers.map(() => 200));
    await w.settled(id);
    expect(
      (await w.post(body, { at, headers: { "x-zendesk-webhook-invocation-id": "01FRESH" } })).status,
    ).toBe(200);
    await w.quiet();
    expect(puts(id)).toBe(1);
    expect(await w.service.store.ledger.decisionsOf(id)).toHaveLength(1);
  });

  test("changes a ticket once although two triggers told of it", async () => {
    const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
    await Promise.all([w.post(payload(id)), w.post(payload(id))]);
    await w.settled(id);
    await w.post(payload(id));
    await w.quiet();
    expect(puts(id)).toBe(1);
  });

  test.each([
    ["ten minutes old", -600_000],
    ["ten minutes ahead", 600_000],
  ])("a genuine signature that is %s is stored and served, not lost", async (_what, offset) => {
    const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
    expect((await w.post(payload(id), { at: w.clock.now() + offset })).status).toBe(200);
    expect((await w.settled(id)).state).toBe("written");
  });

  test("answers 413 to more than a mebibyte", async () => {
    expect((await w.post(payload("1", { text: "x".repeat(1024 * 1024) }))).status).toBe(413);
  });

  test("takes a long non-Latin description", async () => {
    const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
    expect((await w.post(payload(id, { description: "語".repeat(200_000) }))).status).toBe(200);
  });

  test("does not choke on deep or hostile JSON", async () => {
    const deep = `{"ticket_id":"1","a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
    expect((await w.post(deep)).status).toBe(400);
    expect((await w.post('{"ticket_id":"999999","__proto__":{"admin":true}}')).status).toBe(200);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test("an event that does not decide is recorded and left", async () => {
    const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
    await w.post(payload(id));
    await w.settled(id);
    await w.post(
      `{"type":"zen:event-type:ticket.priority_changed","id":"e-9","subject":"zen:ticket:${id}","detail":{"id":"${id}"},"event":{"current":"HIGH","previous":null}}`,
    );
    await w.quiet();
    expect(puts(id)).toBe(1);
  });

  test("a ticket that moves to another organization is decided anew", async () => {
    const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
    await w.post(payload(id));
    await w.settled(id);
    const agent = [...w.desk.state.users.values()].find((u) => u.role === "admin");
    const to = w.customer("addon_tam");
    const requester = [...w.desk.state.users.values()].find((u) => u.email === to.email);
    w.desk.agentUpdate(
      id,
      { requester_id: requester?.id, organization_id: to.organizationId },
      agent?.id ?? "",
    );
    w.clock.advanceTo(w.clock.now() + 2_000);
    await w.post(
      `{"type":"zen:event-type:ticket.organization_changed","id":"e-10","subject":"zen:ticket:${id}","detail":{"id":"${id}"},"event":{}}`,
    );
    await w.until("a second decision", async () =>
      (await w.service.store.ledger.decisionsOf(id)).length > 1 ? true : null,
    );
    const record = await w.settled(id);
    expect(record.decision).toMatchObject({ tier: "enterprise_support" });
  });
});

describe("the HubSpot door", () => {
  function hubspot(body: string, secret = "hubspot-secret"): Promise<Response> {
    const timestamp = String(w.clock.now());
    const uri = `${w.env.PUBLIC_URL}/webhooks/hubspot`;
    const signature = createHmac("sha256", secret).update(`POST${uri}${body}${timestamp}`).digest("base64");
    return fetch(`${w.service.url}/webhooks/hubspot`, {
      method: "POST",
      body,
      headers: { "x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": timestamp },
    });
  }

  test("a hint makes the company be read again, whatever value the hint claims", async () => {
    const { companyId, organizationId } = w.customer("standalone");
    w.crm.setCompany(companyId, { plan_tier: "Pro" });
    w.clock.advanceTo(w.clock.now() + 1_000);
    const event = {
      eventId: 1,
      portalId: 33,
      subscriptionType: "company.propertyChange",
      objectId: Number(companyId),
      propertyName: "plan_tier",
      propertyValue: "Enterprise",
      occurredAt: w.clock.now(),
    };
    expect((await hubspot(JSON.stringify([event]))).status).toBe(200);
    const fields = () => w.desk.state.organizations.get(organizationId)?.fields.ps_tier;
    await w.until("the organization to change", async () => (fields() === "ps_tier_pro" ? true : null));
  });

  test("our own label's echo is ignored", async () => {
    const event = {
      eventId: 2,
      portalId: 33,
      subscriptionType: "company.propertyChange",
      objectId: 1,
      propertyName: "support_tier",
      propertyValue: "pro",
      occurredAt: w.clock.now(),
    };
    const answer = await hubspot(JSON.stringify([event]));
    expect([answer.status, await answer.json()]).toEqual([200, { ignored: true }]);
  });

  test("a wrong signature gets 401", async () => {
    expect((await hubspot("[]", "another")).status).toBe(401);
  });
});

describe("starting", () => {
  const log = silent;

  test("without a webhook secret the service refuses to start and says what to do", async () => {
    const config = readConfig({ ...w.env, ZENDESK_WEBHOOK_SECRET: "  ,  " }, connectorSettings);
    const failure = await startService(config, {
      simulate: false,
      setup: false,
      clock: systemClock,
      log,
      syncEveryMs: 0,
    }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigProblem);
    expect((failure as ConfigProblem).message).toContain("ZENDESK_WEBHOOK_SECRET");
  });

  test("set-up mode is refused beyond loopback", async () => {
    const config = readConfig({ ...w.env, HOST: "0.0.0.0" }, connectorSettings);
    await expect(
      startService(config, { simulate: false, setup: true, clock: systemClock, log, syncEveryMs: 0 }),
    ).rejects.toThrow("loopback");
  });

  test("set-up mode answers webhooks with 503 and writes nothing", async () => {
    const config = readConfig({ ...w.env, PORT: "0", ZENDESK_WEBHOOK_SECRET: "" }, connectorSettings);
    const service = await startService(config, {
      simulate: false,
      setup: true,
      clock: systemClock,
      log,
      syncEveryMs: 0,
    });
    const answer = await fetch(`${service.url}/webhooks/zendesk`, { method: "POST", body: "{}" });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "30"]);
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
    await service.stop();
  });

  test("Zendesk's public test secret is refused beyond loopback", async () => {
    const config = readConfig(
      { ...w.env, HOST: "0.0.0.0", ZENDESK_WEBHOOK_SECRET: "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==" },
      connectorSettings,
    );
    await expect(
      startService(config, { simulate: false, setup: false, clock: systemClock, log, syncEveryMs: 0 }),
    ).rejects.toThrow("public test secret");
  });

  test("a port that is taken is told with a fix, and nothing keeps running", async () => {
    const config = readConfig({ ...w.env, PORT: new URL(w.service.url).port }, connectorSettings);
    await expect(
      startService(config, { simulate: false, setup: false, clock: systemClock, log, syncEveryMs: 0 }),
    ).rejects.toThrow("cannot be listened on");
  });
});

describe("health and metrics", () => {
  test("a direct local caller sees each dependency", async () => {
    const answer = await fetch(`${w.service.url}/readyz`);
    expect(await answer.json()).toMatchObject({
      ok: true,
      dependencies: [
        ...[{ name: "store" }, { name: "help desk" }, { name: "crm" }],
        ...[{ name: "writing outside" }, { name: "sweep" }, { name: "webhook" }],
      ],
    });
  });

  test("a caller behind a proxy sees only whether it is ready, and no metrics", async () => {
    const headers = { "x-forwarded-for": "203.0.113.9" };
    expect(await (await fetch(`${w.service.url}/readyz`, { headers })).json()).toEqual({ ok: true });
    expect((await fetch(`${w.service.url}/metrics`, { headers })).status).toBe(404);
  });

  test("metrics count webhooks, tickets and calls, and hold no secret", async () => {
    const text = await (await fetch(`${w.service.url}/metrics`)).text();
    expect(text).toMatch(/ps_webhooks_total\{source="zendesk",answer="stored"\} \d+/);
    expect(text).toMatch(/ps_zendesk_calls\{class="tickets-update"\} \d+/);
    expect(text).not.toContain(w.secret);
    expect(text).not.toContain(w.desk.apiToken);
  });

  test("metrics tell of the brake, of the age of the facts, and why tickets ended as they did", async () => {
    const text = await (await fetch(`${w.service.url}/metrics`)).text();
    expect(text).toContain('ps_guard_waiting{what="runs"} 0');
    expect(text).toContain('ps_guard_waiting{what="records"} 0');
    expect(text).toMatch(/ps_facts_confirmed_timestamp_seconds\{source="hubspot"\} 1\d{9}/);
    expect(text).toMatch(/ps_tickets_total\{tier="\w+",outcome="written",reason="(arr|plan|addon)"\} \d+/);
    expect(text).toMatch(
      /ps_tickets_total\{tier="none",outcome="left",reason="(already_decided|not_deciding)"\} \d+/,
    );
    expect(text).toMatch(/ps_webhooks_flagged_total\{source="zendesk"\} [1-9]/);
  });

  test("every metric that the operator's page sets an alert on is there", async () => {
    const page = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
    const text = await (await fetch(`${w.service.url}/metrics`)).text();
    const named = [...new Set(page.match(/\bps_[a-z_]+\b/g))];
    expect(named.filter((name) => !text.includes(`# TYPE ${name} `))).toEqual([]);
    expect(named.length).toBeGreaterThan(12);
  });

  test("a half-sent request does not hold the door", async () => {
    const url = new URL(`${w.service.url}/webhooks/zendesk`);
    const half = request({
      host: url.hostname,
      port: url.port,
      path: url.pathname,
      method: "POST",
      headers: { "content-length": "1000" },
    });
    half.on("error", () => {});
    half.write("{");
    expect((await w.post(payload("999998"))).status).toBe(200);
    half.destroy();
  });
});
