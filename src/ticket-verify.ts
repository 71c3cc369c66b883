/** Did the tier's SLA really attach? Read back after the write, many tickets in one call, compared with the decision. */
import { Paused, TryAgain } from "./errors.ts";
import { errorFields, type Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { DecisionRecord, Verification } from "./ports.ts";
import { startRounds } from "./rounds.ts";
import { type Found, type ReadBackPorts, readBack } from "./verification/read-back.ts";

export { verify } from "./verification/attached.ts";

export interface VerifyPorts extends ReadBackPorts {
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
      const againMs = await lookedAt(ports, batch);
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
async function lookedAt(ports: VerifyPorts, batch: readonly Waiting[]): Promise<number | null> {
  try {
    const found = await readBack(
      ports,
      batch.map(({ record }) => record),
    );
    for (const one of found) tell(ports, one);
    return null;
  } catch (error) {
    ports.log.warn(errorFields(error), "SLA read-back failed");
    return error instanceof Paused || error instanceof TryAgain ? (error.afterMs ?? 5_000) : null;
  }
}

/** Counts a result and tells whoever watches; a promise that is not kept is logged with its reason. */
export function tell(
  ports: Pick<VerifyPorts, "metrics" | "log" | "verified">,
  { record, result }: Found,
): void {
  const { code, cause, detail, fix } = result;
  ports.metrics.verification(code, cause);
  if (!result.ok)
    ports.log.warn({ ticket: record.ticketId, code, cause, detail, fix }, "the SLA is not as promised");
  ports.verified(record, result);
}
