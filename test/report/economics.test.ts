import { describe, expect, test } from "@jest/globals";
import type { Economics, Policy } from "../../src/policy/model.ts";
import type { AccountMoment } from "../../src/ports.ts";
import { csvOf } from "../../src/report/csv.ts";
import { type EconomicsReport, economicsReport } from "../../src/report/economics.ts";
import { economicsShown } from "../../src/report/economics-shown.ts";
import { wordsOf } from "../../src/report/shown.ts";
import { textOf } from "../../src/report/text.ts";
import { moment, policy } from "../builders.ts";
import { pretendFacts } from "./pretend-facts.ts";

const rules = policy();
/** A year in New York. */
const window = { from: moment("2025-07-01T04:00:00Z"), until: moment("2026-07-01T04:00:00Z") };
const AT = moment("2026-07-14T13:00:00Z");

/** One moment of an Enterprise customer since long ago, without the package. */
function at(accountId: string, day: string, changes: Partial<AccountMoment> = {}): AccountMoment {
  return {
    accountId,
    name: accountId,
    at: moment(`${day}T04:00:00Z`),
    tier: "enterprise",
    basis: "plan",
    plan: "enterprise",
    arr: { amount: "250980", currency: "USD" },
    status: "active",
    contractStart: "2023-07-01",
    contractEnd: "2027-06-30",
    addons: [],
    tam: null,
    goneOn: null,
    ...changes,
  };
}

const line = (start: string | null, end: string | null = null) => [{ sku: "ENT-SUPPORT", start, end }];
const buyer = (id: string, start: string | null = "2024-01-01", changes: Partial<AccountMoment> = {}) =>
  at(id, "2025-06-01", { tier: "enterprise_support", basis: "addon", addons: line(start), ...changes });
const cancelled = (one: AccountMoment, day = "2026-01-15"): AccountMoment => ({
  ...one,
  at: moment(`${day}T04:00:00Z`),
  status: "cancelled",
  contractEnd: null,
});
const many = <T>(n: number, of: (i: number) => T): readonly T[] => Array.from({ length: n }, (_, i) => of(i));

const COSTS: Economics = {
  tamCostYear: "140000",
  tams: null,
  onCallCostYear: "30000",
  extraSeatsCostYear: "0",
  toolsCostYear: "20000",
  margin: 1,
  years: 1,
  acv: "253968",
  churnWith: 0.02,
  churnWithout: 0.11,
  arrIncludesAddons: true,
};

function reportOf(moments: readonly AccountMoment[], base: Policy = rules): Promise<EconomicsReport> {
  return economicsReport({ facts: pretendFacts({ moments, through: AT }), policy: base, window, at: AT });
}
const priced = (amount: string | null, economics: Economics | null = COSTS): Policy => ({
  ...rules,
  economics,
  addons: rules.addons.map((one) => ({
    ...one,
    listPrice: amount === null ? null : { amount, currency: "USD", per: "month" },
  })),
});
const percent = (share: number | null | undefined): string => `${((share ?? Number.NaN) * 100).toFixed(1)}%`;
const lead = (report: EconomicsReport): string => economicsShown(report).lead.map(wordsOf).join("\n");

describe("who bought it, and what it brings", () => {
  test("fourteen of forty: 35 %, a run-rate of 84,000, and 66,500 recognised while they joined", async () => {
    const starts = [
      "07-01",
      "07-01",
      "08-01",
      "08-01",
      "08-01",
      "09-01",
      "09-01",
      "10-01",
      "10-01",
      "11-01",
      "11-01",
      "11-01",
      "12-01",
      "12-01",
    ];
    const buyers = starts.map((day, i) => [
      at(`b${i}`, "2025-06-01"),
      at(`b${i}`, `2025-${day}`, { tier: "enterprise_support", basis: "addon", addons: line(`2025-${day}`) }),
    ]);
    const report = await reportOf([...buyers.flat(), ...many(26, (i) => at(`other${i}`, "2025-06-01"))]);
    expect([report.attach.atEnd.hits, report.attach.atEnd.n, percent(report.attach.atEnd.share)]).toEqual([
      14,
      40,
      "35.0%",
    ]);
    expect([report.attach.ofStart.hits, report.attach.ofStart.n]).toEqual([14, 40]);
    expect([report.runRate, report.addons[0]?.months.toFixed(3), Math.round(report.recognised)]).toEqual([
      84_000,
      "133.000",
      66_500,
    ]);
    // New buyers did not have it at the start: they are no proof of who stays.
    expect([report.churn.attached.n, report.churn.others.n]).toEqual([2, 38]);
    expect(lead(report)).toContain(
      "Run-rate USD 84,000 a year at list price; recognised in these 12.0 months: USD 66,500.",
    );
  });

  test("an add-on without a price counts as bought, and is in no amount", async () => {
    const report = await reportOf([buyer("a"), at("b", "2025-06-01")], priced(null));
    expect([report.attach.atEnd.hits, report.runRate, report.recognised, report.withoutPrice]).toEqual([
      1,
      0,
      0,
      ["ENT-SUPPORT"],
    ]);
    expect(report.addons[0]).toMatchObject({
      attached: 1,
      pricePerMonth: null,
      runRate: null,
      recognised: null,
    });
    expect(lead(report)).toContain("ENT-SUPPORT has no list price and is in no amount.");
  });

  test("what ran out, was dropped or vanished from the CRM is recognised up to then, twice the same line once", async () => {
    const report = await reportOf([
      { ...buyer("ended"), addons: line("2024-01-01", "2025-09-30") },
      buyer("vanished"),
      at("vanished", "2025-09-01"),
      {
        ...buyer("twice"),
        addons: [...line("2024-01-01", "2025-07-31"), ...line("2025-08-01", "2025-09-30")],
      },
      buyer("left"),
      cancelled(buyer("left"), "2025-08-01"),
    ]);
    expect(report.addons[0]?.months).toBeCloseTo(3 + 2 + 3 + 1, 2);
    expect([report.attach.atEnd.hits, report.attach.atEnd.n]).toEqual([0, 3]);
    expect(report.churn.dropped.map((one) => one.accountId)).toEqual(["ended", "twice", "vanished"]);
  });
});

describe("who stays", () => {
  test("none of 14 against 3 of 26 is not distinguishable: p = 0.539", async () => {
    const others = many(26, (i) => at(`o${i}`, "2025-06-01"));
    const report = await reportOf([
      ...many(14, (i) => buyer(`b${i}`)),
      ...others,
      ...others.slice(0, 3).map((one) => cancelled(one)),
    ]);
    const { attached, others: rest, distinguishable, p } = report.churn;
    expect([attached.hits, attached.n, rest.hits, rest.n, distinguishable, p?.toFixed(3)]).toEqual([
      0,
      14,
      3,
      26,
      false,
      "0.539",
    ]);
    expect(lead(report)).toContain("Not distinguishable: the difference of -11.5 points");
  });

  test("a customer who left without an end date has left when that was seen; one who drops the package has not", async () => {
    const report = await reportOf([
      ...[buyer("left"), cancelled(buyer("left"))],
      ...[buyer("dropped"), at("dropped", "2026-02-01")],
      ...[at("later", "2025-06-01"), { ...cancelled(at("later", "2025-06-01")), contractEnd: "2026-12-31" }],
      ...[at("gone", "2025-06-01"), at("gone", "2026-03-01", { goneOn: "2026-03-01" })],
      at("lapsed", "2025-06-01", { contractEnd: "2026-03-31" }),
      at("grace", "2025-06-01", { contractEnd: "2026-06-20" }),
      at("trial", "2025-06-01", { status: "trial" }),
      at("new", "2026-01-01", { contractStart: "2026-01-01" }),
    ]);
    expect(report.churn.churned.map((one) => one.accountId)).toEqual(["gone", "lapsed", "left"]);
    expect(report.churn.dropped.map((one) => one.accountId)).toEqual(["dropped"]);
    expect([report.churn.attached.hits, report.churn.attached.n]).toEqual([1, 2]);
    expect(report.attach.ofStart.n).toBe(6);
  });

  test("GRR 95.0 %, NRR 103.0 %: new customers in neither, and who has no known ARR is said", async () => {
    const usd = (amount: number) => ({ amount: String(amount), currency: "USD" });
    const report = await reportOf([
      ...[
        at("grew", "2025-06-01", { arr: usd(1_000_000) }),
        at("grew", "2026-01-01", { arr: usd(1_240_000) }),
      ],
      ...[
        at("shrank", "2025-06-01", { arr: usd(1_910_000) }),
        at("shrank", "2026-01-01", { arr: usd(1_850_000) }),
      ],
      ...[
        at("left", "2025-06-01", { arr: usd(90_000) }),
        cancelled(at("left", "2025-06-01", { arr: usd(90_000) })),
      ],
      at("zloty", "2025-06-01", { arr: { amount: "5", currency: "PLN" } }),
      at("new", "2026-01-01", { contractStart: "2026-01-01", arr: usd(500_000) }),
    ]);
    const [all] = report.retention;
    expect(all).toMatchObject({
      cohort: "all",
      n: 3,
      leftOut: 1,
      movement: { start: 3_000_000, expansion: 240_000, contraction: 60_000, churned: 90_000 },
    });
    expect([percent(all?.gross), percent(all?.net)]).toEqual(["95.0%", "103.0%"]);
  });

  test("buyers are set beside others of the same size and age, and it is called not causal", async () => {
    const small = { arr: { amount: "50000", currency: "USD" } };
    const others = many(20, (i) => at(`small${i}`, "2025-06-01", small));
    const report = await reportOf([
      ...many(10, (i) => buyer(`big${i}`)),
      ...many(10, (i) => at(`o${i}`, "2025-06-01")),
      cancelled(at("o0", "2025-06-01")),
      ...many(2, (i) => buyer(`young${i}`, "2025-01-01", { contractStart: "2025-01-01", ...small })),
      ...others,
      ...others.slice(0, 15).map((one) => cancelled(one)),
    ]);
    const { matched } = report;
    expect([matched.matched, matched.unmatched, matched.by?.toFixed(2)]).toEqual([10, 2, "-0.10"]);
    expect(matched.plain?.by).toBeCloseTo(-16 / 30, 6);
    const text = textOf(economicsShown(report), () => "");
    expect(text).toContain("Buyers beside others of the same size and age: not causal");
    expect(text).toContain("region is not known here");
  });
});

describe("does it pay", () => {
  const fourteen = [...many(14, (i) => buyer(`b${i}`)), ...many(26, (i) => at(`o${i}`, "2025-06-01"))];
  /** Fourteen times this is 85,000 a year. */
  const PRICE = "505.952380952380952";

  test("fees alone first: −60.2 %; with an avoided loss of 320,000 +89.8 %; every assumption beside it", async () => {
    const report = await reportOf(fourteen, priced(PRICE));
    const { returns } = report;
    expect([Math.round(returns.fees), Math.round(returns.cost ?? 0), returns.tams?.toFixed(2)]).toEqual([
      85_000,
      213_333,
      "1.17",
    ]);
    expect([percent(returns.onFees), percent(returns.full)]).toEqual(["-60.2%", "89.8%"]);
    expect(Math.round((returns.avoided?.amount ?? 0) / 100) * 100).toBe(320_000);
    expect([
      Math.round(returns.costPerAccount ?? 0),
      Math.round((returns.breakEvenPrice ?? 0) / 10) * 10,
    ]).toEqual([15_238, 1_270]);
    const words = lead(report);
    expect(words.indexOf("On fees alone it returns -60.2%")).toBeGreaterThan(0);
    expect(words.indexOf("it returns +89.8%")).toBeGreaterThan(words.indexOf("On fees alone"));
    expect(words).toContain(
      "assumes 14 accounts, churn of 2.0% instead of 11.0% without it (as the policy assumes), a contract value of USD 253,968 (the policy's figure), 1 year and a margin of 100.0%. The churn is assumed, not observed.",
    );
  });

  test("three quarters of margin make +52 %; at a contract value of 250,980 it breaks even at 3.7 points", async () => {
    const report = await reportOf(fourteen, priced(PRICE, { ...COSTS, margin: 0.75 }));
    expect(Math.round((report.returns.full ?? 0) * 100)).toBe(52);
    const observed = { ...COSTS, acv: null, churnWith: null, churnWithout: null };
    const own = (await reportOf(fourteen, priced(PRICE, observed))).returns;
    expect(`${((own.breakEvenChurn ?? 0) * 100).toFixed(1)}`).toBe("3.7");
    expect(own.avoided).toMatchObject({
      acv: 250_980,
      acvFrom: "mean ARR of attached accounts",
      acvN: 14,
      churnFrom: "observed",
      amount: 0,
    });
  });

  test("what was observed carries its interval, and is not to be counted on where it may be chance", async () => {
    const left = fourteen.slice(14, 17).map((one) => cancelled(one));
    const report = await reportOf(
      [...fourteen, ...left],
      priced("500", { ...COSTS, churnWith: null, churnWithout: null }),
    );
    const { avoided } = report.returns;
    expect([
      avoided?.distinguishable,
      (avoided?.interval?.low ?? 0) < 0,
      (avoided?.interval?.high ?? 0) > (avoided?.amount ?? 0),
    ]).toEqual([false, true, true]);
    expect(lead(report)).toContain("do not count on it");
  });

  test("what cannot be told says why: no costs, no customers, no buyers", async () => {
    const without = await reportOf(fourteen, priced("500", null));
    expect([without.returns.cost, without.returns.onFees, without.returns.missing]).toEqual([
      null,
      null,
      ["The policy has no `economics`: costs, returns and avoided loss are not told."],
    ]);
    const nobody = await reportOf(
      [],
      priced("500", { ...COSTS, acv: null, churnWith: null, churnWithout: null }),
    );
    expect([
      nobody.attach.atEnd.share,
      nobody.knownSince,
      nobody.returns.avoided,
      nobody.returns.costPerAccount,
    ]).toEqual([null, null, null, null]);
    expect(lead(nobody)).toContain("there is nothing to tell");
    expect(csvOf(economicsShown(nobody))).toContain("economics,");
    const three = await reportOf(
      [buyer("a"), buyer("b"), buyer("c")],
      priced("500", { ...COSTS, tamCostYear: null }),
    );
    expect(three.churn.by).toBeNull();
    expect(lead(three)).toContain("there are not two sides to compare");
    expect(three.returns.missing).toEqual([
      "economics.tam_cost_year is missing: costs and returns are not told.",
    ]);
  });

  test("the past begins with the installation: the period does too, and says so", async () => {
    const report = await reportOf([at("a", "2026-01-01"), at("b", "2026-01-01")]);
    expect([new Date(report.frame.window.from).toISOString(), report.attach.ofStart.n]).toEqual([
      "2026-01-02T04:00:00.000Z",
      2,
    ]);
    expect(report.frame.notes.at(-1)).toContain("nothing was remembered before");
    expect(textOf(economicsShown(report), () => "")).toContain(
      "n = 2 accounts that might buy at the start, 2 at the end",
    );
  });
});
