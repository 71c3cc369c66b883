/** What is carried out, one after the other: the steps of a plan, of an undo or of taking everything away. */
import type { Claims, JournalEntry, ProvisionKind } from "../ports.ts";
import type { Plan, PlanAction, PlannedChange, PlannedWrite } from "./plan-model.ts";

/** One write to come, and what it makes of our claim on the object. */
export interface Step {
  readonly kind: ProvisionKind;
  /** Which of ours it is; null = none. */
  readonly key: string | null;
  readonly name: string;
  readonly write: PlannedWrite;
  readonly claims: Claims;
  /** The journalled step that this one puts back; null = none. */
  readonly undoes: JournalEntry["undoes"];
}

const CLAIMS: Readonly<Record<PlanAction, Claims>> = {
  create: "made",
  adopt: "adopted",
  change: "kept",
  drift: "kept",
  remove: "released",
  reorder: "none",
  blocked: "none",
};

/** The steps of a plan; what is blocked is none. */
export function stepsOf(plan: Plan): readonly Step[] {
  return plan.changes.flatMap(stepOf);
}

function stepOf({ action, kind, key, name, write }: PlannedChange): readonly Step[] {
  return write === null ? [] : [{ kind, key, name, write, claims: CLAIMS[action], undoes: null }];
}
