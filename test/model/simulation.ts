/**
 * Simulated time: every call to the outside is an event on one list, and a seed decides which of those that are due
 * happens next, how long each takes, and which goes wrong.
 *
 * Nothing here waits for real time. A run with the same seed and the same troubles is the same run.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../src/ports.ts";

/** Where a call goes: what can go wrong with it depends on that. */
export type Boundary = "store read" | "store write" | "desk read" | "desk write" | "crm read" | "crm write";

/** One running process, or somebody outside. What a dead one still awaits never comes. */
export interface Life {
  readonly name: string;
  alive: boolean;
  /** Stopped by the machine until then, as by SIGSTOP. */
  frozenUntil: number;
  /** Its clock minus the true time, ms. */
  skewMs: number;
}

/** What befalls one call. */
export interface Mishap {
  /** Skips so many calls since the mishap before. */
  readonly skip: number;
  /** It waits for a write to help desk or CRM, and skips only a few of those. */
  readonly aimed: boolean;
  /** Chooses among what can go wrong at the boundary of the call it meets. */
  readonly code: number;
}

/** A call under way, as the faults see it. */
export interface Call {
  readonly life: Life;
  readonly boundary: Boundary;
  readonly what: string;
}

/** What a fault does instead of the plain call. */
export type Fault<T> = (call: Call, effect: () => T) => Promise<T>;

interface Due {
  at: number;
  readonly life: Life | null;
  /** Timers do not count as work. */
  readonly timer: boolean;
  readonly run: () => void;
}

export interface Simulation {
  readonly now: () => number;
  /** One line of the trace: who did what. */
  readonly tell: (who: string, what: string) => void;
  readonly trace: () => readonly string[];
  /** Performs `effect` some time from now, unless the caller dies before. */
  readonly call: <T>(call: Call, effect: () => T) => Promise<T>;
  /** The same without anything going wrong. */
  readonly calmly: <T>(call: Call, effect: () => T) => Promise<T>;
  /** Happens in `ms`, whoever is alive then. */
  readonly later: (ms: number, run: () => void) => void;
  /** A chance in 0 … `sides`-1; always 0 once the troubled part is over. */
  readonly roll: (sides: number) => number;
  readonly clockOf: (life: Life) => Clock;
  /** Time passes for everybody without anything being done. */
  readonly jump: (ms: number) => void;
  /** Runs until `steps` calls were made or nothing but timers is left; true = nothing is left. */
  readonly steps: (steps: number) => Promise<boolean>;
  /** Runs everything due within `ms`. */
  readonly pass: (ms: number) => Promise<void>;
  /** From now on every call is quick and none fails. */
  readonly calm: () => void;
  /** Calls made so far. */
  readonly calls: () => number;
}

export interface SimulationOptions {
  readonly start: number;
  readonly seed: number;
  /** Calls that the seed disturbs; all later ones are quick and in order. */
  readonly horizon: number;
  readonly mishaps: readonly Mishap[];
  /** The fault a mishap means at this boundary. */
  readonly faultFor: <T>(code: number, boundary: Boundary) => Fault<T>;
}

/** Milliseconds a call may take, by what it goes to. */
const STORE_MS: readonly number[] = [0, 0, 0, 0, 0, 1, 2, 15, 300];
const OUTSIDE_MS: readonly number[] = [1, 5, 40, 40, 120, 350, 700, 1_300];

/** Writes to the outside in a run. */
const FEW = 4;

/** More than any run needs: a run that does more is stuck. */
const MOST_STEPS = 60_000;

/** A simulation that begins at `start`. */
export function openSimulation(options: SimulationOptions): Simulation {
  const events: Due[] = [];
  const told: { readonly at: number; readonly who: string; readonly what: string }[] = [];
  const mishaps = [...options.mishaps];
  let now = options.start;
  let calls = 0;
  let steps = 0;
  let untilMishap = callsBefore(mishaps[0]);
  let calm = false;
  let draws = 0;
  const roll = (sides: number): number => {
    draws += 1;
    return calm || calls > options.horizon ? 0 : drawn(options.seed, draws) % sides;
  };
  const tell = (who: string, what: string): void => {
    told.push({ at: now - options.start, who, what });
  };
  const add = (due: Due): void => void events.push(due);
  const duration = (boundary: Boundary): number => {
    const table = boundary.startsWith("store") ? STORE_MS : OUTSIDE_MS;
    return table[roll(table.length)] ?? 0;
  };
  const calmly = <T>(call: Call, effect: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      const run = (): void => {
        try {
          const value = effect();
          tell(call.life.name, call.what);
          const thawsAt = call.life.frozenUntil;
          if (thawsAt <= now) {
            resolve(value);
            return;
          }
          // It stood still with the answer on its way: it goes on with it as if no time had passed.
          add({ at: thawsAt, life: call.life, timer: false, run: () => resolve(value) });
        } catch (error) {
          tell(call.life.name, `${call.what}: ${error instanceof Error ? error.message : String(error)}`);
          reject(error);
        }
      };
      add({ at: now + duration(call.boundary), life: call.life, timer: false, run });
    });
  const call = <T>(one: Call, effect: () => T): Promise<T> => {
    calls += 1;
    const isMeant = mishaps[0]?.aimed !== true || /^(?:desk|crm) write$/.test(one.boundary);
    if (calm || !isMeant || untilMishap > 0) {
      if (isMeant) untilMishap -= 1;
      return calmly(one, effect);
    }
    const mishap = mishaps.shift();
    untilMishap = callsBefore(mishaps[0]);
    return options.faultFor<T>(mishap?.code ?? 0, one.boundary)(one, effect);
  };
  const sleep = (life: Life, ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const due: Due = { at: now + Math.max(0, ms), life, timer: true, run: () => end() };
      const end = (): void => {
        signal?.removeEventListener("abort", end);
        const at = events.indexOf(due);
        if (at >= 0) events.splice(at, 1);
        resolve();
      };
      signal?.addEventListener("abort", end);
      add(due);
    });
  /** A call is on its way already when its caller is stopped; only what wakes the caller waits until it goes on. */
  const ripeAt = (due: Due): number => (due.timer ? Math.max(due.at, due.life?.frozenUntil ?? 0) : due.at);
  const bury = (): void => {
    for (let i = events.length - 1; i >= 0; i -= 1) if (events[i]?.life?.alive === false) events.splice(i, 1);
  };
  /** Performs one event due by `limit`; false = there is none. */
  const step = async (limit: number): Promise<boolean> => {
    await turn();
    bury();
    let ripe = events.filter((due) => ripeAt(due) <= now);
    if (ripe.length === 0) {
      // What waits for a turn of the real event loop (a group commit) must have had it before time passes.
      await turn();
      ripe = events.filter((due) => ripeAt(due) <= now);
    }
    if (ripe.length === 0) {
      const next = Math.min(...events.map(ripeAt));
      if (!(next <= limit)) return false;
      now = next;
      ripe = events.filter((due) => ripeAt(due) <= now);
    }
    const chosen = ripe[roll(ripe.length)];
    if (chosen === undefined) return false;
    events.splice(events.indexOf(chosen), 1);
    steps += 1;
    if (steps > MOST_STEPS) throw new Error(`no end after ${MOST_STEPS} steps`);
    chosen.run();
    return true;
  };
  const isBusy = (): boolean => events.some((due) => !due.timer && due.life?.alive !== false);
  return {
    now: () => now,
    tell,
    trace: () =>
      told.map(({ at, who, what }) => `${(at / 1000).toFixed(3).padStart(11)} s  ${who.padEnd(7)} ${what}`),
    call,
    calmly,
    later: (ms, run) => add({ at: now + ms, life: null, timer: false, run }),
    roll,
    clockOf: (life) => ({
      now: () => now + life.skewMs,
      sleep: (ms, signal) => sleep(life, ms, signal),
    }),
    jump: (ms) => {
      now += ms;
    },
    steps: async (count) => {
      const until = calls + count;
      while (calls < until) {
        await turn();
        bury();
        if (!isBusy()) {
          await turn();
          if (!isBusy() && events.every((due) => ripeAt(due) > now)) return true;
        }
        if (!(await step(Number.POSITIVE_INFINITY))) return true;
      }
      return false;
    },
    pass: async (ms) => {
      const limit = now + ms;
      while (await step(limit));
      now = Math.max(now, limit);
    },
    calm: () => {
      calm = true;
      untilMishap = Number.POSITIVE_INFINITY;
    },
    calls: () => calls,
  };
}

function callsBefore(mishap: Mishap | undefined): number {
  if (mishap === undefined) return Number.POSITIVE_INFINITY;
  return mishap.aimed ? mishap.skip % FEW : mishap.skip;
}

/** The `draw`-th number of a seed, at least 0 (a 32-bit mix; equal seeds give equal numbers). */
function drawn(seed: number, draw: number): number {
  let mixed = (seed ^ Math.imul(draw, 0x9e3779b1)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) >>> 0;
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
