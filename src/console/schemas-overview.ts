/** "Is it working, and what did it touch?" on one page. */
import { z } from "zod";
import { accountRef, checkLine, finding, moment, money, tier } from "./schemas.ts";
import { decisionRow } from "./schemas-decisions.ts";

/** One of both sides. */
const side = z
  .object({
    name: z.string(),
    state: z.enum(["ok", "trouble", "unknown"]),
    detail: z.string(),
    lastSuccessAt: moment.nullable(),
    calls: z.record(z.string(), z.number()).meta({ description: "Since start, by kind of call" }),
    budget: z
      .object({
        limit: z.number(),
        remaining: z.number(),
        per: z.enum(["minute", "day"]),
        resetsAt: moment.nullable(),
      })
      .nullable()
      .meta({
        description: "What we may use of the upstream's limit, and what is left of it; null = not told",
      }),
  })
  .meta({ id: "Side" });

/** A share with what it is a share of. */
export const share = z
  .object({ part: z.number().int(), whole: z.number().int() })
  .meta({ id: "Share", description: "Not a percentage: both numbers, so that few cannot pass for many" });

/** Changes held by the mass-change brake. */
export const heldRun = z
  .object({
    runId: z.string(),
    source: z.string(),
    heldSince: moment,
    codes: z.array(z.string()),
    reason: z.string(),
    records: z.number().int(),
    arr: z.array(money),
    demotions: z.array(
      z.object({
        account: accountRef,
        from: tier,
        to: tier,
        arr: money.nullable(),
        because: z.string().meta({ description: "Account whose record changed or is gone" }),
        change: z.enum(["facts", "gone"]),
      }),
    ),
  })
  .meta({ id: "HeldRun" });
export const heldRuns = z.object({ runs: z.array(heldRun) }).meta({ id: "HeldRuns" });
export const guardDecided = z
  .object({
    runId: z.string(),
    decided: z.enum(["approved", "rejected"]),
    by: z.string(),
    records: z.number().int(),
  })
  .meta({ id: "GuardDecided" });

/** May anything be written outside at present? */
export const switches = z
  .object({
    pausedSince: moment.nullable(),
    simulating: z.boolean(),
    simulatingForced: z.boolean().meta({ description: "The service was started with --simulate or --setup" }),
  })
  .meta({ id: "Switches" });
export const simulateWish = z.object({ on: z.boolean() });

/** What `check` last said. */
export const lastCheck = z
  .object({ at: moment.nullable(), ok: z.boolean().nullable(), lines: z.array(checkLine) })
  .meta({ id: "LastCheck" });

/** Which policy decides. */
const policyNow = z.object({
  version: z.string(),
  effectiveFrom: z.string().nullable(),
  readOnly: z.boolean(),
  file: z.string().nullable(),
  findings: z.array(finding),
  restartNeeded: z
    .array(z.string())
    .meta({ description: "Sections that differ from what the running service connected with" }),
});

/** The first screen of whoever runs the service. */
export const overview = z
  .object({
    at: moment,
    helpDesk: side,
    crm: side.nullable(),
    ready: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
    switches,
    queue: z.object({
      pending: z.number().int(),
      parked: z.number().int(),
      oldestPendingSeconds: z.number().nullable(),
    }),
    policy: policyNow,
    slaOrder: z
      .object({ checkedAt: moment.nullable(), lines: z.array(checkLine) })
      .meta({ description: "SLA lines of the last check" }),
    guard: z.array(
      z.object({ runId: z.string(), heldSince: moment, records: z.number().int(), reason: z.string() }),
    ),
    tickets: z.object({
      days: z.number().int(),
      tied: share.meta({ description: "Tickets tied to an account" }),
      attached: share.meta({ description: "Tickets with a promise whose right SLA is attached" }),
      recent: z
        .object({ days: z.number().int(), tied: share, attached: share })
        .meta({ description: "The same over the last days alone" }),
    }),
    openReports: z.number().int(),
    decisions: z.array(decisionRow).meta({ description: "The last 50" }),
  })
  .meta({ id: "Overview" });
