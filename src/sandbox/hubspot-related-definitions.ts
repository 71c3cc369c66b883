/** Property definitions of deals and line items in the demo's CRM account. */
import { choices, definition } from "./hubspot-definitions.ts";
import type { PropertyDefinition } from "./hubspot-model.ts";

const READ_ONLY: Partial<PropertyDefinition> = {
  hubspotDefined: true,
  calculated: true,
  modificationMetadata: { archivable: false, readOnlyDefinition: true, readOnlyValue: true },
};

function common(): PropertyDefinition[] {
  return [
    definition("hs_object_id", "Record ID", "number", { ...READ_ONLY, hasUniqueValue: true }),
    definition("createdate", "Create Date", "datetime", READ_ONLY),
    definition("hs_lastmodifieddate", "Last Modified Date", "datetime", READ_ONLY),
  ];
}

/** Ids of the pipelines that the data set's deals stand in. */
export const PIPELINES = { sales: "default", renewals: "88120044" } as const;

/** Deals: HubSpot's own properties, and the customer's contract dates. */
export function dealDefinitions(): PropertyDefinition[] {
  return [
    ...common(),
    definition("dealname", "Deal Name", "string", { hubspotDefined: true }),
    definition("amount", "Amount", "number", { hubspotDefined: true, showCurrencySymbol: true }),
    definition("hs_arr", "Annual recurring revenue", "number", { ...READ_ONLY, showCurrencySymbol: true }),
    definition("deal_currency_code", "Currency", "enumeration", {
      hubspotDefined: true,
      options: choices("USD", "EUR", "GBP", "JPY"),
    }),
    definition("hs_is_closed_won", "Is Closed Won", "bool", READ_ONLY),
    definition("hs_is_closed", "Is Deal Closed?", "bool", READ_ONLY),
    definition("pipeline", "Pipeline", "enumeration", {
      hubspotDefined: true,
      options: choices([PIPELINES.sales, "Sales Pipeline"], [PIPELINES.renewals, "Renewals"]),
    }),
    definition("closedate", "Close Date", "datetime", { hubspotDefined: true }),
    definition("contract_start", "Contract start", "date"),
    definition("contract_end", "Contract end", "date"),
  ];
}

/** Line items: HubSpot's own properties, and whom a support package covers. */
export function lineItemDefinitions(): PropertyDefinition[] {
  return [
    ...common(),
    definition("name", "Name", "string", { hubspotDefined: true }),
    definition("hs_sku", "SKU", "string", { hubspotDefined: true }),
    definition("price", "Unit price", "number", { hubspotDefined: true }),
    definition("quantity", "Quantity", "number", { hubspotDefined: true }),
    definition("hs_recurring_billing_start_date", "Billing start date", "date", { hubspotDefined: true }),
    definition("hs_recurring_billing_end_date", "Billing end date", "date", READ_ONLY),
    definition("support_scope", "Support covers", "enumeration", {
      options: choices(["account", "This company"], ["family", "The whole group"]),
    }),
  ];
}
