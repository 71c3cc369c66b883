/** Facts in memory: what the store answers, without a store. Reports are reckoned from it. */
import type { AccountMoment, Facts, TargetFact, TicketFact, Window } from "../../src/ports.ts";

export interface Told {
  readonly tickets?: readonly TicketFact[];
  readonly targets?: readonly TargetFact[];
  readonly moments?: readonly AccountMoment[];
  readonly through?: number | null;
  readonly installedAt?: number | null;
}

/** Facts that answer from these lists; what only the ingestion calls is refused. */
export function pretendFacts({
  tickets = [],
  targets = [],
  moments = [],
  through = null,
  installedAt = null,
}: Told): Facts {
  const within = ({ from, until }: Window) =>
    tickets
      .filter((one) => one.createdAt >= from && one.createdAt < until)
      .toSorted((a, b) => a.createdAt - b.createdAt || (a.ticketId < b.ticketId ? -1 : 1));
  const targetsOf = (some: readonly TicketFact[]) => {
    const ids = new Set(some.filter((one) => one.excluded === null).map((one) => one.ticketId));
    return targets.filter((one) => ids.has(one.ticketId));
  };
  const refuse = async (): Promise<never> => {
    throw new Error("a report only reads");
  };
  return {
    putEvents: refuse,
    putTickets: refuse,
    putTargets: refuse,
    remember: refuse,
    prune: refuse,
    eventsOf: async () => new Map(),
    ticketsById: async (ids) =>
      new Map(tickets.filter((one) => ids.includes(one.ticketId)).map((one) => [one.ticketId, one])),
    tickets: async function* (window) {
      yield within(window);
    },
    targets: async function* (window) {
      yield targetsOf(within(window));
    },
    ofAccount: async (accountId, window) => {
      const own = within(window).filter((one) => one.accountId === accountId);
      return { tickets: own, targets: targetsOf(own) };
    },
    running: async (before, limit) =>
      targets
        .filter((one) => one.state === "running" && one.dueAt !== null && one.dueAt < before)
        .toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
        .slice(0, limit),
    history: async function* (until) {
      yield moments
        .filter((one) => one.at <= until)
        .toSorted((a, b) => (a.accountId === b.accountId ? a.at - b.at : a.accountId < b.accountId ? -1 : 1));
    },
    historyOf: async (accountId) =>
      moments.filter((one) => one.accountId === accountId).toSorted((a, b) => a.at - b.at),
    state: async () => ({ through, tickets: tickets.length, events: 0, installedAt }),
  };
}
