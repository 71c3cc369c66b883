/** What came of putting a run back. Types only. */

/** One thing that was put back, or, looking only, that would be. */
export interface UndoneLine {
  /** `trigger "New tickets of Pro"`, `organization 3900123`. */
  readonly what: string;
  /** `removed`, `priority: high → normal`. */
  readonly did: string;
}

/** One thing that stays as it is. */
export interface LeftLine {
  readonly what: string;
  /** `changed by somebody since: title`, `a priority cannot be emptied`. */
  readonly why: string;
  /** What a person can do about it; null = nothing, or nothing is needed. */
  readonly fix: string | null;
}

/** Everything that putting back a run did, and did not. */
export interface UndoReport {
  /** The run that is put back. */
  readonly runId: string;
  readonly kind: string;
  /** The run that put it back; null = nothing was written, or only looked. */
  readonly undoRunId: string | null;
  readonly undone: readonly UndoneLine[];
  /** Later changes by people, and what cannot be put back. */
  readonly left: readonly LeftLine[];
  /** Tried, and refused by the other side. */
  readonly failed: readonly LeftLine[];
  /** Was as before already. */
  readonly already: number;
  /** Changes that are not made again until the facts or the policy change, or `undo --release`. */
  readonly onHold: number;
}
