/**
 * Whom new facts would demote. Pure.
 *
 * Facts are compared with facts: holds for lost and stale facts and human exceptions are left out, so that a fault shows
 * on the day it happens and not when a grace ends. What the doors remember (the higher bar to enter than to stay, waiting
 * lists) counts. A second look leaves the days of grace after a contract's end out too: a wave of contracts that "ended
 * yesterday" would otherwise pass unseen and fall due together.
 */
import type { Account, HeldState, Instant, Policy, TierId } from "../policy/model.ts";
import { tierOf } from "../policy/tier.ts";
import type { Demotion } from "../ports.ts";
import { type FactChange, type Group, withChanges } from "./guard-families.ts";

type Accounts = ReadonlyMap<string, Account>;

/** The tier the facts give at present, and once graces are over. */
type FactTiers = readonly TierId[];

/** Who loses a tier between two states of facts. */
export interface Judge {
  /** `moved`: id before → id after, for merged records. Each account once, with its greatest loss. */
  readonly demoted: (
    before: Accounts,
    after: Accounts,
    held: ReadonlyMap<string, HeldState>,
    moved: ReadonlyMap<string, string>,
  ) => readonly Demotion[];
}

/** A judge by this policy, at this moment. */
export function judgeOf(policy: Policy, at: Instant): Judge {
  const stability = { ...policy.stability, downgradeGraceDays: 0, staleHoldMaxDays: 0 };
  const contract = { ...policy.contract, lapseGraceDays: 0, lapseGraceDaysIfRenewalOpen: 0 };
  const present: Policy = { ...policy, stability };
  const views = [present, { ...present, contract }];
  const ranks = new Map(policy.tiers.map((tier) => [tier.id, tier.rank]));
  const rank = (tier: TierId) => ranks.get(tier) ?? 0;
  const tiers = (id: string, accounts: Accounts, held: HeldState | null): FactTiers =>
    views.map((view) => tierOf(id, accounts, held, [], view, { asOf: at, now: at }).tier);
  return {
    demoted: (before, after, held, moved) => {
      const found = new Map<string, Demotion>();
      for (const [id, account] of before) {
        const target = moved.get(id) ?? id;
        const now = after.get(target);
        if (now === undefined) continue;
        const from = tiers(id, before, held.get(id) ?? null);
        const to = tiers(target, after, held.get(target) ?? held.get(id) ?? null);
        const lost = from.findIndex((tier, view) => rank(to[view] ?? tier) < rank(tier));
        const [fromTier, toTier] = [from[lost], to[lost]];
        if (fromTier === undefined || toTier === undefined) continue;
        const known = found.get(target);
        if (known !== undefined && rank(known.fromTier) >= rank(fromTier)) continue;
        found.set(target, { accountId: target, name: now.name ?? account.name, fromTier, toTier });
      }
      return [...found.values()];
    },
  };
}

/** Where the accounts of merged records end. */
export function movesOf(changes: readonly FactChange[]): ReadonlyMap<string, string> {
  return new Map(changes.flatMap(({ account, replaces }) => replaces.map((id) => [id, account.id] as const)));
}

/** Whom these changes of a group demote, taken together. */
export function demotedBy<T extends FactChange>(
  judge: Judge,
  group: Group<T>,
  changes: readonly T[] = group.changes,
): readonly Demotion[] {
  const after = withChanges(group.accounts, changes);
  return judge.demoted(group.accounts, after, group.held, movesOf(changes));
}

/** Changes that demote nobody, and the others with whom each of them demotes. */
export interface Sifted<T> {
  readonly passed: readonly T[];
  readonly left: readonly { readonly change: T; readonly demotes: readonly Demotion[] }[];
}

/**
 * Takes the changes of a group apart, by halves, so that an upgrade passes though a relative's loss does not. Order does
 * not matter: what is left is tried again whenever something passed.
 */
export function sift<T extends FactChange>(judge: Judge, group: Group<T>): Sifted<T> {
  const passed: T[] = [];
  let accounts = group.accounts;
  let left: readonly T[] = group.changes;
  const tryAll = (changes: readonly T[]): readonly T[] => {
    if (changes.length === 0) return [];
    if (demotedBy(judge, { ...group, accounts }, changes).length === 0) {
      accounts = withChanges(accounts, changes);
      passed.push(...changes);
      return [];
    }
    if (changes.length === 1) return changes;
    const middle = Math.ceil(changes.length / 2);
    return [...tryAll(changes.slice(0, middle)), ...tryAll(changes.slice(middle))];
  };
  for (let before = -1; before !== passed.length && left.length > 0; ) {
    before = passed.length;
    left = tryAll(left);
  }
  const judged = left.map((change) => ({
    change,
    demotes: demotedBy(judge, { ...group, accounts }, [change]),
  }));
  return { passed, left: judged };
}

/** Can this change of one record touch nobody's tier? Only what decides a tier is compared. */
export function isHarmless(before: Account | undefined, change: FactChange, accounts: Accounts): boolean {
  if (before === undefined || change.replaces.some((id) => accounts.has(id))) return false;
  return JSON.stringify(tierFacts(before)) === JSON.stringify(tierFacts(change.account));
}

function tierFacts(account: Account): readonly unknown[] {
  const { plan, arr, status, contractStart, contractEnd, renewalInProgress } = account;
  const { addons, parentId, standalone, trial, goneOn } = account;
  return [
    [plan, arr?.amount, arr?.currency, status, contractStart, contractEnd, renewalInProgress],
    [addons.map(({ sku, start, end, scope }) => [sku, start, end, scope]), parentId, standalone],
    [trial?.poc, trial?.end, goneOn],
  ];
}
