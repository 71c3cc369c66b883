/** What we read of an account's set-up for `check`: fields, SLA policies, triggers and webhooks, as leniently as the rest. */
import { z } from "zod";
import type { DeskCondition } from "../../src/ports.ts";
import { idOf, recordOf } from "./schemas.ts";

const anything = z.unknown().optional();
/** A text; anything else is "". */
export const wording = anything.transform((value) =>
  typeof value === "string" || typeof value === "number" ? String(value) : "",
);
/** An id that must be there. */
export const requiredId = anything
  .transform(idOf)
  .refine((value) => value !== null, "no usable id")
  .transform((value) => value ?? "");
/** Place in an order; without one, behind all others. */
export const position = anything.transform((value) =>
  typeof value === "number" ? value : Number.MAX_SAFE_INTEGER,
);
/** Everything is active that does not say otherwise. */
export const active = anything.transform((value) => value !== false);

const conditionList = anything.transform((value): readonly DeskCondition[] =>
  list(value).flatMap((row) =>
    typeof row.field === "string"
      ? [{ field: row.field, operator: String(row.operator ?? ""), value: valueText(row.value) }]
      : [],
  ),
);

/** Conditions of a trigger or of an SLA filter; a missing side is an empty one. */
export const conditions = anything.transform((value) => {
  const whole = recordOf(value);
  return { all: conditionList.parse(whole?.all), any: conditionList.parse(whole?.any) };
});

export const fieldSchema = z
  .object({
    id: requiredId,
    key: wording,
    title: wording,
    type: wording,
    active,
    custom_field_options: anything.transform((value) => list(value).map((row) => valueText(row.value))),
  })
  .transform(({ custom_field_options: options, ...field }) => ({ ...field, options }));

/**
 * `target` is in minutes. Where `target_in_seconds` stands beside it that one counts: it is the finer one (which of
 * the two wins is not documented).
 */
export const targets = anything.transform((value) =>
  list(value).flatMap((row) => {
    const seconds = typeof row.target_in_seconds === "number" ? row.target_in_seconds : null;
    const minutes = seconds === null ? row.target : seconds / 60;
    if (typeof minutes !== "number") return [];
    const [metric, priority] = [String(row.metric ?? ""), String(row.priority ?? "").toLowerCase()];
    return [{ metric, priority, minutes, businessHours: row.business_hours === true }];
  }),
);

export const slaSchema = z
  .object({
    id: requiredId,
    title: wording,
    description: wording,
    position,
    filter: conditions,
    policy_metrics: targets,
  })
  .transform(({ policy_metrics: targets, ...policy }) => ({ ...policy, targets }));

/** The id of a category is text of its own. */
export const categorySchema = z.object({ id: wording, position });

export const triggerSchema = z
  .object({
    id: requiredId,
    title: wording,
    active,
    position,
    category_id: wording,
    conditions,
    actions: anything.transform((value) =>
      list(value).map((row) => ({ field: String(row.field ?? ""), value: row.value })),
    ),
  })
  .transform(({ actions, category_id: category, ...trigger }) => ({
    ...trigger,
    category,
    sets: actions.map((action) => action.field),
    calls: actions.flatMap(({ field, value }) => (field === "notification_webhook" ? calledBy(value) : [])),
  }));

/** Subscription of a webhook that triggers fire (recorded). */
const BY_TRIGGER = "conditional_ticket_events";

export const webhookSchema = z
  .object({
    id: z.string().regex(/^[0-9A-Za-z]{1,40}$/),
    name: wording,
    status: wording,
    endpoint: wording,
    http_method: wording,
    request_format: wording,
    subscriptions: anything.transform((value) =>
      (Array.isArray(value) ? value : []).filter((one): one is string => typeof one === "string"),
    ),
  })
  .transform(({ status, http_method, request_format, subscriptions, ...webhook }) => ({
    ...webhook,
    active: status.toLowerCase() === "active",
    readable: http_method.toUpperCase() === "POST" && request_format.toLowerCase() === "json",
    byTrigger: subscriptions.includes(BY_TRIGGER),
    events: subscriptions.filter((one) => one !== BY_TRIGGER),
  }));

/** Seen with and without a status code; a call that was held back has none (recorded). */
export const invocationSchema = z
  .object({
    id: wording,
    status: wording,
    status_code: anything.transform((value) => {
      const code = Number(value ?? Number.NaN);
      return Number.isInteger(code) ? code : null;
    }),
    latest_completed_at: anything.transform((value) => {
      const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
      return Number.isNaN(at) ? null : at;
    }),
  })
  .transform(({ status_code: statusCode, latest_completed_at: at, ...rest }) => ({
    ...rest,
    statusCode,
    at,
  }));

/** The objects of a list; anything else in it is left out. */
export function list(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return (Array.isArray(value) ? value : []).map(recordOf).filter((row) => row !== null);
}

/** A value as text: null is "", several are separated by a blank. */
export function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(" ");
  return value === null || value === undefined || typeof value === "object" ? "" : String(value);
}

/** A trigger names the webhook first and the body after it. */
function calledBy(value: unknown): readonly string[] {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" ? [first] : [];
}
