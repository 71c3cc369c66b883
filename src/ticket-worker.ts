/**
 * Takes deliveries from the inbox and settles every one: done, left alone with a reason, or parked with a fix.
 *
 * A claim is one ticket with all its pending deliveries. Failures are sorted by what to do next (`errors.ts`): an
 * upstream that is closed stops the lane without costing the delivery an attempt.
 */
import { randomUUID } from "node:crypto";
import { CannotApply, NeedsAdmin, Outdated, Paused, StoreUnavailable, TryAgain } from "./errors.ts";
import { errorFields, type Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { nextTry } from "./policy/retry.ts";
import type { Claim, ClaimShare, Clock, DeliveryOutcome, Inbox } from "./ports.ts";
import type { TicketResult } from "./ticket-decision.ts";

export interface WorkerPorts {
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Decides and writes one ticket; settles the claim itself when it answers. */
  readonly ticket: (claim: Claim, owner: string) => Promise<TicketResult>;
  /** Reads CRM accounts named by hints; settles nothing. false = another process is syncing: ask again later. */
  readonly accounts: (ids: readonly string[]) => Promise<boolean>;
  /** An upstream refused us: a rotated secret may lie ready. */
  readonly refused: () => void;
  /** Random in [0,1) for retry jitter. */
  readonly jitter: () => number;
  /** Takes many tickets together when more wait than can be written one by one; absent = never. */
  readonly burst?: Burst;
}

/** Work on many tickets together, beside the worker's own on one at a time. */
export interface Burst {
  /** Do enough tickets wait for it to begin? */
  due(): Promise<boolean>;
  /** Takes tickets until few are left or `signal` aborts; work on them may go on behind it. Never rejects. */
  run(owner: string, signal: AbortSignal): Promise<void>;
  /** Resolves when all that was taken has ended. */
  idle(): Promise<void>;
}

export interface WorkerOptions {
  /** Claims worked on at the same time. */
  readonly concurrency: number;
  readonly leaseMs: number;
  /** How often to look when nothing calls. */
  readonly idleMs: number;
}

export const workerDefaults: WorkerOptions = { concurrency: 8, leaseMs: 30_000, idleMs: 1_000 };

const AT_ONCE = 5;
const ACCOUNTS_READ: DeliveryOutcome = { state: "done", result: "written", reason: "accounts_read" };
const SYNC_BUSY: DeliveryOutcome = {
  state: "retry",
  afterMs: 5_000,
  countsAsAttempt: false,
  reason: "sync_busy",
};
/** A timer may end a moment early by the store's clock, which decides what is due. */
const DUE_MARGIN_MS = 1;

export interface Worker {
  /** Look for work in `delayMs` (0 = now). */
  wake(delayMs?: number): void;
  /** Finishes what is under way and takes nothing new. */
  stop(): Promise<void>;
}

/** Starts a worker; it runs until stopped and never rejects. */
export function startWorker(ports: WorkerPorts, options: WorkerOptions = workerDefaults): Worker {
  const owner = `worker-${randomUUID()}`;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  /** Of these, what may wait for the desk's limits behind everybody else. */
  const patient = new Set<Promise<void>>();
  const bursts = new Set<Promise<void>>();
  let wakeUp: AbortController = new AbortController();
  const wake = (delayMs = 0): void => {
    if (delayMs <= 0 || stopping.signal.aborted) {
      wakeUp.abort();
      return;
    }
    void ports.clock.sleep(delayMs + DUE_MARGIN_MS, stopping.signal).then(() => wakeUp.abort());
  };
  /** While a burst runs, what it can take is left to it, and this worker's places to the urgent ones. */
  const beginBurst = async (): Promise<void> => {
    if (ports.burst === undefined || bursts.size > 0 || !(await isDue(ports, ports.burst))) return;
    const burst = ports.burst.run(owner, stopping.signal).finally(() => {
      bursts.delete(burst);
      wake();
    });
    bursts.add(burst);
  };
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      // Looked at before the first are taken: single writes are few, and in a flood they belong to the urgent ones.
      await beginBurst();
      const free = options.concurrency - running.size;
      const forPatient = Math.ceil(options.concurrency / 2) - patient.size;
      const places = { free, forPatient, bursting: bursts.size > 0 };
      const claims = free > 0 ? await take(ports, owner, options, places) : [];
      for (const claim of claims) {
        const work = settle(ports, claim, owner).then((againInMs) => {
          running.delete(work);
          patient.delete(work);
          if (againInMs !== null) wake(againInMs);
          wake();
        });
        running.add(work);
        if (claim.lane === "backfill") patient.add(work);
      }
      if (claims.length > 0 && running.size < options.concurrency) continue;
      await ports.clock.sleep(options.idleMs, AbortSignal.any([stopping.signal, wakeUp.signal]));
      wakeUp = new AbortController();
    }
  };
  const looped = loop();
  return {
    wake,
    async stop() {
      stopping.abort();
      await looped;
      await Promise.all([...running, ...bursts]);
      await ports.burst?.idle();
    },
  };
}

/** What may be taken now. Half of the places are never given to backfill: a live ticket finds one. */
interface Places {
  readonly free: number;
  readonly forPatient: number;
  readonly bursting: boolean;
}

async function take(
  ports: WorkerPorts,
  owner: string,
  options: WorkerOptions,
  { free, forPatient, bursting }: Places,
): Promise<readonly Claim[]> {
  const claim = (limit: number, share: ClaimShare) => ports.inbox.claim(owner, options.leaseMs, limit, share);
  try {
    if (bursting) return await claim(free, "apart");
    const prompt = await claim(free, "prompt");
    const left = Math.min(free - prompt.length, forPatient);
    return left > 0 ? [...prompt, ...(await claim(left, "all"))] : prompt;
  } catch (error) {
    ports.log.error(errorFields(error), "cannot take work from the store");
    return [];
  }
}

async function isDue(ports: WorkerPorts, burst: Burst): Promise<boolean> {
  try {
    return await burst.due();
  } catch (error) {
    ports.log.error(errorFields(error), "cannot see what waits in the store");
    return false;
  }
}

/**
 * One claim from start to end; ms until it is due again, null = it has ended, or nobody knows. Never throws: what cannot
 * be settled now comes back when its lease ends.
 */
async function settle(ports: WorkerPorts, claim: Claim, owner: string): Promise<number | null> {
  try {
    if (claim.kind === "accounts") {
      const read = await ports.accounts([...new Set(claim.deliveries.flatMap((d) => d.accountIds))]);
      await ports.inbox.release(claim, read ? ACCOUNTS_READ : SYNC_BUSY);
    } else ended(ports, claim, await insist(() => ports.ticket(claim, owner)));
    return null;
  } catch (error) {
    const outcome = await failed(ports, claim, error);
    return outcome.state === "retry" ? outcome.afterMs : null;
  }
}

/** What the endings of claims are told to. */
export type EndingPorts = Pick<WorkerPorts, "inbox" | "clock" | "log" | "metrics" | "refused" | "jitter">;

/** Counts a ticket whose claim has ended. */
export function ended(ports: EndingPorts, claim: Claim, result: TicketResult): void {
  ports.metrics.ticket(result.tier ?? "none", result.outcome, result.reason);
  const oldest = Math.min(...claim.deliveries.map((d) => d.receivedAt));
  if (result.outcome !== "lost") ports.metrics.settledAfter(Math.max(0, ports.clock.now() - oldest) / 1000);
}

/** Gives a claim back after a failure, sorted by what to do next, and answers what that is. Never throws. */
export async function failed(ports: EndingPorts, claim: Claim, error: unknown): Promise<DeliveryOutcome> {
  const attempts = Math.max(0, ...claim.deliveries.map((d) => d.attempts));
  if (error instanceof Paused && error.fix !== null) ports.refused();
  const outcome = whatNext(error, attempts, ports.jitter());
  await release(ports, claim, outcome, error);
  return outcome;
}

/** On a conflict the ticket is read and decided again at once, a few times; then the retry schedule takes over. */
async function insist(work: () => Promise<TicketResult>): Promise<TicketResult> {
  for (let round = 1; ; round++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Outdated) || round >= AT_ONCE) throw error;
    }
  }
}

async function release(
  ports: EndingPorts,
  claim: Claim,
  outcome: DeliveryOutcome,
  error: unknown,
): Promise<void> {
  const fields = { ticket: claim.subjectId, state: outcome.state, ...errorFields(error) };
  if (outcome.state === "parked") ports.log.error(fields, "delivery parked");
  else ports.log.warn(fields, "delivery not settled yet");
  ports.metrics.ticket("none", outcome.state, error instanceof Error ? error.name : "unknown");
  try {
    await ports.inbox.release(claim, outcome);
  } catch (failure) {
    ports.log.error(
      { ticket: claim.subjectId, ...errorFields(failure) },
      "claim could not be released; its lease ends by itself",
    );
  }
}

/** What a failure means for the delivery. */
export function whatNext(error: unknown, attempts: number, jitter: number): DeliveryOutcome {
  if (error instanceof Paused)
    return { state: "retry", afterMs: error.afterMs ?? 5_000, countsAsAttempt: false, reason: error.message };
  if (error instanceof StoreUnavailable)
    return { state: "retry", afterMs: 1_000, countsAsAttempt: false, reason: error.message };
  if (error instanceof CannotApply) return { state: "done", result: "left", reason: error.message };
  if (error instanceof NeedsAdmin) return { state: "parked", reason: error.message, fix: error.fix };
  if (error instanceof TryAgain || error instanceof Outdated) {
    const afterMs = nextTry(attempts + 1, error instanceof TryAgain ? error.afterMs : null, jitter);
    if (afterMs !== null) return { state: "retry", afterMs, countsAsAttempt: true, reason: error.message };
    return {
      state: "parked",
      reason: `gave up after ${attempts + 1} tries: ${error.message}`,
      fix: "Check that the help desk answers again, then run `priority-support replay`.",
    };
  }
  const { error: type, message } = errorFields(error);
  return {
    state: "parked",
    reason: `our own fault (${type}): ${message}`,
    fix: "Report this as a bug with the log line, then run `priority-support replay`.",
  };
}
