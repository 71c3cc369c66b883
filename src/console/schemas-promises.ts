/** "Are we keeping promises, can we take more?": what the store and the help desk's own clocks tell at this moment. */
import { z } from "zod";
import { accountRef, moment, tier } from "./schemas.ts";
import { share } from "./schemas-overview.ts";

/** One running clock. */
const runningClock = z
  .object({
    ticketId: z.string(),
    url: z.string(),
    account: accountRef.nullable(),
    tier,
    priority: z.string().nullable(),
    metric: z.enum(["first_reply", "next_reply", "resolution"]),
    slaPolicy: z.string(),
    dueAt: moment,
    minutes: z
      .number()
      .nullable()
      .meta({ description: "Minutes the SLA policy gives; null = it gives none" }),
    used: z.number().nullable().meta({
      description: "Part of the target that has passed, by the target's own hours, 0–1; null = not known",
    }),
    state: z.enum(["late", "at risk", "running"]),
  })
  .meta({ id: "RunningClock" });

/** A tier and its clocks, and how often its promise really attached. */
const tierPromise = z
  .object({
    tier,
    running: z.number().int(),
    atRisk: z.number().int(),
    late: z.number().int(),
    attached: share.meta({
      description: "Promised SLAs that were read back and are right, of the tickets looked at",
    }),
    accounts: z.number().int(),
    cap: z.number().int().nullable().meta({ description: "Accounts the tier takes; null = no limit" }),
    waiting: z.number().int().meta({ description: "Accounts that wait for room" }),
  })
  .meta({ id: "TierPromise" });

/** The page of whoever leads support. */
export const promises = z
  .object({
    at: moment,
    clocksAt: moment.meta({ description: "When the help desk told its clocks" }),
    looked: z
      .number()
      .int()
      .meta({ description: "Tickets whose clocks were asked for: the newest with a promise" }),
    complete: z.boolean().meta({ description: "false = there are more tickets than were looked at" }),
    atRiskFrom: z.number().meta({ description: "Part of a target that has to have passed, 0–1" }),
    clocks: z.array(runningClock).meta({ description: "The next to be late first" }),
    tiers: z.array(tierPromise).meta({ description: "The highest first" }),
    signs: z
      .object({
        overflow: z
          .number()
          .int()
          .meta({ description: "Went to a fallback: too much waited, or nobody was there" }),
        afterHours: z.number().int().meta({ description: "Went to the group for after hours" }),
        unavailable: z.number().int().meta({ description: "No group could take it" }),
        raised: z.number().int().meta({ description: "Priority raised for a listed phrase" }),
        capped: z.number().int().meta({ description: "Priority asked for stands above the tier's ceiling" }),
      })
      .meta({ description: "Tickets of those looked at, by what their decision says" }),
  })
  .meta({ id: "Promises" });

/** Targets of one tier and metric, all priorities together. */
const keptPromise = z
  .object({
    tier,
    metric: z.enum(["first_reply", "next_reply", "resolution"]),
    met: z.number().int(),
    missed: z.number().int().meta({ description: "Too late, and open past the target" }),
    openLate: z.number().int().meta({ description: "Of the missed ones those that are still open" }),
    share: z.number().nullable().meta({ description: "0–1; null = too few to say" }),
    low: z.number().nullable(),
    high: z.number().nullable(),
    verdict: z.enum(["met", "met_not_proven", "missed", "too_few"]),
    burnt: z
      .number()
      .nullable()
      .meta({ description: "Part of the allowed misses used up, 1 = all; null = too few" }),
    allowed: z.number().nullable().meta({ description: "Misses that the objective allows among so many" }),
  })
  .meta({ id: "KeptPromise" });

/** What the figures of `report attainment` hold of it. */
export const attainmentFigures = z.object({
  frame: z.object({ through: z.number().nullable(), tickets: z.number().int() }),
  objective: z.number(),
  minTargets: z.number().int(),
  rows: z.array(
    z.object({
      tier: z.string(),
      metric: keptPromise.shape.metric,
      priority: z.string().nullable(),
      met: z.number().int(),
      late: z.number().int(),
      openLate: z.number().int(),
      attainment: z.object({
        verdict: keptPromise.shape.verdict,
        share: z.object({
          share: z.number().nullable(),
          interval: z.object({ low: z.number(), high: z.number() }).nullable(),
        }),
        budget: z.object({ allowed: z.number(), burnt: z.number() }).nullable(),
      }),
    }),
  ),
});

/** Are promises kept since the month began? */
export const promiseMonth = z
  .object({
    from: moment,
    until: moment,
    timezone: z.string().meta({ description: "Zone in which the month began: the policy's" }),
    tickets: z.number().int(),
    through: moment
      .nullable()
      .meta({ description: "How far the help desk's events are in; null = not at all" }),
    objective: z.number().meta({ description: "Share of targets that shall be met, 0–1" }),
    minTargets: z.number().int().meta({ description: "With fewer there is no percentage" }),
    rows: z.array(keptPromise).meta({ description: "The highest tier first" }),
  })
  .meta({ id: "PromiseMonth" });
