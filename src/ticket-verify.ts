/**
 * Did the tier's SLA really attach? Read back after the write, many tickets in one call, compared with the decision.
 *
 * Zendesk's ticket shows the clocks but not the policy's name, so a policy counts as attached when its first-reply
 * clock ends when the policy says it should, to the minute.
 */
import { Paused, TryAgain } from "./errors.ts";
import { errorFields, type Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { ApplyDecision, Policy, SlaMetric } from "./policy/model.ts";
import type { Clock, DecisionRecord, Desk, Ledger, SlaReading, TicketImage, Verification } from "./ports.ts";
import { startRounds } from "./rounds.ts";

export interface VerifyPorts {
  readonly desk: Desk;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly policy: () => Policy;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Called with every result, for whoever watches. */
  readonly verified: (record: DecisionRecord, verification: Verification) => void;
  /** Decisions that nobody has read back and nobody is about to; left out = none. */
  readonly leftBehind?: () => Promise<readonly DecisionRecord[]>;
}

export interface VerifyOptions {
  /** Settled decisions wait this long for company, ms: one call reads a hundred tickets. */
  readonly gatherMs: number;
  /** ms between looks for decisions that nobody has read back, because whoever wrote them is gone; 0 = never. */
  readonly lookEveryMs: number;
}

export const verifyDefaults: VerifyOptions = { gatherMs: 250, lookEveryMs: 0 };

export interface Verifier {
  /** Puts a settled decision on the next read-back. */
  add(record: DecisionRecord): void;
  /** Reads back what waits, at most for some seconds, then stops. What is left is found at the next start. */
  stop(): Promise<void>;
}

const BATCH = 100;
/** Zendesk rounds breach times to its own seconds; a minute is far below any target. */
const TOLERANCE_MS = 60_000;
/** A ticket is looked at again when the desk is closed to us, this many times. */
const TRIES = 5;
/** Somebody waits for the process to end. */
const STOP_WITHIN_MS = 3_000;

interface Waiting {
  readonly record: DecisionRecord;
  readonly tries: number;
}

/** Starts a verifier; it wakes when something is added, and reads at once when a call is full. */
export function startVerifier(ports: VerifyPorts, options: VerifyOptions = verifyDefaults): Verifier {
  const { clock } = ports;
  const waiting = new Map<string, Waiting>();
  const stopping = new AbortController();
  let full = new AbortController();
  let stopBy = Number.POSITIVE_INFINITY;
  let flushing: Promise<void> | null = null;
  const flush = async (): Promise<void> => {
    if (waiting.size < BATCH)
      await clock.sleep(options.gatherMs, AbortSignal.any([stopping.signal, full.signal]));
    full = new AbortController();
    do {
      const batch = [...waiting.values()].slice(0, BATCH);
      for (const { record } of batch) waiting.delete(record.id);
      const againMs = await readBack(ports, batch);
      if (againMs === null) continue;
      // The desk is closed to us: whoever starts next finds them.
      if (stopping.signal.aborted) return waiting.clear();
      for (const one of batch)
        if (one.tries < TRIES) waiting.set(one.record.id, { ...one, tries: one.tries + 1 });
      await clock.sleep(againMs, stopping.signal);
    } while (waiting.size >= BATCH && clock.now() < stopBy);
  };
  const start = (): void => {
    flushing ??= flush().finally(() => {
      flushing = null;
      if (waiting.size > 0 && clock.now() < stopBy) start();
    });
  };
  const add = (record: DecisionRecord): void => {
    if (waiting.has(record.id)) return;
    waiting.set(record.id, { record, tries: 1 });
    if (waiting.size >= BATCH) full.abort();
    start();
  };
  const rounds = startRounds(async () => (await ports.leftBehind?.())?.forEach(add), {
    clock,
    everyMs: options.lookEveryMs,
    firstAfterMs: options.lookEveryMs,
  });
  return {
    add,
    async stop() {
      stopBy = clock.now() + STOP_WITHIN_MS;
      stopping.abort();
      await rounds.stop();
      while (flushing !== null) await flushing;
    },
  };
}

/** null = done; a number = the desk is closed to us, try again after so many ms. */
async function readBack(ports: VerifyPorts, batch: readonly Waiting[]): Promise<number | null> {
  const { desk, ledger, clock, log } = ports;
  try {
    const ids = batch.map(({ record }) => record.ticketId);
    const byTicket = new Map((await desk.readSlas(ids, "backfill")).map((one) => [one.ticketId, one]));
    const found = batch.flatMap(({ record }) => {
      const { decision, before, ticketId } = record;
      if (decision.action !== "apply") return [];
      const reading = byTicket.get(ticketId) ?? null;
      return [{ record, result: verify(decision, before, reading, ports.policy(), clock.now()) }];
    });
    // Together, so that they share a commit.
    await Promise.all(found.map(({ record, result }) => ledger.verified(record.id, result)));
    for (const { record, result } of found) tell(ports, record, result);
    return null;
  } catch (error) {
    log.warn(errorFields(error), "SLA read-back failed");
    return error instanceof Paused || error instanceof TryAgain ? (error.afterMs ?? 5_000) : null;
  }
}

function tell(ports: VerifyPorts, record: DecisionRecord, result: Verification): void {
  const { code, detail } = result;
  ports.metrics.verification(code);
  if (!result.ok) ports.log.warn({ ticket: record.ticketId, code, detail }, "the SLA is not as promised");
  ports.verified(record, result);
}

/** Compares the clocks on a ticket with what the decision promised. */
export function verify(
  decision: ApplyDecision,
  before: TicketImage,
  reading: SlaReading | null,
  policy: Policy,
  at: number,
): Verification {
  const promised = (["first_reply", "next_reply", "resolution"] as const).filter(
    (m) => decision.due[m].dueAt !== null,
  );
  if (decision.slaPolicy === null || promised.length === 0)
    return { at, ok: true, code: "sla_not_promised", detail: "The tier promises no times at this priority." };
  if (reading === null)
    return { at, ok: false, code: "ticket_gone", detail: "The ticket is no longer there." };
  if (reading.policy !== null && reading.policy !== decision.slaPolicy)
    return {
      at,
      ok: false,
      code: "sla_other_policy",
      detail: `${reading.policy} is attached, ${decision.slaPolicy} was expected; an earlier policy matches.`,
    };
  const clocks = new Map(reading.clocks.map((c) => [c.metric, c]));
  if (before.openedByStaff === true && !clocks.has(policy.slaMetricMap.first_reply)) return notStarted(at);
  if (clocks.size === 0)
    return {
      at,
      ok: false,
      code: "sla_missing",
      detail: `No SLA clock runs; ${decision.slaPolicy} was expected. Its filter may not match the tag ${policy.prefix}tier_${decision.tier}.`,
    };
  return compare(decision, promised, clocks, policy, at);
}

/**
 * An agent opened the ticket for the customer: first reply is the next public answer after the customer's own
 * (support.zendesk.com 4408821871642, by way of the domain's sources, read 2026-11-22), so no clock runs yet.
 */
function notStarted(at: number): Verification {
  const detail = "An agent opened the ticket; the first-reply clock starts when the customer writes.";
  return { at, ok: true, code: "sla_not_started", detail };
}

function compare(
  decision: ApplyDecision,
  promised: readonly SlaMetric[],
  clocks: ReadonlyMap<string, SlaReading["clocks"][number]>,
  policy: Policy,
  at: number,
): Verification {
  for (const metric of promised.filter((m) => m !== "next_reply")) {
    const clock = clocks.get(policy.slaMetricMap[metric]);
    const due = decision.due[metric].dueAt;
    // A clock that is paused, fulfilled or not reported has no end to compare.
    if (clock === undefined || clock.breachAt === null || due === null || clock.stage !== "active") continue;
    if (Math.abs(clock.breachAt - due) > TOLERANCE_MS)
      return {
        at,
        ok: false,
        code: "sla_due_differs",
        detail: `${metric} ends ${iso(clock.breachAt)} in the help desk, ${iso(due)} was promised.`,
      };
  }
  const first = policy.slaMetricMap.first_reply;
  if (decision.due.first_reply.dueAt !== null && !clocks.has(first))
    return { at, ok: false, code: "sla_missing", detail: `No ${first} clock runs on the ticket.` };
  return {
    at,
    ok: true,
    code: "sla_attached",
    detail: `${decision.slaPolicy} is attached and ends as promised.`,
  };
}

function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
