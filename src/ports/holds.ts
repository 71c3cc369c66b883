/** What was taken back and is not to be made again by itself. Types only. */

/** One write that was taken back: of an organization, of a CRM record, or of a ticket. */
export interface Hold {
  readonly target: "organization" | "company" | "ticket";
  readonly targetId: string;
  /** null = the ticket belonged to no customer, or nothing was decided about it yet. */
  readonly accountId: string | null;
  /** The run that was taken back; for live ticket writes the run that took them back. */
  readonly runId: string;
  /** The values that are not written again, by field; of a ticket its `tier`. Empty = nothing that run would write. */
  readonly values: Readonly<Record<string, string | null>>;
  /** Digest of the facts it was taken back under; null = whatever they are. */
  readonly facts: string | null;
  readonly policyVersion: string;
}

/** Changes on hold: until the facts or the policy change, or a person lets them go. */
export interface Holds {
  /** Adds or replaces: one hold per target and run. */
  put(holds: readonly Hold[]): Promise<void>;
  /** All holds of these targets, in the order of their ids. */
  of(target: Hold["target"], targetIds: readonly string[]): Promise<readonly Hold[]>;
  /** Ends single holds: what they stood for is no longer so. */
  end(holds: readonly Pick<Hold, "target" | "targetId" | "runId">[]): Promise<void>;
  /** Ends all holds of a run and answers them, so that what they kept back can be looked at again. */
  release(runId: string): Promise<readonly Hold[]>;
  count(): Promise<number>;
}
