/** What was true of an account when: kept for reports whenever a sync works it out. */
import type { Account, Instant, TierVerdict } from "../policy/model.ts";
import type { AccountMoment } from "../ports.ts";

/** The moment of one account; one that says the same as the last is not kept again. */
export function momentOf(account: Account, { tier, basis }: TierVerdict, at: Instant): AccountMoment {
  const { plan, arr, status, contractStart, contractEnd, goneOn } = account;
  return {
    accountId: account.id,
    name: account.name,
    at,
    tier,
    basis,
    ...{ plan, arr, status, contractStart, contractEnd, goneOn },
    addons: account.addons.map(({ sku, start, end }) => ({ sku, start, end })),
    tam: account.tam?.agent ?? null,
  };
}
