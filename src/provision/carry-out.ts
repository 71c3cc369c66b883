/** Steps made real, one object at a time: written down before, and again with what the desk read back. */
import { NeedsAdmin, Paused, TryAgain } from "../errors.ts";
import type {
  Clock,
  DeskObject,
  Inventory,
  JournalEntry,
  OrderedKind,
  ProvisionFields,
  Provisioning,
  ProvisionJournal,
} from "../ports.ts";
import { type Settled, settledBy } from "./in-doubt.ts";
import { entryFor, type Impossible, partOf } from "./journal-entries.ts";
import { type Picture, pictureOf } from "./picture.ts";
import type { Step } from "./steps.ts";

/** What carrying out needs. */
export interface CarryPorts {
  readonly desk: Provisioning;
  readonly journal: ProvisionJournal;
  readonly clock: Clock;
  /** The policy's prefix: what our marks begin with. */
  readonly prefix: string;
  /** Is it still our turn? */
  readonly held: () => Promise<boolean>;
  readonly progress: (done: number, total: number) => void;
}

/** A step that was not done, and what a person does about it. */
export interface Refusal extends Impossible {
  readonly step: Step;
}

/** What came of the steps. */
export interface Carried {
  readonly done: readonly JournalEntry[];
  readonly refused: readonly Refusal[];
  /** Why the steps behind were not tried; null = all were. */
  readonly stopped: Error | null;
}

/** Where a run begins. */
export interface Start {
  readonly runId: string;
  readonly inventory: Inventory;
  /** What names resolve to: `Plan.ids`. */
  readonly ids: Readonly<Record<string, string>>;
  /** Steps that the run has done before; left out = none. */
  readonly from?: number;
}

interface Under extends CarryPorts {
  readonly picture: Picture;
  readonly ids: Map<string, string>;
}

/** Does them in order. A refused one is told and those that do not need it go on; an outage ends it. */
export async function carryOut(steps: readonly Step[], start: Start, ports: CarryPorts): Promise<Carried> {
  const under: Under = {
    ...ports,
    picture: pictureOf(start.inventory),
    ids: new Map(Object.entries(start.ids)),
  };
  const done: JournalEntry[] = [];
  const refused: Refusal[] = [];
  for (const [index, step] of steps.entries()) {
    ports.progress(index, steps.length);
    const place = { runId: start.runId, step: (start.from ?? 0) + index + 1, at: ports.clock.now() };
    try {
      if (!(await ports.held())) throw new TryAgain("Another run has taken over the help desk's set-up.");
      const came = await one(step, place, under);
      if ("why" in came) refused.push({ step, ...came });
      else done.push(came);
    } catch (error) {
      if (error instanceof TryAgain || error instanceof Paused) return { done, refused, stopped: error };
      throw error;
    }
  }
  ports.progress(steps.length, steps.length);
  return { done, refused, stopped: null };
}

async function one(
  step: Step,
  place: Parameters<typeof entryFor>[1],
  under: Under,
): Promise<JournalEntry | Impossible> {
  const { picture, ids, journal } = under;
  const entry = entryFor(step, place, { picture, idOf: (ref) => ids.get(ref) ?? null });
  if ("why" in entry) return entry;
  await journal.intend(entry);
  try {
    const settled = await persistently(entry, under);
    await journal.settle(settled.entry, settled.whole?.fields ?? null);
    note(settled, under);
    if (settled.entry.state === "done") return settled.entry;
    return { why: settled.entry.detail, fix: "Run it again." };
  } catch (error) {
    if (!(error instanceof NeedsAdmin)) throw error;
    await journal.settle({ ...entry, state: "failed", detail: error.message }, null);
    return { why: error.message, fix: error.fix };
  }
}

/** Later steps find what this one did. */
function note({ entry, whole }: Settled, { picture, ids }: Under): void {
  const { kind, key, write, state } = entry;
  if (state !== "done") return;
  if (write.do === "remove") picture.drop(kind, write.objectId);
  if (write.do === "reorder") picture.arrange(kind as OrderedKind, write.after.ids);
  if (whole === null) return;
  picture.put(whole);
  if (key === null) return;
  ids.set(`${kind}:${key}`, whole.id);
  for (const [tag, id] of Object.entries(whole.optionIds)) ids.set(`${kind}:${key}#${tag}`, id);
}

const TRIES = 6;
const LONGEST_WAIT_MS = 60_000;

/**
 * Tries again while the desk is busy or away. What it did without our hearing of it is found by looking, so that nothing
 * is made twice.
 */
async function persistently(entry: JournalEntry, under: Under): Promise<Settled> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await written(entry, under.desk);
    } catch (error) {
      const passes = error instanceof TryAgain || (error instanceof Paused && error.fix === null);
      if (!passes || attempt === TRIES) throw error;
      await under.clock.sleep(Math.min(LONGEST_WAIT_MS, Math.max(error.afterMs ?? 0, 500 * 2 ** attempt)));
      if (entry.write.do !== "create") continue;
      const found = settledBy(entry, await under.desk.inventory(), under.prefix);
      if (found.entry.state === "done") return found;
    }
  }
}

async function written(entry: JournalEntry, desk: Provisioning): Promise<Settled> {
  const { kind, write } = entry;
  const whole = (object: unknown): DeskObject => object as DeskObject;
  switch (write.do) {
    case "create": {
      const made = whole(await desk.create(kind, write.after as ProvisionFields<string>[typeof kind]));
      return ended(entry, { ...write, objectId: made.id, after: made.fields }, made);
    }
    case "change": {
      const fields = write.after as Partial<ProvisionFields<string>[typeof kind]>;
      const changed = await desk.change(kind, write.objectId, fields);
      if (changed === null)
        throw new NeedsAdmin(`${JSON.stringify(entry.name)} is not there any more`, {
          fix: "Run `priority-support plan` again: the help desk has changed meanwhile.",
        });
      const object = whole(changed);
      return ended(entry, { ...write, after: partOf(object.fields, write.after) }, object);
    }
    case "remove":
      await desk.remove(kind, write.objectId);
      return ended(entry, write, null);
    case "reorder":
      await desk.reorder(kind as OrderedKind, write.after.ids, write.after.within);
      return ended(entry, write, null);
  }
}

function ended(entry: JournalEntry, write: JournalEntry["write"], whole: DeskObject | null): Settled {
  return { entry: { ...entry, write, state: "done" }, whole };
}
