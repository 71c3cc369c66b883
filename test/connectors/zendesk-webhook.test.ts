import { createHmac } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readZendeskWebhook } from "../../connectors/zendesk/index.ts";
import type { NewDelivery, RawRequest, WebhookReading } from "../../src/ports.ts";

const SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";
const NOW = Date.parse("2026-11-22T12:00:00Z");
const STAMP = "2026-11-22T11:59:58Z";

function sign(secret: string, timestamp: string, body: string): string {
  return createHmac("sha256", secret).update(timestamp).update(body).digest("base64");
}

function request(body: string, timestamp: string, signature: string, invocation?: string): RawRequest {
  return {
    method: "POST",
    path: "/webhooks/zendesk",
    headers: {
      "x-zendesk-webhook-signature": signature,
      "x-zendesk-webhook-signature-timestamp": timestamp,
      "x-zendesk-webhook-invocation-id": invocation,
      "x-zendesk-account-id": "1",
    },
    body: Buffer.from(body),
  };
}

function read(body: string, timestamp = STAMP, now = NOW): WebhookReading {
  const signed = request(body, timestamp, sign(SECRET, timestamp, body), "01HANA2B5D5W9XSJS3NE5SQA1J");
  return readZendeskWebhook(signed, { secrets: [SECRET], now });
}

function delivered(reading: WebhookReading): NewDelivery {
  if (reading.kind !== "delivery")
    throw new Error(`expected a delivery, got ${reading.kind}: ${reading.why}`);
  return reading.delivery;
}

// Bodies and signatures of published and third-party vectors; each source is named beside it.
const VECTORS = [
  {
    name: "an event about a user (aaronellington/zendesk-go, webhook_test)",
    secret: SECRET,
    timestamp: "1234",
    body: '{\n\t"type": "zen:event-type:user.group_membership_created",\n\t"account_id": 12514403,\n\t"id": "6b9bbadf-5725-4e92-bebe-7b71011bf5f1",\n\t"subject": "zen:user:6596848315901",\n\t"time": "2099-07-04T05:33:18Z",\n\t"zendesk_event_version": "2022-06-20",\n\t"detail": {\n\t\t"created_at": "2099-07-04T05:27:58Z",\n\t\t"default_group_id": "0",\n\t\t"email": "user.name@example.com",\n\t\t"external_id": "",\n\t\t"id": "6596848315901",\n\t\t"organization_id": "0",\n\t\t"role": "end-user",\n\t\t"updated_at": "2099-07-04T05:33:18Z"\n\t},\n\t"event": { "group": { "id": "1" } }\n}\n',
    signature: "10IqYzYTLHRftNsNE+im0DeOM6/JactIRuy0XCHJ9B8=",
    kind: "ignored",
  },
  {
    name: "a trigger body without a ticket_id (aaronellington/zendesk-go, webhook_test)",
    secret: SECRET,
    timestamp: "1234",
    body: '{\n\t"type": "End User Comment",\n\t"ticketID": "12345",\n\t"priority": "Normal",\n\t"tags": "new",\n\t"groupID": "9000",\n\t"assigneeID": "9001",\n\t"assigneeEmail": "kren@example.com"\n}\n',
    signature: "PlxjkFT3fSnU9NWSRjLHP86izLX68auazS1Xo8ZfiZE=",
    kind: "malformed",
  },
  {
    name: "a home-made event (a third-party Rust client)",
    secret: SECRET,
    timestamp: "2021-03-25T05:09:27Z",
    body: '{"event":"ticket.updated","id":123}',
    signature: "S/RDdU2ERmj7LHDDoWJ2onPYH+t7/f2+LTM4dL7UiLM=",
    kind: "malformed",
  },
  {
    name: "Zendesk's old sample, body before timestamp (developer.zendesk.com, event connectors, old version)",
    secret: "HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA=",
    timestamp: "2021-07-25T10:00:00Z",
    body: '{"say": "hello"}',
    signature: "tRDSF7URY8BLCDlaBcQ7FHu051Zk+aAB0NKMP53teMw=",
    kind: "refused",
  },
  {
    name: "an empty body (computed from the rule)",
    secret: SECRET,
    timestamp: "2026-01-01T00:00:00Z",
    body: "",
    signature: "3oJmZ0ji7b+iOyoxyTZdQvIjlUaHYF+GNZ7cSymja8w=",
    kind: "malformed",
  },
] as const;

// A ticket.created event as captured in 2025 by several third-party projects, ids shortened.
const CREATED = {
  account_id: 22129848,
  detail: {
    actor_id: "8447388090494",
    created_at: "2026-11-22T11:59:50Z",
    external_id: null,
    group_id: "8447320466430",
    id: "5158",
    organization_id: "8447346622462",
    priority: "LOW",
    requester_id: "8447388090494",
    status: "OPEN",
    tags: null,
    type: "TASK",
    updated_at: "2026-11-22T11:59:50Z",
    via: { channel: "web_service" },
  },
  event: {},
  id: "cbe4028c-7239-495d-b020-f22348516046",
  subject: "zen:ticket:5158",
  time: "2026-11-22T11:59:50.672717030Z",
  type: "zen:event-type:ticket.created",
  zendesk_event_version: "2022-11-06",
};

const event = (over: object, detail: object = {}): string =>
  JSON.stringify({ ...CREATED, ...over, detail: { ...CREATED.detail, ...detail } });

describe("Is it really Zendesk's?", () => {
  test.each(VECTORS)("$name is $kind", ({ secret, timestamp, body, signature, kind }) => {
    const reading = readZendeskWebhook(request(body, timestamp, signature), { secrets: [secret], now: NOW });
    expect(reading.kind).toBe(kind);
  });

  test("without a secret everything is refused, even what an empty secret signed", () => {
    const body = '{"ticket_id":"1"}';
    const signed = request(body, STAMP, sign("", STAMP, body));
    expect(readZendeskWebhook(signed, { secrets: [], now: NOW }).kind).toBe("refused");
    expect(readZendeskWebhook(signed, { secrets: ["", "  "], now: NOW }).kind).toBe("refused");
  });

  test("while a secret is being replaced both the old and the new one are accepted, and no third", () => {
    const body = '{"ticket_id":"1"}';
    const with_ = (secret: string): string =>
      readZendeskWebhook(request(body, STAMP, sign(secret, STAMP, body)), {
        secrets: ["old", "new"],
        now: NOW,
      }).kind;
    expect([with_("old"), with_("new"), with_("other")]).toEqual(["delivery", "delivery", "refused"]);
  });

  test.each([
    ["no signature", ""],
    ["a signature cut short", sign(SECRET, STAMP, '{"ticket_id":"1"}').slice(0, -2)],
    ["text that is not base64", "§§§§"],
    ["a signature with something behind it", `${sign(SECRET, STAMP, '{"ticket_id":"1"}')} `],
  ])("%s is refused", (_name, signature) => {
    const reading = readZendeskWebhook(request('{"ticket_id":"1"}', STAMP, signature), {
      secrets: [SECRET],
      now: NOW,
    });
    expect(reading.kind).toBe("refused");
  });

  test("one changed byte in the body, the timestamp or the signature is refused", () => {
    const body = '{"ticket_id":"77"}';
    const good = sign(SECRET, STAMP, body);
    fc.assert(
      fc.property(
        fc.constantFrom("body", "timestamp", "signature"),
        fc.nat(),
        fc.integer({ min: 1, max: 94 }),
        (part, at, by) => {
          const change = (text: string): string => {
            const index = at % text.length;
            const code = 32 + ((text.charCodeAt(index) - 32 + by) % 95);
            return text.slice(0, index) + String.fromCharCode(code) + text.slice(index + 1);
          };
          const forged = request(
            part === "body" ? change(body) : body,
            part === "timestamp" ? change(STAMP) : STAMP,
            part === "signature" ? change(good) : good,
          );
          expect(readZendeskWebhook(forged, { secrets: [SECRET], now: NOW }).kind).toBe("refused");
        },
      ),
      { numRuns: 300 },
    );
  });

  test("pretty-printed bytes with a trailing newline verify as they are", () => {
    expect(read(`${JSON.stringify(CREATED, null, 3)}\n`).kind).toBe("delivery");
  });
});

describe("How old is it?", () => {
  test.each([
    ["2026-11-22T11:55:00Z", false],
    ["2026-11-22T11:54:59Z", true],
    ["2026-11-22T12:05:00Z", false],
    ["2026-11-22T12:05:01Z", true],
    ["1234", true],
    ["yesterday", true],
  ])("a genuine request stamped %s at noon is kept, flagged: %s", (timestamp, flagged) => {
    expect(delivered(read('{"ticket_id":"5"}', timestamp)).flagged).toBe(flagged);
  });

  test("a redelivery of an old event is fresh, because its attempt is", () => {
    expect(delivered(read(event({ time: "2020-01-01T00:00:00Z" }))).flagged).toBe(false);
  });
});

describe("Which ticket is it about?", () => {
  test("a created event becomes a delivery with its three keys and a hint in our words", () => {
    const body = event({});
    const delivery = delivered(read(body));
    expect(delivery).toMatchObject({
      source: "zendesk",
      kind: "ticket",
      subjectId: "5158",
      accountIds: [],
      keys: { event: "cbe4028c-7239-495d-b020-f22348516046", invocation: "01HANA2B5D5W9XSJS3NE5SQA1J" },
      hint: {
        event: "created",
        eventType: "zen:event-type:ticket.created",
        updatedAt: "2026-11-22T11:59:50Z",
        organizationId: "8447346622462",
        actorId: "8447388090494",
      },
    });
    expect(delivery.keys.bytes).toMatch(/^[0-9a-f]{64}$/);
    expect(Buffer.from(delivery.body).toString()).toBe(body);
  });

  test.each([
    [
      "an event says itself when it was made, to the millisecond",
      '"2023-05-05T10:41:00.123Z"',
      1_683_283_260_123,
    ],
    [
      "one that says it without a zone is taken by its signature's time",
      '"2023-05-05T10:41:00.123"',
      Date.parse(STAMP),
    ],
    ["and so is one that does not say it", "null", Date.parse(STAMP)],
  ])("%s", (_name, time, madeAt) => {
    const body = `{"type":"zen:event-type:ticket.created","id":"e1","time":${time},"detail":{"id":"7"}}`;
    expect(delivered(read(body)).keys.madeAt).toBe(madeAt);
  });

  test("the same bytes under a fresh invocation id keep their third key, so a replay is seen", () => {
    const body = '{"ticket_id":"5"}';
    const signature = sign(SECRET, STAMP, body);
    const keys = ["A", "B"].map(
      (id) =>
        delivered(readZendeskWebhook(request(body, STAMP, signature, id), { secrets: [SECRET], now: NOW }))
          .keys,
    );
    expect(keys[0]?.invocation).not.toBe(keys[1]?.invocation);
    expect(keys[0]?.bytes).toBe(keys[1]?.bytes);
  });

  test.each([
    ["organization_changed", "organization_changed"],
    ["requester_changed", "requester_changed"],
    ["priority_changed", "other"],
    ["comment_added", "other"],
    ["merged", "other"],
    ["tier_raised", "other"],
  ])("Zendesk's ticket.%s counts as %s", (name, expected) => {
    expect(delivered(read(event({ type: `zen:event-type:ticket.${name}` }))).hint?.event).toBe(expected);
  });

  test('"0" and "" in an event mean none', () => {
    const { hint } = delivered(read(event({}, { organization_id: "0", actor_id: "" })));
    expect([hint?.organizationId, hint?.actorId]).toEqual([null, null]);
  });

  test.each([
    ['{"ticket_id":"35436"}', "35436", "created"],
    ['{"ticket_id":35436}', "35436", "created"],
    [
      '{"schema":"priority-support/1","ticket_id":"7","event":"organization_changed"}',
      "7",
      "organization_changed",
    ],
    ['{"ticket_id":"7","event":"backfill"}', "7", "backfill"],
    ['{"ticket_id":"7","event":"something new"}', "7", "other"],
    ['{"ticket_id":90071992547409931234}', "90071992547409931234", "created"],
    ['{"ticket_id":"7","__proto__":{"event":"backfill"}}', "7", "created"],
    ['\uFEFF{"ticket_id":"7"}', "7", "created"],
  ])("the trigger body %s is about ticket %s (%s)", (body, id, expected) => {
    const delivery = delivered(read(body));
    expect([delivery.subjectId, delivery.hint?.event]).toEqual([id, expected]);
  });

  test("our own trigger's organization and stamp travel as a hint", () => {
    const body = '{"ticket_id":"7","updated_at":"2026-11-22T11:59:50Z","organization_id":"700"}';
    expect(delivered(read(body)).hint).toEqual({
      event: "created",
      eventType: "trigger:created",
      updatedAt: "2026-11-22T11:59:50Z",
      organizationId: "700",
      actorId: null,
    });
  });

  test.each([
    "not json",
    '{"ticket_id":"7"',
    "[]",
    "null",
    '"7"',
    "{}",
    '{"ticket_id":""}',
    '{"ticket_id":"0"}',
    '{"ticket_id":"12a"}',
    '{"ticket_id":"../users/1"}',
    '{"ticket_id":-5}',
    '{"ticket_id":1.5}',
    '{"ticket_id":" 7"}',
    '{"ticket_id":["7"]}',
    '{"ticket_id":"{{ticket.id}}"}',
    event({}, { id: "0" }),
    JSON.stringify({ ...CREATED, detail: null }),
  ])("signed, but of no use: %s", (body) => {
    expect(read(body).kind).toBe("malformed");
  });

  test("brackets nested deeper than 32 are refused before they are parsed", () => {
    const nested = (depth: number): string =>
      `{"ticket_id":"7","x":${"[".repeat(depth)}${"]".repeat(depth)}}`;
    expect(read(nested(31)).kind).toBe("delivery");
    expect(read(nested(32)).kind).toBe("malformed");
    expect(read(nested(400_000)).kind).toBe("malformed");
  });

  test("brackets inside a text are no nesting", () => {
    expect(read(`{"ticket_id":"7","subject":"${"[".repeat(100)} \\" ${"{".repeat(100)}"}`).kind).toBe(
      "delivery",
    );
  });

  test.each(["user.deleted", "organization.created", "agent.state_changed"])(
    "an event about something else (%s) is ignored, not refused",
    (name) => {
      expect(read(event({ type: `zen:event-type:${name}` })).kind).toBe("ignored");
    },
  );

  test("whatever is signed is answered, never thrown at", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (body) => {
        expect(["delivery", "ignored", "malformed"]).toContain(read(body).kind);
      }),
      { numRuns: 300 },
    );
  });
});
