/** Puts a run of `apply` back: what was there before comes again, what people changed since stays. */
import { randomUUID } from "node:crypto";
import type { Inventory, UndoReport } from "../ports.ts";
import { type ApplyPorts, asRun, settleDoubts } from "./apply.ts";
import { carryOut } from "./carry-out.ts";
import { type HangingPorts, hangingOn } from "./hanging.ts";
import { backLine, failedLines } from "./step-text.ts";
import { type UndoSteps, undoSteps } from "./undo-steps.ts";

/** What undoing needs: what applying does, and the customers and tickets that hold values. */
export type UndoPorts = Omit<ApplyPorts, "policyHash" | "publicUrl"> & Omit<HangingPorts, "desk">;

/** Whose turn it is, and who watches. */
export type Turn = Pick<Parameters<typeof carryOut>[2], "held" | "progress">;

/** An undo, ready to be carried out. */
export interface UndoPlanned extends UndoSteps {
  readonly runId: string;
  readonly inventory: Inventory;
}

/** What would be done; steps of earlier runs that never ended are settled first. */
export async function undoPlanned(runId: string, ports: UndoPorts): Promise<UndoPlanned> {
  const { desk, store, policy } = ports;
  const inventory = await desk.inventory();
  await settleDoubts(store.provisionJournal, inventory, policy.prefix);
  const entries = await store.provisionJournal.entries(runId);
  const made = entries.flatMap(({ kind, write, state }) =>
    state === "done" && write.do !== "remove" && write.objectId !== null
      ? [{ kind, id: write.objectId }]
      : [],
  );
  const hanging = await hangingOn(made, ports);
  const history = await store.provisionJournal.history();
  return {
    ...undoSteps(entries, { inventory, history, hanging, prefix: policy.prefix }),
    runId,
    inventory,
  };
}

/** Carries it out as a run of its own. */
export async function undone(made: UndoPlanned, ports: UndoPorts, turn: Turn): Promise<UndoReport> {
  const { store, clock, policy, desk } = ports;
  if (made.steps.length === 0) return lookedAt(made);
  const undoRunId = randomUUID();
  const carrying = { journal: store.provisionJournal, prefix: policy.prefix, desk, clock, ...turn };
  const start = { runId: undoRunId, inventory: made.inventory, ids: {} };
  const carried = await asRun("undo", undoRunId, { store, clock }, () =>
    carryOut(made.steps, start, carrying),
  );
  return {
    ...lookedAt(made),
    undoRunId,
    undone: carried.done.map(backLine),
    failed: failedLines(carried),
  };
}

/** The report of looking only: everything that would be put back. */
export function lookedAt({ runId, steps, left, already }: UndoPlanned): UndoReport {
  return {
    runId,
    kind: "apply",
    undoRunId: null,
    undone: steps.map(backLine),
    left,
    failed: [],
    already: already.length,
    onHold: 0,
  };
}
