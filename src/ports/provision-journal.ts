/** What was done to the help desk's set-up, by which run, and which of its objects are ours. Types only. */
import type { Instant } from "../policy/model.ts";
import type { ProvisionFields, ProvisionKind } from "./provision.ts";

/** Fields of an object, all or some. */
export type FieldsImage = Partial<ProvisionFields<string>[ProvisionKind]>;

/** An order as it was, or as it is wanted. */
export interface OrderImage {
  readonly ids: readonly string[];
  /** The category of triggers, or null. */
  readonly within: string | null;
}

/** One write with its before-image. `after` is what was asked for, and once done what the desk read back. */
export type JournalWrite =
  | {
      readonly do: "create";
      /** null = not known to have been made. */
      readonly objectId: string | null;
      readonly before: null;
      readonly after: FieldsImage;
    }
  | {
      readonly do: "change";
      readonly objectId: string;
      /** Exactly the fields in `after`. */
      readonly before: FieldsImage;
      readonly after: FieldsImage;
    }
  | {
      readonly do: "remove";
      readonly objectId: string;
      /** All fields: to make it again. */
      readonly before: FieldsImage;
      readonly after: null;
    }
  | {
      readonly do: "reorder";
      readonly objectId: null;
      readonly before: OrderImage;
      readonly after: OrderImage;
    };

/**
 * What a write makes of our claim on the object. `made`: it is ours because we made it. `adopted`: it was somebody else's.
 * `kept`: it is ours as before. `released`: it is not ours any more. `none`: it concerns no single object.
 */
export type Claims = "made" | "adopted" | "kept" | "released" | "none";

/**
 * `intended`: about to be written, or the process ended before it was known what came of it. `failed`: it did not happen.
 * `undone`: done, and put back by a later run.
 */
export type JournalState = "intended" | "done" | "failed" | "undone";

/** One step of a run. */
export interface JournalEntry {
  readonly runId: string;
  /** Counts up from 1 within the run. */
  readonly step: number;
  readonly kind: ProvisionKind;
  /** Which of ours it is; null = none. */
  readonly key: string | null;
  readonly name: string;
  readonly write: JournalWrite;
  readonly claims: Claims;
  /** The step that this one puts back; null = none. */
  readonly undoes: { readonly runId: string; readonly step: number } | null;
  readonly state: JournalState;
  /** Why it failed; "" otherwise. */
  readonly detail: string;
  readonly at: Instant;
}

/** How an object came to be ours. `found`: it carries our mark, and this store does not remember why. */
export type Origin = "made" | "adopted" | "found";

/** One object that is ours. */
export interface OwnedRecord {
  readonly kind: ProvisionKind;
  readonly key: string;
  readonly id: string;
  readonly origin: Origin;
  /** The fields as the desk read them back after our last write; null = not known. */
  readonly applied: ProvisionFields<string>[ProvisionKind] | null;
  /** What an adopted object was like before; null = not adopted. */
  readonly original: FieldsImage | null;
}

export interface ProvisionJournal {
  /** Keeps a step before it is written. */
  intend(entry: JournalEntry): Promise<void>;
  /**
   * In one transaction: how the step ended, what is ours from then on, and that the step it `undoes` is undone. `whole` =
   * all fields as read back, null where there are none. Settling again changes nothing.
   */
  settle(entry: JournalEntry, whole: ProvisionFields<string>[ProvisionKind] | null): Promise<void>;
  /** Steps of a run in their order; [] = no such run, or it did nothing. */
  entries(runId: string): Promise<readonly JournalEntry[]>;
  /** Every step of every run, oldest first. */
  history(): Promise<readonly JournalEntry[]>;
  /** Everything that is ours. */
  owned(): Promise<readonly OwnedRecord[]>;
  /** Remembers objects that carry our mark; one that is known under the same id keeps what is known. */
  know(objects: readonly Pick<OwnedRecord, "kind" | "key" | "id">[]): Promise<void>;
  /** These are not there any more. */
  forget(objects: readonly Pick<OwnedRecord, "kind" | "id">[]): Promise<void>;
}
