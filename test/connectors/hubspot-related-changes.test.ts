/** Changes of deals and line items, which do not move the company's own stamp. */
import { describe, expect, test } from "@jest/globals";
import { deal, withDeals } from "./hubspot-related-kit.ts";
import { collected, errorOf, NOW, running } from "./hubspot-standin.ts";

const DEALS = [deal("11", ["1"]), deal("12", ["2", "3"])];
const LINE_ITEMS = [{ id: "111", deal: "11", properties: { hs_sku: "ENT-SUPPORT" } }];
const both = { deals: DEALS, lineItems: LINE_ITEMS };

describe("a poll names the companies", () => {
  test("whose deal changed, primary or not", async () => {
    await withDeals(both, async ({ sandbox, poll }) => {
      expect(await poll()).toEqual([]);
      sandbox.deals.set("12", { hs_arr: "7" });
      expect(await poll()).toEqual(["2", "3"]);
    });
  });

  test("whose line item changed, although neither deal nor company was touched", async () => {
    await withDeals(both, async ({ sandbox, poll }) => {
      sandbox.lineItems.set("111", { hs_sku: "OTHER" });
      expect(await poll()).toEqual(["1"]);
    });
  });

  test("that got a new deal", async () => {
    await withDeals(both, async ({ sandbox, poll }) => {
      sandbox.deals.add({ properties: { hs_arr: "5" }, companies: [{ id: "3", primary: true }] });
      expect(await poll()).toEqual(["3"]);
    });
  });

  test("without a stamp, so that they are read whatever was stored", async () => {
    await withDeals(both, async ({ sandbox, crm, clock }) => {
      sandbox.deals.set("11", { hs_arr: "7" });
      const pages = await collected(crm.changes({ from: NOW, to: clock.at }, running()));
      expect(pages).toEqual([{ changed: [{ id: "1", updatedAt: null }], gone: [] }]);
    });
  });

  test("once, however often the overlapping windows see the same change", async () => {
    await withDeals(both, async ({ sandbox, poll }) => {
      sandbox.deals.set("11", { hs_arr: "7" });
      expect(await poll()).toEqual(["1"]);
      const before = sandbox.calls();
      expect(await poll()).toEqual([]);
      expect(await poll()).toEqual([]);
      const { associations, search, deals_search, line_items_search } = sandbox.calls();
      expect(associations).toBe(before.associations);
      // Nothing changed: one search for each kind of record and poll.
      expect([search, deals_search, line_items_search]).toEqual([3, 3, 3]);
      sandbox.deals.set("11", { hs_arr: "8" });
      expect(await poll()).toEqual(["1"]);
    });
  });

  test("again after a run that was not taken in", async () => {
    await withDeals(both, async ({ sandbox, crm, clock }) => {
      sandbox.deals.set("11", { hs_arr: "7" });
      clock.at += 60_000;
      const from = NOW - crm.overlapMs;
      const ids = async (): Promise<unknown> =>
        (await collected(crm.changes({ from, to: clock.at }, running()))).flatMap((page) => page.changed);
      expect(await ids()).toEqual([{ id: "1", updatedAt: null }]);
      // The cursor did not move: the window begins where it began before.
      clock.at += 60_000;
      expect(await ids()).toEqual([{ id: "1", updatedAt: null }]);
    });
  });

  test("that the index shows late", async () => {
    await withDeals({ ...both, indexLagMs: 90_000 }, async ({ sandbox, poll }) => {
      sandbox.deals.set("11", { hs_arr: "7" });
      expect(await poll()).toEqual([]);
      expect(await poll()).toEqual(["1"]);
    });
  });
});

test("10,001 deals changed in one millisecond are all found", async () => {
  const deals = Array.from({ length: 10_001 }, (_, at) => ({
    ...deal(String(500_000 + at), [String(1 + (at % 3))]),
    updatedAt: NOW,
  }));
  await withDeals({ deals }, async ({ sandbox, poll }) => {
    expect([...(await poll())].sort()).toEqual(["1", "2", "3"]);
    // 200 a page, 10,000 a query, then one more; links a thousand at a time.
    expect(sandbox.calls()).toMatchObject({ deals_search: 51, associations: 11 });
  });
});

test("the walk over everything tells no stamps, since deals end without moving any", async () => {
  await withDeals(both, async ({ crm }) => {
    const pages = await collected(crm.all(running()));
    const changed = pages.flatMap((page) => page.changed);
    expect(changed.map((one) => [one.id, one.updatedAt])).toEqual([
      ["1", null],
      ["2", null],
      ["3", null],
    ]);
  });
});

test("a daily limit reached while deals are looked for ends the run as a pause", async () => {
  await withDeals({ ...both, limits: { perDay: 2 } }, async ({ sandbox, crm, poll }) => {
    sandbox.deals.set("11", { hs_arr: "7" });
    const error = await errorOf(poll() as Promise<unknown>);
    expect(error.name).toBe("Paused");
    expect(crm.budget?.()).toMatchObject({ limit: 2, remaining: 0 });
  });
});
