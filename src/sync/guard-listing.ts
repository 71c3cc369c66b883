/** What a person needs to decide about held changes: who, from which tier to which, and how much money is behind it. */
import type { Money } from "../policy/model.ts";
import { decimal, sumToCents } from "../policy/money.ts";
import type { Demotion, Store, WaitingRun } from "../ports.ts";

/** One account that would be demoted. */
export interface HeldDemotion extends Demotion {
  /** By the last accepted facts; null = not stated. */
  readonly arr: Money | null;
  /** The account whose record changed or is gone: itself, or a relative. */
  readonly because: string;
  /** `gone`: the CRM no longer listed the record. */
  readonly change: "facts" | "gone";
}

/** A waiting run with everybody in it. */
export interface HeldRunDetails {
  readonly run: WaitingRun;
  readonly demotions: readonly HeldDemotion[];
  /** ARR of the demoted accounts, one sum for each currency. */
  readonly arr: readonly Money[];
}

/** Every account that a waiting run would demote, each once, the most money first. */
export async function detailsOf(store: Store, run: WaitingRun): Promise<HeldRunDetails> {
  const rows = await store.guard.heldBy(run.runId);
  const found = new Map<string, Omit<HeldDemotion, "arr">>();
  for (const row of rows)
    for (const one of row.demotes) {
      // Its own record explains more than a relative's.
      if (found.has(one.accountId) && row.accountId !== one.accountId) continue;
      const change = row.facts === null ? "gone" : "facts";
      found.set(one.accountId, { ...one, because: row.accountId, change });
    }
  const known = await store.accounts.many([...found.keys()]);
  const demotions = [...found.values()].map((one) => {
    const arr = known.get(one.accountId)?.account.arr ?? null;
    return { ...one, arr };
  });
  return { run, demotions: demotions.toSorted(moreMoneyFirst), arr: sums(demotions) };
}

function sums(demotions: readonly HeldDemotion[]): readonly Money[] {
  const stated = demotions.flatMap(({ arr }) => (arr === null || arr.currency === null ? [] : [arr]));
  const currencies = [...new Set(stated.map((arr) => arr.currency))];
  return currencies.map((currency) => {
    const amounts = stated.filter((arr) => arr.currency === currency).map((arr) => decimal(arr.amount));
    return { amount: sumToCents(amounts).toFixed(2), currency };
  });
}

function moreMoneyFirst(a: HeldDemotion, b: HeldDemotion): number {
  const [left, right] = [a, b].map((one) => decimal(one.arr?.amount ?? "0"));
  return left !== undefined && right !== undefined ? right.cmp(left) : 0;
}
