import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { signatureHeaders, signedUrl } from "../../src/sandbox/hubspot-signature.ts";
import { plainCompanies, START, withCrm } from "./crm-under-test.ts";

interface Received {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
}

/** A target that answers with the given statuses in turn, the last one for ever. */
async function withReceiver(
  statuses: readonly number[],
  use: (receiver: Receiver) => Promise<void>,
): Promise<void> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    response.statusCode = statuses[Math.min(received.length, statuses.length - 1)] ?? 200;
    received.push({ headers: request.headers, body, events: JSON.parse(body) });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await use({ url: `http://127.0.0.1:${port}/webhooks/hubspot`, received });
  } finally {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

const eventsOf = (receiver: Receiver) => receiver.received.flatMap((request) => request.events);

describe("webhooks", () => {
  test("arrive as a signed list, over the public address", () =>
    withReceiver([200], (receiver) =>
      withCrm({ portalId: 33 }, async ({ crm }) => {
        const publicUrl = "https://priority.example.com/webhooks/hubspot";
        crm.connectWebhook({ targetUrl: receiver.url, publicUrl, clientSecret: "s3cret" });
        crm.setCompany("1001", { support_tier: "Zürich 日本" });
        expect(await crm.drain()).toMatchObject({ requests: 1, delivered: 1, waiting: 0, dropped: 0 });
        const [request] = receiver.received;
        const timestamp = String(request?.headers["x-hubspot-request-timestamp"]);
        expect(timestamp).toBe(String(START));
        const expected = createHmac("sha256", "s3cret").update(
          `POST${publicUrl}${request?.body}${timestamp}`,
        );
        expect(request?.headers["x-hubspot-signature-v3"]).toBe(expected.digest("base64"));
        expect(request?.events).toMatchObject([
          {
            subscriptionType: "company.propertyChange",
            portalId: 33,
            objectId: 1001,
            propertyName: "support_tier",
            propertyValue: "Zürich 日本",
            occurredAt: START,
            attemptNumber: 0,
            changeSource: "CRM_UI",
          },
        ]);
      }),
    ));

  test("tell of creation, archiving, merging, and our own writes as ours", () =>
    withReceiver([200], (receiver) =>
      withCrm({ companies: plainCompanies(4) }, async ({ crm, post }) => {
        crm.connectWebhook({ targetUrl: receiver.url, clientSecret: "x", shuffled: false });
        const id = crm.addCompany({ properties: { name: "New" } });
        crm.archive("1001");
        const merged = crm.merge("1002", "1003");
        await post("/crm/objects/2026-09/companies/batch/update", {
          inputs: [{ id: "1004", properties: { support_tier: "pro" } }],
        });
        await crm.drain();
        expect(eventsOf(receiver)).toMatchObject([
          { subscriptionType: "company.creation", objectId: Number(id), changeFlag: "NEW" },
          { subscriptionType: "company.deletion", objectId: 1001 },
          {
            subscriptionType: "company.merge",
            primaryObjectId: 1002,
            mergedObjectIds: [1003],
            newObjectId: Number(merged),
          },
          { subscriptionType: "company.propertyChange", objectId: 1004, changeSource: "INTEGRATION" },
        ]);
      }),
    ));

  test("use old and new names in turn, and may hide values or repeat ids", () =>
    withReceiver([200], (receiver) =>
      withCrm({}, async ({ crm }) => {
        crm.connectWebhook({
          targetUrl: receiver.url,
          clientSecret: "x",
          shapes: ["classic", "generic", "eventType"],
          sensitive: ["plan_tier"],
          eventIds: "reused",
          shuffled: false,
        });
        for (const id of ["1001", "1002", "1003"]) crm.setCompany(id, { plan_tier: "Pro" });
        await crm.drain();
        const [classic, generic, other] = eventsOf(receiver);
        expect(classic).toMatchObject({
          subscriptionType: "company.propertyChange",
          propertyValue: "REDACTED",
        });
        expect(generic).toMatchObject({ subscriptionType: "object.propertyChange", objectTypeId: "0-2" });
        expect(other).toMatchObject({ eventType: "company.propertyChange" });
        expect(other).not.toHaveProperty("subscriptionType");
        expect(new Set(eventsOf(receiver).map((event) => event.eventId)).size).toBe(1);
      }),
    ));

  test("are tried again after a failure, with a higher attempt number", () =>
    withReceiver([503, 500, 200], (receiver) =>
      withCrm({}, async ({ crm }) => {
        crm.connectWebhook({ targetUrl: receiver.url, clientSecret: "x" });
        crm.setCompany("1001", { plan_tier: "Pro" });
        expect(await crm.drain({ rounds: 1 })).toMatchObject({ delivered: 0, waiting: 1, statuses: [503] });
        expect(await crm.drain()).toMatchObject({ delivered: 1, waiting: 0, statuses: [500, 200] });
        expect(eventsOf(receiver).map((event) => event.attemptNumber)).toEqual([0, 1, 2]);
      }),
    ));

  test("are given up after ten retries, also when nobody answers", async () => {
    await withReceiver([400], (receiver) =>
      withCrm({}, async ({ crm }) => {
        crm.connectWebhook({ targetUrl: receiver.url, clientSecret: "x" });
        crm.setCompany("1001", { plan_tier: "Pro" });
        expect(await crm.drain()).toMatchObject({ requests: 11, dropped: 1, waiting: 0 });
        expect(await crm.drain()).toMatchObject({ requests: 0 });
      }),
    );
    await withCrm({}, async ({ crm }) => {
      crm.connectWebhook({ targetUrl: "http://127.0.0.1:1/", clientSecret: "x" });
      crm.setCompany("1001", { plan_tier: "Pro" });
      expect(await crm.drain({ rounds: 1 })).toMatchObject({ statuses: [null], waiting: 1 });
    });
  });

  test("come a hundred at a time at most, in any order, some of them twice", () =>
    withReceiver([200], (receiver) =>
      withCrm({ companies: plainCompanies(150) }, async ({ crm }) => {
        crm.connectWebhook({ targetUrl: receiver.url, clientSecret: "x", doubled: 0.3, seed: 4 });
        for (let id = 1001; id <= 1150; id += 1) crm.setCompany(String(id), { plan_tier: "Pro" });
        await crm.drain();
        const ids = eventsOf(receiver).map((event) => Number(event.objectId));
        expect(Math.max(...receiver.received.map((request) => request.events.length))).toBe(100);
        expect(new Set(ids).size).toBe(150);
        expect(ids.length).toBeGreaterThan(170);
        expect(ids).not.toEqual([...ids].sort((left, right) => left - right));
      }),
    ));

  test("are sent for subscribed properties that really changed, never for the change stamp", () =>
    withReceiver([200], (receiver) =>
      withCrm({}, async ({ crm }) => {
        crm.setCompany("1001", { plan_tier: "before anyone listened" });
        crm.connectWebhook({
          targetUrl: receiver.url,
          clientSecret: "x",
          properties: ["plan_tier", "hs_lastmodifieddate"],
        });
        crm.setCompany("1001", { plan_tier: "Pro", name: "Renamed", hs_lastmodifieddate: "1" });
        crm.setCompany("1001", { plan_tier: "Pro" });
        await crm.drain();
        expect(eventsOf(receiver).map((event) => event.propertyName)).toEqual(["plan_tier"]);
      }),
    ));
});

describe("version 3 signatures", () => {
  test("undo exactly the documented escapes before signing", () => {
    expect(signedUrl("https://p.example/hubspot?src=hs%3Aapp%2fv3&x=%28a%29&y=%20b")).toBe(
      "https://p.example/hubspot?src=hs:app/v3&x=(a)&y=%20b",
    );
  });

  test("agree with published vectors", () => {
    const python = signatureHeaders(
      "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
      "https://www.example.com/webhook_uri",
      "{'example_field':'example_value'}",
      1_693_657_560_000,
    );
    expect(python["X-HubSpot-Signature-v3"]).toBe("K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=");
    const node = signatureHeaders(
      "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
      "https://www.example.com/webhook_uri",
      `[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]`,
      1,
    );
    expect(node["X-HubSpot-Signature"]).toBe(
      "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de",
    );
  });
});
