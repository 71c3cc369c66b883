import { describe, expect, test } from "@jest/globals";
import { ianaZone } from "../../connectors/zendesk/zones.ts";
import { scheduleLines, schedulesPromised } from "../../src/check/schedule-lines.ts";
import type { Policy, Weekday } from "../../src/policy/model.ts";
import type { DeskSchedule } from "../../src/ports.ts";
import { policy, TUESDAY } from "../builders.ts";

const DAYS: readonly Weekday[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** The policy's own schedules as an administrator would have typed them in. */
function typedIn(rules: Policy): readonly DeskSchedule[] {
  return schedulesPromised(rules).flatMap((name, place) => {
    const schedule = rules.schedules[name];
    if (schedule === undefined) return [];
    const weekly = DAYS.flatMap((day, index) =>
      (schedule.weekly[day] ?? []).map((range) => {
        const [from = "", to = ""] = range.split("-");
        return { from: index * 1440 + minutes(from), to: index * 1440 + minutes(to) };
      }),
    );
    const holidays = schedule.holidays.map((day) => ({ name: day, from: day, to: day }));
    return [{ id: String(place), name, zoneName: "Eastern", zone: schedule.timezone, weekly, holidays }];
  });
}

const rules = policy();
const same = typedIn(rules);
const [first] = same;
if (first === undefined) throw new Error("the example policy promises no opening hours");

/** Lines about the first schedule after a change to it: `fail …`. */
function told(change: Partial<DeskSchedule>): readonly string[] {
  const changed = same.map((one) => (one === first ? { ...one, ...change } : one));
  return scheduleLines(rules, changed, TUESDAY)
    .filter((line) => line.state !== "ok")
    .map((line) => `${line.state} ${line.detail}`);
}

describe("opening hours of policy and help desk", () => {
  test("are in order where both say the same", () => {
    expect(scheduleLines(rules, same, TUESDAY).every((line) => line.state === "ok")).toBe(true);
    expect(told({})).toEqual([]);
  });

  test.each<readonly [string, Partial<DeskSchedule>, RegExp]>([
    [
      "another zone",
      { zone: "Europe/Berlin", zoneName: "Berlin" },
      /^fail Time zone Berlin \(Europe\/Berlin\)/,
    ],
    ["a zone we do not know", { zone: null, zoneName: "Moon" }, /^warn We do not know .*"Moon"/],
    [
      "an hour more on one day",
      { weekly: first.weekly.map((one, i) => (i === 0 ? { ...one, to: one.to + 60 } : one)) },
      /^fail mon \d\d:\d\d-\d\d:\d\d in the help desk, \d\d:\d\d-\d\d:\d\d in the policy\.$/,
    ],
    ["a day without hours", { weekly: first.weekly.slice(1) }, /^fail mon closed in the help desk/],
    [
      "a holiday that only the help desk has",
      { holidays: [...(first.holidays ?? []), { name: "Feast", from: "2026-08-10", to: "2026-08-11" }] },
      /^warn Holidays differ: 2026-08-10 only in the help desk; 2026-08-11 only in the help desk/,
    ],
    ["holidays that nobody may read", { holidays: null }, /^warn Its holidays cannot be read/],
  ])("differ by %s", (_what, change, words) => {
    expect(told(change)).toEqual([expect.stringMatching(words)]);
  });

  test.each<readonly [string, Partial<DeskSchedule>]>([
    ["the zone has another name for the same clock", { zone: "America/Detroit" }],
    [
      "a day is typed in as two halves that touch",
      {
        weekly: first.weekly.flatMap((one) => [
          { from: one.from, to: one.from + 60 },
          { from: one.from + 60, to: one.to },
        ]),
      },
    ],
    [
      "a holiday that is over stands on one side only",
      { holidays: [...(first.holidays ?? []), { name: "Old", from: "2026-01-02", to: "2026-01-02" }] },
    ],
  ])("do not differ where %s", (_what, change) => {
    expect(told(change)).toEqual([]);
  });

  test("a schedule that is missing is named with the nearest one", () => {
    const others = same.map((one) => (one === first ? { ...one, name: `${one.name}s` } : one));
    const [line] = scheduleLines(rules, others, TUESDAY).filter((one) => one.state === "fail");
    expect(line?.name).toBe(`schedule ${first.name}`);
    expect(line?.fix).toContain(`did you mean "${first.name}s"`);
  });

  test("a plan without business hours is told, with what it means", () => {
    expect(scheduleLines(rules, null, TUESDAY)).toEqual([
      expect.objectContaining({ state: "warn", detail: expect.stringMatching(/calendar hours/) }),
    ]);
  });
});

test("the help desk's zone names are the zones they mean, and all of them exist", () => {
  expect(ianaZone("Eastern Time (US & Canada)")).toBe("America/New_York");
  expect([ianaZone("Mumbai"), ianaZone("Edinburgh"), ianaZone("Kuala Lumpur")]).toEqual([
    "Asia/Kolkata",
    "Europe/London",
    "Asia/Kuala_Lumpur",
  ]);
  expect([ianaZone("Atlantis"), ianaZone("toString"), ianaZone("Europe/Berlin")]).toEqual([null, null, null]);
  const names = [
    "Berlin",
    "Tokyo",
    "Sapporo",
    "La Paz",
    "Port Moresby",
    "Azores",
    "Perth",
    "Casablanca",
    "UTC",
  ];
  for (const name of names)
    expect(() => new Intl.DateTimeFormat("en", { timeZone: ianaZone(name) ?? "none" })).not.toThrow();
});
