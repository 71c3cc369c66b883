/** A loopback endpoint that notes every webhook request and answers as told. */
import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** Answers of the next requests, in order; afterwards 200. `null` = never answer. */
  answer(
    ...replies: readonly (number | null | { readonly status: number; readonly retryAfter: string })[]
  ): void;
  close(): Promise<void>;
}

export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const replies: (number | null | { readonly status: number; readonly retryAfter: string })[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      const reply = replies.length > 0 ? replies.shift() : 200;
      if (reply === null || reply === undefined) return;
      if (typeof reply === "number") response.writeHead(reply).end();
      else response.writeHead(reply.status, { "retry-after": reply.retryAfter }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: (...next) => {
      replies.push(...next);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Zendesk's published rule, written a second time: base64 HMAC-SHA256 of timestamp, then body. */
export const expectedSignature = (secret: string, timestamp: string, body: string): string =>
  createHmac("sha256", secret).update(`${timestamp}${body}`, "utf8").digest("base64");
