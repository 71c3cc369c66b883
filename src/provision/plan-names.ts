/** From names to ids and back: what a wanted object names is looked up in the desk, what the desk names is put in words. */
import { foldedName } from "../policy/text-fold.ts";
import type { DeskName, Inventory } from "../ports.ts";
import { isRef, type Ref, type Wanted } from "./desired-model.ts";
import { type Match, objectsOf } from "./plan-matching.ts";
import type { AnyFields, Wording } from "./plan-values.ts";

/** The desk's names at the moment of planning. */
export interface Names {
  /** null = it is not there (yet). */
  readonly idOf: (ref: string) => string | null;
  /** By id where there is one: to compare. */
  readonly compared: Wording;
  /** By name: to print. */
  readonly printed: Wording;
  /** Everything that resolves, by `Ref.ref`. */
  readonly ids: Readonly<Record<string, string>>;
}

/** Name of a wanted object as others refer to it. */
export function refOf(wanted: Pick<Wanted, "kind" | "key">): string {
  return `${wanted.kind}:${wanted.key}`;
}

/** Looks names up in what the desk has. */
export function namesIn(inventory: Inventory, found: readonly Match[]): Names {
  const ids = idsOf(inventory, found);
  const labels = labelsOf(inventory);
  const titles = new Map(found.map(({ wanted }) => [refOf(wanted), wanted.name]));
  const idOf = (ref: string): string | null => ids.get(ref) ?? aroundId(ref, inventory);
  return {
    idOf,
    compared: (_field, value) => (isRef(value) ? (idOf(value.ref) ?? `→ ${value.ref}`) : value),
    printed: (field, value) => {
      if (isRef(value)) return titles.get(value.ref) ?? (value.ref.split(/[#:]/).at(-1) || value.ref);
      return value === "" ? "(blank)" : (labels.get(`${field} ${value}`) ?? value);
    },
    ids: Object.fromEntries(ids),
  };
}

function idsOf(inventory: Inventory, found: readonly Match[]): ReadonlyMap<string, string> {
  const { brands, forms, schedules } = inventory.around;
  const named = (what: string, list: readonly DeskName[]): readonly (readonly [string, string])[] =>
    list.map(({ id, name }) => [`${what}:${name}`, id] as const);
  const objects = found.flatMap(({ wanted, object }) => {
    if (object === null) return [];
    const options = Object.entries(object.optionIds);
    const ref = refOf(wanted);
    return [[ref, object.id] as const, ...options.map(([tag, id]) => [`${ref}#${tag}`, id] as const)];
  });
  return new Map([
    ...named("brand", brands),
    ...named("form", forms),
    ...named("schedule", schedules ?? []),
    ...objects,
  ]);
}

/** Brands, forms and schedules, without regard to case, a brand by its id as well. */
function aroundId(ref: string, { around }: Inventory): string | null {
  const [what = "", ...rest] = ref.split(":");
  const wanted = foldedName(rest.join(":"));
  const lists: Readonly<Record<string, readonly DeskName[] | null>> = {
    brand: around.brands,
    form: around.forms,
    schedule: around.schedules,
  };
  const list = lists[what] ?? [];
  return (
    list.find(({ name }) => foldedName(name) === wanted)?.id ??
    (what === "brand" ? list.find(({ id }) => id === rest.join(":"))?.id : null) ??
    null
  );
}

/** Condition or action field and id → what people call it. */
function labelsOf(inventory: Inventory): ReadonlyMap<string, string> {
  const { around, definitions } = inventory;
  const list = (field: string, names: readonly DeskName[]): readonly (readonly [string, string])[] =>
    names.map(({ id, name }) => [`${field} ${id}`, name] as const);
  const options = objectsOf(inventory, "organization_field").flatMap(({ name, optionIds }) =>
    Object.entries(optionIds).map(([tag, id]) => [`organization.custom_fields.${name} ${id}`, tag] as const),
  );
  return new Map([
    ...list("group_id", objectsOf(inventory, "group")),
    ...list("notification_webhook", objectsOf(inventory, "webhook")),
    ...list("category", objectsOf(inventory, "trigger_category")),
    ...list("brand_id", around.brands),
    ...list("ticket_form_id", around.forms),
    ...list("set_schedule", around.schedules ?? []),
    ...list("via_id", definitions.channels ?? []),
    ...options,
  ]);
}

/** Every name that the fields of an object use. */
export function refsIn(fields: unknown): readonly string[] {
  if (isRef(fields)) return [fields.ref];
  if (Array.isArray(fields)) return fields.flatMap(refsIn);
  return typeof fields === "object" && fields !== null ? Object.values(fields).flatMap(refsIn) : [];
}

/**
 * The fields with ids instead of names, ready for the desk.
 *
 * @throws RangeError a name has no id: what it names was not made.
 */
export function withIds<F extends AnyFields>(fields: F, idOf: (ref: string) => string | null): F {
  return replaced(fields, idOf) as F;
}

function replaced(value: unknown, idOf: (ref: string) => string | null): unknown {
  if (isRef(value)) return resolved(value, idOf);
  if (Array.isArray(value)) return value.map((one) => replaced(one, idOf));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one, idOf)]));
}

function resolved({ ref }: Ref, idOf: (ref: string) => string | null): string {
  const id = idOf(ref);
  if (id === null) throw new RangeError(`${ref} is named and is not there`);
  return id;
}
