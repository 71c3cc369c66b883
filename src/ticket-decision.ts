/**
 * One ticket from claim to settled: read, decide, record the intent, write conditionally, settle.
 *
 * A crash anywhere repeats from the reading. An intent found in the ledger is looked up in the ticket's audits by its
 * decision id, so a write that arrived is recognised and never made twice.
 */
import { randomUUID } from "node:crypto";
import { CannotApply } from "./errors.ts";
import type { Log } from "./log.ts";
import { decide } from "./policy/decide.ts";
import type { Decision, Policy, Situation, TicketChange, TicketEvent } from "./policy/model.ts";
import type { Claim, Clock, DecisionRecord, DeliveryOutcome, Lane, Notice, TicketReading } from "./ports.ts";
import { withoutPingPong } from "./ticket-brakes.ts";
import { changeFor, imageOf } from "./ticket-change.ts";
import { foundApplied, IN_DOUBT, mayStillArrive } from "./ticket-doubt.ts";
import { bringsMore, earlierOf, eventOf, keepingGroup } from "./ticket-earlier.ts";
import { giveBack } from "./ticket-give-back.ts";
import { LeaseGone, stillOurs } from "./ticket-lease.ts";
import { withOrigin } from "./ticket-organization.ts";
import { outsidePilot } from "./ticket-pilot.ts";
import { type SituationPorts, situationOf } from "./ticket-situation.ts";
import { ticketHeld } from "./undo/holding.ts";

export interface TicketPorts extends SituationPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly policy: () => Policy;
  /** true = decide and record, write nothing outside. */
  readonly simulating: () => Promise<boolean>;
  /** true = write nothing outside at present; what waits goes on waiting. */
  readonly paused: () => Promise<boolean>;
  /** Called with what people should hear of; left out = nobody is told. */
  readonly tell?: (notice: Notice) => void;
  /** Called for every ticket whose SLA should now be read back. */
  readonly verify: (record: DecisionRecord) => void;
  readonly leaseMs: number;
}

/** `lost` = the lease ended under way and someone else has the ticket; nothing was settled by us. */
export interface TicketResult {
  readonly outcome: "written" | "left" | "simulated" | "lost" | "retry";
  readonly tier: string | null;
  /** One word from a short list, for counting: the basis of the tier, or why nothing was decided. */
  readonly reason: string;
}

/** A ticket that must wait, why and how long; each time it costs no attempt. */
const STAMP_OPEN = { reason: "stamp_open", afterMs: 1_000 };
const PAUSED = { reason: "paused", afterMs: 15_000 };

/** A decision that differs from the ticket: what is to be written, and on which reading it stands. */
export interface PreparedWrite {
  readonly draft: DecisionRecord;
  readonly change: TicketChange;
  readonly reading: TicketReading;
  readonly lane: Lane;
}

/** Decides and writes the ticket of a claim. Throws the errors of `errors.ts` for what could not be settled. */
export async function settleTicket(ports: TicketPorts, claim: Claim): Promise<TicketResult> {
  const next = await prepareTicket(ports, claim, (id, lane) => ports.desk.readTicket(id, lane));
  return "outcome" in next ? next : writeAlone(ports, claim, next);
}

/** Decides the ticket of a claim; what needs no write is settled here, the rest is handed back ready to write. */
export async function prepareTicket(
  ports: TicketPorts,
  claim: Claim,
  read: (id: string, lane: Lane) => Promise<TicketReading | null>,
): Promise<TicketResult | PreparedWrite> {
  if (await ports.paused()) return postpone(ports, claim, PAUSED);
  const earlier = earlierOf(await ports.store.ledger.decisionsOf(claim.subjectId));
  const { doubtful, decided } = earlier;
  const event = eventOf(claim, decided);
  if (event === "other") return pass(ports, claim, "not_deciding");
  if (event === "created" && decided) return pass(ports, claim, "already_decided");
  const lane: Lane = event === "tier_raised" || event === "backfill" ? "backfill" : claim.lane;
  const id = doubtful?.id ?? randomUUID();
  const reading = await read(claim.subjectId, lane);
  if (reading === null) return leftAlone(ports, claim, { id, event, reading }, "ticket_gone");
  if (!reading.merged && !reading.stampClosed) return postpone(ports, claim, STAMP_OPEN);
  const found = doubtful === null ? null : await foundApplied(ports, doubtful, lane);
  if (doubtful !== null && found !== null) {
    if (!bringsMore(claim, doubtful)) return settled(ports, claim, found);
    if (!(await ports.store.ledger.intend(claim, found))) return lost(ports, claim);
    return prepareTicket(ports, claim, async () => reading);
  }
  if (reading.merged) return leftAlone(ports, claim, { id, event, reading }, "ticket_merged");
  const policy = ports.policy();
  const outside = await outsidePilot(ports.desk, policy, reading);
  if (outside !== null)
    return unwritten(
      ports,
      claim,
      { doubtful, reading },
      leftRecord(ports, claim, { id, event, reading }, outside),
    );
  const situation = await situationOf(ports, policy, reading, event, earlier.prior, lane);
  const concluded = withOrigin(decide(situation, policy, ports.clock.now()), reading, situation);
  const decision = keepingGroup(concluded, doubtful, reading);
  return draftOf(ports, claim, { id, doubtful, policy, reading, situation, decision, event, lane });
}

interface Case {
  /** An intent that did not arrive keeps its id: should it arrive late after all, it is still recognised. */
  readonly id: string;
  /** A write that was not on the ticket just now; null = none is in doubt. */
  readonly doubtful: DecisionRecord | null;
  readonly policy: Policy;
  readonly reading: TicketReading;
  readonly situation: Situation;
  readonly decision: Decision;
  readonly event: TicketEvent;
  readonly lane: Lane;
}

async function draftOf(ports: TicketPorts, claim: Claim, one: Case): Promise<TicketResult | PreparedWrite> {
  const drafted = recordOf(ports, claim, one);
  const draft = await withoutPingPong(
    { ledger: ports.store.ledger, log: ports.log, tell: ports.tell },
    drafted,
  );
  const end = (record: DecisionRecord) => unwritten(ports, claim, one, record);
  if (one.decision.action === "skip") return end({ ...draft, outcome: one.decision.reasons.join(", ") });
  if (draft.change === null) return end({ ...draft, outcome: draft.outcome || "already as it should be" });
  const simulating = await ports.simulating();
  if (
    await ticketHeld({ ...ports, policy: one.policy, simulating }, claim.subjectId, one.event, one.decision)
  )
    return end(leftRecord(ports, claim, one, "undone_on_hold"));
  if (simulating) return end({ ...draft, state: "simulated", outcome: "simulated, nothing written" });
  if (await ports.paused()) return postpone(ports, claim, PAUSED);
  return { draft, change: draft.change, reading: one.reading, lane: one.lane };
}

/** Records the intent and takes the lease anew: what must be done right before a write. false = the claim was lost. */
export async function mayWrite(ports: TicketPorts, claim: Claim, draft: DecisionRecord): Promise<boolean> {
  const intended: DecisionRecord = { ...draft, state: "intended", outcome: "about to write" };
  return ports.store.ledger.intend(claim, intended, ports.leaseMs);
}

async function writeAlone(ports: TicketPorts, claim: Claim, next: PreparedWrite): Promise<TicketResult> {
  const { draft } = next;
  const askedAt = ports.clock.now();
  if (!(await mayWrite(ports, claim, draft))) return lost(ports, claim);
  const written = await orGone(ports, next, stillOurs(ports, claim, askedAt));
  if (written instanceof LeaseGone) return lost(ports, claim);
  if (written instanceof CannotApply)
    return settled(ports, claim, { ...draft, change: null, outcome: written.message });
  const outcome = await giveBack(ports, { ...next, replaced: written.replaced });
  if (written.warnings.length > 0)
    ports.log.warn({ ticket: claim.subjectId, keys: written.warnings }, "the desk did not accept every key");
  return settled(ports, claim, { ...draft, ...outcome, state: "written" });
}

/** A ticket that was closed or deleted since it was read is not in doubt: nothing was written, and nothing will be. */
async function orGone(
  ports: TicketPorts,
  { draft, change, reading, lane }: PreparedWrite,
  before: () => Promise<void>,
) {
  try {
    return await ports.desk.writeTicket(reading, change, draft.id, lane, before);
  } catch (error) {
    if (error instanceof CannotApply || error instanceof LeaseGone) return error;
    throw error;
  }
}

/** Ends a claim with its decision: the ledger's last word, the log line, and the read-back of the SLA. */
export async function settled(
  ports: TicketPorts,
  claim: Claim,
  record: DecisionRecord,
): Promise<TicketResult> {
  const result = record.state === "intended" ? "left" : record.state;
  const done: DeliveryOutcome = { state: "done", result, reason: record.outcome };
  if (!(await ports.store.ledger.settle(claim, record, done))) return lost(ports, claim);
  const tier = record.decision.action === "apply" ? record.decision.tier : null;
  ports.log.info(
    {
      ticket: record.ticketId,
      tier,
      outcome: result,
      change: record.change,
      reasons: record.decision.reasons,
    },
    "ticket settled",
  );
  if (record.decision.action === "apply" && result !== "simulated") ports.verify(record);
  return { outcome: result, tier, reason: wordFor(record.decision) };
}

/** What stands behind a colon names one tag or brand of many. */
function wordFor(decision: Decision): string {
  return decision.action === "apply" ? decision.basis : (decision.reasons[0]?.split(":")[0] ?? "none");
}

/** Nothing to decide: the delivery ends with its reason, the ledger keeps what it has. */
async function pass(ports: TicketPorts, claim: Claim, reason: string): Promise<TicketResult> {
  if (!(await ports.store.ledger.settle(claim, null, { state: "done", result: "left", reason })))
    return lost(ports, claim);
  ports.log.info({ ticket: claim.subjectId, reason }, "delivery needs no decision");
  return { outcome: "left", tier: null, reason };
}

/** The ticket is none of ours to change; the ledger says so for whoever asks why. */
function leftAlone(ports: TicketPorts, claim: Claim, one: LeftCase, reason: string): Promise<TicketResult> {
  return settled(ports, claim, leftRecord(ports, claim, one, reason));
}

type LeftCase = Pick<Case, "id" | "event"> & { readonly reading: TicketReading | null };

function leftRecord(
  ports: TicketPorts,
  claim: Claim,
  { id, event, reading }: LeftCase,
  reason: string,
): DecisionRecord {
  const now = ports.clock.now();
  return {
    id,
    ticketId: claim.subjectId,
    deliveryId: claim.deliveries[0]?.id ?? null,
    accountId: null,
    event,
    asOf: reading?.createdAt ?? now,
    decidedAt: now,
    policyVersion: ports.policy().version,
    decision: { action: "skip", reasons: [reason] },
    before: imageOf(reading, "none"),
    change: null,
    state: "left",
    outcome: reason,
    verification: null,
  };
}

/**
 * Ends a claim that writes nothing. A write of ours that may still arrive is waited for first: the record must not say
 * that nothing was written while something may be.
 */
function unwritten(
  ports: TicketPorts,
  claim: Claim,
  { doubtful, reading }: Pick<Case, "doubtful" | "reading">,
  record: DecisionRecord,
): Promise<TicketResult> {
  return doubtful !== null && mayStillArrive(doubtful, claim, reading)
    ? postpone(ports, claim, IN_DOUBT)
    : settled(ports, claim, record);
}

/** The lease ended under way: nothing is ours to settle any more. */
export function lost(ports: TicketPorts, claim: Claim): TicketResult {
  ports.log.warn({ ticket: claim.subjectId }, "lease lost; another worker has the ticket");
  return { outcome: "lost", tier: null, reason: "lease_lost" };
}

/** Come back later: the second of the ticket's stamp is still running, or writing is paused. */
async function postpone(
  ports: TicketPorts,
  claim: Claim,
  why: { readonly reason: string; readonly afterMs: number },
): Promise<TicketResult> {
  const retry: DeliveryOutcome = { state: "retry", countsAsAttempt: false, ...why };
  return (await ports.store.inbox.release(claim, retry))
    ? { outcome: "retry", tier: null, reason: why.reason }
    : lost(ports, claim);
}

function recordOf(ports: TicketPorts, claim: Claim, one: Case): DecisionRecord {
  const { reading, situation, decision } = one;
  return {
    id: one.id,
    ticketId: claim.subjectId,
    deliveryId: claim.deliveries[0]?.id ?? null,
    accountId: decision.action === "apply" ? decision.accountId : null,
    event: one.event,
    asOf: reading.createdAt,
    decidedAt: ports.clock.now(),
    policyVersion: one.policy.version,
    decision,
    before: imageOf(reading, situation.ticket.prioritySetBy),
    change: decision.action === "apply" ? changeFor(reading, situation, decision) : null,
    state: "left",
    outcome: "",
    verification: null,
  };
}
