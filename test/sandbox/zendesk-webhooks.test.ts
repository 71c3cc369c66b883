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

const subscribed = (...subscriptions: readonly string[]): Readonly<Record<string, unknown>> => ({
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
  account = await openAccount({ ...options, seed: { ...SEED, webhooks } });
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
