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

export interface VerifyPorts {
  readonly desk: Desk;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly policy: () => Policy;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Called with every result, for whoever watches. */
  readonly verified: (record: DecisionRecord, verification: Verification) => void;
}

export interface Verifier {
  /** Puts a settled decision on the next read-back. */
  add(record: DecisionRecord): void;
  /** Reads back what waits, then stops. */
  stop(): Promise<void>;
}

const BATCH = 100;
/** Decisions wait this long for company, so that one call serves many. */
const GATHER_MS = 250;
/** Zendesk rounds breach times to its own seconds; a minute is far below any target. */
const TOLERANCE_MS = 60_000;
/** A ticket is looked at again when the desk is closed to us, this many times. */
const TRIES = 5;

/** Starts a verifier; it wakes when something is added. */
export function startVerifier(ports: VerifyPorts): Verifier {
  const waiting: { record: DecisionRecord; tries: number }[] = [];
  const stopping = new AbortController();
  let flushing: Promise<void> | null = null;
  const flush = async (): Promise<void> => {
    await ports.clock.sleep(GATHER_MS, stopping.signal);
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH);
      const again = await readBack(ports, batch);
      if (again === null) continue;
      if (stopping.signal.aborted) return;
      waiting.unshift(...batch.map((b) => ({ ...b, tries: b.tries + 1 })).filter((b) => b.tries < TRIES));
      await ports.clock.sleep(again, stopping.signal);
    }
  };
  const start = (): void => {
    flushing ??= flush().finally(() => {
      flushing = null;
      if (waiting.length > 0 && !stopping.signal.aborted) start();
    });
  };
  return {
    add(record) {
      waiting.push({ record, tries: 0 });
      start();
    },
    async stop() {
      stopping.abort();
      while (flushing !== null) await flushing;
    },
  };
}

/** null = done; a number = the desk is closed to us, try again after so many ms. */
async function readBack(
  ports: VerifyPorts,
  batch: readonly { readonly record: DecisionRecord }[],
): Promise<number | null> {
  try {
    const readings = await ports.desk.readSlas(
      batch.map((b) => b.record.ticketId),
      "backfill",
    );
    const byTicket = new Map(readings.map((r) => [r.ticketId, r]));
    for (const { record } of batch) {
      if (record.decision.action !== "apply") continue;
      const result = verify(
        record.decision,
        record.before,
        byTicket.get(record.ticketId) ?? null,
        ports.policy(),
        ports.clock.now(),
      );
      await ports.ledger.verified(record.id, result);
      ports.metrics.verification(result.code);
      if (!result.ok)
        ports.log.warn(
          { ticket: record.ticketId, code: result.code, detail: result.detail },
          "the SLA is not as promised",
        );
      ports.verified(record, result);
    }
    return null;
  } catch (error) {
    ports.log.warn(errorFields(error), "SLA read-back failed");
    return error instanceof Paused || error instanceof TryAgain ? (error.afterMs ?? 5_000) : null;
  }
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
