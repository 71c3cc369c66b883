/** Decisions about tickets, in lists and in full. */
import { z } from "zod";
import { accountRef, basisSaid, factsAt, moment, nextPage, pageQuery, reason, tier } from "./schemas.ts";

/** The writable part of a ticket. */
export const ticketImage = z
  .object({
    priority: z.string().nullable(),
    prioritySetBy: z.enum(["none", "agent", "requester", "automation"]).nullable(),
    group: z.string().nullable(),
    tags: z.array(z.string()),
  })
  .meta({ id: "TicketImage" });

/** Was the promised SLA read back, and is it there? */
export const verification = z
  .object({ at: moment, ok: z.boolean(), code: z.string(), detail: z.string(), fix: z.string().nullable() })
  .meta({ id: "Verification" });

/** One line of the list. `tier` null = the ticket was left alone. */
export const decisionRow = z
  .object({
    id: z.string(),
    seq: z.number().int().meta({ description: "Counts up; Last-Event-ID of live updates" }),
    ticketId: z.string(),
    account: accountRef.nullable(),
    event: z.string(),
    decidedAt: moment,
    asOf: moment,
    state: z.enum(["intended", "written", "left", "simulated"]),
    outcome: z.string(),
    tier: tier.nullable(),
    before: ticketImage,
    after: ticketImage,
    firstReplyDueAt: moment.nullable(),
    slaPolicy: z.string().nullable(),
    verification: verification.nullable(),
    reasons: z.array(reason),
    ms: z.number().int().nullable().meta({ description: "From the ticket's event to the decision" }),
  })
  .meta({ id: "DecisionRow" });

/** Filters of the list. */
export const decisionQuery = pageQuery.extend({
  ticket: z.string().max(40).optional(),
  account: z.string().max(200).optional(),
  tier: z.string().max(100).optional(),
  state: z.enum(["intended", "written", "left", "simulated"]).optional(),
  unverified: z.stringbool().default(false).meta({ description: "Only where the SLA is not as promised" }),
});

/** Newest first. */
export const decisionPage = z
  .object({ decisions: z.array(decisionRow), next: nextPage })
  .meta({ id: "DecisionPage" });

/** One SLA clock as promised. */
export const due = z
  .object({
    metric: z.string(),
    minutes: z.number().nullable(),
    clock: z.string().nullable(),
    dueAt: moment.nullable(),
  })
  .meta({ id: "Due" });

/** A fact that a decision rests on. */
export const factUsed = z
  .object({
    accountId: z.string(),
    fact: z.string(),
    words: z.string(),
    value: z.string(),
    confirmedAt: moment.nullable(),
  })
  .meta({ id: "FactUsed" });

/** A decision with everything it rests on. */
export const decisionStory = decisionRow
  .extend({
    policyVersion: z.string(),
    basis: z.string().nullable(),
    basisWords: z.string().nullable(),
    basisSaid,
    flags: z.array(reason),
    due: z.array(due),
    facts: z.array(factUsed),
    factsAt,
    keyword: z.string().nullable(),
    followersAdded: z.array(z.string()),
  })
  .meta({ id: "DecisionStory" });

/** All decisions of one ticket, newest first. */
export const ticketStory = z
  .object({ ticketId: z.string(), url: z.string().nullable(), decisions: z.array(decisionStory) })
  .meta({ id: "TicketStory" });

/** A delivery that waits for a person. */
export const parked = z
  .object({
    id: z.string(),
    kind: z.enum(["ticket", "accounts"]),
    ticketId: z.string().nullable(),
    accountIds: z.array(z.string()),
    receivedAt: moment,
    attempts: z.number().int(),
    reason: z.string(),
    fix: z.string(),
  })
  .meta({ id: "ParkedDelivery" });

/** What waits for a person, newest first. */
export const parkedList = z
  .object({ total: z.number().int(), parked: z.array(parked) })
  .meta({ id: "ParkedList" });

/** `id` null = all. */
export const replayWish = z.object({ id: z.string().max(200).nullable() });
export const replayed = z.object({ replayed: z.number().int() }).meta({ id: "Replayed" });
