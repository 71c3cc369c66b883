/** What one instance knows of an account's budgets: the rows as last read, and everything not written down yet. */
import type { BudgetRow, Budgets } from "../ports.ts";
import { freshRow, type Limit, turned } from "./budget.ts";
import { inTime } from "./in-time.ts";
import type { PacerTime } from "./time.ts";

/** Name of the row that counts every call. */
export const ACCOUNT = "account";

export interface BookOptions {
  readonly budgets: Budgets;
  /** Under which the rows are stored: `zendesk:acme.zendesk.com`. */
  readonly key: string;
  /** All calls together. */
  readonly account: Limit;
  /** Endpoint classes with a limit of their own; other classes share only the account's. */
  readonly classes: Readonly<Record<string, Limit>>;
  readonly time: PacerTime;
}

/** A change of one row at the moment `now`; carried out again on whatever the row is when it is written. */
export type Edit = (row: BudgetRow, now: number) => BudgetRow;

export interface Book {
  /** Rows that a call of this class debits; the last one is its own. */
  namesOf(endpointClass: string): readonly [string, ...string[]];
  /** Now by the database's clock, as far as it is known. */
  now(): number;
  /** The row with everything that is not written down yet. */
  row(name: string): BudgetRow;
  /** Calls made and not written down: more, or fewer where `calls` is negative. */
  owe(name: string, calls: number): void;
  /** A change to be written down; one about the same thing takes the place of the one before. */
  note(about: string, name: string, edit: Edit): void;
  forget(about: string): void;
  /** Rows of which something is not written down. */
  unwritten(): readonly string[];
  /** @throws StoreUnavailable */
  read(): Promise<void>;
  /** Writes these rows with all that was noted of them. false = another instance was quicker. @throws StoreUnavailable */
  write(rows: readonly BudgetRow[]): Promise<boolean>;
  /** Keeps what is owed in our own rows, for as long as there is no store. */
  keep(): void;
}

/** A store that has not answered by then is not waited for. */
const STORE_MS = 1_000;

/** An empty book. Nothing is read or written by itself. */
export function openBook(options: BookOptions): Book {
  const { budgets, key, classes, time } = options;
  const rows = new Map<string, BudgetRow>();
  const owed = new Map<string, number>();
  const edits = new Map<string, { readonly name: string; readonly edit: Edit }>();
  const clock = { offset: 0 };
  const now = (): number => time.ticks() + clock.offset;
  const stored = (name: string): BudgetRow =>
    rows.get(name) ?? freshRow(name, classes[name] ?? options.account);
  const owe = (name: string, calls: number): void => {
    owed.set(name, Math.max(0, (owed.get(name) ?? 0) + calls));
  };
  const debts = (): readonly (readonly [string, number])[] => [...owed].filter(([, calls]) => calls > 0);
  return {
    namesOf: (name) => (Object.hasOwn(classes, name) ? [ACCOUNT, name] : [ACCOUNT]),
    now,
    row(name) {
      const at = now();
      const own = [...edits.values()].filter((one) => one.name === name);
      return own.reduce((row, { edit }) => edit(row, at), withCalls(stored(name), owed.get(name) ?? 0, at));
    },
    owe,
    note(about, name, edit) {
      // Out first: changes are carried out in the order in which they were last made.
      edits.delete(about);
      edits.set(about, { name, edit });
    },
    forget: (about) => void edits.delete(about),
    unwritten: () => [
      ...new Set([...debts().map(([name]) => name), ...[...edits.values()].map(({ name }) => name)]),
    ],
    async read() {
      const answer = await inTime(budgets.read(key), STORE_MS, time);
      clock.offset = answer.now - time.ticks();
      rows.clear();
      for (const row of answer.rows) rows.set(row.endpointClass, row);
    },
    async write(next) {
      const names = new Set(next.map((row) => row.endpointClass));
      const paid = debts().filter(([name]) => names.has(name));
      const noted = [...edits].filter(([, one]) => names.has(one.name));
      // One order for all instances, so that two writes never wait for each other.
      const sorted = next.toSorted((a, b) => (a.endpointClass < b.endpointClass ? -1 : 1));
      if (!(await inTime(budgets.write(key, sorted), STORE_MS, time))) return false;
      for (const row of next) rows.set(row.endpointClass, { ...row, version: row.version + 1 });
      for (const [name, calls] of paid) owe(name, -calls);
      for (const [about, one] of noted) if (edits.get(about) === one) edits.delete(about);
      return true;
    },
    keep() {
      for (const [name, calls] of debts()) rows.set(name, withCalls(stored(name), calls, now()));
      owed.clear();
    },
  };
}

function withCalls(row: BudgetRow, calls: number, now: number): BudgetRow {
  if (calls === 0) return row;
  const current = turned(row, now);
  return { ...current, used: current.used + calls };
}
