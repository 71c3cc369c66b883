/** How the steps of an earlier run are put back, last one first, and which are better left. Pure. */
import type { FieldsImage, Inventory, JournalEntry, LeftLine, OrderedKind } from "../ports.ts";
import type { WantedFields } from "./desired-model.ts";
import { type Hanging, heldBack, isField, lostOptions } from "./hanging.ts";
import { differingFields } from "./in-doubt.ts";
import { partOf } from "./journal-entries.ts";
import { keyOf, markKey } from "./marks.ts";
import { sparingWhatIsNamed } from "./named-by.ts";
import { inOrder, type Picture, pictureOf } from "./picture.ts";
import { objectsOf } from "./plan-matching.ts";
import { calledBy } from "./step-text.ts";
import type { Step } from "./steps.ts";

/** What an undo would do. */
export interface UndoSteps {
  readonly steps: readonly Step[];
  readonly left: readonly LeftLine[];
  /** Steps of which nothing is to be seen any more. */
  readonly already: readonly JournalEntry[];
}

/** What undoing looks at. */
export interface UndoView {
  readonly inventory: Inventory;
  /** Every step of every run: what later runs changed is theirs to put back first. */
  readonly history: readonly JournalEntry[];
  readonly hanging: Hanging;
  readonly prefix: string;
}

type Answer = Step | LeftLine | "already";

/** The steps that put `entries` back. */
export function undoSteps(entries: readonly JournalEntry[], view: UndoView): UndoSteps {
  const picture = pictureOf(view.inventory);
  const steps: Step[] = [];
  const left: LeftLine[] = [];
  const already: JournalEntry[] = [];
  for (const entry of entries.filter(({ state }) => state === "done").toReversed())
    for (const answer of answersFor(entry, view, picture)) {
      if (answer === "already") already.push(entry);
      else if ("write" in answer) steps.push(answer);
      else left.push(answer);
    }
  const spared = sparingWhatIsNamed(steps, view.inventory);
  return { steps: spared.steps, left: [...left, ...spared.left], already };
}

function leave(entry: JournalEntry, why: string, fix: string | null = null): LeftLine {
  return { what: calledBy(entry), why, fix };
}

function answersFor(entry: JournalEntry, view: UndoView, picture: Picture): readonly Answer[] {
  const later = laterRun(entry, view.history);
  if (later !== null)
    return [
      leave(
        entry,
        `a later run changed it: ${later}`,
        `Run \`priority-support undo ${later}\` first, then this again.`,
      ),
    ];
  switch (entry.write.do) {
    case "create":
      return [unmade(entry, entry.write, view, picture)];
    case "change":
      return unchanged(entry, entry.write, view, picture);
    case "remove":
      return [remade(entry, entry.write, view)];
    case "reorder":
      return [unsorted(entry, entry.write, picture)];
  }
}

/** The run that changed the same object since, and whose change still stands; null = none. */
function laterRun(entry: JournalEntry, history: readonly JournalEntry[]): string | null {
  const { kind, write, runId } = entry;
  if (write.objectId === null) return null;
  const place = history.findIndex((one) => one.runId === runId && one.step === entry.step);
  const later = history
    .slice(place + 1)
    .find(
      (one) =>
        one.runId !== runId &&
        one.state === "done" &&
        one.undoes === null &&
        one.kind === kind &&
        one.write.objectId === write.objectId &&
        one.write.do !== "create",
    );
  return later?.runId ?? null;
}

type Write<D> = Extract<JournalEntry["write"], { do: D }>;

function back(
  entry: JournalEntry,
  write: Step["write"],
  claims: Step["claims"],
): Omit<Step, "undoes"> & { readonly undoes: NonNullable<Step["undoes"]> } {
  const { kind, key, name, runId, step } = entry;
  return { kind, key, name, write, claims, undoes: { runId, step } };
}

function unmade(entry: JournalEntry, write: Write<"create">, view: UndoView, picture: Picture): Answer {
  const { objectId, after } = write;
  const object = objectId === null ? null : picture.find(entry.kind, objectId);
  if (object === null) return "already";
  const edited = differingFields(object.fields, after);
  if (edited.length > 0) return leave(entry, `somebody has changed it since: ${edited.join(", ")}`);
  const held = heldBack({ kind: entry.kind, id: object.id }, view.hanging);
  if (held !== null) return leave(entry, held.why, held.fix);
  return back(entry, { do: "remove", id: object.id }, "released");
}

/** Field by field: what somebody has changed since stays. */
function unchanged(
  entry: JournalEntry,
  write: Write<"change">,
  view: UndoView,
  picture: Picture,
): readonly Answer[] {
  const object = picture.find(entry.kind, write.objectId);
  if (object === null) return [leave(entry, "it is not there any more")];
  const now = partOf(object.fields, write.after);
  const differs = differingFields(now, write.before);
  if (differs.length === 0) return ["already"];
  const byPeople = differingFields(now, write.after).filter((field) => differs.includes(field));
  const lost = isField(entry.kind) && view.hanging.values ? lostOptions(now, write.before) : [];
  const kept = [...byPeople, ...(lost.length > 0 ? ["options"] : [])];
  const restored = differs.filter((field) => !kept.includes(field));
  const names = Object.fromEntries(restored.map((field) => [field, true]));
  const fields = partOf(write.before, names as FieldsImage) as Partial<WantedFields>;
  const claims = entry.claims === "adopted" ? "released" : "kept";
  const step = { do: "change" as const, id: object.id, fields };
  return [
    ...(restored.length === 0 ? [] : [back(entry, step, claims)]),
    ...(byPeople.length === 0 ? [] : [leave(entry, `somebody has changed it since: ${byPeople.join(", ")}`)]),
    ...(lost.length === 0
      ? []
      : [leave(entry, `values of its options ${lost.join(", ")} would be lost with them`)]),
  ];
}

function remade(entry: JournalEntry, write: Write<"remove">, { inventory, prefix }: UndoView): Answer {
  const { kind, key } = entry;
  const there = objectsOf(inventory, kind).some(
    (object) => key !== null && keyOf(object, prefix) === markKey(key),
  );
  if (there) return "already";
  return back(entry, { do: "create", fields: write.before as WantedFields }, "made");
}

/** What is new since stays where it stands; what is gone is passed over. */
function unsorted(entry: JournalEntry, write: Write<"reorder">, picture: Picture): Answer {
  const { before, after } = write;
  const now = picture.order(entry.kind as OrderedKind, after.within);
  const among = (ids: readonly string[], others: readonly string[]): string =>
    ids.filter((id) => others.includes(id)).join();
  const wanted = inOrder(now, before.ids, (id) => id);
  if (wanted.join() === now.join()) return "already";
  if (among(now, after.ids) !== among(after.ids, now))
    return leave(entry, "somebody has changed the order since");
  return back(entry, { do: "reorder", ids: wanted, within: before.within }, "none");
}
