/** Property definitions of a company in the demo's CRM account. */
import type { PropertyDefinition, PropertyOption, PropertyType } from "./hubspot-model.ts";

/** The usual definition of a property of this type, changed by `more`. */
export function definition(
  name: string,
  label: string,
  type: PropertyType,
  more: Partial<PropertyDefinition> = {},
): PropertyDefinition {
  return {
    name,
    label,
    type,
    fieldType: FIELD_TYPES[type],
    groupName: "companyinformation",
    description: "",
    options: [],
    calculated: false,
    hidden: false,
    hasUniqueValue: false,
    externalOptions: false,
    showCurrencySymbol: false,
    modificationMetadata: { archivable: true, readOnlyDefinition: false, readOnlyValue: false },
    hubspotDefined: false,
    archived: false,
    ...more,
  };
}

/** Choices in display order; a text stands for value and label alike. */
export function choices(
  ...rows: readonly (string | readonly [value: string, label: string])[]
): PropertyOption[] {
  return rows.map((row, displayOrder) => {
    const [value, label] = typeof row === "string" ? [row, row] : row;
    return { value, label, displayOrder, hidden: false };
  });
}

const FIELD_TYPES: Readonly<Record<PropertyType, string>> = {
  string: "text",
  number: "number",
  date: "date",
  datetime: "date",
  bool: "booleancheckbox",
  enumeration: "select",
};

const HUBSPOTS_OWN: Partial<PropertyDefinition> = {
  hubspotDefined: true,
  modificationMetadata: { archivable: false, readOnlyDefinition: true, readOnlyValue: false },
};
const READ_ONLY: Partial<PropertyDefinition> = {
  hubspotDefined: true,
  modificationMetadata: { archivable: false, readOnlyDefinition: true, readOnlyValue: true },
};
const OWNER: Partial<PropertyDefinition> = { externalOptions: true, referencedObjectType: "OWNER" };

/**
 * Definitions that fit the data set.
 *
 * `label` says how the tier label stands: not created yet, a text, or a drop-down that accepts only these values.
 * `arr` is a text property, as in many real accounts: that is how “12k” gets in.
 */
export function companyDefinitions(
  label: "absent" | "text" | readonly PropertyOption[],
): PropertyDefinition[] {
  return [...hubspotsOwn(), ...theCustomersOwn(), ...labelDefinition(label)];
}

function hubspotsOwn(): PropertyDefinition[] {
  return [
    definition("name", "Company name", "string", HUBSPOTS_OWN),
    definition("domain", "Company Domain Name", "string", HUBSPOTS_OWN),
    definition("website", "Website URL", "string", HUBSPOTS_OWN),
    definition("hs_additional_domains", "Additional Domains", "enumeration", {
      ...HUBSPOTS_OWN,
      fieldType: "checkbox",
    }),
    definition("hubspot_owner_id", "Company owner", "enumeration", { ...HUBSPOTS_OWN, ...OWNER }),
    definition("hs_parent_company_id", "Parent Company", "number", READ_ONLY),
    definition("hs_merged_object_ids", "Merged Company IDs", "enumeration", {
      ...READ_ONLY,
      fieldType: "checkbox",
    }),
    definition("hs_object_id", "Record ID", "number", { ...READ_ONLY, hasUniqueValue: true }),
    definition("createdate", "Create Date", "datetime", READ_ONLY),
    definition("hs_lastmodifieddate", "Last Modified Date", "datetime", READ_ONLY),
    definition("annualrevenue", "Annual Revenue", "number", {
      ...HUBSPOTS_OWN,
      showCurrencySymbol: true,
      description: "The actual or estimated annual revenue of the company.",
    }),
    definition("total_revenue", "Total Revenue", "number", {
      ...READ_ONLY,
      calculated: true,
      showCurrencySymbol: true,
    }),
  ];
}

function theCustomersOwn(): PropertyDefinition[] {
  return [
    definition("plan_tier", "Plan", "string"),
    definition("arr", "ARR (ours)", "string", { description: "What this customer pays us a year." }),
    definition("arr_currency", "ARR currency", "string"),
    definition("contract_start_date", "Contract start", "date"),
    definition("contract_end_date", "Contract end", "date"),
    definition("support_addons", "Support add-ons", "enumeration", {
      fieldType: "checkbox",
      options: choices(["ENT-SUPPORT", "Enterprise Support"], ["GOLD-CARE", "Gold Care (retired)"]),
    }),
    definition("support_tam", "Technical account manager", "enumeration", OWNER),
    definition("account_status", "Account standing", "enumeration", {
      options: choices("Active", "Trial", "Unpaid", "Late", "Cancelled"),
    }),
    definition("trial_end_date", "Trial ends", "date"),
    definition("is_poc", "Proof of concept", "bool", { options: choices(["true", "Yes"], ["false", "No"]) }),
    definition("renewal_open", "Renewal in progress", "bool", {
      options: choices(["true", "Yes"], ["false", "No"]),
    }),
    definition("billing_standalone", "Billed for itself", "bool", {
      options: choices(["true", "Yes"], ["false", "No"]),
    }),
  ];
}

function labelDefinition(label: "absent" | "text" | readonly PropertyOption[]): PropertyDefinition[] {
  if (label === "absent") return [];
  if (label === "text") return [definition("support_tier", "Support tier", "string")];
  return [definition("support_tier", "Support tier", "enumeration", { options: label })];
}
