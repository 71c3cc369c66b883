/**
 * From a ticket as the desk holds it to what `decide()` reads: who set its priority, which accounts could own it,
 * whether the sender is proven, whether the named TAM still works here.
 */
import type { Account, Policy, PrioritySetter, Situation, Ticket, TicketEvent } from "./policy/model.ts";
import { setByNativeTrigger } from "./policy/native.ts";
import { promiseOf } from "./policy/promise.ts";
import type { CustomerFacts, DecisionRecord, Desk, Lane, Store, TicketReading } from "./ports.ts";
import { organizationFor } from "./ticket-organization.ts";

export interface SituationPorts {
  readonly desk: Desk;
  readonly store: Store;
  /** The active agent behind a TAM's e-mail, remembered for an hour; null = none. */
  readonly agentId: (email: string) => Promise<string | null>;
}

/** Everything the rules may look at for this ticket now. Costs a call only where the domain says so. */
export async function situationOf(
  ports: SituationPorts,
  policy: Policy,
  reading: TicketReading,
  event: TicketEvent,
  last: DecisionRecord | null,
  lane: Lane,
): Promise<Situation> {
  const domain = domainOf(reading.requester.email);
  const organizationId = await organizationFor(ports, policy, reading, lane);
  const facts = await ports.store.accounts.around({ organizationId, domain });
  const setBy = await prioritySetBy(ports.desk, policy, reading, last, lane);
  const verified = await isVerified(ports.desk, policy, { ...reading, organizationId }, facts, domain, lane);
  return {
    ticket: { ...ticketOf(reading, setBy, verified), organizationId },
    event,
    orgLinks: facts.orgLinks,
    accounts: await withAgents(facts.accounts, policy, ports.agentId),
    held: facts.held,
    // Those of the policy file are the policy's to bring.
    overrides: await ports.store.overrides.of([...facts.accounts.keys()]),
    availability: new Map(),
    prior: priorOf(last),
  };
}

/**
 * Who gave the ticket its present priority.
 *
 * Reads the audits at most once, and only where a priority is set that our own ledger cannot explain.
 */
export async function prioritySetBy(
  desk: Desk,
  policy: Policy,
  reading: TicketReading,
  last: DecisionRecord | null,
  lane: Lane,
): Promise<PrioritySetter> {
  if (reading.priority === null) return "none";
  if (last !== null) {
    const ours = last.change?.priority ?? last.before.priority;
    if (ours === reading.priority) return last.before.prioritySetBy;
    if (policy.desk.automationUsers.length === 0) return "agent";
    return (await authorIsAutomation(desk, policy, reading.id, lane)) ? "automation" : "agent";
  }
  if (setByNativeTrigger(reading.priority, reading.tags, policy)) return "automation";
  if (isStaff(reading.submitterRole)) {
    const listed = reading.submitterId !== null && policy.desk.automationUsers.includes(reading.submitterId);
    return listed ? "automation" : "agent";
  }
  const { priorityAuthor } = await desk.readHistory(reading.id, lane);
  if (priorityAuthor === null) return "agent";
  if (priorityAuthor.byRule || policy.desk.automationUsers.includes(priorityAuthor.id)) return "automation";
  return priorityAuthor.id === reading.requesterId ? "requester" : "agent";
}

async function authorIsAutomation(
  desk: Desk,
  policy: Policy,
  ticketId: string,
  lane: Lane,
): Promise<boolean> {
  const { priorityAuthor } = await desk.readHistory(ticketId, lane);
  return (
    priorityAuthor !== null &&
    (priorityAuthor.byRule || policy.desk.automationUsers.includes(priorityAuthor.id))
  );
}

function isStaff(role: string | null): boolean {
  return role === "agent" || role === "admin";
}

/** Asked only where it decides: a ticket that could be matched by its sender's domain alone. */
async function isVerified(
  desk: Desk,
  policy: Policy,
  reading: TicketReading,
  facts: CustomerFacts,
  domain: string | null,
  lane: Lane,
): Promise<boolean> {
  if (reading.requester.verified !== null) return reading.requester.verified;
  const linked = reading.organizationId !== null && facts.orgLinks.has(reading.organizationId);
  if (linked || domain === null || policy.matching.publicDomains.includes(domain)) return true;
  const couldMatch = [...facts.accounts.values()].some((account) => listsDomain(account, domain));
  if (!couldMatch || reading.requesterId === null) return true;
  return desk.isVerified(reading.requesterId, lane);
}

function listsDomain(account: Account, domain: string): boolean {
  return account.domains.some((listed) => domain === listed || domain.endsWith(`.${listed}`));
}

/** Mail domain in lower case; null = there is no address. */
export function domainOf(email: string | null): string | null {
  const at = email?.lastIndexOf("@") ?? -1;
  return email === null || at < 0 ? null : email.slice(at + 1).toLowerCase();
}

function ticketOf(
  reading: TicketReading,
  setBy: PrioritySetter,
  verified: boolean,
): Ticket & { readonly followerIds: readonly string[] } {
  const { email, role, vip } = reading.requester;
  return {
    id: reading.id,
    createdAt: reading.createdAt,
    status: reading.status,
    subject: reading.subject,
    description: reading.description,
    priority: reading.priority,
    prioritySetBy: setBy,
    impact: reading.impact,
    group: reading.group,
    assignee: reading.assigneeId,
    form: reading.form,
    channel: reading.channel,
    tags: reading.tags,
    organizationId: reading.organizationId,
    requester: { email, role, vip, verified },
    followerIds: reading.followerIds,
  };
}

/** A TAM counts as active only while an active agent of that address exists in the desk. */
async function withAgents(
  accounts: ReadonlyMap<string, Account>,
  policy: Policy,
  agentId: (email: string) => Promise<string | null>,
): Promise<ReadonlyMap<string, Account>> {
  if (!policy.tiers.some((tier) => tier.entitlements.namedTam)) return accounts;
  const found = new Map<string, Account>();
  for (const [id, account] of accounts) {
    const agent = account.tam === null ? null : await agentId(account.tam.agent);
    const tam = account.tam === null ? null : { agent: agent ?? account.tam.agent, active: agent !== null };
    found.set(id, { ...account, tam });
  }
  return found;
}

function priorOf(last: DecisionRecord | null): Situation["prior"] {
  return last === null || last.decision.action !== "apply" ? null : promiseOf(last.decision);
}
