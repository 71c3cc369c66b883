/** Deals and families through the whole service: from the CRM's records to the tier on the organization. */
import { afterEach, describe, expect, test } from "@jest/globals";
import { dataset } from "../../src/sandbox/dataset.ts";
import { startWorld, TUESDAY, type World } from "./world.ts";

const FROM_DEALS = (text: string): string =>
  text
    .replace(
      "arr: {property: arr, currency_property: arr_currency}",
      "arr: {from: deals, amount: hs_arr, start: contract_start, end: contract_end}",
    )
    .replace(
      "addons: support_addons",
      "addons: {from: line_items, start: hs_recurring_billing_start_date, end: hs_recurring_billing_end_date, scope: support_scope, deal_end: contract_end}",
    )
    .replace(
      "renewal_in_progress: renewal_open",
      'renewal_in_progress: {from: deals, open_in: ["88120044"]}',
    );

describe("facts from other records reach the tier", () => {
  const open: World[] = [];
  const start = async (policy: (text: string) => string): Promise<World> => {
    const { deals, lineItems } = dataset({ seed: 7, asOf: TUESDAY, companies: 0 });
    const world = await startWorld({ policy, crm: { deals, lineItems } });
    open.push(world);
    return world;
  };
  afterEach(async () => {
    for (const world of open.splice(0)) await world.close();
  });
  const account = async (world: World, role: string) => {
    const stored = await world.service.store.accounts.get(`hubspot:${world.customer(role).companyId}`);
    if (stored === null) throw new Error(`${role} was not taken in`);
    return stored.account;
  };

  test("deals in three currencies, an open renewal and a package for the whole group", async () => {
    const world = await start(FROM_DEALS);
    expect(await account(world, "renewal_open")).toMatchObject({
      arr: { amount: "175000.4996", currency: "USD" },
      renewalInProgress: true,
      unreadable: [],
    });
    expect(await account(world, "arr_eur")).toMatchObject({ arr: { amount: "96000", currency: "EUR" } });
    expect(await account(world, "revenue_trap")).toMatchObject({ arr: null });
    expect((await account(world, "parent")).addons).toMatchObject([{ sku: "ENT-SUPPORT", scope: "family" }]);
    const subsidiary = `hubspot:${world.customer("subsidiary").companyId}`;
    const tiers = await world.service.store.accounts.entitlements([subsidiary]);
    expect(tiers.get(subsidiary)?.reasons).toContain("grant_parent_addon:enterprise_support");
  });

  test("a deal that is lost is noticed by the next poll, and by no later one", async () => {
    const world = await start(FROM_DEALS);
    const { deals } = dataset({ seed: 7, asOf: TUESDAY, companies: 0 });
    const deal = deals.find((one) => one.companies[0]?.id === world.customer("arr_eur").companyId);
    await world.service.sync("changed");
    world.crm.deals.set(deal?.id ?? "", { hs_is_closed_won: "false" });
    world.clock.advanceTo(world.clock.now() + 60_000);
    expect((await world.service.sync("changed"))?.intake.changed).toBe(1);
    expect((await account(world, "arr_eur")).arr).toBeNull();
    world.clock.advanceTo(world.clock.now() + 60_000);
    expect((await world.service.sync("changed"))?.intake.changed).toBe(0);
  });

  test("a deal that ends tonight counts no longer after the nightly run, though nobody touched it", async () => {
    const world = await start(FROM_DEALS);
    world.clock.advanceTo(TUESDAY + 166 * 86_400_000);
    await world.service.sync("changed");
    expect((await account(world, "arr_eur")).arr).not.toBeNull();
    await world.service.sync("full");
    expect((await account(world, "arr_eur")).arr).toBeNull();
  });

  test("a child whose parent was merged keeps its stamp and is put right by the nightly run", async () => {
    const world = await start((text) => text);
    const child = world.customer("subsidiary").companyId;
    const stamp = world.crm.state.value(child, "hs_lastmodifieddate");
    const into = world.crm.merge(world.customer("parent").companyId, world.customer("lapsed").companyId);
    expect(world.crm.state.value(child, "hs_lastmodifieddate")).toBe(stamp);
    world.clock.advanceTo(world.clock.now() + 60_000);
    await world.service.sync("full");
    expect((await account(world, "subsidiary")).parentId).toBe(`hubspot:${into}`);
  });
});
