/** The tiers of a policy's text as fields of a form, and a changed field written back into the text. Pure. */
import { parseDocument } from "yaml";
import { nameFromId } from "../policy/policy-defaults.ts";
import { pathText, valueAt } from "../policy/policy-findings.ts";
import { type EditPath, withValue } from "./policy-edit.ts";
import { withoutValue } from "./policy-edit-lists.ts";
import { type EligibilityKey, type WayIn, type WaysIn, withEligibility } from "./policy-eligibility.ts";
import type { KeyHelp } from "./policy-help.ts";

const ORDER = ["low", "normal", "high", "urgent"] as const;

/** Fields of a tier, in the order of the form. */
export const FORM_KEYS = [
  "name",
  "plans",
  "addons",
  "arr_enter",
  "arr_exit",
  "priority_default",
  "priority_floor",
  "priority_ceiling",
  "group",
  "sla_policy",
  "after_hours_priorities",
  "after_hours_group",
] as const;
export type FormKey = (typeof FORM_KEYS)[number];

/** One field. */
export interface FormField {
  readonly key: FormKey;
  /** text = one value, with suggestions; choice = one of the options; choices = any of them. */
  readonly kind: "text" | "amount" | "choice" | "choices";
  /** Empty = not written; one entry but for choices. */
  readonly value: readonly string[];
  readonly options: readonly string[];
  /** What counts while nothing is written; null = nothing, or the help says it. */
  readonly usual: string | null;
  readonly help: string;
  /** Where findings about it are: `tiers[1].routing.group`, and everything below. */
  readonly paths: readonly string[];
}

/** One tier. */
export interface FormTier {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly fields: readonly FormField[];
}

/** A field's new value; empty = take it out of the text, what counts without it is its help's to say. */
export interface FormChange {
  readonly tier: number;
  readonly key: FormKey;
  readonly value: readonly string[];
}

/** Where the fields stand that are one key of the tier. */
const PLAIN: Readonly<Record<Exclude<FormKey, EligibilityKey>, readonly string[]>> = {
  name: ["name"],
  priority_default: ["priority", "default"],
  priority_floor: ["priority", "floor"],
  priority_ceiling: ["priority", "ceiling"],
  group: ["routing", "group"],
  sla_policy: ["sla_policy"],
  after_hours_priorities: ["routing", "after_hours", "priorities"],
  after_hours_group: ["routing", "after_hours", "group"],
};
const KINDS: Partial<Record<FormKey, FormField["kind"]>> = {
  plans: "choices",
  addons: "choices",
  arr_enter: "amount",
  arr_exit: "amount",
  priority_default: "choice",
  priority_floor: "choice",
  priority_ceiling: "choice",
  after_hours_priorities: "choices",
};
const isEligibility = (key: FormKey): key is EligibilityKey => !(key in PLAIN);

/** The tiers as written; null = the text is no policy with tiers, and the linter says why. */
export function formOf(yaml: string, help: (path: EditPath) => KeyHelp | null): readonly FormTier[] | null {
  const root = read(yaml);
  const tiers = valueAt(root, ["tiers"]);
  if (!Array.isArray(tiers) || tiers.length === 0) return null;
  return tiers.map((_tier, at) => {
    const id = textAt(root, ["tiers", at, "id"]) ?? "";
    return {
      id,
      name: textAt(root, ["tiers", at, "name"]) ?? nameFromId(id),
      path: pathText(["tiers", at]),
      fields: FORM_KEYS.map((key) => fieldOf(root, at, key, help)).filter(
        ({ key, options }) => key !== "addons" || options.length > 0,
      ),
    };
  });
}

/** The text with the change in it. @throws Error it is no policy with such a tier, or an alias stands in the way */
export function withChange(yaml: string, { tier, key, value }: FormChange): string {
  const root = read(yaml);
  if (valueAt(root, ["tiers", tier]) === undefined) throw new Error(`There is no tier ${tier + 1}.`);
  if (isEligibility(key)) return withEligibility(yaml, tier, waysIn(root, tier), key, value);
  const path = ["tiers", tier, ...PLAIN[key]];
  const [first = ""] = value;
  if (KINDS[key] === "choices") return withValue(yaml, path, value);
  return first.trim() === "" ? withoutValue(yaml, path) : withValue(yaml, path, first.trim());
}

function read(yaml: string): unknown {
  const document = parseDocument(yaml, { version: "1.2", schema: "core", stringKeys: true });
  return document.errors.length > 0 ? null : document.toJS({ maxAliasCount: 100 });
}

function textAt(root: unknown, path: EditPath): string | null {
  const value = valueAt(root, path);
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

function textsAt(root: unknown, path: EditPath): readonly string[] {
  const value = valueAt(root, path);
  if (Array.isArray(value)) return value.map(String);
  const one = textAt(root, path);
  return one === null ? [] : [one];
}

/** As `eligibility` says; without it, by the add-ons that grant the tier, else by the plan of the same id. */
function waysIn(root: unknown, tier: number): WaysIn {
  const ways = valueAt(root, ["tiers", tier, "eligibility", "any"]);
  if (Array.isArray(ways)) return { ways: ways.map((way): WayIn => way ?? {}), isWritten: true };
  const id = textAt(root, ["tiers", tier, "id"]) ?? "";
  const granting = addonsOf(root).flatMap(({ sku, grants }) => (grants === id ? [{ addon: sku }] : []));
  return { ways: granting.length > 0 ? granting : [{ plan: id }], isWritten: false };
}

function addonsOf(root: unknown): readonly { readonly sku: string; readonly grants: string }[] {
  const addons = valueAt(root, ["addons"]);
  if (!Array.isArray(addons)) return [];
  return addons.map((_addon, at) => ({
    sku: textAt(root, ["addons", at, "sku"]) ?? "",
    grants: textAt(root, ["addons", at, "grants"]) ?? "",
  }));
}

function fieldOf(
  root: unknown,
  tier: number,
  key: FormKey,
  help: (path: EditPath) => KeyHelp | null,
): FormField {
  const { path, value, paths } = isEligibility(key) ? wayField(root, tier, key) : plainField(root, tier, key);
  const said = help(path);
  const usual = said?.usual ?? null;
  return {
    key,
    kind: KINDS[key] ?? "text",
    value,
    options: [...new Set([...optionsFor(root, key), ...(KINDS[key] === "choices" ? value : [])])],
    usual: usual === null || usual === "null" || usual === "[]" ? null : usual.replaceAll('"', ""),
    help: said?.description ?? "",
    paths,
  };
}

interface Placed {
  readonly path: EditPath;
  readonly value: readonly string[];
  readonly paths: readonly string[];
}

function plainField(root: unknown, tier: number, key: Exclude<FormKey, EligibilityKey>): Placed {
  const path = ["tiers", tier, ...PLAIN[key]];
  return { path, value: textsAt(root, path), paths: [pathText(path)] };
}

function wayField(root: unknown, tier: number, key: EligibilityKey): Placed {
  const { ways } = waysIn(root, tier);
  const place = (at: number, ...below: readonly string[]): EditPath => [
    ...["tiers", tier, "eligibility", "any", Math.max(at, 0)],
    ...below,
  ];
  if (key === "plans" || key === "addons") {
    const kind = key === "plans" ? "plan" : "addon";
    const named = ways.flatMap((way, at) => (way[kind] === undefined ? [] : [at]));
    return {
      path: place(0, kind),
      value: named.map((at) => String(ways[at]?.[kind])),
      paths: named.map((at) => pathText(place(at))),
    };
  }
  const at = ways.findIndex((way) => way.arr !== undefined);
  const name = key === "arr_enter" ? "enter" : "exit";
  const written = ways[at]?.arr?.[name];
  const path = place(at, "arr", name);
  return { path, value: written === undefined ? [] : [String(written)], paths: [pathText(path)] };
}

function optionsFor(root: unknown, key: FormKey): readonly string[] {
  const keysOf = (path: EditPath): readonly string[] => Object.keys(Object(valueAt(root, path)));
  const ofTiers = (...below: readonly string[]): readonly string[] =>
    keysOf(["tiers"]).flatMap((at) => textsAt(root, ["tiers", Number(at), ...below]));
  if (key === "plans") return ofTiers("id");
  if (key === "addons") return addonsOf(root).map((one) => one.sku);
  if (key === "group" || key === "after_hours_group")
    return [
      ...keysOf(["groups"]),
      ...ofTiers("routing", "group"),
      ...ofTiers("routing", "after_hours", "group"),
    ];
  if (key === "sla_policy") return [...keysOf(["sla_policies"]), ...ofTiers("sla_policy")];
  return key.startsWith("priority") || key === "after_hours_priorities" ? ORDER : [];
}
