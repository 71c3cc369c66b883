/**
 * Reads what happened to tickets into the facts of reports: tickets and clock events by the desk's exports, each from
 * where it ended last; then works their targets out anew.
 *
 * One instance at a time reads (a lease). A page is kept before its cursor: a process that dies in between reads it
 * again, and saying it again changes nothing. Tickets and events come in any order; whichever comes second completes
 * the targets.
 */
import { errorFields, type Log } from "../log.ts";
import type { Policy } from "../policy/model.ts";
import type { Clock, DecisionRecord, DeskInsight, Store, TicketFact, TicketOutcome } from "../ports.ts";
import { targetsOf } from "./targets.ts";
import { ticketFactOf } from "./ticket-facts.ts";

export interface IngestPorts {
  readonly insight: Pick<DeskInsight, "metricEvents" | "ticketOutcomes">;
  readonly store: Pick<Store, "facts" | "ledger" | "register" | "organizations">;
  readonly clock: Clock;
  readonly policy: () => Policy;
  readonly log: Log;
}

/** One round. `behind` = there is more to read, and the next round goes on. `busy` = another instance reads. */
export type IngestReport =
  | { readonly state: "read"; readonly tickets: number; readonly events: number; readonly behind: boolean }
  | { readonly state: "busy" };

export interface Ingestion {
  /** One round. @throws what stopped it; the next one goes on from there. */
  readonly once: (signal: AbortSignal) => Promise<IngestReport>;
  readonly release: () => Promise<void>;
}

const LEASE = "facts";
/** A round waits for its turn at the exports; two may fail before another instance takes over. */
const LEASE_MS = 900_000;
const TICKETS = "facts:tickets";
const EVENTS = "facts:events";
/** What both exports have told completely, in ms: reports say how far they reach. */
const THROUGH = "facts:through";
/** A first round begins so long ago: a report over the usual 90 days is complete at once. */
const BACK_MS = 100 * 86_400_000;
/** Events this long before the point reached are told again: late ones, and those the desk took back since. */
const OVERLAP_MS = 3_600_000;
/** Begins a cursor that is a moment instead of the desk's own. */
const AT = "at:";
/** Pages of one export in one round of five minutes, in which fifty calls are everybody's: sweep and verifier need some. */
const PAGES = 12;
/** Running targets looked at again because they fell due. */
const FALLEN_DUE = 1_000;
/** Decisions read at once. */
const AT_ONCE = 20;

/** A reader of tickets and clock events; `owner` names this instance. */
export function openIngestion(ports: IngestPorts, owner: string): Ingestion {
  const { register } = ports.store;
  const keepLease = (): Promise<boolean> => register.lease(LEASE, owner, LEASE_MS);
  return {
    release: () => register.releaseLease(LEASE, owner),
    async once(signal) {
      if (!(await keepLease())) return { state: "busy" };
      try {
        return await round(ports, signal, keepLease);
      } catch (error) {
        ports.log.warn(errorFields(error), "what happened to tickets could not be read for reports");
        throw error;
      }
    },
  };
}

async function round(
  ports: IngestPorts,
  signal: AbortSignal,
  keepLease: () => Promise<boolean>,
): Promise<IngestReport> {
  const { insight, store } = ports;
  const going = async (): Promise<boolean> => !signal.aborted && (await keepLease());
  const startAt = await startOf(ports);
  const common = { register: store.register, startAt, going };
  const tickets = await follow(
    {
      ...common,
      cursor: TICKETS,
      after: (page) => page.cursor,
      pages: (start) => insight.ticketOutcomes(start, signal),
    },
    async (page) => {
      await putTickets(ports, page.tickets);
      await putTargets(
        ports,
        page.tickets.map((one) => one.id),
        page.upTo,
      );
      return page.tickets.length;
    },
  );
  const events = await follow(
    {
      ...common,
      cursor: EVENTS,
      after: (page) => (page.last ? `${AT}${Math.max(startAt, page.upTo - OVERLAP_MS)}` : page.cursor),
      pages: (start) => insight.metricEvents(start, signal),
    },
    async (page) => {
      await store.facts.putEvents(page.events);
      const touched = [...new Set(page.events.map((one) => one.ticketId))];
      await putTargets(ports, touched, page.upTo);
      return page.events.length;
    },
  );
  await reached(ports, Math.min(tickets.upTo, events.upTo));
  const behind = tickets.behind || events.behind;
  return { state: "read", tickets: tickets.rows, events: events.rows, behind };
}

/** Where a first round begins; kept, so that both exports begin there however often it is interrupted. */
async function startOf({ store, clock }: IngestPorts): Promise<number> {
  const known = await store.register.setting("facts:from");
  if (known !== null) return Number(known);
  const from = Math.max(0, clock.now() - BACK_MS);
  await store.register.setSetting("facts:from", String(from));
  return from;
}

interface Page {
  readonly cursor: string;
  readonly upTo: number;
  readonly last: boolean;
}

interface Export<P extends Page> {
  readonly register: Store["register"];
  readonly cursor: string;
  readonly startAt: number;
  /** What is kept as cursor behind a page. */
  readonly after: (page: Page) => string;
  readonly pages: (start: string | number) => AsyncIterable<P>;
  readonly going: () => Promise<boolean>;
}

/** Takes pages in until the export ends or the round's share is used up. `upTo` 0 = nothing was told. */
async function follow<P extends Page>(
  { register, cursor, startAt, after, pages, going }: Export<P>,
  takeIn: (page: P) => Promise<number>,
): Promise<{ readonly rows: number; readonly upTo: number; readonly behind: boolean }> {
  let [rows, upTo, behind, left] = [0, 0, true, PAGES];
  const kept = (await register.cursor(cursor)) ?? `${AT}${startAt}`;
  for await (const page of pages(kept.startsWith(AT) ? Number(kept.slice(AT.length)) : kept)) {
    rows += await takeIn(page);
    await register.setCursor(cursor, after(page));
    upTo = page.upTo;
    behind = !page.last;
    left -= 1;
    if (page.last || left === 0 || !(await going())) break;
  }
  return { rows, upTo, behind };
}

/** Nothing is told back: a moment that was reached stays reached. Targets that fell due by then are worked out anew. */
async function reached(ports: IngestPorts, upTo: number): Promise<void> {
  const { register, facts } = ports.store;
  const before = Number((await register.cursor(THROUGH)) ?? 0);
  if (upTo <= before) return;
  const due = await facts.running(upTo, FALLEN_DUE);
  await putTargets(ports, [...new Set(due.map((one) => one.ticketId))], upTo);
  await register.setCursor(THROUGH, String(upTo));
}

async function putTickets(ports: IngestPorts, outcomes: readonly TicketOutcome[]): Promise<void> {
  const { facts, organizations } = ports.store;
  if (outcomes.length === 0) return;
  const kept = await facts.ticketsById(outcomes.map((one) => one.id));
  const decisions = await decisionsOf(
    ports,
    outcomes.map((one) => one.id),
  );
  const links = await organizations.accountOf([
    ...new Set(outcomes.flatMap(({ organizationId }) => organizationId ?? [])),
  ]);
  const found = outcomes.map((one) =>
    ticketFactOf(
      one,
      {
        decisions: decisions.get(one.id) ?? [],
        kept: kept.get(one.id) ?? null,
        linkedAccount: links.get(one.organizationId ?? "") ?? null,
      },
      ports.policy(),
    ),
  );
  await facts.putTickets(found);
}

async function decisionsOf(
  { store }: IngestPorts,
  ticketIds: readonly string[],
): Promise<ReadonlyMap<string, readonly DecisionRecord[]>> {
  const found = new Map<string, readonly DecisionRecord[]>();
  for (let i = 0; i < ticketIds.length; i += AT_ONCE) {
    const ids = ticketIds.slice(i, i + AT_ONCE);
    const answers = await Promise.all(ids.map((id) => store.ledger.decisionsOf(id)));
    for (const [place, id] of ids.entries()) found.set(id, answers[place] ?? []);
  }
  return found;
}

/** Works out the targets of those tickets that are known; the others' come with their ticket. */
async function putTargets(
  { store, policy, clock }: IngestPorts,
  ticketIds: readonly string[],
  upTo: number,
): Promise<void> {
  const { facts } = store;
  if (ticketIds.length === 0) return;
  const tickets: readonly TicketFact[] = [...(await facts.ticketsById(ticketIds)).values()];
  const events = await facts.eventsOf(tickets.map((one) => one.ticketId));
  const now = Math.min(clock.now(), Math.max(upTo, Number((await store.register.cursor(THROUGH)) ?? 0)));
  const ids = tickets.map((one) => one.ticketId);
  const targets = tickets.flatMap((one) => targetsOf(one, events.get(one.ticketId) ?? [], policy(), now));
  if (ids.length > 0) await facts.putTargets(ids, targets);
}
