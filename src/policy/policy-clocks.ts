/** Schema of the parts of the policy file that run on time: schedules, groups, SLA policies. */
import * as z from "zod";
import { calendarDate, count, section, share, text, timezone } from "./policy-parts.ts";

const RANGE = /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

function inOrder(ranges: readonly string[]): boolean {
  if (!ranges.every((range) => RANGE.test(range))) return true;
  const edges = ranges.flatMap((range) => range.split("-"));
  const later = (edge: string, at: number) => {
    const before = edges[at - 1];
    return before === undefined || edge > before || (at % 2 === 0 && edge === before);
  };
  return edges.every(later);
}

const openingRanges = z
  .array(z.string().regex(RANGE, 'must be opening hours such as "09:00-17:00"; the day ends at 24:00'))
  .refine((ranges) => inOrder(ranges), {
    error: "must be opening hours in order, which end after they begin and do not overlap",
  });

const weekly = z
  .partialRecord(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), openingRanges)
  .refine((days) => Object.values(days).some((ranges) => (ranges?.length ?? 0) > 0), {
    error: "must be open on at least one day",
  });

/** Opening hours of a place. */
export const scheduleFile = section("Opening hours.", {
  always_open: z
    .boolean()
    .default(false)
    .describe("Open at every hour of every day; the rest is then ignored."),
  timezone: timezone.optional().describe("IANA zone of the hours. Default: the policy's timezone."),
  weekly: weekly.optional().describe("Day → ranges of local time."),
  holidays: z.array(calendarDate).default([]).describe("Days closed all day."),
}).refine((schedule) => schedule.always_open || schedule.weekly !== undefined, {
  error: "must hold weekly hours, or always_open: true",
});

/** Opening hours of a help-desk group. */
export const groupFile = section("A help-desk group.", {
  schedule: text.default("always").describe("Name of its schedule; `always` is built in."),
});

const target = section("One promise.", {
  m: z.int().positive().describe("Minutes."),
  h: text.default("always").describe("Name of the schedule the clock runs on."),
});

const targets = section("Priority → promise; null or absent = no commitment.", {
  urgent: target.nullable().default(null).describe("Promise to urgent tickets."),
  high: target.nullable().default(null).describe("Promise to high tickets."),
  normal: target.nullable().default(null).describe("Promise to normal tickets."),
  low: target.nullable().default(null).describe("Promise to low tickets."),
});

/** One SLA policy: metric → priority → promise. */
export const slaPolicyFile = section("Promised times. The name is the SLA policy's name in the help desk.", {
  first_reply: targets.nullable().default(null).describe("Until the first public reply of a person."),
  next_reply: targets.nullable().default(null).describe("Until each later reply."),
  resolution: targets.nullable().default(null).describe("Until the ticket is solved."),
});

/** Which of the help desk's metrics measures ours. */
export const metricMapFile = section("Our metric → the help desk's metric id.", {
  first_reply: text.default("first_reply_time").describe("Metric of the first reply."),
  next_reply: text.default("next_reply_time").describe("Metric of later replies."),
  resolution: text.default("requester_wait_time").describe("Metric of the resolution."),
});

/** What the reports call good. */
export const objectiveFile = section("What the reports call good.", {
  attainment: share.default(0.95).describe("Share of promises to keep."),
  window: z
    .enum(["calendar_month", "calendar_quarter"])
    .default("calendar_month")
    .describe("Over which time."),
  min_targets: count.default(20).describe("Below this number counts are shown and no percentage."),
});
