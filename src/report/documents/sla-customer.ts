/** For whom an SLA document is made out: only for an account that has the tier, or it would promise what is not owed. */
import type { Basis, Policy, TierId } from "../../policy/model.ts";
import type { Store } from "../../ports.ts";
import type { SlaCustomer } from "./sla.ts";

/** Why a document is not made out to an account. */
export type NoCustomer =
  | { readonly refused: "unknown" }
  | { readonly refused: "other tier"; readonly name: string; readonly has: TierId; readonly hasName: string };

/** The account with its basis; `tier` null = whichever it has. */
export async function slaCustomer(
  { accounts }: Pick<Store, "accounts">,
  policy: Policy,
  accountId: string,
  tier: TierId | null,
): Promise<(SlaCustomer & { readonly tier: TierId }) | NoCustomer> {
  const stored = await accounts.get(accountId);
  const entitlement = (await accounts.entitlements([accountId])).get(accountId) ?? null;
  if (stored === null || entitlement === null) return { refused: "unknown" };
  const { account } = stored;
  if (tier !== null && entitlement.tier !== tier) {
    const hasName = policy.tiers.find((one) => one.id === entitlement.tier)?.name ?? entitlement.tier;
    return { refused: "other tier", name: account.name ?? accountId, has: entitlement.tier, hasName };
  }
  return {
    account,
    basis: entitlement.basis as Basis,
    tam: account.tam?.agent ?? null,
    tier: entitlement.tier,
  };
}
