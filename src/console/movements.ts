/** Tiers that will change within the next weeks by time alone: contracts, trials, add-ons, graces and overrides. */
import type { z } from "zod";
import { addDays, DAY_MS, dayNumber, zoneNamed } from "../policy/dates.ts";
import type { Account, CalendarDate, HeldState, Instant, Override, Policy, TierId } from "../policy/model.ts";
import { tierOf } from "../policy/tier.ts";
import type { Store } from "../ports.ts";
import type { movements } from "./schemas-customers.ts";
import { accountShown, dayOf, moneyShown, reasonsShown, tierShown } from "./shown.ts";

/** How far people look ahead. */
export const AHEAD_DAYS = 30;
/** Accounts with a date near the window that are worked out; what is beyond is told as incomplete. */
const CANDIDATES = 5_000;
/** Accounts whose families are read together. */
const CHUNK = 500;

/** Everything known about one customer, for looking ahead. */
interface Known {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly held: ReadonlyMap<string, HeldState>;
  readonly overrides: readonly Override[];
  readonly policy: Policy;
}

/** A tier that changes on a day. */
export interface Move {
  readonly accountId: string;
  readonly on: CalendarDate;
  readonly from: TierId;
  readonly to: TierId;
  readonly reasons: readonly string[];
}

/** Every movement of the next 30 days, soonest first. */
export async function movementsOf(
  store: Store,
  policy: Policy,
  now: Instant,
): Promise<z.input<typeof movements>> {
  const today = dayOf(now, policy);
  const until = addDays(today, AHEAD_DAYS);
  const { ids, complete } = await candidates(store, policy, now, today, until);
  const found: { readonly move: Move; readonly known: Known }[] = [];
  for (let i = 0; i < ids.length; i += CHUNK) {
    const chunk = ids.slice(i, i + CHUNK);
    const known = await knownOf(store, policy, chunk);
    const present = chunk.filter((id) => known.accounts.has(id));
    found.push(...present.flatMap((id) => movesOf(id, known, now)).map((move) => ({ move, known })));
  }
  return {
    from: today,
    to: until,
    looked: ids.length,
    complete,
    movements: found
      .toSorted((a, b) => (placeOf(a.move) < placeOf(b.move) ? -1 : 1))
      .map(({ move, known }) => moveShown(move, known)),
  };
}

function placeOf({ on, accountId }: Move): string {
  return `${on} ${accountId}`;
}

async function knownOf(store: Store, policy: Policy, ids: readonly string[]): Promise<Known> {
  const [facts, stored] = await Promise.all([
    store.accounts.around({ accountIds: ids }),
    store.overrides.of(ids),
  ]);
  return {
    accounts: confirmedThroughout(facts.accounts),
    held: facts.held,
    overrides: [...stored, ...policy.overrides.items],
    policy,
  };
}

function moveShown(move: Move, { accounts, policy }: Known) {
  const account = accounts.get(move.accountId);
  const [from, to] = [tierShown(move.from, policy), tierShown(move.to, policy)];
  return {
    account: accountShown(move.accountId, account),
    on: move.on,
    from,
    to,
    direction: (to.rank ?? 0) >= (from.rank ?? 0) ? ("up" as const) : ("down" as const),
    arr: moneyShown(account?.arr ?? null),
    reasons: reasonsShown(move.reasons, policy),
  };
}

/** Whose result time can change: dated facts near the window, graces that run, overrides that begin or end. */
async function candidates(
  store: Store,
  policy: Policy,
  now: Instant,
  today: CalendarDate,
  until: CalendarDate,
): Promise<{ readonly ids: readonly string[]; readonly complete: boolean }> {
  const { lapseGraceDays, lapseGraceDaysIfRenewalOpen } = policy.contract;
  const graces = policy.addons.map((addon) => addon.lapseGraceDays);
  const back = Math.max(
    lapseGraceDays,
    lapseGraceDaysIfRenewalOpen,
    policy.stability.downgradeGraceDays,
    ...graces,
  );
  const dated = await store.console.lists.datedAccounts(addDays(today, -back - 1), until, CANDIDATES + 1);
  const turning = await store.overrides.turning(now, now + (AHEAD_DAYS + 1) * DAY_MS);
  const file = policy.overrides.items.map((one) => one.accountId);
  const inGrace = (await store.accounts.inGrace()).slice(0, CANDIDATES);
  const seeds = [...new Set([...dated.slice(0, CANDIDATES), ...turning, ...inGrace, ...file])];
  return { ids: seeds.slice(0, 2 * CANDIDATES), complete: dated.length <= CANDIDATES };
}

/** Looking ahead supposes that the CRM goes on confirming what it says today. */
function confirmedThroughout(accounts: ReadonlyMap<string, Account>): ReadonlyMap<string, Account> {
  const later = Number.MAX_SAFE_INTEGER;
  return new Map(
    [...accounts].map(([id, account]) => [
      id,
      account.syncedAt === null ? account : { ...account, syncedAt: later },
    ]),
  );
}

/** One account's changes of tier until the end of the window, each step standing on the one before. */
export function movesOf(id: string, known: Known, now: Instant): readonly Move[] {
  const { accounts, overrides, policy } = known;
  const own = overrides.filter((one) => one.accountId === id);
  const end = now + AHEAD_DAYS * DAY_MS;
  const at = (asOf: Instant, held: HeldState | null) =>
    tierOf(id, accounts, held, own, policy, { asOf, now: asOf });
  const today = at(now, known.held.get(id) ?? null);
  let { tier, ledger: held } = today;
  const moves: Move[] = [];
  const waiting = new Set(momentsOf(id, known, own, now).filter((one) => one > now && one <= end));
  const graceMs = policy.stability.downgradeGraceDays * DAY_MS;
  const begin = held.lowerSince;
  if (begin !== null && begin + graceMs > now) waiting.add(begin + graceMs);
  while (waiting.size > 0) {
    const next = Math.min(...waiting);
    waiting.delete(next);
    const before = held.lowerSince;
    const verdict = at(next, held);
    held = verdict.ledger;
    const since = held.lowerSince;
    if (since !== null && since !== before && since + graceMs > next && since + graceMs <= end)
      waiting.add(since + graceMs);
    if (verdict.tier === tier) continue;
    moves.push({
      accountId: id,
      on: dayOf(next, policy),
      from: tier,
      to: verdict.tier,
      reasons: verdict.reasons,
    });
    tier = verdict.tier;
  }
  return moves;
}

/** When something about the account begins or ends: its own dates, its relatives', its overrides'. */
function momentsOf(id: string, known: Known, own: readonly Override[], now: Instant): readonly Instant[] {
  const { accounts, policy } = known;
  const account = accounts.get(id);
  const parent =
    account?.parentId === null || account === undefined ? undefined : accounts.get(account.parentId);
  const days = [account, parent].flatMap((one) => (one === undefined ? [] : daysOf(one, policy)));
  const zone = zoneNamed(policy.timezone);
  const today = dayOf(now, policy);
  return [
    ...days.filter((day) => day >= today).map((day) => zone.firstMoment(dayNumber(day), 0)),
    ...own.flatMap((one) => [one.startsAt, one.expiresAt]).filter((at) => at !== null),
  ];
}

/** First days on which something is different: a start, the day after an end, the day after a grace. */
function daysOf(account: Account, policy: Policy): readonly CalendarDate[] {
  const { lapseGraceDays, lapseGraceDaysIfRenewalOpen } = policy.contract;
  const grace = account.renewalInProgress ? lapseGraceDaysIfRenewalOpen : lapseGraceDays;
  const after = (end: CalendarDate | null, days: number): readonly CalendarDate[] =>
    end === null ? [] : [addDays(end, 1), addDays(end, days + 1)];
  const lines = account.addons.flatMap((line) => {
    const own = policy.addons.find((one) => one.sku === line.sku)?.lapseGraceDays ?? grace;
    const days = account.renewalInProgress ? lapseGraceDaysIfRenewalOpen : own;
    return [...(line.start === null ? [] : [line.start]), ...after(line.end ?? account.contractEnd, days)];
  });
  return [
    ...(account.contractStart === null ? [] : [account.contractStart]),
    ...after(account.contractEnd, grace),
    ...after(account.trial?.end ?? null, 0),
    ...lines,
  ];
}
