/** What came of a step whose answer never arrived: the desk is looked at, and only what is there counts. Pure. */
import type { DeskObject, FieldsImage, Inventory, JournalEntry, OrderedKind } from "../ports.ts";
import { partOf } from "./journal-entries.ts";
import { keyOf, markKey } from "./marks.ts";
import { pictureOf } from "./picture.ts";
import { objectsOf } from "./plan-matching.ts";
import { differences, type Wording } from "./plan-values.ts";

/** A step with its end, and the whole object as it is. */
export interface Settled {
  readonly entry: JournalEntry;
  readonly whole: DeskObject | null;
}

const NEVER = "It was interrupted before the help desk did it.";

const PLAIN: Wording = (_field, value) => String(value);

/** Do two images say the same, whatever order the desk lists things in? */
export function isSameImage(one: FieldsImage, other: FieldsImage): boolean {
  return differences(one, other, PLAIN, PLAIN).length === 0;
}

/** Fields of `wanted` in which `now` says something else, as they are called in the desk: `title`, `options`. */
export function differingFields(now: FieldsImage, wanted: FieldsImage): readonly string[] {
  const fields = differences(now, wanted, PLAIN, PLAIN).map(({ field }) => field.replace(/\..*$/s, ""));
  return [...new Set(fields)];
}

/** How a step that is `intended` really ended. */
export function settledBy(entry: JournalEntry, inventory: Inventory, prefix: string): Settled {
  const { write } = entry;
  switch (write.do) {
    case "create": {
      const whole = madeBy(entry, inventory, prefix);
      return whole === null
        ? failed(entry)
        : {
            entry: { ...entry, state: "done", write: { ...write, objectId: whole.id, after: whole.fields } },
            whole,
          };
    }
    case "change": {
      const whole = objectsOf(inventory, entry.kind).find(({ id }) => id === write.objectId) ?? null;
      return whole !== null && isSameImage(partOf(whole.fields, write.after), write.after)
        ? done(entry, whole)
        : failed(entry);
    }
    case "remove":
      return objectsOf(inventory, entry.kind).some(({ id }) => id === write.objectId)
        ? failed(entry)
        : done(entry, null);
    case "reorder": {
      const now = pictureOf(inventory).order(entry.kind as OrderedKind, write.after.within);
      const named = now.filter((id) => write.after.ids.includes(id));
      return named.join() === write.after.ids.join() ? done(entry, null) : failed(entry);
    }
  }
}

/** The object that a creation left behind: it carries the mark of its key. */
function madeBy({ kind, key }: JournalEntry, inventory: Inventory, prefix: string): DeskObject | null {
  if (key === null) return null;
  return objectsOf(inventory, kind).find((object) => keyOf(object, prefix) === markKey(key)) ?? null;
}

function done(entry: JournalEntry, whole: DeskObject | null): Settled {
  return { entry: { ...entry, state: "done" }, whole };
}

function failed(entry: JournalEntry): Settled {
  return { entry: { ...entry, state: "failed", detail: NEVER }, whole: null };
}
