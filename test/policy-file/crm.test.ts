import { describe, expect, test } from "@jest/globals";
import { parsePolicy } from "../../src/policy/policy.ts";
import { exampleData, type Operation, patched, policyOf } from "./example.ts";

const set = (path: string, value: unknown): Operation => ({ op: "add", path, value });

function findingsOf(...operations: readonly Operation[]): readonly string[] {
  return parsePolicy(patched(exampleData(), operations)).findings.map((one) => `${one.code} ${one.path}`);
}

describe("where the facts come from", () => {
  const crm = (mapping: unknown) => findingsOf(set("/crm", { hubspot: mapping }));

  test.each([
    [{ arr: "annualrevenue" }, ["arr_is_customers_revenue crm.hubspot.arr"]],
    [{ arr: { property: " AnnualRevenue", currency: "USD" } }, ["arr_is_customers_revenue crm.hubspot.arr"]],
    [{ plan: { property: "x", on: "deal" } }, ["crm_source_not_supported crm.hubspot.plan"]],
    [{ tam: { from: "deals", amount: "x" } }, ["crm_source_not_supported crm.hubspot.tam"]],
    [{ status: { property: "s", map: { Paid: "payed" } } }, ["schema crm.hubspot.status.map.Paid"]],
    [{ plan: { property: "x", currency: "USD" } }, ["unknown_key crm.hubspot.plan.currency"]],
    [{ plann: "x" }, ["unknown_key crm.hubspot.plann"]],
  ])("%j is refused", (mapping, expected) => {
    expect(crm(mapping)).toEqual(expected);
  });

  test("another CRM or source is refused by name", () => {
    expect(findingsOf(set("/crm", { hubspt: {} }))).toEqual(["unknown_key crm.hubspt"]);
    expect(findingsOf(set("/sources", { order: { arr: ["sql.warehouse", "hubspot"] } }))).toEqual([
      "crm_source_not_supported sources.order.arr",
    ]);
    expect(findingsOf(set("/sources", { join: { "sql.warehouse": "hubspot_id" } }))).toEqual([
      'crm_source_not_supported sources.join["sql.warehouse"]',
    ]);
    expect(findingsOf(set("/sources", { order: { "*": ["hubspot"] } }))).toEqual([]);
  });

  test("a section of its own reads only what it names, the parent and the domains", () => {
    const policy = policyOf({
      tiers: [{ id: "a" }],
      crm: {
        hubspot: {
          arr: { property: "arr", currency_property: "cur" },
          status: { property: "s", map: { " LATE  Payer": "past_due" } },
        },
      },
    });
    expect(policy.crm.hubspot).toMatchObject({
      plan: null,
      arr: { property: "arr", currency: null, currencyProperty: "cur" },
      status: { property: "s", map: { "late payer": "past_due" } },
      parent: { property: "hs_parent_company_id" },
      domains: ["domain", "hs_additional_domains"],
      label: null,
    });
  });
});
