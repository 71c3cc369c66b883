/** Who is served without being known: accounts that have no organization, and senders that no account claims. */
import type { DecisionRecord, Store } from "../ports.ts";
import { REQUESTER_DOMAIN } from "../ticket-organization.ts";

/** An account of the CRM without a record in the help desk. */
export interface UnmatchedAccount {
  readonly accountId: string;
  readonly name: string | null;
}

/** Tickets of one mail domain for which no customer was found. No address is kept. */
export interface UnmatchedSender {
  /** null = the senders have no e-mail address. */
  readonly domain: string | null;
  readonly tickets: number;
  /** Newest first, at most five. */
  readonly examples: readonly string[];
  readonly why: readonly string[];
}

const PAGE = 500;
/** As far back as the ledger is looked through; the domain counts for nothing after a month without a ticket. */
const DAYS_30_MS = 30 * 86_400_000;
/** Newest decisions that are looked at; a desk with more in a month sees the newest part. */
const DECISIONS = 10_000;
const EXAMPLES = 5;

/** Every account that is not gone and has no organization, in id order. */
export async function unmatchedAccounts(store: Store): Promise<readonly UnmatchedAccount[]> {
  const found: UnmatchedAccount[] = [];
  let after: string | null = null;
  for (;;) {
    const ids: readonly string[] = await store.accounts.page(after, PAGE);
    if (ids.length === 0) return found;
    after = ids.at(-1) ?? null;
    const linked = await store.organizations.linksOf(ids);
    const lost = ids.filter((id) => !linked.has(id));
    for (const { account } of (await store.accounts.many(lost)).values())
      if (account.goneOn === null) found.push({ accountId: account.id, name: account.name });
  }
}

/** Senders of the last 30 days without a customer, most tickets first. */
export async function unmatchedSenders(store: Store, now: number): Promise<readonly UnmatchedSender[]> {
  return bySender(await store.ledger.recentDecisions(DECISIONS), now - DAYS_30_MS);
}

/** Groups decisions (newest first) by mail domain. Only the newest of a ticket counts: it may have found its customer. */
export function bySender(records: readonly DecisionRecord[], since: number): readonly UnmatchedSender[] {
  const seen = new Set<string>();
  const groups = new Map<string | null, { tickets: string[]; why: Set<string> }>();
  for (const { ticketId, decidedAt, decision } of records) {
    if (seen.has(ticketId)) continue;
    seen.add(ticketId);
    if (decidedAt < since || decision.action !== "apply" || !decision.reasons.includes("account_unmatched"))
      continue;
    const domain = decision.facts.find((one) => one.fact === REQUESTER_DOMAIN)?.value ?? null;
    const group = groups.get(domain) ?? { tickets: [], why: new Set<string>() };
    group.tickets.push(ticketId);
    for (const reason of decision.reasons) if (WHY.includes(reason)) group.why.add(reason);
    groups.set(domain, group);
  }
  return [...groups]
    .map(([domain, { tickets, why }]) => ({
      domain,
      tickets: tickets.length,
      examples: tickets.slice(0, EXAMPLES),
      why: [...why],
    }))
    .toSorted((a, b) => b.tickets - a.tickets || (a.domain ?? "").localeCompare(b.domain ?? ""));
}

/** Reasons that say why a domain did not lead to a customer. */
const WHY: readonly string[] = ["domain_is_public", "domain_ambiguous", "requester_unverified"];
