/** Ids that sort by the time they were made. */
import { randomBytes } from "node:crypto";

/**
 * A fresh UUID of version 7: 48 bits of time, the rest random (RFC 9562, remembered, not verified).
 *
 * Rows that come one after another lie one after another in the index, too: with random ids every row of a group
 * touches a page of its own, which measured a quarter more bytes to sync (2026-11-22, docs/performance.md).
 */
export function timedId(now: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
