import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { readHubspotWebhook } from "../../connectors/hubspot/index.ts";
import { signedBytes } from "../../connectors/hubspot/signature.ts";
import type { WebhookReading } from "../../src/ports.ts";

interface Vector {
  readonly source: string;
  readonly id: string;
  readonly version: string;
  readonly clientSecret: string;
  readonly method: string;
  readonly uri: string;
  readonly body: string;
  readonly timestamp?: string;
  readonly expected: string;
}

/** Signatures published by HubSpot's own SDKs, and three worked out from the documented rule (named so). */
const VECTORS: readonly Vector[] = [
  {
    source: "HubSpot/hubspot-api-nodejs test/unit/signature.spec.ts",
    id: "v1-node-sdk",
    version: "v1",
    clientSecret: "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
    method: "POST",
    uri: "https://www.example.com/webhook_uri",
    body: '[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]',
    expected: "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de",
  },
  {
    source: "HubSpot/hubspot-api-nodejs test/unit/signature.spec.ts",
    id: "v2-get-node-sdk",
    version: "v2",
    clientSecret: "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
    method: "GET",
    uri: "https://www.example.com/webhook_uri",
    body: "",
    expected: "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e",
  },
  {
    source: "HubSpot/hubspot-api-nodejs test/unit/signature.spec.ts",
    id: "v2-post-node-sdk",
    version: "v2",
    clientSecret: "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
    method: "POST",
    uri: "https://www.example.com/webhook_uri",
    body: '{"example_field":"example_value"}',
    expected: "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900",
  },
  {
    source: "HubSpot/hubspot-api-python tests/spec/utils/test_signature.py",
    id: "v1-python-sdk",
    version: "v1",
    clientSecret: "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
    method: "POST",
    uri: "https://www.example.com/webhook_uri",
    body: "{'example_field':'example_value'}",
    expected: "69fc6631a867edd4f9e9e627fc5c1148e3fbdd8b21837b6d2b8901c1fa57f750",
  },
  {
    source: "HubSpot/hubspot-api-python tests/spec/utils/test_signature.py",
    id: "v2-python-sdk",
    version: "v2",
    clientSecret: "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
    method: "POST",
    uri: "https://www.example.com/webhook_uri",
    body: "{'example_field':'example_value'}",
    expected: "4fe4e3a7d3cf09db53be39d0a58130e2aaba074ec123a9e355b876a689a1c383",
  },
  {
    source: "HubSpot/hubspot-api-python tests/spec/utils/test_signature.py",
    id: "v3-python-sdk",
    version: "v3",
    clientSecret: "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
    method: "POST",
    uri: "https://www.example.com/webhook_uri",
    body: "{'example_field':'example_value'}",
    timestamp: "1693657560000",
    expected: "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
  },
  {
    source: "HubSpot/hubspot-api-ruby spec/helpers/signature_spec.rb",
    id: "v3-ruby-sdk",
    version: "v3",
    clientSecret: "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
    method: "POST",
    uri: "https://www.example.com/webhook_uri",
    body: "{'example_field':'example_value'}",
    timestamp: "1700000300000",
    expected: "RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw=",
  },
  {
    source: "derived locally from the documented algorithm; plain",
    id: "v3-own-company-batch",
    version: "v3",
    clientSecret: "test-client-secret",
    method: "POST",
    uri: "https://priority.example.com/webhooks/hubspot/c1",
    body: '[{"eventId":3816279340,"subscriptionId":25,"portalId":33,"appId":1160452,"occurredAt":1462216307945,"subscriptionType":"company.propertyChange","attemptNumber":0,"objectId":1246965,"propertyName":"support_tier","propertyValue":"enterprise","changeSource":"CRM_UI"}]',
    timestamp: "1790000001000",
    expected: "VoCaE5Uohk6myP3XbIUH18jvvlo5gNd6rgZl5s23ryk=",
  },
  {
    source: "derived locally from the documented algorithm; non-ASCII body hashed as UTF-8 bytes",
    id: "v3-own-utf8",
    version: "v3",
    clientSecret: "test-client-secret",
    method: "POST",
    uri: "https://priority.example.com/webhooks/hubspot/c1",
    body: '[{"eventId":1,"subscriptionId":2,"portalId":33,"appId":4,"occurredAt":1790000000000,"subscriptionType":"company.propertyChange","attemptNumber":0,"objectId":5,"propertyName":"name","propertyValue":"Zürich Käse GmbH 日本","changeSource":"CRM_UI"}]',
    timestamp: "1790000001000",
    expected: "QnhDDAmyAO19VP0BUx72yz2jCSsSJC5tA5am/SJ5xno=",
  },
  {
    source:
      "derived locally from the documented algorithm; 12-character decode table applied; %20 left as is. No live HubSpot signature over a query string has been observed",
    id: "v3-own-query-decode",
    version: "v3",
    clientSecret: "test-client-secret",
    method: "POST",
    uri: "https://priority.example.com/webhooks/hubspot?src=hs%3Aapp%2Fv3&x=%28a%29&y=%20b",
    body: "[]",
    timestamp: "1790000001000",
    expected: "ur1ISAMzLz7YX0cuGeXxr+mGXJIROYlrFlozGHP4ByY=",
  },
];

/** The request of a vector as our server would see it behind its public address. */
function sent(
  vector: Vector,
  at: number | null = null,
  changed: { readonly body?: string } = {},
): WebhookReading {
  const url = new URL(vector.uri);
  const timestamp = vector.timestamp ?? "1790000001000";
  return readHubspotWebhook(
    {
      method: vector.method,
      path: vector.uri.slice(url.origin.length),
      headers: { "x-hubspot-signature-v3": vector.expected, "x-hubspot-request-timestamp": timestamp },
      body: Buffer.from(changed.body ?? vector.body),
    },
    {
      clientSecret: vector.clientSecret,
      publicUrl: url.origin,
      labelProperty: null,
      now: at ?? Number(timestamp),
    },
  );
}

describe("HubSpot's signature, version 3", () => {
  test.each(VECTORS.filter((vector) => vector.version === "v3"))("$id is genuine", (vector) => {
    expect(sent(vector).kind).not.toBe("refused");
  });

  test.each(VECTORS.filter((vector) => vector.version === "v3"))(
    "$id with one byte more is refused",
    (vector) => {
      expect(sent(vector, null, { body: `${vector.body} ` }).kind).toBe("refused");
    },
  );

  test.each(VECTORS.filter((vector) => vector.version !== "v3"))(
    "$id is no version 3 and is refused",
    (vector) => {
      expect(sent(vector).kind).toBe("refused");
    },
  );

  test.each(VECTORS.filter((vector) => vector.version === "v1"))(
    "$id is a true signature of version 1",
    (vector) => {
      const digest = createHash("sha256")
        .update(vector.clientSecret + vector.body)
        .digest("hex");
      expect(digest).toBe(vector.expected);
    },
  );

  test.each(VECTORS.filter((vector) => vector.version === "v2"))(
    "$id is a true signature of version 2",
    (vector) => {
      const text = vector.clientSecret + vector.method + vector.uri + vector.body;
      expect(createHash("sha256").update(text).digest("hex")).toBe(vector.expected);
    },
  );

  test("all twelve documented escapes of the address are undone before signing, in either case, and no others", () => {
    const url = "https://a.example/%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B%3a%2f?x=%20%25%26%3D%C3%BC";
    const bytes = signedBytes("post", url, Buffer.from("[]"), "5");
    expect(Buffer.from(bytes).toString()).toBe(
      "POSThttps://a.example/:/?@!$'()*,;:/?x=%20%25%26%3D%C3%BC[]5",
    );
  });
});
