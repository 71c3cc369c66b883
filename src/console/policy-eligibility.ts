/** Who gets a tier, as a form has it, and back into the policy's text. Pure. */
import type { Written } from "./policy-edit.ts";
import { withValue } from "./policy-edit.ts";
import { withItem, withoutValue } from "./policy-edit-lists.ts";

/** One way in, as it is written: exactly one of them. */
export interface WayIn {
  readonly plan?: string;
  readonly addon?: string;
  readonly arr?: { readonly enter?: string | number; readonly exit?: string | number };
}

/** The ways in that count, and whether they stand in the text. */
export interface WaysIn {
  readonly ways: readonly WayIn[];
  readonly isWritten: boolean;
}

/** What a form can change of it. */
export type EligibilityKey = "plans" | "addons" | "arr_enter" | "arr_exit";

/** The text with another choice in it; an empty value takes the way in out. @throws Error an alias stands in the way */
export function withEligibility(
  yaml: string,
  tier: number,
  { ways, isWritten }: WaysIn,
  key: EligibilityKey,
  value: readonly string[],
): string {
  const place = ["tiers", tier, "eligibility", "any"];
  if (!isWritten) {
    const whole = withValue(yaml, ["tiers", tier, "eligibility"], { any: ways.map(written) });
    return withEligibility(whole, tier, { ways, isWritten: true }, key, value);
  }
  if (key === "plans") return withChosen(yaml, place, ways, "plan", value);
  if (key === "addons") return withChosen(yaml, place, ways, "addon", value);
  const at = ways.findIndex((way) => way.arr !== undefined);
  const [amount = ""] = value;
  const name = key === "arr_enter" ? "enter" : "exit";
  if (at < 0) return amount === "" ? yaml : withItem(yaml, place, { arr: { [name]: amountOf(amount) } });
  if (amount !== "") return withValue(yaml, [...place, at, "arr", name], amountOf(amount));
  return withoutValue(yaml, name === "enter" ? [...place, at] : [...place, at, "arr", name]);
}

function withChosen(
  yaml: string,
  place: readonly (string | number)[],
  ways: readonly WayIn[],
  kind: "plan" | "addon",
  wanted: readonly string[],
): string {
  const present = ways.flatMap((way) => way[kind] ?? []);
  let made = yaml;
  for (const [at, way] of [...ways.entries()].reverse()) {
    const named = way[kind];
    if (named !== undefined && !wanted.includes(named)) made = withoutValue(made, [...place, at]);
  }
  for (const one of wanted) if (!present.includes(one)) made = withItem(made, place, { [kind]: one });
  return made;
}

function written({ plan, addon, arr }: WayIn): Written {
  if (plan !== undefined) return { plan };
  return addon === undefined ? { arr: { ...arr } } : { addon };
}

/** As a number where that says exactly the same; what is no number stays as typed, for the linter to name. */
function amountOf(text: string): string | number {
  const plain = text.trim();
  return /^\d+(\.\d+)?$/.test(plain) && String(Number(plain)) === plain ? Number(plain) : plain;
}
