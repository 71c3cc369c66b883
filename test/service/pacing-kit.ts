/** What the tests of pacing share: time that is handed on by the test, a store that counts, a pacer on both. */
import { setImmediate as turn } from "node:timers/promises";
import { ownBudgets } from "../../src/pacing/own-budgets.ts";
import type { PacerTime } from "../../src/pacing/time.ts";
import { createPacer, type PacerOptions, type RunningPacer } from "../../src/pacing.ts";
import type { Budgets, Lane } from "../../src/ports.ts";

/** Time that stands still until the test lets it pass. */
export interface HandTime extends PacerTime {
  /** Lets `ms` pass; everything that falls due runs in its order. */
  pass(ms: number): Promise<void>;
  /** Lets what is ready to go on go on. */
  calm(): Promise<void>;
  /** Timers that wait. */
  pending(): number;
}

/** Time in the test's hand. `step` = how far it moves by itself whenever somebody looks, ms, as real time does. */
export function handTime(step = 0): HandTime {
  const state = { now: 1_000_000, next: 0 };
  const timers = new Map<number, { readonly at: number; readonly work: () => void }>();
  const calm = async (): Promise<void> => {
    for (let i = 0; i < 12; i += 1) await turn();
  };
  return {
    ticks: () => (state.now += step),
    after(ms, work) {
      const id = ++state.next;
      timers.set(id, { at: state.now + Math.max(0, ms), work });
      return () => void timers.delete(id);
    },
    async pass(ms) {
      const end = state.now + ms;
      await calm();
      for (;;) {
        const due = [...timers]
          .filter(([, one]) => one.at <= end)
          .sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
        if (due === undefined) break;
        const [id, { at, work }] = due;
        timers.delete(id);
        state.now = Math.max(state.now, at);
        work();
        await calm();
      }
      state.now = end;
    },
    calm,
    pending: () => timers.size,
  };
}

/** A shared store in memory that counts what it is asked. */
export interface CountingBudgets extends Budgets {
  readonly counts: { reads: number; writes: number };
  /** While set, nothing is answered but this failure. */
  broken: Error | "silent" | null;
}

/** Budgets by the test's time. */
export function countingBudgets(time: PacerTime): CountingBudgets {
  const inner = ownBudgets(time.ticks);
  const counts = { reads: 0, writes: 0 };
  const made: CountingBudgets = {
    counts,
    broken: null,
    async read(account) {
      counts.reads += 1;
      await failing(made.broken);
      return inner.read(account);
    },
    async write(account, rows) {
      counts.writes += 1;
      await failing(made.broken);
      return inner.write(account, rows);
    },
  };
  return made;
}

async function failing(broken: Error | "silent" | null): Promise<void> {
  if (broken === "silent") await new Promise(() => {});
  if (broken instanceof Error) throw broken;
}

/** A pacer in the test's time; patient unless told otherwise. */
export function pacerIn(time: PacerTime, options: Partial<PacerOptions> = {}): RunningPacer {
  return createPacer({
    upstream: "Desk",
    account: { limit: 1_000, perMs: 60_000 },
    classes: { write: { limit: 100, perMs: 60_000 } },
    headroom: 0.1,
    now: time.ticks,
    patienceMs: 10 * 60_000,
    time,
    ...options,
  });
}

/** Starts of calls, as an upstream would count them. */
export interface Starts {
  readonly all: { readonly at: number; readonly name: string; readonly lane: Lane }[];
  between(from: number, to: number): number;
}

/** An empty list of starts. */
export function noStarts(): Starts {
  const all: Starts["all"] = [];
  return { all, between: (from, to) => all.filter(({ at }) => at >= from && at < to).length };
}
