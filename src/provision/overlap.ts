/** Does somebody else's condition take the tickets of a tier? Judged by the tier's tag alone. */
import type { ProvisionCondition, ProvisionConditions } from "../ports.ts";

/** `always`: every ticket with the tag. `never`: none. `sometimes`: it depends on what else the ticket is. */
export type Overlap = "always" | "sometimes" | "never";

/** How far `conditions` fit tickets that carry `tag`. */
export function overlapOf(conditions: ProvisionConditions<string>, tag: string): Overlap {
  const all = conditions.all.map((one) => holds(one, tag));
  const any = conditions.any.map((one) => holds(one, tag));
  if (all.includes(false) || (any.length > 0 && any.every((one) => one === false))) return "never";
  const surely = all.every((one) => one === true) && (any.length === 0 || any.includes(true));
  return surely ? "always" : "sometimes";
}

/** null = it depends on something else. */
function holds({ field, operator, value }: ProvisionCondition<string>, tag: string): boolean | null {
  if (field !== "current_tags") return null;
  const named = value.split(/[\s,]+/).includes(tag);
  if (operator === "includes") return named ? true : null;
  if (operator === "not_includes") return named ? false : null;
  return null;
}
