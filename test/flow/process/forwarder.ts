/**
 * A small load balancer in front of several instances: one request to each in turn, as an operator's proxy does it.
 *
 * A request that no instance would take is offered again, for as long as a sender waits. A request that was taken and
 * then broke off is broken off here too: only the sender may know what to do about it. An instance that does not answer
 * its health check is passed over until it does.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { bytesOf } from "./tap.ts";

const PROBE_EVERY_MS = 300;
const PROBE_PATIENCE_MS = 1_000;
const OFFER_EVERY_MS = 50;
/** Below the 12 s after which the sandbox's sender gives a try up. */
const OFFER_FOR_MS = 10_000;

/** How far a webhook and its answer get before the instance that takes it is struck. */
export type Stage = "half sent" | "sent" | "answered" | "handed on";

/** What happens to the next webhook. */
export interface Raid {
  readonly stage: Stage;
  /** Strikes the instance with this number. */
  readonly strike: (instance: number) => Promise<void>;
}

/** The running forwarder. */
export interface Forwarder {
  /** Lies in wait for the next webhook; the answer calls it off. */
  raid(raid: Raid): () => void;
  close(): Promise<void>;
}

interface Backend {
  readonly url: string;
  readonly number: number;
  healthy: boolean;
}

/** Listens on `port` and forwards to `urls`. */
export async function startForwarder(port: number, urls: readonly string[]): Promise<Forwarder> {
  const backends = urls.map((url, number): Backend => ({ url, number, healthy: true }));
  const closing = new AbortController();
  const turns = { next: 0 };
  let waiting: Raid | null = null;
  const sprung = (): Raid | null => {
    const raid = waiting;
    waiting = null;
    return raid;
  };
  const server = createServer((incoming, outgoing) => {
    const order = (): readonly Backend[] => inTurn(backends, turns.next++);
    void forward(incoming, outgoing, order, sprung).catch(() => incoming.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const probes = backends.map((backend) => probe(backend, closing.signal));
  return {
    raid: (raid) => {
      waiting = raid;
      return () => {
        if (waiting === raid) waiting = null;
      };
    },
    close: async () => {
      closing.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(probes);
    },
  };
}

/** The healthy ones, beginning with another one each time; all of them when none is. */
function inTurn(backends: readonly Backend[], turn: number): readonly Backend[] {
  const healthy = backends.filter((backend) => backend.healthy);
  const able = healthy.length > 0 ? healthy : backends;
  return able.map((_, i) => able[(turn + i) % able.length]).filter((backend) => backend !== undefined);
}

async function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  order: () => readonly Backend[],
  sprung: () => Raid | null,
): Promise<void> {
  const body = await bytesOf(incoming);
  for (const end = performance.now() + OFFER_FOR_MS; performance.now() < end && !outgoing.destroyed; ) {
    for (const backend of order()) if (await offer(incoming, outgoing, backend, body, sprung)) return;
    await pause(OFFER_EVERY_MS);
  }
  if (!outgoing.destroyed) outgoing.writeHead(503).end();
}

/** true = the instance took the connection, whatever came of it; false = it did not, and knows of nothing. */
function offer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { url, number }: Backend,
  body: Buffer,
  sprung: () => Raid | null,
): Promise<boolean> {
  return new Promise<boolean>((resolve) => {
    const { method = "POST", headers, url: path = "/" } = incoming;
    const onward = request(`${url}${path}`, { method, headers, agent: false });
    onward.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") return resolve(false);
      outgoing.destroy();
      resolve(true);
    });
    const givenUp = (): void => void onward.destroy();
    outgoing.once("close", givenUp);
    onward.once("close", () => outgoing.off("close", givenUp));
    onward.once("socket", (socket) =>
      socket.once("connect", () => {
        // Only now is it sure that this instance gets to see it.
        const raid = sprung();
        const strike = async (stage: Stage): Promise<boolean> => {
          if (raid?.stage !== stage) return false;
          await raid.strike(number);
          return true;
        };
        onward.once("response", (answer) => {
          resolve(true);
          void handOn(answer, outgoing, strike);
        });
        if (raid?.stage === "half sent")
          onward.write(body.subarray(0, Math.floor(body.length / 2)), () => void strike("half sent"));
        else onward.end(body, () => void strike("sent"));
      }),
    );
    onward.flushHeaders();
  });
}

async function handOn(
  answer: IncomingMessage,
  outgoing: ServerResponse,
  strike: (stage: Stage) => Promise<boolean>,
): Promise<void> {
  try {
    const bytes = await bytesOf(answer);
    if (await strike("answered")) return void outgoing.destroy();
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    outgoing.end(bytes, () => void strike("handed on"));
  } catch {
    outgoing.destroy();
  }
}

async function probe(backend: Backend, closing: AbortSignal): Promise<void> {
  while (!closing.aborted) {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(PROBE_PATIENCE_MS)]);
    const answer = await fetch(`${backend.url}/healthz`, { signal }).catch(() => null);
    await answer?.arrayBuffer().catch(() => null);
    backend.healthy = answer?.ok === true;
    await pause(PROBE_EVERY_MS, null, { signal: closing }).catch(() => null);
  }
}
