/** What accounts have at present, as the last sync left it. */
import type { Account, Basis, Policy, TierId } from "../policy/model.ts";
import type { Store } from "../ports.ts";

/** One account that is not gone, with what it has. */
export interface PresentAccount {
  readonly account: Account;
  readonly tier: TierId;
  readonly basis: Basis;
  /** Tiers it would have if there were room. */
  readonly waitlisted: readonly TierId[];
  /** Tier before gates and overrides; null = none recorded yet. */
  readonly heldTier: TierId | null;
  readonly organizationId: string | null;
}

const PAGE = 500;

/** All accounts that are not gone and that were worked out, in id order, in pages. */
export async function* presentAccounts(
  store: Pick<Store, "accounts" | "organizations">,
): AsyncGenerator<readonly PresentAccount[]> {
  let after: string | null = null;
  for (;;) {
    const ids: readonly string[] = await store.accounts.page(after, PAGE);
    if (ids.length === 0) return;
    after = ids.at(-1) ?? null;
    const [known, entitlements, links] = await Promise.all([
      store.accounts.many(ids),
      store.accounts.entitlements(ids),
      store.organizations.linksOf(ids),
    ]);
    yield ids.flatMap((id): readonly PresentAccount[] => {
      const account = known.get(id)?.account;
      const row = entitlements.get(id);
      if (account === undefined || row === undefined || account.goneOn !== null) return [];
      const { tier, held } = row;
      const basis = row.basis as Basis;
      const organizationId = links.get(id) ?? null;
      return [{ account, tier, basis, waitlisted: held.waitlisted, heldTier: held.tier, organizationId }];
    });
  }
}

/** Is the account served: above the default tier, or known to the help desk? A CRM is full of companies that are not. */
export function isServed(
  { tier, organizationId }: Pick<PresentAccount, "tier" | "organizationId">,
  policy: Policy,
): boolean {
  return tier !== policy.defaultTier || organizationId !== null;
}
