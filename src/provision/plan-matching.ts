/** Which object of the desk is the one we want: ours by ledger or mark, or somebody else's of the same name. */
import { foldedName } from "../policy/text-fold.ts";
import type { DeskObject, Inventory, ProvisionKind, Unavailable } from "../ports.ts";
import type { Desired, Wanted } from "./desired-model.ts";
import { keyOf, markKey } from "./marks.ts";
import type { OwnedObject } from "./plan-model.ts";

/** One wanted object beside what the desk has for it. */
export interface Match {
  readonly wanted: Wanted;
  /** null = the desk has nothing for it. */
  readonly object: DeskObject | null;
  /** By ledger or mark; false also where there is no object. */
  readonly ours: boolean;
  /** What our ledger knows of it; null = nothing. */
  readonly owned: OwnedObject | null;
  /** More objects that could be meant: others with our mark, or others of the same name. */
  readonly others: readonly DeskObject[];
}

/** Objects of a kind in their order; [] where they cannot be read. */
export function objectsOf(inventory: Inventory, kind: ProvisionKind): readonly DeskObject[] {
  const objects: readonly DeskObject[] | Unavailable = inventory.kinds[kind];
  return "because" in objects ? [] : objects;
}

/** Why a kind cannot be read; null = it can. */
export function unavailable(inventory: Inventory, kind: ProvisionKind): Unavailable | null {
  const objects: readonly DeskObject[] | Unavailable = inventory.kinds[kind];
  return "because" in objects ? objects : null;
}

/** Every wanted object with its counterpart, in the order of `desired`. */
export function matches(
  desired: Desired,
  inventory: Inventory,
  owned: readonly OwnedObject[],
): readonly Match[] {
  return desired.objects.map((wanted) => {
    const objects = objectsOf(inventory, wanted.kind);
    const known = owned.find(({ kind, key }) => kind === wanted.kind && key === wanted.key) ?? null;
    const byMark = objects.filter((object) => keyOf(object, desired.prefix) === markKey(wanted.key));
    const byLedger = objects.find(({ id }) => id === known?.id);
    const mine = byLedger ?? byMark[0];
    if (mine !== undefined) {
      const others = byMark.filter(({ id }) => id !== mine.id);
      return {
        wanted,
        object: mine,
        ours: true,
        owned: known,
        others: [...others, ...twins(wanted, mine, objects)],
      };
    }
    const [object, ...others] = objects.filter(
      (one) => isSame(wanted, one) && !isTaken(one, desired.prefix, owned),
    );
    return { wanted, object: object ?? null, ours: false, owned: known, others };
  });
}

/** Two groups of one name are told apart by nobody, whoever made them. */
function twins(wanted: Wanted, mine: DeskObject, objects: readonly DeskObject[]): readonly DeskObject[] {
  if (wanted.kind !== "group") return [];
  return objects.filter((one) => one.id !== mine.id && isSame(wanted, one));
}

/** It is another one of ours. */
function isTaken(object: DeskObject, prefix: string, owned: readonly OwnedObject[]): boolean {
  return (
    keyOf(object, prefix) !== null || owned.some(({ kind, id }) => kind === object.kind && id === object.id)
  );
}

/** What makes somebody else's object the same thing: a key, a name, an address, or the tags of a drop-down. */
function isSame(wanted: Wanted, object: DeskObject): boolean {
  if (wanted.kind === "organization_field" && object.kind === "organization_field")
    return foldedName(wanted.fields.key) === foldedName(object.fields.key);
  if (wanted.kind === "webhook" && object.kind === "webhook")
    return object.fields.firedBy === "triggers" && isAddress(object.fields.endpoint, wanted.fields.endpoint);
  if (wanted.kind === "ticket_field" && object.kind === "ticket_field") {
    const tags = wanted.fields.options.map((option) => option.tag);
    return object.fields.options.some((option) => tags.includes(option.tag));
  }
  if (wanted.kind === "group") return wanted.name === object.name.trim();
  return foldedName(wanted.name) === foldedName(object.name);
}

/** The same address, with or without a slash at the end. */
export function isAddress(one: string, other: string): boolean {
  return one.trim().replace(/\/+$/, "") === other.replace(/\/+$/, "");
}
