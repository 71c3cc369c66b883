/** Reading links between records in batches, page by page for each record. */
import { invalid, notFound } from "./hubspot-answers.ts";
import { asList, asObject, asText } from "./hubspot-json.ts";
import type { LinkedObject, LinkRow, RelatedRecords } from "./hubspot-related.ts";
import { iso } from "./hubspot-wire.ts";
import type { Call, Reply } from "./server.ts";

/** Inputs of one batch (since 2025-02-10), and links of one record in a page (remembered, not verified). */
export const LINK_LIMITS = { batch: 1_000, page: 500 } as const;

const OBJECTS: readonly string[] = ["companies", "deals", "line_items"] satisfies readonly LinkedObject[];
const SINGULAR: Readonly<Record<string, string>> = {
  companies: "company",
  deals: "deal",
  line_items: "line_item",
};

/**
 * Answers `POST /crm/associations/…/:from/:to/batch/read`.
 *
 * A record without links is no result but an entry of `errors`, with status 207 (remembered, not verified).
 */
export function readLinks(related: RelatedRecords, pageSize: number, call: Call): Reply {
  const { from = "", to = "" } = call.params;
  if (!isLinked(from) || !isLinked(to)) return notFound(`no associations from ${from} to ${to}`);
  const inputs = asObject(call.body)?.inputs;
  if (!Array.isArray(inputs)) return invalid("Invalid input JSON: inputs is not a list");
  if (inputs.length > LINK_LIMITS.batch)
    return invalid(`the batch has ${inputs.length} inputs, at most ${LINK_LIMITS.batch} are allowed`);
  const linked = related.linked(from, to);
  if (linked === null) return notFound(`no associations from ${from} to ${to}`);
  const results: unknown[] = [];
  const without: string[] = [];
  for (const input of asList(inputs)) {
    const id = asText(asObject(input)?.id) ?? "";
    const rows = linked(id);
    if (rows.length === 0) without.push(id);
    else results.push(resultOf(id, rows, Number(asText(asObject(input)?.after) ?? 0), pageSize));
  }
  const errors = without.map((id) => noLinks(id, from, to));
  const at = iso(call.at);
  return {
    status: errors.length === 0 ? 200 : 207,
    body: {
      status: "COMPLETE",
      results,
      ...(errors.length === 0 ? {} : { numErrors: errors.length, errors }),
      startedAt: at,
      completedAt: at,
    },
  };
}

function isLinked(name: string): name is LinkedObject {
  return OBJECTS.includes(name);
}

function resultOf(id: string, rows: readonly LinkRow[], start: number, pageSize: number): unknown {
  const next = start + pageSize;
  return {
    from: { id },
    to: rows.slice(start, next).map((row) => ({
      toObjectId: Number(row.id),
      associationTypes: row.typeIds.map((typeId) => ({ category: "HUBSPOT_DEFINED", typeId, label: null })),
    })),
    ...(next < rows.length ? { paging: { next: { after: String(next) } } } : {}),
  };
}

function noLinks(id: string, from: string, to: string): unknown {
  return {
    status: "error",
    category: "OBJECT_NOT_FOUND",
    subCategory: "crm.associations.NO_ASSOCIATIONS_FOUND",
    message: `No ${SINGULAR[to]} is associated with ${SINGULAR[from]} ${id}.`,
    context: { fromObjectId: [id], fromObjectType: [SINGULAR[from]], toObjectType: [SINGULAR[to]] },
  };
}
