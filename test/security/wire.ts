/** HTTP written by hand, byte by byte: what an attacker sends is not what a well-behaved client library would. */
import { createHmac } from "node:crypto";
import { connect, type Socket } from "node:net";

export type Header = readonly [name: string, value: string];

/** What came back. `status` 0 = the connection was cut without an answer. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** One request as bytes; header values go out as they are, in UTF-8. */
export function requestBytes(path: string, headers: readonly Header[], body: Uint8Array): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    `Content-Length: ${body.byteLength}`,
    "Content-Type: application/json",
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), body]);
}

/** An answer that takes longer counts as none. */
const PATIENCE_MS = 3_000;

/** A connection that is used again for every question; opened anew when the other side has closed it. */
export interface Line {
  ask(bytes: Uint8Array): Promise<Answer>;
  close(): void;
}

/** A kept-alive connection to a port of this machine; one question at a time, each answered within `patienceMs`. */
export function openLine(port: number, patienceMs = PATIENCE_MS): Line {
  const held: { socket: Socket | null } = { socket: null };
  return {
    ask: (bytes) =>
      new Promise((resolve) => {
        const open = held.socket?.destroyed === false && held.socket.readable ? held.socket : null;
        const socket = open ?? connect(port, "127.0.0.1").setNoDelay(true);
        held.socket = socket;
        let text = "";
        const heard = (chunk: Buffer): void => {
          text += chunk.toString("latin1");
          if (isWhole(text)) ended(false);
        };
        const cut = (): void => ended(true);
        const ended = (over: boolean): void => {
          clearTimeout(late);
          socket.off("data", heard).off("close", cut);
          if (over || /\r\nconnection: close\r\n/i.test(text)) {
            held.socket = null;
            socket.destroy();
          }
          resolve({ status: statusOf(text), text });
        };
        const late = setTimeout(cut, patienceMs);
        if (open === null) socket.on("error", () => {});
        // A stream without a listener pauses, and a new listener alone does not wake it.
        socket.on("data", heard).on("close", cut).resume();
        socket.write(bytes);
      }),
    close: () => held.socket?.destroy(),
  };
}

/**
 * Everything that comes back on one connection until it is closed, or until `mostMs` are over. `answeredMs` = when the
 * first byte came, null = none did.
 */
export async function exchange(
  port: number,
  speak: (socket: Socket) => void,
  mostMs: number,
): Promise<Answer & { readonly closed: boolean; readonly ms: number; readonly answeredMs: number | null }> {
  const began = performance.now();
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    let answeredMs: number | null = null;
    const end = (closed: boolean): void => {
      clearTimeout(late);
      socket.destroy();
      resolve({ status: statusOf(text), text, closed, ms: performance.now() - began, answeredMs });
    };
    const late = setTimeout(() => end(false), mostMs);
    socket.on("connect", () => speak(socket));
    socket.on("data", (chunk) => {
      answeredMs ??= performance.now() - began;
      text += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => end(true));
  });
}

/** How often an answer begins in what came back. */
export function statusesIn(text: string): readonly number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(({ 1: status }) => Number(status));
}

/** Zendesk's headers for these bytes. */
export function signedForZendesk(secret: string, timestamp: string, body: string): readonly Header[] {
  const signature = createHmac("sha256", secret)
    .update(timestamp + body)
    .digest("base64");
  return [
    ["X-Zendesk-Webhook-Signature", signature],
    ["X-Zendesk-Webhook-Signature-Timestamp", timestamp],
  ];
}

/** HubSpot's headers, version 3, for these bytes sent to `uri`. */
export function signedForHubspot(
  secret: string,
  timestamp: string,
  body: string,
  uri: string,
): readonly Header[] {
  const signature = createHmac("sha256", secret).update(`POST${uri}${body}${timestamp}`).digest("base64");
  return [
    ["X-HubSpot-Signature-v3", signature],
    ["X-HubSpot-Request-Timestamp", timestamp],
  ];
}

function statusOf(text: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? 0);
}

function isWhole(text: string): boolean {
  const head = text.indexOf("\r\n\r\n");
  if (head === -1) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1];
  return length !== undefined && text.length >= head + 4 + Number(length);
}
