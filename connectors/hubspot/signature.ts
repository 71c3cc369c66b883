/**
 * HubSpot's signature, version 3: base64 of HMAC-SHA256 over method, address, body and timestamp, in this order and
 * without separators (https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests, read
 * 2026-11-22). Versions 1 and 2 are not accepted: they carry no time, so anyone could send an old request again.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** The twelve escapes HubSpot undoes in the address before it signs; all others, `%20` for one, stay as they are. */
const UNDONE: Readonly<Record<string, string>> = {
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

/** The bytes that HubSpot signed. `url` is the address HubSpot was told to call, query included. */
export function signedBytes(method: string, url: string, body: Uint8Array, timestamp: string): Uint8Array {
  const address = url.replace(/%[0-9A-Fa-f]{2}/g, (code) => UNDONE[code.toUpperCase()] ?? code);
  return Buffer.concat([Buffer.from(method.toUpperCase() + address), body, Buffer.from(timestamp)]);
}

/** Is this the signature of these bytes? Takes equally long for every wrong one of the right length. */
export function isSigned(bytes: Uint8Array, secret: string, signature: string): boolean {
  const expected = Buffer.from(createHmac("sha256", secret).update(bytes).digest("base64"));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
