/**
 * What we read of Zendesk's records, leniently: null anywhere, unknown enum members, ids as number or text, extra keys.
 *
 * A strict reading would fail in practice: of 1,118 recorded answers 485 do not fit Zendesk's own published schema
 * (facts on the OpenAPI file, read 2026-11-22). Only what we cannot do without is required.
 */
import { z } from "zod";
import type { Priority } from "../../src/policy/model.ts";

/** A Zendesk id as decimal text; null = none, which Zendesk also writes as 0, "0" and "" (recorded events). */
export function idOf(value: unknown): string | null {
  const text = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === "string" && /^[1-9]\d{0,19}$/.test(text) ? text : null;
}

/** Ids go out as numbers, as Zendesk's schema has them, unless a number could not hold them exactly. */
export function numeric(id: string): number | string {
  const number = Number(id);
  return Number.isSafeInteger(number) ? number : id;
}

/** Priority in our words: events write it in capitals, REST in small letters. null = blank or not one of the four. */
export function priorityOf(value: unknown): Priority | null {
  const text = typeof value === "string" ? value.toLowerCase() : null;
  return text === "low" || text === "normal" || text === "high" || text === "urgent" ? text : null;
}

/** Any value, also none at all. */
const anything = z.unknown().optional();
const id = anything.transform(idOf);
const requiredId = id.refine((value) => value !== null, "no usable id").transform((value) => value ?? "");
const text = anything.transform((value) =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : null,
);
const wording = text.transform((value) => value ?? "");
const flag = anything.transform((value) => value === true || value === "true");
const texts = anything.transform((value) =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === "string") : [],
);
const ids = anything.transform((value) =>
  Array.isArray(value) ? value.map(idOf).filter((v): v is string => v !== null) : [],
);
const keyed = anything.transform((value): Readonly<Record<string, unknown>> => recordOf(value) ?? {});
const moment = z
  .string()
  .refine((value) => !Number.isNaN(Date.parse(value)), "not a moment")
  .transform((value) => ({ text: value, at: Date.parse(value) }));
const momentOrNull = anything.transform((value): number | null => {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : at;
});

/** Where something came from: `via.channel` (a word or a number) and the relation of its source. */
const via = anything.transform((value) => {
  const whole = recordOf(value);
  const channel = whole?.channel;
  const rel = recordOf(whole?.source)?.rel;
  return {
    channel: typeof channel === "string" || typeof channel === "number" ? String(channel) : null,
    rel: typeof rel === "string" ? rel : null,
  };
});

const fieldValues = anything.transform((value) => {
  const byId = new Map<string, unknown>();
  for (const entry of Array.isArray(value) ? value : []) {
    const whole = recordOf(entry);
    const fieldId = idOf(whole?.id);
    if (fieldId !== null) byId.set(fieldId, whole?.value ?? null);
  }
  return byId;
});

/** A ticket. Its two stamps are required: without them nothing can be decided or safely written. */
export const ticketSchema = z.object({
  id: requiredId,
  created_at: moment,
  updated_at: moment,
  status: wording.transform((value) => value.toLowerCase()),
  subject: wording,
  description: wording,
  priority: anything.transform(priorityOf),
  group_id: id,
  assignee_id: id,
  organization_id: id,
  requester_id: id,
  submitter_id: id,
  brand_id: id,
  ticket_form_id: id,
  follower_ids: ids,
  tags: texts,
  via,
  custom_fields: fieldValues,
});
export type ZendeskTicket = z.output<typeof ticketSchema>;

export const userSchema = z.object({
  id: requiredId,
  email: text,
  role: text,
  tags: texts,
  user_fields: keyed,
  active: anything.transform((value) => value !== false),
  suspended: flag,
});
export type ZendeskUser = z.output<typeof userSchema>;

export const organizationSchema = z.object({
  id: requiredId,
  name: wording,
  external_id: text,
  domain_names: texts,
  tags: texts,
  organization_fields: keyed,
  updated_at: momentOrNull,
  deleted_at: text,
});
export type ZendeskOrganization = z.output<typeof organizationSchema>;

/** A group, ticket form or brand. */
export const namedSchema = z.object({ id: requiredId, name: wording, deleted: flag });

export const slaPolicySchema = z.object({
  id: requiredId,
  title: wording,
  position: anything.transform((value) => (typeof value === "number" ? value : Number.MAX_SAFE_INTEGER)),
});

export const organizationFieldSchema = z.object({ key: z.string() });

export const ticketFieldSchema = z.object({
  id: requiredId,
  type: wording,
  title: wording,
  active: anything.transform((value) => value !== false),
  custom_field_options: anything.transform((value) =>
    (Array.isArray(value) ? value : []).flatMap((option) => {
      const whole = recordOf(option);
      if (typeof whole?.value !== "string") return [];
      return [{ value: whole.value, name: typeof whole.name === "string" ? whole.name : whole.value }];
    }),
  ),
});
export type ZendeskTicketField = z.output<typeof ticketFieldSchema>;

export const identitySchema = z.object({ type: wording, primary: flag, verified: flag });

/** One audit of a ticket. Events that are no objects are left out. */
export const auditSchema = z.object({
  id: text,
  author_id: text,
  created_at: momentOrNull,
  via,
  metadata: anything.transform((value) => recordOf(recordOf(value)?.custom) ?? {}),
  events: anything.transform((value) =>
    (Array.isArray(value) ? value : []).flatMap((event) => {
      const whole = recordOf(event);
      if (whole === null) return [];
      return [
        {
          type: whole.type,
          field: whole.field_name,
          value: whole.value,
          previous: whole.previous_value,
          via: whole.via === undefined || whole.via === null ? null : via.parse(whole.via),
        },
      ];
    }),
  ),
});
export type ZendeskAudit = z.output<typeof auditSchema>;

/** A background job. Its rows have three shapes (recorded), so each is kept as it came and read by `jobs`. */
export const jobSchema = z.object({
  id: z.string().min(1),
  status: wording.transform((value) => value.toLowerCase()),
  results: anything.transform((value) =>
    (Array.isArray(value) ? value : []).map(recordOf).filter((row) => row !== null),
  ),
});
export type ZendeskJob = z.output<typeof jobSchema>;

/** A row of the ticket export, reduced to what a sweep needs. */
export const createdTicketSchema = ticketSchema.pick({ id: true, created_at: true, status: true });

/** A ticket in a list of open ones. */
export const openTicketSchema = ticketSchema.pick({
  id: true,
  created_at: true,
  status: true,
  assignee_id: true,
  tags: true,
});

/** One of a person's organizations. Ids beside it are of no use to us. */
export const membershipSchema = z.object({ organization_id: requiredId, default: flag });

export const slaClockSchema = z.object({ metric: z.string(), stage: wording, breach_at: momentOrNull });

/** The list under `key` of a page, as it came; no list = an empty one. */
export function listOf(body: unknown, key: string): readonly unknown[] {
  const list = recordOf(body)?.[key];
  return Array.isArray(list) ? list : [];
}

/** An object's keys; null = not an object. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}

/** Reads each record by itself; one odd record is reported, without its content, and never stops the page. */
export function readEach<S extends z.ZodType>(
  schema: S,
  list: readonly unknown[],
  what: string,
  report: (message: string) => void,
): readonly z.output<S>[] {
  return list.flatMap((entry) => {
    const read = schema.safeParse(entry);
    if (read.success) return [read.data];
    const place = read.error.issues[0]?.path.join(".") ?? "";
    report(
      `one ${what} (id ${idOf(recordOf(entry)?.id) ?? "unknown"}) could not be read at "${place}" and was skipped`,
    );
    return [];
  });
}
