/** The desk while it is being changed: what was read at the start, and every step since. Gives the before-images. */
import type { DeskObject, Inventory, OrderedKind, ProvisionKind } from "../ports.ts";
import { KINDS } from "./desired-model.ts";
import { objectsOf } from "./plan-matching.ts";

/** What the desk holds by now, as far as we know. */
export interface Picture {
  /** null = it is not there. */
  find(kind: ProvisionKind, id: string): DeskObject | null;
  /** Ids in their order; of triggers those in the category `within`, null = all. */
  order(kind: OrderedKind, within: string | null): readonly string[];
  /** Made, or changed; what is new stands last. */
  put(object: DeskObject): void;
  drop(kind: ProvisionKind, id: string): void;
  /** These now stand in this order, in the places they had. */
  arrange(kind: OrderedKind, ids: readonly string[]): void;
}

/** Begins with what was read. */
export function pictureOf(inventory: Inventory): Picture {
  const kinds = new Map(KINDS.map((kind) => [kind, objectsOf(inventory, kind)] as const));
  const all = (kind: ProvisionKind): readonly DeskObject[] => kinds.get(kind) ?? [];
  return {
    find: (kind, id) => all(kind).find((object) => object.id === id) ?? null,
    order: (kind, within) =>
      all(kind)
        .filter((object) => within === null || categoryOf(object) === within)
        .map(({ id }) => id),
    put: (object) => {
      const before = all(object.kind).find(({ id }) => id === object.id);
      const stays = before !== undefined && categoryOf(before) === categoryOf(object);
      const rest = all(object.kind).filter(({ id }) => stays || id !== object.id);
      kinds.set(
        object.kind,
        stays ? rest.map((one) => (one.id === object.id ? object : one)) : [...rest, object],
      );
    },
    drop: (kind, id) =>
      void kinds.set(
        kind,
        all(kind).filter((object) => object.id !== id),
      ),
    arrange: (kind, ids) =>
      void kinds.set(
        kind,
        inOrder(all(kind), ids, ({ id }) => id),
      ),
  };
}

function categoryOf(object: DeskObject): string | null {
  return object.kind === "trigger" ? object.fields.category : null;
}

/** The rows whose id is in `ids` in that order, in the places that they occupy; all others stay where they are. */
export function inOrder<T extends NonNullable<unknown>>(
  rows: readonly T[],
  ids: readonly string[],
  idOf: (row: T) => string,
): readonly T[] {
  const present = new Map(rows.map((row) => [idOf(row), row]));
  const queue = ids.flatMap((id) => present.get(id) ?? []);
  const places = new Set(queue);
  let next = 0;
  return rows.map((row) => {
    if (!places.has(row)) return row;
    next += 1;
    return queue[next - 1] ?? row;
  });
}
