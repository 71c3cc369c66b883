/**
 * Which accounts get an organization of their own, with which name and domains? Pure.
 *
 * Only where the policy says `create_organizations: from_crm`. Every account that is not gone and has no organization
 * gets one, whatever its tier: somebody without a paid tier is a customer too, and is recognised when they write.
 */

import type { Account, Instant, Policy, TierVerdict } from "../policy/model.ts";
import { desiredFields, reconcile } from "../policy/reconcile.ts";
import type { NewOrganization } from "../ports.ts";
import { type MatchResult, matchableDomains } from "./organization-match.ts";

/** One account as a sync has worked it out. */
export interface Candidate {
  readonly account: Account;
  readonly verdict: TierVerdict;
  readonly match: MatchResult;
}

/** What is to be made, and for whom nothing can be. */
export interface CreationPlan {
  readonly rows: readonly NewOrganization[];
  readonly refused: readonly { readonly accountId: string; readonly reason: string }[];
}

/** Longest name an organization can have (remembered, not verified). */
const LONGEST_NAME = 255;

/**
 * The organizations to make.
 *
 * An organization that could be meant, but not for certain, is never doubled: only `organization_missing` counts. A
 * domain that is free mail, that another organization has or that another account lists is left out, for it would
 * bring that one's people here.
 *
 * @param takenDomains domains that organizations of the desk have.
 * @param listedBy accounts that list a domain.
 */
export function newOrganizations(
  candidates: readonly Candidate[],
  takenDomains: ReadonlySet<string>,
  listedBy: ReadonlyMap<string, readonly string[]>,
  policy: Policy,
  now: Instant,
): CreationPlan {
  if (policy.desk.createOrganizations !== "from_crm") return { rows: [], refused: [] };
  const names = new Set<string>();
  const rows: NewOrganization[] = [];
  const refused: { accountId: string; reason: string }[] = [];
  for (const { account, verdict, match } of candidates) {
    if (match.organization !== null || match.code !== "organization_missing" || account.goneOn !== null)
      continue;
    const name = (account.name ?? "").trim().slice(0, LONGEST_NAME);
    const doubt =
      name === "" ? "it has no name in the CRM" : names.has(folded(name)) ? sharedName(name) : null;
    if (doubt !== null) {
      refused.push({ accountId: account.id, reason: doubt });
      continue;
    }
    names.add(folded(name));
    const domains = matchableDomains(account, policy).filter(
      (domain) =>
        !takenDomains.has(domain) && (listedBy.get(domain) ?? []).every((owner) => owner === account.id),
    );
    rows.push({
      id: account.id,
      name,
      externalId: account.id,
      domains,
      fields: fieldsOf(account, verdict, policy, now),
    });
  }
  return { rows, refused };
}

function sharedName(name: string): string {
  return `another account is called "${name}" too`;
}

function folded(name: string): string {
  return name.trim().toLowerCase();
}

/** Our fields as on any organization; empty ones need not be sent. */
function fieldsOf(
  account: Account,
  verdict: TierVerdict,
  policy: Policy,
  now: Instant,
): NewOrganization["fields"] {
  const blank = { id: "", name: "", externalId: null, domains: [], tags: [], fields: {} };
  return (
    reconcile(desiredFields({ accountId: account.id, account, verdict }, policy), blank, now, policy) ?? {}
  );
}
