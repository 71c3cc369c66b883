/**
 * One instance's side of the shared budgets: takes slices of calls from the store, and writes down what became of them.
 *
 * A slice is a few calls of one class for one lane, for at most a second. While less than half of what is allowed is in
 * use, its calls are made on credit and written down together when it ends: a read before, a write behind, none in a
 * call's way. Nearer to the limit a slice is debited before its calls begin, and what is left over goes back.
 */
import type { BudgetRow, Lane } from "../ports.ts";
import { ACCOUNT, type Book, type BookOptions, openBook } from "./book.ts";
import {
  allowedOf,
  corrected,
  countedAt,
  givenBack,
  reopened,
  shut,
  spent,
  type Told,
  turned,
  waitFor,
} from "./budget.ts";
import { type Others, otherApps } from "./other-apps.ts";

/** The right to begin some calls, until it ends. */
export interface Slice {
  readonly endpointClass: string;
  readonly lane: Lane;
  /** Calls not begun yet. */
  left: number;
  /** Not debited yet: every call that begins is owed. */
  readonly onCredit: boolean;
  /** Something is shut: this one call tries whether the trouble is over. */
  readonly trying: boolean;
  /** Over: nothing begins any more. */
  ended: boolean;
  /** The rows as they were debited. */
  readonly debited: readonly BudgetRow[];
}

export interface AccountBudgetOptions extends BookOptions {
  /** Share of the account's limit left to the customer's other apps, 0–1. */
  readonly headroom: number;
  /** Hears that the store does not answer, at most every five seconds. */
  readonly warn: (message: string) => void;
}

/** Nothing is to be had for so long. */
export interface Wait {
  readonly waitMs: number;
}

export interface AccountBudget {
  /** Up to `wanted` calls. Never rejects. */
  take(endpointClass: string, lane: Lane, wanted: number): Promise<Slice | Wait>;
  /** A call of the slice begins; the answer undoes it. */
  begin(slice: Slice): () => void;
  /** The slice is over: what was made on credit is written down, what is left goes back. */
  end(slice: Slice): void;
  /** What an answer's headers said: nothing new, something new, or that nothing more may start at present. */
  learn(endpointClass: string, told: Told): "nothing" | "changed" | "stopped";
  /** Trouble: nothing for `forMs`, then one call at a time. */
  shut(endpointClass: string, forMs: number): void;
  /** A call was answered well: opens what was shut for trouble. true = something was. */
  reopen(endpointClass: string): boolean;
  /** The class's own row, and the account's, as known here. */
  rows(endpointClass: string): readonly BudgetRow[];
  /** ms until something may start, as known here; 0 = now. */
  blockedMs(endpointClass: string): number;
  /** Calls left of the class's own limit, as known here. */
  left(endpointClass: string): number;
  /** Writes down everything that is owed. Never rejects. */
  settle(): Promise<void>;
}

/** A slice ends after this long; so does the time in which another instance's trouble goes unseen. */
export const SLICE_MS = 1_000;
/** Calls of a slice, at most. */
const MOST = 5;
/** Share of the allowed calls up to which slices are given on credit. */
const CREDIT = 0.5;
/** While something is shut, one call in this time may try. */
export const PROBE_MS = 5_000;
/**
 * While the store does not answer, an instance goes on by its own count with this share of what is allowed: work does
 * not stop, and four instances together still keep to the limit. The store is asked again every five seconds.
 */
const ALONE_SHARE = 0.25;
const ALONE_MS = 5_000;
/** Tries of a write that other instances' writes overtake. */
const TRIES = 8;
/** An answer can have been written this long ago: every call has a deadline of ten seconds. */
const ANSWER_MS = 10_000;

interface Teller {
  readonly options: AccountBudgetOptions;
  readonly book: Book;
  readonly state: { aloneUntil: number; writing: Promise<void> };
  /** Starts of calls, by row. */
  readonly begun: Map<string, number[]>;
  readonly others: Others;
}

/** One instance's side of one upstream account's budgets. Nothing is read or written before the first call. */
export function openAccountBudget(options: AccountBudgetOptions): AccountBudget {
  const book = openBook(options);
  const state = { aloneUntil: Number.NEGATIVE_INFINITY, writing: Promise.resolve() };
  const teller: Teller = { options, book, state, begun: new Map(), others: otherApps() };
  const own = (endpointClass: string): string => book.namesOf(endpointClass).at(-1) ?? ACCOUNT;
  const rows = (endpointClass: string): readonly BudgetRow[] =>
    book.namesOf(endpointClass).map((name) => turned(book.row(name), book.now()));
  return {
    take: (endpointClass, lane, wanted) => take(teller, { endpointClass, lane, wanted }),
    begin: (slice) => begin(teller, slice),
    end: (slice) => end(teller, slice),
    learn: (endpointClass, told) => learn(teller, own(endpointClass), told),
    shut(endpointClass, forMs) {
      const name = own(endpointClass);
      const until = options.time.ticks() + forMs;
      book.note(`shut ${name}`, name, (row, now) => shut(row, until - options.time.ticks(), now));
      void settle(teller);
    },
    reopen: (endpointClass) => reopen(teller, endpointClass),
    rows,
    blockedMs: (endpointClass) =>
      Math.max(0, ...rows(endpointClass).map((row) => row.blockedUntil - book.now())),
    left(endpointClass) {
      const row = book.row(own(endpointClass));
      return Math.max(0, Math.floor(allowedOf(row, headroomOf(teller, row)) - countedAt(row, book.now())));
    },
    settle: () => settle(teller),
  };
}

interface Want {
  readonly endpointClass: string;
  readonly lane: Lane;
  readonly wanted: number;
}

async function take(teller: Teller, want: Want): Promise<Slice | Wait> {
  if (isAlone(teller)) return alone(teller, want);
  try {
    await teller.book.read();
    const first = planned(teller, want, 1);
    if ("waitMs" in first || first.onCredit) return first;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const slice = await inTurn(teller, () => debited(teller, want));
      if (slice !== null) return slice;
    }
    return { waitMs: SLICE_MS / 10 };
  } catch {
    leave(teller);
    return alone(teller, want);
  }
}

/** null = another instance was quicker. */
async function debited(teller: Teller, want: Want): Promise<Slice | Wait | null> {
  await teller.book.read();
  const plan = planned(teller, want, 1);
  if ("waitMs" in plan || plan.onCredit) return plan;
  return (await teller.book.write(plan.debited)) ? plan : null;
}

function alone(teller: Teller, want: Want): Slice | Wait {
  const plan = planned(teller, want, ALONE_SHARE);
  return "waitMs" in plan ? plan : { ...plan, onCredit: true, debited: [] };
}

/** The slice that the rows allow at present, of what everybody may use or of a share of it. */
function planned(teller: Teller, { endpointClass, lane, wanted }: Want, share: number): Slice | Wait {
  const { book } = teller;
  const now = book.now();
  const at = teller.options.time.ticks();
  const rows = book.namesOf(endpointClass).map((name) => {
    const row = book.row(name);
    const allowed = allowedOf(row, headroomOf(teller, row)) - teller.others.expected(row, at);
    return { row, allowed: Math.max(1, Math.floor(allowed * share)) };
  });
  const shutNow = rows.some(({ row }) => row.closed);
  const size = Math.min(...rows.map(({ row, allowed }) => sliceOf(row, allowed)));
  const left = shutNow ? 1 : Math.min(size, wanted);
  const waitMs = Math.max(...rows.map(({ row, allowed }) => waitFor(row, lane, left, now, allowed)));
  if (waitMs > 0) return { waitMs };
  const onCredit =
    !shutNow && rows.every(({ row, allowed }) => countedAt(row, now) + size <= allowed * CREDIT);
  const slice = { endpointClass, lane, onCredit, trying: shutNow, ended: false };
  if (onCredit) return { ...slice, left: size, debited: [] };
  return { ...slice, left, debited: rows.map(({ row }) => spent(row, left, now, PROBE_MS)) };
}

/** A second's worth of calls, at most five and at most a twentieth of the limit; one at least. */
function sliceOf({ windowMs }: BudgetRow, allowed: number): number {
  const most = Math.min(MOST, Math.ceil((allowed * SLICE_MS) / windowMs), Math.ceil(allowed / 20));
  return Math.max(1, most);
}

function begin(teller: Teller, slice: Slice): () => void {
  const { options, book, begun } = teller;
  const names = book.namesOf(slice.endpointClass);
  const at = options.time.ticks();
  slice.left -= 1;
  for (const name of names) {
    begun.set(name, [...(begun.get(name) ?? []).filter((start) => start > at - ANSWER_MS), at]);
    if (slice.onCredit) book.owe(name, 1);
  }
  return () => {
    if (slice.onCredit) for (const name of names) book.owe(name, -1);
    if (!slice.ended) slice.left += 1;
    else giveBack(teller, slice, 1);
  };
}

function end(teller: Teller, slice: Slice): void {
  slice.ended = true;
  giveBack(teller, slice, slice.left);
  slice.left = 0;
  void settle(teller);
}

function giveBack({ book, options }: Teller, { debited: rows }: Slice, calls: number): void {
  if (calls === 0) return;
  for (const { endpointClass: name, windowEnd } of rows)
    book.note(`back ${name} ${options.time.ticks()}`, name, (row, now) =>
      givenBack(row, calls, windowEnd, now),
    );
}

function learn(teller: Teller, name: string, told: Told): "nothing" | "changed" | "stopped" {
  const { book, options } = teller;
  const toldAt = options.time.ticks();
  const edit = (row: BudgetRow, now: number): BudgetRow => {
    const at = options.time.ticks();
    const resetsInMs = told.resetsInMs - (at - toldAt);
    if (resetsInMs <= 0) return row;
    const recent = (teller.begun.get(name) ?? []).filter((start) => start > at - ANSWER_MS).length;
    return corrected(row, { ...told, resetsInMs }, { now, headroom: headroomOf(teller, row), recent });
  };
  const before = book.row(name);
  const known = told.rolling === true ? countedAt(before, book.now()) : before.used;
  teller.others.told(name, told.limit - told.remaining - known, toldAt);
  const after = edit(before, book.now());
  if (after === before) return "nothing";
  book.note(`told ${name}`, name, edit);
  if (after.blockedUntil === before.blockedUntil) return "changed";
  void settle(teller);
  return "stopped";
}

function reopen(teller: Teller, endpointClass: string): boolean {
  const { book, options } = teller;
  const names = book.namesOf(endpointClass).filter((name) => book.row(name).closed);
  const openedAt = options.time.ticks();
  // Where everything was shut, what waited for every class comes back at once.
  for (const name of names.includes(ACCOUNT) ? [ACCOUNT, ...Object.keys(options.classes)] : names) {
    book.forget(`shut ${name}`);
    book.note(`open ${name}`, name, (row, now) =>
      reopened(row, now - (options.time.ticks() - openedAt), headroomOf(teller, row)),
    );
  }
  if (names.length > 0) void settle(teller);
  return names.length > 0;
}

function settle(teller: Teller): Promise<void> {
  const { book } = teller;
  return inTurn(teller, async () => {
    if (isAlone(teller)) return book.keep();
    try {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const names = book.unwritten();
        if (names.length === 0) return;
        await book.read();
        if (await book.write(names.map((name) => book.row(name)))) return;
      }
    } catch {
      leave(teller);
      book.keep();
    }
  });
}

/** One write after another: each stands on what the one before it left. */
function inTurn<T>({ state }: Teller, work: () => Promise<T>): Promise<T> {
  const result = state.writing.then(work);
  state.writing = result.then(
    () => undefined,
    () => undefined,
  );
  return result;
}

function isAlone({ options, state }: Teller): boolean {
  return options.time.ticks() < state.aloneUntil;
}

function leave({ options, state }: Teller): void {
  state.aloneUntil = options.time.ticks() + ALONE_MS;
  options.warn(
    "the store does not tell the shared rate budget; going on with a quarter of it for five seconds",
  );
}

function headroomOf({ options }: Teller, { endpointClass }: BudgetRow): number {
  return endpointClass === ACCOUNT ? options.headroom : 0;
}
