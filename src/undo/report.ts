/** Keeps an undo in the list of runs, and adds up what it did. */
import { randomUUID } from "node:crypto";
import { Paused, TryAgain } from "../errors.ts";
import type { Clock, LeftLine, Store, UndoneLine, UndoReport } from "../ports.ts";

/** What an undo gathers on its way. */
export interface Gathered {
  readonly undone: UndoneLine[];
  readonly left: LeftLine[];
  readonly failed: LeftLine[];
  already: number;
  onHold: number;
}

/** Nothing yet. */
export function gathered(): Gathered {
  return { undone: [], left: [], failed: [], already: 0, onHold: 0 };
}

/** What is put back. `null` = no run, but live ticket writes: the undo stands for itself. */
export interface Undoing {
  readonly runId: string | null;
  /** `sync`, `backfill`, `tickets`. */
  readonly kind: string;
  readonly dryRun: boolean;
}

/** Runs `work` as a run of kind `undo:…`; looking only leaves no trace. */
export async function asUndo(
  { store, clock }: { readonly store: Pick<Store, "runs">; readonly clock: Clock },
  { runId, kind, dryRun }: Undoing,
  work: (undoRunId: string, into: Gathered) => Promise<void>,
): Promise<UndoReport> {
  const id = randomUUID();
  const into = gathered();
  const report = (undoRunId: string | null): UndoReport => ({
    ...into,
    runId: runId ?? id,
    kind,
    undoRunId,
  });
  if (dryRun) {
    await work(id, into);
    return report(null);
  }
  const start = { id, kind: `undo:${kind}`, startedAt: clock.now(), endedAt: null, counts: {}, error: null };
  await store.runs.start(start);
  try {
    await work(id, into);
    await store.runs.end(id, clock.now(), countsOf(into), null);
    return report(id);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    await store.runs.end(id, clock.now(), countsOf(into), why);
    throw error;
  }
}

function countsOf({ undone, left, failed, already, onHold }: Gathered): Readonly<Record<string, number>> {
  return { undone: undone.length, left: left.length, failed: failed.length, already, onHold };
}

/** What a person does about something that could not be put back now. */
export const AGAIN = "Run the same undo again: what is back already stays as it is.";

/** Does this failure concern everything that is still to come, too? */
export function closesAll(error: unknown): boolean {
  return error instanceof Paused || error instanceof TryAgain;
}
