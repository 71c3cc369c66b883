/** Clients that mean to exhaust the service: it cuts them off, keeps serving the others and does not grow. */
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import nock from "nock";
import { type House, residentMb, type Serving, serve, startHouse } from "./house.ts";
import { exchange, openLine, requestBytes, signedForHubspot, signedForZendesk, statusesIn } from "./wire.ts";

const MEBIBYTE = 1024 * 1024;
const SLOW = 250;
/** Whatever need not be waited for is refused at once; the rest is for a busy machine. */
const AT_ONCE_MS = 10_000;
/** A request has 9 s to arrive; the rest is for a busy machine. */
const CUT_WITHIN_MS = 15_000;
const DOOR = "/webhooks/zendesk";
const HEAD = `POST ${DOOR} HTTP/1.1\r\nHost: a\r\n`;

let house: House;
let serving: Serving;
beforeAll(async () => {
  // It reads along on every socket, and chokes on what no proper client sends.
  nock.restore();
  house = await startHouse();
  serving = await serve({ ...house.env, LOG_LEVEL: "error" }, house.folder);
});
afterAll(async () => {
  await serving.stop();
  await house.close();
});

function genuine(body: string): Buffer {
  const timestamp = `${new Date().toISOString().slice(0, 19)}Z`;
  return requestBytes(DOOR, signedForZendesk(house.secret, timestamp, body), Buffer.from(body));
}

function genuineAtHubspot(body: string): Buffer {
  const uri = `${house.env.PUBLIC_URL}/webhooks/hubspot`;
  const headers = signedForHubspot(house.canaries.HUBSPOT_CLIENT_SECRET, String(Date.now()), body, uri);
  return requestBytes("/webhooks/hubspot", headers, Buffer.from(body));
}

/** Genuine requests all the while; the status and time of each. */
function goodCustomer(): () => Promise<{ readonly statuses: readonly number[]; readonly slowestMs: number }> {
  const line = openLine(serving.port);
  const statuses: number[] = [];
  const state = { going: true, slowestMs: 0 };
  const run = (async () => {
    for (let i = 0; state.going; i += 1) {
      const began = performance.now();
      statuses.push((await line.ask(genuine(JSON.stringify({ ticket_id: "99999999", i })))).status);
      state.slowestMs = Math.max(state.slowestMs, performance.now() - began);
      await pause(50);
    }
  })();
  return async () => {
    state.going = false;
    await run;
    line.close();
    return { statuses, slowestMs: state.slowestMs };
  };
}

/** Writes until the other side has had enough. */
function endless(socket: Socket): void {
  const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
  socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
  const more = setInterval(() => {
    if (socket.writableLength < MEBIBYTE) socket.write(chunk);
  }, 2);
  socket.on("close", () => clearInterval(more));
}

function dripping(start: string): (socket: Socket) => void {
  return (socket) => {
    socket.write(start);
    const timer = setInterval(() => socket.write("a"), 1_000);
    socket.on("close", () => clearInterval(timer));
  };
}

const plain = (bytes: string | Uint8Array) => (socket: Socket) => void socket.write(bytes);
const unsigned = (body: string): Buffer => requestBytes(DOOR, [], Buffer.from(body));
const deep = `{"ticket_id":"1","a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
const keys = (count: number): string =>
  `{"ticket_id":"99999998",${Array.from({ length: count }, (_, i) => `"${i.toString(36)}":1`).join(",")}}`;
const chunked = `${HEAD}Transfer-Encoding: chunked\r\n`;

test("floods, slow senders and broken HTTP are cut off, while genuine webhooks are taken and memory stays flat", async () => {
  const warm = openLine(serving.port);
  for (let i = 0; i < 300; i += 1)
    await warm.ask(genuine(JSON.stringify({ ticket_id: "99999999", warm: i })));
  warm.close();
  const before = residentMb(serving.pid);
  const peak = { mb: before };
  const watch = setInterval(() => {
    peak.mb = Math.max(peak.mb, residentMb(serving.pid));
  }, 100);
  const stopCustomer = goodCustomer();
  const attacks: Readonly<Record<string, (socket: Socket) => void>> = {
    "a mebibyte and one byte": plain(unsigned("x".repeat(MEBIBYTE + 1))),
    "a length of a gigabyte": plain(`${HEAD}Content-Length: 1073741824\r\n\r\n{`),
    "chunks without end": endless,
    "deep JSON, unsigned": plain(unsigned(deep)),
    "deep JSON, signed": plain(genuine(deep)),
    "100,000 keys, unsigned": plain(unsigned(keys(100_000))),
    "a million keys, signed": plain(genuine(keys(1_000_000))),
    "deep JSON at HubSpot's door, signed": plain(genuineAtHubspot(`[${"[".repeat(100_000)}`)),
    "a header of 64 kB": plain(requestBytes(DOOR, [["X-Long", "x".repeat(65_536)]], Buffer.from("{}"))),
    "ten thousand headers": plain(`${HEAD}${"A: b\r\n".repeat(10_000)}\r\n`),
    "both lengths at once": plain(`${chunked}Content-Length: 4\r\n\r\n0\r\n\r\n`),
    "two lengths": plain(`${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`),
    "a negative length": plain(`${HEAD}Content-Length: -1\r\n\r\n`),
    "an odd encoding": plain(`${HEAD}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`),
    "a chunk longer than numbers go": plain(`${chunked}\r\nFFFFFFFFFFFFFFFFF\r\nx`),
    "a chunk with an endless remark": plain(`${chunked}\r\n1;${"x".repeat(100_000)}`),
    "a packed body": plain(`${HEAD}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}`),
    "a NUL in a header": plain(`${HEAD}X: \0\r\nContent-Length: 0\r\n\r\n`),
    "no HTTP at all": plain("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(10)),
    "a tunnel": plain("CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
  };
  const single = Object.entries(attacks).map(async ([name, speak]) => {
    const answer = await exchange(serving.port, speak, CUT_WITHIN_MS);
    return { name, ...answer };
  });
  const slow = ["a slow header", "a slow body"].flatMap((name) =>
    Array.from({ length: SLOW }, async () => {
      const start = name === "a slow body" ? `${HEAD}Content-Length: 1000\r\n\r\n{` : `${HEAD}X: `;
      return { name, ...(await exchange(serving.port, dripping(start), CUT_WITHIN_MS)) };
    }),
  );
  const answers = await Promise.all([...single, ...slow]);
  clearInterval(watch);
  const { statuses, slowestMs } = await stopCustomer();
  const grown = peak.mb - before;
  const latest = Math.max(...answers.filter(({ name }) => name.startsWith("a slow")).map(({ ms }) => ms));
  process.stdout.write(
    `\n${answers.length} hostile connections: memory ${before.toFixed(0)} MB, at most ${grown.toFixed(0)} MB more; last slow sender cut after ${(latest / 1000).toFixed(1)} s; ${statuses.length} genuine requests meanwhile, slowest ${slowestMs.toFixed(0)} ms\n`,
  );
  const refused = (status: number, closed: boolean): boolean =>
    (status >= 400 && status < 500) || (status === 0 && closed);
  expect(
    answers.filter(({ status, closed }) => !refused(status, closed)).map(({ name, text }) => [name, text]),
  ).toEqual([]);
  expect(answers.filter(({ name, closed }) => name.startsWith("a slow") && !closed)).toEqual([]);
  const slowToAnswer = single.map(async (one) => (await one).answeredMs ?? 0);
  expect(Math.max(...(await Promise.all(slowToAnswer)))).toBeLessThan(AT_ONCE_MS);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(statuses.length).toBeGreaterThan(20);
  expect(grown).toBeLessThan(50);
}, 40_000);

test("a genuine body with 100,000 keys or a prototype in it is taken and changes nothing of ours", async () => {
  const line = openLine(serving.port);
  const hostile =
    '{"ticket_id":"99999996","__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}';
  const statuses = [];
  for (const body of [keys(100_000), hostile]) statuses.push((await line.ask(genuine(body))).status);
  line.close();
  expect(statuses).toEqual([200, 200]);
  expect((await fetch(`${serving.url}/healthz`)).status).toBe(200);
});

test("a request inside another's body is not a request, and a hundred at once get an answer each", async () => {
  const inner = genuine('{"ticket_id":"99999997"}');
  const smuggled = await exchange(serving.port, plain(requestBytes(DOOR, [], inner)), 1_000);
  expect(statusesIn(smuggled.text)).toEqual([401]);
  const many = Buffer.concat(Array.from({ length: 100 }, () => unsigned("{}")));
  const answers = statusesIn((await exchange(serving.port, plain(many), 2_000)).text);
  expect(answers).toEqual(Array.from({ length: 100 }, () => 401));
});

test("however the address is spelled, an oversized body makes no new series of metrics", async () => {
  for (const path of ["/WEBHOOKS/zendesk", "/webhooks/ZENDESK", "/webhooks/zendesk/", "/Webhooks/Zendesk"])
    await exchange(
      serving.port,
      plain(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n`),
      300,
    );
  const headers = { authorization: `Bearer ${house.canaries.METRICS_TOKEN}` };
  const text = await (await fetch(`${serving.url}/metrics`, { headers })).text();
  const series = text.split("\n").filter((line) => line.includes('answer="too_large"'));
  expect(series.map((line) => line.replace(/ \d+$/, ""))).toEqual([
    'ps_webhooks_total{source="zendesk",answer="too_large"}',
  ]);
});
