/**
 * Which organization of the help desk is this account? Our own link first, then ids, then a domain; never a guess.
 *
 * Pure: the store's answers come in, an organization or a review item comes out.
 */
import type { Account, Organization, Policy } from "../policy/model.ts";

/** What is known about one account's possible organizations. */
export interface Candidates {
  /** Linked by an earlier run and still there. */
  readonly linked: Organization | null;
  /** Organizations whose `<prefix>account` field names the account. */
  readonly named: readonly Organization[];
  /** Organizations that carry the CRM's id as external id. */
  readonly external: readonly Organization[];
  /** Organizations that list one of the account's domains. */
  readonly domain: readonly Organization[];
}

export type MatchResult =
  | {
      readonly organization: Organization;
      readonly how: "linked" | "account_field" | "external_id" | "domain";
    }
  | { readonly organization: null; readonly code: string; readonly detail: string };

/**
 * The account's organization, or why there is none.
 *
 * @param ownerOf account that already owns an organization, or null.
 * @param sharesDomain another account lists one of this account's domains.
 */
export function matchOrganization(
  account: Account,
  candidates: Candidates,
  ownerOf: (organizationId: string) => string | null,
  sharesDomain: boolean,
): MatchResult {
  if (candidates.linked !== null) return { organization: candidates.linked, how: "linked" };
  for (const [how, list] of [
    ["account_field", candidates.named],
    ["external_id", candidates.external],
  ] as const) {
    if (list.length > 1) return several(list, how);
    const only = list[0];
    if (only !== undefined) return free(account, only, how, ownerOf);
  }
  if (candidates.domain.length > 1) return several(candidates.domain, "domain");
  const byDomain = candidates.domain[0];
  if (byDomain === undefined)
    return {
      organization: null,
      code: "organization_missing",
      detail:
        account.domains.length === 0
          ? "The account has no domain and no organization carries its id."
          : "No organization carries its id or one of its domains.",
    };
  if (sharesDomain)
    return {
      organization: null,
      code: "domain_claimed_twice",
      detail:
        "Another account lists the same domain; set the organization's external id to say which one it is.",
    };
  return free(account, byDomain, "domain", ownerOf);
}

function free(
  account: Account,
  organization: Organization,
  how: "account_field" | "external_id" | "domain",
  ownerOf: (id: string) => string | null,
): MatchResult {
  const owner = ownerOf(organization.id);
  if (owner === null || owner === account.id) return { organization, how };
  return {
    organization: null,
    code: "organization_taken",
    detail: `Organization ${organization.id} already belongs to account ${owner}.`,
  };
}

function several(list: readonly Organization[], how: string): MatchResult {
  const ids = list
    .slice(0, 5)
    .map((o) => o.id)
    .join(", ");
  return {
    organization: null,
    code: "several_organizations",
    detail: `Organizations ${ids} all match by ${how}; keep the id on one of them.`,
  };
}

/** Domains that may match at all: free-mail providers never do. */
export function matchableDomains(account: Account, policy: Policy): readonly string[] {
  return account.domains.filter((domain) => !policy.matching.publicDomains.includes(domain));
}
