import { createHash, createHmac } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { readHubspotWebhook } from "../../connectors/hubspot/index.ts";
import type { NewDelivery, WebhookReading } from "../../src/ports.ts";

const SECRET = "test-client-secret";
const AT = 1_790_000_001_000;

interface Changed {
  readonly secret?: string | null;
  readonly timestamp?: string;
  readonly now?: number;
  readonly publicUrl?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly label?: string | null;
  readonly portalId?: string | null;
}

/** A genuine request with this body, changed only where said. */
function receive(body: unknown, changed: Changed = {}): WebhookReading {
  const raw = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const timestamp = changed.timestamp ?? String(AT);
  const signed = Buffer.concat([
    Buffer.from("POSThttps://support.example.com/webhooks/hubspot"),
    raw,
    Buffer.from(timestamp),
  ]);
  const headers = changed.headers ?? {
    "x-hubspot-signature-v3": createHmac("sha256", SECRET).update(signed).digest("base64"),
    "x-hubspot-request-timestamp": timestamp,
  };
  return readHubspotWebhook(
    { method: "POST", path: "/webhooks/hubspot", headers, body: raw },
    {
      clientSecret: changed.secret === undefined ? SECRET : changed.secret,
      publicUrl: changed.publicUrl ?? "https://support.example.com",
      labelProperty: changed.label === undefined ? "support_tier" : changed.label,
      now: changed.now ?? AT,
      ...(changed.portalId === undefined ? {} : { portalId: changed.portalId }),
    },
  );
}

function deliveryOf(reading: WebhookReading): NewDelivery {
  if (reading.kind !== "delivery") throw new Error(`it was ${reading.kind}: ${reading.why}`);
  return reading.delivery;
}

const idsOf = (body: unknown): readonly string[] => deliveryOf(receive(body)).accountIds;
const changedProperty = { subscriptionType: "company.propertyChange", objectId: 5, propertyName: "plan" };

describe("who may tell us that a company changed", () => {
  test.each([
    ["no client secret is set", { secret: null }],
    ["the client secret is empty", { secret: "  " }],
    ["the client secret is another one", { secret: "other" }],
    ["our public address is not set", { publicUrl: "" }],
    ["the public address is another one", { publicUrl: "https://evil.example.com" }],
    ["the timestamp is no number", { timestamp: "soon" }],
    ["there are no headers", { headers: {} }],
    ["the timestamp is missing", { headers: { "x-hubspot-signature-v3": "x" } }],
    [
      "the signature is empty",
      { headers: { "x-hubspot-signature-v3": "", "x-hubspot-request-timestamp": "1" } },
    ],
  ] as const)("nobody when %s", (_name, changed) => {
    expect(receive([changedProperty], changed).kind).toBe("refused");
  });

  test.each([
    ["five minutes old", 300_000, false],
    ["a little older than five minutes", 300_001, true],
    ["five minutes early", -300_000, false],
    ["a little more than five minutes early", -300_001, true],
    ["a day old", 86_400_000, true],
  ])("a genuine request that is %s is kept (flagged: later it is only a hint)", (_name, age, flagged) => {
    expect(deliveryOf(receive([changedProperty], { now: AT + age })).flagged).toBe(flagged);
  });

  test("a trailing slash of the public address changes nothing", () => {
    expect(receive([changedProperty], { publicUrl: "https://support.example.com/" }).kind).toBe("delivery");
  });
});

describe("which companies a request is about", () => {
  // Shapes: HubSpot's webhooks guide; values invented where the guide shows only field tables.
  test("a changed property, in the classic and in the generic form", () => {
    const generic = {
      ...changedProperty,
      subscriptionType: "object.propertyChange",
      objectTypeId: "0-2",
      objectId: 6,
    };
    expect(idsOf([changedProperty, generic])).toEqual(["5", "6"]);
  });

  test("the event type may stand under either of its two names", () => {
    expect(idsOf([{ eventType: "company.creation", objectId: 7 }])).toEqual(["7"]);
  });

  test.each(["company.creation", "company.deletion", "company.restore"])("%s", (subscriptionType) => {
    expect(idsOf([{ subscriptionType, objectId: 7 }])).toEqual(["7"]);
  });

  test("a merge names the new company and all that went into it", () => {
    const merge = {
      subscriptionType: "company.merge",
      objectId: 300,
      primaryObjectId: 100,
      mergedObjectIds: [200, "201"],
      newObjectId: 300,
    };
    expect(idsOf([merge])).toEqual(["300", "100", "200", "201"]);
  });

  test.each([
    ["COMPANY_TO_DEAL", ["300"]],
    ["DEAL_TO_COMPANY", ["900"]],
    ["PARENT_COMPANY_TO_CHILD_COMPANY", ["300", "900"]],
  ])("an association %s names its company side only", (associationType, expected) => {
    const event = {
      subscriptionType: "company.associationChange",
      associationType,
      fromObjectId: 300,
      toObjectId: 900,
    };
    expect(idsOf([event, { ...event, isPrimaryAssociation: false }])).toEqual(expected);
  });

  test("a deal's association names the company at its other end", () => {
    const event = {
      subscriptionType: "deal.associationChange",
      objectId: 900,
      associationType: "DEAL_TO_COMPANY",
      fromObjectId: 900,
      toObjectId: 300,
    };
    expect(idsOf([event])).toEqual(["300"]);
  });

  test("ids beyond 2^53 stay exact", () => {
    expect(idsOf('[{"subscriptionType":"company.creation","objectId":9007199254740993}]')).toEqual([
      "9007199254740993",
    ]);
  });

  test("our own label coming back is ignored, and its mates are not", () => {
    const echo = { ...changedProperty, propertyName: "support_tier", objectId: 8 };
    expect(receive([echo])).toEqual({ kind: "ignored", why: "no event concerns a company" });
    expect(idsOf([echo, changedProperty])).toEqual(["5"]);
    expect(deliveryOf(receive([echo], { label: null })).accountIds).toEqual(["8"]);
  });

  test.each([
    [
      "contacts and deals",
      [
        { subscriptionType: "contact.creation", objectId: 1 },
        { subscriptionType: "deal.creation", objectId: 2 },
      ],
    ],
    ["other object types", [{ subscriptionType: "object.creation", objectTypeId: "0-3", objectId: 2 }]],
    ["nothing at all", []],
    ["nothing we can read", [null, 5, "x", {}, { subscriptionType: "company.creation", objectId: "abc" }]],
  ])("a request about %s is genuine and of no interest", (_name, body) => {
    expect(receive(body).kind).toBe("ignored");
  });

  test.each([
    ["an object", {}],
    ["broken JSON", "[{"],
    ["nothing", ""],
    ["nested deeper than 32", `[${"[".repeat(32)}${"]".repeat(32)}]`],
    ["nested a hundred thousand deep", `[${"[".repeat(100_000)}`],
  ])("a signed body that is %s is malformed", (_name, body) => {
    expect(receive(body).kind).toBe("malformed");
  });
});

test("brackets nested 32 deep, and any number of them inside a text, are read", () => {
  const list = [
    { ...changedProperty, deep: JSON.parse("[".repeat(30) + "]".repeat(30)), text: "[{".repeat(100) },
  ];
  expect(idsOf(list)).toEqual(["5"]);
});

describe("what is stored of a request", () => {
  test("ids, exact bytes and a key made of the signed bytes; no values, and no event id, which HubSpot repeats", () => {
    const body = JSON.stringify([{ ...changedProperty, eventId: 1, propertyValue: "enterprise" }]);
    const delivery = deliveryOf(receive(body));
    const signed = `POSThttps://support.example.com/webhooks/hubspot${body}${AT}`;
    expect(delivery).toEqual({
      source: "hubspot",
      kind: "accounts",
      subjectId: "",
      keys: {
        event: null,
        invocation: null,
        bytes: createHash("sha256").update(signed).digest("hex"),
        madeAt: AT,
      },
      hint: null,
      accountIds: ["5"],
      flagged: false,
      body: Buffer.from(body),
    });
  });
});

describe("an app that is installed in several accounts", () => {
  const ours = { ...changedProperty, portalId: 33, objectId: 5 };
  const theirs = { ...changedProperty, portalId: 44, objectId: 6 };

  test.each([
    ["all count while no account is named", null, ["5", "6"]],
    ["only events of the named account count", "33", ["5"]],
    ["an empty name names none", " ", ["5", "6"]],
  ])("%s", (_name, portalId, expected) => {
    expect(deliveryOf(receive([ours, theirs], { portalId })).accountIds).toEqual(expected);
  });

  test("a request of another account alone is ignored, not refused", () => {
    expect(receive([theirs], { portalId: "33" }).kind).toBe("ignored");
  });

  test("an event without an account is believed: the signature is the proof", () => {
    expect(deliveryOf(receive([changedProperty], { portalId: "33" })).accountIds).toEqual(["5"]);
  });
});
