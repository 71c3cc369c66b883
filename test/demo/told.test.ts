import { spawnSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import { playedClock } from "../../src/demo/played-clock.ts";
import { plotLines } from "../../src/report/plot-text.ts";
import type { Plot } from "../../src/report/shown.ts";

const PLOT: Plot = {
  title: "Difference",
  scale: {
    from: 0,
    to: 1,
    logarithmic: false,
    ticks: [
      { at: 0, label: "0" },
      { at: 0.5, label: "50" },
      { at: 1, label: "100" },
    ],
  },
  lines: [{ at: 0.1, label: "+10" }],
  rows: [{ label: "Higher / lower", low: 0.5, point: 0.6, high: 0.8, note: "+60 points", tone: "good" }],
};

describe("a plot in a terminal", () => {
  test("shows each range with its point, what it is compared with, and the scale below", () => {
    expect(plotLines(PLOT, 36, (text) => text)).toEqual([
      "Higher / lower",
      "  ··┊·······━━●━━━━····  +60 points",
      "  0         50      100",
    ]);
  });

  test("is no wider than the terminal, and never too narrow to be read", () => {
    for (const columns of [40, 80, 120])
      expect(Math.max(...plotLines(PLOT, columns, (text) => text).map((line) => line.length))).toBeLessThan(
        columns,
      );
    expect(plotLines(PLOT, 10, (text) => text)[1]).toMatch(/^ {2}.{16} {2}\+60/);
  });
});

test("a scenario there is not is wrong usage, and says which there are", () => {
  const { status, stderr } = spawnSync(process.execPath, ["src/cli.ts", "demo", "--scenario", "slower"], {
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([
    2,
    'There is no scenario "slower".\nfix: Choose one of faster, label-only, at-standards-cost.\n',
  ]);
});

describe("played time", () => {
  test("jumps ahead and never back, and wakes whoever's moment has come", async () => {
    const clock = playedClock(1_000_000);
    const woken: string[] = [];
    const long = clock.sleep(3_600_000).then(() => woken.push("an hour"));
    const never = new AbortController();
    const aborted = clock.sleep(86_400_000, never.signal).then(() => woken.push("aborted"));
    clock.advanceTo(500_000);
    expect(clock.now()).toBeGreaterThanOrEqual(1_000_000);
    clock.advanceTo(1_000_000 + 3_600_001);
    await long;
    never.abort();
    await aborted;
    expect(woken).toEqual(["an hour", "aborted"]);
  });

  test("passes faster where it is told to", async () => {
    const clock = playedClock(0);
    clock.runAt(100_000);
    await clock.sleep(60_000);
    expect(clock.now()).toBeGreaterThanOrEqual(60_000);
  });
});
