/** A delivery as a row: its columns, its lanes, its body. */
import { isUtf8 } from "node:buffer";
import type { Delivery, Lane, TicketHint } from "../ports.ts";
import type { Row } from "./database.ts";
import { number, objectOrNull, oneOf, text, textOrNull, texts } from "./rows.ts";

/** Lanes in the order they are worked on; the store keeps the place in this list. */
export const LANES: readonly Lane[] = ["top", "live", "tier_change", "backfill"];

/** What `deliveryFrom` reads. */
export const DELIVERY_COLUMNS =
  "id, source, kind, subject_id, subject_key, hint, account_ids, flagged, received_at, attempts, reason";

/** The delivery in a row of `DELIVERY_COLUMNS`. */
export function deliveryFrom(row: Row): Delivery {
  return {
    id: text(row, "id"),
    source: text(row, "source"),
    kind: oneOf(row, "kind", ["ticket", "accounts"]),
    subjectId: text(row, "subject_id"),
    hint: objectOrNull<TicketHint>(row, "hint"),
    accountIds: texts(row, "account_ids"),
    flagged: number(row, "flagged") === 1,
    receivedAt: number(row, "received_at"),
    attempts: number(row, "attempts"),
    reason: textOrNull(row, "reason"),
  };
}

const MARK = "base64,";

/**
 * The exact bytes of a body as text: as they are when they are clean UTF-8, else `base64,` and their code.
 * A body that happens to begin like that is coded too.
 */
export function storedBody(body: Uint8Array): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const plain = isUtf8(bytes) ? bytes.toString("utf8") : null;
  if (plain === null || plain.includes("\0") || plain.startsWith(MARK))
    return MARK + bytes.toString("base64");
  return plain;
}
