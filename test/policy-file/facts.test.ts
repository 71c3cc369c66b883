import { describe, expect, test } from "@jest/globals";
import { readDomain } from "../../src/policy/fact-kinds.ts";
import { accountOf, propertiesOf } from "../../src/policy/facts.ts";
import type { Account, CrmMapping } from "../../src/policy/model.ts";
import { plainSource } from "../../src/policy/policy-defaults.ts";
import { policyOf } from "./example.ts";

const USUAL = policyOf({ tiers: [{ id: "a" }] }).crm.hubspot as CrmMapping;
const AT = Date.UTC(2026, 5, 9);

function read(values: Readonly<Record<string, string | null>>, mapping: CrmMapping = USUAL) {
  return accountOf({ id: "9007199254740993", name: " Acme ", values }, mapping, {
    idPrefix: "hubspot:",
    syncedAt: AT,
  });
}

/** What one property makes of one fact. */
function fact<K extends keyof Account>(name: K, property: string, text: string | null) {
  const { account } = read({ [property]: text });
  return { value: account[name], unreadable: account.unreadable };
}

describe("an amount in the CRM", () => {
  test.each([
    ["1250000.5", "1250000.5"],
    [" 12000 ", "12000"],
    ["+12000.00", "12000"],
    ["-5", "-5"],
    ["0", "0"],
    ["0.005", "0.005"],
    ["99999999999999999999.99", "99999999999999999999.99"],
  ])("%j is %s", (text, amount) => {
    expect(fact("arr", "arr", text)).toEqual({ value: { amount, currency: "USD" }, unreadable: [] });
  });

  test.each([
    "12k",
    "1,000",
    "1.000,50",
    "1 000",
    "1e6",
    "$5",
    "n/a",
    "NaN",
    "Infinity",
    "1.",
    ".5",
    "--1",
    "٣",
  ])("%j is unknown and in review, never 0", (text) => {
    expect(fact("arr", "arr", text)).toEqual({ value: null, unreadable: ["arr"] });
  });

  test.each([null, "", "  "])("%j is empty", (text) => {
    expect(fact("arr", "arr", text)).toEqual({ value: null, unreadable: [] });
  });

  test.each([
    [{ arr: "5", cur: "eur" }, "EUR"],
    [{ arr: "5", cur: "" }, null],
    [{ arr: "5" }, null],
    [{ arr: "5", cur: "Euro" }, null],
  ])("takes its currency from the property that holds it: %j", (values, currency) => {
    const arr = { property: "arr", map: null, currency: null, currencyProperty: "cur" };
    expect(read(values, { ...USUAL, arr }).account.arr).toEqual({ amount: "5", currency });
  });

  test("without any stated currency has an unknown one, not the base", () => {
    const arr = { property: "arr", map: null, currency: null, currencyProperty: null };
    expect(read({ arr: "5" }, { ...USUAL, arr }).account.arr).toEqual({ amount: "5", currency: null });
  });
});

describe("a day in the CRM", () => {
  test.each([
    ["2026-06-30", "2026-06-30"],
    [" 2028-02-29 ", "2028-02-29"],
    ["2026-06-30T23:30:00Z", "2026-06-30"],
    ["2026-06-30T23:30:00-02:00", "2026-07-01"],
    ["2026-06-30T00:00:00.000+00:00", "2026-06-30"],
    ["2026-06-30 10:00", "2026-06-30"],
    ["1782777600000", "2026-06-30"],
  ])("%j is %s", (text, day) => {
    expect(fact("contractEnd", "contract_end_date", text)).toEqual({ value: day, unreadable: [] });
  });

  test.each([
    "30.06.2026",
    "06/30/2026",
    "2026-02-30",
    "2026-02-30T10:00:00Z",
    "2026-13-01",
    "20260630",
    "1782777600",
    "soon",
    "2026-06-30T25:00:00Z",
  ])("%j is unknown and in review", (text) => {
    expect(fact("contractEnd", "contract_end_date", text)).toEqual({
      value: null,
      unreadable: ["contractEnd"],
    });
  });
});

describe("yes or no in the CRM", () => {
  test.each([
    ["true", true],
    ["TRUE", true],
    ["Yes", true],
    ["1", true],
    ["false", false],
    ["no", false],
    ["0", false],
    ["", false],
  ])("%j is %s", (text, value) => {
    expect(fact("standalone", "billing_standalone", text)).toEqual({ value, unreadable: [] });
  });

  test("anything else is no, and in review", () => {
    expect(fact("standalone", "billing_standalone", "maybe")).toEqual({
      value: false,
      unreadable: ["standalone"],
    });
  });
});

describe("the status", () => {
  const mapped = {
    ...USUAL,
    status: {
      property: "s",
      map: { unpaid: "on_hold", "late payer": "past_due" },
      currency: null,
      currencyProperty: null,
    },
  };

  test.each([
    ["Unpaid", "on_hold"],
    [" late  PAYER ", "past_due"],
    ["On hold", "on_hold"],
    ["past-due", "past_due"],
    ["Canceled", "cancelled"],
    ["", "active"],
  ])("%j is %s", (text, status) => {
    const { account } = read({ s: text }, mapped);
    expect([account.status, account.unreadable]).toEqual([status, []]);
  });

  test("that nobody mapped counts as active and is in review", () => {
    const { account, problems } = read({ s: "Frozen" }, mapped);
    expect([account.status, account.unreadable]).toEqual(["active", ["status"]]);
    expect(problems).toEqual([{ fact: "status", code: "status_unmapped", detail: "Frozen" }]);
  });

  test("trial brings the trial's facts, any other status does not", () => {
    const values = { is_poc: "true", trial_end_date: "2026-07-01" };
    expect(read({ ...values, account_status: "trial" }).account.trial).toEqual({
      poc: true,
      end: "2026-07-01",
    });
    expect(read({ ...values, account_status: "active" }).account.trial).toBeNull();
  });
});

describe("mail domains", () => {
  test.each([
    ["Acme.Example", "acme.example"],
    ["https://www.acme.example/about?x=1", "acme.example"],
    ["acme.example.", "acme.example"],
    ["acme.example:8443", "acme.example"],
    ["sales@acme.example", "acme.example"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["www.example", "www.example"],
    ["WWW.acme.co.uk", "acme.co.uk"],
  ])("%s is %s", (entry, domain) => {
    expect(readDomain(entry)).toBe(domain);
  });

  test.each([
    "n/a",
    "acme",
    "-",
    "127.0.0.1",
    "[::1]",
    "acme example.com",
    "http://",
    "foo..bar",
    "a_b.example",
    "%41.example",
  ])("%s is none", (entry) => {
    expect(readDomain(entry)).toBeNull();
  });

  test("come from all their properties, each once, and junk is dropped without holding anything up", () => {
    const { account, problems } = read({
      domain: "acme.example",
      hs_additional_domains: "ACME.example;acme.de; none",
    });
    expect(account.domains).toEqual(["acme.example", "acme.de"]);
    expect(account.unreadable).toEqual([]);
    expect(problems).toEqual([{ fact: "domains", code: "domain_dropped", detail: "none" }]);
  });
});

describe("what is only shown to agents", () => {
  const shown = { ...USUAL, slackChannel: plainSource("slack"), contacts: plainSource("contacts") };
  const readShown = (values: Readonly<Record<string, string>>) =>
    accountOf({ id: "1", name: "Acme", values }, shown, { idPrefix: "hubspot:", syncedAt: AT });

  test.each([
    ["https://acme.slack.com/archives/C012345", "https://acme.slack.com/archives/C012345"],
    [" https://acme.slack.com ", "https://acme.slack.com/"],
    ["http://acme.slack.com/archives/C012345", undefined],
    ["javascript:alert(1)", undefined],
    ["https://kim:secret@acme.slack.com/", undefined],
    ['https://acme.slack.com/"><script>', undefined],
    ["#acme-support", undefined],
    [`https://acme.slack.com/${"a".repeat(500)}`, undefined],
  ])("the shared channel %s is a link only where a browser may safely open it", (slack, link) => {
    const { account, problems } = readShown({ slack });
    expect([account.slackChannel, problems.length]).toEqual([link, link === undefined ? 1 : 0]);
    expect(account.unreadable).toEqual([]);
  });

  test("contacts are addresses in lower case, each once; what is none is left out and told", () => {
    const { account, problems } = readShown({
      contacts: "Ada@Acme.example; ada@acme.example, bo@acme.example n/a",
    });
    expect(account.contacts).toEqual(["ada@acme.example", "bo@acme.example"]);
    expect(problems).toEqual([{ fact: "contacts", code: "contact_dropped", detail: "n/a" }]);
    expect([account.unreadable, readShown({}).account.contacts]).toEqual([[], undefined]);
  });
});

test("a record with everything in it", () => {
  const { account, problems } = read({
    plan_tier: " Enterprise Plus ",
    arr: "100000",
    contract_start_date: "2026-01-01",
    contract_end_date: "2026-12-31",
    support_addons: "ENT-SUPPORT; ;EXTRA;ENT-SUPPORT",
    support_tam: "ada@vendor.example",
    renewal_in_progress: "yes",
    hs_parent_company_id: "42",
    domain: "acme.example",
  });
  expect(problems).toEqual([]);
  expect(account).toEqual({
    id: "hubspot:9007199254740993",
    name: "Acme",
    plan: "Enterprise Plus",
    arr: { amount: "100000", currency: "USD" },
    status: "active",
    contractStart: "2026-01-01",
    contractEnd: "2026-12-31",
    renewalInProgress: true,
    addons: [
      { sku: "ENT-SUPPORT", start: null, end: null, scope: "account" },
      { sku: "EXTRA", start: null, end: null, scope: "account" },
    ],
    parentId: "hubspot:42",
    standalone: false,
    trial: null,
    tam: { agent: "ada@vendor.example", active: true },
    domains: ["acme.example"],
    syncedAt: AT,
    goneOn: null,
    unreadable: [],
  });
});

test("a record with nothing in it is an account without facts", () => {
  const { account } = accountOf({ id: "1", name: null, values: {} }, USUAL, {
    idPrefix: "hubspot:",
    parentIdPrefix: "other:",
    syncedAt: AT,
  });
  expect(account).toMatchObject({
    plan: null,
    arr: null,
    status: "active",
    addons: [],
    parentId: null,
    tam: null,
    domains: [],
    unreadable: [],
  });
});

test("a map translates any fact, and names inherited by every object are not in it", () => {
  const map = { gold: "Enterprise" };
  const plan = { property: "p", map, currency: null, currencyProperty: null };
  expect(read({ p: "GOLD" }, { ...USUAL, plan }).account.plan).toBe("Enterprise");
  expect(read({ p: "constructor" }, { ...USUAL, plan }).account.plan).toBe("constructor");
  expect(read({}, { ...USUAL, plan: { ...plan, property: "toString" } }).account.plan).toBeNull();
});

test("the properties to ask for are each named once, with the label and the currency", () => {
  const arr = { property: "arr", map: null, currency: null, currencyProperty: "cur" };
  const asked = propertiesOf({ ...USUAL, arr, tam: USUAL.owner });
  expect(asked).toContain("cur");
  expect(asked).toContain("support_tier");
  expect(asked).toContain("hs_additional_domains");
  expect(new Set(asked).size).toBe(asked.length);
});
