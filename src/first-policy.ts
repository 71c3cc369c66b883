/** A first policy for an installation: from what its CRM and help desk really have, to be completed by a person. Pure. */
import type { CalendarDate } from "./policy/model.ts";
import type { SourceField } from "./ports.ts";

/** One tier for everybody, and nothing else: what a policy cannot do without. */
export const SMALLEST_POLICY = "tiers: [{id: standard}]\n";

/** What the text is made of. */
export interface FirstPolicyFacts {
  /** Properties of a company in the CRM. */
  readonly fields: readonly SourceField[];
  /** Names of the help desk's groups. */
  readonly groups: readonly string[];
  /** The CRM account's currency, three letters; null = not told. */
  readonly currency: string | null;
  readonly on: CalendarDate;
}

/** YAML of a policy with two tiers that loads as it stands. What could not be guessed stands there as a comment. */
export function firstPolicy(facts: FirstPolicyFacts): string {
  const { fields, groups, on } = facts;
  const plan = found(fields, PLAN, []);
  const arr = found(fields, ARR, ["number", "string"]);
  const end = found(fields, CONTRACT_END, ["date", "datetime"]);
  const best = plan?.options.at(-1)?.value ?? null;
  const top = best === null ? "priority" : idFrom(best);
  const lines: readonly (readonly [text: string, comment: string])[] = [
    [
      "",
      `A first policy, made on ${on} from the properties and groups that are there. Every key: docs/policy.md`,
    ],
    ["", "Look before it decides anything: priority-support policy preview policy.yaml"],
    ["tiers:", "lowest first"],
    ["  - id: standard", "everyone without a better one"],
    [`    routing: {group: ${quoted(ordinary(groups))}}`, among(groups)],
    [`  - id: ${top}`, "becomes part of tags: keep it for ever"],
    [
      `    eligibility: {any: [${doors(best === null ? null : top, arr !== null)}]}`,
      "who gets it; one is enough",
    ],
    ["    priority: {default: high, floor: normal, ceiling: urgent}", "of new tickets"],
    [`    routing: {group: ${quoted(special(groups))}, fallback: [${fallback(groups)}]}`, ""],
    ...(best === null
      ? []
      : [[`plan_map: ${planMap(plan?.options ?? [], top)}`, "plan in the CRM → tier"] as const]),
    ...currencyLines(facts),
    ["crm:", ""],
    ["  hubspot:", "company properties; all of them: priority-support check"],
    mapped("plan", plan, plan?.name ?? ""),
    mapped("arr", arr, `{property: ${quoted(arr?.name ?? "")}, currency: ${currencyOf(facts)}}`),
    mapped("contract_end", end, end?.name ?? ""),
    [
      "    label: support_tier",
      "the tier is written back to this property, which is made where it is missing",
    ],
  ];
  return `${lines.map(line).join("\n")}\n`;
}

const WIDTH = 60;

function line([text, comment]: readonly [string, string]): string {
  if (comment === "") return text;
  return text === "" ? `# ${plain(comment)}` : `${text.padEnd(WIDTH)} # ${plain(comment)}`;
}

/** Names that say it outright, then names that contain it. */
const PLAN = [
  /^(plan|plan_tier|plan_name|subscription_plan|subscription_tier|product_plan)$/,
  /plan|subscription_t/,
];
const ARR = [/^(arr|current_arr|annual_recurring_revenue)$/, /(^|_)arr(_|$)|annual_recurring/];
const CONTRACT_END = [
  /^(contract_end|contract_end_date|subscription_end|subscription_end_date|renewal_date)$/,
  /(contract|subscription|licen[cs]e).*(end|expir)|renewal.*date/,
];

/** A property that needs care (a turnover that is not ours, a sum of years) is never taken by itself. */
function found(
  fields: readonly SourceField[],
  names: readonly RegExp[],
  types: readonly string[],
): SourceField | null {
  const able = fields.filter(
    ({ caution, type }) => caution === null && (types.length === 0 || types.includes(type)),
  );
  return (
    names.map((name) => able.find((field) => name.test(field.name))).find((one) => one !== undefined) ?? null
  );
}

function mapped(fact: string, field: SourceField | null, text: string): readonly [string, string] {
  return field === null
    ? [`    # ${fact}:`, "no property is called so: name yours, and take the # away"]
    : [`    ${fact}: ${text.startsWith("{") ? text : quoted(text)}`, field.label];
}

/** With neither plan nor ARR the tier is for those whom a person names. */
function doors(plan: string | null, arr: boolean): string {
  const open = [
    ...(plan === null ? [] : [`{plan: ${plan}}`]),
    ...(arr ? ["{arr: {enter: 100000, exit: 90000}}"] : []),
  ];
  return open.length === 0 ? "{addon: PRIORITY-SUPPORT}" : open.join(", ");
}

function planMap(options: readonly { readonly value: string }[], top: string): string {
  const last = options.length - 1;
  const pairs = options.map(({ value }, place) => `${quoted(value)}: ${place === last ? top : "standard"}`);
  return `{${pairs.join(", ")}}`;
}

function idFrom(plan: string): string {
  const id = plan
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  return id === "" || id === "standard" ? "priority" : id;
}

function ordinary(groups: readonly string[]): string {
  return groups.find((name) => /^(customer )?support$/i.test(name)) ?? groups[0] ?? "Support";
}

function special(groups: readonly string[]): string {
  const rest = groups.filter((name) => name !== ordinary(groups));
  return rest.find((name) => /enterprise|premi|priority|vip|gold/i.test(name)) ?? ordinary(groups);
}

/** A group is no fallback for itself. */
function fallback(groups: readonly string[]): string {
  return special(groups) === ordinary(groups) ? "" : quoted(ordinary(groups));
}

const SHOWN = 8;

function among(groups: readonly string[]): string {
  const names = groups.slice(0, SHOWN).join(", ");
  return `the help desk has: ${names}${groups.length > SHOWN ? ` and ${groups.length - SHOWN} more` : ""}`;
}

function currencyLines(facts: FirstPolicyFacts): readonly (readonly [string, string])[] {
  const currency = currencyOf(facts);
  return currency === "USD"
    ? []
    : [[`currency: {base: ${currency}, rates: {${currency}: 1}}`, "of every threshold"]];
}

function currencyOf({ currency }: FirstPolicyFacts): string {
  return currency !== null && /^[A-Z]{3}$/.test(currency) ? currency : "USD";
}

/** A comment stays on its line, whatever the names in it hold. */
function plain(name: string): string {
  return name.replaceAll(/\s+/g, " ");
}

/** Names may hold anything; as JSON text they are YAML, whatever they hold. */
function quoted(text: string): string {
  return /^[A-Za-z][\w -]*$/.test(text) && !/^(null|true|false)$/i.test(text) && text === text.trim()
    ? text
    : JSON.stringify(text);
}
