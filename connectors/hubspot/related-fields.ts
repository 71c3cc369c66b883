/** Do the deal and line item properties exist that the mapped facts need? And what they are called once brought together. */
import { distance } from "fastest-levenshtein";
import { NeedsAdmin } from "../../src/errors.ts";
import type { RelatedSource, RelatedSources } from "../../src/policy/model.ts";
import type { SourceField } from "../../src/ports.ts";
import type { Client } from "./client.ts";
import { DEAL, objectsOf, propertiesFor } from "./related-properties.ts";
import { type Property, propertiesSchema } from "./schemas.ts";
import { listProperties } from "./sdk.ts";
import type { RelatedObject } from "./sdk-related.ts";

const NAMES: Readonly<Record<RelatedObject, string>> = { deals: "deal", line_items: "line item" };

const CAUTIONS: Readonly<Record<string, string>> = {
  hs_arr:
    "hs_arr adds the years of a multi-year deal together (55,000 and then 75,000 a year show as 130,000) and takes a deal without a term as one year.",
  hs_tcv: "hs_tcv is the value of the whole contract, not of one year.",
  amount: "amount is whatever sales typed or the line items add up to, one-time fees included.",
};

/**
 * The facts brought together, as fields of the company.
 * @throws NeedsAdmin a deal or line item property, or a pipeline, that the policy names does not exist: it would read
 * as empty for every customer.
 */
export async function relatedFields(
  client: Client,
  related: RelatedSources,
): Promise<readonly SourceField[]> {
  for (const object of objectsOf(related)) {
    const known = await client.ask({ request: listProperties(object), lane: "live" }, propertiesSchema);
    refuseUnknown(object, propertiesFor(object, related), known);
    if (object === "deals")
      refusePipelines(
        related,
        known.find((one) => one.name === DEAL.pipeline),
      );
  }
  return Object.entries(related).map(([name, source]) => ({
    name,
    label: labelOf(source),
    type: "related",
    options: [],
    writable: false,
    caution: source.kind === "deal_amounts" ? (CAUTIONS[source.amount] ?? null) : null,
  }));
}

function labelOf(source: RelatedSource): string {
  if (source.kind === "deal_amounts") return `Sum of ${source.amount} over won, running deals`;
  if (source.kind === "open_deals") return `Open deal in ${source.pipelines.join(", ")}`;
  return `Line items of won deals, by ${source.sku}`;
}

function refuseUnknown(object: RelatedObject, needed: readonly string[], known: readonly Property[]): void {
  const names = known.map((one) => one.name);
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  const near = missing.map((name) => [name, nearest(name, names)] as const);
  throw new NeedsAdmin(`HubSpot has no ${NAMES[object]} property ${missing.join(", ")}`, {
    fix: near
      .map(
        ([name, other]) =>
          `Correct ${name} in the policy's crm section${other === null ? "" : ` (did you mean ${other}?)`}.`,
      )
      .join(" "),
  });
}

/** The options of the property are the pipelines; where HubSpot lists none, nothing can be said. */
function refusePipelines(related: RelatedSources, pipeline: Property | undefined): void {
  const options = pipeline?.options ?? [];
  const named = Object.values(related).flatMap((one) => (one.kind === "sold_lines" ? [] : one.pipelines));
  const missing = named.filter((id) => !options.some((option) => option.value === id));
  if (options.length === 0 || missing.length === 0) return;
  const list = options.map((option) => `${option.value} (${option.label ?? option.value})`).join(", ");
  throw new NeedsAdmin(`HubSpot has no deal pipeline with the id ${missing.join(", ")}`, {
    fix: `Write the pipeline's id in the policy's crm section, not its name; there are ${list}.`,
  });
}

function nearest(name: string, known: readonly string[]): string | null {
  const best = known.map((one) => ({ one, far: distance(one, name) })).sort((a, b) => a.far - b.far)[0];
  return best === undefined || best.far > Math.max(3, name.length / 2) ? null : best.one;
}
