import { describe, expect, test } from "@jest/globals";
import { accountOf, propertiesOf } from "../../src/policy/facts.ts";
import type { CrmMapping, DealText, LineText } from "../../src/policy/model.ts";
import { parsePolicy } from "../../src/policy/policy.ts";
import { relatedSources } from "../../src/policy/related-facts.ts";
import { policyOf } from "./example.ts";

/** 9 June 2026, 23:30 in Berlin. */
const AT = Date.UTC(2026, 5, 9, 21, 30);

const MAPPING = policyOf({
  timezone: "Europe/Berlin",
  currency: { base: "USD", rates: { USD: 1, EUR: 1.08, GBP: 1.27 } },
  tiers: [{ id: "standard" }, { id: "gold", eligibility: { any: [{ addon: "ENT-SUPPORT" }] } }],
  crm: {
    hubspot: {
      arr: { from: "deals", amount: "hs_arr", start: "contract_start", end: "contract_end" },
      renewal_in_progress: { from: "deals", open_in: ["88120044"] },
      addons: { from: "line_items", scope: "support_scope", deal_end: "contract_end" },
    },
  },
}).crm.hubspot as CrmMapping;

function read(values: Readonly<Record<string, string | null>>) {
  return accountOf({ id: "1", name: null, values }, MAPPING, { idPrefix: "hubspot:", syncedAt: AT });
}

const deal = (more: Partial<DealText> = {}): DealText => ({
  amount: "1000",
  currency: "USD",
  start: null,
  end: null,
  doubt: null,
  ...more,
});

const arrOf = (...deals: readonly DealText[]) => {
  const { account, problems } = read({ "deals.arr": JSON.stringify(deals) });
  return { arr: account.arr, unreadable: account.unreadable, told: problems.map((one) => one.detail) };
};

const clear = (amount: string | null, currency: string | null = "USD") => ({
  arr: amount === null ? null : { amount, currency },
  unreadable: [],
  told: [],
});

describe("ARR added up from deals", () => {
  test.each([
    ["begun today", { start: "2026-06-09" }, "1000"],
    ["beginning tomorrow", { start: "2026-06-10" }, null],
    ["ending today, in the policy's zone", { end: "2026-06-09" }, "1000"],
    ["ended yesterday", { end: "2026-06-08" }, null],
    ["without any date", {}, "1000"],
    ["without an amount", { amount: null }, null],
    ["of nothing", { amount: "0" }, "0"],
  ])("a deal %s", (_name, more, amount) => {
    expect(arrOf(deal(more))).toEqual(clear(amount));
  });

  test("deals in one currency stay in it, exactly", () => {
    const deals = [deal({ amount: "0.1", currency: "eur" }), deal({ amount: "0.2", currency: "EUR" })];
    expect(arrOf(...deals)).toEqual(clear("0.3", "EUR"));
  });

  test("deals in three currencies become the base currency at the book rates, unrounded", () => {
    const three = [
      deal({ amount: "70000.50" }),
      deal({ amount: "50000", currency: "EUR" }),
      deal({ amount: "40157.48", currency: "GBP" }),
    ];
    expect(arrOf(...three)).toEqual(clear("175000.4996"));
  });

  test("a contraction is subtracted", () => {
    expect(arrOf(deal(), deal({ amount: "-400" }))).toEqual(clear("600"));
  });

  test("a currency alone that has no rate is kept for the rules, which tell a person", () => {
    expect(arrOf(deal({ currency: "XAU" }))).toEqual(clear("1000", "XAU"));
    expect(arrOf(deal({ currency: null }))).toEqual(clear("1000", null));
  });

  test.each([
    ["a currency without a rate", { amount: "7", currency: "XAU" }, "7 XAU"],
    ["no currency", { amount: "7", currency: null }, "7 of unknown currency"],
    ["an amount that is none", { amount: "12k" }, "12k"],
    [
      "several companies and no primary one",
      { doubt: "shared" as const },
      "a deal of several companies, none",
    ],
    ["values nobody could read", { doubt: "unread" as const }, "could not be read"],
  ])("one deal with %s is left out and told, the others count", (_name, more, told) => {
    const result = arrOf(deal(), deal(more));
    expect(result.arr).toEqual({ amount: "1000", currency: "USD" });
    expect(result.unreadable).toEqual(["arr"]);
    expect(result.told.join()).toContain(told);
  });

  test.each([
    ["an end nobody can read", { end: "soon" }, "soon"],
    ["a start after the end", { start: "2027-01-01", end: "2026-01-01" }, "2027-01-01 to 2026-01-01"],
  ])("a deal with %s counts, since they paid, and is told", (_name, more, told) => {
    const result = arrOf(deal(more));
    expect(result).toEqual({ arr: { amount: "1000", currency: "USD" }, unreadable: ["arr"], told: [told] });
  });

  test("no deals is no ARR, and a list that is none is in review", () => {
    expect(arrOf()).toEqual(clear(null));
    expect(read({}).account).toMatchObject({ arr: null, unreadable: [] });
    expect(read({ "deals.arr": "[1]" }).account).toMatchObject({ arr: null, unreadable: ["arr"] });
  });
});

describe("add-ons as line items", () => {
  const line = (more: Partial<LineText> = {}): LineText => ({
    sku: "ENT-SUPPORT",
    start: "2026-01-01",
    end: "2026-12-31",
    scope: null,
    doubt: null,
    ...more,
  });
  const addonsOf = (...lines: readonly LineText[]) => {
    const { account } = read({ "line_items.addons": JSON.stringify(lines) });
    return { addons: account.addons, unreadable: account.unreadable };
  };
  const plain = { sku: "ENT-SUPPORT", start: "2026-01-01", end: "2026-12-31", scope: "account" };

  test("each line keeps its dates and whom it covers", () => {
    const lines = [line(), line({ scope: "Family", start: null, end: null })];
    expect(addonsOf(...lines)).toEqual({
      addons: [plain, { sku: "ENT-SUPPORT", start: null, end: null, scope: "family" }],
      unreadable: [],
    });
  });

  test("lines of ordinary products are no add-ons, and no reason for a review", () => {
    expect(addonsOf(line({ sku: "PLATFORM-ENT" }), line({ sku: null }))).toEqual({
      addons: [],
      unreadable: [],
    });
  });

  test("the SKU is compared without regard to case and blanks", () => {
    expect(addonsOf(line({ sku: " ent-support " })).addons).toEqual([plain]);
  });

  test("a line in doubt is told and grants nothing; a date nobody can read is open", () => {
    expect(addonsOf(line({ doubt: "shared" }))).toEqual({ addons: [], unreadable: ["addons"] });
    expect(addonsOf(line({ end: "n/a" }))).toEqual({
      addons: [{ ...plain, end: null }],
      unreadable: ["addons"],
    });
  });
});

test("an open renewal deal is handed over as yes or no", () => {
  expect(read({ "deals.renewal": "true" }).account.renewalInProgress).toBe(true);
  expect(read({ "deals.renewal": "false" }).account.renewalInProgress).toBe(false);
});

describe("the mapping", () => {
  test("asks for each of these facts under a name that no property has", () => {
    const names = ["deals.arr", "line_items.addons", "deals.renewal"];
    expect(propertiesOf(MAPPING)).toEqual(expect.arrayContaining(names));
    expect(Object.keys(relatedSources(MAPPING)).sort()).toEqual([...names].sort());
    expect(relatedSources(policyOf({ tiers: [{ id: "a" }] }).crm.hubspot as CrmMapping)).toEqual({});
  });

  const findings = (hubspot: unknown) =>
    parsePolicy({ tiers: [{ id: "a" }], crm: { hubspot } }).findings.map((one) => `${one.code} ${one.path}`);

  test.each([
    [{ arr: { from: "deals", amount: "hs_arr" } }, ["schema crm.hubspot.arr.end"]],
    [{ arr: { from: "deals", amount: "a", end: "e", won: true } }, ["unknown_key crm.hubspot.arr.won"]],
    [{ arr: { from: "line_items", amount: "a" } }, ["crm_source_not_supported crm.hubspot.arr"]],
    [{ addons: { from: "deals" } }, ["crm_source_not_supported crm.hubspot.addons"]],
    [{ plan: { from: "deals", amount: "a" } }, ["crm_source_not_supported crm.hubspot.plan"]],
    [
      { renewal_in_progress: { from: "deals", open_in: [] } },
      ["schema crm.hubspot.renewal_in_progress.open_in"],
    ],
    [{ renewal_in_progress: { from: "deals" } }, ["schema crm.hubspot.renewal_in_progress.open_in"]],
    [{ arr: { property: "arr", curency: "USD" } }, ["unknown_key crm.hubspot.arr.curency"]],
    [{ arr: { from: "company", property: "arr", currency: "USD" } }, []],
    [{ addons: { from: "line_items" } }, []],
  ])("%j", (mapping, expected) => {
    expect(findings(mapping)).toEqual(expected);
  });
});
