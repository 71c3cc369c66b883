import { describe, expect, test } from "@jest/globals";
import { healthOf, spikeOf } from "../../src/report/health-score.ts";
import {
  attachRate,
  avoidedLoss,
  breakEvenChurn,
  breakEvenPrice,
  compareChurn,
  grossRetention,
  netRetention,
  recognised,
  returnOn,
  serviceCredit,
} from "../../src/report/money-formulas.ts";
import { shareOf } from "../../src/report/proportions.ts";
import { attainmentOf, compareTiers, differentiationOf } from "../../src/report/verdicts.ts";

const percent = (value: number | null | undefined): string => `${((value ?? Number.NaN) * 100).toFixed(1)}`;

describe("was the objective met", () => {
  test.each([
    ["183 of 190", 183, 7, "met_not_proven"],
    ["57 of 60", 57, 3, "met_not_proven"],
    ["990 of 1000", 990, 10, "met"],
    ["180 of 200", 180, 20, "missed"],
    ["18 of 19", 18, 1, "too_few"],
    ["none at all", 0, 0, "too_few"],
  ])("%s: %s", (_name, met, breached, verdict) => {
    expect(attainmentOf({ met, breached }, 0.95, 20).verdict).toBe(verdict);
  });

  test("seven breaches of 9.5 allowed burn 74 % of the budget", () => {
    const { budget } = attainmentOf({ met: 183, breached: 7 }, 0.95, 20);
    expect([budget?.allowed.toFixed(1), budget?.used, Math.round((budget?.burnt ?? 0) * 100)]).toEqual([
      "9.5",
      7,
      74,
    ]);
  });

  test("five misses in a quarter give a fifth of its fee back, four give nothing", () => {
    const rule = { toleratedMisses: 4, shareOfQuarter: 0.2 };
    expect([serviceCredit(5, 500, rule), serviceCredit(4, 500, rule)]).toEqual([300, 0]);
  });
});

describe("is the higher tier served better", () => {
  test.each([
    [112, 120, 41, 150, "different"],
    [70, 90, 118, 150, "not_shown"],
    [9, 10, 12, 20, "not_enough_data"],
    [60, 120, 120, 150, "inverted"],
    [29, 29, 0, 200, "not_enough_data"],
    [0, 0, 0, 0, "not_enough_data"],
  ])("%i/%i against %i/%i: %s", (a, n1, b, n2, verdict) => {
    expect(differentiationOf(shareOf(a, n1), shareOf(b, n2)).verdict).toBe(verdict);
  });

  test("who still waits beyond the target counts as not answered in time, and in no ratio", () => {
    const fast = Array.from({ length: 40 }, (_, i) => 5 + i / 2);
    const slow = Array.from({ length: 40 }, (_, i) => 60 + i);
    const it = compareTiers([...fast, Number.POSITIVE_INFINITY], slow, 30);
    expect([it.higher.hits, it.higher.n, it.verdict]).toEqual([40, 41, "different"]);
    expect(it.ratio?.times).toBeGreaterThan(4);
  });
});

describe("what the programme earns and costs", () => {
  const cost = (14 / 12) * 140_000 + 30_000 + 20_000;

  test("the worked example of the specification", () => {
    expect(percent(attachRate(14, 40).share)).toBe("35.0");
    const move = { start: 3, expansion: 0.24, contraction: 0.06, churned: 0.09 };
    expect([percent(grossRetention(move)), percent(netRetention(move))]).toEqual(["95.0", "103.0"]);
    const saved = avoidedLoss({
      attached: 14,
      churnWithout: 0.11,
      churnWith: 0.02,
      annualContractValue: 253_968,
      margin: 1,
      years: 1,
    });
    expect(Math.round(saved / 100) * 100).toBe(320_000);
    expect(Math.round(cost)).toBe(213_333);
    expect([percent(returnOn(85_000, cost)), percent(returnOn(405_000, cost))]).toEqual(["-60.2", "89.8"]);
    expect([Math.round(cost / 14), Math.round((breakEvenPrice(cost, 14) ?? 0) / 10) * 10]).toEqual([
      15_238, 1_270,
    ]);
    expect(percent(breakEvenChurn(cost, 85_000, 14, 250_980))).toBe("3.7");
  });

  test("a linear ramp to fourteen buyers earns 66,500 in the first twelve months, not 85,000", () => {
    // Two or three buyers join every month for six months: 133 active months in all.
    const months = [12, 12, 11, 11, 11, 10, 10, 9, 9, 8, 8, 8, 7, 7];
    expect(months.reduce((a, b) => a + b)).toBe(133);
    expect(recognised(500, months)).toBe(66_500);
  });

  test("fourteen buyers are too few to tell two percent churn from eleven", () => {
    const it = compareChurn(shareOf(0, 14), shareOf(3, 26));
    expect(it.distinguishable).toBe(false);
    expect(compareChurn(shareOf(4, 200), shareOf(44, 400)).distinguishable).toBe(true);
    expect(compareChurn(shareOf(0, 0), shareOf(3, 26))).toMatchObject({ by: null, distinguishable: false });
  });

  test("what cannot be told is not zero", () => {
    const nothing = { start: 0, expansion: 0, contraction: 0, churned: 0 };
    expect([grossRetention(nothing), netRetention(nothing), returnOn(5, 0), breakEvenPrice(1, 0)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});

describe("how an account is doing", () => {
  const worked = { volume: 40, breach: 100, reopened: 60, csat: 55, sentiment: 80, usage: 50 };

  test("the worked example is amber", () => {
    const it = healthOf(worked);
    expect([it.score?.toFixed(1), it.colour, it.missing]).toEqual(["62.0", "amber", []]);
  });

  test("what is missing is left out, named, and below sixty percent nothing is claimed", () => {
    const some = healthOf({ ...worked, csat: null, sentiment: null });
    expect([some.missing, some.present.toFixed(2), some.score === null]).toEqual([
      ["csat", "sentiment"],
      "0.65",
      false,
    ]);
    const few = healthOf({ ...worked, volume: null, csat: null });
    expect([few.score, few.colour]).toEqual([null, "unknown"]);
    const exactly = healthOf({ ...worked, volume: null, breach: null });
    expect(exactly.colour).not.toBe("unknown");
  });

  test.each([
    [90, "green"],
    [70, "green"],
    [69, "amber"],
    [50, "amber"],
    [49, "red"],
  ])("a score of %i is %s", (value, colour) => {
    const all = {
      volume: value,
      breach: value,
      reopened: value,
      csat: value,
      sentiment: value,
      usage: value,
    };
    expect(healthOf(all).colour).toBe(colour);
  });

  test.each([
    [7, 2.5, false],
    [8, 2.5, true],
    [3, 0.1, false],
    [4, 0.1, true],
  ])("%i tickets where %s are usual: alert %s", (week, usual, alert) => {
    expect(spikeOf(week, usual).alert).toBe(alert);
  });
});
