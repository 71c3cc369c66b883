/** A sandbox Zendesk in which our app is installed: it signs tokens for it and gives out the app's public key. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SignJWT } from "jose";

export const APP_ID = "770042";

export interface ZendeskWithApp {
  readonly url: string;
  /** Where everything else is answered. */
  readonly standsBefore: (target: string) => void;
  /** What agents see: pages below `/agent/`, made anew with every load. */
  readonly shows: (page: (address: URL) => Promise<string>) => void;
  /** Times the key was asked for. */
  readonly keysAsked: () => number;
  readonly publicKey: () => string;
  /** The app gets another key, as after a reinstallation. */
  readonly renewKey: () => void;
  /** While true every question is answered 503. */
  readonly ill: { now: boolean };
  /** A token as Zendesk makes it, changed where the test says so. */
  readonly token: (userId: string, change?: TokenChange) => Promise<string>;
  readonly close: () => Promise<void>;
}

export interface TokenChange {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly alg?: string;
  readonly key?: KeyObject | Uint8Array;
  /** Seconds since 1970 by the desk's clock. */
  readonly now?: number;
}

/** Starts it; `now` is the desk's clock, ms. */
export async function startZendeskWithApp(now: () => number): Promise<ZendeskWithApp> {
  const state = { keys: generateKeyPairSync("rsa", { modulusLength: 2048 }), asked: 0, target: "" };
  let agentPage: ((address: URL) => Promise<string>) | null = null;
  const ill = { now: false };
  const pem = (): string => state.keys.publicKey.export({ type: "spki", format: "pem" }).toString();
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/agent/") === true && agentPage !== null)
      return void agentPage(new URL(request.url, url)).then((page) =>
        response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page),
      );
    if (ill.now) return void response.writeHead(503, { "retry-after": "1" }).end("{}");
    if (request.url === `/api/v2/apps/${APP_ID}/public_key.pem`) {
      state.asked += 1;
      return void response.writeHead(200, { "content-type": "application/x-pem-file" }).end(pem());
    }
    if (request.url?.startsWith("/api/v2/apps/") === true)
      return void response
        .writeHead(404, { "content-type": "application/json" })
        .end('{"error":"RecordNotFound"}');
    if (state.target === "") return void response.writeHead(404).end();
    void pass(state.target, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    standsBefore: (target) => {
      state.target = target;
    },
    shows: (page) => {
      agentPage = page;
    },
    keysAsked: () => state.asked,
    publicKey: pem,
    renewKey: () => {
      state.keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
    },
    ill,
    token: (userId, change = {}) => {
      const at = change.now ?? Math.floor(now() / 1000);
      return new SignJWT({
        sub: `${url}/api/v2/users/${userId}.json`,
        aud: `${url}/api/v2/apps/installations/8001.json`,
        iss: new URL(url).host,
        iat: at,
        nbf: at,
        exp: at + 120,
        // Every token is another one.
        jti: `${Math.random()}`,
        context: { product: "support", location: "ticket_sidebar" },
        ...change.claims,
      })
        .setProtectedHeader({ alg: change.alg ?? "RS256", typ: "JWT" })
        .sign(change.key ?? state.keys.privateKey);
    },
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

async function pass(target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const { host: _host, connection: _connection, "content-length": _length, ...headers } = request.headers;
  const answer = await fetch(`${target}${request.url}`, {
    method: request.method ?? "GET",
    headers: headers as Record<string, string>,
    ...(parts.length === 0 ? {} : { body: Buffer.concat(parts) }),
  });
  const {
    "content-encoding": _encoding,
    "content-length": _size,
    ...rest
  } = Object.fromEntries(answer.headers);
  response.writeHead(answer.status, rest).end(Buffer.from(await answer.arrayBuffer()));
}
