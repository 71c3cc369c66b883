import { describe, expect, test } from "@jest/globals";
import type { TargetFact, TicketFact } from "../../src/ports.ts";
import { attainmentReport } from "../../src/report/attainment.ts";
import { differentiationReport } from "../../src/report/differentiation.ts";
import { moment, policy } from "../builders.ts";
import { targetFact, ticketFact } from "../store/report-promises.ts";
import { pretendFacts } from "./pretend-facts.ts";

const FROM = moment("2026-05-01T00:00:00Z");
const UNTIL = moment("2026-06-01T00:00:00Z");
const AT = moment("2026-06-15T00:00:00Z");
const MONTH = UNTIL - FROM;
const rules = policy();
const window = { from: FROM, until: UNTIL };

interface World {
  readonly tickets: readonly TicketFact[];
  readonly targets: readonly TargetFact[];
}

/** `minutes` to the first reply of tickets in one tier, high priority, created in the middle of a window. */
function tier(name: string, minutes: readonly (number | null)[], from = FROM): World {
  const ids = minutes.map((_, i) => `${name}-${from}-${i}`);
  const createdAt = from + MONTH / 2;
  return {
    tickets: ids.map((id) => ticketFact(id, { tier: name, createdAt })),
    targets: minutes.map((taken, i) =>
      targetFact(ids[i] ?? "", {
        tier: name,
        createdAt,
        startedAt: createdAt,
        targetMinutes: 30,
        endedAt: taken === null ? null : createdAt + taken * 60_000,
        state: taken === null || taken > 30 ? "breached" : "met",
        calendarMinutes: taken ?? 99_999,
        businessMinutes: taken ?? 99_999,
      }),
    ),
  };
}

function facts(...worlds: readonly World[]) {
  return pretendFacts({
    tickets: worlds.flatMap((one) => one.tickets),
    targets: worlds.flatMap((one) => one.targets),
    through: AT,
  });
}

const repeat = <T>(n: number, value: T): readonly T[] => Array.from({ length: n }, () => value);

describe("is the promise kept", () => {
  test("a breach that is still open counts as one, and is told apart", async () => {
    const world = tier("enterprise_support", [...repeat(183, 20), ...repeat(5, 45), null, null]);
    const report = await attainmentReport({ facts: facts(world), policy: rules, window, at: AT });
    const [all, high] = report.rows;
    expect(all).toMatchObject({
      tier: "enterprise_support",
      metric: "first_reply",
      priority: null,
      met: 183,
      late: 5,
      openLate: 2,
    });
    expect(high).toMatchObject({ priority: "high", p50: 20, p90: 20 });
    expect(all?.attainment.verdict).toBe("met_not_proven");
    expect(((all?.attainment.share.share ?? 0) * 100).toFixed(1)).toBe("96.3");
    expect(report.frame).toMatchObject({ tickets: 190, leftOut: [], timezone: "America/New_York" });
  });

  test("a running target is not counted until it falls due, also when the desk has not told yet", async () => {
    const world = tier("pro", repeat(3, 20));
    const running = world.targets.map((one, i) => ({
      ...one,
      state: "running" as const,
      endedAt: null,
      dueAt: i === 0 ? AT - 1 : AT + 1,
    }));
    const report = await attainmentReport({
      facts: facts({ ...world, targets: running }),
      policy: rules,
      window,
      at: AT,
    });
    expect(report.rows[0]).toMatchObject({ met: 0, late: 0, openLate: 1, running: 2 });
  });

  test("tickets that count for nobody are left out and counted by why", async () => {
    const world = tier("pro", repeat(4, 20));
    const [a, b, c, d] = world.tickets;
    const tickets = [
      { ...a, excluded: "spam" },
      { ...b, excluded: "spam" },
      { ...c, beforeInstallation: true, tier: null },
      { ...d, excluded: "merged" },
    ] as TicketFact[];
    const report = await attainmentReport({
      facts: facts({ ...world, tickets }),
      policy: rules,
      window,
      at: AT,
    });
    expect([report.rows, report.frame.tickets]).toEqual([[], 0]);
    expect(report.frame.leftOut).toEqual([
      { reason: "spam", tickets: 2 },
      { reason: "before_installation", tickets: 1 },
      { reason: "merged", tickets: 1 },
    ]);
  });

  test("no ticket yet is no percentage", async () => {
    const report = await attainmentReport({ facts: pretendFacts({}), policy: rules, window, at: AT });
    expect([report.rows, report.frame.through, report.frame.tickets]).toEqual([[], null, 0]);
  });
});

describe("is the higher tier really served better", () => {
  const primary = async (...worlds: readonly World[]) => {
    const report = await differentiationReport({ facts: facts(...worlds), policy: rules, window, at: AT });
    const row = report.rows.find(
      (one) =>
        one.higher === "enterprise_support" &&
        one.priority === "high" &&
        one.metric === "first_reply" &&
        one.clock === "calendar",
    );
    return { report, row };
  };

  test("really faster: the worked figures", async () => {
    const { row, report } = await primary(
      tier("enterprise_support", [...repeat(112, 20), ...repeat(8, 45)]),
      tier("enterprise", [...repeat(41, 25), ...repeat(109, 200)]),
    );
    expect([row?.verdict, row?.comparison.withinMinutes]).toEqual(["different", 30]);
    expect(((row?.comparison.by ?? 0) * 100).toFixed(1)).toBe("66.0");
    expect(report.alerts).toEqual([]);
  });

  test("a label only: told to the lead when it is so for the second time", async () => {
    const same = (from: number) => [
      tier("enterprise_support", [...repeat(70, 20), ...repeat(20, 45)], from),
      tier("enterprise", [...repeat(118, 25), ...repeat(32, 200)], from),
    ];
    const once = await primary(...same(FROM));
    expect([once.row?.verdict, once.report.alerts]).toEqual(["not_shown", []]);
    const twice = await primary(...same(FROM), ...same(FROM - MONTH));
    expect(twice.report.alerts.map((one) => one.kind)).toEqual(["label_only"]);
  });

  test("the wrong way round: told at once", async () => {
    const { row, report } = await primary(
      tier("enterprise_support", [...repeat(60, 20), ...repeat(60, 45)]),
      tier("enterprise", [...repeat(120, 25), ...repeat(30, 200)]),
    );
    expect([row?.verdict, report.alerts.map((one) => one.kind)]).toEqual(["inverted", ["inverted"]]);
  });

  test("a tier with three customers is not judged", async () => {
    const { row } = await primary(tier("enterprise_support", [5, 6, 7]), tier("enterprise", repeat(40, 200)));
    expect(row?.verdict).toBe("not_enough_data");
  });

  test("on opening hours both tiers are counted on the higher one's: the same night is no shorter for the lower one", async () => {
    const evening = moment("2026-05-12T22:00:00Z");
    const served = (name: string, ownMinutes: number): World => {
      const { tickets, targets } = tier(name, repeat(40, 400), evening - MONTH / 2);
      const normal = { priority: "normal", businessMinutes: ownMinutes } as const;
      return {
        tickets: tickets.map((one) => ({ ...one, priority: normal.priority })),
        targets: targets.map((one) => ({ ...one, ...normal })),
      };
    };
    const { report } = await primary(served("enterprise", 400), served("pro", 0));
    const hours = report.rows.filter((one) => one.clock === "business");
    expect(hours.map((one) => [one.higher, one.verdict, one.comparison.ratio?.times])).toEqual([
      ["enterprise", "not_shown", 1],
    ]);
  });

  test("who was never answered counts as not in time", async () => {
    const { row } = await primary(
      tier("enterprise_support", [...repeat(40, 20), ...repeat(10, null)]),
      tier("enterprise", repeat(40, 200)),
    );
    expect([row?.comparison.higher.hits, row?.comparison.higher.n]).toEqual([40, 50]);
    expect(row?.comparison.ratio?.times).toBeCloseTo(10, 6);
  });

  test("tickets of the last week are too young to be compared", async () => {
    const { row } = await primary(
      tier("enterprise_support", repeat(40, 20), AT - MONTH / 2 - 1),
      tier("enterprise", repeat(40, 200), AT),
    );
    expect(row).toBeUndefined();
  });

  test("standard customers who wait longer than before pay for it, and the lead is told", async () => {
    const before = tier("standard", [...repeat(50, 60), ...repeat(50, 90)], FROM - MONTH);
    const kept = await primary(before, tier("standard", [...repeat(52, 60), ...repeat(48, 90)]));
    expect(kept.report.cost.map((one) => one.verdict)).toEqual(["not_worse"]);
    const paid = await primary(before, tier("standard", [...repeat(10, 60), ...repeat(90, 300)]));
    expect(paid.report.cost[0]).toMatchObject({
      verdict: "worse",
      before: { n: 100, p50: 60 },
      now: { n: 100, p50: 300 },
    });
    expect(paid.report.alerts.map((one) => one.kind)).toEqual(["costs_standard"]);
    const few = await primary(tier("standard", [60], FROM - MONTH), tier("standard", [300]));
    expect(few.report.cost[0]?.verdict).toBe("not_enough_data");
  });
});
