/**
 * Works out, for a chunk of accounts, the tier each has now and what both sides should show. Writes nothing outside.
 */

import type { Account, HeldState, OrganizationChange, Policy, TierVerdict } from "../policy/model.ts";
import { desiredFields, reconcile } from "../policy/reconcile.ts";
import { tierOf } from "../policy/tier.ts";
import type { CustomerFacts, Entitlement, ReviewItem, Store, StoredAccount } from "../ports.ts";
import { momentOf } from "./moments.ts";
import {
  type Candidates,
  type MatchResult,
  matchableDomains,
  matchOrganization,
} from "./organization-match.ts";
import { type AtTheDoor, atTheDoor, noteStandings, placesOf } from "./waitlists.ts";

/** One account with everything the outward step needs. */
export interface Worked {
  readonly stored: StoredAccount;
  readonly verdict: TierVerdict;
  readonly match: MatchResult;
  /** What differs on the organization; null = nothing, or there is none. */
  readonly change: OrganizationChange | null;
  /** The label the CRM should show; null = it shows it already, or must not be written. */
  readonly label: string | null;
  readonly reviews: readonly Omit<ReviewItem, "since">[];
  /** It newly earns a place in a full tier: to be worked out again when the waiting lists are drawn up. */
  readonly undecided: boolean;
}

/** Tier, organization and differences of each account; stores the held state and new links. */
export async function workOut(
  store: Store,
  policy: Policy,
  labelProperty: string | null,
  accountIds: readonly string[],
  now: number,
): Promise<readonly Worked[]> {
  const known = await store.accounts.many(accountIds);
  const facts = await store.accounts.around({ accountIds });
  const before = await store.accounts.entitlements(accountIds);
  const decided = await decideAll(store, policy, [...known.keys()], facts, now);
  const matches = await matchAll(
    store,
    policy,
    [...known.values()].map((k) => k.account),
  );
  const worked = [...known].flatMap(([id, stored]): Worked[] => {
    const found = decided.get(id);
    if (found === undefined) return [];
    const account = facts.accounts.get(id) ?? stored.account;
    const match = matches.get(id) ?? NOT_LOOKED_FOR;
    return [compare(policy, labelProperty, account, stored, found, match, now)];
  });
  const rows = worked.map((one) => entitlementOf(one, policy, now, before.get(one.stored.account.id)));
  // Before the new tier is kept: a crash between the two then only looks at tickets once more than needed.
  await store.openTickets.raise(risen(policy, rows, before), now);
  await store.accounts.putEntitlements(
    rows.filter((row) => !sameEntitlement(before.get(row.accountId), row)),
  );
  await store.facts.remember(
    worked.map(({ stored: { account }, verdict }) =>
      momentOf(account, verdict, Math.max(now, before.get(account.id)?.asOf ?? now)),
    ),
  );
  await noteStandings(store, policy, rows, facts.accounts, now);
  await keepLinks(store, worked);
  return worked;
}

/** Who has a higher tier than before; somebody new has no open ticket that was promised less. */
function risen(
  policy: Policy,
  rows: readonly Entitlement[],
  before: ReadonlyMap<string, Entitlement>,
): readonly string[] {
  const rank = (tier: string): number => policy.tiers.find(({ id }) => id === tier)?.rank ?? 0;
  return rows
    .filter((row) => rank(row.tier) > rank(before.get(row.accountId)?.tier ?? row.tier))
    .map((row) => row.accountId);
}

const NOT_LOOKED_FOR: MatchResult = {
  organization: null,
  code: "organization_missing",
  detail: "It was not looked for.",
};

/** The verdict about each account; newcomers to a full tier wait at its door. */
async function decideAll(
  store: Store,
  policy: Policy,
  accountIds: readonly string[],
  { accounts, held }: CustomerFacts,
  now: number,
): Promise<ReadonlyMap<string, AtTheDoor>> {
  const overrides = await store.overrides.of(accountIds);
  const places = await placesOf(store, policy, accountIds);
  return new Map(
    accountIds.map((id) => {
      const decide = (as: HeldState | null): TierVerdict =>
        tierOf(id, accounts, as, overrides, policy, { asOf: now, now });
      return [id, atTheDoor(policy, held.get(id) ?? null, places.get(id) ?? new Set(), decide)];
    }),
  );
}

/** A clock that was put back does not make what it concludes now the older of two: it is as of the one before. */
function entitlementOf(
  { stored, verdict }: Worked,
  policy: Policy,
  now: number,
  before: Entitlement | undefined,
): Entitlement {
  const asOf = Math.max(now, before?.asOf ?? now);
  const { tier, basis, reasons, ledger } = verdict;
  const accountId = stored.account.id;
  return { accountId, tier, basis, reasons, held: ledger, asOf, policyVersion: policy.version };
}

function compare(
  policy: Policy,
  labelProperty: string | null,
  account: Account,
  stored: StoredAccount,
  { verdict, undecided }: AtTheDoor,
  match: MatchResult,
  now: number,
): Worked {
  const { organization } = match;
  const desired = desiredFields({ accountId: account.id, account, verdict }, policy);
  const change = organization === null ? null : reconcile(desired, organization, now, policy);
  const mayLabel = labelProperty !== null && account.goneOn === null;
  const label = mayLabel && stored.label !== verdict.tier ? verdict.tier : null;
  return { stored, verdict, match, change, label, reviews: reviewsOf(account, verdict, match), undecided };
}

/** What a person should look at: facts in doubt by the rules, and organizations that could not be told. */
function reviewsOf(
  account: Account,
  verdict: TierVerdict,
  match: MatchResult,
): readonly Omit<ReviewItem, "since">[] {
  const doubts = verdict.flags.includes("review") ? verdict.reasons.filter((r) => DOUBTFUL.test(r)) : [];
  const items = doubts.map((code) => ({
    accountId: account.id,
    code,
    detail: `Tier ${verdict.tier} (${verdict.basis}).`,
  }));
  return match.organization === null && match.code !== "organization_missing"
    ? [...items, { accountId: account.id, code: match.code, detail: match.detail }]
    : items;
}

/** Reasons of domain rules that come with the review flag. */
const DOUBTFUL =
  /^(contract_dates_invalid|plan_unmapped|arr_currency_unknown|arr_invalid|addon_unknown|addon_requirement_unmet|addon_vanished|hierarchy_cycle|trial_end_missing|no_entitlement_facts|stale_facts|override_conflict|fact_unreadable)/;

function sameEntitlement(before: Entitlement | undefined, now: Entitlement): boolean {
  if (before === undefined) return false;
  const { asOf: _a, ...left } = before;
  const { asOf: _b, ...right } = now;
  return JSON.stringify(left) === JSON.stringify(right);
}

async function keepLinks(store: Store, worked: readonly Worked[]): Promise<void> {
  const fresh = worked.flatMap(({ stored, match }) =>
    match.organization === null || match.how === "linked"
      ? []
      : [{ accountId: stored.account.id, organizationId: match.organization.id, how: match.how }],
  );
  if (fresh.length > 0) await store.organizations.link(fresh);
}

async function matchAll(
  store: Store,
  policy: Policy,
  accounts: readonly Account[],
): Promise<ReadonlyMap<string, MatchResult>> {
  const ids = accounts.map((a) => a.id);
  const linkOf = await store.organizations.linksOf(ids);
  const linked = await store.organizations.get([...linkOf.values()]);
  const named = await store.organizations.byAccountField(`${policy.prefix}account`, ids);
  const external = await store.organizations.byExternalId(accounts.flatMap((a) => externalIds(a.id)));
  const domains = [...new Set(accounts.flatMap((a) => matchableDomains(a, policy)))];
  const byDomain = await store.organizations.byDomain(domains);
  const owners = await store.organizations.accountOf([...named, ...external, ...byDomain].map((o) => o.id));
  const claimed = await store.accounts.listing(domains);
  const results = new Map<string, MatchResult>();
  const taken = new Map(owners);
  for (const account of accounts) {
    const mine = matchableDomains(account, policy);
    const candidates: Candidates = {
      linked: linked.get(linkOf.get(account.id) ?? "") ?? null,
      named: named.filter((o) => o.fields[`${policy.prefix}account`] === account.id),
      external: external.filter((o) => externalIds(account.id).includes(o.externalId?.toLowerCase() ?? "")),
      domain: byDomain.filter((o) => o.domains.some((d) => mine.includes(d))),
    };
    const shares = mine.some((d) => (claimed.get(d)?.length ?? 0) > 1);
    const result = matchOrganization(account, candidates, (id) => taken.get(id) ?? null, shares);
    if (result.organization !== null) taken.set(result.organization.id, account.id);
    results.set(account.id, result);
  }
  return results;
}

/** External ids match as `<id>` or `hubspot:<id>`, case-folded. */
function externalIds(accountId: string): readonly string[] {
  const folded = accountId.toLowerCase();
  return [folded, folded.slice(folded.indexOf(":") + 1)];
}
