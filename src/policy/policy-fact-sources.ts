/** Schema of one fact's source: a property's name alone, or with details. The same for every CRM. */
import * as z from "zod";
import { accountStatus, currencyCode, section, text } from "./policy-parts.ts";

/** One fact's source: the property's name alone, or with details. */
export function factSource<S extends z.ZodRawShape>(what: string, more: S) {
  const detailed = section("A CRM property with details.", {
    property: text.describe("Internal name of the CRM property of the company; in a table, the column."),
    ...more,
  });
  return z
    .union([text, detailed], { error: "must be a property name, or {property: …}" })
    .nullable()
    .optional()
    .describe(what);
}

/** The CRM's words and what they stand for. */
export const wordMap = z.record(text, text).optional().describe("Value in the CRM → value it stands for.");

/** A fact whose words may be translated. */
export const fact = (what: string) => factSource(what, { map: wordMap });

/** Which currency an amount is in. */
export const moneyDetails = {
  currency: currencyCode.optional().describe("Currency of every amount in this property."),
  currency_property: text.optional().describe("Property that holds the currency of the amount."),
};

/** What the CRM's words for the commercial status mean. */
export const statusMap = z
  .record(text, accountStatus)
  .optional()
  .describe("Value in the CRM → account status.");
