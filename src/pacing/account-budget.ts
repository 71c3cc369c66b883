/**
 * One instance's side of the shared budgets: takes slices of calls from the store, and writes down what became of them.
 *
 * A slice is a few calls of one class for one lane, for at most a second. While less than half of what is allowed is in
 * use, its calls are made on credit and written down together when it ends: a read before, a write behind, none in a
 * call's way. Nearer to the limit a slice is debited before its calls begin, and what is left over goes back.
 */
import type { BudgetRow, Lane } from "../ports.ts";
import { ACCOUNT, openBook } from "./book.ts";
import { allowedOf, corrected, countedAt, givenBack, reopened, shut, type Told, turned } from "./budget.ts";
import { otherApps } from "./other-apps.ts";
import { type Slice, take, type Wait } from "./slices.ts";
import { type AccountBudgetOptions, headroomOf, settle, type Teller } from "./teller.ts";

/** One upstream account's budgets, as an instance uses them. */
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

/** An answer can have been written this long ago: every call has a deadline of ten seconds. */
const ANSWER_MS = 10_000;

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
