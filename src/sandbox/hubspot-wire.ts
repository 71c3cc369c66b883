/** How a company record looks on the wire. */
import type { CompanyRecord, Version } from "./hubspot-model.ts";
import { liveOf } from "./hubspot-records.ts";

/** Properties returned when none are asked for, or an empty list is. */
const USUAL = ["createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"];
/** Properties returned whatever is asked for. */
const ALWAYS = ["createdate", "hs_lastmodifieddate", "hs_object_id"];

/** A record as JSON: asked-for properties as text or null, unknown ones left out. */
export function recordOnWire(
  record: CompanyRecord,
  asked: readonly string[],
  isProperty: (name: string) => boolean,
): unknown {
  const live = liveOf(record);
  const names = asked.length === 0 ? USUAL : [...ALWAYS, ...asked.filter(isProperty)];
  const properties: Record<string, string | null> = {};
  for (const name of [...new Set(names)].sort()) properties[name] = textOf(record, live, name);
  return {
    id: record.id,
    properties,
    createdAt: iso(record.createdAt),
    updatedAt: iso(live.updatedAt),
    archived: live.state === "archived",
    ...(live.state === "archived" ? { archivedAt: iso(live.since) } : {}),
  };
}

/** Text of one property of a version; null = empty. "" is never stored as different from null. */
export function textOf(record: CompanyRecord, version: Version, name: string): string | null {
  if (name === "hs_object_id") return record.id;
  if (name === "createdate") return iso(record.createdAt);
  if (name === "hs_lastmodifieddate") return iso(version.updatedAt);
  const value = version.values[name] ?? null;
  return value === "" ? null : value;
}

/** A moment as the API writes it, with milliseconds. */
export function iso(at: number): string {
  return new Date(at).toISOString();
}

/** Names from a list given once, repeated, or with commas. */
export function namesFrom(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => value.split(",")).filter((name) => name !== "");
}
