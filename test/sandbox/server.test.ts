import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type SandboxServer, startServer, windowLimiter } from "../../src/sandbox/server.ts";

let server: SandboxServer;
beforeEach(async () => {
  server = await startServer({
    routes: [
      {
        method: "GET",
        pattern: "/things/all",
        callClass: "list",
        handle: () => ({ status: 200, body: ["all"] }),
      },
      {
        method: "GET",
        pattern: "/things/:id",
        callClass: "one",
        handle: (call) => ({ status: 200, body: call.params }),
      },
      {
        method: "POST",
        pattern: "/things/:id",
        callClass: "one",
        handle: (call) => ({ status: 200, body: { got: call.body } }),
      },
    ],
  });
});
afterEach(() => server.close());

const get = (path: string): Promise<Response> => fetch(`${server.url}${path}`);

describe("the plumbing under a sandbox", () => {
  test("finds a route by method and path, the first one first", async () => {
    expect(await (await get("/things/all")).json()).toEqual(["all"]);
    expect(await (await get("/things/a%20b?x=1")).json()).toEqual({ id: "a b" });
    expect((await get("/other")).status).toBe(404);
    expect(server.calls()).toEqual({ list: 1, one: 1, unknown: 1 });
  });

  test("keeps large integers exact, as text", async () => {
    const answer = await fetch(`${server.url}/things/1`, {
      method: "POST",
      body: '{"id":9007199254740993,"n":5}',
    });
    expect(await answer.json()).toEqual({ got: { id: "9007199254740993", n: 5 } });
  });

  test("lets some requests through before a fault, and takes faults back", async () => {
    server.fault({ path: "/things/1", status: 500, skip: 1 });
    expect([
      (await get("/things/1")).status,
      (await get("/things/1")).status,
      (await get("/things/1")).status,
    ]).toEqual([200, 500, 200]);
    const take = server.fault({ status: 500, times: Number.POSITIVE_INFINITY });
    expect((await get("/things/1")).status).toBe(500);
    take();
    expect((await get("/things/1")).status).toBe(200);
  });

  test("can answer one byte at a time", async () => {
    server.fault({ bodyText: '{"a":1', dripMs: 1 });
    const answer = await get("/things/1");
    expect([answer.status, await answer.text()]).toEqual([200, '{"a":1']);
  });

  test("closes while a caller still waits", async () => {
    server.fault({ hang: true });
    const waiting = get("/things/1").then(
      () => "answered",
      () => "cut",
    );
    while (server.journal.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await server.close();
    expect(await waiting).toBe("cut");
    server = await startServer({ routes: [] });
  });
});

test("a window starts with its first request and gives everything back at its end", () => {
  const limiter = windowLimiter(2, 60_000);
  expect(limiter.take("a", 1_000)).toEqual({ allowed: true, limit: 2, remaining: 1, resetSeconds: 60 });
  expect(limiter.take("a", 18_000)).toMatchObject({ allowed: true, remaining: 0, resetSeconds: 43 });
  expect(limiter.take("a", 18_000)).toMatchObject({ allowed: false, remaining: 0 });
  expect(limiter.take("b", 18_000)).toMatchObject({ allowed: true, remaining: 1 });
  expect(limiter.peek("a", 60_999)).toMatchObject({ allowed: false, resetSeconds: 1 });
  expect(limiter.take("a", 61_000)).toMatchObject({ allowed: true, remaining: 1 });
});
