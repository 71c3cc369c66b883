import { describe, expect, test } from "@jest/globals";
import type { Account, CrmMapping, SourcesPolicy } from "../../src/policy/model.ts";
import { parsePolicy } from "../../src/policy/policy.ts";
import { mergedAccount, type SourceFacts, statedByAccount, statedFacts } from "../../src/policy/sources.ts";
import { account } from "../builders.ts";
import { policyOf } from "./example.ts";

const TIERS = { tiers: [{ id: "standard" }, { id: "pro" }] };
const WAREHOUSE = { query: "select 1", key: "id", arr: { property: "arr_usd", currency: "USD" } };

const findings = (more: object): readonly string[] =>
  parsePolicy({ ...TIERS, ...more }).findings.map((one) => `${one.code} ${one.path}`);

describe("files and queries as a CRM", () => {
  test("a file reads only what is named; nothing has a usual name there, and HubSpot is not asked any more", () => {
    const policy = policyOf({ ...TIERS, crm: { csv: { key: "id", plan: "tier", delimiter: "tab" } } });
    expect(Object.keys(policy.crm)).toEqual(["csv"]);
    expect(policy.crm.csv).toMatchObject({
      plan: { property: "tier" },
      parent: null,
      domains: [],
      label: null,
    });
    expect(policy.tables).toEqual({
      csv: { kind: "csv", key: "id", name: null, encoding: null, delimiter: "\t" },
    });
    expect(policy.sources).toEqual({ first: "csv", join: {}, order: {}, others: ["csv"] });
  });

  test("several queries have names", () => {
    const policy = policyOf({
      ...TIERS,
      crm: {
        hubspot: { plan: "plan_tier" },
        sql: {
          warehouse: WAREHOUSE,
          billing: { table: "billing.accounts", key: "account", updated_at: "seen" },
        },
      },
      sources: {
        order: { arr: ["sql.warehouse", "hubspot"], contract_end: ["sql.billing"], "*": ["hubspot"] },
        join: { "sql.warehouse": "hubspot_id", "sql.billing": "crm_id" },
      },
    });
    expect(Object.keys(policy.crm)).toEqual(["hubspot", "sql.warehouse", "sql.billing"]);
    expect(policy.tables["sql.billing"]).toEqual({
      kind: "sql",
      from: { table: "billing.accounts" },
      key: "account",
      name: null,
      updatedAt: "seen",
    });
    expect(policy.sources).toEqual({
      first: "hubspot",
      join: { "sql.warehouse": "hubspot_id", "sql.billing": "crm_id" },
      order: { arr: ["sql.warehouse", "hubspot"], contractEnd: ["sql.billing"] },
      others: ["hubspot"],
    });
  });

  test.each<[string, object, readonly string[]]>([
    ["without a key", { csv: { plan: "tier" } }, ["schema crm.csv.key"]],
    ["with a fact nobody knows", { csv: { key: "id", plann: "x" } }, ["unknown_key crm.csv.plann"]],
    [
      "with an encoding nobody knows",
      { csv: { key: "id", encoding: "latin1" } },
      ["schema crm.csv.encoding"],
    ],
    [
      "that the tier should be written to",
      { csv: { key: "id", label: "tier" } },
      ["crm_source_not_supported crm.csv.label"],
    ],
    [
      "whose ARR is the customer's turnover",
      { csv: { key: "id", arr: "annualrevenue" } },
      ["arr_is_customers_revenue crm.csv.arr"],
    ],
    ["with deals", { csv: { key: "id", arr: { from: "deals" } } }, ["crm_source_not_supported crm.csv.arr"]],
    ["with both a query and a table", { sql: { ...WAREHOUSE, table: "t" } }, ["schema crm.sql"]],
    ["with neither", { sql: { key: "id" } }, ["schema crm.sql"]],
    [
      "with a mistake in a named one",
      { sql: { warehouse: { ...WAREHOUSE, keyy: "x" } } },
      ["unknown_key crm.sql.warehouse.keyy"],
    ],
    ["that is no mapping", { csv: "customers.csv" }, ["schema crm.csv"]],
  ])("one %s is refused where it stands", (_what, crm, expected) => {
    expect(findings({ crm })).toEqual(expected);
  });

  test("what is wrong is said in words that help", () => {
    const [finding] = parsePolicy({ ...TIERS, crm: { csv: { key: "id", plann: "x" } } }).findings;
    expect(finding?.fix).toBe('Write "plan" instead of "plann".');
  });
});

describe("several sources", () => {
  const crm = { hubspot: { plan: "p" }, sql: { warehouse: WAREHOUSE } };
  const join = { "sql.warehouse": "hubspot_id" };
  const order = { arr: ["sql.warehouse", "hubspot"], "*": ["hubspot"] };

  test.each<[string, object, readonly string[]]>([
    ["are told apart by who defines the accounts", { crm }, ["sources_unclear sources"]],
    ["need a property that joins them", { crm, sources: { order } }, ["sources_unclear sources"]],
    ["are all used", { crm, sources: { order: { "*": ["hubspot"] }, join } }, ["sources_unclear sources"]],
    [
      "do not join the first to itself",
      { crm, sources: { order, join: { ...join, hubspot: "id" } } },
      ["sources_unclear sources.join.hubspot"],
    ],
    [
      "are named as they are described",
      { crm, sources: { order: { "*": ["hubspot", "sql"] }, join } },
      ['crm_source_not_supported sources.order["*"]'],
    ],
    [
      "say known facts",
      { crm, sources: { order: { ...order, arrr: ["hubspot"] }, join } },
      ["unknown_key sources.order.arrr"],
    ],
    [
      "leave the parent to the first",
      { crm, sources: { order: { ...order, parent: ["hubspot"] }, join } },
      ["unknown_key sources.order.parent"],
    ],
    ["are fine when all is said", { crm, sources: { order, join } }, []],
    ["are no question where there is one", { crm: { sql: WAREHOUSE } }, []],
  ])("%s", (_what, more, expected) => {
    expect(findings(more)).toEqual(expected);
  });
});

const ORDER: SourcesPolicy = {
  first: "hubspot",
  join: { sql: "hubspot_id" },
  order: { arr: ["sql", "hubspot"], plan: ["hubspot", "sql"], status: ["sql", "hubspot"] },
  others: ["hubspot"],
};

/** An account of which nothing is known but what the test says. */
function blank(changes: Partial<Account>): Account {
  return account({
    id: "hubspot:1",
    name: null,
    contractStart: null,
    contractEnd: null,
    syncedAt: 2_000,
    ...changes,
  });
}

function says(source: string, changes: Partial<Account>, stated?: readonly string[]): SourceFacts {
  const one = blank(changes);
  return { source, account: one, stated: stated ?? statedByAccount(one) };
}

const usd = (amount: string) => ({ amount, currency: "USD" });

describe("putting an account together", () => {
  const merged = (hubspot: SourceFacts, ...others: readonly SourceFacts[]): Account =>
    mergedAccount(hubspot, others, ORDER);

  test("each fact comes from the first source that states it, amount and currency together", () => {
    const one = merged(
      says("hubspot", {
        name: "Acme",
        plan: "Pro",
        arr: { amount: "1", currency: "EUR" },
        contractEnd: "2026-12-31",
      }),
      says("sql", { name: "ACME INC", plan: "Free", arr: usd("90000"), contractEnd: "2030-01-01" }),
    );
    expect(one).toMatchObject({ name: "Acme", plan: "Pro", arr: usd("90000"), contractEnd: "2026-12-31" });
  });

  test("an empty value falls through to the next source", () => {
    const one = merged(says("hubspot", { arr: usd("5") }), says("sql", { plan: "Pro" }));
    expect([one.plan, one.arr]).toEqual(["Pro", usd("5")]);
  });

  test("an unreadable value does not: the fact is unknown and somebody looks at it", () => {
    const one = merged(says("hubspot", { arr: usd("5") }), says("sql", { unreadable: ["arr"] }));
    expect([one.arr, one.unreadable]).toEqual([null, ["arr"]]);
  });

  test("what a source cannot read is no doubt where another one is asked first", () => {
    const one = merged(says("hubspot", { unreadable: ["arr"] }), says("sql", { arr: usd("7") }));
    expect([one.arr, one.unreadable]).toEqual([usd("7"), []]);
  });

  test("a source that is not in the order of a fact is not asked, however empty the others are", () => {
    const one = merged(
      says("hubspot", {}),
      says("sql", { contractEnd: "2030-01-01", domains: ["x.example"] }),
    );
    expect([one.contractEnd, one.domains]).toEqual([null, []]);
  });

  test("two rows of one source that agree count as one; where they differ neither is believed", () => {
    const agree = merged(
      says("hubspot", { arr: usd("5") }),
      says("sql", { arr: usd("9") }),
      says("sql", { arr: usd("9") }),
    );
    const differ = merged(
      says("hubspot", { arr: usd("5") }),
      says("sql", { arr: usd("9") }),
      says("sql", { arr: usd("8") }),
    );
    expect([agree.arr, agree.unreadable]).toEqual([usd("9"), []]);
    expect([differ.arr, differ.unreadable]).toEqual([null, ["arr"]]);
  });

  test("a trial brings its end and kind from the source that calls it one", () => {
    const trial = { poc: true, end: "2026-07-01" };
    const one = merged(says("hubspot", { status: "on_hold" }), says("sql", { status: "trial", trial }));
    const ended = merged(
      says("hubspot", { status: "trial", trial }),
      says("sql", { status: "active" }, ["status"]),
    );
    expect([one.status, one.trial]).toEqual(["trial", trial]);
    expect([ended.status, ended.trial]).toEqual(["active", null]);
  });

  test("the facts are as old as the oldest source; id, parent and deletion are the first source's", () => {
    const one = merged(
      says("hubspot", { syncedAt: 2_000, parentId: "hubspot:9", goneOn: "2026-01-01" }),
      says("sql", { id: "sql:1", syncedAt: 1_000, parentId: "sql:7" }),
    );
    expect(one).toMatchObject({
      id: "hubspot:1",
      syncedAt: 1_000,
      parentId: "hubspot:9",
      goneOn: "2026-01-01",
    });
  });

  test("with one source nothing changes", () => {
    const all = blank({
      ...{ name: "A", plan: "Pro", arr: usd("1"), status: "trial", trial: { poc: false, end: null } },
      ...{
        addons: [{ sku: "S", start: null, end: null, scope: "account" as const }],
        unreadable: ["trialEnd", "parent"],
      },
      ...{
        renewalInProgress: true,
        standalone: true,
        domains: ["a.example"],
        tam: { agent: "t@x.example", active: true },
      },
    });
    const order: SourcesPolicy = { first: "hubspot", join: {}, order: {}, others: ["hubspot"] };
    expect(mergedAccount(says("hubspot", all), [], order)).toEqual(all);
  });
});

describe("what a record states", () => {
  const mapping: CrmMapping | undefined = policyOf({
    ...TIERS,
    crm: { csv: { key: "id", status: "state", renewal_in_progress: "renewal", plan: "plan" } },
  }).crm.csv;

  test.each<[Readonly<Record<string, string | null>>, readonly string[]]>([
    [{ state: "", renewal: " ", plan: null }, []],
    [{ state: "active", renewal: "no" }, ["status", "renewalInProgress"]],
    [{ state: null, renewal: "false" }, ["renewalInProgress"]],
  ])("%j states %j", (values, expected) => {
    if (mapping === undefined) throw new Error("the policy maps no file");
    expect(statedFacts(values, mapping, blank({}))).toEqual(expected);
  });
});
