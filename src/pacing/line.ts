/** The line of calls that wait for an upstream: the most urgent first, each only as long as its caller has patience. */
import { Paused } from "../errors.ts";
import type { Health, Lane } from "../ports.ts";
import { type AccountBudget, openAccountBudget } from "./account-budget.ts";
import { ACCOUNT } from "./book.ts";
import { LANES, spacingMs } from "./budget.ts";
import type { PacerOptions } from "./options.ts";
import { ownBudgets } from "./own-budgets.ts";
import { SLICE_MS, type Slice } from "./slices.ts";
import { type PacerTime, realTime } from "./time.ts";

/** Whoever waits looks again after this long: another instance may have learned something. */
const LOOK_MS = 5_000;

/** A call that waits. */
export interface Waiting {
  readonly endpointClass: string;
  readonly lane: Lane;
  readonly since: number;
  readonly before: (() => Promise<void>) | undefined;
  readonly start: () => Promise<void>;
  readonly reject: (error: unknown) => void;
}

/** All that is known about one upstream's callers. */
export interface Line {
  readonly options: PacerOptions;
  readonly time: PacerTime;
  readonly budget: AccountBudget;
  /** The most urgent first, then in order of arrival. */
  readonly waiting: Waiting[];
  /** What may begin, with the timer that ends it. */
  readonly slices: Map<Slice, () => void>;
  /** Classes and lanes for which the budget is being asked. */
  readonly asking: Set<string>;
  /** By class and lane: when to ask again, and when a call may be free, in ticks. */
  readonly later: Map<string, { readonly askAt: number; readonly freeAt: number }>;
  /** When the next call of a class with a very short window may start, in ticks. */
  readonly spaced: Map<string, number>;
  /** Calls under way that try whether trouble is over, by class. */
  readonly trying: Map<string, number>;
  readonly failures: Map<string, number>;
  readonly answers: Map<string, Map<Health, number>>;
  readonly state: { wake: (() => void) | null; stopped: boolean; refusal: Refusal | null };
}

/** Credentials that were refused. */
export interface Refusal {
  readonly credentials: string;
  readonly at: number;
  /** A call was let through since, with other credentials or after a quarter of an hour. */
  readonly tried: boolean;
  readonly problem: string;
  readonly fix: string;
}

/** An empty line. */
export function lineOf(options: PacerOptions): Line {
  const time = options.time ?? realTime;
  const budget = openAccountBudget({
    budgets: options.budgets ?? ownBudgets(time.ticks),
    key: options.key ?? options.upstream,
    account: options.account,
    classes: options.classes,
    headroom: options.headroom,
    time,
    warn: options.warn ?? (() => {}),
  });
  return {
    options,
    time,
    budget,
    waiting: [],
    slices: new Map(),
    asking: new Set(),
    later: new Map(),
    spaced: new Map(),
    trying: new Map(),
    failures: new Map(),
    answers: new Map(),
    state: { wake: null, stopped: false, refusal: null },
  };
}

/** Starts whatever may start, asks for what is missing, and plans the next look. */
export function pump(line: Line): void {
  if (line.state.stopped) return;
  // One moment for all of it: what is not due yet must get its timer, even if it falls due meanwhile.
  const now = line.time.ticks();
  sendAwayTheImpatient(line, now);
  const passed = new Set<string>();
  for (const one of [...line.waiting]) {
    if (passed.has(one.endpointClass)) continue;
    const slice = isSpacedOut(line, one, now) ? null : sliceFor(line, one);
    if (slice !== null) begin(line, one, slice);
    else {
      // Nobody of this class overtakes.
      passed.add(one.endpointClass);
      ask(line, one, now);
    }
  }
  planNextLook(line, now);
}

/** A slice this call may use: of its own lane or a lower one, for those were to be had more cheaply. */
function sliceFor(line: Line, one: Waiting): Slice | null {
  const rank = LANES.indexOf(one.lane);
  for (const slice of line.slices.keys())
    if (slice.left > 0 && slice.endpointClass === one.endpointClass && LANES.indexOf(slice.lane) >= rank)
      return slice;
  return null;
}

function begin(line: Line, one: Waiting, slice: Slice): void {
  const { endpointClass } = one;
  line.waiting.splice(line.waiting.indexOf(one), 1);
  const limit = line.options.classes[endpointClass];
  const spacing = limit === undefined ? 0 : spacingMs(limit);
  if (spacing > 0) line.spaced.set(endpointClass, line.time.ticks() + spacing);
  const undo = line.budget.begin(slice);
  void carryOut(line, one, slice, undo);
}

async function carryOut(line: Line, one: Waiting, slice: Slice, undo: () => void): Promise<void> {
  try {
    await one.before?.();
  } catch (error) {
    undo();
    one.reject(error);
    return pump(line);
  }
  if (slice.left === 0) retire(line, slice);
  const tries = (by: number): void => {
    const { trying } = line;
    if (slice.trying) trying.set(one.endpointClass, (trying.get(one.endpointClass) ?? 0) + by);
  };
  tries(1);
  try {
    await one.start();
  } catch (error) {
    one.reject(error);
  } finally {
    tries(-1);
  }
}

function ask(line: Line, one: Waiting, now: number): void {
  const key = keyOf(one);
  if (line.asking.has(key) || (line.later.get(key)?.askAt ?? 0) > now) return;
  if (isSpacedOut(line, one, now) && sliceFor(line, one) !== null) return;
  const wanted = line.waiting.filter((other) => keyOf(other) === key).length;
  line.asking.add(key);
  void line.budget.take(one.endpointClass, one.lane, wanted).then((answer) => {
    line.asking.delete(key);
    if ("waitMs" in answer) line.later.set(key, laterBy(line, answer.waitMs));
    else keep(line, answer);
    pump(line);
  });
}

/** At least a few ms: two that ask by turns must not keep each other awake. */
function laterBy({ time }: Line, waitMs: number): { readonly askAt: number; readonly freeAt: number } {
  const now = time.ticks();
  return { askAt: now + Math.min(LOOK_MS, Math.max(5, waitMs)), freeAt: now + waitMs };
}

function keep(line: Line, slice: Slice): void {
  if (line.state.stopped) {
    line.budget.end(slice);
    return;
  }
  line.slices.set(
    slice,
    line.time.after(SLICE_MS, () => retire(line, slice)),
  );
}

function retire(line: Line, slice: Slice): void {
  line.slices.get(slice)?.();
  if (line.slices.delete(slice)) line.budget.end(slice);
}

/** Takes back what may begin of a class; `account` = everything. */
export function drop(line: Line, endpointClass: string): void {
  for (const slice of line.slices.keys())
    if (endpointClass === ACCOUNT || slice.endpointClass === endpointClass) retire(line, slice);
}

function planNextLook(line: Line, now: number): void {
  line.state.wake?.();
  line.state.wake = null;
  const moments = line.waiting.flatMap((one) => [
    one.since + patience(line, one.endpointClass, one.lane),
    ...(line.asking.has(keyOf(one)) ? [] : [line.later.get(keyOf(one))?.askAt ?? 0]),
    ...(line.spaced.has(one.endpointClass) ? [line.spaced.get(one.endpointClass) ?? 0] : []),
  ]);
  const next = Math.min(...moments.filter((at) => at > now));
  if (Number.isFinite(next)) line.state.wake = line.time.after(next - now, () => pump(line));
}

function sendAwayTheImpatient(line: Line, now: number): void {
  for (const one of [...line.waiting]) {
    if (now - one.since < patience(line, one.endpointClass, one.lane)) continue;
    line.waiting.splice(line.waiting.indexOf(one), 1);
    one.reject(pausedFor(line, Math.max(1_000, (line.later.get(keyOf(one))?.freeAt ?? 0) - now)));
  }
}

function keyOf({ endpointClass, lane }: Waiting): string {
  return `${endpointClass} ${lane}`;
}

export function patience({ options }: Line, endpointClass: string, lane: Lane): number {
  return typeof options.patienceMs === "number"
    ? options.patienceMs
    : options.patienceMs(endpointClass, lane);
}

function isSpacedOut(line: Line, { endpointClass }: Waiting, now: number): boolean {
  return (line.spaced.get(endpointClass) ?? 0) > now;
}

export function pausedFor({ options }: Line, waitMs: number): Paused {
  return new Paused(`${options.upstream} takes no calls for another ${Math.ceil(waitMs / 1000)} s`, {
    upstream: options.upstream,
    afterMs: waitMs,
  });
}
