/** What a draft policy would do to today's accounts and open tickets: who goes up, who goes down, what it would cost. */

import type {
  Account,
  HeldState,
  Instant,
  Money,
  Override,
  Policy,
  TierId,
  TierVerdict,
} from "../policy/model.ts";
import { decimal, sumToCents } from "../policy/money.ts";
import { tierOf } from "../policy/tier.ts";
import type { Store } from "../ports.ts";

export interface PreviewPorts {
  readonly store: Store;
  readonly now: Instant;
  /** Those of these tickets that are not solved; null = the help desk is not asked. */
  readonly openTickets: ((ids: readonly string[]) => Promise<ReadonlySet<string>>) | null;
}

/** One account that a draft moves. */
export interface Mover {
  readonly accountId: string;
  readonly name: string | null;
  readonly from: TierId;
  readonly to: TierId;
  readonly up: boolean;
  readonly basis: string;
  readonly arr: Money | null;
  readonly openTickets: number | null;
}

/** One that moves, its tickets not looked for yet. */
export type MoverFound = Omit<Mover, "openTickets">;

export interface PolicyPreview {
  /** Accounts that were worked out. */
  readonly accounts: number;
  /** All that move, the most money first. */
  readonly movers: readonly Mover[];
  /** Open tickets of those that move; null = not asked. Counted for the first 500 that move. */
  readonly openTickets: number | null;
  readonly cost: { readonly calls: number; readonly minutes: number };
}

const PAGE = 500;
const DAY_MS = 86_400_000;
/** Movers whose tickets are looked for, and tickets of each. */
const ASKED = 500;
const TICKETS_EACH = 20;
/** Tickets older than this are rarely open. */
const TICKETS_SINCE_MS = 90 * DAY_MS;

/** Works every account out under both policies. Graces count as over on both sides, so only the draft makes a difference. */
export async function previewOf(ports: PreviewPorts, current: Policy, draft: Policy): Promise<PolicyPreview> {
  const { store } = ports;
  const found: MoverFound[] = [];
  let accounts = 0;
  let after: string | null = null;
  for (;;) {
    const ids: readonly string[] = await store.accounts.page(after, PAGE);
    if (ids.length === 0) break;
    after = ids.at(-1) ?? null;
    accounts += ids.length;
    found.push(...(await moversAmong(ports, current, draft, ids)));
  }
  return { accounts, ...(await withTickets(ports, found)) };
}

/** Those that move, the most money first, with their open tickets and what moving them costs. */
export async function withTickets(
  ports: PreviewPorts,
  found: readonly MoverFound[],
): Promise<Omit<PolicyPreview, "accounts">> {
  const sorted = found.toSorted(moreMoneyFirst);
  const tickets = await ticketsOf(ports, sorted.slice(0, ASKED));
  const movers = sorted.map((one) => ({
    ...one,
    openTickets: tickets === null ? null : (tickets.get(one.accountId)?.length ?? null),
  }));
  const raised = movers.filter((one) => one.up).reduce((sum, one) => sum + (one.openTickets ?? 0), 0);
  const openTickets =
    tickets === null ? null : [...tickets.values()].reduce((sum, ids) => sum + ids.length, 0);
  return { movers, openTickets, cost: costOf(movers.length, raised) };
}

async function moversAmong(
  { store, now }: PreviewPorts,
  current: Policy,
  draft: Policy,
  ids: readonly string[],
): Promise<readonly MoverFound[]> {
  const [facts, overrides] = await Promise.all([
    store.accounts.around({ accountIds: ids }),
    store.overrides.of(ids),
  ]);
  const { accounts, held } = facts;
  return ids.flatMap((id) => {
    const account = accounts.get(id);
    if (account === undefined || account.goneOn !== null) return [];
    const around = { held: held.get(id) ?? null, overrides, now };
    return moverBetween(id, { policy: current, accounts }, { policy: draft, accounts }, around) ?? [];
  });
}

/** A policy with the facts it is worked out on. */
export interface PreviewSide {
  readonly policy: Policy;
  readonly accounts: ReadonlyMap<string, Account>;
}

/** The account if it moves from one side to the other; null = it stays. Unknown before, it had the default tier. */
export function moverBetween(
  id: string,
  before: PreviewSide,
  then: PreviewSide,
  around: { readonly held: HeldState | null; readonly overrides: readonly Override[]; readonly now: Instant },
): MoverFound | null {
  const from = before.accounts.has(id) ? verdictUnder(before, id, around).tier : before.policy.defaultTier;
  const { tier: to, basis } = verdictUnder(then, id, around);
  if (from === to) return null;
  const account = then.accounts.get(id) ?? before.accounts.get(id);
  const up = rank(then.policy, to) > rank(then.policy, from, rank(before.policy, from));
  return { accountId: id, name: account?.name ?? null, from, to, up, basis, arr: account?.arr ?? null };
}

/** The tier once all graces are over: a lower result that began long ago is not kept back. */
function verdictUnder(
  { policy, accounts }: PreviewSide,
  id: string,
  { held, overrides: stored, now }: Parameters<typeof moverBetween>[3],
): TierVerdict {
  const lowerSince = now - (policy.stability.downgradeGraceDays + 1) * DAY_MS;
  const kept =
    held === null || !policy.tiers.some((tier) => tier.id === held.tier) ? null : { ...held, lowerSince };
  const overrides = [...stored, ...policy.overrides.items].filter((one) => one.accountId === id);
  return tierOf(id, accounts, kept, overrides, policy, { asOf: now, now });
}

function rank(policy: Policy, tier: TierId, otherwise = Number.POSITIVE_INFINITY): number {
  return policy.tiers.find((one) => one.id === tier)?.rank ?? otherwise;
}

function moreMoneyFirst(a: { readonly arr: Money | null }, b: { readonly arr: Money | null }): number {
  return decimal(b.arr?.amount ?? "0").cmp(decimal(a.arr?.amount ?? "0"));
}

/** Sums by currency; what has no currency is left out of the sum. */
export function arrOfMovers(movers: readonly { readonly arr: Money | null }[]): readonly Money[] {
  const stated = movers.flatMap(({ arr }) => (arr === null || arr.currency === null ? [] : [arr]));
  return [...new Set(stated.map((arr) => arr.currency))].map((currency) => {
    const amounts = stated.filter((arr) => arr.currency === currency).map((arr) => decimal(arr.amount));
    return { amount: sumToCents(amounts).toFixed(2), currency };
  });
}

/** Open tickets by account; null = the help desk is not asked. */
async function ticketsOf(
  { store, now, openTickets }: PreviewPorts,
  movers: readonly { readonly accountId: string }[],
): Promise<ReadonlyMap<string, readonly string[]> | null> {
  if (openTickets === null) return null;
  const known = new Map<string, readonly string[]>();
  for (const { accountId } of movers) known.set(accountId, await recentTickets(store, accountId, now));
  const open = await openTickets([...new Set([...known.values()].flat())]);
  return new Map([...known].map(([id, tickets]) => [id, tickets.filter((ticket) => open.has(ticket))]));
}

async function recentTickets(store: Store, accountId: string, now: Instant): Promise<readonly string[]> {
  const rows = await store.console.lists.decisions({
    after: null,
    ticketId: null,
    accountId,
    state: null,
    tier: null,
    unverifiedOnly: false,
    limit: TICKETS_EACH,
  });
  const recent = rows.filter(({ record }) => record.decidedAt > now - TICKETS_SINCE_MS);
  return [...new Set(recent.map(({ record }) => record.ticketId))];
}

/**
 * Organizations and labels go a hundred at a time, each batch of organizations with a look at its job; every open ticket
 * of an account that went up is read with others and written by itself. At the smallest plan's limits: 200 calls and 100
 * ticket updates a minute (developer.zendesk.com, rate limits, read 2026-11-22).
 */
export function costOf(
  movers: number,
  tickets: number,
): { readonly calls: number; readonly minutes: number } {
  const batches = Math.ceil(movers / 100);
  const calls = 3 * batches + Math.ceil(tickets / 100) + tickets;
  return { calls, minutes: Math.round(10 * Math.max(calls / 200, tickets / 100)) / 10 };
}
