/** Customers as people look for them: lists, loads of tiers, and what a person should look at. */
import type { z } from "zod";
import type { ListedOverride } from "../overrides.ts";
import type { Account, Basis, Override, Policy } from "../policy/model.ts";
import { basisInWords } from "../policy/words.ts";
import type { Entitlement, ReviewItem, Store } from "../ports.ts";
import type { ConsoleParts } from "./parts.ts";
import type { customerRow, override, reviewList, tierLoads } from "./schemas-customers.ts";
import {
  accountShown,
  basisOrNull,
  basisShown,
  deskUrl,
  iso,
  isoOrNull,
  moneyShown,
  reasonShown,
  tierShown,
} from "./shown.ts";

type Row = z.input<typeof customerRow>;

const REVIEWS = 500;
const UNSERVED = 200;

/** What a list needs of each account, in the order of `ids`; accounts that are gone from the store are left out. */
export async function customerRows(store: Store, ids: readonly string[], policy: Policy): Promise<Row[]> {
  const [known, entitlements, links] = await Promise.all([
    store.accounts.many(ids),
    store.accounts.entitlements(ids),
    store.organizations.linksOf(ids),
  ]);
  return ids.flatMap((id) => {
    const account = known.get(id)?.account;
    if (account === undefined) return [];
    return [customerShown(account, entitlements.get(id) ?? null, links.get(id) ?? null, policy)];
  });
}

/** One account for a list. */
export function customerShown(
  account: Account,
  entitlement: Entitlement | null,
  organizationId: string | null,
  policy: Policy,
): Row {
  const basis = (entitlement?.basis ?? null) as Basis | null;
  return {
    account: { id: account.id, name: account.name },
    tier: entitlement === null ? null : tierShown(entitlement.tier, policy),
    basis,
    basisWords: basis === null ? null : basisInWords(basis, policy),
    basisSaid: basisOrNull(basis, policy),
    arr: moneyShown(account.arr),
    status: account.status,
    contractEnd: account.contractEnd,
    organizationId,
    factsAt: isoOrNull(account.syncedAt),
  };
}

/** Accounts per tier by basis, against the tier's cap; the highest tier first. */
export async function tierLoadsOf(store: Store, policy: Policy): Promise<z.input<typeof tierLoads>> {
  const shares = await store.console.lists.tierShares();
  const ids = new Set([...policy.tiers.map((tier) => tier.id), ...shares.map((share) => share.tier)]);
  const tiers = await Promise.all(
    [...ids].map(async (id) => {
      const own = shares.filter((share) => share.tier === id);
      const cap = policy.tiers.find((tier) => tier.id === id)?.capacity.maxAccounts ?? null;
      const holders = cap === null ? [] : await store.accounts.holders(id);
      return {
        tier: tierShown(id, policy),
        accounts: own.reduce((sum, share) => sum + share.accounts, 0),
        byBasis: own.map(({ basis, accounts }) => ({ basis, accounts, ...basisShown(basis, policy) })),
        cap,
        waiting: holders.filter((one) => one.tier !== id && one.held.waitlisted.includes(id)).length,
      };
    }),
  );
  return {
    total: shares.reduce((sum, share) => sum + share.accounts, 0),
    tiers: tiers.toSorted((a, b) => (b.tier.rank ?? -1) - (a.tier.rank ?? -1)),
  };
}

/** What somebody should look at: doubtful facts, the two mismatches of paying and serving, reports by agents. */
export async function reviewListOf(parts: ConsoleParts): Promise<z.input<typeof reviewList>> {
  const { store } = parts;
  const policy = parts.policy.policy();
  const { lists, reports } = store.console;
  const [items, unserved, unpaid, open] = await Promise.all([
    store.runs.reviews(REVIEWS),
    lists.paidNotServed(policy.defaultTier, UNSERVED),
    lists.servedNotPaid(`${policy.prefix}tier`, tierValue(policy), UNSERVED),
    reports.open(UNSERVED),
  ]);
  const names = await store.accounts.many([
    ...new Set([...items, ...open].flatMap(({ accountId }) => (accountId === null ? [] : [accountId]))),
  ]);
  const organizations = await store.organizations.get(unpaid);
  return {
    items: items.map((item) => reviewShown(item, names.get(item.accountId)?.account, policy)),
    paidNotServed: await customerRows(store, unserved, policy),
    servedNotPaid: [...organizations.values()].map(({ id, name, fields }) => ({
      organizationId: id,
      name,
      tier: tierShown(tierOfValue(fields[`${policy.prefix}tier`] ?? "", policy), policy),
      url: deskUrl(parts.apps.origin, "organizations", id),
    })),
    reports: open.map(({ id, ticketId, accountId, note, reportedBy, at }) => ({
      id,
      ticketId,
      account: accountId === null ? null : accountShown(accountId, names.get(accountId)?.account),
      note,
      reportedBy,
      at: iso(at),
    })),
  };
}

/** The organization's tier field is a drop-down: its values are the tier's tags. */
function tierValue(policy: Policy): string {
  return `${policy.prefix}tier_${policy.defaultTier}`;
}

function tierOfValue(value: string, policy: Policy): string {
  const tag = `${policy.prefix}tier_`;
  return value.startsWith(tag) ? value.slice(tag.length) : value;
}

/** One line of the review list. */
export function reviewShown(item: ReviewItem, account: Account | undefined, policy: Policy) {
  return {
    account: accountShown(item.accountId, account),
    ...reasonShown(item.code, policy),
    detail: item.detail,
    since: iso(item.since),
  };
}

/** One override as people look at it. */
export function overrideShown(
  one: ListedOverride,
  account: Account | undefined,
  policy: Policy,
): z.input<typeof override> {
  return {
    id: one.id,
    account: accountShown(one.accountId, account),
    kind: one.kind satisfies Override["kind"],
    tier: tierShown(one.tier, policy),
    reason: one.reason,
    approvedBy: one.approvedBy,
    createdAt: iso(one.createdAt),
    startsAt: isoOrNull(one.startsAt),
    expiresAt: isoOrNull(one.expiresAt),
    endedAt: isoOrNull(one.endedAt),
    endedBy: one.endedBy,
    from: one.from,
    state: one.state,
  };
}
