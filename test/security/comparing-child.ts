/** Verifies signatures while it writes down every comparison in constant time; a process of its own, for it changes node's own module. */
import crypto, { createHmac } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

/** What one verification did: accepted or not, and the lengths of the bytes that were compared. */
export interface Compared {
  readonly what: string;
  readonly accepted: boolean;
  readonly lengths: readonly (readonly [number, number])[];
}

const SECRETS = ["the first secret", "the second secret"] as const;
const TIMESTAMP = "2026-06-09T14:00:00Z";
const BODY = Buffer.from('{"ticket_id":"35436"}');
const URI = "https://support.acme.example/webhooks/hubspot";

const lengths: [number, number][] = [];
const real = crypto.timingSafeEqual;
crypto.timingSafeEqual = (a, b) => {
  lengths.push([a.byteLength, b.byteLength]);
  return real(a, b);
};
syncBuiltinESMExports();
const { readZendeskWebhook } = await import("../../connectors/zendesk/webhook.ts");
const { isSigned, signedBytes } = await import("../../connectors/hubspot/signature.ts");

const zendeskBytes = Buffer.concat([Buffer.from(TIMESTAMP), BODY]);
const hubspotBytes = signedBytes("POST", URI, BODY, TIMESTAMP);
const signature = (secret: string, bytes: Uint8Array): string =>
  createHmac("sha256", secret).update(bytes).digest("base64");

function zendesk(given: string, secrets: readonly string[]): boolean {
  const headers = {
    "x-zendesk-webhook-signature": given,
    "x-zendesk-webhook-signature-timestamp": TIMESTAMP,
  };
  const request = { method: "POST", path: "/webhooks/zendesk", headers, body: BODY };
  return readZendeskWebhook(request, { secrets, now: Date.parse(TIMESTAMP) }).kind === "delivery";
}

/** Signatures that are wrong at one place, of every other length, and not ASCII. */
function wrongOnes(right: string): readonly (readonly [string, string])[] {
  const at = (place: number): string =>
    `${right.slice(0, place)}${right[place] === "A" ? "B" : "A"}${right.slice(place + 1)}`;
  return [
    ...Array.from(right, (_, place) => [`wrong at ${place}`, at(place)] as const),
    ...Array.from({ length: 100 }, (_, length) => length)
      .filter((length) => length !== right.length)
      .map((length) => [`of length ${length}`, right.repeat(3).slice(0, length)] as const),
    ["as many letters, twice as many bytes", "é".repeat(right.length)],
  ];
}

const rows: Compared[] = [];
function record(what: string, verify: () => boolean): void {
  lengths.length = 0;
  const accepted = verify();
  rows.push({ what, accepted, lengths: [...lengths] });
}

const [first, second] = SECRETS;
const right = signature(first, zendeskBytes);
record("zendesk: right", () => zendesk(right, [first]));
for (const [what, given] of wrongOnes(right)) record(`zendesk: ${what}`, () => zendesk(given, [first]));
for (const secret of SECRETS)
  record(`zendesk: two secrets, signed with ${secret}`, () =>
    zendesk(signature(secret, zendeskBytes), SECRETS),
  );
const hubspot = signature(second, hubspotBytes);
record("hubspot: right", () => isSigned(hubspotBytes, second, hubspot));
for (const [what, given] of wrongOnes(hubspot))
  record(`hubspot: ${what}`, () => isSigned(hubspotBytes, second, given));
process.stdout.write(JSON.stringify(rows));
