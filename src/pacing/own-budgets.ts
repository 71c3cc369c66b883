/** Budgets of one process alone: for commands that run without a store. */
import type { BudgetRow, Budgets } from "../ports.ts";

/** Empty budgets by the clock `now`, ms. */
export function ownBudgets(now: () => number): Budgets {
  const accounts = new Map<string, Map<string, BudgetRow>>();
  const rowsOf = (account: string): Map<string, BudgetRow> => {
    const known = accounts.get(account) ?? new Map<string, BudgetRow>();
    accounts.set(account, known);
    return known;
  };
  return {
    read: async (account) => ({ now: now(), rows: [...rowsOf(account).values()] }),
    write: async (account, rows) => {
      const known = rowsOf(account);
      if (rows.some((row) => (known.get(row.endpointClass)?.version ?? 0) !== row.version)) return false;
      for (const row of rows) known.set(row.endpointClass, { ...row, version: row.version + 1 });
      return true;
    },
  };
}
