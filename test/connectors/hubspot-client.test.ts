import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { dated } from "../../connectors/hubspot/sdk.ts";
import { type Paused, TryAgain } from "../../src/errors.ts";
import {
  answerJson,
  collected,
  errorOf,
  HOME,
  local,
  NOW,
  opened,
  running,
  shown,
  TOKEN,
} from "./hubspot-standin.ts";

const DETAILS = "/account-info/2026-09/details";
const SEARCH = "/crm/objects/2026-09/companies/search";
const window = { from: NOW - 60_000, to: NOW };

describe("every request goes to the dated API with today's token", () => {
  test("all seven kinds of call carry the version in their path", async () => {
    const seen: string[] = [];
    const server = await local((request, response) => {
      seen.push(`${request.method} ${request.url?.split("?")[0]}`);
      const list = { results: [] };
      const property = { name: "support_tier", type: "enumeration", fieldType: "select", options: [] };
      if (request.url?.includes("details")) answerJson(response, { portalId: 33 });
      else answerJson(response, request.url?.includes("support_tier") ? property : list);
    });
    const crm = opened({ url: server.url });
    await crm.test();
    await crm.fields();
    await collected(crm.changes(window, running()));
    await collected(crm.all(running()));
    await crm.read(["1"], ["plan"], running());
    await crm.writeLabels([{ id: "1", value: "gold" }], "support_tier", running());
    await crm.ensureLabel("support_tier", [{ value: "gold", label: "Gold" }]);
    await server.close();
    expect(seen).toEqual([
      `GET ${DETAILS}`,
      "GET /crm/properties/2026-09/companies",
      `POST ${SEARCH}`,
      "GET /crm/objects/2026-09/companies",
      "GET /crm/objects/2026-09/companies",
      "POST /crm/objects/2026-09/companies/batch/read",
      "POST /crm/objects/2026-09/companies/batch/update",
      "GET /crm/properties/2026-09/companies/support_tier",
      "PATCH /crm/properties/2026-09/companies/support_tier",
    ]);
    expect(crm.calls()).toEqual({ search: 1, general: 8 });
  });

  test.each([
    ["/crm/v3/objects/companies", "/crm/objects/2026-09/companies"],
    ["/hub/crm/v3/objects/companies/search", "/hub/crm/objects/2026-09/companies/search"],
    ["/crm/v3/properties/companies/support_tier", "/crm/properties/2026-09/companies/support_tier"],
    [
      "/crm/v4/associations/companies/deals/batch/read",
      "/crm/associations/2026-09/companies/deals/batch/read",
    ],
    ["/crm/v3/owners/", "/crm/owners/2026-09"],
  ])("%s becomes %s", (old, now) => {
    expect(dated(`${HOME}${old}`)).toBe(`${HOME}${now}`);
  });

  test("a path without a dated form is never sent", () => {
    expect(() => dated(`${HOME}/crm/v3/imports`)).toThrow("no dated form");
  });

  test("the token is asked for at each call, so it can be rotated while we run", async () => {
    const tokens = ["first", "second\n"];
    nock(HOME, { reqheaders: { authorization: "Bearer first" } })
      .get(DETAILS)
      .reply(200, { portalId: 1 });
    nock(HOME, { reqheaders: { authorization: "Bearer second" } })
      .get(DETAILS)
      .reply(200, { portalId: 1 });
    const crm = opened({ token: () => tokens.shift() ?? "" });
    await crm.test();
    await crm.test();
    expect(tokens).toEqual([]);
  });

  test("a portal's id, time zone and currency tell who we are connected as", async () => {
    nock(HOME)
      .get(DETAILS)
      .reply(200, '{"portalId":9007199254740993,"timeZone":"Europe/Zurich","companyCurrency":"CHF"}');
    expect(await opened().test()).toEqual({
      tenant: "9007199254740993",
      timezone: "Europe/Zurich",
      currency: "CHF",
    });
  });
});

describe("HubSpot cannot hold us", () => {
  test("a server that never answers is given up after the deadline", async () => {
    const server = await local(() => undefined);
    const crm = opened({ url: server.url, deadlineMs: 80 });
    const error = await errorOf(crm.test());
    await server.close();
    expect(error.name).toBe("TryAgain");
    expect(error.message).toContain("80 ms");
  });

  test("an answer without an end is cut at the deadline or the size cap, and its connection is closed", async () => {
    let closed: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const server = await local((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(256 * 1024, "x"), () => setImmediate(more));
      };
      response.on("close", closed);
      more();
    });
    const error = await errorOf(opened({ url: server.url }).test());
    await gone;
    await server.close();
    expect(error).toBeInstanceOf(TryAgain);
    expect(error.message).toContain("bytes");
  });

  test("a stopped run ends at once and sends nothing more", async () => {
    const stop = new AbortController();
    stop.abort();
    const crm = opened();
    expect((await errorOf(collected(crm.all(stop.signal)))).name).toBe("TryAgain");
    expect(crm.calls()).toEqual({ search: 0, general: 0 });
  });

  test("a host that cannot be reached pauses HubSpot", async () => {
    const server = await local(() => undefined);
    await server.close();
    expect((await errorOf(opened({ url: server.url }).test())).name).toBe("Paused");
  });

  test.each([
    ["an empty token", "  "],
    ["a token with a line break inside", `${TOKEN}\nX: y`],
    ["a token with letters no header can carry", `${TOKEN}é`],
  ])("%s is refused before anything is sent, and never shown", async (_name, token) => {
    const crm = opened({ token: () => token });
    const error = await errorOf(crm.test());
    expect((error as Paused).fix).toContain("HUBSPOT_ACCESS_TOKEN");
    expect(shown(error)).not.toContain(TOKEN);
    expect(crm.calls()).toEqual({ search: 0, general: 0 });
  });

  test("what HubSpot writes about a customer never reaches an error", async () => {
    nock(HOME)
      .post("/crm/objects/2026-09/companies/batch/read")
      .reply(400, { message: "Acme GmbH is not a valid value", category: "VALIDATION_ERROR" });
    const error = await errorOf(opened().read(["1"], ["plan"], running()));
    expect(error.message).toContain("VALIDATION_ERROR");
    expect(shown(error)).not.toContain("Acme");
  });
});
