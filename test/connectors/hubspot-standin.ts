/** What the tests of the HubSpot connector share: a pacer that lets everything through, and small local servers. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { HubspotOptions } from "../../connectors/hubspot/client.ts";
import { openHubspot } from "../../connectors/hubspot/index.ts";
import type { ChangePage, Crm, Pacer } from "../../src/ports.ts";

export const HOME = "https://api.hubapi.com";
export const TOKEN = "pat-na1-0000-secret-0000";
/** 2026-11-22T09:00:00Z */
export const NOW = 1_795_338_000_000;

/** A pacer that lets every call through and remembers what it was told. */
export function openPacer(): Pacer & {
  readonly learned: unknown[];
  readonly blocked: [string | null, number][];
} {
  const learned: unknown[] = [];
  const blocked: [string | null, number][] = [];
  return {
    learned,
    blocked,
    run: (_endpoint, _lane, call) => call(),
    learn: (endpoint, budget) => learned.push([endpoint, budget]),
    block: (endpoint, forMs) => blocked.push([endpoint, forMs]),
    met: () => {},
    refused: () => {},
  };
}

/** A connection whose waits pass at once; `waits` collects how long they would have been. */
export function opened(changed: Partial<HubspotOptions> = {}): Crm & { readonly waits: number[] } {
  const waits: number[] = [];
  const crm = openHubspot({
    token: () => TOKEN,
    pacer: openPacer(),
    now: () => NOW,
    sleep: async (ms) => {
      waits.push(ms);
    },
    ...changed,
  });
  return { ...crm, waits };
}

/** A signal nobody aborts. */
export function running(): AbortSignal {
  return new AbortController().signal;
}

export async function collected(pages: AsyncIterable<ChangePage>): Promise<ChangePage[]> {
  const all: ChangePage[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

/** The error a promise ends with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("it should have failed, and did not");
}

/** Everything a log would show of an error: message, fix, stack, own fields and causes. */
export function shown(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? "";
  return [error.message, error.stack, JSON.stringify(error), error.cause ? shown(error.cause) : ""].join(
    "\n",
  );
}

export interface Local {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** A server on 127.0.0.1; closing it cuts every open connection. */
export async function local(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<Local> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => answer(request, response, Buffer.concat(parts).toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function answerJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
