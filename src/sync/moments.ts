/** What was true of accounts when: kept for reports whenever a sync works them out. */
import type { Account } from "../policy/model.ts";
import type { AccountMoment, Entitlement } from "../ports.ts";

/** The moment of one account; a repeat that says the same is not kept twice. */
export function momentOf(account: Account, { tier, basis, asOf }: Entitlement): AccountMoment {
  const { plan, arr, status, contractStart, contractEnd, goneOn } = account;
  return {
    accountId: account.id,
    name: account.name,
    at: asOf,
    tier,
    basis,
    ...{ plan, arr, status, contractStart, contractEnd, goneOn },
    addons: account.addons.map(({ sku, start, end }) => ({ sku, start, end })),
    tam: account.tam?.name ?? null,
  };
}
