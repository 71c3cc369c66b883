/**
 * Open tickets of customers whose tier rose are looked at again: they may be promised more, never less.
 *
 * The mark stands in the store from before the new tier does until its tickets are in the inbox, so a crash repeats a
 * look and loses none. What happens to a ticket then is the worker's: at backfill pace, under the rules for tickets that
 * carry a promise already.
 */
import { errorFields, type Log } from "./log.ts";
import type { Policy, TicketEvent } from "./policy/model.ts";
import type { Desk, NewDelivery, RaisedAccount, Store } from "./ports.ts";
import { earlierOf } from "./ticket-earlier.ts";

export interface ReEvaluationPorts {
  readonly desk: Pick<Desk, "name" | "openTicketsOf">;
  readonly store: Pick<Store, "accounts" | "inbox" | "ledger" | "openTickets" | "organizations">;
  readonly log: Log;
  readonly policy: () => Policy;
  /** true = nothing is looked at now; the marks wait. */
  readonly closed: () => Promise<boolean>;
  /** New work is in the inbox. */
  readonly wake: () => void;
}

/** Accounts of one round: each costs a call for every hundred tickets of its organization. */
const ROUND = 50;

/** One round; answers how many tickets are to be looked at again. @throws what stopped it; the marks stay. */
export async function reEvaluate(ports: ReEvaluationPorts, signal: AbortSignal): Promise<number> {
  if (await ports.closed()) return 0;
  let tickets = 0;
  for (const account of await ports.store.openTickets.raised(ROUND)) {
    if (signal.aborted) break;
    try {
      tickets += await lookAgain(ports, account, signal);
    } catch (error) {
      ports.log.warn(
        { ...errorFields(error), account: account.accountId },
        "open tickets could not be looked for",
      );
      throw error;
    }
  }
  if (tickets > 0) ports.wake();
  return tickets;
}

/** A customer without an organization has no list of tickets: its next ticket is decided as it comes. */
async function lookAgain(
  { desk, store, log, policy }: ReEvaluationPorts,
  account: RaisedAccount,
  signal: AbortSignal,
): Promise<number> {
  const { accountId, raisedAt } = account;
  const organizationId = (await store.organizations.linksOf([accountId])).get(accountId);
  const entitlement = (await store.accounts.entitlements([accountId])).get(accountId);
  const rank = (tier: string): number => policy().tiers.find(({ id }) => id === tier)?.rank ?? 0;
  /** What nobody decided yet is older than the service, and a backfill's; what was promised as much is right already. */
  const promisedLess = async (id: string): Promise<boolean> => {
    const decision = earlierOf(await store.ledger.decisionsOf(id)).prior?.decision;
    return decision?.action === "apply" && rank(decision.tier) < rank(entitlement?.tier ?? decision.tier);
  };
  let tickets = 0;
  if (organizationId !== undefined)
    for await (const page of desk.openTicketsOf(organizationId, signal)) {
      if (signal.aborted) return tickets;
      for (const { id } of page) {
        if (!(await promisedLess(id))) continue;
        const key = `raised:${accountId}:${raisedAt}:${id}`;
        const delivery = ownDelivery(desk.name, id, "tier_raised", key);
        if ((await store.inbox.accept(delivery, "backfill", 0)) === "stored") tickets++;
      }
    }
  if (signal.aborted) return tickets;
  await store.openTickets.lookedAt(account);
  if (tickets > 0)
    log.info({ account: accountId, tickets }, "the tier rose: open tickets are looked at again");
  return tickets;
}

/**
 * Work of our own on a ticket, as a webhook would have told it. It carries the desk's name as its source, as webhooks do:
 * claims are per source, and a webhook that comes meanwhile must meet the same claim.
 */
export function ownDelivery(source: string, ticketId: string, event: TicketEvent, key: string): NewDelivery {
  return {
    source,
    kind: "ticket",
    subjectId: ticketId,
    keys: { event: key, invocation: null, bytes: key },
    hint: {
      event,
      eventType: key.split(":")[0] ?? event,
      updatedAt: null,
      organizationId: null,
      actorId: null,
    },
    accountIds: [],
    flagged: false,
    body: new Uint8Array(),
  };
}
