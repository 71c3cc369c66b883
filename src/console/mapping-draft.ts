/** Choices of the mapping page written into the policy's text. */
import type { z } from "zod";
import type { CrmMapping } from "../policy/model.ts";
import { underOwnVersion } from "./draft-version.ts";
import { FACT_KEYS, factRows } from "./mapping-facts.ts";
import type { ConsoleParts } from "./parts.ts";
import { type Written, withValue } from "./policy-edit.ts";
import { draftOf } from "./policy-text.ts";
import { refused } from "./problem.ts";
import type { mappingDraft, mappingWish } from "./schemas-mapping.ts";

type Wish = z.output<typeof mappingWish>;
type Choice = Wish["facts"][string];

/**
 * The text with the choices in it. A text that names no CRM had the usual names, of which those that exist are written
 * out; a version of its own is counted on. @throws ApiProblem 422 a fact that there is not
 */
export async function mappingDraftOf(
  parts: ConsoleParts,
  wish: Wish,
  source: string,
  known: ReadonlySet<string>,
): Promise<z.input<typeof mappingDraft>> {
  const unknown = Object.keys(wish.facts).find((key) => !FACT_KEYS.has(key));
  if (unknown !== undefined)
    throw refused([{ what: `There is no fact ${unknown}.`, fix: "Take one that GET /crm/fields names." }]);
  const place = ["crm", ...source.split(".")];
  const usual = draftOf(wish.yaml).policy?.crm[source] ?? null;
  const isNamed = /^crm\s*:/m.test(wish.yaml);
  let yaml = wish.yaml;
  if (!isNamed && usual !== null)
    for (const [key, value] of writtenOut(usual, known)) yaml = withValue(yaml, [...place, key], value);
  for (const [key, choice] of Object.entries(wish.facts))
    for (const [path, value] of entriesFor(key, choice, currentOf(usual, key)))
      yaml = withValue(yaml, [...place, ...path], value);
  for (const [plan, tier] of Object.entries(wish.planMap)) yaml = withValue(yaml, ["plan_map", plan], tier);
  yaml = yaml === wish.yaml ? yaml : await underOwnVersion(yaml, parts.store.console.policies);
  const { policy, findings } = draftOf(yaml);
  const ok = findings.every((one) => one.severity !== "error");
  return { yaml, version: policy?.version ?? null, findings: [...findings], ok };
}

/** The usual names as entries, where the CRM has them. */
function writtenOut(
  usual: CrmMapping,
  known: ReadonlySet<string>,
): readonly (readonly [key: string, value: Written])[] {
  return factRows(usual).flatMap((row): readonly (readonly [string, Written])[] => {
    const { key, kind, property, currency } = row;
    // HubSpot's own names for these are what a mapping without them means.
    if (property === null || key === "parent" || kind === "domains") return [];
    if (kind === "label") return [[key, property]];
    if (!known.has(property)) return [];
    return [[key, currency === null ? property : { property, currency }]];
  });
}

function currentOf(mapping: CrmMapping | null, key: string): "plain" | "detailed" {
  const row = mapping === null ? undefined : factRows(mapping).find((one) => one.key === key);
  const from = row === undefined ? undefined : mapping?.[row.fact as keyof CrmMapping];
  const hasMap = typeof from === "object" && from !== null && "map" in from && from.map !== null;
  return hasMap ? "detailed" : "plain";
}

/** A fact whose words are translated keeps its map; only the property changes. */
function entriesFor(
  key: string,
  { property, currency, currencyProperty }: Choice,
  current: "plain" | "detailed",
): readonly (readonly [path: readonly string[], value: Written])[] {
  if (property === null) return [[[key], null]];
  const kind = FACT_KEYS.get(key);
  if (kind === "domains") return [[[key], namesIn(property)]];
  if (kind === "money") return [[[key], moneyOf(property, currency ?? null, currencyProperty ?? null)]];
  return current === "detailed" ? [[[key, "property"], property]] : [[[key], property]];
}

function namesIn(text: string): readonly string[] {
  return text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

function moneyOf(property: string, currency: string | null, currencyProperty: string | null): Written {
  if (currencyProperty !== null) return { property, currency_property: currencyProperty };
  return currency === null ? property : { property, currency };
}
