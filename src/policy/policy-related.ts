/** Schema of facts that stand on a company's deals and line items, and what they become. */
import * as z from "zod";
import type { FactSource, RelatedSource } from "./model.ts";
import { moneyDetails, wordMap } from "./policy-fact-sources.ts";
import { currencyCode, section, text } from "./policy-parts.ts";

/** A property of the company itself, with more to say about it. */
function ofCompany<S extends z.ZodRawShape>(more: S) {
  return section("A CRM property with details.", {
    from: z
      .literal("company")
      .optional()
      .describe("The company itself, which is what is meant when this is left out."),
    property: text.describe("Internal name of the CRM property of the company."),
    ...more,
  });
}

const pipelineIds = z.array(text).min(1);

const fromDeals = section(
  "ARR added up from the company's deals that are won, have begun and have not ended.",
  {
    from: z.literal("deals").describe("Read from deals."),
    amount: text.describe("Deal property with the yearly amount: hs_arr, or one of your own."),
    currency: currencyCode.optional().describe("Currency of deals that state none."),
    currency_property: text
      .default("deal_currency_code")
      .describe("Deal property with the currency of the amount."),
    start: text.optional().describe("Deal property with the first day; left out = every won deal has begun."),
    end: text.describe("Deal property with the last day; a deal without a value runs on."),
    pipelines: pipelineIds.optional().describe("Ids of the pipelines that count. Default: all."),
  },
);

const fromOpenDeals = section("Yes while a deal of the company is open in one of these pipelines.", {
  from: z.literal("deals").describe("Read from deals."),
  open_in: pipelineIds.describe("Ids of the renewal pipelines."),
});

const fromLineItems = section("Add-ons as line items of the company's won deals.", {
  from: z.literal("line_items").describe("Read from line items."),
  sku: text.default("hs_sku").describe("Line item property with the SKU; only SKUs of your add-ons count."),
  start: text.optional().describe("Line item property with the first day."),
  end: text.optional().describe("Line item property with the last day."),
  scope: text.optional().describe("Line item property that says family where companies below are covered."),
  deal_end: text.optional().describe("Deal property with the last day of lines that state none."),
});

const SHAPES = "must be a property name, {property: …}, or";

/** ARR: a company property, or added up from deals. */
export const arrFact = z
  .union([text, z.discriminatedUnion("from", [ofCompany(moneyDetails), fromDeals])], {
    error: `${SHAPES} {from: deals, amount: …, end: …}`,
  })
  .nullable()
  .optional()
  .describe("Annual recurring revenue you have with them; not annualrevenue, which is their own turnover.");

/** Add-ons: a multi-select of the company, or line items. */
export const addonsFact = z
  .union([text, z.discriminatedUnion("from", [ofCompany({ map: wordMap }), fromLineItems])], {
    error: `${SHAPES} {from: line_items, sku: …}`,
  })
  .nullable()
  .optional()
  .describe("Multi-select of add-on SKUs, or the line items of won deals.");

/** Renewal: a company property, or open deals. */
export const renewalFact = z
  .union([text, z.discriminatedUnion("from", [ofCompany({ map: wordMap }), fromOpenDeals])], {
    error: `${SHAPES} {from: deals, open_in: [pipeline id]}`,
  })
  .nullable()
  .optional()
  .describe("Whether a renewal is being negotiated.");

type Written = z.output<typeof arrFact> | z.output<typeof addonsFact> | z.output<typeof renewalFact>;
type Related = Extract<Written, { readonly from: "deals" | "line_items" }>;

/** What the rest of the policy adds to a fact from other records. */
export interface Surroundings {
  readonly timezone: string;
  readonly base: string;
  readonly rates: Readonly<Record<string, string>>;
  /** SKUs of the policy's add-ons. */
  readonly skus: readonly string[];
}

/** The fact to which each of these forms is limited: `arr: {from: deals}` and so on. */
export const RELATED_FORMS: Readonly<Record<string, string>> = {
  arr: "deals",
  renewal_in_progress: "deals",
  addons: "line_items",
};

/** Is this a fact from other records? */
export function isRelated(entry: object): entry is Related {
  return "from" in entry && (entry.from === "deals" || entry.from === "line_items");
}

/** A fact from other records as the code uses it; the names it is handed over under hold a dot, as no property does. */
export function relatedOf(entry: Related, around: Surroundings): FactSource {
  const handed = (property: string, related: RelatedSource): FactSource => ({
    property,
    map: null,
    currency: null,
    currencyProperty: null,
    related,
  });
  if (entry.from === "line_items") {
    const { sku, start = null, end = null, scope = null, deal_end: dealEnd = null } = entry;
    const lines = { kind: "sold_lines", sku, start, end, scope, dealEnd, skus: around.skus } as const;
    return handed("line_items.addons", lines);
  }
  if ("open_in" in entry) return handed("deals.renewal", { kind: "open_deals", pipelines: entry.open_in });
  const { amount, currency = null, start = null, end, pipelines = [] } = entry;
  const { timezone, base, rates } = around;
  const how = { amount, currency, currencyProperty: entry.currency_property, start, end, pipelines };
  return handed("deals.arr", { kind: "deal_amounts", ...how, timezone, base, rates });
}
