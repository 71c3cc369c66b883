/** Which account a ticket belongs to, and which tickets are none of our business. */
import { type CompiledPolicy, compilePolicy } from "./compiled.ts";
import type { Account, Policy, Requester, Situation, Ticket } from "./model.ts";
import { folded } from "./text-fold.ts";
import { note, type Trail } from "./trail.ts";

/** Why a ticket is left alone; null = it is ours to decide. The first cause that applies. */
export function exclusionOf(ticket: Ticket, policy: Policy): string | null {
  const { scope } = policy;
  if (scope.skipStatuses.includes(ticket.status)) return "excluded_closed";
  if (ticket.tags.some((tag) => scope.skipTagsAny.includes(tag))) return "excluded_tag";
  if (scope.skipRequesterRoles.includes(ticket.requester.role)) return "excluded_internal_requester";
  const domain = domainOf(ticket.requester);
  const internal = compilePolicy(policy).internalDomains;
  if (domain !== null && internal.some((ours) => isWithin(domain, ours)))
    return "excluded_internal_requester";
  return scope.skipChannels.includes(ticket.channel) ? "excluded_channel" : null;
}

/** The ticket's account, by organization or by the requester's mail domain; null = none was chosen. */
export function accountOf(situation: Situation, policy: Policy, trail: Trail): string | null {
  for (const way of policy.matching.order) {
    const found =
      way === "organization" ? byOrganization(situation, trail) : byDomain(situation, policy, trail);
    if (found !== null) return found;
  }
  return null;
}

/** The part of an e-mail address behind the last `@`, lower-cased; null = there is no address. */
export function domainOf(requester: Requester): string | null {
  const email = requester.email?.trim() ?? "";
  const at = email.lastIndexOf("@");
  return at === -1 || at === email.length - 1 ? null : folded(email.slice(at + 1));
}

function byOrganization(situation: Situation, trail: Trail): string | null {
  const { organizationId } = situation.ticket;
  const linked = organizationId === null ? undefined : situation.orgLinks.get(organizationId);
  if (linked === undefined || !situation.accounts.has(linked)) return null;
  note(trail, "account_matched_by_org");
  return linked;
}

function byDomain(situation: Situation, policy: Policy, trail: Trail): string | null {
  const compiled = compilePolicy(policy);
  const domain = domainOf(situation.ticket.requester);
  if (domain === null) return null;
  if (compiled.publicDomains.has(domain)) {
    note(trail, "domain_is_public");
    return null;
  }
  const { owners, listed } = ownersOf(domain, situation.accounts.values(), policy, compiled);
  const [owner, another] = owners;
  if (owner === undefined) return null;
  if (another !== undefined) {
    note(trail, "domain_ambiguous", "review");
    return null;
  }
  if (situation.ticket.requester.verified === false) {
    note(trail, "requester_unverified", "review");
    return null;
  }
  note(trail, "account_matched_by_domain");
  trail.facts.push({ accountId: owner.id, fact: "domain", value: listed, syncedAt: owner.syncedAt });
  return owner.id;
}

/** Accounts that list the longest domain the requester's address falls under. */
function ownersOf(
  domain: string,
  accounts: Iterable<Account>,
  policy: Policy,
  compiled: CompiledPolicy,
): { readonly owners: readonly Account[]; readonly listed: string } {
  let owners: Account[] = [];
  let longest = "";
  for (const account of accounts) {
    for (const entry of account.domains) {
      const listed = folded(entry);
      const covers = policy.matching.subdomains ? isWithin(domain, listed) : domain === listed;
      if (!covers || compiled.publicDomains.has(listed) || listed.length < longest.length) continue;
      if (listed.length > longest.length) owners = [];
      longest = listed;
      if (owners.at(-1) !== account) owners.push(account);
    }
  }
  return { owners, listed: longest };
}

/** Whether a domain is another one or stands below it (`mail.acme.example` in `acme.example`). */
function isWithin(domain: string, other: string): boolean {
  if (other === "") return false;
  return domain === other || domain.endsWith(`.${other}`);
}
