/**
 * Takes back what was written on one ticket: read, worked out, put on record, written conditionally, settled.
 *
 * The ticket is claimed like a delivery's, so no worker writes it meanwhile. A crash leaves an intent behind; the next
 * undo works everything out anew from the ticket, so a write that arrived is not made again.
 */
import { randomUUID } from "node:crypto";
import { CannotApply, Outdated } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Policy } from "../policy/model.ts";
import type { Claim, Clock, DecisionRecord, Desk, LeftLine, Store, TicketReading } from "../ports.ts";
import { imageOf } from "../ticket-change.ts";
import { earlierOf } from "../ticket-earlier.ts";
import { giveBack } from "../ticket-give-back.ts";
import { stillOurs } from "../ticket-lease.ts";
import { backOf, type TicketBack } from "./ticket-back.ts";

export interface TicketUndoPorts {
  readonly desk: Desk;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly policy: Policy;
  /** false = writing outside has been paused, or is only simulated, since it began. */
  readonly mayWrite: () => Promise<boolean>;
}

/** Whose writes are taken back on a ticket, by which run. */
export interface TicketUndo {
  readonly ticketId: string;
  readonly undoRunId: string;
  readonly dryRun: boolean;
  /** Is this decision among those that are taken back? */
  readonly inRange: (record: DecisionRecord) => boolean;
}

/** What became of a ticket. */
export interface TicketUndone {
  readonly did: readonly string[];
  readonly left: readonly Omit<LeftLine, "what">[];
}

const UNDONE_BY = "undone_by:";
const LEASE_MS = 20_000;
/** A worker ends within its lease of half a minute. */
const PATIENCE_MS = 35_000;
const LOOK_MS = 250;
/** A stamp is a whole second: one that still runs is no fence. */
const SECOND_MS = 1_100;
const AT_ONCE = 5;

/** Takes it back, or only looks. @throws what the desk answers when it cannot be written now. */
export async function ticketUndone(ports: TicketUndoPorts, undo: TicketUndo): Promise<TicketUndone> {
  if (undo.dryRun) return lookedAt(ports, undo);
  const claim = await taken(ports, undo.ticketId);
  if (claim === null) return left("a worker has the ticket and does not let go", "Run the same undo again.");
  try {
    for (let round = 1; ; round++) {
      try {
        return await onClaim(ports, undo, claim);
      } catch (error) {
        if (error instanceof CannotApply) return left(error.message, null);
        if (!(error instanceof Outdated) || round >= AT_ONCE) throw error;
      }
    }
  } finally {
    // Settled, this is nothing; otherwise the ticket is free at once.
    await ports.store.inbox.release(claim, { state: "done", result: "left", reason: "undo" });
  }
}

function left(why: string, fix: string | null): TicketUndone {
  return { did: [], left: [{ why, fix }] };
}

async function taken({ desk, store, clock }: TicketUndoPorts, ticketId: string): Promise<Claim | null> {
  const owner = `undo-${randomUUID()}`;
  for (let waited = 0; waited <= PATIENCE_MS; waited += LOOK_MS) {
    const claim = await store.inbox.take(desk.name, ticketId, owner, LEASE_MS);
    if (claim !== null) return claim;
    await clock.sleep(LOOK_MS);
  }
  return null;
}

interface Planned extends TicketBack {
  readonly reading: TicketReading;
  readonly writes: readonly DecisionRecord[];
  /** A line of an undo that was killed: whether its write arrived is not known. */
  readonly doubtful: DecisionRecord | null;
}

async function lookedAt(ports: TicketUndoPorts, undo: TicketUndo): Promise<TicketUndone> {
  const planned = await plan(ports, undo);
  return "reading" in planned ? { did: planned.did, left: planned.left } : planned;
}

async function plan(ports: TicketUndoPorts, undo: TicketUndo): Promise<Planned | TicketUndone> {
  const decisions = await ports.store.ledger.decisionsOf(undo.ticketId);
  const { doubtful } = earlierOf(decisions);
  if (doubtful?.decision.action === "apply")
    return left(
      "a write of ours is under way, or was cut off",
      "Let the service settle it, then run this again.",
    );
  const all = decisions.filter(wasWritten).toReversed();
  const writes = all.filter(undo.inRange);
  const newest = writes.at(-1);
  if (newest === undefined) return { did: [], left: [] };
  const later = all.slice(all.indexOf(newest) + 1);
  const reading = await closedReading(ports, undo);
  if (reading === null) return left("the ticket is gone", null);
  if (reading.merged) return left("the ticket was merged into another one", null);
  if (reading.status === "closed")
    return left("the ticket is closed, and Zendesk changes closed tickets no more", null);
  if (!reading.stampClosed && !undo.dryRun) throw new Outdated(`ticket ${reading.id} keeps changing`);
  return { ...backOf({ reading, writes, later }, ports.policy), reading, writes, doubtful };
}

/** Writes that were really made by a decision; those of an undo are none. */
export function wasWritten({ state, change, decision }: DecisionRecord): boolean {
  return state === "written" && change !== null && decision.action === "apply";
}

async function closedReading({ desk, clock }: TicketUndoPorts, undo: TicketUndo) {
  const first = await desk.readTicket(undo.ticketId, "backfill");
  if (first === null || first.stampClosed || undo.dryRun) return first;
  await clock.sleep(SECOND_MS);
  return desk.readTicket(undo.ticketId, "backfill");
}

async function onClaim(ports: TicketUndoPorts, undo: TicketUndo, claim: Claim): Promise<TicketUndone> {
  const planned = await plan(ports, undo);
  if (!("reading" in planned)) return planned;
  const { change, did, reading } = planned;
  if (change === null) {
    if (planned.doubtful !== null) await settleDoubt(ports, claim, planned.doubtful);
    return { did, left: planned.left };
  }
  if (!(await ports.mayWrite()))
    return left("writing outside was paused meanwhile", "Run the same undo again.");
  const draft = recordOf(ports, undo, planned);
  const askedAt = ports.clock.now();
  const lost = () => left("another worker took the ticket over", "Run the same undo again.");
  const intended: DecisionRecord = { ...draft, state: "intended", outcome: "about to take back" };
  if (!(await ports.store.ledger.intend(claim, intended, LEASE_MS))) return lost();
  const before = stillOurs({ ...ports, leaseMs: LEASE_MS }, claim, askedAt);
  const written = await ports.desk.writeTicket(reading, change, draft.id, "backfill", before);
  const end = await giveBack(ports, { draft, lane: "backfill", replaced: written.replaced });
  const outcome = end.outcome === "written" ? draft.outcome : end.outcome.replace("written", draft.outcome);
  const settled = await ports.store.ledger.settle(
    claim,
    { ...draft, ...end, outcome, state: "written" },
    { state: "done", result: "written", reason: outcome },
  );
  await noLongerPromised(ports, undo);
  return settled ? { did, left: planned.left } : lost();
}

/** The ticket is as an undo that was killed wanted it: its line says whether that was its own work. */
async function settleDoubt(ports: TicketUndoPorts, claim: Claim, doubtful: DecisionRecord): Promise<void> {
  const { decisionIds } = await ports.desk.readHistory(doubtful.ticketId, "backfill");
  const arrived = decisionIds.includes(doubtful.id);
  const [reason = ""] = doubtful.decision.reasons;
  const outcome = arrived ? `undone by ${reason.slice(UNDONE_BY.length)}` : "the undo was cut off";
  const record = { ...doubtful, state: arrived ? ("written" as const) : ("left" as const), outcome };
  await ports.store.ledger.settle(claim, record, { state: "done", result: "written", reason: outcome });
}

/** Nobody is to read back, and mend, an SLA that was taken back. */
async function noLongerPromised({ store, clock }: TicketUndoPorts, undo: TicketUndo): Promise<void> {
  const waiting = (await store.ledger.decisionsOf(undo.ticketId)).filter(
    ({ verification, decision }) => verification === null && decision.action === "apply",
  );
  for (const { id } of waiting)
    await store.ledger.verified(id, {
      at: clock.now(),
      ok: true,
      code: "sla_not_promised",
      detail: `taken back by run ${undo.undoRunId}`,
    });
}

/** A line of the ledger that decides nothing: the next deciding event finds the ticket without a promise. */
function recordOf(ports: TicketUndoPorts, undo: TicketUndo, planned: Planned): DecisionRecord {
  const { reading, writes, change, doubtful } = planned;
  const now = ports.clock.now();
  return {
    // Should the write of a killed undo arrive after all, it is recognised.
    id: doubtful?.id ?? randomUUID(),
    ticketId: undo.ticketId,
    deliveryId: null,
    accountId: writes.at(-1)?.accountId ?? null,
    event: "other",
    asOf: reading.createdAt,
    decidedAt: now,
    policyVersion: ports.policy.version,
    decision: { action: "skip", reasons: [`${UNDONE_BY}${undo.undoRunId}`] },
    before: imageOf(reading, setBefore(reading, writes)),
    change,
    state: "written",
    outcome: `undone by ${undo.undoRunId}`,
    verification: null,
  };
}

/** Whose the priority is that stands on the ticket after the undo. */
function setBefore({ priority }: TicketReading, writes: readonly DecisionRecord[]) {
  const touching = writes.filter(({ change }) => change?.priority !== undefined);
  if (priority === null) return "none";
  const [first] = touching;
  if (first === undefined) return writes.at(-1)?.before.prioritySetBy ?? "agent";
  return touching.at(-1)?.change?.priority === priority ? first.before.prioritySetBy : "agent";
}
