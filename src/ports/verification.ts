/**
 * What of the help desk is looked at to say whether promises are kept: SLA policies, clocks' events, opening hours; and
 * one test ticket, to see the whole way through. Types only.
 */
import type { CalendarDate, Instant } from "../policy/model.ts";
import type { DeskSlaPolicy } from "./desk-setup.ts";
import type { MetricEvent, TicketOutcomePage } from "./facts.ts";

/** One page of clock events, oldest first; the cursor is stored with the page. An event may be told again. */
export interface MetricEventPage {
  readonly events: readonly MetricEvent[];
  readonly cursor: string;
  /** Everything up to this moment has been told. */
  readonly upTo: Instant;
  readonly last: boolean;
}

/** Opening hours as the desk keeps them. */
export interface DeskSchedule {
  readonly id: string;
  readonly name: string;
  /** In the desk's own words: `Eastern Time (US & Canada)`. */
  readonly zoneName: string;
  /** The IANA zone it means; null = a name we do not know. */
  readonly zone: string | null;
  /** Minutes since Sunday 00:00, local time. */
  readonly weekly: readonly { readonly from: number; readonly to: number }[];
  /** Whole local days, both ends included. null = could not be read. */
  readonly holidays:
    | readonly { readonly name: string; readonly from: CalendarDate; readonly to: CalendarDate }[]
    | null;
}

/** What the desk tells of its own rules and clocks; nothing is remembered. */
export interface DeskInsight {
  /** In the order they are tried. null = not in the plan, or not for our user's role. */
  slaPolicies(): Promise<readonly DeskSlaPolicy[] | null>;
  /**
   * Events of SLA clocks since `cursor`, or since an instant; the last minute is left out. Costs a call a thousand
   * events, out of the ten a minute that all exports share.
   */
  metricEvents(cursor: string | Instant, signal: AbortSignal): AsyncIterable<MetricEventPage>;
  /** Tickets changed since `cursor`, or since an instant, deleted ones too; out of the same ten calls a minute. */
  ticketOutcomes(cursor: string | Instant, signal: AbortSignal): AsyncIterable<TicketOutcomePage>;
  /** The first one is every ticket's unless a trigger sets another. null = not in the plan. */
  schedules(): Promise<readonly DeskSchedule[] | null>;
}

/** A ticket that is made to see it pass through, and then taken out of the way. */
export interface TestTickets {
  /** Makes a ticket as if its requester had written it; the requester is made where they are not there. */
  open(ticket: {
    readonly requester: { readonly name: string; readonly email: string };
    readonly subject: string;
    readonly body: string;
    readonly tags: readonly string[];
  }): Promise<{ readonly id: string; readonly requesterId: string }>;
  /** Solves it; false = it is gone. */
  solve(id: string): Promise<boolean>;
}
