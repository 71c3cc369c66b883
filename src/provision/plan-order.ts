/** Steps that put ordered things in order: categories and triggers around everybody else's, SLA policies and queues among them. */
import type { DeskObject, Inventory, OrderedKind } from "../ports.ts";
import type { Ref, Wanted } from "./desired-model.ts";
import { type Match, objectsOf } from "./plan-matching.ts";
import type { PlannedChange } from "./plan-model.ts";
import { refOf } from "./plan-names.ts";

/** One thing in an order: there already (`id`), or made by an earlier step (`ref`). */
export interface Entry {
  readonly name: string;
  readonly id: string | null;
  readonly ref: string;
  /** Ours or used as ours; null = somebody else's. */
  readonly match: Match | null;
  readonly object: DeskObject | null;
}

/** The order after all objects are made: what is there, then what is made, as it is made. */
export function entriesOf(objects: readonly DeskObject[], wanted: readonly Match[]): readonly Entry[] {
  const there = objects.map((object): Entry => {
    const match = wanted.find((one) => one.object?.id === object.id) ?? null;
    return entry(object, match);
  });
  const made = wanted.filter(({ object }) => object === null || !objects.some((one) => one.id === object.id));
  return [...there, ...made.map((match) => entry(match.object, match))];
}

function entry(object: DeskObject | null, match: Match | null): Entry {
  const name = match?.wanted.name ?? object?.name ?? "";
  return { name, id: object?.id ?? null, ref: match === null ? "" : refOf(match.wanted), match, object };
}

/** The step that turns one order into the other; null = it is that order. */
export function reordering(
  kind: OrderedKind,
  from: readonly Entry[],
  to: readonly Entry[],
  within: string | Ref | null,
  why: string,
): PlannedChange | null {
  if (from.every((one, place) => one === to[place])) return null;
  const names = (list: readonly Entry[]): readonly string[] => list.map((one) => one.name);
  return {
    action: "reorder",
    kind,
    key: null,
    name: "order",
    fields: [{ field: "order", from: names(from), to: names(to) }],
    why,
    fix: null,
    write: { do: "reorder", ids: to.map((one) => one.id ?? { ref: one.ref }), within },
  };
}

/** Ours first or last, everybody else's between them as they stand. */
function around(entries: readonly Entry[], wanted: readonly Wanted[]): readonly Entry[] {
  const at = (place: "first" | "last"): readonly Entry[] =>
    wanted
      .filter((one) => one.place === place)
      .flatMap((one) => entries.filter(({ match }) => match?.wanted === one));
  const [first, last] = [at("first"), at("last")];
  const others = entries.filter((one) => !first.includes(one) && !last.includes(one));
  return [...first, ...others, ...last];
}

/** The order of trigger categories, then of the triggers within ours. `standing` = matches that are not blocked. */
export function triggerOrders(
  standing: readonly Match[],
  inventory: Inventory,
  idOf: (ref: string) => string | null,
): readonly PlannedChange[] {
  const categories = standing.filter(({ wanted }) => wanted.kind === "trigger_category");
  const triggers = standing.filter(({ wanted }) => wanted.kind === "trigger");
  const entries = entriesOf(objectsOf(inventory, "trigger_category"), categories);
  const wanted = categories.map((match) => match.wanted);
  const sorted = reordering(
    "trigger_category",
    entries,
    around(entries, wanted),
    null,
    "Ours come before and after everybody else's triggers.",
  );
  const groups: readonly (Ref | null)[] =
    categories.length === 0 ? [null] : categories.map((match) => ({ ref: refOf(match.wanted) }));
  const within = groups.map((category) => triggerOrder(category, triggers, inventory, idOf));
  return [sorted, ...within].filter((step) => step !== null);
}

/** The triggers of one category; null as category = the account has none. */
function triggerOrder(
  category: Ref | null,
  triggers: readonly Match[],
  inventory: Inventory,
  idOf: (ref: string) => string | null,
): PlannedChange | null {
  const id = category === null ? null : idOf(category.ref);
  const members = triggers.filter(({ wanted }) => category === null || isIn(wanted, category));
  if (members.length === 0) return null;
  const there = objectsOf(inventory, "trigger").filter(
    (object) => object.kind === "trigger" && (category === null || object.fields.category === id),
  );
  const entries = entriesOf(id === null && category !== null ? [] : there, members);
  const wanted = members.map((match) => match.wanted);
  const why = "Triggers run in this order.";
  const to = around(entries, wanted);
  return reordering("trigger", entries, to, category === null ? null : (id ?? category), why);
}

function isIn(wanted: Wanted, category: Ref): boolean {
  return (
    wanted.kind === "trigger" &&
    typeof wanted.fields.category === "object" &&
    wanted.fields.category?.ref === category.ref
  );
}
