/**
 * Many tickets at once: when more wait than the desk lets us write one by one, they are read, decided and written a
 * hundred together.
 *
 * The rules are those of a single ticket, and so are the ledger's lines. Only tickets that nobody has worked on yet go
 * this way; whatever is odd, and whatever a batch did not surely write, goes back to be done by itself. What a crash
 * leaves in doubt is found by its decision id in the ticket's history, as ever.
 */
import PQueue from "p-queue";
import { errorFields } from "./log.ts";
import type { Claim, DeliveryOutcome, Inbox, TicketReading, TicketRowOutcome } from "./ports.ts";
import {
  lost,
  mayWrite,
  type PreparedWrite,
  prepareTicket,
  settled,
  type TicketPorts,
} from "./ticket-decision.ts";
import { type Burst, type EndingPorts, ended, failed } from "./ticket-worker.ts";

export interface BurstPorts extends EndingPorts {
  readonly inbox: Inbox;
  readonly tickets: TicketPorts;
}

export interface BurstOptions {
  /** More waiting tickets than this begin a burst. */
  readonly begin: number;
  /** Fewer than this end it: what is left goes one by one. */
  readonly rest: number;
}

/**
 * A burst begins where forty tickets wait or are about to: that is a thousand a minute, and Zendesk lets a hundred be
 * written one by one. It ends where a job would carry next to nothing.
 */
export const burstDefaults: BurstOptions = { begin: 40, rest: 20 };

/** Rows of one job. */
const TOGETHER = 100;
/** Tickets of a batch decided at the same time; most decisions cost no call. */
const AT_ONCE = 8;
/** Batches under way at the same time: a job can take minutes, and then holds up only its own tickets. */
const BATCHES = 4;
const RENEW_MS = 10_000;
/** A row whose fate is open is looked at again when its job has had some time to end. */
const IN_DOUBT_MS = 5_000;
/**
 * Zendesk's stamps are whole seconds, and a ticket is taken when its second has ended: who fall due within this time came
 * with those that are due. Without them a flood would look like a trickle until its hundred single writes are spent.
 */
const SOON_MS = 2_000;
const LOOK_MS = 250;

/** Bursts for a worker. */
export function burstFor(ports: BurstPorts, options: BurstOptions = burstDefaults): Burst {
  const { inbox, tickets } = ports;
  const due = async (): Promise<boolean> =>
    (await inbox.dueTogether(options.begin + 1, SOON_MS)) > options.begin && !(await tickets.paused());
  /** A full batch, or what there is once nobody else is about to fall due. */
  const next = async (owner: string, signal: AbortSignal): Promise<readonly Claim[]> => {
    for (let waitedMs = 0; !signal.aborted; waitedMs += LOOK_MS) {
      const soon = await inbox.dueTogether(TOGETHER, SOON_MS);
      if (soon < options.rest || (await tickets.paused())) return [];
      if (waitedMs >= SOON_MS || (await inbox.dueTogether(TOGETHER)) >= soon)
        return inbox.claim(owner, tickets.leaseMs, TOGETHER, "together");
      await ports.clock.sleep(LOOK_MS, signal);
    }
    return [];
  };
  const underWay = new Set<Promise<void>>();
  const begin = (claims: readonly Claim[], signal: AbortSignal): void => {
    ports.log.info({ tickets: claims.length }, "many tickets wait; these are taken together");
    const batch = orEarly(ports, () =>
      keepingLeases(ports, claims, () => settleTogether(ports, claims, signal)),
    );
    underWay.add(batch);
    void batch.finally(() => underWay.delete(batch));
  };
  const run = (owner: string, signal: AbortSignal): Promise<void> =>
    orEarly(ports, async () => {
      while (!signal.aborted) {
        if (underWay.size >= BATCHES) await Promise.race(underWay);
        const claims = await next(owner, signal);
        if (claims.length === 0) return;
        begin(claims, signal);
      }
    });
  const idle = async (): Promise<void> => {
    await Promise.all(underWay);
  };
  return { due, run, idle };
}

/** Never rejects: what was taken comes back when its lease ends. */
async function orEarly(ports: BurstPorts, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    ports.log.error(errorFields(error), "a burst ended early; its tickets come back with their leases");
  }
}

/** Renews every lease while `work` lasts. A claim that is settled or lost has no lease, and renewing it does nothing. */
async function keepingLeases(
  ports: BurstPorts,
  claims: readonly Claim[],
  work: () => Promise<void>,
): Promise<void> {
  const done = new AbortController();
  const renewing = (async (): Promise<void> => {
    for (;;) {
      await ports.clock.sleep(RENEW_MS, done.signal);
      if (done.signal.aborted) return;
      await Promise.allSettled(claims.map((claim) => ports.inbox.renew(claim, ports.tickets.leaseMs)));
    }
  })();
  try {
    await work();
  } finally {
    done.abort();
    await renewing;
  }
}

/** A ticket of the batch on its way. */
interface Ready extends PreparedWrite {
  readonly claim: Claim;
}

async function settleTogether(
  ports: BurstPorts,
  claims: readonly Claim[],
  signal: AbortSignal,
): Promise<void> {
  const { desk } = ports.tickets;
  const ids = claims.map((claim) => claim.subjectId);
  const readings = await orFailed(ports, claims, () => desk.readTickets(ids, "live"));
  if (readings === null) return;
  const byId = new Map(readings.map((reading) => [reading.id, reading]));
  const deciding = new PQueue({ concurrency: AT_ONCE });
  const decided = await deciding.addAll(
    claims.map((claim) => () => decideOne(ports, claim, byId.get(claim.subjectId) ?? null)),
  );
  const ready = decided.filter((one) => one !== null);
  const held = await heldOf(ports, ready);
  if (held.length === 0) return;
  const rows = held.map(({ reading, change, draft }) => ({ reading, change, decisionId: draft.id }));
  const heldClaims = held.map((one) => one.claim);
  const outcomes = await orFailed(ports, heldClaims, () => desk.writeTickets(rows, signal));
  if (outcomes === null) return;
  const outcomeOf = new Map(outcomes.map((row) => [row.id, row]));
  for (const one of held) await settleRow(ports, one, outcomeOf.get(one.reading.id) ?? null);
}

/** null = the ticket is settled, or goes by itself. */
async function decideOne(
  ports: BurstPorts,
  claim: Claim,
  reading: TicketReading | null,
): Promise<Ready | null> {
  if (reading === null || !isFresh(reading)) {
    await putAside(ports, claim, "it may not be new and untouched", 0);
    return null;
  }
  const next = await orFailed(ports, [claim], () => prepareTicket(ports.tickets, claim, async () => reading));
  if (next === null) return null;
  if ("outcome" in next) {
    ended(ports, claim, next);
    return null;
  }
  if ((next.change.followersAdd ?? []).length === 0) return { ...next, claim };
  await putAside(ports, claim, "it gets a follower", 0);
  return null;
}

/** A batch does not tell which values it replaced, so it takes only what no agent can have worked on. */
function isFresh({ status, assigneeId, untouched }: TicketReading): boolean {
  return (status === "new" || status === "open") && assigneeId === null && untouched;
}

/** Those that are still ours, with their intent on record. */
async function heldOf(ports: BurstPorts, ready: readonly Ready[]): Promise<readonly Ready[]> {
  const held = await Promise.all(
    ready.map(async (one) => {
      const may = await orFailed(ports, [one.claim], () => mayWrite(ports.tickets, one.claim, one.draft));
      if (may === false) ended(ports, one.claim, lost(ports.tickets, one.claim));
      return may === true ? one : null;
    }),
  );
  return held.filter((one) => one !== null);
}

async function settleRow(ports: BurstPorts, one: Ready, row: TicketRowOutcome | null): Promise<void> {
  if (row?.ok !== true) {
    const open = row === null || (row.retry && !row.conflict);
    await putAside(
      ports,
      one.claim,
      row?.reason ?? "the batch did not answer for it",
      open ? IN_DOUBT_MS : 0,
    );
    return;
  }
  const outcome = "written together with others, and read back";
  const result = await orFailed(ports, [one.claim], () =>
    settled(ports.tickets, one.claim, { ...one.draft, outcome, state: "written" }),
  );
  if (result !== null) ended(ports, one.claim, result);
}

/** Gives a ticket back to be done by itself; it costs no attempt. */
async function putAside(ports: BurstPorts, claim: Claim, reason: string, afterMs: number): Promise<void> {
  const retry: DeliveryOutcome = { state: "retry", afterMs, countsAsAttempt: false, reason, apart: true };
  ports.log.info({ ticket: claim.subjectId, reason }, "ticket goes by itself");
  ports.metrics.ticket("none", "retry", "burst");
  await orFailed(ports, [claim], () => ports.inbox.release(claim, retry));
}

/** The answer of `work`; null = it failed, and the claims it was for were given back. */
async function orFailed<T>(
  ports: BurstPorts,
  claims: readonly Claim[],
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    for (const claim of claims) await failed(ports, claim, error);
    return null;
  }
}
