/** Facts that stand on deals and line items: what is handed over for each company. */
import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { deal, LINES, OPEN, RELATED, WON, withDeals } from "./hubspot-related-kit.ts";
import { errorOf, HOME, opened, running } from "./hubspot-standin.ts";

const text = (more: Readonly<Record<string, unknown>> = {}) => ({
  amount: "100",
  currency: "USD",
  start: null,
  end: null,
  doubt: null,
  ...more,
});

describe("which deals are a company's", () => {
  test("every won deal is handed over with its currency and dates; open and lost ones are not", async () => {
    const deals = [
      deal("11", ["1"], { contract_start: "2026-01-01", contract_end: "2026-12-31" }),
      deal("12", ["1"], { hs_arr: "50.5", deal_currency_code: "EUR" }),
      deal("13", ["1"], OPEN),
      deal("14", ["1"], { hs_is_closed_won: "false" }),
    ];
    await withDeals({ deals }, async ({ handed }) => {
      expect(await handed("1", "deals.arr")).toEqual([
        text({ start: "2026-01-01", end: "2026-12-31" }),
        text({ amount: "50.5", currency: "EUR" }),
      ]);
      expect(await handed("2", "deals.arr")).toEqual([]);
    });
  });

  test("a deal counts for its primary company, not for the reseller beside it", async () => {
    await withDeals({ deals: [deal("11", ["1", "2"])] }, async ({ handed }) => {
      expect(await handed("1", "deals.arr")).toEqual([text()]);
      expect(await handed("2", "deals.arr")).toEqual([]);
    });
  });

  test("without a primary company it counts for the only one it has, and is told with each of several", async () => {
    const deals = [deal("11", ["1"], {}, "none"), deal("12", ["2", "3"], {}, "none")];
    await withDeals({ deals }, async ({ handed }) => {
      expect(await handed("1", "deals.arr")).toEqual([text()]);
      expect(await handed("2", "deals.arr")).toEqual([text({ doubt: "shared" })]);
      expect(await handed("3", "deals.arr")).toEqual([text({ doubt: "shared" })]);
    });
  });

  test("deals follow their companies through a merge", async () => {
    await withDeals({ deals: [deal("11", ["1"]), deal("12", ["2"])] }, async ({ sandbox, handed }) => {
      const into = sandbox.merge("1", "2");
      expect(await handed(into, "deals.arr")).toEqual([text(), text()]);
    });
  });

  test("only deals of the named pipelines count, where some are named", async () => {
    const arr = { ...RELATED["deals.arr"], pipelines: ["default"] } as (typeof RELATED)[string];
    const deals = [deal("11", ["1"]), deal("12", ["1"], { pipeline: OPEN.pipeline })];
    await withDeals({ deals }, async ({ handed }) => expect(await handed("1", "deals.arr")).toHaveLength(1), {
      "deals.arr": arr,
    });
  });

  test("500 deals of one company come page by page", async () => {
    const deals = Array.from({ length: 500 }, (_, at) => deal(String(1000 + at), ["1"]));
    await withDeals({ deals, linkPage: 200 }, async ({ sandbox, handed }) => {
      expect(await handed("1", "deals.arr")).toHaveLength(500);
      expect(sandbox.calls()).toMatchObject({ deals_batch_read: 5 });
      expect(sandbox.calls().associations).toBe(3);
    });
  });
});

describe("a renewal", () => {
  test.each([
    ["is open while a deal is open in one of the pipelines", OPEN, true],
    ["is not open in another pipeline", { ...OPEN, pipeline: "default" }, false],
    ["is not open once the deal is won", { ...WON, pipeline: OPEN.pipeline }, false],
    ["is not open once the deal is lost", { ...OPEN, hs_is_closed: "true" }, false],
  ])("%s", async (_name, state, expected) => {
    await withDeals({ deals: [deal("11", ["1"], state)] }, async ({ handed }) => {
      expect(await handed("1", "deals.renewal")).toBe(expected);
    });
  });
});

describe("line items", () => {
  const line = (id: string, of: string, properties: Readonly<Record<string, string | null>>) => ({
    id,
    deal: of,
    properties: { hs_sku: "ENT-SUPPORT", ...properties },
  });

  test("of won deals are handed over with dates and scope; without an end the deal's counts", async () => {
    const deals = [deal("11", ["1"], { contract_end: "2027-01-31" }), deal("12", ["1"], OPEN)];
    const lineItems = [
      line("111", "11", { hs_recurring_billing_start_date: "2026-02-01", support_scope: "family" }),
      line("112", "11", { hs_recurring_billing_end_date: "2026-12-31" }),
      line("121", "12", {}),
    ];
    await withDeals({ deals, lineItems }, async ({ handed }) => {
      expect(await handed("1", "line_items.addons")).toEqual([
        { sku: "ENT-SUPPORT", start: "2026-02-01", end: "2027-01-31", scope: "family", doubt: null },
        { sku: "ENT-SUPPORT", start: null, end: "2026-12-31", scope: null, doubt: null },
      ]);
    });
  });

  test("of a deal without a primary company among several are told and granted to nobody", async () => {
    const deals = [deal("11", ["1", "2"], {}, "none")];
    await withDeals({ deals, lineItems: [line("111", "11", {})] }, async ({ handed }) => {
      expect(await handed("1", "line_items.addons")).toEqual([
        { sku: null, start: null, end: null, scope: null, doubt: "shared" },
      ]);
    });
  });
});

describe("what it costs and what it needs", () => {
  test("a mapping of company properties alone asks nothing about deals", async () => {
    await withDeals(
      { deals: [deal("11", ["1"])] },
      async ({ sandbox, crm, poll }) => {
        await crm.fields();
        await poll();
        await crm.read(["1"], ["plan_tier"], running());
        expect(sandbox.calls()).toEqual({ properties: 1, search: 1, batch_read: 1 });
      },
      {},
    );
  });

  test("only what was asked for is read", async () => {
    await withDeals({ deals: [deal("11", ["1"])] }, async ({ sandbox, crm }) => {
      await crm.read(["1"], ["plan_tier"], running());
      expect(sandbox.calls()).toEqual({ batch_read: 1 });
    });
  });

  test("the facts are fields of their own, with a caution where the amount is a trap", async () => {
    await withDeals({}, async ({ crm }) => {
      const fields = (await crm.fields()).filter((field) => field.type === "related");
      expect(fields.map((field) => field.name)).toEqual(Object.keys(RELATED));
      expect(fields[0]?.caution).toContain("130,000");
    });
  });

  test.each([
    ["a deal property", { "deals.arr": { ...RELATED["deals.arr"], end: "contract_ende" } }, "contract_end?"],
    ["a line item property", { "line_items.addons": { ...LINES, sku: "sku" } }, "Correct sku"],
    [
      "a pipeline",
      { "deals.renewal": { kind: "open_deals", pipelines: ["Renewals"] } },
      "88120044 (Renewals)",
    ],
  ])("%s that does not exist is refused before anything is read", async (_name, related, fix) => {
    await withDeals(
      {},
      async ({ crm }) => {
        const error = await errorOf(crm.fields());
        expect(error.name).toBe("NeedsAdmin");
        expect((error as unknown as { readonly fix: string }).fix).toContain(fix);
      },
      related as typeof RELATED,
    );
  });

  test("a token that loses the scope for deals stops the run and names it; nobody is left without deals", async () => {
    const scopes = ["crm.objects.companies.read", "crm.schemas.companies.read"];
    await withDeals({ scopes, deals: [deal("11", ["1"])] }, async ({ crm }) => {
      const error = await errorOf(crm.read(["1"], ["deals.arr"], running()));
      expect(error).toMatchObject({ name: "NeedsAdmin" });
      expect(error.message).toContain("crm.objects.deals.read");
    });
  });
});

describe("answers that are only half an answer", () => {
  const LINKS = "/crm/associations/2026-09/companies/deals/batch/read";
  const DEALS = "/crm/objects/2026-09/deals/batch/read";
  const company = () =>
    nock(HOME)
      .post("/crm/objects/2026-09/companies/batch/read")
      .reply(200, { results: [{ id: "1" }] });
  const to = (...ids: readonly unknown[]) => ({
    from: { id: "1" },
    to: ids.map((id) => ({
      toObjectId: id,
      associationTypes: [{ category: "HUBSPOT_DEFINED", typeId: 6, label: null }],
    })),
  });
  const related = { "deals.arr": RELATED["deals.arr"] } as typeof RELATED;
  const read = () => opened({ related }).read(["1"], ["deals.arr"], running());
  const handed = async () => JSON.parse((await read()).accounts[0]?.values["deals.arr"] ?? "");

  test("links that HubSpot could not tell are tried again, never taken for no deals", async () => {
    company();
    nock(HOME)
      .post(LINKS)
      .reply(207, {
        results: [],
        errors: [{ category: "INTERNAL_ERROR", context: { fromObjectId: ["1"] } }],
      });
    expect((await errorOf(read())).name).toBe("TryAgain");
  });

  test("a company without deals may be told as an error, as nothing, or as 404", async () => {
    const none = { category: "OBJECT_NOT_FOUND", subCategory: "crm.associations.NO_ASSOCIATIONS_FOUND" };
    for (const [status, body] of [
      [207, { results: [], errors: [none] }],
      [200, { results: [] }],
      [404, { ...none, status: "error" }],
    ] as const) {
      company();
      nock(HOME).post(LINKS).reply(status, body);
      expect(await handed()).toEqual([]);
    }
  });

  test("a page of links that repeats itself ends the run", async () => {
    company();
    const again = { ...to("11"), paging: { next: { after: "x" } } };
    nock(HOME)
      .post(LINKS)
      .times(2)
      .reply(200, { results: [again] });
    expect((await errorOf(read())).message).toContain("repeats the same page");
  });

  test("a link or a deal that cannot be read leaves a mark; the others count", async () => {
    company();
    nock(HOME)
      .post(LINKS)
      .reply(200, { results: [to("11", { no: "id" }, 12)] });
    const won = {
      id: "11",
      properties: { hs_is_closed_won: "true", hs_arr: "100", deal_currency_code: "USD" },
    };
    nock(HOME)
      .post(DEALS)
      .reply(200, { results: [won, "???"] });
    nock(HOME)
      .post(DEALS)
      .reply(200, { results: ["???"] });
    const unread = { amount: null, currency: null, start: null, end: null, doubt: "unread" };
    expect(await handed()).toEqual([text(), unread, unread]);
  });

  test("two deals that were merged are one; a deleted one is none", async () => {
    company();
    nock(HOME)
      .post(LINKS)
      .reply(200, { results: [to("11", "12", "13")] });
    const merged = {
      id: "14",
      properties: { hs_is_closed_won: "true", hs_arr: "100", deal_currency_code: "USD" },
    };
    const errors = [{ category: "OBJECT_NOT_FOUND", context: { ids: ["13"] } }];
    nock(HOME)
      .post(DEALS)
      .reply(207, { results: [merged], errors });
    nock(HOME)
      .post(DEALS)
      .times(2)
      .reply(200, { results: [merged] });
    expect(await handed()).toEqual([text()]);
  });
});
