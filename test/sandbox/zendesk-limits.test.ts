import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Account, openAccount } from "./zendesk-account.ts";

let account: Account;
beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.zendesk.close());

const basic = (login: string): string => `Basic ${Buffer.from(login).toString("base64")}`;

describe("who may come in", () => {
  test.each([
    ["nobody", ""],
    ["a wrong token", basic("admin@sandbox.example/token:wrong")],
    ["a password instead of a token", basic("admin@sandbox.example:sandbox-api-token")],
    ["an unknown person", basic("who@sandbox.example/token:sandbox-api-token")],
    ["an unknown bearer", "Bearer nope"],
  ])("%s gets 401", async (_who, authorization) => {
    const { status, at } = await account.call("GET", "/users/me", undefined, authorization);
    expect([status, at("error")]).toEqual([401, "Couldn't authenticate you"]);
  });

  test("a bearer token works like the API token", async () => {
    const { at } = await account.call("GET", "/users/me", undefined, `Bearer ${account.zendesk.oauthToken}`);
    expect(at("user.email")).toBe("admin@sandbox.example");
  });

  test("a revoked token is refused at once, its successor accepted", async () => {
    account.zendesk.setApiToken("fresh");
    expect((await account.get("/users/me")).status).toBe(401);
    expect(
      (await account.call("GET", "/users/me", undefined, basic("admin@sandbox.example/token:fresh"))).status,
    ).toBe(200);
  });

  test.each([
    "/slas/policies",
    "/webhooks",
    "/incremental/tickets/cursor?start_time=1",
    "/organizations/search?name=x",
  ])("an agent without admin rights gets 403 on %s", async (path) => {
    const agent = basic("anna@sandbox.example/token:sandbox-api-token");
    expect((await account.call("GET", path, undefined, agent)).status).toBe(403);
    expect((await account.call("GET", "/tickets", undefined, agent)).status).toBe(200);
  });
});

describe("rate limits", () => {
  test("a hundred ticket updates a minute for the whole account, told in the headers", async () => {
    for (let n = 0; n < 101; n += 1) account.zendesk.createTicket();
    const update = (n: number): ReturnType<Account["put"]> =>
      account.put(`/tickets/${n}`, { ticket: { priority: "low" } });
    const first = await update(1);
    expect(first.headers.get("zendesk-ratelimit-tickets-update")).toBe("total=100; remaining=99; resets=60");
    account.pass(17_000);
    for (let n = 2; n <= 100; n += 1) expect((await update(n)).status).toBe(200);
    const refused = await update(101);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("43");
    expect(account.zendesk.state.tickets.get("101")?.priority).toBeNull();
    expect((await account.get("/tickets/101")).status).toBe(200);
    account.pass(43_000);
    expect((await update(101)).status).toBe(200);
  });

  test("people's own edits use up the same limit", async () => {
    await account.zendesk.close();
    account = await openAccount({ limits: { ticketUpdates: 2 } });
    account.zendesk.createTicket();
    for (let n = 0; n < 2; n += 1) account.zendesk.agentUpdate("1", { priority: "low" }, "72");
    expect((await account.put("/tickets/1", { ticket: { priority: "high" } })).status).toBe(429);
  });

  test("thirty updates of one ticket in ten minutes by one user", async () => {
    account.zendesk.createTicket();
    account.zendesk.createTicket();
    for (let n = 0; n < 30; n += 1)
      expect((await account.put("/tickets/1", { ticket: { priority: "low" } })).status).toBe(200);
    const refused = await account.put("/tickets/1", { ticket: { priority: "low" } });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("600");
    expect((await account.put("/tickets/2", { ticket: { priority: "low" } })).status).toBe(200);
    account.pass(600_000);
    expect((await account.put("/tickets/1", { ticket: { priority: "low" } })).status).toBe(200);
  });

  test("the plan's limit answers with plain text", async () => {
    await account.zendesk.close();
    account = await openAccount({ limits: { plan: 2 } });
    const first = await account.get("/groups");
    expect(first.headers.get("x-rate-limit")).toBe("2");
    expect(first.headers.get("ratelimit-remaining")).toBe("1");
    await account.get("/groups");
    const refused = await account.get("/groups");
    expect(refused.status).toBe(429);
    expect(refused.text).toBe("Number of allowed API requests per minute exceeded");
    expect(refused.headers.get("ratelimit-reset")).toBe("60");
  });

  test("older accounts spell the headers differently", async () => {
    await account.zendesk.close();
    account = await openAccount({ headerSpelling: "old" });
    account.zendesk.createTicket();
    const { headers } = await account.put("/tickets/1", { ticket: { priority: "low" } });
    expect(headers.get("zendesk-rate-limit-tickets-update")).toBe("total=100; remaining=99; resets=60");
    expect(headers.get("rate-limit")).toBe("700");
    expect(headers.get("rate-limit-reset")).toBe("60");
    expect(headers.get("ratelimit-limit")).toBeNull();
  });

  test("ten exports a minute, all kinds counted together", async () => {
    const kinds = ["tickets/cursor", "organizations", "ticket_metric_events"];
    for (let n = 0; n < 10; n += 1)
      expect((await account.get(`/incremental/${kinds[n % 3]}?start_time=1`)).status).toBe(200);
    expect((await account.get("/incremental/organizations?start_time=1")).status).toBe(429);
  });

  test("the answer's date is the account's clock", async () => {
    account.pass(3_600_000);
    expect((await account.get("/users/me")).headers.get("date")).toBe("Mon, 01 Jun 2026 11:00:00 GMT");
  });
});

describe("trouble on demand", () => {
  test("a 500 after the change was applied leaves the change in place", async () => {
    account.zendesk.createTicket();
    account.zendesk.fault({ method: "PUT", path: "/api/v2/tickets/1", status: 500, afterApplying: true });
    expect((await account.put("/tickets/1", { ticket: { priority: "urgent" } })).status).toBe(500);
    expect(account.zendesk.state.tickets.get("1")?.priority).toBe("urgent");
    expect((await account.get("/tickets/1")).status).toBe(200);
  });

  test("a 503 before it leaves the ticket as it was, as often as asked", async () => {
    account.zendesk.createTicket();
    account.zendesk.fault({
      path: /tickets\/1/,
      status: 503,
      times: 2,
      headers: { "retry-after": "7" },
      bodyText: "<html>busy</html>",
    });
    const first = await account.put("/tickets/1", { ticket: { priority: "urgent" } });
    expect([first.status, first.headers.get("retry-after"), first.text]).toEqual([
      503,
      "7",
      "<html>busy</html>",
    ]);
    expect((await account.get("/tickets/1")).status).toBe(503);
    expect((await account.get("/tickets/1")).at("ticket.priority")).toBeNull();
  });

  test("a cut connection and a silent one are noted without a status", async () => {
    account.zendesk.createTicket();
    account.zendesk.fault({ method: "PUT", reset: true });
    await expect(account.put("/tickets/1", { ticket: {} })).rejects.toThrow();
    account.zendesk.fault({ method: "GET", hang: true });
    const aborted = fetch(`${account.zendesk.url}/api/v2/tickets/1`, { signal: AbortSignal.timeout(50) });
    await expect(aborted).rejects.toThrow();
    expect(account.zendesk.journal.slice(-2).map((entry) => entry.status)).toEqual([null, null]);
  });

  test("the journal tells every request and what it changed", async () => {
    account.zendesk.createTicket();
    await account.put("/tickets/1", { ticket: { priority: "high", metadata: { ps_decision: "d7" } } });
    const entry = account.zendesk.journal.at(-1);
    expect(entry).toMatchObject({
      method: "PUT",
      path: "/api/v2/tickets/1",
      status: 200,
      callClass: "tickets-update",
    });
    expect(entry?.effect).toEqual([
      expect.objectContaining({ kind: "ticket_updated", ticketId: "1", custom: { ps_decision: "d7" } }),
    ]);
    expect(account.zendesk.calls()).toEqual({ "tickets-update": 1 });
  });

  test("a path nobody serves is 404, not silence", async () => {
    expect((await account.get("/organizations/create_or_update_many")).status).toBe(404);
    expect((await account.post("/organizations/create_or_update_many", {})).at("error.title")).toBe(
      "Invalid endpoint",
    );
  });
});

test("another process can read the journal and order faults", async () => {
  const open = await openAccount({ control: true });
  try {
    const control = (method: string, what: string, body?: unknown): Promise<Response> =>
      fetch(`${open.zendesk.url}/_sandbox/${what}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    open.zendesk.createTicket();
    expect((await control("POST", "faults", { pathPattern: "users/me", status: 502 })).status).toBe(201);
    expect((await open.get("/users/me")).status).toBe(502);
    expect(await (await control("GET", "journal?since=1")).json()).toEqual([
      expect.objectContaining({ status: 502 }),
    ]);
    expect(await (await control("GET", "state")).json()).toMatchObject({
      tickets: { "1": { subject: "A question" } },
    });
    expect((await fetch(`${account.zendesk.url}/_sandbox/state`)).status).toBe(404);
  } finally {
    await open.zendesk.close();
  }
});
