/** A plan as data: what would be done to the desk, in which order, why, and what it costs. Types only. */
import type { ProvisionFields, ProvisionKind } from "../ports.ts";
import type { Ref, Remark, WantedFields } from "./desired-model.ts";

/**
 * `create` makes it; `change`: the policy wants something else than before; `drift`: somebody changed ours by hand and it
 * is put back; `adopt`: somebody else's object becomes ours; `reorder`: places in an order; `remove`: ours, and no longer
 * wanted; `blocked`: nothing is done until a person has done `fix`.
 */
export type PlanAction = "create" | "change" | "drift" | "adopt" | "reorder" | "remove" | "blocked";

/** A field's value as people read it. null = not there. */
export type Shown = string | number | boolean | readonly string[] | null;

/** One field that differs. */
export interface FieldDifference {
  readonly field: string;
  readonly from: Shown;
  readonly to: Shown;
}

/** What to hand to the desk; `Ref`s are resolved when it is done, for the named object may be made a step before. */
export type PlannedWrite =
  | { readonly do: "create"; readonly fields: WantedFields }
  | { readonly do: "change"; readonly id: string; readonly fields: Partial<WantedFields> }
  | { readonly do: "remove"; readonly id: string }
  /** `within`: the category of triggers, or null. */
  | {
      readonly do: "reorder";
      readonly ids: readonly (string | Ref)[];
      readonly within: string | Ref | null;
    };

/** One step of the plan. */
export interface PlannedChange {
  readonly action: PlanAction;
  readonly kind: ProvisionKind;
  /** Which of ours it is; null = it concerns an order, or somebody else's object. */
  readonly key: string | null;
  readonly name: string;
  readonly fields: readonly FieldDifference[];
  readonly why: string;
  /** What a person must do; null unless blocked. */
  readonly fix: string | null;
  /** null = nothing is written: blocked. */
  readonly write: PlannedWrite | null;
}

/** Where one of ours stands in the desk, whether or not it is going to change. */
export interface Standing {
  readonly kind: ProvisionKind;
  readonly key: string;
  readonly id: string;
}

/** The whole plan. Empty `changes` = the desk is as the policy wants it. */
export interface Plan {
  /** In the order they are carried out. */
  readonly changes: readonly PlannedChange[];
  readonly remarks: readonly Remark[];
  /** Ours as found by mark or ledger, for the ledger to know again what it lost. */
  readonly ours: readonly Standing[];
  /** What names resolve to now: `group:Support` → id. What is made later is added by whoever carries the plan out. */
  readonly ids: Readonly<Record<string, string>>;
  /** Calls of the desk's API that carrying it out takes, at most. */
  readonly calls: number;
  readonly minutes: number;
}

/** One object that our ledger says we made or adopted. */
export interface OwnedObject {
  readonly kind: ProvisionKind;
  readonly key: string;
  readonly id: string;
  /** The fields as the desk read them back after our last write; null = not known. Tells drift from a changed policy. */
  readonly applied: ProvisionFields<string>[ProvisionKind] | null;
}

/** How a plan is made. */
export interface PlanOptions {
  /** Somebody else's objects of the same name may become ours, and theirs may be passed in an order. */
  readonly adopt: "never" | "when_needed";
  /** Calls a minute that the plan may take of the desk's limit; only for the minutes it tells. */
  readonly callsPerMinute: number;
}
