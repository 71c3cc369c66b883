/** What people were told, to whom, and what became of it. */
import { z } from "zod";
import { moment, nextPage, pageQuery } from "./schemas.ts";

const state = z.enum(["waiting", "sending", "told", "unknown", "parked", "lapsed", "simulated"]).meta({
  description:
    "unknown: it left and no answer came, so it is not sent again; lapsed: not worth sending any more; parked: waits for a person",
});

const notice = z
  .object({
    key: z.string().meta({ description: "The same thing has the same key" }),
    kind: z.enum([
      "clock",
      "health",
      "capacity",
      "differentiation",
      "entitlement",
      "digest",
      "review",
      "trouble",
    ]),
    addressee: z.string().meta({ description: "E-mail address of a person, or name of a channel" }),
    way: z.enum(["slack", "email", "webhook"]),
    state,
    title: z.string(),
    ticketId: z.string().nullable(),
    accountId: z.string().nullable(),
    recordedAt: moment,
    endedAt: moment.nullable().meta({ description: "When it was told or given up; null = not yet" }),
    attempts: z.number().int(),
    reason: z.string(),
  })
  .meta({ id: "Notice" });

/** `state` narrows the list down. */
export const noticeQuery = pageQuery.extend({ state: state.optional() });

/** One page, newest first, and how many there are in each state. */
export const noticePage = z
  .object({
    notices: z.array(notice),
    counts: z.record(state, z.number().int()),
    next: nextPage,
  })
  .meta({ id: "NoticePage" });

/** How many were put back. */
export const noticesAgain = z.object({ again: z.number().int() }).meta({ id: "NoticesAgain" });
