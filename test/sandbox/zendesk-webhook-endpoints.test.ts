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

const _bodies = (): readonly Record<string, unknown>[] =>
  receiver.received.map((one) => JSON.parse(one.body));
const _status = (): readonly string[] =>
  [...account.zendesk.state.invocations.values()].map((row) => row.status);

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
