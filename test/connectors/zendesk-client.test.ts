import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { CannotApply, NeedsAdmin, Outdated, Paused, TryAgain } from "../../src/errors.ts";
import { failureOf, HOST, mockNames, NOW, open, ticketJson } from "./zendesk-kit.ts";

const TICKET = "/api/v2/tickets/42";
const ME = { user: { id: 1, role: "admin" } };

function answers(status: number, body: nock.Body, headers: Record<string, string> = {}): void {
  nock(HOST).get(TICKET).query(true).reply(status, body, headers);
}

describe("What an answer means", () => {
  test.each([
    ["seconds", "30", 30_000],
    ["a date", new Date(NOW + 45_000).toUTCString(), 45_000],
    ["nothing", null, 10_000],
    ["zero", "0", 10_000],
    ["a negative number", "-5", 10_000],
    ["a date gone by", new Date(NOW - 60_000).toUTCString(), 10_000],
    ["nonsense", "soon", 10_000],
    ["an absurd number", "1000000000", 900_000],
  ])("a 429 that asks for %s makes the lane rest", async (_name, header, afterMs) => {
    for (const status of [429, 503]) {
      answers(
        status,
        "Number of allowed API requests per minute exceeded",
        header === null ? {} : { "retry-after": header },
      );
      const { desk, pacer } = open();
      const paused = await failureOf(desk.readTicket("42", "live"), Paused);
      expect([paused.upstream, paused.afterMs, paused.fix]).toEqual(["Zendesk", afterMs, null]);
      expect(pacer.blocked).toEqual([{ class: status === 503 ? null : "general", forMs: afterMs }]);
    }
  });

  test("a 429 with the plan's limit used up closes the whole account", async () => {
    answers(
      429,
      { error: "APIRateLimitExceeded" },
      { "retry-after": "9", "x-rate-limit": "700", "x-rate-limit-remaining": "0" },
    );
    const { desk, pacer } = open();
    await failureOf(desk.readTicket("42", "live"), Paused);
    expect(pacer.blocked).toEqual([{ class: null, forMs: 9_000 }]);
  });

  test.each([
    ["a revoked token", 401, { error: "Couldn't authenticate you" }],
    ["a revoked token, as a page", 401, "<html>no</html>"],
  ])("%s stops everything until a person makes a new one", async (_name, status, body) => {
    answers(status, body);
    const paused = await failureOf(open().desk.readTicket("42", "live"), Paused);
    expect(paused.fix).toMatch(/new API token/);
    expect(paused.afterMs).toBeNull();
  });

  test.each([
    ["the account refuses us altogether", 403, { error: "Forbidden" }],
    ["the token became one of nobody", 200, { user: { id: null, role: "end-user", name: "Anonymous user" } }],
    ["the token is refused as well", 401, {}],
  ])("a 403, and %s: everything stops", async (_name, status, body) => {
    answers(403, { error: { title: "Forbidden", message: "You do not have access to this page." } });
    nock(HOST).get("/api/v2/users/me").reply(status, body);
    const paused = await failureOf(open().desk.readTicket("42", "live"), Paused);
    expect(paused.fix).toMatch(/priority-support check/);
  });

  test("a 403 for this ticket only waits for a person, and the others go on", async () => {
    answers(403, { error: "Forbidden" });
    nock(HOST).get("/api/v2/users/me").reply(200, ME);
    const { desk, pacer } = open();
    const needs = await failureOf(desk.readTicket("42", "live"), NeedsAdmin);
    expect(needs.fix).not.toBe("");
    expect(pacer.blocked).toEqual([]);
  });

  test.each([
    [400, { error: "BadRequest", description: "x" }, "BadRequest"],
    [
      422,
      { error: "RecordInvalid", details: { group_id: [{ description: "Group: is invalid" }] } },
      "RecordInvalid",
    ],
    [422, { errors: [{ code: "InvalidValue", title: "Invalid", detail: "x" }] }, "InvalidValue"],
    [413, "<html>too large</html>", "413"],
  ])("a %s that is about what was asked waits for a person", async (status, body, word) => {
    answers(status, body);
    const needs = await failureOf(open().desk.readTicket("42", "live"), NeedsAdmin);
    expect(needs.message).toContain(word);
  });

  test("a customer's words in an error never reach our message", async () => {
    answers(400, {
      error: { title: "Jane Doe's mail jane@customer.example is bad!", message: "jane@customer.example" },
    });
    const needs = await failureOf(open().desk.readTicket("42", "live"), NeedsAdmin);
    expect(needs.message).not.toMatch(/jane/i);
  });

  test.each([500, 502, 504, 408])("a %s may pass", async (status) => {
    answers(status, "<html>Bad gateway</html>");
    expect(await failureOf(open().desk.readTicket("42", "live"), TryAgain)).toMatchObject({ afterMs: null });
  });

  test.each([404, 410])("a ticket answered with %s is gone", async (status) => {
    answers(status, { error: "RecordNotFound", description: "Not found" });
    expect(await open().desk.readTicket("42", "live")).toBeNull();
  });

  test.each([
    ["an HTML page", "<!doctype html><title>Zendesk is down</title>"],
    ["JSON cut in the middle", '{"ticket":{"id":42,'],
    ["nothing at all", ""],
    ["another object", '{"maintenance":true}'],
    ["a list", "[]"],
    ["a ticket without its stamps", '{"ticket":{"id":42}}'],
  ])("a 200 with %s is no answer", async (_name, body) => {
    answers(200, body);
    expect(await failureOf(open().desk.readTicket("42", "live"), TryAgain)).toBeInstanceOf(TryAgain);
  });

  test("JSON with a byte order mark, doubled keys and an id beyond 2^53 is read exactly", async () => {
    const text = JSON.stringify({ ticket: ticketJson({ requester_id: 1 }) }).replace(
      '"requester_id":1',
      '"requester_id":1,"requester_id":90071992547409931',
    );
    answers(200, `\uFEFF${text}`, { "content-type": "text/plain" });
    mockNames();
    expect((await open().desk.readTicket("42", "live"))?.requesterId).toBe("90071992547409931");
  });

  test("a redirect is not followed and the token goes nowhere else", async () => {
    answers(302, "", { location: "https://evil.example/api/v2/tickets/42" });
    const stolen = nock("https://evil.example").get(/.*/).reply(200, {});
    const needs = await failureOf(open().desk.readTicket("42", "live"), NeedsAdmin);
    expect(stolen.isDone()).toBe(false);
    expect(needs.fix).toMatch(/https:\/\//);
    nock.cleanAll();
  });

  test("a network that is away closes the lane for a moment", async () => {
    nock(HOST)
      .get(TICKET)
      .query(true)
      .replyWithError(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
    expect(await failureOf(open().desk.readTicket("42", "live"), Paused)).toMatchObject({
      afterMs: 5_000,
      fix: null,
    });
  });
});

describe("A conditional write that is refused", () => {
  const write = async (
    status: number,
    body: nock.Body,
    headers: Record<string, string> = {},
  ): Promise<unknown> => {
    answers(200, { ticket: ticketJson(), users: [], organizations: [] });
    mockNames();
    nock(HOST).put(TICKET).reply(status, body, headers);
    const { desk } = open();
    const reading = await desk.readTicket("42", "live");
    if (reading === null) throw new Error("the ticket was not read");
    return desk.writeTicket(reading, { priority: "high" }, "d1", "live");
  };

  test.each([
    ["an object", { error: "UpdateConflict", description: "Safe Update prevented the update" }],
    ["a JSON text", '"conflict"'],
    ["plain text", "Conflict"],
  ])("409 with %s means: read again", async (_name, body) => {
    expect(await failureOf(write(409, body), Outdated)).toBeInstanceOf(Outdated);
  });

  test.each([
    [404, { error: "RecordNotFound" }],
    [410, "gone"],
    [
      422,
      {
        error: "RecordInvalid",
        details: { status: [{ description: "Status: closed prevents ticket update" }] },
      },
    ],
  ])("%s means: this ticket is done with", async (status, body) => {
    expect(await failureOf(write(status, body), CannotApply)).toBeInstanceOf(CannotApply);
  });

  test("one ticket's own limit delays that ticket and nothing else", async () => {
    const tried = await failureOf(
      write(
        429,
        { error: "TooManyRequests" },
        { "Zendesk-RateLimit-Per-Ticket-Updates": "total=30; remaining=0; resets=240" },
      ),
      TryAgain,
    );
    expect(tried.afterMs).toBe(240_000);
  });
});

describe("Budgets in headers", () => {
  test.each([
    [
      "the older family",
      { "X-Rate-Limit": "700", "X-Rate-Limit-Remaining": "699", "rate-limit-reset": "17" },
      [{ class: "general", limit: 700, remaining: 699, resetsInMs: 17_000 }],
    ],
    [
      "the newer family",
      { "ratelimit-limit": "400", "ratelimit-remaining": "12", "ratelimit-reset": "5" },
      [{ class: "general", limit: 400, remaining: 12, resetsInMs: 5_000 }],
    ],
    [
      "an endpoint limit with a hyphen",
      { "zendesk-rate-limit-tickets-update": "total=20; remaining=19; resets=59" },
      [{ class: "tickets-update", limit: 20, remaining: 19, resetsInMs: 59_000 }],
    ],
    [
      "an endpoint limit without one",
      { "Zendesk-RateLimit-Inflight-Jobs": "total=30; remaining=29; resets=60" },
      [{ class: "jobs", limit: 30, remaining: 29, resetsInMs: 60_000 }],
    ],
    [
      "a limit of something we do not call",
      { "zendesk-ratelimit-tickets-index": "total=100; remaining=1; resets=3" },
      [],
    ],
    ["headers that make no sense", { "x-rate-limit": "many", "zendesk-ratelimit-tickets-update": "?" }, []],
  ])("%s reaches the pacer", async (_name, headers, learned) => {
    answers(404, { error: "RecordNotFound" }, headers);
    const { desk, pacer } = open();
    await desk.readTicket("42", "live");
    expect(pacer.learned).toEqual(learned);
  });
});

describe("How we call", () => {
  test("the token of the moment is used, so it can be replaced while running", async () => {
    const tokens = ["first", "second"];
    for (const token of ["first", "second"])
      nock(HOST, { reqheaders: { authorization: `Bearer ${token}` } })
        .get(TICKET)
        .query(true)
        .reply(404, {});
    const { desk } = open({ credentials: () => ({ oauthToken: tokens.shift() ?? "" }) });
    expect([await desk.readTicket("42", "live"), await desk.readTicket("42", "live")]).toEqual([null, null]);
  });

  test("an API token goes out as e-mail/token", async () => {
    nock(HOST, {
      reqheaders: {
        authorization: `Basic ${Buffer.from("ops@acme.example/token:t0ken").toString("base64")}`,
      },
    })
      .get(TICKET)
      .query(true)
      .reply(404, {});
    expect(await open().desk.readTicket("42", "live")).toBeNull();
  });

  test("calls wait in their lane and class, and are counted", async () => {
    answers(404, {});
    const { desk, pacer } = open();
    await desk.readTicket("42", "top");
    expect(pacer.ran).toEqual([{ class: "general", lane: "top" }]);
    expect(desk.calls()).toEqual({ general: 1 });
  });

  test("an id that is no number never becomes part of an address", async () => {
    const { desk } = open();
    expect(await failureOf(desk.readTicket("../users/1", "live"), CannotApply)).toBeInstanceOf(CannotApply);
    expect(desk.calls()).toEqual({});
  });
});
