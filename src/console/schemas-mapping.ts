/** CRM fields to choose from, a draft made from choices, and what it would make of real accounts. */
import { z } from "zod";
import { accountRef, factsAt, finding, money, tier } from "./schemas.ts";
import { policyYaml, preview } from "./schemas-policy.ts";

const propertyName = z.string().min(1).max(200);

/** Why there is no newer answer. */
const trouble = z
  .object({ message: z.string(), fix: z.string() })
  .nullable()
  .meta({ description: "Why the CRM was not asked anew; null = it was" });

/** A CRM field that could be mapped. */
const crmField = z
  .object({
    name: z.string(),
    label: z.string(),
    type: z.string(),
    options: z.array(z.object({ value: z.string(), label: z.string() })),
    caution: z.string().nullable(),
    mappedTo: z.array(z.string()).meta({ description: "Facts that the policy takes from it" }),
  })
  .meta({ id: "CrmField" });

/** A fact of the policy and where it is taken from. */
const crmFact = z
  .object({
    fact: z.string(),
    key: z.string().meta({ description: "As the policy file calls it" }),
    words: z.string(),
    kind: z.enum(["text", "money", "date", "yes_no", "list", "status", "domains", "label"]),
    property: z.string().nullable().meta({ description: "null = not mapped, or taken from other records" }),
    currency: z.string().nullable(),
    currencyProperty: z.string().nullable(),
    fromOtherRecords: z.boolean().meta({ description: "Deals or line items; changed in the policy's text" }),
    mayBeEmpty: z.boolean(),
  })
  .meta({ id: "CrmFact" });

export const crmFields = z
  .object({
    source: z.string().nullable().meta({ description: "null = the policy maps no CRM" }),
    factsAt,
    trouble,
    fields: z.array(crmField),
    facts: z.array(crmFact),
    baseCurrency: z.string(),
    tiers: z.array(tier),
  })
  .meta({ id: "CrmFields" });

export const sampleQuery = z.object({
  fields: z.string().max(5_000).meta({ description: "Names, separated by commas, at most 50" }),
});
export const crmSamples = z
  .object({
    looked: z.number().int(),
    factsAt,
    trouble,
    samples: z.array(
      z.object({
        name: z.string(),
        filled: z.number().int(),
        looked: z.number().int(),
        coverage: z.number().int().nullable().meta({ description: "Per cent; null = nothing was looked at" }),
        samples: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: "CrmSamples" });

export const valuesQuery = z.object({ property: propertyName });

/** Values of the plan property; those without a tier first. */
export const crmValues = z
  .object({
    property: z.string(),
    looked: z.number().int().meta({ description: "Records that were read" }),
    total: z.number().int().meta({ description: "Accounts that are known" }),
    blank: z.number().int(),
    factsAt,
    trouble,
    values: z.array(
      z.object({
        value: z.string(),
        accounts: z.number().int(),
        tier: tier.nullable().meta({ description: "null = plan_map does not name it" }),
      }),
    ),
    more: z.number().int().meta({ description: "Values that are left out" }),
  })
  .meta({ id: "CrmValues" });

const choice = z.object({
  property: z
    .string()
    .max(1_000)
    .nullable()
    .meta({ description: "null = not mapped; domains: several, by commas" }),
  currency: z.string().max(3).nullable().optional(),
  currencyProperty: z.string().max(200).nullable().optional(),
});

export const mappingWish = z.object({
  yaml: policyYaml,
  facts: z.record(z.string().max(40), choice).meta({ description: "By the policy file's key" }),
  planMap: z
    .record(z.string().max(200), z.string().max(100))
    .meta({ description: "Plan in the CRM → tier id" }),
});

/** The policy's text with the choices in it, under a version of its own. */
export const mappingDraft = z
  .object({ yaml: policyYaml, version: z.string().nullable(), findings: z.array(finding), ok: z.boolean() })
  .meta({ id: "MappingDraft" });

/** What a mapping would make of real accounts: the policy preview, and what was read of each. */
export const mappingPreview = preview
  .extend({
    total: z.number().int().meta({ description: "Accounts that are known; `accounts` of them were tried" }),
    unreadable: z.number().int(),
    notTried: z.array(z.string()).meta({ description: "Facts from other records: tried after a restart" }),
    rows: z.array(
      z.object({
        account: accountRef,
        plan: z.string().nullable(),
        arr: money.nullable(),
        contractEnd: z.string().nullable(),
        problems: z.array(z.object({ fact: z.string(), code: z.string(), detail: z.string() })),
      }),
    ),
  })
  .meta({ id: "MappingPreview" });
