import { describe, expect, test } from "@jest/globals";
import { hubspotFaults } from "../../src/sandbox/hubspot.ts";
import { withCrm } from "./crm-under-test.ts";

const COMPANIES = "/crm/objects/2026-09/companies";
const USUAL = {};
const limitHeaders = (headers: Headers) =>
  [...headers.keys()].filter((name) => name.startsWith("x-hubspot-ratelimit-")).sort();

describe("request limits", () => {
  test("five searches a second, all from one bucket of their own", () =>
    withCrm({ limits: USUAL }, async ({ search, get, wait }) => {
      for (let count = 0; count < 5; count += 1) expect((await search({})).status).toBe(200);
      const refused = await search({});
      expect(refused.status).toBe(429);
      expect(refused.body).toEqual({
        status: "error",
        message: "You have reached your secondly limit.",
        correlationId: expect.any(String),
        category: "RATE_LIMITS",
      });
      expect(refused.headers.has("retry-after")).toBe(false);
      expect(limitHeaders(refused.headers)).toEqual([
        "x-hubspot-ratelimit-daily",
        "x-hubspot-ratelimit-daily-remaining",
      ]);
      expect((await get(COMPANIES)).status).toBe(200);
      wait(1_000);
      expect((await search({})).status).toBe(200);
    }));

  test("a hundred other requests in ten seconds", () =>
    withCrm({ limits: { perTenSeconds: 3 } }, async ({ get, wait }) => {
      const first = await get(COMPANIES);
      expect(limitHeaders(first.headers)).toEqual([
        "x-hubspot-ratelimit-daily",
        "x-hubspot-ratelimit-daily-remaining",
        "x-hubspot-ratelimit-interval-milliseconds",
        "x-hubspot-ratelimit-max",
        "x-hubspot-ratelimit-remaining",
      ]);
      expect(first.headers.get("x-hubspot-ratelimit-remaining")).toBe("2");
      await get(COMPANIES);
      await get(COMPANIES);
      const refused = await get(COMPANIES);
      expect(refused.status).toBe(429);
      expect(refused.body).toMatchObject({
        policyName: "TEN_SECONDLY_ROLLING",
        errorType: "RATE_LIMIT",
        message: "You have reached your ten_secondly_rolling limit.",
      });
      wait(10_000);
      expect((await get(COMPANIES)).status).toBe(200);
    }));

  test("the day is shared with other apps and ends at midnight of the account's zone", () =>
    withCrm({ limits: { perDay: 10 }, timeZone: "America/New_York" }, async ({ crm, get, search, wait }) => {
      crm.spendDaily(9);
      const last = await get(COMPANIES);
      expect(last.headers.get("x-hubspot-ratelimit-daily-remaining")).toBe("0");
      expect((await get(COMPANIES)).body).toMatchObject({
        policyName: "DAILY",
        message: "You have reached your daily limit.",
        errorType: "RATE_LIMIT",
      });
      expect((await search({})).body).toMatchObject({ policyName: "DAILY" });
      const untilMidnight = 14 * 3_600_000; // the test starts at 10:00 in New York
      wait(untilMidnight - 1);
      expect((await get(COMPANIES)).status).toBe(429);
      wait(1);
      expect((await get(COMPANIES)).status).toBe(200);
    }));
});

describe("faults on demand", () => {
  test("the usual trouble, each once and then the real answer", () =>
    withCrm({}, async ({ crm, get }) => {
      const cases = [
        [hubspotFaults.migrating(600), 477],
        [hubspotFaults.locked(), 423],
        [hubspotFaults.badGateway(), 502],
        [hubspotFaults.dailyLimit(), 429],
        [hubspotFaults.tenSecondLimit(), 429],
        [hubspotFaults.searchLimit(), 429],
      ] as const;
      for (const [fault, status] of cases) {
        crm.fault(fault);
        expect((await get(COMPANIES)).status).toBe(status);
        expect((await get(COMPANIES)).status).toBe(200);
      }
    }));

  test("a migration says how long to wait", () =>
    withCrm({}, async ({ crm, get }) => {
      crm.fault(hubspotFaults.migrating(86_400));
      expect((await get(COMPANIES)).headers.get("retry-after")).toBe("86400");
    }));

  test("a login page comes as 200 and is no JSON", () =>
    withCrm({}, async ({ crm, get }) => {
      crm.fault(hubspotFaults.loginPage({ path: COMPANIES }));
      const answer = await get(COMPANIES);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toContain("text/html");
      expect(answer.body).toBeNull();
    }));

  test("a write can take effect though its answer is lost", () =>
    withCrm({}, async ({ crm, post }) => {
      crm.fault({ ...hubspotFaults.badGateway(), afterApplying: true });
      const answer = await post(`${COMPANIES}/batch/update`, {
        inputs: [{ id: "1001", properties: { support_tier: "pro" } }],
      });
      expect(answer.status).toBe(502);
      expect(crm.state.value("1001", "support_tier")).toBe("pro");
    }));
});
