import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DateTime } from "luxon";
import type { Schedule } from "../../src/policy/model.ts";
import { compileSchedule, dueAt, isOpen, openMinutes } from "../../src/policy/schedule.ts";
import { moment } from "../builders.ts";

const SEED = 20_260_609;
const MINUTE = 60_000;
const OFFICE = ["09:00-17:00"];
const ALL_DAY = ["00:00-24:00"];

const schedule = (changes: Partial<Schedule>): Schedule => ({
  alwaysOpen: false,
  timezone: "America/New_York",
  weekly: { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE },
  holidays: [],
  ...changes,
});

const BUSINESS = schedule({ holidays: ["2026-07-03", "2026-12-25", "2027-01-01"] });
const ROUND_THE_WEEK = schedule({
  weekly: {
    mon: ALL_DAY,
    tue: ALL_DAY,
    wed: ALL_DAY,
    thu: ALL_DAY,
    fri: ALL_DAY,
    sat: ALL_DAY,
    sun: ALL_DAY,
  },
});
const WEEKDAYS_ROUND = schedule({
  weekly: { mon: ALL_DAY, tue: ALL_DAY, wed: ALL_DAY, thu: ALL_DAY, fri: ALL_DAY },
});
const SUNDAY_NIGHT = schedule({ weekly: { sun: ["01:30-04:00"] } });

const iso = (at: number): string => new Date(at).toISOString().replace(".000Z", "Z");

describe("a due time", () => {
  test.each([
    ["runs on inside one working day", BUSINESS, "2026-06-09T15:00:00Z", 60, "2026-06-09T16:00:00Z"],
    [
      "ends at closing time when it ends exactly there",
      BUSINESS,
      "2026-06-09T20:00:00Z",
      60,
      "2026-06-09T21:00:00Z",
    ],
    [
      "goes over to the next morning one minute later",
      BUSINESS,
      "2026-06-09T20:00:00Z",
      61,
      "2026-06-10T13:01:00Z",
    ],
    [
      "starts with the next opening for a ticket of the night",
      BUSINESS,
      "2026-06-09T03:00:00Z",
      30,
      "2026-06-09T13:30:00Z",
    ],
    [
      "starts with the next opening for a ticket at closing time",
      BUSINESS,
      "2026-06-09T21:00:00Z",
      30,
      "2026-06-10T13:30:00Z",
    ],
    ["counts the minute of opening", BUSINESS, "2026-06-09T13:00:00Z", 1, "2026-06-09T13:01:00Z"],
    ["skips the weekend", BUSINESS, "2026-06-12T20:55:00Z", 480, "2026-06-15T20:55:00Z"],
    ["skips a holiday next to a weekend", BUSINESS, "2026-07-03T14:00:00Z", 480, "2026-07-06T21:00:00Z"],
    ["keeps the second of the ticket", BUSINESS, "2026-06-09T15:00:42Z", 60, "2026-06-09T16:00:42Z"],
    ["crosses new year", BUSINESS, "2026-12-31T21:30:00Z", 60, "2027-01-04T14:30:00Z"],
    [
      "crosses several years",
      schedule({ weekly: { mon: ["09:00-10:00"] } }),
      "2026-01-01T00:00:00Z",
      60 * 110,
      "2028-02-07T15:00:00Z",
    ],
    [
      "loses an hour on the night the clock goes forward",
      ROUND_THE_WEEK,
      "2026-03-08T05:00:00Z",
      180,
      "2026-03-08T08:00:00Z",
    ],
    [
      "is 23 hours long for the whole day the clock goes forward",
      schedule({ weekly: { sun: ALL_DAY } }),
      "2026-03-08T00:00:00Z",
      23 * 60,
      "2026-03-09T04:00:00Z",
    ],
    [
      "is 25 hours long for the whole day the clock goes back",
      schedule({ weekly: { sun: ALL_DAY } }),
      "2026-11-01T00:00:00Z",
      25 * 60,
      "2026-11-02T05:00:00Z",
    ],
    [
      "measures a range with a skipped hour in real minutes",
      SUNDAY_NIGHT,
      "2026-03-08T00:00:00Z",
      90,
      "2026-03-08T08:00:00Z",
    ],
    [
      "measures a range with a repeated hour in real minutes",
      SUNDAY_NIGHT,
      "2026-11-01T00:00:00Z",
      210,
      "2026-11-01T09:00:00Z",
    ],
    ["joins the days of a 24x5 week", WEEKDAYS_ROUND, "2026-06-09T03:00:00Z", 240, "2026-06-09T07:00:00Z"],
    [
      "waits from Saturday to Monday in a 24x5 week",
      WEEKDAYS_ROUND,
      "2026-06-13T15:00:00Z",
      30,
      "2026-06-15T04:30:00Z",
    ],
    [
      "is plain time where it is always open",
      schedule({ alwaysOpen: true }),
      "2026-03-08T05:00:00Z",
      180,
      "2026-03-08T08:00:00Z",
    ],
  ])("%s", (_sentence, hours, start, minutes, due) => {
    expect(iso(dueAt(compileSchedule(hours), moment(start), minutes))).toBe(due);
  });

  test("never comes where the schedule never opens", () => {
    expect(dueAt(compileSchedule(schedule({ weekly: {} })), moment("2026-06-09T15:00:00Z"), 1)).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  test("a target of no minutes is due at once, open or not", () => {
    const at = moment("2026-06-13T15:00:00Z");
    expect(dueAt(compileSchedule(BUSINESS), at, 0)).toBe(at);
  });
});

describe("a place", () => {
  test.each([
    ["is open from the minute it opens", "2026-06-09T13:00:00Z", true],
    ["is open until just before it closes", "2026-06-09T20:59:59.999Z", true],
    ["is closed from the minute it closes", "2026-06-09T21:00:00Z", false],
    ["is closed on a holiday", "2026-07-03T15:00:00Z", false],
    ["is closed at night", "2026-06-09T05:00:00Z", false],
    ["opens by its own clock in winter", "2026-12-09T14:00:00Z", true],
    ["is not open an hour early in winter", "2026-12-09T13:30:00Z", false],
  ])("%s", (_sentence, at, open) => {
    expect(isOpen(compileSchedule(BUSINESS), moment(at))).toBe(open);
  });

  test("is never open where no hours are given, and always where it is always open", () => {
    const at = moment("2026-06-09T15:00:00Z");
    expect(isOpen(compileSchedule(schedule({ weekly: {} })), at)).toBe(false);
    expect(isOpen(compileSchedule(schedule({ alwaysOpen: true })), at)).toBe(true);
  });

  test("with overlapping hours is open once, not twice", () => {
    const twice = compileSchedule(schedule({ weekly: { tue: ["12:00-15:00", "09:00-13:00"] } }));
    expect(openMinutes(twice, moment("2026-06-09T00:00:00Z"), moment("2026-06-10T00:00:00Z"))).toBe(360);
  });

  test("in a zone that does not exist is refused", () => {
    expect(() => compileSchedule(schedule({ timezone: "Mars/Olympus" }))).toThrow(RangeError);
  });

  test("with hours that are no hours is refused", () => {
    expect(() => compileSchedule(schedule({ weekly: { mon: ["nine to five"] } }))).toThrow(RangeError);
  });
});

/**
 * The second implementation: walks real minutes and looks at the local clock. A day's hours have begun once the clock
 * has shown their start on that day, and are over once it has shown their end.
 */
function openMinuteByMinute(hours: Schedule, from: number, to: number): readonly boolean[] {
  const names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
  const open: boolean[] = [];
  let date = "";
  let shown = -1;
  for (let at = from - 30 * 60 * MINUTE; at < to; at += MINUTE) {
    const local = DateTime.fromMillis(at, { zone: hours.timezone });
    const today = local.toISODate() ?? "";
    shown = today === date ? Math.max(shown, local.hour * 60 + local.minute) : local.hour * 60 + local.minute;
    date = today;
    if (at < from) continue;
    const ranges = hours.weekly[names[local.weekday - 1] ?? "mon"] ?? [];
    const within = ranges.some((range) => {
      const [begin = 0, end = 0] = range.split("-").map((time) => {
        const [hour = 0, minute = 0] = time.split(":").map(Number);
        return hour * 60 + minute;
      });
      return shown >= begin && shown < end;
    });
    open.push(within && !hours.holidays.includes(today));
  }
  return open;
}

const ZONES = [
  ["America/New_York", ["2026-03-08", "2026-11-01", "2026-07-03"]],
  ["Europe/Berlin", ["2026-03-29", "2026-10-25", "2026-12-25"]],
  ["Australia/Lord_Howe", ["2026-04-05", "2026-10-04"]],
  ["America/Santiago", ["2026-04-05", "2026-09-06"]],
  ["America/Havana", ["2026-03-08", "2026-11-01"]],
  ["Asia/Kolkata", ["2026-01-26", "2026-08-15"]],
] as const;

describe("against a slow clock that walks minute by minute", () => {
  const ranges = fc.constantFrom<readonly string[]>(
    [],
    ["09:00-17:00"],
    ["00:00-24:00"],
    ["00:30-02:15", "03:00-11:00"],
    ["23:00-24:00"],
    ["01:30-02:30"],
  );
  const week = fc.record({
    mon: ranges,
    tue: ranges,
    wed: ranges,
    thu: ranges,
    fri: ranges,
    sat: ranges,
    sun: ranges,
  });

  test.each(ZONES)(
    `opening hours in %s agree around clock changes and holidays (seed ${SEED})`,
    (zone, days) => {
      const check = fc.property(
        week,
        fc.constantFrom(...days),
        fc.boolean(),
        fc.integer({ min: -1500, max: 1500 }),
        fc.integer({ min: 1, max: 1500 }),
        (weekly, day, holiday, offset, minutes) => {
          const hours = schedule({ timezone: zone, weekly, holidays: holiday ? [day] : [] });
          const compiled = compileSchedule(hours);
          const start = moment(`${day}T00:00:00Z`) + offset * MINUTE;
          const end = start + 2 * 1440 * MINUTE;
          const open = openMinuteByMinute(hours, start, end);
          expect(open.map((_, i) => isOpen(compiled, start + i * MINUTE))).toEqual(open);
          expect(openMinutes(compiled, start, end)).toBe(open.filter(Boolean).length);
          const counted = open.reduce((sum, one) => sum + (one ? 1 : 0), 0);
          const due = dueAt(compiled, start, minutes);
          if (minutes > counted) expect(due).toBeGreaterThan(end - MINUTE);
          else {
            let left = minutes;
            const last = open.findIndex((one) => one && --left === 0);
            expect(iso(due)).toBe(iso(start + (last + 1) * MINUTE));
          }
        },
      );
      fc.assert(check, { seed: SEED, numRuns: 8 });
    },
  );
});
