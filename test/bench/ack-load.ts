/**
 * Sends signed webhooks over kept-open connections and times the answers. Plain sockets and no HTTP client: on two
 * cores a heavy sender would measure itself.
 */
import { createHmac, randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { ulid } from "../../src/sandbox/zendesk-world.ts";
import { answerWith } from "./answering.ts";
import { ORGANIZATIONS_FROM } from "./filling.ts";
import { percentile } from "./numbers.ts";

interface Target {
  readonly url: string;
  readonly secret: string;
  readonly seconds: number;
  readonly connections: number;
  /** Organizations that deliveries name. */
  readonly accounts: number;
  /** Name of the event; left out = a new ticket. */
  readonly event?: string;
}

/** What a run of deliveries came to; times in ms. */
export interface Load {
  readonly answered: number;
  readonly refused: number;
  /** Answers by status; 0 = the connection was closed. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

answerWith({ closed, open });

/** Every connection sends the next one when it has its answer. */
async function closed(target: Target): Promise<Load> {
  const times: number[] = [];
  const tally: Tally = {};
  const began = performance.now();
  const end = began + target.seconds * 1000;
  const lines = await Promise.all(Array.from({ length: target.connections }, () => line(target.url)));
  await Promise.all(
    lines.map(async (send) => {
      while (performance.now() < end) {
        const at = performance.now();
        count(tally, await send(requestFor(target)));
        times.push(performance.now() - at);
      }
    }),
  );
  for (const send of lines) send.end();
  return loadOf(times, tally, (performance.now() - began) / 1000);
}

/** One every so often, whether or not the answers come: waiting counts from when a delivery was due. */
async function open(target: Target & { readonly perSecond: number }): Promise<Load> {
  const times: number[] = [];
  const tally: Tally = {};
  const lines = await Promise.all(Array.from({ length: target.connections }, () => line(target.url)));
  const free = [...lines];
  const due: number[] = [];
  const total = target.perSecond * target.seconds;
  const began = performance.now();
  await new Promise<void>((resolve) => {
    let planned = 0;
    const go = (): void => {
      for (let send = free.pop(); send !== undefined; send = free.pop()) {
        const at = due.shift();
        if (at === undefined) return void free.push(send);
        const mine = send;
        mine(requestFor(target)).then((status) => {
          count(tally, status);
          times.push(performance.now() - at);
          free.push(mine);
          if (times.length === total) return resolve();
          go();
        });
      }
    };
    const timer = setInterval(() => {
      const until = Math.min(total, Math.floor(((performance.now() - began) / 1000) * target.perSecond));
      for (; planned < until; planned += 1) due.push(began + (planned / target.perSecond) * 1000);
      if (planned === total) clearInterval(timer);
      go();
    }, 1);
  });
  for (const send of lines) send.end();
  return loadOf(times, tally, (performance.now() - began) / 1000);
}

type Tally = Record<string, number>;

function count(tally: Tally, status: number): void {
  tally[status] = (tally[status] ?? 0) + 1;
}

function loadOf(times: readonly number[], statuses: Tally, seconds: number): Load {
  return {
    answered: times.length,
    refused: times.length - (statuses[200] ?? 0),
    statuses,
    perSecond: times.length / seconds,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  };
}

type Line = ((request: Buffer) => Promise<number>) & { end(): void };

/** A sender over one connection that stays open; where the server closed it for being unused, over a new one. */
async function line(url: string): Promise<Line> {
  let connection = await connected(url);
  const send = async (request: Buffer): Promise<number> => {
    if (!connection.socket.writable) connection = await connected(url);
    return connection.exchange(request);
  };
  return Object.assign(send, { end: () => void connection.socket.end() });
}

/** One connection: sends a request, resolves with the status of its answer, 0 = closed without one. */
async function connected(url: string) {
  const { hostname, port } = new URL(url);
  const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  let seen = "";
  let settle: (status: number) => void = () => undefined;
  socket.setEncoding("latin1").on("data", (text: string) => {
    seen += text;
    const head = seen.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(seen.slice(0, head))?.[1] ?? 0);
    if (seen.length < head + 4 + length) return;
    const status = Number(seen.slice(9, 12));
    seen = "";
    settle(status);
  });
  socket.on("close", () => settle(0));
  socket.on("error", () => undefined);
  const exchange = (request: Buffer): Promise<number> =>
    new Promise((resolve) => {
      settle = resolve;
      socket.write(request);
    });
  return { socket, exchange };
}

/** About what an event of Zendesk's own holds, 1.1 kB: tickets count upwards, events have random ids, invocations ULIDs. */
const PADDING = "Readings from line 4 reach the dashboard two minutes late since the update. ".repeat(8);

/** Ticket ids in order; a run begins beyond those of the one before. */
const nextTicket = ((): (() => string) => {
  let ticket = Math.floor(Date.now() / 10);
  return () => String(++ticket);
})();

function requestFor({ url, secret, accounts, event = "created" }: Target): Buffer {
  const { pathname, host } = new URL(url);
  const id = randomUUID();
  const ticket = nextTicket();
  const timestamp = `${new Date().toISOString().slice(0, 19)}Z`;
  const body = JSON.stringify({
    type: `zen:event-type:ticket.${event}`,
    account_id: 22_129_848,
    id,
    time: new Date().toISOString(),
    zendesk_event_version: "2022-11-06",
    subject: `zen:ticket:${ticket}`,
    detail: {
      id: ticket,
      created_at: timestamp,
      updated_at: timestamp,
      organization_id: String(ORGANIZATIONS_FROM + Math.floor(Math.random() * accounts)),
      requester_id: "8447000000042",
      status: "NEW",
      subject: "Conveyor telemetry arrives late",
      description: PADDING,
      tags: ["web", "conveyor"],
    },
    event: {},
  });
  const signature = createHmac("sha256", secret).update(timestamp).update(body).digest("base64");
  return Buffer.from(
    `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `x-zendesk-webhook-signature: ${signature}\r\nx-zendesk-webhook-signature-timestamp: ${timestamp}\r\n` +
      `x-zendesk-webhook-invocation-id: ${ulid(Date.now())}\r\n\r\n${body}`,
  );
}
