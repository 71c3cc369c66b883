/** SLA clocks as the help desk tells them, of the tickets that were promised something lately. */
import { Paused, TryAgain } from "../errors.ts";
import type { Instant } from "../policy/model.ts";
import type { DecisionRecord, Desk, SlaReading, Store } from "../ports.ts";
import { EVERY_DECISION } from "./decision-shown.ts";

/** Tickets whose clocks are asked for: five calls to the help desk. */
const TICKETS = 500;
/** Decisions looked through for them; a ticket is decided a few times. */
const DECISIONS = 1_500;
/** A ticket without a decision for longer is settled, or in the help desk's own reports. */
const DAYS_MS = 30 * 86_400_000;
/** Somebody who looks at the page does not make the help desk be asked more often. */
const KEPT_MS = 30_000;

export interface RunningClocks {
  /** When the help desk told; older than now where it does not answer at present. */
  readonly at: Instant;
  /** The newest decision of each ticket that was looked at. */
  readonly tickets: readonly { readonly record: DecisionRecord; readonly reading: SlaReading | null }[];
  /** false = there are more tickets than were looked at. */
  readonly complete: boolean;
}

/**
 * Asks for the clocks at most every half minute. While the help desk does not answer, what it told last stays, with its age.
 * The function rejects with `Paused` or `TryAgain` only where it never told.
 */
export function rememberingClocks(store: Store, desk: Desk, now: () => number): () => Promise<RunningClocks> {
  let last: RunningClocks | null = null;
  let asking: Promise<RunningClocks> | null = null;
  const ask = async (): Promise<RunningClocks> => {
    try {
      last = await askClocks(store, desk, now());
      return last;
    } catch (error) {
      if (last === null || !(error instanceof Paused || error instanceof TryAgain)) throw error;
      return last;
    } finally {
      asking = null;
    }
  };
  return () => {
    if (last !== null && now() - last.at < KEPT_MS) return Promise.resolve(last);
    asking ??= ask();
    return asking;
  };
}

/** What the help desk tells of the clocks at this moment. @throws Paused, TryAgain it does not answer. */
export async function askClocks(
  store: Pick<Store, "console">,
  desk: Pick<Desk, "readSlas">,
  now: Instant,
): Promise<RunningClocks> {
  const rows = await store.console.lists.decisions({ ...EVERY_DECISION, limit: DECISIONS });
  const newest = new Map<string, DecisionRecord>();
  for (const { record } of rows)
    if (record.decidedAt >= now - DAYS_MS && !newest.has(record.ticketId))
      newest.set(record.ticketId, record);
  const promised = [...newest.values()].filter(
    ({ decision }) => decision.action === "apply" && decision.slaPolicy !== null,
  );
  const looked = promised.slice(0, TICKETS);
  const ids = looked.map(({ ticketId }) => ticketId);
  const readings = ids.length === 0 ? [] : await desk.readSlas(ids, "live");
  const byTicket = new Map(readings.map((one) => [one.ticketId, one]));
  return {
    at: now,
    tickets: looked.map((record) => ({ record, reading: byTicket.get(record.ticketId) ?? null })),
    complete: promised.length <= TICKETS && rows.length < DECISIONS,
  };
}
