/** Tables of accounts with the tier the facts give the first of them. */
import { expect, test } from "@jest/globals";
import type { Account } from "../../src/policy/model.ts";
import { account, policy, verdict } from "../builders.ts";

const rules = policy();

/** One line of a table: who, and everything that is found. */
export type GrantRow = readonly [
  sentence: string,
  accounts: readonly Account[],
  tier: string,
  basis: string,
  reasons: readonly string[],
  flags: readonly string[],
];

/** Makes a test of each line; reasons and flags are compared as sets, and none may be missing or too many. */
export function holds(rows: readonly GrantRow[]): void {
  test.each(rows)("%s", (_sentence, accounts, tier, basis, reasons, flags) => {
    const found = verdict(accounts, rules);
    expect({ tier: found.tier, basis: found.basis }).toEqual({ tier, basis });
    expect(found.reasons.toSorted()).toEqual(reasons.toSorted());
    expect(found.flags.toSorted()).toEqual(flags.toSorted());
  });
}

/** An amount in US dollars. */
export const usd = (amount: string) => ({ amount, currency: "USD" });

/** `acme`, below `hq`. */
export const child = (changes: Partial<Account> = {}): Account => account({ parentId: "hq", ...changes });

/** The parent of `acme`. */
export const hq = (changes: Partial<Account> = {}): Account => account({ id: "hq", ...changes });
