/** Small readings of what came over the wire. */
import type { Call } from "./server.ts";
import { badRequest, refuse, tooManyValues } from "./zendesk-answers.ts";
import type { Json } from "./zendesk-records.ts";
import { idOf } from "./zendesk-world.ts";

/** The JSON object under `key` of a request's body. @throws a 400 refusal when it is missing. */
export function bodyOf(call: Call, key: string): Json {
  const found = asJson(asJson(call.body)?.[key]);
  if (found === null) refuse(badRequest("BadRequest", `Missing parameter: ${key}`));
  return found;
}

/** The value as a JSON object, or null. */
export const asJson = (value: unknown): Json | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null;

/** The value as a list, or null. */
export const asList = (value: unknown): readonly unknown[] | null => (Array.isArray(value) ? value : null);

/** The value as text; null for null, absent and anything that is not text or a number. */
export const asText = (value: unknown): string | null => idOf(value);

/** The texts of a list. A text is split at commas and blanks, as Zendesk does with tags. */
export function asTexts(value: unknown): readonly string[] {
  if (typeof value === "string") return value.split(/[\s,]+/).filter((part) => part !== "");
  return (asList(value) ?? []).map((part) => String(part));
}

/** The ids of a comma-separated parameter. @throws a 400 refusal above 100. */
export function idsOf(call: Call, name: string): readonly string[] | null {
  const given = call.query.get(name);
  if (given === null) return null;
  const ids = given
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
  if (ids.length > 100) refuse(tooManyValues());
  return ids;
}

/** Tags as Zendesk keeps them: lower case, once each, sorted. */
export const tidyTags = (tags: readonly string[]): readonly string[] =>
  [
    ...new Set(
      tags.map((tag) => tag.trim().toLowerCase().replaceAll(/\s+/g, "_")).filter((tag) => tag !== ""),
    ),
  ].sort();
