/** Who is above an account, and which accounts count as one customer with it. */
import type { Account, Policy } from "./model.ts";

/** The accounts above one account, nearest first. */
export interface Ancestry {
  readonly ancestors: readonly Account[];
  /** The parents lead back to an account already met: nothing above can be trusted. */
  readonly cycle: boolean;
}

type Accounts = ReadonlyMap<string, Account>;

/**
 * Climbs the parents: until there is none, or it is unknown, or just after a standalone account (which is then the
 * last), at most `rollup.max_depth` steps. A standalone account has no ancestors.
 */
export function ancestryOf(account: Account, accounts: Accounts, policy: Policy): Ancestry {
  const ancestors: Account[] = [];
  const met = new Set([account.id]);
  let node = account;
  while (ancestors.length < policy.rollup.maxDepth && node.parentId !== null && !standsAlone(node, policy)) {
    const parent = accounts.get(node.parentId);
    if (parent === undefined) break;
    if (met.has(parent.id)) return { ancestors: [], cycle: true };
    met.add(parent.id);
    ancestors.push(parent);
    node = parent;
  }
  return { ancestors, cycle: false };
}

/**
 * The account and everyone counted with it, itself first: the topmost ancestor and all below it, at any depth,
 * without standalone accounts and what is below those. With a cycle above, the account alone.
 */
export function familyOf(
  account: Account,
  ancestry: Ancestry,
  accounts: Accounts,
  policy: Policy,
): readonly Account[] {
  if (ancestry.cycle || accounts.size === 1) return [account];
  const root = ancestry.ancestors.at(-1) ?? account;
  const children = childrenByParent(accounts);
  const members = new Map([[account.id, account]]);
  const seen = new Set([root.id]);
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    members.set(node.id, node);
    for (const child of children.get(node.id) ?? []) {
      if (seen.has(child.id) || standsAlone(child, policy)) continue;
      seen.add(child.id);
      open.push(child);
    }
  }
  return [...members.values()];
}

function standsAlone(account: Account, policy: Policy): boolean {
  return account.standalone && policy.rollup.respectStandalone;
}

function childrenByParent(accounts: Accounts): ReadonlyMap<string, readonly Account[]> {
  const children = new Map<string, Account[]>();
  for (const account of accounts.values()) {
    if (account.parentId === null) continue;
    const siblings = children.get(account.parentId);
    if (siblings === undefined) children.set(account.parentId, [account]);
    else siblings.push(account);
  }
  return children;
}
