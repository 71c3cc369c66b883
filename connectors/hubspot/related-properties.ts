/** Which properties of deals and line items the mapped facts need. */
import type { RelatedSource, RelatedSources } from "../../src/policy/model.ts";
import type { RelatedObject } from "./sdk-related.ts";

/** HubSpot's own deal properties that say how a deal stands (remembered, not verified). */
export const DEAL = { won: "hs_is_closed_won", closed: "hs_is_closed", pipeline: "pipeline" } as const;

/** The kinds of record that must be watched for changes and read: line items always come with their deals. */
export function objectsOf(related: RelatedSources): readonly RelatedObject[] {
  const sources = Object.values(related);
  if (sources.length === 0) return [];
  return sources.some((source) => source.kind === "sold_lines") ? ["deals", "line_items"] : ["deals"];
}

/** Properties that the facts read from this kind of record, each once. */
export function propertiesFor(object: RelatedObject, related: RelatedSources): readonly string[] {
  const named = Object.values(related).flatMap((source) =>
    object === "deals" ? dealProperties(source) : lineProperties(source),
  );
  return [...new Set(named)].filter((name) => name !== null);
}

function dealProperties(source: RelatedSource): readonly (string | null)[] {
  const state = Object.values(DEAL);
  if (source.kind === "open_deals") return state;
  if (source.kind === "sold_lines") return [...state, source.dealEnd];
  return [...state, source.amount, source.currencyProperty, source.start, source.end];
}

function lineProperties(source: RelatedSource): readonly (string | null)[] {
  return source.kind === "sold_lines" ? [source.sku, source.start, source.end, source.scope] : [];
}
