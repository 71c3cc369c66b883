/**
 * Who may call an upstream next. One budget per upstream account, shared by lanes here and by instances through the store.
 *
 * A higher lane goes first; a call that started is never interrupted; calls wait in a line only as long as their caller
 * has patience. Nothing waits here that is not in the store. Why the budget is shared as it is: docs/decisions/0007.
 */
import { Paused } from "./errors.ts";
import { ACCOUNT } from "./pacing/book.ts";
import { allowedOf, LANES } from "./pacing/budget.ts";
import { block, met, refused, refuseIfRefused } from "./pacing/health.ts";
import { drop, type Line, lineOf, patience, pausedFor, pump, type Waiting } from "./pacing/line.ts";
import type { PacerOptions } from "./pacing/options.ts";
import type { Health, Lane, Pacer } from "./ports.ts";

export type { Limit } from "./pacing/budget.ts";
export type { Alarm, PacerOptions } from "./pacing/options.ts";

/** Answers so far, by endpoint class and health. */
export type Answers = Readonly<Record<string, Readonly<Partial<Record<Health, number>>>>>;

/** A pacer, how it stands, and how to stop it. */
export interface RunningPacer extends Pacer {
  /** Until when calls are held back, by `now`; 0 = they flow. */
  blockedUntil(): number;
  /** Calls left in the running windows, by class; `account` = all calls. */
  left(): Readonly<Record<string, number>>;
  /** Calls of all classes that we may make in a window, without what is left to other apps, and how many of them are left. */
  account(): { readonly limit: number; readonly remaining: number };
  answers(): Answers;
  /** Lets no further call start, leaves no timer behind, and resolves when what was used is written down. */
  stop(): Promise<void>;
}

/** A pacer for one upstream account. */
export function createPacer(options: PacerOptions): RunningPacer {
  const line = lineOf(options);
  const { budget } = line;
  const names = [ACCOUNT, ...Object.keys(options.classes)];
  return {
    run: (endpointClass, lane, call, before) => run(line, endpointClass, lane, call, before),
    learn(endpointClass, told) {
      const news = budget.learn(endpointClass, told);
      if (news === "nothing") return;
      if (news === "stopped") drop(line, endpointClass);
      line.later.clear();
      pump(line);
    },
    block: (endpointClass, forMs) => block(line, endpointClass ?? ACCOUNT, forMs),
    met: (endpointClass, health) => met(line, endpointClass, health),
    refused: (problem, fix) => refused(line, problem, fix),
    blockedUntil() {
      const ms = Math.max(...names.map((name) => budget.blockedMs(name)));
      return ms === 0 ? 0 : Math.round(options.now() + ms);
    },
    left: () => Object.fromEntries(names.map((name) => [name, budget.left(name)])),
    account() {
      const [row] = budget.rows(ACCOUNT);
      const limit = row === undefined ? 0 : Math.floor(allowedOf(row, options.headroom));
      return { limit, remaining: budget.left(ACCOUNT) };
    },
    answers: () =>
      Object.fromEntries([...line.answers].map(([name, counts]) => [name, Object.fromEntries(counts)])),
    stop: () => stop(line),
  };
}

async function run<T>(
  line: Line,
  endpointClass: string,
  lane: Lane,
  call: () => Promise<T>,
  before: (() => Promise<void>) | undefined,
): Promise<T> {
  if (line.state.stopped) throw stopping(line);
  refuseIfRefused(line);
  const blockedMs = line.budget.blockedMs(endpointClass);
  if (blockedMs > patience(line, endpointClass, lane)) throw pausedFor(line, blockedMs);
  return new Promise<T>((resolve, reject) => {
    const start = async (): Promise<void> => resolve(await call());
    const entry: Waiting = { endpointClass, lane, since: line.time.ticks(), before, start, reject };
    const rank = LANES.indexOf(lane);
    const behind = line.waiting.findIndex((one) => LANES.indexOf(one.lane) > rank);
    line.waiting.splice(behind === -1 ? line.waiting.length : behind, 0, entry);
    pump(line);
  });
}

async function stop(line: Line): Promise<void> {
  line.state.wake?.();
  line.state.wake = null;
  for (const one of line.waiting.splice(0)) one.reject(stopping(line));
  drop(line, ACCOUNT);
  line.state.stopped = true;
  await line.budget.settle();
}

function stopping({ options }: Line): Paused {
  return new Paused(`stopped before calling ${options.upstream}`, {
    upstream: options.upstream,
    afterMs: 1_000,
  });
}
