/** Ours that the policy no longer wants. */
import type { DeskObject, Inventory, ProvisionKind } from "../ports.ts";
import type { Desired, Remark } from "./desired-model.ts";
import { KIND_WORDS } from "./kind-words.ts";
import { keyOf, markKey } from "./marks.ts";
import { type Match, objectsOf } from "./plan-matching.ts";
import type { OwnedObject, PlannedChange } from "./plan-model.ts";

/** Taken away when no longer wanted. The other kinds hold values, members or running promises: those are told. */
const REMOVED: readonly ProvisionKind[] = ["trigger", "view", "macro", "queue"];
const TOLD: readonly ProvisionKind[] = [
  "organization_field",
  "ticket_field",
  "group",
  "webhook",
  "sla_policy",
];

/** What is taken away, and what is left and told. A copy that somebody made of ours, mark and all, is left alone. */
export function removals(
  desired: Desired,
  found: readonly Match[],
  inventory: Inventory,
  owned: readonly OwnedObject[],
): { readonly changes: readonly PlannedChange[]; readonly remarks: readonly Remark[] } {
  const orphans = [...REMOVED, ...TOLD].flatMap((kind) => orphansOf(kind, desired, found, inventory, owned));
  return {
    changes: orphans.filter(({ kind }) => REMOVED.includes(kind)).map((one) => removal(one, desired.prefix)),
    remarks: orphans.filter(({ kind }) => TOLD.includes(kind)).map(leftOver),
  };
}

function orphansOf(
  kind: ProvisionKind,
  desired: Desired,
  found: readonly Match[],
  inventory: Inventory,
  owned: readonly OwnedObject[],
): readonly DeskObject[] {
  const objects = objectsOf(inventory, kind);
  const wanted = new Set(desired.objects.filter((one) => one.kind === kind).map((one) => markKey(one.key)));
  const taken = new Set(found.map(({ object }) => (object?.kind === kind ? object.id : null)));
  const known = new Map(owned.filter((one) => one.kind === kind).map((one) => [one.id, one.key]));
  return objects.filter((object) => {
    if (taken.has(object.id)) return false;
    const ledgerKey = known.get(object.id);
    if (ledgerKey !== undefined) return !wanted.has(markKey(ledgerKey));
    const key = keyOf(object, desired.prefix);
    if (key === null || wanted.has(key)) return false;
    const alike = objects.filter((one) => keyOf(one, desired.prefix) === key);
    return alike.length === 1;
  });
}

function removal(object: DeskObject, prefix: string): PlannedChange {
  return {
    action: "remove",
    kind: object.kind,
    key: keyOf(object, prefix),
    name: object.name,
    fields: [],
    why: "It is ours, and the policy no longer asks for it.",
    fix: null,
    write: { do: "remove", id: object.id },
  };
}

function leftOver(object: DeskObject): Remark {
  const words = KIND_WORDS[object.kind];
  return {
    about: `${words.one} ${object.name}`,
    message:
      "It is ours and the policy no longer asks for it. It is left: values, members or running clocks hang on it.",
    fix: `Delete it by hand when nothing needs it any more (${words.where}).`,
  };
}
