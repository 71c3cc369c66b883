/** How many accounts each technical account manager has, and how many managers the policy asks for. */
import type { Policy } from "../policy/model.ts";
import type { PresentAccount } from "./present.ts";

export interface TamLoad {
  /** Accounts of tiers with a named TAM. */
  readonly accounts: number;
  /** TAMs that the policy's `accounts_per_tam` asks for; null = it states none. */
  readonly needed: number | null;
  readonly accountsPerTam: number | null;
  /** Most accounts first. `over` = more than `accounts_per_tam`. */
  readonly tams: readonly { readonly tam: string; readonly accounts: number; readonly over: boolean }[];
  /** Accounts without an active TAM of their own. */
  readonly without: readonly { readonly accountId: string; readonly name: string | null }[];
}

/** From the accounts of tiers with a named TAM. A tier's own number counts where several tiers have one. */
export function tamLoad(policy: Policy, accounts: readonly PresentAccount[]): TamLoad {
  const perTam = new Map(policy.tiers.map((tier) => [tier.id, tier.capacity.accountsPerTam]));
  const counts = new Map<string, number>();
  let needed: number | null = null;
  for (const { account, tier } of accounts) {
    const each = perTam.get(tier) ?? null;
    if (each !== null && each > 0) needed = (needed ?? 0) + 1 / each;
    if (account.tam?.active === true) counts.set(account.tam.agent, (counts.get(account.tam.agent) ?? 0) + 1);
  }
  const stated = [...perTam.values()].filter((one) => one !== null);
  const accountsPerTam = stated.length === 0 ? null : Math.min(...stated);
  return {
    accounts: accounts.length,
    needed: needed ?? (accountsPerTam === null ? null : 0),
    accountsPerTam,
    tams: [...counts]
      .map(([tam, n]) => ({ tam, accounts: n, over: accountsPerTam !== null && n > accountsPerTam }))
      .toSorted((a, b) => b.accounts - a.accounts || a.tam.localeCompare(b.tam)),
    without: accounts
      .filter(({ account }) => account.tam?.active !== true)
      .map(({ account }) => ({ accountId: account.id, name: account.name })),
  };
}
