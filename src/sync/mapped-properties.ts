/** Do the CRM fields that the policy names exist? Finds the nearest existing name for those that do not. */
import { distance } from "fastest-levenshtein";
import { propertiesOf } from "../policy/facts.ts";
import type { CrmMapping } from "../policy/model.ts";
import type { SourceField } from "../ports.ts";

/** Mapped properties that do not exist, each with what to do. The label is left out: it is created when missing. */
export function unknownProperties(
  mapping: CrmMapping,
  fields: readonly SourceField[],
): readonly { readonly what: string; readonly fix: string }[] {
  const known = fields.map((f) => f.name);
  return propertiesOf(mapping)
    .filter((name) => name !== mapping.label && !known.includes(name))
    .map((name) => ({
      what: `\`${name}\``,
      fix: `Correct \`${name}\` in the policy's crm section${nearest(name, known)}.`,
    }));
}

function nearest(name: string, known: readonly string[]): string {
  const best = known.map((k) => ({ k, d: distance(k, name) })).sort((a, b) => a.d - b.d)[0];
  return best === undefined || best.d > Math.max(3, name.length / 2) ? "" : ` (did you mean \`${best.k}\`?)`;
}
