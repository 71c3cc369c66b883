/** Signatures the CRM puts on webhook deliveries. */
import { createHash, createHmac } from "node:crypto";

/** Escapes that are undone before signing; all others stay. https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests, read 2026-11-22 */
const DECODED: Readonly<Record<string, string>> = {
  "%3A": ":",
  "%2F": "/",
  "%3F": "?",
  "%40": "@",
  "%21": "!",
  "%24": "$",
  "%27": "'",
  "%28": "(",
  "%29": ")",
  "%2A": "*",
  "%2C": ",",
  "%3B": ";",
};

/** The URL as it is signed. */
export function signedUrl(url: string): string {
  return url.replace(/%[0-9a-f]{2}/gi, (code) => DECODED[code.toUpperCase()] ?? code);
}

/** Headers of one delivery: version 3, and version 1 as classic subscriptions also carry it. */
export function signatureHeaders(
  secret: string,
  url: string,
  body: string,
  timestamp: number,
): Readonly<Record<string, string>> {
  const source = `POST${signedUrl(url)}${body}${timestamp}`;
  return {
    "X-HubSpot-Signature-v3": createHmac("sha256", secret).update(source, "utf8").digest("base64"),
    "X-HubSpot-Request-Timestamp": String(timestamp),
    "X-HubSpot-Signature": createHash("sha256")
      .update(secret + body, "utf8")
      .digest("hex"),
    "X-HubSpot-Signature-Version": "v1",
  };
}
