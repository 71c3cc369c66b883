/** The smallest words of the vocabulary. Types only. */

/**
 * The vocabulary of priority support: what the pure rules read and what they answer. Types only.
 *
 * Names are the glossary's: an *account* lives in the CRM, an *organization* in the help desk, a *tier* is an
 * entitlement level, a *decision* is what we concluded, a *change* is what we write.
 */
/** A moment in time: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A day on the calendar, `YYYY-MM-DD`, read in `Policy.timezone`. */
export type CalendarDate = string;

/** Exact decimal number as text (`"80400.005"`), never a float. */
export type DecimalText = string;

/** Help-desk priority, lowest first. */
export type Priority = "low" | "normal" | "high" | "urgent";

/** Who gave the ticket the priority it has now. `none` = the priority is blank. */
export type PrioritySetter = "none" | "agent" | "requester" | "automation";

/** Key of a tier in the policy (`enterprise_support`). */
export type TierId = string;

/** Why an account has its tier. */
export type Basis = "addon" | "plan" | "arr" | "parent" | "trial" | "default" | "held" | "gate" | "override";

/** How the customer stands with us commercially. */
export type AccountStatus = "active" | "trial" | "on_hold" | "past_due" | "cancelled";

/** An amount with its currency. `currency: null` = not known, which is not the same as the base currency. */
export interface Money {
  readonly amount: DecimalText;
  readonly currency: string | null;
}
