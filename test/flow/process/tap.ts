/**
 * Listens in on one instance's calls to the desk, and strikes at the moment it was told to wait for.
 *
 * Everything passes through unchanged until then. An ambush is a list of looks that must match one after another; at the
 * last of them the instance is struck, and what it was waiting for is held back, cut in half or handed over.
 */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** When the last look matches: before the desk hears of it, before, half-way through or right after its answer. */
export type Moment = "asked" | "applied" | "half answered" | "answered";

/** A call to wait for. */
export interface Look {
  readonly method: string;
  /** Tried on the path without the query. */
  readonly path: RegExp;
  /** Of the answer; absent = any. */
  readonly status?: number;
  /** In the answer's body; absent = anything. */
  readonly containing?: string;
}

/** What to wait for, and what then. */
export interface Ambush {
  readonly looks: readonly Look[];
  readonly moment: Moment;
  /** Happens before the call of the last look goes on to the desk. */
  readonly before?: (path: string) => Promise<void>;
  /** Strikes the instance; the call goes on when it resolves. */
  readonly strike: () => Promise<void>;
}

/** The running tap. */
export interface Tap {
  readonly url: string;
  /** Lies in wait; the answer calls it off. A later ambush replaces an earlier one. */
  ambush(ambush: Ambush): () => void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** Starts a tap before the desk at `deskUrl`. */
export async function startTap(deskUrl: string): Promise<Tap> {
  const agent = new Agent({ keepAlive: true });
  let waiting: { readonly ambush: Ambush; readonly looks: readonly Look[] } | null = null;
  const ambush = (next: Ambush): (() => void) => {
    waiting = { ambush: next, looks: next.looks };
    return () => {
      if (waiting?.ambush === next) waiting = null;
    };
  };
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const path = new URL(incoming.url ?? "/", deskUrl).pathname;
    const [look, ...later] = waiting?.looks ?? [];
    const met = look !== undefined && look.method === incoming.method && look.path.test(path);
    const meant = met ? waiting : null;
    const last = meant !== null && later.length === 0 ? meant.ambush : null;
    if (last !== null) waiting = null;
    if (last?.moment === "asked") {
      await last.strike();
      return void outgoing.destroy();
    }
    const body = await bytesOf(incoming);
    await last?.before?.(path);
    const answer = await passOn(agent, deskUrl, incoming, body);
    const fitting = meant !== null && fits(look, answer);
    if (fitting && last !== null) return struck(last, outgoing, answer);
    if (fitting && waiting === meant) waiting = { ambush: meant.ambush, looks: later };
    // Something else came of this call: the ambush goes on.
    if (!fitting && last !== null) waiting ??= meant;
    return hand(outgoing, answer);
  };
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ambush,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

async function struck(ambush: Ambush, outgoing: ServerResponse, answer: Answer): Promise<void> {
  if (ambush.moment === "answered") await hand(outgoing, answer);
  if (ambush.moment === "half answered") {
    const half = answer.body.subarray(0, Math.floor(answer.body.length / 2));
    outgoing.writeHead(answer.status, answer.headers);
    await new Promise<void>((resolve) => outgoing.write(half, () => resolve()));
  }
  await ambush.strike();
  outgoing.destroy();
}

function fits(look: Look | undefined, { status, body }: Answer): boolean {
  return (
    (look?.status === undefined || look.status === status) &&
    (look?.containing === undefined || body.includes(look.containing))
  );
}

function hand(outgoing: ServerResponse, { status, headers, body }: Answer): Promise<void> {
  return new Promise((resolve) => {
    outgoing.once("close", () => resolve());
    outgoing.writeHead(status, headers);
    outgoing.end(body, () => resolve());
  });
}

function passOn(agent: Agent, deskUrl: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = "GET", headers, url = "/" } = incoming;
    const onward = request(`${deskUrl}${url}`, { method, headers, agent });
    onward.once("error", reject);
    onward.once("response", (answer) => {
      bytesOf(answer).then((bytes) => {
        // The length of what really came: the answer goes on in one piece.
        const { "transfer-encoding": _, ...rest } = answer.headers;
        const whole = { ...rest, "content-length": String(bytes.length) };
        resolve({ status: answer.statusCode ?? 502, headers: whole, body: bytes });
      }, reject);
    });
    onward.end(body);
  });
}

/** All that a request or an answer carries. */
export async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
