/** The company properties a policy can map, with a caution where a name promises more than the property holds. */
import type { RelatedSources } from "../../src/policy/model.ts";
import type { SourceField } from "../../src/ports.ts";
import type { Client } from "./client.ts";
import { relatedFields } from "./related-fields.ts";
import { type Property, propertiesSchema } from "./schemas.ts";
import { listProperties } from "./sdk.ts";

const FROM_LINE_ITEMS =
  "Computed by HubSpot from line items in the deal's own currency; years of a multi-year contract are added together and open or ended deals count too. Check it before using it as ARR.";

/** Why a property must be mapped with care, by name. Source: HubSpot's knowledge base on default properties, read 2026-11-22. */
const CAUTIONS: Readonly<Record<string, string>> = {
  annualrevenue:
    "The customer's own yearly turnover, often filled in automatically. It is not what they pay you: never map it to ARR.",
  total_revenue: "All money ever won from this company, added up over the years. It is not a yearly amount.",
  recent_deal_amount: "The amount of the last deal only, whatever its length. It is not a yearly amount.",
  hs_revenue_range: "A range of the customer's own turnover. It is not what they pay you.",
  total_money_raised: "What investors put into the customer. It is not what they pay you.",
  hs_arr: FROM_LINE_ITEMS,
  hs_mrr: FROM_LINE_ITEMS,
  hs_acv: FROM_LINE_ITEMS,
  hs_tcv: FROM_LINE_ITEMS,
  hubspot_owner_id:
    "Holds an owner id, which is not the user id. The owner is often sales, not customer success.",
  domain: "Not unique: several companies can carry the same domain.",
  hs_parent_company_id:
    "HubSpot adds nothing up to the parent; ARR may stand on the parent or on the children.",
};

/** The company's properties, and what the last reading of them showed. */
export interface PropertyBook {
  /** Reads all of them. */
  read(): Promise<readonly Property[]>;
  /** As they were read a few minutes ago; null = not lately. */
  lately(): readonly Property[] | null;
}

/** A sync reads the properties first; what it learns holds until it writes its labels. */
const LATELY_MS = 10 * 60_000;

/** Remembers the last reading for ten minutes. */
export function propertyBook(client: Client, now: () => number): PropertyBook {
  let last: { readonly properties: readonly Property[]; readonly at: number } | null = null;
  return {
    read: async () => {
      const properties = await client.ask({ request: listProperties(), lane: "live" }, propertiesSchema);
      last = { properties, at: now() };
      return properties;
    },
    lately: () => (last !== null && now() - last.at < LATELY_MS ? last.properties : null),
  };
}

/**
 * The given company properties, in HubSpot's order, and the facts that are brought together from other records.
 * @throws NeedsAdmin where such a fact names a property or pipeline that does not exist.
 */
export async function companyFields(
  client: Client,
  properties: readonly Property[],
  related: RelatedSources = {},
): Promise<readonly SourceField[]> {
  const fields = properties.map((property) => ({
    name: property.name,
    label: property.label || property.name,
    type: property.type ?? "string",
    options: property.options.map((option) => ({
      value: option.value,
      label: option.label || option.value,
    })),
    writable: !property.calculated && property.modificationMetadata?.readOnlyValue !== true,
    caution: Object.hasOwn(CAUTIONS, property.name) ? (CAUTIONS[property.name] ?? null) : null,
  }));
  return [...fields, ...(await relatedFields(client, related))];
}
