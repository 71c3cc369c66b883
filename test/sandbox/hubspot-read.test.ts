import { describe, expect, test } from "@jest/globals";
import { idsOf, plainCompanies, START, withCrm } from "./crm-under-test.ts";

const COMPANIES = "/crm/objects/2026-09/companies";

describe("listing companies", () => {
  test("gives ten unless told otherwise, a hundred at most", () =>
    withCrm({ companies: plainCompanies(120) }, async ({ get }) => {
      expect(idsOf(await get(COMPANIES))).toHaveLength(10);
      expect(idsOf(await get(`${COMPANIES}?limit=100`))).toHaveLength(100);
      expect((await get(`${COMPANIES}?limit=101`)).status).toBe(400);
    }));

  test("reaches every company once by following the cursor, and ends without one", () =>
    withCrm({ companies: plainCompanies(25) }, async ({ get }) => {
      const seen: string[] = [];
      for (let after: string | undefined = ""; after !== undefined; ) {
        const page = await get(`${COMPANIES}?limit=10${after === "" ? "" : `&after=${after}`}`);
        seen.push(...idsOf(page));
        after = page.body?.paging?.next.after;
      }
      expect(seen).toEqual(plainCompanies(25).map((row) => row.id));
    }));

  test("shows archived companies only when asked for them, and merged or erased ones never", () =>
    withCrm({ companies: plainCompanies(5) }, async ({ crm, get }) => {
      crm.archive("1001");
      crm.erase("1002");
      const merged = crm.merge("1003", "1004");
      expect(idsOf(await get(COMPANIES))).toEqual(["1005", merged]);
      const archived = await get(`${COMPANIES}?archived=true`);
      expect(idsOf(archived)).toEqual(["1001"]);
      expect(archived.body?.results[0]?.archived).toBe(true);
    }));

  test("answers every value as text or null, and asked-for names only", () =>
    withCrm({ companies: plainCompanies(1, { annualrevenue: "1250000.5", is_poc: "" }) }, async ({ get }) => {
      const page = await get(
        `${COMPANIES}?properties=annualrevenue,is_poc&properties=plan_tier&properties=nonsense`,
      );
      expect(page.body?.results[0]?.properties).toEqual({
        annualrevenue: "1250000.5",
        createdate: new Date(START - 3_600_000 - 30 * 86_400_000).toISOString(),
        hs_lastmodifieddate: new Date(START - 3_600_000).toISOString(),
        hs_object_id: "1001",
        is_poc: null,
        plan_tier: null,
      });
    }));

  test("refuses an address with too many property names", () =>
    withCrm({}, async ({ get }) => {
      const names = Array.from({ length: 400 }, (_, at) => `property_${at}`).join("&properties=");
      expect((await get(`${COMPANIES}?properties=${names}`)).status).toBe(414);
    }));
});

describe("reading companies by id", () => {
  test("leaves unknown and archived ids out and names them", () =>
    withCrm({}, async ({ crm, post }) => {
      crm.archive("1002");
      const answer = await post(`${COMPANIES}/batch/read`, {
        inputs: [{ id: "1002" }, { id: "1003" }, { id: "9" }, { id: "1001" }],
        properties: ["name"],
      });
      expect(answer.status).toBe(207);
      expect(idsOf(answer)).toEqual(["1001", "1003"]);
      expect(answer.body?.numErrors).toBe(1);
      expect(answer.body?.errors[0]).toMatchObject({
        category: "OBJECT_NOT_FOUND",
        context: { ids: ["1002", "9"] },
      });
    }));

  test("answers both old ids of a merged company with the new record, once", () =>
    withCrm({ companies: plainCompanies(4) }, async ({ crm, post, get }) => {
      const merged = crm.merge("1001", "1002");
      expect(["1001", "1002"]).not.toContain(merged);
      const answer = await post(`${COMPANIES}/batch/read`, {
        inputs: [{ id: "1001" }, { id: "1002" }],
        properties: ["hs_merged_object_ids"],
      });
      expect(answer.status).toBe(200);
      expect(idsOf(answer)).toEqual([merged]);
      expect(answer.body?.results[0]?.properties.hs_merged_object_ids).toBe("1001;1002");
      expect(JSON.parse((await get(`${COMPANIES}/1001`)).text)).toMatchObject({ id: merged });
    }));

  test("follows merges of merges, and adopts the children without touching their change stamp", () => {
    const child = { id: "2000", properties: { name: "Child", hs_parent_company_id: "1001" }, updatedAt: 5 };
    return withCrm({ companies: [...plainCompanies(3), child] }, async ({ crm, post }) => {
      const once = crm.merge("1001", "1002");
      const twice = crm.merge("1003", once);
      const answer = await post(`${COMPANIES}/batch/read`, {
        inputs: [{ id: "1002" }, { id: "2000" }],
        properties: ["hs_parent_company_id", "name", "hs_merged_object_ids"],
      });
      const [kid, whole] = answer.body?.results ?? [];
      expect(whole).toMatchObject({ id: twice, properties: { name: "Company 3" } });
      expect(whole?.properties.hs_merged_object_ids?.split(";")).toEqual(
        expect.arrayContaining(["1001", "1002", "1003", once]),
      );
      expect(kid).toMatchObject({
        properties: { hs_parent_company_id: twice },
        updatedAt: new Date(5).toISOString(),
      });
    });
  });

  test("takes a hundred ids, not a hundred and one", () =>
    withCrm({}, async ({ post }) => {
      const ids = (count: number) => ({
        inputs: Array.from({ length: count }, (_, at) => ({ id: `${at}` })),
      });
      expect((await post(`${COMPANIES}/batch/read`, ids(100))).status).toBe(207);
      expect((await post(`${COMPANIES}/batch/read`, ids(101))).status).toBe(400);
    }));
});

describe("owners and the account", () => {
  const owners = [
    { id: "52", userId: "900", email: "a@x.example", firstName: "A", lastName: "A", archived: false },
    { id: "900", userId: "52", email: "b@x.example", firstName: "B", lastName: "B", archived: true },
  ];

  test("lists those who left only when asked, and tells owner ids from user ids", () =>
    withCrm({ owners }, async ({ get }) => {
      const live = await get("/crm/owners/2026-09");
      expect(live.body?.results).toMatchObject([{ id: "52", userId: 900, archived: false }]);
      const left = await get("/crm/owners/2026-09?archived=true");
      expect(left.body?.results).toMatchObject([{ id: "900", userId: null, archived: true }]);
      expect(JSON.parse((await get("/crm/owners/2026-09/900?idProperty=userId")).text)).toMatchObject({
        id: "52",
      });
      expect((await get("/crm/owners/2026-09/900")).status).toBe(404);
    }));

  test("says which account, zone and currency this is", () =>
    withCrm({ portalId: 33, timeZone: "Europe/Vienna" }, async ({ get }) => {
      const answer = await get("/account-info/2026-09/details");
      expect(JSON.parse(answer.text)).toMatchObject({
        portalId: 33,
        timeZone: "Europe/Vienna",
        companyCurrency: "USD",
      });
    }));
});

describe("who may ask", () => {
  test("turns away requests without the token", () =>
    withCrm({}, async ({ send }) => {
      for (const token of [null, "wrong"]) {
        const answer = await send("GET", COMPANIES, undefined, token);
        expect(answer.status).toBe(401);
        expect(answer.body?.category).toBe("INVALID_AUTHENTICATION");
      }
    }));

  test("names the scope a token lacks", () =>
    withCrm({ scopes: ["crm.objects.companies.read"] }, async ({ get, post }) => {
      expect((await get(COMPANIES)).status).toBe(200);
      const refused = await post(`${COMPANIES}/batch/update`, { inputs: [] });
      expect(refused.status).toBe(403);
      expect(refused.body?.category).toBe("MISSING_SCOPES");
      expect(refused.body?.errors[0]?.context.requiredGranularScopes).toEqual([
        "crm.objects.companies.write",
      ]);
      expect((await get("/crm/owners/2026-09")).status).toBe(403);
      expect((await get("/account-info/2026-09/details")).status).toBe(200);
    }));

  test("knows no old paths, unless it is told to", async () => {
    const old = ["/crm/v3/objects/companies", "/crm/v3/owners/", "/crm/v3/properties/companies"];
    await withCrm({}, async ({ get }) => {
      for (const path of [...old, "/crm/objects/2026-09/companies/"])
        expect([path, (await get(path)).status]).toEqual([path, 404]);
    });
    await withCrm({ legacyPaths: "serve" }, async ({ get }) => {
      for (const path of old) expect([path, (await get(path)).status]).toEqual([path, 200]);
    });
  });
});
