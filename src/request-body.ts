/** The exact bytes of a request, cut off where it grows too large. */
import type { IncomingMessage } from "node:http";

/**
 * What became of reading: all its bytes; more of them than allowed; packed, which nobody unpacks here; or a sender that
 * went away in the middle.
 */
export type RequestBody =
  | { readonly kind: "whole"; readonly bytes: Buffer }
  | { readonly kind: "too_large" }
  | { readonly kind: "packed" }
  | { readonly kind: "gone" };

/** Beyond a body that is too large so much is still taken, so that a clumsy sender sees the answer; then it is cut off. */
const DRAINED_BYTES = 8 * 1024 * 1024;

/** Reads a body of at most `most` bytes. Never rejects. */
export function readBody(request: IncomingMessage, most: number): Promise<RequestBody> {
  const packing = request.headers["content-encoding"];
  if (packing !== undefined && packing.toLowerCase() !== "identity")
    return Promise.resolve({ kind: "packed" });
  if (Number(request.headers["content-length"]) > most) {
    drain(request);
    return Promise.resolve({ kind: "too_large" });
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.byteLength;
      chunks.push(chunk);
      if (size <= most) return;
      chunks.length = 0;
      request.off("data", take);
      drain(request);
      resolve({ kind: "too_large" });
    };
    request.on("data", take);
    request.on("end", () => resolve({ kind: "whole", bytes: joined(chunks) }));
    const gone = (): void => resolve({ kind: "gone" });
    request.on("error", gone).on("close", gone);
  });
}

/** Nearly every webhook comes in one piece. */
function joined(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks);
}

function drain(request: IncomingMessage): void {
  let left = DRAINED_BYTES;
  request.on("data", (chunk: Buffer) => {
    left -= chunk.byteLength;
    if (left < 0) request.destroy();
  });
}
