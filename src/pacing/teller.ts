/** One instance at the shared budgets: what it knows, and that it writes one thing after another. */
import type { BudgetRow } from "../ports.ts";
import { ACCOUNT, type Book, type BookOptions } from "./book.ts";
import type { Others } from "./other-apps.ts";

/** What an instance is told about its side of the budgets. */
export interface AccountBudgetOptions extends BookOptions {
  /** Share of the account's limit left to the customer's other apps, 0–1. */
  readonly headroom: number;
  /** Hears that the store does not answer, at most every five seconds. */
  readonly warn: (message: string) => void;
}

/** A store that did not answer is asked again after this long. */
const ALONE_MS = 5_000;
/** Tries of a write that other instances' writes overtake. */
const TRIES = 8;

/** One instance at one upstream account's budgets. */
export interface Teller {
  readonly options: AccountBudgetOptions;
  readonly book: Book;
  readonly state: { aloneUntil: number; writing: Promise<void> };
  /** Starts of calls, by row. */
  readonly begun: Map<string, number[]>;
  readonly others: Others;
}

/** Writes down everything that is owed. Never rejects. */
export function settle(teller: Teller): Promise<void> {
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
export function inTurn<T>({ state }: Teller, work: () => Promise<T>): Promise<T> {
  const result = state.writing.then(work);
  state.writing = result.then(
    () => undefined,
    () => undefined,
  );
  return result;
}

/** Does the store not answer at present? */
export function isAlone({ options, state }: Teller): boolean {
  return options.time.ticks() < state.aloneUntil;
}

/** The store does not answer: goes on without it for a while. */
export function leave({ options, state }: Teller): void {
  state.aloneUntil = options.time.ticks() + ALONE_MS;
  options.warn(
    "the store does not tell the shared rate budget; going on with a quarter of it for five seconds",
  );
}

/** Share of this row's limit left to other apps, 0–1. */
export function headroomOf({ options }: Teller, { endpointClass }: BudgetRow): number {
  return endpointClass === ACCOUNT ? options.headroom : 0;
}
