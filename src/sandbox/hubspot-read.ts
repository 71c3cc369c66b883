/** Reading companies: page by page, one by one, and in batches. */
import { invalid, notFound } from "./hubspot-answers.ts";
import { positionOf } from "./hubspot-ids.ts";
import { asList, asObject, asText, asTexts } from "./hubspot-json.ts";
import type { CompanyRecord, Version } from "./hubspot-model.ts";
import { type Companies, liveOf } from "./hubspot-records.ts";
import { iso, namesFrom, recordOnWire } from "./hubspot-wire.ts";
import type { Call, Reply } from "./server.ts";

/** Inputs of one batch and records of one page. https://developers.hubspot.com/docs/api-reference/crm-companies-v3, read 2026-11-22 */
export const OBJECT_LIMITS = { batch: 100, page: 100, usualPage: 10 } as const;

/** Does a property of this name exist? */
type IsProperty = (name: string) => boolean;

const stateAsked = (call: Call): Version["state"] =>
  call.query.get("archived") === "true" ? "archived" : "live";

/** Answers `GET …/companies`: ascending by id, live records, or with `archived=true` only archived ones. */
export function list(companies: Companies, isProperty: IsProperty, call: Call): Reply {
  const limit = Number(call.query.get("limit") ?? OBJECT_LIMITS.usualPage);
  if (!Number.isInteger(limit) || limit < 1 || limit > OBJECT_LIMITS.page)
    return invalid(`limit must be 1 to ${OBJECT_LIMITS.page}`);
  const after = call.query.get("after") ?? "";
  if (!/^\d*$/.test(after)) return invalid(`after=${after} is not a cursor of this list`);
  const names = namesFrom(call.query.getAll("properties"));
  const { page, next } = pageOf(companies, after, limit, stateAsked(call));
  const paging =
    next === null ? {} : { paging: { next: { after: next, link: `${call.path}?after=${next}` } } };
  return {
    status: 200,
    body: { results: page.map((record) => recordOnWire(record, names, isProperty)), ...paging },
  };
}

/** One page and the id the next one starts with; null = that was the last. */
function pageOf(
  companies: Companies,
  after: string,
  limit: number,
  state: Version["state"],
): { readonly page: readonly CompanyRecord[]; readonly next: string | null } {
  const records = companies.all();
  const page: CompanyRecord[] = [];
  for (let at = after === "" ? 0 : positionOf(records, after); at < records.length; at += 1) {
    const record = records[at];
    if (record === undefined || liveOf(record).state !== state) continue;
    if (page.length === limit) return { page, next: record.id };
    page.push(record);
  }
  return { page, next: null };
}

/** Answers `GET …/companies/:id`; the id of a merged record answers with the record it became. */
export function readOne(companies: Companies, isProperty: IsProperty, call: Call): Reply {
  const record = companies.find(call.params.id ?? "");
  if (record === null || liveOf(record).state !== stateAsked(call)) return notFound("resource not found");
  return { status: 200, body: recordOnWire(record, namesFrom(call.query.getAll("properties")), isProperty) };
}

/**
 * Answers `POST …/companies/batch/read`: 200, or 207 when some ids are unknown; those are left out of `results`.
 *
 * Results come in id order, not in the order asked, and one record once even when several of its old ids were asked.
 */
export function batchRead(companies: Companies, isProperty: IsProperty, call: Call): Reply {
  const ids = batchIds(call);
  if ("wrong" in ids) return invalid(ids.wrong);
  const names = asTexts(asObject(call.body)?.properties);
  const found = new Map<string, CompanyRecord>();
  const missing: string[] = [];
  for (const id of ids.ids) {
    const record = companies.find(id);
    if (record === null || liveOf(record).state !== stateAsked(call)) missing.push(id);
    else found.set(record.id, record);
  }
  const results = [...found.values()].sort((left, right) => Number(left.id) - Number(right.id));
  return batchReply(
    call,
    results.map((record) => recordOnWire(record, names, isProperty)),
    missing.length === 0 ? [] : [idsNotFound(missing, "get")],
  );
}

/** One entry of a batch answer's `errors`. */
export interface BatchError {
  readonly status: "error";
  readonly category: string;
  readonly message: string;
  readonly context: { readonly ids: readonly string[] };
  readonly errors?: readonly { readonly code: string; readonly message: string }[];
}

/** The error that names ids no record answers to. */
export function idsNotFound(ids: readonly string[], verb: "get" | "update"): BatchError {
  return {
    status: "error",
    category: "OBJECT_NOT_FOUND",
    message: `Could not ${verb} some COMPANY objects, they may be deleted or not exist. Check that ids are valid.`,
    context: { ids },
  };
}

/** A batch answer: 207 as soon as one input failed. */
export function batchReply(call: Call, results: readonly unknown[], errors: readonly BatchError[]): Reply {
  const at = iso(call.at);
  const failed = errors.length === 0 ? {} : { numErrors: errors.length, errors };
  return {
    status: errors.length === 0 ? 200 : 207,
    body: { status: "COMPLETE", results, ...failed, startedAt: at, completedAt: at },
  };
}

/** Ids of a batch's inputs, or what is wrong with them. */
export function batchIds(call: Call): { readonly ids: readonly string[] } | { readonly wrong: string } {
  const inputs = asObject(call.body)?.inputs;
  if (!Array.isArray(inputs)) return { wrong: "Invalid input JSON: inputs is not a list" };
  if (inputs.length > OBJECT_LIMITS.batch)
    return { wrong: `the batch has ${inputs.length} inputs, at most ${OBJECT_LIMITS.batch} are allowed` };
  const ids = asList(inputs).map((input) => asText(asObject(input)?.id));
  const known = ids.filter((id) => id !== null);
  return known.length === ids.length ? { ids: known } : { wrong: "every input needs an id" };
}
