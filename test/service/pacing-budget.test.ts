import { describe, expect, test } from "@jest/globals";
import {
  corrected,
  countedAt,
  freshRow,
  givenBack,
  reopened,
  shut,
  spent,
  turned,
  waitFor,
} from "../../src/pacing/budget.ts";
import { otherApps } from "../../src/pacing/other-apps.ts";
import type { BudgetRow, Lane } from "../../src/ports.ts";

const MINUTE = 60_000;
const T = 5_000_000;
const fresh = freshRow("write", { limit: 100, perMs: MINUTE });
const row = (change: Partial<BudgetRow>): BudgetRow => ({ ...fresh, windowEnd: T + MINUTE, ...change });

describe("calls are counted over a minute that moves along", () => {
  test.each<[string, Partial<BudgetRow>, number, number]>([
    ["nobody called yet", { windowEnd: 0 }, T, 0],
    ["thirty calls of this minute count in full", { used: 30 }, T, 30],
    ["half a minute on, half of the minute before still counts", { before: 60, used: 10 }, T + 30_000, 40],
    ["when the minute turns, its calls become those of the minute before", { used: 100 }, T + MINUTE, 100],
    ["and fade", { used: 100 }, T + MINUTE + 45_000, 25],
    ["after two quiet minutes nothing counts", { used: 100 }, T + 2 * MINUTE, 0],
  ])("%s", (_name, change, now, counted) => {
    expect(countedAt(row(change), now)).toBeCloseTo(counted, 5);
  });
});

describe("how long a call must wait", () => {
  const waits: [string, Partial<BudgetRow>, Lane, number, number, number][] = [
    ["an unused limit lets it go", {}, "live", 1, T, 0],
    ["a used-up minute lets nobody go before it ends", { used: 100 }, "top", 1, T + 20_000, 40_600],
    ["then calls go one after another", { before: 100, used: 10 }, "top", 1, T + 6_000, 600],
    ["a block is waited out", { blockedUntil: T + 7_000 }, "top", 1, T, 7_000],
    ["a block that is over is none", { blockedUntil: T }, "top", 1, T, 0],
    ["the top lane takes the last call", { used: 99 }, "top", 1, T, 0],
    ["a live ticket leaves a tenth of a fresh minute to the top lane", { used: 91 }, "live", 1, T, 12_000],
    ["a tier change leaves a fifth", { used: 81 }, "tier_change", 1, T, 6_000],
    ["a backfill leaves three tenths", { used: 71 }, "backfill", 1, T, 4_000],
    ["at the minute's end a backfill may have the last call", { used: 99 }, "backfill", 1, T + 59_400, 600],
  ];
  test.each(waits)("%s", (_name, change, lane, calls, now, wait) => {
    const waited = waitFor(row(change), lane, calls, now, 100);
    expect(Math.abs(waited - wait)).toBeLessThan(1);
  });

  test("and not a moment longer: then it may go", () => {
    for (const lane of ["top", "live", "tier_change", "backfill"] as const)
      for (const used of [0, 40, 71, 85, 99, 100, 120])
        for (const before of [0, 30, 100]) {
          const at = T + 17_000;
          const one = row({ used, before });
          const wait = waitFor(one, lane, 2, at, 100);
          expect(waitFor(one, lane, 2, at + wait + 1, 100)).toBeLessThan(2);
        }
  });

  test("of a small limit, as that of the exports, nothing is kept from lower lanes", () => {
    expect(waitFor(row({ limit: 1 }), "backfill", 1, T, 1)).toBe(0);
    expect(waitFor(row({ limit: 10, used: 9 }), "backfill", 1, T, 10)).toBe(0);
  });
});

describe("what an answer's headers say", () => {
  const at = { now: T + 30_000, headroom: 0, recent: 2 };
  const told = { limit: 100, remaining: 60, resetsInMs: 30_000 };

  test("changes nothing when we knew it", () => {
    const known = row({ used: 40 });
    expect(corrected(known, told, at)).toBe(known);
  });

  test("others' calls count at once", () => {
    expect(countedAt(corrected(row({ used: 10 }), told, at), at.now)).toBe(40);
  });

  test("calls that we count and the upstream does not are forgotten, but for what may be under way", () => {
    // 40 are used, 2 of ours are too young to be in the answer, 25 may be other instances'.
    expect(countedAt(corrected(row({ used: 95 }), told, at), at.now)).toBe(67);
    expect(countedAt(corrected(row({ used: 66 }), told, at), at.now)).toBe(66);
  });

  test.each([
    ["a higher limit is used", 300, 300],
    ["a lower one is kept to", 20, 20],
    ["a limit of nothing still lets one call go, to hear better news", 0, 1],
  ])("%s", (_name, limit, kept) => {
    expect(corrected(row({}), { ...told, limit, remaining: limit }, at).limit).toBe(kept);
  });

  test("nothing left stops the class until the window ends, and the window ends then", () => {
    const stopped = corrected(row({ used: 100 }), { ...told, remaining: 0, resetsInMs: 12_000 }, at);
    expect(stopped.blockedUntil).toBe(at.now + 12_000);
    expect(stopped.windowEnd).toBe(at.now + 12_000);
    expect(countedAt(stopped, at.now)).toBe(100);
  });

  test("of the plan's limit a tenth is left to other apps", () => {
    const plan = row({ limit: 700, used: 630 });
    const of = (remaining: number) =>
      corrected(plan, { limit: 700, remaining, resetsInMs: 30_000 }, { ...at, headroom: 0.1 }).blockedUntil;
    expect([of(71), of(70)]).toEqual([0, at.now + 30_000]);
  });

  test("a window that turns at another moment than ours turns when it says, and calls go on evenly", () => {
    const moved = corrected(row({ used: 80 }), { limit: 100, remaining: 95, resetsInMs: 50_000 }, at);
    expect([moved.used, moved.windowEnd]).toEqual([5, at.now + 50_000]);
    expect(countedAt(moved, at.now)).toBeCloseTo(80, 0);
  });

  test("a window that rolls frees calls before it ends, so its end is not moved", () => {
    const stopped = corrected(row({}), { ...told, remaining: 0, resetsInMs: 1_000, rolling: true }, at);
    expect([stopped.blockedUntil, stopped.windowEnd]).toEqual([at.now + 1_000, T + MINUTE]);
  });

  test("whole seconds that are rounded up do not move a block again and again", () => {
    const first = corrected(row({}), { ...told, remaining: 0, resetsInMs: 12_000 }, at);
    const again = corrected(
      first,
      { ...told, remaining: 0, resetsInMs: 12_000 },
      { ...at, now: at.now + 700 },
    );
    expect(again.blockedUntil).toBe(first.blockedUntil);
  });
});

describe("calls that were debited and not made", () => {
  test("go back in the same window, and only then", () => {
    const debited = spent(row({ used: 10 }), 5, T + 1_000, 5_000);
    expect(givenBack(debited, 3, debited.windowEnd, T + 2_000).used).toBe(12);
    expect(givenBack(debited, 3, debited.windowEnd, T + MINUTE + 1).before).toBe(15);
    expect(givenBack(row({ used: 1 }), 3, T + MINUTE, T).used).toBe(0);
  });
});

describe("after trouble", () => {
  test("one call in five seconds tries", () => {
    const closed = shut(row({}), 2_000, T);
    expect(waitFor(closed, "top", 1, T + 1_999, 100)).toBe(1);
    expect(waitFor(closed, "top", 1, T + 2_000, 100)).toBe(0);
    expect(waitFor(spent(closed, 1, T + 2_000, 5_000), "top", 1, T + 2_000, 100)).toBe(5_000);
  });

  test("a shorter block never shortens a longer one", () => {
    expect(shut(shut(row({}), 60_000, T), 10, T).blockedUntil).toBe(T + 60_000);
  });

  test("what waited starts with a tenth of the limit, and goes on at its pace", () => {
    const back = reopened(shut(row({ used: 3 }), 9_000, T), T + 9_000, 0);
    expect(100 - countedAt(back, T + 9_000)).toBe(10);
    expect(100 - countedAt(back, T + 10_000)).toBeLessThanOrEqual(12);
    expect(countedAt(back, T + 9_000 + MINUTE)).toBe(0);
  });
});

describe("other apps", () => {
  const MOMENT = 1_000;

  test("that call steadily are expected to go on", () => {
    const others = otherApps();
    for (let second = 0; second <= 30; second += 1) others.told("write", 1, MOMENT + second * 1_000);
    expect(others.expected(fresh, MOMENT + 30_000)).toBe(0);
    expect(others.expected(fresh, MOMENT + 32_500)).toBe(3);
    expect(others.expected(freshRow("read", { limit: 100, perMs: MINUTE }), MOMENT + 32_500)).toBe(0);
  });

  test("that stop calling are forgotten", () => {
    const others = otherApps();
    for (let second = 0; second <= 100; second += 1)
      others.told("write", second < 30 ? 1 : 0, MOMENT + second * 1_000);
    expect(others.expected(fresh, MOMENT + 103_000)).toBe(0);
  });

  test("are never expected to have used more than a tenth of the limit unseen", () => {
    const others = otherApps();
    others.told("write", 90, MOMENT);
    expect(others.expected(fresh, MOMENT + 60_000)).toBe(10);
  });
});

describe("a window of about a second", () => {
  const short = freshRow("search", { limit: 5, perMs: 1_100 });

  test("begins with its first call and is not carried into the next", () => {
    const used = spent(short, 5, T, 5_000);
    expect(waitFor(used, "top", 1, T + 100, 5)).toBe(1_000);
    expect(turned(used, T + 1_100).before).toBe(0);
    expect(waitFor(used, "backfill", 5, T + 1_100, 5)).toBe(0);
  });
});
