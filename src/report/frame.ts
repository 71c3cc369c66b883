/** What every report says about itself before it says anything else. */
import type { Instant, Policy } from "../policy/model.ts";
import type { Exclusion, FactsState, TicketFact, Window } from "../ports.ts";

/** Tickets that are in no figure, by why. */
export interface LeftOut {
  readonly reason: Exclusion | "before_installation";
  readonly tickets: number;
}

/** Window, clock, n and what was left out: printed with every report. */
export interface ReportFrame {
  readonly name: string;
  readonly title: string;
  /** From the first instant up to, but not with, the last. */
  readonly window: Window;
  /** Zone in which the window's days begin. */
  readonly timezone: string;
  readonly madeAt: Instant;
  /** How far the help desk's events are in; null = nothing was read yet. */
  readonly through: Instant | null;
  /** Tickets created in the window that count. */
  readonly tickets: number;
  /** What the window and n are of, where it is not tickets; left out = tickets. */
  readonly of?: { readonly what: string; readonly n: string };
  readonly leftOut: readonly LeftOut[];
  /** What a reader must know to read the figures rightly. */
  readonly notes: readonly string[];
}

/** Counts a window's tickets while they pass by. */
export interface TicketCount {
  add(ticket: TicketFact): void;
  frame(parts: FrameParts): ReportFrame;
}

export interface FrameParts {
  readonly name: string;
  readonly title: string;
  readonly window: Window;
  readonly policy: Policy;
  readonly state: FactsState;
  readonly at: Instant;
  readonly notes: readonly string[];
}

/** Does a ticket count in figures about tiers? From before the installation there is no tier of its creation. */
export function counts(ticket: TicketFact): boolean {
  return ticket.excluded === null && !ticket.beforeInstallation && ticket.tier !== null;
}

/** A fresh count. `does` = which tickets count, left out: those of a tier of their creation. */
export function ticketCount(does: (ticket: TicketFact) => boolean = counts): TicketCount {
  let tickets = 0;
  const leftOut = new Map<LeftOut["reason"], number>();
  return {
    add(ticket) {
      if (does(ticket)) {
        tickets++;
        return;
      }
      const reason = ticket.excluded ?? "before_installation";
      leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
    },
    frame: ({ name, title, window, policy, state, at, notes }) => ({
      name,
      title,
      window,
      timezone: policy.timezone,
      madeAt: at,
      through: state.through,
      tickets,
      leftOut: [...leftOut]
        .map(([reason, n]) => ({ reason, tickets: n }))
        .sort((a, b) => b.tickets - a.tickets),
      notes,
    }),
  };
}
