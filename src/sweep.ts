/**
 * Finds tickets whose webhook never came: what the desk says was created, held against what we know.
 *
 * It begins where the first live service began. Tickets from before, and those of a time of simulation, are never
 * touched. One instance at a time sweeps (a lease); what it finds enters the inbox like a webhook.
 */
import { errorFields, type Log, shownReason } from "./log.ts";
import type { Clock, CreatedPage, Desk, LaneChoice, NewDelivery, Store } from "./ports.ts";
import { ownDelivery } from "./re-evaluation.ts";

export interface SweepPorts {
  readonly desk: Pick<Desk, "name" | "createdSince">;
  readonly store: Pick<Store, "inbox" | "register">;
  readonly clock: Clock;
  readonly log: Log;
  readonly simulating: () => Promise<boolean>;
  readonly laneOf: (delivery: NewDelivery) => LaneChoice;
  /** Called with the number of tickets found, after each page that had some. */
  readonly found: (tickets: number) => void;
}

/** What one round did. `busy` = another instance sweeps; `simulating` = nothing is swept now. */
export type SweepReport =
  | { readonly state: "swept"; readonly looked: number; readonly found: readonly string[] }
  | { readonly state: "busy" | "simulating" };

export interface Sweep {
  /** One round. @throws what stopped it; the next round goes on from there. */
  readonly once: (signal: AbortSignal) => Promise<SweepReport>;
  /** When a round last came to its end here, and what stopped the one after it. */
  readonly state: () => { readonly at: number | null; readonly error: string | null };
  /** Lets another instance sweep. */
  readonly release: () => Promise<void>;
}

/** Three rounds may fail before another instance takes over. */
const LEASE_MS = 180_000;
const LEASE = "sweep";
/** The desk's cursor, or `from:<instant>` before there is one; "" = begin at the next live round. */
const CURSOR = "sweep";
const FROM = "from:";

/** A sweeper; `owner` names this instance. */
export function openSweep(ports: SweepPorts, owner: string): Sweep {
  let state: { at: number | null; error: string | null } = { at: null, error: null };
  const { register } = ports.store;
  const keep = (): Promise<boolean> => register.lease(LEASE, owner, LEASE_MS);
  const once = async (signal: AbortSignal): Promise<SweepReport> => {
    try {
      const report = await round(ports, keep, signal);
      state = { at: ports.clock.now(), error: null };
      return report;
    } catch (error) {
      state = { at: state.at, error: shownReason(error) };
      ports.log.warn(errorFields(error), "the sweep for new tickets failed");
      throw error;
    }
  };
  return { once, state: () => state, release: () => register.releaseLease(LEASE, owner) };
}

async function round(
  ports: SweepPorts,
  keep: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<SweepReport> {
  const { register } = ports.store;
  if (!(await keep())) return { state: "busy" };
  const cursor = (await register.cursor(CURSOR)) ?? "";
  if (await ports.simulating()) {
    if (cursor !== "") await register.setCursor(CURSOR, "");
    return { state: "simulating" };
  }
  // Creation stamps are whole seconds: a ticket of this very second must not be missed.
  const start = cursor === "" ? Math.floor(ports.clock.now() / 1000) * 1000 : placeOf(cursor);
  if (cursor === "") await register.setCursor(CURSOR, `${FROM}${start}`);
  let looked = 0;
  const found: string[] = [];
  for await (const page of ports.desk.createdSince(start, signal)) {
    looked += page.tickets.length;
    found.push(...(await takeIn(ports, page)));
    // Only now: a crash before it repeats the page, and the keys make the repeat harmless.
    await register.setCursor(CURSOR, page.cursor);
    if (signal.aborted || !(await keep())) break;
  }
  return { state: "swept", looked, found };
}

function placeOf(cursor: string): string | number {
  return cursor.startsWith(FROM) ? Number(cursor.slice(FROM.length)) : cursor;
}

/** Puts the tickets of a page that nobody told us of into the inbox; answers their ids. */
async function takeIn(ports: SweepPorts, page: CreatedPage): Promise<readonly string[]> {
  const { inbox } = ports.store;
  const missed = await inbox.unheardOf(
    ports.desk.name,
    page.tickets.map((ticket) => ticket.id),
  );
  const stored: string[] = [];
  for (const id of missed) {
    const delivery = ownDelivery(ports.desk.name, id, "created", `sweep:${id}`);
    if ((await inbox.accept(delivery, ports.laneOf(delivery), 0)) === "stored") stored.push(id);
  }
  if (stored.length > 0) {
    ports.log.warn({ count: stored.length, tickets: stored.slice(0, 20) }, "tickets found without a webhook");
    ports.found(stored.length);
  }
  return stored;
}
