/** Whom the service tells what, as the policy names them. Types only; e-mail addresses are in lower case. */
import type { CalendarDate } from "./model-basics.ts";

/** Days on which somebody is away, both included, in the policy's time zone. */
export interface Away {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

/** One person and who stands in for them. */
export interface Person {
  /** Slack member id; null = looked up by e-mail. */
  readonly slack: string | null;
  /** Who hears in their place while they are away; null = nobody. */
  readonly backup: string | null;
  readonly away: readonly Away[];
}

/** Everybody who is told something. An empty list = nobody. */
export interface People {
  /** Whoever leads support: capacity, differentiation, the weekly digest, and clocks of tiers without a lead. */
  readonly lead: readonly string[];
  /** Tier → its lead. */
  readonly leads: Readonly<Record<string, readonly string[]>>;
  /** Entitlements with dates. */
  readonly revops: readonly string[];
  /** A name in `terms.escalation`, case-folded → who that is. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** Slack channel of the bot that hears everything too; null = none. */
  readonly channel: string | null;
  /** E-mail → how a person is reached, and when not. */
  readonly members: Readonly<Record<string, Person>>;
}
