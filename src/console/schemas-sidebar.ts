/** What an agent sees beside a ticket or an organization. */
import { z } from "zod";
import { accountRef, basisSaid, day, factsAt, moment, money, reason, tier } from "./schemas.ts";
import { override } from "./schemas-customers.ts";

/** Something to be careful about. `code`: grace, suspended, vip, unlisted, stale, review, unmatched, … */
const warning = reason.meta({ id: "Warning" });

/** A ticket of the same account. */
export const otherTicket = z
  .object({
    ticketId: z.string(),
    url: z.string().nullable(),
    decidedAt: moment,
    tier,
    priority: z.string().nullable(),
    status: z.string().nullable().meta({ description: "As the help desk told last; null = not told yet" }),
    firstReplyDueAt: moment.nullable(),
    firstReply: z
      .enum(["kept", "late", "running"])
      .nullable()
      .meta({ description: "late = too late, or still open past its time; null = not asked, or not told" }),
    slaAttached: z.boolean().nullable(),
  })
  .meta({ id: "OtherTicket" });

/** Who looks after the customer. */
const people = z.object({
  tam: z.string().nullable(),
  slackChannel: z.boolean().meta({ description: "The tier includes a shared channel" }),
  slackUrl: z.string().nullable().meta({ description: "https address the CRM states; null = none" }),
  contacts: z
    .array(z.string())
    .meta({ description: "Addresses of those who may raise tickets; empty = the CRM lists nobody" }),
});

/** How the account is doing, from its own tickets. */
const health = z
  .object({
    score: z.number().nullable().meta({ description: "0–100; null = too little is known" }),
    colour: z.enum(["green", "amber", "red", "unknown"]),
    tickets: z.number().int().meta({ description: "Tickets of the last 90 days that count" }),
    alerts: z.array(z.string()).meta({ description: "What somebody must look at, urgent ones first" }),
  })
  .meta({ id: "AccountHealth" });

/** In the browser the minutes are counted on from `due.dueAt`; `minutesLeft` is as of `at`, negative = overdue. */
export const ticketSidebar = z
  .object({
    at: moment,
    ticketId: z.string(),
    known: z.boolean().meta({ description: "false = nothing was decided yet; the tier is the customer's" }),
    account: accountRef.nullable(),
    tier,
    basisWords: z.string().nullable(),
    due: z
      .object({
        metric: z.string(),
        dueAt: moment,
        minutesLeft: z.number().int(),
        repliedAt: moment
          .nullable()
          .meta({ description: "null = not replied, or the help desk has not told" }),
        inTime: z.boolean().nullable(),
      })
      .nullable()
      .meta({ description: "null = no first reply is promised" }),
    slaAttached: z.boolean().nullable(),
    reasons: z.array(reason),
    warnings: z.array(warning),
    factsAt,
    factsAgeMinutes: z.number().int().nullable(),
    people,
    tickets: z.array(otherTicket).meta({ description: "This account's other open tickets, at most 10" }),
    health: health.nullable(),
  })
  .meta({ id: "TicketSidebar" });
export const ticketSidebarQuery = z.object({
  organization: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional()
    .meta({ description: "For tickets that are not decided yet" }),
});

/** Beside an organization. */
export const organizationSidebar = z
  .object({
    at: moment,
    organizationId: z.string(),
    account: accountRef.nullable(),
    tier,
    basis: z.string().nullable(),
    basisWords: z.string().nullable(),
    basisSaid,
    arr: money.nullable().meta({ description: "Only for admins, or where the policy copies it to the desk" }),
    contract: z
      .object({ start: day.nullable(), end: day.nullable(), renewalInProgress: z.boolean() })
      .nullable(),
    reasons: z.array(reason),
    warnings: z.array(warning),
    factsAt,
    factsAgeMinutes: z.number().int().nullable(),
    people,
    overrides: z.array(override),
    history: z
      .array(z.object({ at: moment, from: tier.nullable(), to: tier }))
      .meta({ description: "Changes of the tier, newest first; at most 20" }),
    tickets: z.array(otherTicket),
    health: health.nullable(),
    attainment: z.object({
      promised: z.number().int(),
      attached: z.number().int(),
      days: z.number().int(),
      targets: z
        .array(
          z.object({
            metric: z.enum(["first_reply", "next_reply", "resolution"]),
            kept: z.number().int(),
            late: z.number().int().meta({ description: "Open ones past their time included" }),
            running: z.number().int(),
          }),
        )
        .meta({ description: "Targets of the account's tickets of the last `days` days" }),
      factsThrough: moment
        .nullable()
        .meta({ description: "How far the help desk's events are in; null = not yet" }),
    }),
  })
  .meta({ id: "OrganizationSidebar" });

/** "Wrong tier?" */
export const reportWish = z.object({
  ticketId: z.string().regex(/^\d{1,20}$/),
  note: z.string().trim().min(3).max(2_000),
});
export const reported = z.object({ id: z.string() }).meta({ id: "Reported" });

/** What the macro does in the ticket editor: an internal note and tags. Nothing is written by us. */
export const escalation = z
  .object({ macroId: z.string(), title: z.string(), note: z.string(), tags: z.array(z.string()) })
  .meta({ id: "Escalation" });
