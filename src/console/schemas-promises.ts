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
  })
  .meta({ id: "Promises" });
