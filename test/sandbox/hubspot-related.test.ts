import { describe, expect, test } from "@jest/globals";
import { dataset } from "../../src/sandbox/dataset.ts";
import { PIPELINES } from "../../src/sandbox/hubspot.ts";
import { type CrmUnderTest, idsOf, plainCompanies, START, withCrm } from "./crm-under-test.ts";

const DEALS = [
  {
    id: "21",
    properties: { dealname: "One", hs_arr: "100", pipeline: PIPELINES.sales },
    companies: [
      { id: "1001", primary: true },
      { id: "1002", primary: false },
    ],
    updatedAt: START - 1_000,
  },
  { id: "22", properties: { dealname: "Two" }, companies: [{ id: "1001", primary: true }] },
];
const LINE_ITEMS = [{ id: "31", deal: "21", properties: { hs_sku: "ENT-SUPPORT" } }];
const options = { companies: plainCompanies(3), deals: DEALS, lineItems: LINE_ITEMS };

const links = async (test: CrmUnderTest, from: string, to: string, ...inputs: readonly object[]) => {
  const answer = await test.post(`/crm/associations/2026-09/${from}/${to}/batch/read`, { inputs });
  return { status: answer.status, body: JSON.parse(answer.text) };
};
const typeIds = (row: { readonly to: readonly { associationTypes: readonly { typeId: number }[] }[] }) =>
  row.to.map((one) => one.associationTypes.map((type) => type.typeId));

describe("links between records", () => {
  test("are told from both ends, the primary one with a second type", async () => {
    await withCrm(options, async (test) => {
      const down = await links(test, "companies", "deals", { id: "1001" }, { id: "1002" });
      expect(down.status).toBe(200);
      expect(down.body.results.map((row: { from: { id: string } }) => row.from.id)).toEqual(["1001", "1002"]);
      expect(down.body.results.map(typeIds)).toEqual([
        [
          [342, 6],
          [342, 6],
        ],
        [[342]],
      ]);
      const up = await links(test, "deals", "companies", { id: "21" });
      expect(up.body.results[0].to.map((one: { toObjectId: number }) => one.toObjectId)).toEqual([
        1001, 1002,
      ]);
      expect(up.body.results.map(typeIds)).toEqual([[[341, 5], [341]]]);
      expect((await links(test, "deals", "line_items", { id: "21" })).body.results.map(typeIds)).toEqual([
        [[19]],
      ]);
      expect((await links(test, "line_items", "deals", { id: "31" })).body.results.map(typeIds)).toEqual([
        [[20]],
      ]);
    });
  });

  test("come page by page for each record", async () => {
    await withCrm({ ...options, linkPage: 1 }, async (test) => {
      const first = await links(test, "companies", "deals", { id: "1001" });
      const { after } = first.body.results[0].paging.next;
      const second = await links(test, "companies", "deals", { id: "1001", after });
      expect(second.body.results[0]).toMatchObject({ to: [{ toObjectId: 22 }] });
      expect(second.body.results[0].paging).toBeUndefined();
    });
  });

  test("a record without any stands in the errors of a 207", async () => {
    await withCrm(options, async (test) => {
      const answer = await links(test, "companies", "deals", { id: "1003" }, { id: "1001" });
      expect(answer.status).toBe(207);
      expect(answer.body.results).toHaveLength(1);
      expect(answer.body.errors[0]).toMatchObject({
        category: "OBJECT_NOT_FOUND",
        subCategory: "crm.associations.NO_ASSOCIATIONS_FOUND",
        context: { fromObjectId: ["1003"] },
      });
    });
  });

  test("a thousand inputs are taken, one more is refused", async () => {
    await withCrm(options, async (test) => {
      const inputs = Array.from({ length: 1_001 }, (_, at) => ({ id: String(at) }));
      expect((await links(test, "deals", "companies", ...inputs.slice(1))).status).toBe(207);
      expect((await links(test, "deals", "companies", ...inputs)).status).toBe(400);
    });
  });

  test("follow a merge, and leave out what is archived", async () => {
    await withCrm(options, async (test) => {
      const into = test.crm.merge("1001", "1003");
      test.crm.deals.archive("22");
      const answer = await links(test, "companies", "deals", { id: into });
      expect(answer.body.results[0].to).toHaveLength(1);
    });
  });

  test("made or cut by people, they move no stamp", async () => {
    await withCrm(options, async (test) => {
      const stamps = async () => {
        const read = await test.post("/crm/objects/2026-09/deals/batch/read", { inputs: [{ id: "22" }] });
        return [read.body?.results[0]?.updatedAt, test.crm.state.value("1003", "hs_lastmodifieddate")];
      };
      const before = await stamps();
      test.wait(1_000);
      test.crm.deals.link("22", "1003");
      test.crm.deals.unlink("22", "1001");
      expect(await stamps()).toEqual(before);
      const answer = await links(test, "deals", "companies", { id: "22" });
      expect(answer.body.results[0].to).toMatchObject([{ toObjectId: 1003 }]);
    });
  });
});

describe("deals and line items", () => {
  test("are searched by their own stamp and read in batches", async () => {
    await withCrm(options, async (test) => {
      const filters = [
        { propertyName: "hs_lastmodifieddate", operator: "GTE", value: String(START - 2_000) },
      ];
      const search = (object: string) =>
        test.post(`/crm/objects/2026-09/${object}/search`, { filterGroups: [{ filters }] });
      expect(idsOf(await search("deals"))).toEqual(["21"]);
      test.crm.lineItems.set("31", { hs_sku: "X" });
      expect(idsOf(await search("line_items"))).toEqual(["31"]);
      const read = await test.post("/crm/objects/2026-09/line_items/batch/read", {
        inputs: [{ id: "31" }, { id: "99" }],
        properties: ["hs_sku"],
      });
      expect(read.status).toBe(207);
      expect(read.body?.results[0]?.properties.hs_sku).toBe("X");
      expect(test.crm.calls()).toMatchObject({
        deals_search: 1,
        line_items_search: 1,
        line_items_batch_read: 1,
      });
    });
  });

  test("share the search budget with companies, and need scopes of their own", async () => {
    await withCrm({ ...options, limits: { searchPerSecond: 1 } }, async (test) => {
      expect((await test.search({})).status).toBe(200);
      expect((await test.post("/crm/objects/2026-09/deals/search", {})).status).toBe(429);
    });
    await withCrm({ ...options, scopes: ["crm.objects.companies.read"] }, async (test) => {
      const refused = await test.post("/crm/objects/2026-09/deals/search", {});
      expect([refused.status, refused.text]).toEqual([
        403,
        expect.stringContaining("crm.objects.deals.read"),
      ]);
    });
  });

  test("pipelines are the options of a property", async () => {
    await withCrm(options, async (test) => {
      const answer = await test.get("/crm/properties/2026-09/deals");
      expect(answer.text).toContain(`"value":"${PIPELINES.renewals}","label":"Renewals"`);
    });
  });
});

describe("the data set's deals", () => {
  const data = dataset({ seed: 7, asOf: START, companies: 0 });

  test("refer to companies and deals that exist", () => {
    const companies = new Set(data.companies.map((one) => one.id));
    for (const { companies: of } of data.deals) for (const { id } of of) expect(companies).toContain(id);
    const deals = new Set(data.deals.map((one) => one.id));
    for (const line of data.lineItems) expect(deals).toContain(line.deal);
  });

  test("show three currencies in one company, a renewal, and support packages by the line", () => {
    const meridian = data.companies.find((one) => one.role === "renewal_open")?.id;
    const own = data.deals.filter((one) => one.companies[0]?.id === meridian);
    expect(new Set(own.map((one) => one.properties.deal_currency_code))).toEqual(
      new Set(["USD", "EUR", "GBP"]),
    );
    expect(own.some((one) => one.properties.pipeline === PIPELINES.renewals)).toBe(true);
    expect(data.lineItems.filter((one) => one.properties.hs_sku === "ENT-SUPPORT")).toHaveLength(2);
  });
});
