/** What a broken or hostile server can do to us, over real sockets on the loopback address. */
import { execFile } from "node:child_process";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import nock from "nock";
import { send } from "../../connectors/http.ts";
import { openZendesk } from "../../connectors/zendesk/index.ts";
import { TryAgain } from "../../src/errors.ts";
import { deskSettings, failureOf, notingPacer, TIER_TAGS } from "./zendesk-kit.ts";

let server: Server | null = null;

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => {
    started.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

// Real sockets, with no interceptor in between.
beforeAll(() => nock.restore());

afterEach(async () => {
  const running = server;
  server = null;
  if (running === null) return;
  running.closeAllConnections();
  await new Promise((resolve) => {
    running.close(resolve);
  });
});

const limits = { upstream: "Zendesk", deadlineMs: 300, maxBytes: 100_000 };

function get(url: string): Promise<unknown> {
  return send({ method: "GET", url: `${url}/api/v2/users/me`, headers: {} }, limits);
}

describe("A server that does not play by the rules", () => {
  test("a request that is accepted and never answered ends at the deadline", async () => {
    const url = await serve(() => {});
    const started = performance.now();
    await failureOf(get(url), TryAgain);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("an answer that drips one byte at a time ends at the deadline", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(drip));
    });
    await failureOf(get(url), TryAgain);
  });

  test("an endless body is cut at the cap, and the connection with it", async () => {
    let sent = 0;
    let closed = false;
    const url = await serve((_request, response) => {
      const block = Buffer.alloc(16_384, 32);
      const pour = (): void => {
        while (!closed && response.write(block)) sent += block.length;
      };
      response.on("drain", pour);
      response.on("close", () => {
        closed = true;
      });
      pour();
    });
    const tried = await failureOf(get(url), TryAgain);
    expect(tried.message).toContain("100000 bytes");
    expect(sent).toBeLessThan(50 * 1024 * 1024);
  });

  test("a small packet that unpacks into a flood is cut as well", async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
    const url = await serve((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(bomb);
    });
    // A busy machine may see the connection end first; either way the flood is not taken in.
    expect((await failureOf(get(url), TryAgain)).message).toMatch(/100000 bytes|broke off in the middle/);
  });

  test("a connection cut in the middle of the body is no answer", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write('{"user":');
      setImmediate(() => response.destroy());
    });
    expect((await failureOf(get(url), TryAgain)).message).toContain("broke off");
  });

  test("a connection reset, closed or refused before any answer means the host is away", async () => {
    // In a process of its own: the interceptor of mocked tests in between does not survive a reset connection.
    const script = `
      import { createServer } from "node:http";
      import { send } from ${JSON.stringify(new URL("../../connectors/http.ts", import.meta.url).href)};
      const limits = { upstream: "Zendesk", deadlineMs: 2000, maxBytes: 1000 };
      const server = createServer((request) =>
        request.url === "/reset" ? request.socket.resetAndDestroy() : request.socket.destroy());
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      const base = "http://127.0.0.1:" + server.address().port;
      const ask = (path) => send({ method: "GET", url: base + path, headers: {} }, limits)
        .then(() => "answered", (error) => error.name + " " + error.afterMs);
      const said = [await ask("/reset"), await ask("/closed")];
      await new Promise((resolve) => server.close(resolve));
      said.push(await ask("/refused"));
      console.log(JSON.stringify(said));`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
    expect(JSON.parse(stdout)).toEqual(["Paused 5000", "Paused 5000", "Paused 5000"]);
  });

  test("a redirect to another host carries no token there", async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(`${request.url} ${request.headers.authorization ?? "-"}`);
      response.writeHead(302, {
        location: `http://localhost:${request.socket.localPort}/stolen`,
      });
      response.end();
    });
    const desk = openZendesk({
      url,
      credentials: () => ({ oauthToken: "secret" }),
      prefix: "ps_",
      tierTags: TIER_TAGS,
      desk: deskSettings,
      pacer: notingPacer(),
      now: Date.now,
      sleep: async () => {},
    });
    await expect(desk.readTicket("42", "live")).rejects.toThrow(/redirect/);
    expect(seen).toEqual(["/api/v2/tickets/42?include=users%2Corganizations Bearer secret"]);
  });
});
