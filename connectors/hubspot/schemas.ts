/**
 * What HubSpot sends, read leniently: nulls anywhere, numbers as text or numbers, unknown keys, missing keys.
 *
 * Ids stay exact text. A record that cannot be read at all is counted, and never stops the page it came in.
 */
import { z } from "zod";

const scalar = z
  .unknown()
  .optional()
  .transform((value) =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : null,
  );

const id = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => /^\d{1,30}$/.test(text));

const record = z.object({
  id,
  properties: z.record(z.string(), scalar).catch({}),
  updatedAt: scalar,
  archived: z.boolean().catch(false),
});

/** One company, as text. */
export type CompanyRecord = z.infer<typeof record>;

/** Readable records of a list, and how many could not be read. */
const records = z.array(z.unknown()).transform((items) => {
  const read = items.map((item) => record.safeParse(item));
  return {
    records: read.flatMap((one) => (one.success ? [one.data] : [])),
    odd: read.filter((one) => !one.success).length,
  };
});

/** One page of a search or a list; `after` null = the last page, however short or long the others were. */
export const pageSchema = z
  .object({
    results: records,
    paging: z
      .object({ next: z.object({ after: scalar }) })
      .nullish()
      .catch(null),
  })
  .transform(({ results, paging }) => ({ ...results, after: paging?.next.after || null }));

export type Page = z.infer<typeof pageSchema>;

const problem = z.object({
  category: scalar,
  subCategory: scalar,
  code: scalar,
  message: scalar,
  context: z.record(z.string(), z.unknown()).catch({}),
  errors: z.unknown().optional(),
});

/** One entry of `errors`; any field may be missing. */
export type Problem = z.infer<typeof problem>;

const problems = z
  .array(z.unknown())
  .catch([])
  .transform((items) => items.flatMap((item) => problem.safeParse(item).data ?? []));

/** A batch's answer; with status 207 some of the inputs stand in `errors`. */
export const batchSchema = z
  .object({ results: records, errors: problems })
  .transform(({ results, errors }) => ({ ...results, errors }));

export type Batch = z.infer<typeof batchSchema>;

const refusal = z.object({
  message: scalar,
  category: scalar,
  policyName: scalar,
  context: z.record(z.string(), z.unknown()).catch({}),
  errors: problems,
});

/** The body of a refusal; null where there was none or it was no object. */
export function refusalOf(body: unknown): z.infer<typeof refusal> | null {
  return refusal.safeParse(body).data ?? null;
}

/** Texts of a context entry (`ids`, `requiredGranularScopes`); an entry that is no list is empty. */
export function listed(context: Readonly<Record<string, unknown>>, key: string): readonly string[] {
  const value = context[key];
  return Array.isArray(value)
    ? value.flatMap((one) => (typeof one === "string" || typeof one === "number" ? [String(one)] : []))
    : [];
}

const option = z.object({
  value: z.union([z.string(), z.number(), z.boolean()]).transform(String),
  label: scalar,
  description: scalar,
  displayOrder: z.number().nullish().catch(null),
  hidden: z.boolean().catch(false),
});

const property = z.object({
  name: z.string().min(1),
  label: scalar,
  type: scalar,
  fieldType: scalar,
  options: z
    .array(z.unknown())
    .catch([])
    .transform((items) => items.flatMap((item) => option.safeParse(item).data ?? [])),
  calculated: z.boolean().catch(false),
  modificationMetadata: z
    .object({ readOnlyValue: z.boolean().catch(false) })
    .nullish()
    .catch(null),
});

/** The definition of one company property. */
export const propertySchema = property;
export type Property = z.infer<typeof property>;

/** All definitions; unreadable ones are left out. */
export const propertiesSchema = z
  .object({ results: z.array(z.unknown()) })
  .transform(({ results }) => results.flatMap((item) => property.safeParse(item).data ?? []));

/** Who we are connected as. */
export const accountSchema = z.object({ portalId: id, timeZone: scalar, companyCurrency: scalar });

/**
 * The change stamp of a record: `hs_lastmodifieddate`, which the change search filters on; the record's own
 * `updatedAt` where the property was not sent. Always in one form, so that equal stamps are equal texts.
 */
export function stampOf(company: CompanyRecord): string | null {
  const sent = company.properties.hs_lastmodifieddate || company.updatedAt || null;
  if (sent === null) return null;
  const ms = /^\d{11,15}$/.test(sent) ? Number(sent) : /^\d{4}-/.test(sent) ? Date.parse(sent) : Number.NaN;
  return Number.isFinite(ms) ? new Date(ms).toISOString() : sent;
}

const owner = z.object({ id, email: scalar });

/** One page of owners with a mail address; `after` null = the last page. */
export const ownersSchema = z
  .object({
    results: z
      .array(z.unknown())
      .transform((items) => items.flatMap((item) => owner.safeParse(item).data ?? [])),
    paging: z
      .object({ next: z.object({ after: scalar }) })
      .nullish()
      .catch(null),
  })
  .transform(({ results, paging }) => ({ owners: results, after: paging?.next.after || null }));

const link = z.object({
  toObjectId: id,
  associationTypes: z
    .array(
      z
        .object({ category: scalar, typeId: scalar, label: scalar })
        .catch({ category: null, typeId: null, label: null }),
    )
    .catch([]),
});

/** One record's links; `odd` = some of them could not be read, `after` null = that was the last page. */
const links = z
  .object({
    from: z.object({ id }),
    to: z.array(z.unknown()),
    paging: z
      .object({ next: z.object({ after: scalar }) })
      .nullish()
      .catch(null),
  })
  .transform(({ from, to, paging }) => {
    const read = to.map((item) => link.safeParse(item));
    return {
      from: from.id,
      links: read.flatMap((one) => (one.success ? [one.data] : [])),
      odd: read.some((one) => !one.success),
      after: paging?.next.after || null,
    };
  });

/** Links of many records; those that have none may stand in `errors`. */
export const linksSchema = z.object({ results: z.array(links), errors: problems });
