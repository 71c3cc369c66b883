/** How accounts stand towards tiers with a limited number of places. Types only. */
import type { DecimalText } from "../policy/model.ts";

/** One account's standing towards one full tier, as it was last worked out. */
export interface Standing {
  readonly tier: string;
  readonly accountId: string;
  /**
   * What it has to say for itself: `bought` = never refused, `earned` = by a basis that may be made to wait, `none` =
   * it would not have the tier even with an open door, but still stands on the list.
   */
  readonly claim: "bought" | "earned" | "none";
  /** It has the tier already. */
  readonly holds: boolean;
  /** In the base currency; null = none. */
  readonly arr: DecimalText | null;
  /** It is on the list at present. */
  readonly waits: boolean;
}

/** What the standings are worth. */
export interface WaitlistState {
  /** Under which rules and on which day every account was looked at; null = never, or not to the end. */
  readonly complete: string | null;
  /** A standing has changed since the lists were last drawn up. */
  readonly due: boolean;
}

/**
 * The standings that the waiting lists are drawn up from. Kept, so that a list of a hundred thousand accounts costs no
 * more than the few that changed.
 */
export interface Waitlists {
  /** Standings of these accounts, of all tiers, in tier and account order. */
  of(accountIds: readonly string[]): Promise<readonly Standing[]>;
  /** Replaces everything that is kept of these accounts; the lists are due from then on. */
  put(accountIds: readonly string[], standings: readonly Standing[]): Promise<void>;
  /** Forgets all standings; nothing is complete from then on. */
  clear(): Promise<void>;
  /** How many places of a tier are bought, and everybody else who claims one or waits, in account order. */
  contenders(tier: string): Promise<{ readonly bought: number; readonly others: readonly Standing[] }>;
  /** Who waits from now on, and who does not any more. The lists do not become due by it. */
  moved(tier: string, waiting: readonly string[], free: readonly string[]): Promise<void>;
  state(): Promise<WaitlistState>;
  /** The lists are drawn up: every account was looked at under `complete`, and nothing is due. */
  settled(complete: string): Promise<void>;
}
