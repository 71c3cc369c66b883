/** Which characters the bytes stand for. */
import { NeedsAdmin } from "../../src/errors.ts";
import type { CsvEncoding } from "../../src/policy/model.ts";

type Found = CsvEncoding | "utf-16be";

/** Bytes looked at for zeros between the letters, which only UTF-16 has. */
const SAMPLE = 4096;

/**
 * How these bytes are written: what a byte order mark says, else UTF-16 when every other byte of the beginning is
 * zero, else UTF-8 when every byte of the file fits it, else Windows-1252 (what spreadsheets in Western Europe and
 * America save as "CSV").
 */
export async function encodingOf(bytes: AsyncIterable<Uint8Array>): Promise<Found> {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  let head: Uint8Array = new Uint8Array();
  let sampled: Found | null = null;
  try {
    for await (const chunk of bytes) {
      if (head.length < SAMPLE) {
        head = Buffer.concat([head, chunk]).subarray(0, SAMPLE);
        sampled = fromHead(head);
        if (sampled !== null && sampled !== "utf-8") return sampled;
      }
      utf8.decode(chunk, { stream: true });
    }
    utf8.decode();
    return "utf-8";
  } catch (error) {
    // By name: an error of the decoder may come from another realm than this file's `TypeError`.
    if (sampled === "utf-8" || !isBadBytes(error)) throw error;
    return "windows-1252";
  }
}

function fromHead(head: Uint8Array): Found | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return "utf-8";
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  const zeros = head.filter((byte, index) => index % 2 === 1 && byte === 0).length;
  return head.length >= 4 && zeros > head.length / 4 ? "utf-16le" : null;
}

/** The text of these bytes, without a byte order mark. @throws NeedsAdmin a byte does not fit the encoding. */
export async function* textOf(
  bytes: AsyncIterable<Uint8Array>,
  encoding: Found,
  file: string,
): AsyncIterable<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw isBadBytes(error) ? badBytes(file, encoding, error) : error;
  }
}

/** What to say about bytes that do not fit. */
export function badBytes(file: string, encoding: string, cause: unknown): NeedsAdmin {
  return new NeedsAdmin(`${file} holds bytes that are not ${encoding}`, {
    fix: "Export the file again as UTF-8, or set `encoding` in the policy's crm section to what it really is.",
    cause,
  });
}

/** Did a decoder refuse the bytes, and not the disk? */
export function isBadBytes(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    error.code === "ERR_ENCODING_INVALID_ENCODED_DATA"
  );
}
