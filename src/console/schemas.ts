/** Words that every answer of the API is made of. Moments are ISO 8601 in UTC, days `YYYY-MM-DD`, null = not known. */
import { z } from "zod";

/** A moment, `2026-06-09T15:00:00Z`. */
export const moment = z.iso.datetime().meta({ description: "ISO 8601, UTC" });

/** A day in the policy's time zone. */
export const day = z.iso.date();

/** An exact amount; a null currency is not known, which is not the base currency. */
export const money = z
  .object({ amount: z.string(), currency: z.string().nullable() })
  .meta({ id: "Money", description: "Exact decimal text with its currency; null currency = not known" });

/** A tier by id and name; `rank` counts from the lowest, 0; null = the policy has no such tier any more. */
export const tier = z
  .object({ id: z.string(), name: z.string(), rank: z.number().int().nullable() })
  .meta({ id: "Tier" });

/** How a page tells a sentence in the reader's language. */
export const said = {
  words: z.string().meta({ description: "The sentence in English" }),
  text: z.string().meta({ description: "The sentence in any language: reason.grant_plan, flag.grace, …" }),
  args: z
    .record(z.string(), z.string())
    .meta({ description: "What the sentence names: tier = a tier's name, what = a status or a fact" }),
};

/** What a tier rests on, to be told in the reader's language; null = it rests on nothing we know. */
export const basisSaid = z.object(said).nullable();

/** A reason code with its sentence. */
export const reason = z.object({ code: z.string(), ...said }).meta({ id: "Reason" });

/** A finding of the policy linter. */
export const finding = z
  .object({
    code: z.string(),
    severity: z.enum(["error", "warning"]),
    path: z.string(),
    message: z.string(),
    fix: z.string(),
  })
  .meta({ id: "Finding" });

/** One line of `check`. */
export const checkLine = z
  .object({
    area: z.string(),
    name: z.string(),
    state: z.enum(["ok", "warn", "fail"]),
    detail: z.string(),
    fix: z.string().nullable(),
  })
  .meta({ id: "CheckLine" });

/** An account in a list. */
export const accountRef = z
  .object({ id: z.string(), name: z.string().nullable() })
  .meta({ id: "AccountRef" });

/** What every failed call answers. */
export const problem = z
  .object({
    error: z.string().meta({ description: "Short code" }),
    message: z.string(),
    fix: z.string().meta({ description: "One imperative sentence" }),
    details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem" });

/** `next` goes into `?cursor=`; null = this was the last page. */
export const nextPage = z.string().nullable().meta({ description: "Value for `cursor`; null = last page" });

/** The CRM's last confirmation of what is shown; null = never, or our own records. */
export const factsAt = moment
  .nullable()
  .meta({ description: "When the CRM last confirmed the facts shown; null = never" });

/** Who did what for whom: nothing to answer but that it is done. */
export const done = z.object({ ok: z.literal(true) }).meta({ id: "Done" });

/** `limit` and `cursor` of lists. */
export const pageQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** An id in an address: nothing that could be taken for more of the address. */
export const pathId = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w.:@-]+$/, "holds characters that no id has");
