/** From a step to its line in the journal: every name resolved, and what was there before. */
import type { Instant } from "../policy/model.ts";
import type {
  DeskObject,
  FieldsImage,
  JournalEntry,
  JournalWrite,
  OrderedKind,
  OrderImage,
} from "../ports.ts";
import { isRef, type Ref } from "./desired-model.ts";
import type { Picture } from "./picture.ts";
import type { PlannedWrite } from "./plan-model.ts";
import { refsIn, withIds } from "./plan-names.ts";
import type { Step } from "./steps.ts";

/** What a step looks up. */
export interface Known {
  readonly picture: Picture;
  /** Id behind a name; null = what it names was not made. */
  readonly idOf: (ref: string) => string | null;
}

/** A step that cannot be written, and what a person does about it. */
export interface Impossible {
  readonly why: string;
  readonly fix: string;
}

const AGAIN = "Run `priority-support plan` again: the help desk has changed meanwhile.";

/** The journal's line for a step that is about to be written, or why it cannot be. */
export function entryFor(
  step: Step,
  place: { readonly runId: string; readonly step: number; readonly at: Instant },
  known: Known,
): JournalEntry | Impossible {
  const write = writeFor(step, known);
  if ("why" in write) return write;
  const { kind, key, name, claims, undoes } = step;
  return { ...place, kind, key, name, write, claims, undoes, state: "intended", detail: "" };
}

function writeFor({ kind, name, write }: Step, known: Known): JournalWrite | Impossible {
  switch (write.do) {
    case "create":
    case "change": {
      const missing = refsIn(write.fields).find((ref) => known.idOf(ref) === null);
      if (missing !== undefined)
        return {
          why: `${JSON.stringify(name)} names ${missing}, which was not made.`,
          fix: "Resolve that one first.",
        };
      const after = withIds(write.fields, known.idOf) as FieldsImage;
      if (write.do === "create") return { do: "create", objectId: null, before: null, after };
      const object = known.picture.find(kind, write.id);
      return object === null ? gone(name) : { ...changeOf(object, after), objectId: write.id };
    }
    case "remove": {
      const object = known.picture.find(kind, write.id);
      return object === null
        ? gone(name)
        : { do: "remove", objectId: write.id, before: object.fields, after: null };
    }
    case "reorder":
      return reorderOf(kind as OrderedKind, write, known);
  }
}

function gone(name: string): Impossible {
  return { why: `${JSON.stringify(name)} is not there any more.`, fix: AGAIN };
}

function changeOf(object: DeskObject, after: FieldsImage): Extract<JournalWrite, { do: "change" }> {
  return { do: "change", objectId: object.id, before: partOf(object.fields, after), after };
}

/** The same fields of another image. */
export function partOf(whole: FieldsImage, like: FieldsImage): FieldsImage {
  const names = new Set(Object.keys(like));
  return Object.fromEntries(Object.entries(whole).filter(([name]) => names.has(name)));
}

type Reorder = Extract<PlannedWrite, { do: "reorder" }>;

/** What was not made takes no place; what stands there and is not named keeps its place. */
function reorderOf(kind: OrderedKind, { ids, within }: Reorder, known: Known): JournalWrite | Impossible {
  const idOf = (one: string | Ref): string | null => (isRef(one) ? known.idOf(one.ref) : one);
  const place = within === null ? null : idOf(within);
  if (within !== null && place === null)
    return { why: "The category it concerns was not made.", fix: "Resolve that one first." };
  const before: OrderImage = { ids: known.picture.order(kind, place), within: place };
  const wanted = ids.map(idOf).filter((id) => id !== null && before.ids.includes(id));
  return { do: "reorder", objectId: null, before, after: { ids: wanted as string[], within: place } };
}
