/** What an agent sees beside a ticket or an organization. */
import { z } from "zod";
import { accountRef, day, factsAt, moment, money, reason, tier } from "./schemas.ts";
import { override } from "./schemas-customers.ts";

/** Something to be careful about. `code`: grace, suspended, vip, unlisted, stale, review, unmatched, … */
const warning = reason.meta({ id: "Warning" });

/** A ticket of the same account. */
const otherTicket = z
  .object({
    ticketId: z.string(),
    url: z.string().nullable(),
    decidedAt: moment,
    tier,
    priority: z.string().nullable(),
    firstReplyDueAt: moment.nullable(),
    slaAttached: z.boolean().nullable(),
  })
  .meta({ id: "OtherTicket" });

/** Who looks after the customer. */
const people = z.object({
  tam: z.string().nullable(),
  slackChannel: z.boolean().meta({ description: "The tier includes a shared channel" }),
});

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
      .object({ metric: z.string(), dueAt: moment, minutesLeft: z.number().int() })
      .nullable()
      .meta({ description: "null = no first reply is promised" }),
    slaAttached: z.boolean().nullable(),
    reasons: z.array(reason),
    warnings: z.array(warning),
    factsAt,
    factsAgeMinutes: z.number().int().nullable(),
    people,
    tickets: z
      .array(otherTicket)
      .meta({ description: "This account's tickets of the last 30 days, at most 10" }),
    health: z.number().nullable().meta({ description: "0–100; null = not known" }),
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
      .meta({ description: "Tiers the help desk was told, newest first" }),
    tickets: z.array(otherTicket),
    attainment: z.object({
      promised: z.number().int(),
      attached: z.number().int(),
    }),
  })
  .meta({ id: "OrganizationSidebar" });

/** "Wrong tier?" */
export const reportWish = z.object({
  ticketId: z.string().regex(/^\d{1,20}$/),
  note: z.string().trim().min(3).max(2_000),
});
export const reported = z.object({ id: z.string() }).meta({ id: "Reported" });

/** What to apply in the ticket editor; nothing is written by us. */
export const escalation = z.object({ macroId: z.string(), title: z.string() }).meta({ id: "Escalation" });
