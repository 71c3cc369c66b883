/** The facts a policy reads from a CRM: how they are called, what they are read as, and where they come from. Pure. */
import type { z } from "zod";
import type { CrmMapping, FactSource } from "../policy/model.ts";
import { factInWords } from "../policy/words.ts";
import type { crmFields } from "./schemas-mapping.ts";

type Fact = z.input<typeof crmFields>["facts"][number];

/** A fact's key in the policy file, and its kind. In the order people think about them. */
const FACTS: Readonly<Record<keyof CrmMapping, readonly [key: string, kind: Fact["kind"]]>> = {
  plan: ["plan", "text"],
  arr: ["arr", "money"],
  contractStart: ["contract_start", "date"],
  contractEnd: ["contract_end", "date"],
  addons: ["addons", "list"],
  status: ["status", "status"],
  renewalInProgress: ["renewal_in_progress", "yes_no"],
  owner: ["owner", "text"],
  tam: ["tam", "text"],
  contacts: ["contacts", "list"],
  slackChannel: ["slack_channel", "text"],
  domains: ["domains", "domains"],
  label: ["label", "label"],
  trialEnd: ["trial_end", "date"],
  poc: ["poc", "yes_no"],
  parent: ["parent", "text"],
  standalone: ["standalone", "yes_no"],
};

const WORDS: Readonly<Record<string, string>> = { domains: "Mail domains", label: "Tier written back" };

/** Keys of the policy file that a mapping may set. */
export const FACT_KEYS: ReadonlyMap<string, Fact["kind"]> = new Map(Object.values(FACTS));

/** Every fact with where it is taken from; null = nothing is mapped. */
export function factRows(mapping: CrmMapping | null): Fact[] {
  return Object.entries(FACTS).map(([fact, [key, kind]]) => {
    const from = mapping?.[fact as keyof CrmMapping] ?? null;
    return {
      fact,
      key,
      kind,
      words: WORDS[fact] ?? factInWords(fact),
      ...whence(from),
      mayBeEmpty: kind !== "domains",
    };
  });
}

function whence(
  from: FactSource | readonly string[] | string | null,
): Pick<Fact, "property" | "currency" | "currencyProperty" | "fromOtherRecords"> {
  const nothing = { property: null, currency: null, currencyProperty: null, fromOtherRecords: false };
  if (from === null) return nothing;
  if (typeof from === "string") return { ...nothing, property: from };
  if (isList(from)) return { ...nothing, property: from.length === 0 ? null : from.join(", ") };
  // A fact from other records has a name that no field of the account carries.
  if (from.related !== undefined) return { ...nothing, fromOtherRecords: true };
  const { property, currency, currencyProperty } = from;
  return { property, currency, currencyProperty, fromOtherRecords: false };
}

function isList(from: FactSource | readonly string[]): from is readonly string[] {
  return Array.isArray(from);
}

/** Properties that a row names. */
export function propertiesIn({ property, currencyProperty }: Fact): readonly string[] {
  const named = property === null ? [] : property.split(",").map((one) => one.trim());
  return currencyProperty === null ? named : [...named, currencyProperty];
}
