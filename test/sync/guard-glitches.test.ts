import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type GuardWorld, startGuardWorld } from "./guard-world.ts";

let w: GuardWorld;
beforeAll(async () => {
  w = await startGuardWorld();
}, 60_000);
afterAll(() => w.close());

type Values = Readonly<Record<string, string | null>>;
const saved = new Map<string, Values>();
let before: Values = {};
let alerts = 0;

beforeEach(() => {
  before = w.shown();
  alerts = w.alerts.length;
});

/** The CRM is repaired: everything held is released by itself. */
afterEach(async () => {
  w.crm.clearFaults();
  for (const [id, values] of saved) w.crm.setCompany(id, values);
  saved.clear();
  await w.restart();
  await w.sync("full");
  expect((await w.store.guard.waiting()).length).toBe(0);
  expect(w.lowered(before)).toEqual([]);
});

/** Edits companies so that it can be taken back. */
function spoil(ids: readonly string[], change: (values: Values) => Values): void {
  const companies = new Map(w.crm.state.companies().map((c) => [c.id, c.properties]));
  for (const id of ids) {
    const values = companies.get(id) ?? {};
    const changed = change(values);
    saved.set(id, Object.fromEntries(Object.keys(changed).map((key) => [key, values[key] ?? null])));
    w.crm.setCompany(id, changed);
  }
}

const everybody = () => w.data.companies.map((c) => c.id);
const served = (role: string) => w.data.companies.find((c) => c.role === role)?.id ?? "";

describe("a CRM that goes wrong demotes nobody", () => {
  test.each<readonly [string, (values: Values) => Values]>([
    [
      "all plans, amounts and packages are empty",
      () => ({ plan_tier: null, arr: null, support_addons: null }),
    ],
    [
      "every amount is a hundredth and every plan is Starter",
      (v) => ({ arr: String(Number(v.arr ?? 0) / 100), plan_tier: "Starter", support_addons: null }),
    ],
    ["everybody is marked as unpaid", () => ({ account_status: "Unpaid" })],
    ["every contract ended yesterday", () => ({ contract_end_date: "2026-06-08" })],
    ["every plan is a word nobody knows", () => ({ plan_tier: "Tier 3", arr: null, support_addons: null })],
  ])("%s", async (_what, change) => {
    spoil(everybody(), change);
    const report = await w.sync();
    expect(w.lowered(before)).toEqual([]);
    expect(report.held?.codes).toContain("too_many_demotions");
    expect(report.held?.demotions.length).toBeGreaterThan(20);
    const told = w.alerts.slice(alerts);
    expect(told.map((line) => line.message)).toEqual(["changes held by the brake"]);
    expect(told[0]?.accounts).toContainEqual(expect.stringMatching(/^.+ \(hubspot:\d+\): \w+ → standard$/));
    expect(await w.ticketTier(served("addon_tam"))).toBe("enterprise_support");

    const again = await w.sync();
    expect([again.held, again.intake.changed, again.changes]).toEqual([null, 0, []]);
    expect(again.waiting).toBe((await w.store.guard.waiting())[0]?.records);
    expect(w.alerts.length).toBe(alerts + 1);
    expect((await w.sync("full")).held).toBeNull();
    expect(w.lowered(before)).toEqual([]);
  });

  test("a wrong factor of a hundred upwards flows, and coming back from it is held", async () => {
    const small = w.having("standard").slice(0, 40);
    spoil(small, () => ({ account_status: "Active", arr: "900000", contract_end_date: null }));
    expect((await w.sync()).held).toBeNull();
    expect(w.having("enterprise").length).toBeGreaterThan(30);
    const high = w.shown();
    for (const id of small) w.crm.setCompany(id, { arr: "9000" });
    expect((await w.sync()).held?.demotions.length).toBeGreaterThan(20);
    expect(w.lowered(high)).toEqual([]);
    const [run] = await w.store.guard.waiting();
    for (const id of small) w.crm.setCompany(id, { arr: "900000" });
    await w.sync();
    expect(run?.records).toBeGreaterThan(20);
    expect(await w.store.guard.waiting()).toEqual([]);
    before = {};
    saved.clear();
  });

  test("an empty listing takes nobody for gone", async () => {
    const undo = w.crm.fault({
      method: "GET",
      path: /objects\/.*companies\?/,
      times: Number.POSITIVE_INFINITY,
      status: 200,
      body: { results: [] },
    });
    const report = await w.sync("full");
    undo();
    expect(report.held?.codes).toContain("listing_shrank");
    expect(report.intake.gone).toBe(0);
    expect(w.lowered(before)).toEqual([]);
    expect(report.waiting).toBeGreaterThanOrEqual(w.data.companies.length);
    expect(await w.ticketTier(served("addon_tam"))).toBe("enterprise_support");
  });

  test("a listing that ends early takes nobody for gone either", async () => {
    const undo = w.crm.fault({
      method: "GET",
      path: /objects\/.*companies\?.*after=/,
      times: Number.POSITIVE_INFINITY,
      status: 200,
      body: { results: [] },
    });
    const report = await w.sync("full");
    expect(report.held?.codes).toContain("listing_shrank");
    const later = await w.sync("full");
    undo();
    expect([report.intake.gone, later.intake.gone, later.held]).toEqual([0, 0, null]);
    const [first] = report.held?.demotions ?? [];
    expect((await w.store.accounts.get(first?.accountId ?? ""))?.account.goneOn).toBeNull();
  });

  test("a property that was renamed is refused before anything is read", async () => {
    const names = w.crm.state.properties().filter((p) => p.name !== "plan_tier");
    const undo = w.crm.fault({
      method: "GET",
      path: /properties\/.*compan/,
      times: Number.POSITIVE_INFINITY,
      status: 200,
      body: { results: names },
    });
    await expect(w.sync()).rejects.toMatchObject({ message: expect.stringContaining("plan_tier") });
    undo();
    expect(w.lowered(before)).toEqual([]);
  });
});
