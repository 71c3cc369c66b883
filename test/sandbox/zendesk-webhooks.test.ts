import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ZendeskOptions } from "../../src/sandbox/zendesk.ts";
import { type Account, openAccount, SEED } from "./zendesk-account.ts";
import { expectedSignature, openReceiver, type Receiver } from "./zendesk-receiver.ts";

let receiver: Receiver;
let account: Account;
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(async () => {
  await account.zendesk.close();
  await receiver.close();
});

const subscribed = (...subscriptions: readonly string[]): object => ({
  id: "01HAN96XNH1J7DY8D7RZ22QMT9",
  name: "ours",
  endpoint: receiver.url,
  http_method: "POST",
  request_format: "json",
  subscriptions,
  secret: "s3cret",
});

async function open(options: ZendeskOptions = {}, ...subscriptions: readonly string[]): Promise<void> {
  const webhooks = [
    subscribed(...(subscriptions.length === 0 ? ["zen:event-type:ticket.created"] : subscriptions)),
  ];
  account = await openAccount({ ...options, seed: { ...SEED, webhooks } as never });
}

const bodies = (): readonly Record<string, unknown>[] => receiver.received.map((one) => JSON.parse(one.body));
const status = (): readonly string[] =>
  [...account.zendesk.state.invocations.values()].map((row) => row.status);

describe("the signature", () => {
  test("covers the bytes sent, in the headers of a real delivery", async () => {
    await open();
    account.zendesk.createTicket();
    await account.zendesk.drain();
    const [one] = receiver.received;
    const timestamp = String(one?.headers["x-zendesk-webhook-signature-timestamp"]);
    expect(timestamp).toBe("2026-06-01T10:00:00Z");
    expect(one?.headers["x-zendesk-webhook-signature"]).toBe(
      expectedSignature("s3cret", timestamp, one?.body ?? ""),
    );
    expect(one?.headers["x-zendesk-webhook-id"]).toBe("01HAN96XNH1J7DY8D7RZ22QMT9");
    expect(one?.headers["x-zendesk-webhook-invocation-id"]).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(one?.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(one?.headers["x-zendesk-account-id"]).toBe("22129848");
    expect(one?.body).toMatch(/^\{\n {3}"account_id"/);
  });
});

describe("an event webhook", () => {
  test("tells of a new ticket with UPPERCASE words, ids as text and null tags", async () => {
    await open();
    account.zendesk.createTicket({ from: "nobody@elsewhere.example", priority: "low" });
    await account.zendesk.drain();
    const [event] = bodies();
    expect(event).toMatchObject({
      account_id: 22129848,
      type: "zen:event-type:ticket.created",
      subject: "zen:ticket:1",
      event: {},
      zendesk_event_version: "2022-11-06",
      detail: {
        id: "1",
        actor_id: "83",
        priority: "LOW",
        status: "NEW",
        type: null,
        tags: null,
        organization_id: null,
        brand_id: "21",
        via: { channel: "email" },
      },
    });
    expect(event?.time).toMatch(/^2026-06-01T10:00:00\.\d{9}Z$/);
    expect(event?.detail).not.toHaveProperty("custom_fields");
  });

  test("tells of changes with old and new value, our own updates included", async () => {
    await open({}, "zen:event-type:ticket.priority_changed", "zen:event-type:ticket.organization_changed");
    account.zendesk.createTicket({ from: "ann@acme.example" });
    await account.put("/tickets/1", { ticket: { priority: "urgent", requester_id: 82 } });
    await account.zendesk.drain();
    const events = bodies().map(({ type, event }) => ({ type, event }));
    expect(events).toEqual(
      expect.arrayContaining([
        {
          type: "zen:event-type:ticket.priority_changed",
          event: expect.objectContaining({ current: "URGENT", previous: null }),
        },
        {
          type: "zen:event-type:ticket.organization_changed",
          event: expect.objectContaining({ current: "62", previous: "61" }),
        },
      ]),
    );
    expect(events).toHaveLength(2);
  });

  test("tells of organizations with empty text and 0 for none", async () => {
    await open({}, "zen:event-type:organization.tags_changed");
    account.zendesk.updateOrganization("63", { tags: ["new"] });
    await account.zendesk.drain();
    expect(bodies()[0]).toMatchObject({
      detail: { external_id: "", group_id: "0" },
      event: { tags_added: ["new"], tags_removed: [] },
    });
  });
});

describe("a delivery that fails", () => {
  test.each([500, 403, 404, 400])("with %i is never tried again", async (code) => {
    await open();
    receiver.answer(code);
    account.zendesk.createTicket();
    await account.zendesk.drain();
    expect(receiver.received).toHaveLength(1);
    expect(status()).toEqual(["terminated"]);
  });

  test("with 409 is tried three times more, under the same invocation id", async () => {
    await open();
    receiver.answer(409, 409, 409, 409, 409);
    account.zendesk.createTicket();
    await account.zendesk.drain();
    expect(receiver.received).toHaveLength(4);
    expect(new Set(receiver.received.map((one) => one.headers["x-zendesk-webhook-invocation-id"])).size).toBe(
      1,
    );
  });

  test.each([
    ["503 that asks for 30 s is tried again", 503, "30", 2],
    ["429 that asks for 5 s is tried again", 429, "5", 2],
    ["503 that asks for a minute is not", 503, "60", 1],
    ["503 with a date is not", 503, "Mon, 01 Jun 2026 10:00:05 GMT", 1],
  ])("%s", async (_name, code, retryAfter, tries) => {
    await open();
    receiver.answer({ status: code, retryAfter });
    account.zendesk.createTicket();
    await account.zendesk.drain();
    expect(receiver.received).toHaveLength(tries);
  });

  test("a 503 without Retry-After is not tried again", async () => {
    await open();
    receiver.answer(503);
    account.zendesk.createTicket();
    await account.zendesk.drain();
    expect(receiver.received).toHaveLength(1);
  });

  test("without an answer in time is tried five times more", async () => {
    await open({ delivery: { timeoutMs: 20 } });
    receiver.answer(null, null, null, null, null, null, null);
    account.zendesk.createTicket();
    await account.zendesk.drain();
    expect(receiver.received).toHaveLength(6);
    expect(status()).toEqual(["failed"]);
  });

  test("too often opens the breaker: later events are noted and never sent", async () => {
    await open({ limits: { plan: 10_000 } });
    receiver.answer(...Array.from({ length: 100 }, () => 500));
    for (let n = 0; n < 100; n += 1) account.zendesk.createTicket();
    await account.zendesk.drain();
    account.zendesk.createTicket();
    await account.zendesk.drain();
    expect(receiver.received).toHaveLength(100);
    expect(status().at(-1)).toBe("circuit broken");
    account.pass(5 * 60_000);
    account.zendesk.createTicket();
    await account.zendesk.drain();
    expect(status().at(-1)).toBe("success");
  });
});

describe("deliveries on demand", () => {
  test("get lost, doubled, held back and mixed up", async () => {
    await open({
      delivery: {
        copies: (invocation) => (invocation.ticketId === "1" ? 0 : invocation.ticketId === "2" ? 3 : 1),
      },
    });
    for (let n = 0; n < 3; n += 1) account.zendesk.createTicket();
    await account.zendesk.drain();
    const ids = bodies().map((event) => event.subject);
    expect(ids.toSorted()).toEqual(["zen:ticket:2", "zen:ticket:2", "zen:ticket:2", "zen:ticket:3"]);
    account.zendesk.setDelivery({ held: true, reorderWindow: 10, random: () => 0.99, concurrency: 1 });
    for (let n = 0; n < 3; n += 1) account.zendesk.createTicket();
    expect(receiver.received).toHaveLength(4);
    account.zendesk.setDelivery({ held: false });
    await account.zendesk.drain();
    expect(
      bodies()
        .slice(4)
        .map((event) => event.subject),
    ).toEqual(["zen:ticket:6", "zen:ticket:5", "zen:ticket:4"]);
  });

  test("a trial account sends sixty a minute and loses the rest", async () => {
    await open({ trial: true });
    for (let n = 0; n < 61; n += 1) account.zendesk.createTicket();
    await account.zendesk.drain();
    expect(receiver.received).toHaveLength(60);
    expect(status().at(-1)).toBe("throttled");
  });
});

describe("the webhook endpoints", () => {
  const webhook = (extra: object = {}): object => ({
    webhook: {
      name: "hook",
      status: "active",
      endpoint: receiver.url,
      http_method: "POST",
      request_format: "json",
      subscriptions: ["conditional_ticket_events"],
      ...extra,
    },
  });

  test("create with 201, change and delete with 204 and nothing in it", async () => {
    await open();
    const made = await account.post(
      "/webhooks",
      webhook({
        authentication: { type: "bearer_token", data: { token: "hidden" }, add_position: "header" },
      }),
    );
    expect(made.status).toBe(201);
    expect(made.at("webhook.created_at")).toMatch(/\.\d{9}Z$/);
    expect(made.text).not.toContain("hidden");
    const path = `/webhooks/${made.at("webhook.id")}`;
    const changed = await account.call("PATCH", path, { webhook: { name: "renamed" } });
    expect([changed.status, changed.text]).toEqual([204, ""]);
    expect((await account.get(path)).at("webhook.name")).toBe("renamed");
    expect((await account.call("DELETE", path)).status).toBe(204);
    expect((await account.get(path)).status).toBe(404);
  });

  test("are never fired by triggers and events alike, and never change kind", async () => {
    await open();
    const both = webhook({ subscriptions: ["conditional_ticket_events", "zen:event-type:ticket.created"] });
    expect((await account.post("/webhooks", both)).status).toBe(400);
    const change = { webhook: { subscriptions: ["conditional_ticket_events"] } };
    expect((await account.call("PATCH", "/webhooks/01HAN96XNH1J7DY8D7RZ22QMT9", change)).status).toBe(400);
  });

  test("show the secret, and a reset one is used from then on", async () => {
    await open();
    const path = "/webhooks/01HAN96XNH1J7DY8D7RZ22QMT9/signing_secret";
    expect((await account.get(path)).json).toEqual({
      signing_secret: { secret: "s3cret", algorithm: "SHA256" },
    });
    const reset = await account.post(path, {});
    expect(reset.status).toBe(201);
    account.zendesk.createTicket();
    await account.zendesk.drain();
    const [one] = receiver.received;
    const timestamp = String(one?.headers["x-zendesk-webhook-signature-timestamp"]);
    expect(one?.headers["x-zendesk-webhook-signature"]).toBe(
      expectedSignature(String(reset.at("signing_secret.secret")), timestamp, one?.body ?? ""),
    );
  });

  test("list invocations and their attempts, whose id is the webhook's", async () => {
    await open();
    receiver.answer(403);
    account.zendesk.createTicket();
    await account.zendesk.drain();
    const base = "/webhooks/01HAN96XNH1J7DY8D7RZ22QMT9/invocations";
    const list = await account.get(`${base}?page[size]=10`);
    expect(list.at("invocations.0")).toMatchObject({ status: "terminated", status_code: 403 });
    const attempts = await account.get(`${base}/${list.at("invocations.0.id")}/attempts`);
    expect(attempts.at("attempts.*.id")).toEqual(["01HAN96XNH1J7DY8D7RZ22QMT9"]);
    expect(attempts.at("attempts.0.request.headers.*.key")).toContain("X-Zendesk-Webhook-Signature");
    expect(list.headers.get("x-rate-limit")).toBe("100");
  });

  test("test an address with the public test secret", async () => {
    await open();
    receiver.answer(202);
    const { at } = await account.post("/webhooks/test", {
      request: {
        endpoint: receiver.url,
        http_method: "POST",
        request_format: "json",
        payload: '{"say": "hello"}',
      },
    });
    expect(at("response.status_code")).toBe(202);
    const [one] = receiver.received;
    expect(one?.headers["x-zendesk-webhook-signature"]).toBe(
      expectedSignature(
        "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==",
        "2026-06-01T10:00:00Z",
        '{"say": "hello"}',
      ),
    );
  });

  test("a trial account has at most ten webhooks", async () => {
    await open({ trial: true });
    for (let n = 1; n < 10; n += 1) expect((await account.post("/webhooks", webhook())).status).toBe(201);
    expect((await account.post("/webhooks", webhook())).status).toBe(403);
  });
});
