/** How fast the customer's other apps, and people, use the same limits: seen from one answer to the next. */
import type { BudgetRow } from "../ports.ts";

/** What others do with each row's limit. Moments are ticks. */
export interface Others {
  /** An answer told of so many calls that we did not know of: they were theirs. */
  told(name: string, calls: number, at: number): void;
  /** Calls they will have made since the last answer. */
  expected(row: BudgetRow, at: number): number;
}

/** A rate is forgotten, and learned, over about this long. */
const MEMORY_MS = 10_000;
/** Answers at the same moment tell no rate. */
const LEAST_MS = 100;
/** They are never expected to have used more than this share of a limit unseen. */
const MOST = 0.1;

/** Nobody seen yet. */
export function otherApps(): Others {
  const seen = new Map<string, { readonly at: number; readonly perMs: number }>();
  return {
    told(name, calls, at) {
      const last = seen.get(name);
      const theirs = Math.max(0, calls);
      const sinceMs = at - (last?.at ?? at - MEMORY_MS);
      if (sinceMs < LEAST_MS && theirs === 0) return;
      const weight = Math.min(1, sinceMs / MEMORY_MS);
      const perMs = theirs / Math.max(LEAST_MS, sinceMs);
      seen.set(name, { at, perMs: (last?.perMs ?? 0) * (1 - weight) + perMs * weight });
    },
    expected(row, at) {
      const last = seen.get(row.endpointClass);
      if (last === undefined) return 0;
      const calls = last.perMs * Math.min(MEMORY_MS, at - last.at);
      // A rate of next to nothing is what rounding leaves of none.
      return calls < 0.05 ? 0 : Math.min(Math.ceil(calls), Math.floor(row.limit * MOST));
    },
  };
}
