import { describe, expect, test } from "@jest/globals";
import { idsOf, plainCompanies, START, withCrm } from "./crm-under-test.ts";

const domainIs = (value: string) => ({
  filterGroups: [{ filters: [{ propertyName: "domain", operator: "EQ", value }] }],
  properties: ["domain"],
});
const inIdOrder = (after: string, limit = 200) => ({
  filterGroups: [{ filters: [{ propertyName: "hs_object_id", operator: "GT", value: after }] }],
  sorts: [{ propertyName: "hs_object_id", direction: "ASCENDING" }],
  properties: [],
  limit,
});

describe("the search index lags", () => {
  test("finds a moved company under its old domain, and shows the new one in the record", () =>
    withCrm({ indexLagMs: 10_000 }, async ({ crm, wait, search }) => {
      crm.setCompany("1001", { domain: "moved.example" });
      wait(2_000);
      const old = await search(domainIs("c1.example"));
      expect(old.body).toMatchObject({ total: 1, results: [{ properties: { domain: "moved.example" } }] });
      expect((await search(domainIs("moved.example"))).body).toMatchObject({ total: 0, results: [] });
      wait(9_000);
      expect((await search(domainIs("c1.example"))).body?.total).toBe(0);
      expect(idsOf(await search(domainIs("moved.example")))).toEqual(["1001"]);
    }));

  test("does not see a new company at once", () =>
    withCrm({ indexLagMs: 10_000 }, async ({ crm, wait, search }) => {
      const id = crm.addCompany({ properties: { name: "New", domain: "new.example" } });
      expect((await search(domainIs("new.example"))).body?.total).toBe(0);
      wait(10_000);
      expect(idsOf(await search(domainIs("new.example")))).toEqual([id]);
    }));

  test("still counts an archived or merged company, but never returns it", () =>
    withCrm({ indexLagMs: 10_000 }, async ({ crm, wait, search }) => {
      crm.archive("1001");
      crm.merge("1002", "1003");
      const soon = await search({ filterGroups: [] });
      expect(soon.body).toMatchObject({ total: 3, results: [] });
      wait(10_000);
      const later = await search({ filterGroups: [] });
      expect(later.body).toMatchObject({ total: 1 });
      expect(idsOf(later)).toHaveLength(1);
    }));

  test("sends short and empty pages that are not the last", () =>
    withCrm({ companies: plainCompanies(30), indexLagMs: 10_000 }, async ({ crm, search }) => {
      for (let id = 1001; id <= 1015; id += 1) crm.archive(String(id));
      const first = await search(inIdOrder("0", 10));
      expect(first.body).toMatchObject({ results: [], paging: { next: { after: "10" } } });
      const second = await search({ ...inIdOrder("0", 10), after: "10" });
      expect(idsOf(second)).toHaveLength(5);
      const third = await search({ ...inIdOrder("0", 10), after: "20" });
      expect(idsOf(third)).toHaveLength(10);
      expect(third.body?.paging).toBeUndefined();
    }));

  test("sees every one of several quick changes at its own time", () =>
    withCrm({ indexLagMs: 10_000 }, async ({ crm, wait, search }) => {
      crm.setCompany("1001", { domain: "first.example" });
      wait(4_000);
      crm.setCompany("1001", { domain: "second.example" });
      wait(6_000);
      expect(idsOf(await search(domainIs("first.example")))).toEqual(["1001"]);
      wait(4_000);
      expect((await search(domainIs("first.example"))).body?.total).toBe(0);
      expect(idsOf(await search(domainIs("second.example")))).toEqual(["1001"]);
    }));
});

describe("change stamps", () => {
  const changedWithin = (from: number, to: number) => ({
    filterGroups: [
      {
        filters: [
          {
            propertyName: "hs_lastmodifieddate",
            operator: "BETWEEN",
            value: String(from),
            highValue: String(to),
          },
        ],
      },
    ],
    sorts: ["hs_object_id"],
    limit: 200,
  });

  test("a window includes both of its ends, to the millisecond", () =>
    withCrm({}, async ({ crm, search }) => {
      crm.setCompany("1002", { name: "Renamed" });
      expect(idsOf(await search(changedWithin(START, START)))).toEqual(["1002"]);
      expect(idsOf(await search(changedWithin(START + 1, START + 9)))).toEqual([]);
      expect(idsOf(await search(changedWithin(START - 3_600_000, START - 1)))).toEqual(["1001", "1003"]);
    }));

  test("move with every write, ours too", () =>
    withCrm({}, async ({ post, search }) => {
      const written = await post("/crm/objects/2026-09/companies/batch/update", {
        inputs: [{ id: "1003", properties: { support_tier: "pro" } }],
      });
      expect(written.body?.results[0]?.updatedAt).toBe(new Date(START).toISOString());
      expect(idsOf(await search(changedWithin(START, START)))).toEqual(["1003"]);
    }));
});

describe("limits of a search", () => {
  test("stop at 10,000 results of one query, and go on behind the last id", () =>
    withCrm({ companies: plainCompanies(10_150) }, async ({ search }) => {
      const last = await search({ ...inIdOrder("0"), after: "9800" });
      expect(idsOf(last)).toHaveLength(200);
      expect(last.body?.total).toBe(10_150);
      expect((await search({ ...inIdOrder("0"), after: "10000" })).status).toBe(400);
      const lastId = idsOf(last).at(-1) ?? "";
      expect(idsOf(await search(inIdOrder(lastId)))).toHaveLength(150);
    }));

  test("refuse what is too big or too much", () =>
    withCrm({}, async ({ search }) => {
      const filter = { propertyName: "name", operator: "HAS_PROPERTY" };
      const groups = (count: number, filters: number) => ({
        filterGroups: Array.from({ length: count }, () => ({
          filters: Array.from({ length: filters }, () => filter),
        })),
      });
      const refused: readonly [why: string, body: unknown][] = [
        ["201 a page", { limit: 201 }],
        ["six groups", groups(6, 1)],
        ["seven filters in a group", groups(1, 7)],
        ["nineteen filters", groups(4, 5)],
        ["two sorts", { sorts: ["name", "domain"] }],
        [
          "an unknown property",
          domainIs("x").filterGroups && {
            filterGroups: [{ filters: [{ ...filter, propertyName: "nope" }] }],
          },
        ],
        ["an unknown operator", { filterGroups: [{ filters: [{ ...filter, operator: "LIKES" }] }] }],
        [
          "a body over 3,000 characters",
          { properties: Array.from({ length: 300 }, (_, at) => `property_${at}`) },
        ],
      ];
      for (const [why, body] of refused) expect([why, (await search(body)).status]).toEqual([why, 400]);
      expect((await search(groups(3, 6))).status).toBe(200);
      expect((await search({ limit: 200 })).status).toBe(200);
    }));

  test("order ids as numbers or letter by letter, as the account is set up", async () => {
    const companies = ["7198", "719869649082", "7199"].map((id) => ({ id, properties: { name: id } }));
    await withCrm({ companies, idOrder: "text" }, async ({ search }) => {
      expect(idsOf(await search(inIdOrder("0")))).toEqual(["7198", "719869649082", "7199"]);
      expect(idsOf(await search(inIdOrder("7198")))).toEqual(["719869649082", "7199"]);
    });
    await withCrm({ companies, idOrder: "number" }, async ({ search }) => {
      expect(idsOf(await search(inIdOrder("7198")))).toEqual(["7199", "719869649082"]);
    });
  });

  test("compare numbers as numbers, dates as dates, and know what is empty", () => {
    const company = (id: string, annualrevenue: string | null, contract_end_date: string | null) => ({
      id,
      properties: { annualrevenue, contract_end_date },
    });
    const companies = [
      company("1", "900", "2026-01-31"),
      company("2", "10000", null),
      company("3", "", "2026-12-01"),
    ];
    return withCrm({ companies }, async ({ search }) => {
      const found = async (propertyName: string, operator: string, more: object = {}) =>
        idsOf(await search({ filterGroups: [{ filters: [{ propertyName, operator, ...more }] }] }));
      expect(await found("annualrevenue", "GT", { value: "1000" })).toEqual(["2"]);
      expect(await found("annualrevenue", "NOT_HAS_PROPERTY")).toEqual(["3"]);
      expect(await found("contract_end_date", "LT", { value: String(Date.UTC(2026, 5, 1)) })).toEqual(["1"]);
      expect(await found("hs_object_id", "IN", { values: ["1", "3"] })).toEqual(["1", "3"]);
    });
  });
});
