import { describe, expect, test } from "@jest/globals";
import { DateTime, IANAZone } from "luxon";
import type { Schedule, Weekday } from "../../src/policy/model.ts";
import { compileSchedule } from "../../src/policy/schedule.ts";
import { dueIn, minutesBetween, minutesIn } from "../../src/report/business-time.ts";

const MINUTE = 60_000;
const DAYS: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const OFFICE: Schedule = {
  alwaysOpen: false,
  timezone: "America/New_York",
  weekly: Object.fromEntries(DAYS.slice(0, 5).map((day) => [day, ["09:00-12:30", "13:15-17:00"]])),
  holidays: ["2026-03-10", "2026-11-26", "2026-12-25"],
};
const EXTENDED: Schedule = {
  ...OFFICE,
  timezone: "Europe/Berlin",
  weekly: Object.fromEntries(DAYS.map((day) => [day, ["06:00-24:00"]])),
  holidays: ["2026-10-26"],
};
const ALL_DAY: Schedule = {
  ...OFFICE,
  timezone: "Australia/Lord_Howe",
  weekly: Object.fromEntries(DAYS.map((day) => [day, ["00:00-24:00"]])),
  holidays: ["2026-04-06"],
};
const HALF_HOUR: Schedule = { ...OFFICE, timezone: "Asia/Kathmandu", holidays: [] };

/** The second opinion: asks of every single minute whether the place is open, by the local wall clock. */
function countedMinutes(schedule: Schedule, from: number, to: number): number {
  const zone = IANAZone.create(schedule.timezone);
  let open = 0;
  let offset = zone.offset(from);
  for (let at = from; at < to; at += MINUTE) {
    // No clock changes within a quarter of an hour.
    if (at % (15 * MINUTE) === 0) offset = zone.offset(at);
    const local = new Date(at + offset * MINUTE);
    const day = DAYS[(local.getUTCDay() + 6) % 7] ?? "mon";
    const minute = local.getUTCHours() * 60 + local.getUTCMinutes();
    if (schedule.holidays.includes(local.toISOString().slice(0, 10))) continue;
    const ranges = (schedule.weekly[day] ?? []).map((range) => range.split("-").map(minuteOf));
    if (ranges.some(([opens = 0, closes = 0]) => minute >= opens && minute < closes)) open += 1;
  }
  return open;
}

function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return hours * 60 + minutes;
}

/** The same numbers in every run (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const local = (text: string, zone: string): number => DateTime.fromISO(text, { zone }).toMillis();

describe("minutes on opening hours", () => {
  test.each([
    ["an office in New York", OFFICE],
    ["long days in Berlin", EXTENDED],
    ["whole days on Lord Howe, whose clocks change by half an hour", ALL_DAY],
    ["an office in Kathmandu, 5:45 ahead", HALF_HOUR],
  ])("are the same when every single minute is asked, at random instants: %s", (_, schedule) => {
    const compiled = compileSchedule(schedule);
    const roll = dice(20_260_609);
    const year = Date.UTC(2026, 0, 1);
    for (let i = 0; i < 40; i += 1) {
      const from = year + Math.floor(roll() * 365 * 1_440) * MINUTE;
      const to = from + Math.floor(roll() * 4 * 1_440) * MINUTE;
      expect([i, minutesBetween(compiled, from, to)]).toEqual([i, countedMinutes(schedule, from, to)]);
    }
  });

  test.each([
    ["the day without an hour has 23", ALL_DAY, "America/New_York", "2026-03-08", 23 * 60],
    ["the day with an hour twice has 25", ALL_DAY, "America/New_York", "2026-11-01", 25 * 60],
    ["half an hour more on Lord Howe", ALL_DAY, "Australia/Lord_Howe", "2026-04-05", 24 * 60 + 30],
    ["half an hour less on Lord Howe", ALL_DAY, "Australia/Lord_Howe", "2026-10-04", 24 * 60 - 30],
    ["office hours do not notice the change of clocks", EXTENDED, "Europe/Berlin", "2026-03-29", 18 * 60],
    ["nothing on a holiday", OFFICE, "America/New_York", "2026-11-26", 0],
    ["nothing on a Sunday", OFFICE, "America/New_York", "2026-06-07", 0],
  ])("know what a day is worth: %s", (_, schedule, timezone, day, minutes) => {
    const hours = { ...schedule, timezone };
    const from = local(day, timezone);
    const to = DateTime.fromMillis(from, { zone: timezone }).plus({ days: 1 }).toMillis();
    expect(minutesBetween(compileSchedule(hours), from, to)).toBe(minutes);
    expect(countedMinutes(hours, from, to)).toBe(minutes);
  });

  test("are plain minutes round the clock, and never less than none", () => {
    expect(minutesBetween(null, 0, 90_000)).toBe(1.5);
    expect(minutesBetween(null, 90_000, 0)).toBe(0);
    expect(minutesBetween(compileSchedule(OFFICE), Date.UTC(2026, 5, 9), Date.UTC(2026, 5, 8))).toBe(0);
  });
});

describe("a clock that pauses", () => {
  const compiled = compileSchedule(OFFICE);
  const at = (text: string): number => local(text, OFFICE.timezone);

  test("counts only while it runs", () => {
    const runs = [
      { from: at("2026-06-09T16:30"), to: at("2026-06-10T09:30") },
      { from: at("2026-06-10T12:00"), to: null },
    ];
    expect(minutesIn(runs, compiled, at("2026-06-10T13:30"))).toBe(30 + 30 + 30 + 15);
    expect(dueIn(runs, compiled, 60)).toBe(at("2026-06-10T09:30"));
    expect(dueIn(runs, compiled, 61)).toBe(at("2026-06-10T12:01"));
    expect(dueIn(runs, null, 60)).toBe(at("2026-06-09T17:30"));
  });

  test("is due at no known time so long as it stands still before its target", () => {
    expect(dueIn([{ from: at("2026-06-09T16:30"), to: at("2026-06-09T16:40") }], compiled, 11)).toBeNull();
  });

  test("is due when exactly its minutes have passed, wherever it begins", () => {
    const roll = dice(7);
    for (let i = 0; i < 200; i += 1) {
      const from = Date.UTC(2026, 0, 1) + Math.floor(roll() * 365 * 1_440) * MINUTE;
      const minutes = 1 + Math.floor(roll() * 3_000);
      const due = dueIn([{ from, to: null }], compiled, minutes) ?? 0;
      expect([i, minutesBetween(compiled, from, due)]).toEqual([i, minutes]);
      expect(minutesBetween(compiled, from, due - MINUTE)).toBe(minutes - 1);
    }
  });
});
