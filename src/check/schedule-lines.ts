/** Do the opening hours of the policy and of the help desk say the same? Zone, hours, holidays, line by line. Pure. */
import { DAY_MS, dateOfDay, dayNumber, zoneNamed } from "../policy/dates.ts";
import type { CalendarDate, Instant, Policy, Schedule, Weekday } from "../policy/model.ts";
import { foldedName } from "../policy/text-fold.ts";
import type { DeskSchedule } from "../ports.ts";
import { broken, type CheckLine, doubtful, fine } from "./line.ts";
import { didYouMean } from "./nearest-name.ts";

const WHERE = "Admin Center > Objects and rules > Business rules > Schedules";
const DAYS: readonly Weekday[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const DAY_MINUTES = 1440;
/** Further ahead people have not entered holidays yet. */
const LOOK_AHEAD_DAYS = 400;
/** More differences than this are counted, not listed. */
const LISTED = 6;

/** Names of the schedules that promised clocks run on; calendar hours need none. */
export function schedulesPromised(policy: Policy): readonly string[] {
  const policies = policy.tiers.flatMap(({ slaPolicy }) =>
    slaPolicy === null ? [] : (policy.slaPolicies[slaPolicy] ?? []),
  );
  const names = policies.flatMap((one) =>
    Object.values(one).flatMap((targets) =>
      Object.values(targets).flatMap((target) => target?.schedule ?? []),
    ),
  );
  return [...new Set(names)].filter((name) => policy.schedules[name]?.alwaysOpen === false);
}

/** Every line about the schedules that clocks run on. `found` null = the plan has no business hours. */
export function scheduleLines(
  policy: Policy,
  found: readonly DeskSchedule[] | null,
  now: Instant,
): readonly CheckLine[] {
  const wanted = schedulesPromised(policy);
  if (wanted.length === 0) return [fine("hours", "schedules", "all promised clocks run on calendar hours")];
  if (found === null) return [noHours(wanted)];
  return wanted.flatMap((name) => {
    const schedule = policy.schedules[name];
    const same = found.find((one) => foldedName(one.name) === foldedName(name));
    if (schedule === undefined) return [];
    return same === undefined ? [missing(name, found)] : compared(name, schedule, same, now);
  });
}

function noHours(wanted: readonly string[]): CheckLine {
  return doubtful(
    "hours",
    "schedules",
    `This plan of the help desk has no business hours: what is promised on ${wanted.join(" and ")} runs on calendar hours there, and is due sooner.`,
    "Change the plan, or write these targets with the schedule always.",
  );
}

function missing(name: string, found: readonly DeskSchedule[]): CheckLine {
  const names = found.map((one) => one.name);
  const only = found.length === 1 ? " Plans with a single schedule hold only that one." : "";
  return broken(
    "hours",
    `schedule ${name}`,
    `Promised clocks run on it, and the help desk has no schedule of this name.${only}`,
    `Make it (${WHERE}) or rename the one that is meant${didYouMean(name, names)}.`,
  );
}

function compared(name: string, ours: Schedule, theirs: DeskSchedule, now: Instant): readonly CheckLine[] {
  const what = `schedule ${name}`;
  const lines = [
    ...zoneLines(what, ours, theirs, now),
    ...hourLines(what, ours, theirs),
    ...holidayLines(what, ours, theirs, now),
  ];
  return lines.length > 0
    ? lines
    : [fine("hours", what, `${theirs.zoneName}, hours and holidays as in the policy`)];
}

/** Two names for one clock are the same zone: what counts is what the clocks show over the coming year. */
function zoneLines(what: string, ours: Schedule, theirs: DeskSchedule, now: Instant): readonly CheckLine[] {
  if (theirs.zone === null)
    return [
      doubtful(
        "hours",
        what,
        `We do not know the help desk's time zone "${theirs.zoneName}"; the policy says ${ours.timezone}.`,
        "Compare them by hand.",
      ),
    ];
  if (sameClock(ours.timezone, theirs.zone, now)) return [];
  return [
    broken(
      "hours",
      what,
      `Time zone ${theirs.zoneName} (${theirs.zone}) in the help desk, ${ours.timezone} in the policy.`,
      `Correct one of them (${WHERE}).`,
    ),
  ];
}

function sameClock(one: string, other: string, now: Instant): boolean {
  if (one === other) return true;
  const [a, b] = [zoneNamed(one), zoneNamed(other)];
  for (let day = 0; day <= 366; day += 1)
    if (a.offsetAt(now + day * DAY_MS) !== b.offsetAt(now + day * DAY_MS)) return false;
  return true;
}

function hourLines(what: string, ours: Schedule, theirs: DeskSchedule): readonly CheckLine[] {
  const differing = DAYS.flatMap((day, index) => {
    const [here, there] = [ourHours(ours, day), theirHours(theirs, index)];
    return here === there ? [] : [`${day} ${there} in the help desk, ${here} in the policy`];
  });
  if (differing.length === 0) return [];
  return [
    broken(
      "hours",
      what,
      `${listed(differing)}.`,
      `Make both the same (${WHERE}, or schedules in the policy).`,
    ),
  ];
}

function ourHours(schedule: Schedule, day: Weekday): string {
  const ranges = (schedule.weekly[day] ?? []).map((range) => {
    const [from = "", to = ""] = range.split("-");
    return { from: minutesOf(from), to: minutesOf(to) };
  });
  return shownRanges(ranges);
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

/** A range may run over midnight there; each day gets its part. */
function theirHours({ weekly }: DeskSchedule, index: number): string {
  const start = index * DAY_MINUTES;
  const parts = weekly.map(({ from, to }) => ({
    from: Math.max(from, start) - start,
    to: Math.min(to, start + DAY_MINUTES) - start,
  }));
  return shownRanges(parts.filter(({ from, to }) => from < to));
}

/** Ranges that touch are one, so that both sides are written alike. */
function shownRanges(ranges: readonly { readonly from: number; readonly to: number }[]): string {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined.length === 0
    ? "closed"
    : joined.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(" ");
}

function clock(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** From today on: what is past moves no clock that still runs. */
function holidayLines(
  what: string,
  ours: Schedule,
  theirs: DeskSchedule,
  now: Instant,
): readonly CheckLine[] {
  if (theirs.holidays === null)
    return [
      doubtful(
        "hours",
        what,
        "Its holidays cannot be read with this user's role.",
        "Use the token of an administrator, then run this check again.",
      ),
    ];
  const today = zoneNamed(ours.timezone).dateAt(now);
  const last = dateOfDay(dayNumber(today) + LOOK_AHEAD_DAYS);
  const near = (day: CalendarDate): boolean => day >= today && day <= last;
  const [here, there] = [ours.holidays.filter(near), daysOf(theirs.holidays).filter(near)];
  const onlyHere = here.filter((day) => !there.includes(day)).map((day) => `${day} only in the policy`);
  const onlyThere = there.filter((day) => !here.includes(day)).map((day) => `${day} only in the help desk`);
  const differing = [...onlyHere, ...onlyThere].toSorted();
  if (differing.length === 0) return [];
  return [
    doubtful(
      "hours",
      what,
      `Holidays differ: ${listed(differing)}. A promise that runs over such a day is due at another time in the help desk.`,
      `Make both the same (${WHERE}, or schedules.${what.replace("schedule ", "")}.holidays in the policy).`,
    ),
  ];
}

function daysOf(holidays: NonNullable<DeskSchedule["holidays"]>): readonly CalendarDate[] {
  return holidays.flatMap(({ from, to }) => {
    const length = Math.min(LOOK_AHEAD_DAYS, dayNumber(to) - dayNumber(from));
    return Array.from({ length: length + 1 }, (_, place) => dateOfDay(dayNumber(from) + place));
  });
}

function listed(all: readonly string[]): string {
  const rest = all.length > LISTED ? `; and ${all.length - LISTED} more` : "";
  return `${all.slice(0, LISTED).join("; ")}${rest}`;
}
