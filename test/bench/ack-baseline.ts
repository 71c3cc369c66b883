/**
 * The least that a durable webhook can cost on this machine: bare `node:http`, signature, JSON, and one append to a file
 * that is synced for everybody who waits. No framework, no database, no duplicates found.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { answerWith } from "./answering.ts";

answerWith({
  start: async ({ folder, secret }: { readonly folder: string; readonly secret: string }) => {
    const log = groupedLog(await open(join(folder, "baseline.log"), "a"));
    const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      answer(request, response, secret, log).catch(() => response.writeHead(500).end());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
  },
});

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  secret: string,
  log: (line: Buffer) => Promise<void>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const header = (name: string): string =>
    String(request.headers[`x-zendesk-webhook-signature${name}`] ?? "");
  const wanted = createHmac("sha256", secret).update(header("-timestamp")).update(body).digest();
  const given = Buffer.from(header(""), "base64");
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    return void response.writeHead(401).end();
  JSON.parse(body.toString());
  await log(body);
  response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
}

/** Appends lines; each resolves after a sync that covers it. Whoever comes during a sync shares the next one. */
function groupedLog(file: FileHandle): (line: Buffer) => Promise<void> {
  let waiting: { readonly line: Buffer; readonly done: () => void }[] = [];
  let running = false;
  const drain = async (): Promise<void> => {
    running = true;
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await file.write(Buffer.concat(group.flatMap(({ line }) => [line, NEWLINE])));
      await file.datasync();
      for (const { done } of group) done();
    }
    running = false;
  };
  return (line) =>
    new Promise((resolve) => {
      waiting.push({ line, done: resolve });
      if (!running) void drain();
    });
}

const NEWLINE = Buffer.from("\n");
