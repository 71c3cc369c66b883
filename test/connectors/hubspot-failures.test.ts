import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { NeedsAdmin, Paused, TryAgain } from "../../src/errors.ts";
import {
  collected,
  errorOf,
  HOME,
  NOW,
  opened,
  openPacer,
  running,
  shown,
  TOKEN,
} from "./hubspot-standin.ts";

const DETAILS = "/account-info/2026-09/details";
const SEARCH = "/crm/objects/2026-09/companies/search";
const window = { from: NOW - 60_000, to: NOW };

/** Bodies as in HubSpot's usage guidelines, its error-handling guide, and recordings and issues named beside them. */
const SECONDLY_RECORDED = {
  // Recorded 2022-02-17 from a company search: no policyName, no errorType, no Retry-After.
  status: "error",
  message: "You have reached your secondly limit.",
  correlationId: "de61843f-b3ab-4bc1-8c54-358e37eb0621",
  category: "RATE_LIMITS",
};
const SECONDLY_NAMED = {
  // HGData/mk-node-hubspot issue #89.
  status: "error",
  message: "You have reached your secondly limit.",
  errorType: "RATE_LIMIT",
  policyName: "SECONDLY",
};
const TEN_SECONDLY = {
  // The name @hubspot/api-client's own retry looks for.
  status: "error",
  message: "You have reached your ten_secondly_rolling limit.",
  errorType: "RATE_LIMIT",
  policyName: "TEN_SECONDLY_ROLLING",
};
const DAILY = {
  // HubSpot's usage guidelines.
  status: "error",
  message: "You have reached your daily limit.",
  errorType: "RATE_LIMIT",
  correlationId: "c033cdaa-2c40-4a64-ae48-b4cec88dad24",
  policyName: "DAILY",
};
const NO_SCOPE = {
  // HubSpot/hubspot-api-nodejs issues #50 and #268; newer accounts name requiredGranularScopes.
  status: "error",
  message: "This app hasn't been granted all required scopes to make this call.",
  errors: [
    {
      message: "One or more of the following scopes are required.",
      context: { requiredGranularScopes: ["crm.objects.companies.read"] },
    },
  ],
  category: "MISSING_SCOPES",
};

type Row = readonly [
  string,
  number,
  unknown,
  Record<string, string>,
  "Paused" | "TryAgain" | "NeedsAdmin",
  number | null,
];

const ROWS: readonly Row[] = [
  ["a refused token pauses HubSpot", 401, { category: "INVALID_AUTHENTICATION" }, {}, "Paused", null],
  ["a missing scope needs a person", 403, NO_SCOPE, {}, "NeedsAdmin", null],
  ["a used-up day pauses until told", 429, DAILY, {}, "Paused", null],
  ["a used-up day without a policy name, too", 429, { message: DAILY.message }, {}, "Paused", null],
  ["the ten-second window waits 10 s", 429, TEN_SECONDLY, {}, "Paused", 10_000],
  ["the second's window waits 1 s", 429, SECONDLY_NAMED, {}, "Paused", 1_000],
  ["the recorded refusal of a search waits 1 s", 429, SECONDLY_RECORDED, {}, "Paused", 1_000],
  ["a refusal of a search without any text waits 1 s", 429, "", {}, "Paused", 1_000],
  ["a longer Retry-After is believed", 429, SECONDLY_RECORDED, { "retry-after": "4" }, "Paused", 4_000],
  ["a locked record waits 2 s", 423, {}, {}, "TryAgain", 2_000],
  ["a locked record waits as told", 423, {}, { "retry-after": "7" }, "TryAgain", 7_000],
  ["a moving account waits as told", 477, {}, { "retry-after": "7200" }, "Paused", 7_200_000],
  ["a moving account waits a day at most", 477, {}, { "retry-after": "999999" }, "Paused", 86_400_000],
  ["500 is tried again", 500, { category: "INTERNAL" }, {}, "TryAgain", null],
  ["502 with HTML is tried again", 502, "<html>bad gateway</html>", {}, "TryAgain", null],
  ["503 pauses HubSpot", 503, "<html>", {}, "Paused", 5_000],
  ["503 pauses as long as told", 503, "", { "retry-after": "9" }, "Paused", 9_000],
  ["504 is tried again", 504, "", {}, "TryAgain", null],
  ["521 pauses HubSpot", 521, "", {}, "Paused", 5_000],
  ["522 pauses HubSpot", 522, "", {}, "Paused", 5_000],
  ["523 pauses HubSpot", 523, "", {}, "Paused", 5_000],
  ["524 is tried again", 524, "", {}, "TryAgain", null],
  ["a wrong address needs a person", 404, "<html>not here</html>", {}, "NeedsAdmin", null],
  [
    "a redirect is not followed and needs a person",
    302,
    "",
    { location: "https://example.com" },
    "NeedsAdmin",
    null,
  ],
];

describe("each refusal says what to do next", () => {
  test.each(ROWS)("%s", async (_name, status, body, headers, kind, afterMs) => {
    nock(HOME)
      .post(SEARCH)
      .reply(status, body as nock.Body, headers)
      .persist();
    const error = await errorOf(collected(opened().changes(window, running())));
    expect(error.name).toBe(kind);
    if (error instanceof Paused || error instanceof TryAgain) expect(error.afterMs).toBe(afterMs);
    if (error instanceof NeedsAdmin) expect(error.fix).not.toBe("");
    expect(shown(error)).not.toContain(TOKEN);
  });

  test("a refused token says which setting to change", async () => {
    nock(HOME).get(DETAILS).reply(401, { category: "EXPIRED_AUTHENTICATION" });
    const error = await errorOf(opened().test());
    expect(error).toBeInstanceOf(Paused);
    expect((error as Paused).fix).toContain("HUBSPOT_ACCESS_TOKEN");
    expect(error.message).toContain("EXPIRED_AUTHENTICATION");
  });

  test("a missing scope is named", async () => {
    nock(HOME).get("/crm/properties/2026-09/companies").reply(403, NO_SCOPE);
    const error = await errorOf(opened().fields());
    expect((error as NeedsAdmin).fix).toBe("Give the HubSpot token the scope crm.objects.companies.read.");
  });

  test("a ten-second refusal without a name outside search waits 10 s", async () => {
    nock(HOME).get(DETAILS).reply(429, { category: "RATE_LIMITS" });
    expect(await errorOf(opened().test())).toMatchObject({ name: "Paused", afterMs: 10_000 });
  });

  test("an unknown property is named with the nearest one that exists", async () => {
    // Shape of the message: HubSpot/hubspot-api-ruby issue #403 and HubSpot's community, JSON inside a message.
    const message =
      'Property values were not valid: [{"isValid":false,"message":"Property \\"plan_teir\\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"plan_teir"}]';
    nock(HOME)
      .post("/crm/objects/2026-09/companies/batch/read")
      .reply(400, { status: "error", message, category: "VALIDATION_ERROR" });
    nock(HOME)
      .get("/crm/properties/2026-09/companies")
      .reply(200, { results: [{ name: "name" }, { name: "plan_tier" }, { name: "city" }] });
    const error = await errorOf(opened().read(["1"], ["plan_teir"], running()));
    expect(error).toBeInstanceOf(NeedsAdmin);
    expect(error.message).toBe(
      "HubSpot has no company property plan_teir. The nearest one that exists is plan_tier.",
    );
    expect((error as NeedsAdmin).fix).toContain("plan_tier");
  });

  test("a log-in page with status 200 is a failure, not an empty account", async () => {
    nock(HOME).post(SEARCH).reply(200, "<html>Please log in</html>").persist();
    expect((await errorOf(collected(opened().changes(window, running())))).name).toBe("TryAgain");
  });

  test("an empty object with status 200 is a failure, not an empty page", async () => {
    nock(HOME).post(SEARCH).reply(200, {});
    expect((await errorOf(collected(opened().changes(window, running())))).name).toBe("TryAgain");
  });
});

describe("short faults pass without anybody noticing", () => {
  test("a search refused twice is answered at the third try, after the waits HubSpot asks for", async () => {
    nock(HOME).post(SEARCH).times(2).reply(429, SECONDLY_RECORDED);
    nock(HOME).post(SEARCH).reply(200, { total: 0, results: [] });
    const pacer = openPacer();
    const crm = opened({ pacer });
    expect(await collected(crm.changes(window, running()))).toEqual([]);
    expect(crm.waits).toEqual([1_000, 1_000]);
    expect(pacer.blocked).toEqual([
      ["search", 1_000],
      ["search", 1_000],
    ]);
    expect(crm.calls()).toEqual({ search: 3, general: 0 });
  });

  test("a used-up day is not asked again", async () => {
    nock(HOME).post(SEARCH).reply(429, DAILY);
    const crm = opened();
    const error = await errorOf(collected(crm.changes(window, running())));
    expect((error as Paused).fix).toContain("midnight");
    expect(crm.calls()).toEqual({ search: 1, general: 0 });
  });

  test("a used-up day closes everything until midnight where the account is, and says when that is", async () => {
    nock(HOME).get(DETAILS).reply(200, { portalId: 1, timeZone: "America/New_York" });
    nock(HOME).post(SEARCH).reply(429, DAILY);
    const pacer = openPacer();
    const crm = opened({ pacer });
    await crm.test();
    const error = (await errorOf(collected(crm.changes(window, running())))) as Paused;
    // 09:00 UTC is 04:00 in New York.
    expect(error.afterMs).toBe(20 * 3_600_000);
    expect(error.fix).toContain("midnight in America/New_York, 2026-11-23T05:00Z (in 20 h 0 min)");
    expect(pacer.blocked).toEqual([[null, 20 * 3_600_000]]);
  });

  test("when the day runs low the account's zone is asked for once, while calls are left", async () => {
    const low = { "x-hubspot-ratelimit-daily": "1000", "x-hubspot-ratelimit-daily-remaining": "99" };
    nock(HOME).post(SEARCH).times(2).reply(200, { results: [] }, low);
    nock(HOME).get(DETAILS).reply(200, { portalId: 1, timeZone: "Asia/Kolkata" });
    const crm = opened();
    expect(crm.budget?.()).toBeNull();
    await collected(crm.changes(window, running()));
    await collected(crm.changes(window, running()));
    const midnight = Date.parse("2026-11-22T18:30:00Z");
    expect(crm.budget?.()).toEqual({ limit: 1_000, remaining: 99, resetsAt: midnight });
    expect(crm.calls()).toEqual({ search: 2, general: 1 });
  });

  test.each([
    ["cannot be asked", 503, {}],
    ["is a name nobody knows", 200, { portalId: 1, timeZone: "Mars/Olympus" }],
  ])("a zone that %s costs one question and no failure", async (_name, status, body) => {
    const low = { "x-hubspot-ratelimit-daily": "1000", "x-hubspot-ratelimit-daily-remaining": "0" };
    nock(HOME).post(SEARCH).reply(200, { results: [] }, low);
    nock(HOME).post(SEARCH).reply(429, DAILY);
    nock(HOME).get(DETAILS).reply(status, body);
    const crm = opened();
    await collected(crm.changes(window, running()));
    const error = (await errorOf(collected(crm.changes(window, running())))) as Paused;
    expect(error.afterMs).toBeNull();
    expect(error.fix).toContain("midnight of the account's time zone");
  });

  test("a moving account blocks all calls, not only the one that was refused", async () => {
    nock(HOME).post(SEARCH).reply(477, {}, { "retry-after": "3600" });
    const pacer = openPacer();
    await errorOf(collected(opened({ pacer }).changes(window, running())));
    expect(pacer.blocked).toEqual([[null, 3_600_000]]);
  });

  test("the pacer learns the window's budget from an answer; a search tells none", async () => {
    nock(HOME).get(DETAILS).reply(
      200,
      { portalId: 1 },
      {
        "X-HubSpot-RateLimit-Max": "190",
        "X-HubSpot-RateLimit-Remaining": "12",
        "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
      },
    );
    nock(HOME)
      .post(SEARCH)
      .reply(
        200,
        { results: [] },
        { "x-hubspot-ratelimit-daily": "250000", "x-hubspot-ratelimit-daily-remaining": "249000" },
      );
    const pacer = openPacer();
    const crm = opened({ pacer });
    await crm.test();
    await collected(crm.changes(window, running()));
    expect(pacer.learned).toEqual([
      ["general", { limit: 190, remaining: 12, resetsInMs: 1_000, rolling: true }],
    ]);
  });
});
