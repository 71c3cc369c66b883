import { describe, expect, test } from "@jest/globals";
import { Paused } from "../../src/errors.ts";
import { silent } from "../../src/log.ts";
import { openMetrics } from "../../src/metrics.ts";
import type { Clock, DecisionRecord, Desk, Ledger, Verification } from "../../src/ports.ts";
import { startVerifier, type Verifier, type VerifyOptions } from "../../src/ticket-verify.ts";
import { policy, TUESDAY } from "../builders.ts";
import { decided } from "../store/kit.ts";

/** A clock that only moves when told; who sleeps is woken when the time has come, or when the signal aborts. */
function handClock(): Clock & { pass(ms: number): Promise<void> } {
  let now = TUESDAY;
  const sleepers = new Set<{ readonly at: number; wake(): void }>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise<void>((resolve) => {
        if (signal?.aborted === true) return resolve();
        const sleeper = { at: now + ms, wake: () => void (sleepers.delete(sleeper) && resolve()) };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", sleeper.wake, { once: true });
      }),
    pass: async (ms) => {
      now += ms;
      for (const sleeper of [...sleepers]) if (sleeper.at <= now) sleeper.wake();
      await settled();
    },
  };
}

/** Everything that needs no time has happened. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

interface Bench {
  readonly verifier: Verifier;
  readonly clock: ReturnType<typeof handClock>;
  /** Ticket ids of each call. */
  readonly calls: (readonly string[])[];
  readonly verified: ReadonlyMap<string, Verification>;
  readonly closed: { forMs: number | null };
  readonly left: DecisionRecord[];
}

function bench(options: VerifyOptions): Bench {
  const clock = handClock();
  const calls: (readonly string[])[] = [];
  const verified = new Map<string, Verification>();
  const closed: Bench["closed"] = { forMs: null };
  const left: DecisionRecord[] = [];
  const readSlas: Desk["readSlas"] = async (ids) => {
    calls.push(ids);
    if (closed.forMs !== null) throw new Paused("closed", { upstream: "Zendesk", afterMs: closed.forMs });
    return [];
  };
  const ledger: Pick<Ledger, "verified"> = { verified: async (id, found) => void verified.set(id, found) };
  const verifier = startVerifier(
    {
      desk: { readSlas } as Desk,
      ledger: ledger as Ledger,
      clock,
      policy: () => policy(),
      log: silent,
      metrics: openMetrics(),
      verified: () => {},
      leftBehind: async () => left.splice(0),
    },
    options,
  );
  return { verifier, clock, calls, verified, closed, left };
}

const record = (ticketId: string): DecisionRecord => decided(`decision ${ticketId}`, { ticketId });
const PATIENT: VerifyOptions = { gatherMs: 30_000, lookEveryMs: 0 };

describe("reading SLAs back", () => {
  test("tickets that are settled within the half minute share one call", async () => {
    const { verifier, clock, calls, verified } = bench(PATIENT);
    verifier.add(record("1"));
    await clock.pass(20_000);
    verifier.add(record("2"));
    verifier.add(record("2"));
    expect(calls).toEqual([]);
    await clock.pass(10_000);
    expect(calls).toEqual([["1", "2"]]);
    expect([...verified.keys()]).toEqual(["decision 1", "decision 2"]);
    verifier.add(record("3"));
    await clock.pass(29_000);
    expect(calls).toHaveLength(1);
    await clock.pass(1_000);
    expect(calls[1]).toEqual(["3"]);
    await verifier.stop();
  });

  test("a full call does not wait", async () => {
    const { verifier, clock, calls } = bench(PATIENT);
    for (let i = 0; i < 230; i += 1) verifier.add(record(String(i)));
    await clock.pass(0);
    expect(calls.map((ids) => ids.length)).toEqual([100, 100]);
    await clock.pass(30_000);
    expect(calls.map((ids) => ids.length)).toEqual([100, 100, 30]);
    await verifier.stop();
  });

  test("a stop reads back what waits at once", async () => {
    const { verifier, calls, verified } = bench(PATIENT);
    for (const id of ["1", "2", "3"]) verifier.add(record(id));
    await verifier.stop();
    expect(calls).toEqual([["1", "2", "3"]]);
    expect(verified.size).toBe(3);
  });

  test("a help desk that is closed is asked again when it said, a few times", async () => {
    const { verifier, clock, calls, closed, verified } = bench({ gatherMs: 0, lookEveryMs: 0 });
    closed.forMs = 10_000;
    verifier.add(record("1"));
    await clock.pass(0);
    await clock.pass(9_000);
    expect(calls).toHaveLength(1);
    await clock.pass(1_000);
    await clock.pass(0);
    expect(calls).toHaveLength(2);
    closed.forMs = null;
    await clock.pass(10_000);
    await clock.pass(0);
    expect([calls.length, verified.size]).toEqual([3, 1]);
    await verifier.stop();
  });

  test("a stop does not wait for a help desk that is closed", async () => {
    const { verifier, calls, closed } = bench(PATIENT);
    closed.forMs = 900_000;
    for (let i = 0; i < 150; i += 1) verifier.add(record(String(i)));
    await verifier.stop();
    expect(calls.length).toBeLessThanOrEqual(2);
  });

  test("what another instance left behind is found at the next look", async () => {
    const { verifier, clock, calls, left } = bench({ gatherMs: 250, lookEveryMs: 600_000 });
    left.push(record("7"), record("8"));
    await clock.pass(599_000);
    expect(calls).toEqual([]);
    await clock.pass(1_000);
    await clock.pass(250);
    expect(calls).toEqual([["7", "8"]]);
    await verifier.stop();
  });
});
