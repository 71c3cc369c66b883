import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { poissonAtLeast } from "../../src/report/distributions.ts";
import { difference, exactInterval, fisherExact, shareOf } from "../../src/report/proportions.ts";
import {
  chanceInTime,
  chanceToWait,
  peoplePerSeat,
  ticketsPerAgentHour,
  utilisationOf,
} from "../../src/report/staffing.ts";
import { ascending, percentile, ratioOf } from "../../src/report/times.ts";

const percent = (value: number | null | undefined): string => `${((value ?? Number.NaN) * 100).toFixed(1)}`;

/** First replies in minutes, the worked lists of the specification. */
const SUPPORT = [6, 9, 11, 12, 14, 15, 17, 18, 21, 22, 24, 26, 27, 29, 41];
const ENTERPRISE = [22, 35, 48, 55, 60, 71, 84, 90, 96, 110, 118, 125, 140, 150, 163, 188, 205, 240];

describe("a share tells how sure it is", () => {
  test.each([
    [183, 190, "96.3", "92.6", "98.2"],
    [57, 60, "95.0", "86.3", "98.3"],
    [112, 120, "93.3", "87.4", "96.6"],
    [41, 150, "27.3", "20.8", "35.0"],
    // Newcombe (1998), Statistics in Medicine 17:857–872, table I, method 3: four worked examples.
    [81, 263, "30.8", "25.5", "36.6"],
    [15, 148, "10.1", "6.2", "16.0"],
    [0, 20, "0.0", "0.0", "16.1"],
    [1, 29, "3.4", "0.6", "17.2"],
  ])("%i of %i are %s %% (%s–%s)", (hits, n, share, low, high) => {
    const it = shareOf(hits, n);
    expect([percent(it.share), percent(it.interval?.low), percent(it.interval?.high)]).toEqual([
      share,
      low,
      high,
    ]);
  });

  test("nothing observed is no share, not zero", () => {
    expect(shareOf(0, 0)).toEqual({ hits: 0, n: 0, share: null, interval: null });
    expect(() => shareOf(3, 2)).toThrow("3 of 2 is not a share");
  });

  test.each([
    [0, 14, "0.0", "23.2"],
    [3, 26, "2.4", "30.2"],
    [14, 14, "76.8", "100.0"],
  ])("the exact interval of %i of %i is %s–%s", (hits, n, low, high) => {
    const { low: from, high: to } = exactInterval(hits, n);
    expect([percent(from), percent(to)]).toEqual([low, high]);
  });
});

describe("two shares are compared with an interval", () => {
  test.each([
    [112, 120, 41, 150, "66.0", "56.3", "73.3"],
    [70, 90, 118, 150, "-0.9", "-12.1", "9.4"],
    [9, 10, 12, 20, "30.0", "-5.4", "52.9"],
    // Newcombe (1998), Statistics in Medicine 17:873–890, table II, method 10: cases (a) 56/70 − 48/80 and (b) 9/10 − 3/10.
    [56, 70, 48, 80, "20.0", "5.2", "33.4"],
    [9, 10, 3, 10, "60.0", "17.1", "80.9"],
  ])("%i/%i against %i/%i differ by %s points (%s to %s)", (a, n1, b, n2, by, low, high) => {
    const it = difference(shareOf(a, n1), shareOf(b, n2));
    expect([percent(it?.by), percent(it?.interval.low), percent(it?.interval.high)]).toEqual([by, low, high]);
  });

  test("where one side saw nothing there is no difference", () => {
    expect(difference(shareOf(0, 0), shareOf(1, 2))).toBeNull();
  });

  test("no customer of 14 lost against 3 of 26 may well be chance", () => {
    expect(fisherExact(0, 14, 3, 26).toFixed(3)).toBe("0.539");
  });

  test("three of four cups named rightly is chance in 34 cases of 70", () => {
    // Fisher (1935): 3 of 4 cups right, two-sided p = 34/70.
    expect(fisherExact(3, 4, 1, 4)).toBeCloseTo(34 / 70, 10);
  });
});

describe("waiting times are told by ranks", () => {
  test("half and nine tenths of the customers were answered by then", () => {
    expect([percentile(SUPPORT, 0.5), percentile(SUPPORT, 0.9)]).toEqual([18, 29]);
    expect([percentile(ENTERPRISE, 0.5), percentile(ENTERPRISE, 0.9)]).toEqual([96, 205]);
    expect(percentile([], 0.5)).toBeNull();
  });

  test("the lower tier waits 5.6 times as long (3.7–8.3)", () => {
    const ratio = ratioOf(SUPPORT, ENTERPRISE);
    expect([ratio?.times, ratio?.interval.low, ratio?.interval.high].map((v) => v?.toFixed(1))).toEqual([
      "5.6",
      "3.7",
      "8.3",
    ]);
    expect(ratio?.u).toBe(6.5);
    expect(ratio?.p.toExponential(1)).toBe("3.7e-6");
  });

  test("three against three tell nothing", () => {
    expect(ratioOf([1, 2, 3], [4, 5, 6])).toBeNull();
  });

  test("the ratio is the one that all pairs, written out, would give", () => {
    const minutes = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(minutes, minutes, (higher, lower) => {
        const all = ascending(
          higher.flatMap((h) => lower.map((l) => Math.max(l, 1 / 60) / Math.max(h, 1 / 60))),
        );
        const n = all.length;
        const rank = Math.floor(
          n / 2 - 1.959963984540054 * Math.sqrt((n * (higher.length + lower.length + 1)) / 12),
        );
        const ratio = ratioOf(higher, lower);
        const at = (k: number): number => all[k - 1] ?? Number.NaN;
        expect(ratio?.times).toBeCloseTo((at(Math.floor((n + 1) / 2)) + at(Math.ceil((n + 1) / 2))) / 2, 6);
        expect(ratio?.interval.low).toBeCloseTo(at(rank), 6);
        expect(ratio?.interval.high).toBeCloseTo(at(n + 1 - rank), 6);
      }),
    );
  });
});

test("a week with eight tickets where 2.5 are usual is a spike, one with seven is not", () => {
  expect([poissonAtLeast(7, 2.5).toFixed(4), poissonAtLeast(8, 2.5).toFixed(4)]).toEqual([
    "0.0142",
    "0.0042",
  ]);
  expect([poissonAtLeast(0, 2.5), poissonAtLeast(4, 0)]).toEqual([1, 0]);
});

describe("enough people for the promise", () => {
  const planning = { weeksPerMonth: 4.345, shrinkage: 0.3, occupancyMax: 0.8 };
  const premier = { fte: 6, hoursPerWeek: 40, ahtMinutes: 95, ticketsPerAccountMonth: 9 };
  const enterprise = { fte: 9, hoursPerWeek: 40, ahtMinutes: 75, ticketsPerAccountMonth: 6 };
  const priority = { fte: 8, hoursPerWeek: 40, ahtMinutes: 35, ticketsPerAccountMonth: 2.2 };

  test.each([
    ["Premier with 24 accounts", 24, premier, 342, 584, "58.6", 40],
    ["Premier with 44 accounts", 44, premier, 627, 584, "107.4", 40],
    ["Enterprise with 60 accounts", 60, enterprise, 450, 876, "51.4", 116],
    ["Priority with 400 accounts", 400, priority, 513, 779, "65.9", 606],
  ])("%s", (_name, accounts, team, work, capacity, used, full) => {
    const it = utilisationOf(accounts, team, planning);
    expect([
      Math.round(it.workHours),
      Math.round(it.capacityHours),
      percent(it.utilisation),
      it.accountsAtFull,
    ]).toEqual([work, capacity, used, full]);
  });

  test.each([
    [24, 1, "79.2"],
    [24, 2, "99.1"],
    [44, 1, "32.0"],
    [44, 2, "95.5"],
    [44, 3, "99.8"],
  ])("%i accounts and %i on shift meet thirty minutes in %s %% of cases", (accounts, people, share) => {
    const arrivalsPerHour = ((accounts * 9 * 0.7) / 173.8) * 1.6;
    expect(percent(chanceInTime({ arrivalsPerHour, touchMinutes: 20, people, withinMinutes: 30 }))).toBe(
      share,
    );
  });

  test("who cannot keep up makes everybody wait", () => {
    expect(chanceToWait(2, 2)).toBe(1);
    expect(chanceInTime({ arrivalsPerHour: 9, touchMinutes: 20, people: 3, withinMinutes: 30 })).toBe(0);
  });

  test("the chance to wait is the one of published tables", () => {
    // Erlang C for 10 erlang: 12 servers 0.4494, 14 servers 0.1741 (Cooper, Introduction to Queueing Theory, 1981).
    expect([chanceToWait(10, 12).toFixed(4), chanceToWait(10, 14).toFixed(4)]).toEqual(["0.4494", "0.1741"]);
  });

  test("a seat round the clock takes six people, one on weekdays 4.29", () => {
    expect([peoplePerSeat(120, 40, 0.3).toFixed(2), peoplePerSeat(168, 40, 0.3).toFixed(1)]).toEqual([
      "4.29",
      "6.0",
    ]);
    expect([ticketsPerAgentHour(95, 0.8).toFixed(2), ticketsPerAgentHour(22, 0.8).toFixed(1)]).toEqual([
      "0.51",
      "2.2",
    ]);
  });
});
