/** Fields of any kind laid out flat, so that two objects can be compared and printed field by field. */
import type {
  ProvisionAction,
  ProvisionCondition,
  ProvisionConditions,
  ProvisionFields,
  ProvisionKind,
} from "../ports.ts";
import { isRef, type Ref } from "./desired-model.ts";
import type { FieldDifference, Shown } from "./plan-model.ts";

/** Fields of an object that may name others. */
export type AnyFields = Partial<ProvisionFields<string | Ref>[ProvisionKind]>;

/** How a value that names something is written: by id to compare, by name to print. */
export type Wording = (field: string, value: string | Ref) => string;

/** A field that compares like text, whatever it was. */
export type Flat = Readonly<Record<string, Shown>>;

const TAG_FIELDS: readonly string[] = ["current_tags", "set_tags", "remove_tags"];

/**
 * Every field as text, number, yes/no or a list of texts. What has no order of its own is sorted, so that the desk may
 * answer in any: conditions, actions, tags, events, groups. Each target and each option is a field of its own.
 */
export function flat(fields: AnyFields, wording: Wording): Flat {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, value]) => entries(field, value, wording)),
  );
}

/** Fields in which `to` differs from `from`, in the order of `to`; what only `from` has comes last. */
export function differences(
  from: AnyFields,
  to: AnyFields,
  compared: Wording,
  printed: Wording,
): readonly FieldDifference[] {
  const [a, b] = [flat(from, compared), flat(to, compared)];
  const [shownFrom, shownTo] = [flat(from, printed), flat(to, printed)];
  const lost = Object.keys(a).filter((field) => !(field in b) && isListed(field, to));
  return [...Object.keys(b), ...lost]
    .filter((field) => !same(a[field], b[field]))
    .map((field) => ({ field, from: shownFrom[field] ?? null, to: shownTo[field] ?? null }));
}

/** A target or option that `to` no longer has, although it lists them. */
function isListed(field: string, to: AnyFields): boolean {
  return ["targets", "options"].some((list) => list in to && field.startsWith(`${list}.`));
}

function same(a: Shown | undefined, b: Shown | undefined): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

function entries(field: string, value: unknown, wording: Wording): readonly (readonly [string, Shown])[] {
  if (value === undefined) return [];
  switch (field) {
    case "conditions":
    case "filter":
      return conditions(field, value, wording);
    case "actions":
      return [[field, actions(value, wording)]];
    case "targets":
      return rows<Target>(value).map((row) => [`targets.${row.metric}.${row.priority}`, targetText(row)]);
    case "options":
      return rows<{ tag: string; name: string }>(value).map((row) => [`options.${row.tag}`, row.name]);
    case "category":
      return [[field, value === null ? null : wording("category", value as string | Ref)]];
    case "primaryGroups":
    case "secondaryGroups":
      return [
        [
          field,
          rows<string | Ref>(value)
            .map((one) => wording("group_id", one))
            .toSorted(),
        ],
      ];
    default:
      return [[field, Array.isArray(value) ? value.map(String) : (value as Shown)]];
  }
}

type Target = ProvisionFields<string>["sla_policy"]["targets"][number];

function targetText({ minutes, businessHours }: Target): string {
  return `${minutes} ${businessHours ? "business" : "calendar"} minutes`;
}

function conditions(field: string, value: unknown, wording: Wording): readonly (readonly [string, Shown])[] {
  const sides = value as ProvisionConditions<string | Ref>;
  const lines = (list: readonly ProvisionCondition<string | Ref>[]): readonly string[] =>
    list.map((one) => conditionText(one, wording)).toSorted();
  return [
    [`${field}.all`, lines(sides.all)],
    [`${field}.any`, lines(sides.any)],
  ];
}

/** Operators that stand without a value. */
const UNARY: readonly string[] = ["changed", "not_changed", "present", "not_present"];

function conditionText(one: ProvisionCondition<string | Ref>, wording: Wording): string {
  const said = `${one.field} ${one.operator}`;
  return UNARY.includes(one.operator) ? said : `${said} ${worded(one, wording)}`.trimEnd();
}

function actions(value: unknown, wording: Wording): readonly string[] {
  return rows<ProvisionAction<string | Ref>>(value)
    .map(({ field, value: given }) => {
      // The desk reads a macro's comment back with the channel it is for in front (seen in public macro exports).
      const list = (Array.isArray(given) ? given : [given]).filter((one) => one !== "channel:all");
      return `${field}: ${list.map((one) => worded({ field, value: one }, wording)).join(" ")}`;
    })
    .toSorted();
}

function worded(one: { readonly field: string; readonly value: string | Ref }, wording: Wording): string {
  if (!isRef(one.value) && TAG_FIELDS.includes(one.field))
    return one.value
      .split(/\s+/)
      .filter((tag) => tag !== "")
      .toSorted()
      .join(" ");
  return wording(one.field, one.value);
}

function rows<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? value : [];
}
