/** Ids that sort by the time they were made. */
import { randomUUID } from "node:crypto";

/**
 * A fresh UUID of version 7: 48 bits of time, the rest random (RFC 9562, remembered, not verified).
 *
 * Rows that come one after another lie one after another in the index, too: with random ids every row of a group
 * touches a page of its own, which measured a quarter more bytes to sync (2026-11-22, docs/performance.md).
 */
export function timedId(now: number): string {
  const time = now.toString(16).padStart(12, "0");
  // Node makes these from random bytes that it fetches for many at a time; only time and version are other.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
