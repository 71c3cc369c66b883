/** New facts sorted by whom they can touch: accounts that share a family before or after stand in one group. */
import type { Account, HeldState } from "../policy/model.ts";
import type { CustomerFacts, StoredAccount } from "../ports.ts";

/** One change of facts, not accepted yet. */
export interface FactChange {
  readonly account: Account;
  /** Accounts that end in this one: their records were merged into it. */
  readonly replaces: readonly string[];
}

/** Changes that may touch each other, and everybody they may touch, by the accepted facts. */
export interface Group<T extends FactChange> {
  readonly changes: readonly T[];
  readonly accounts: ReadonlyMap<string, Account>;
  readonly held: ReadonlyMap<string, HeldState>;
}

/** A stored record as a change of facts. */
export function changeOf(row: StoredAccount): FactChange & { readonly row: StoredAccount } {
  const ids = row.aliases.map((alias) => `${row.source}:${alias}`);
  return { account: row.account, replaces: ids.filter((id) => id !== row.account.id), row };
}

/** Everybody whose family must be known to judge these changes. */
export function touchedBy(changes: readonly FactChange[]): readonly string[] {
  const ids = changes.flatMap(({ account, replaces }) => [account.id, account.parentId, ...replaces]);
  return [...new Set(ids)].filter((id) => id !== null);
}

/** The accounts as they would be with these changes. */
export function withChanges(
  accounts: ReadonlyMap<string, Account>,
  changes: readonly FactChange[],
): ReadonlyMap<string, Account> {
  const after = new Map(accounts);
  for (const { replaces } of changes) for (const id of replaces) after.delete(id);
  for (const { account } of changes) after.set(account.id, account);
  return after;
}

/** The changes in groups that cannot touch each other. `known` = the families of `touchedBy(changes)`. */
export function groupsOf<T extends FactChange>(
  changes: readonly T[],
  known: Pick<CustomerFacts, "accounts" | "held">,
): readonly Group<T>[] {
  const sets = disjointSets();
  for (const { id, parentId } of known.accounts.values()) if (parentId !== null) sets.join(id, parentId);
  for (const { account, replaces } of changes) {
    if (account.parentId !== null) sets.join(account.id, account.parentId);
    for (const id of replaces) sets.join(account.id, id);
  }
  const groups = new Map<string, { changes: T[]; accounts: Map<string, Account> }>();
  for (const change of changes) {
    const root = sets.rootOf(change.account.id);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, { changes: [change], accounts: new Map() });
    else group.changes.push(change);
  }
  for (const account of known.accounts.values())
    groups.get(sets.rootOf(account.id))?.accounts.set(account.id, account);
  return [...groups.values()].map((group) => ({ ...group, held: known.held }));
}

interface DisjointSets {
  readonly rootOf: (id: string) => string;
  readonly join: (a: string, b: string) => void;
}

function disjointSets(): DisjointSets {
  const above = new Map<string, string>();
  const rootOf = (id: string): string => {
    let root = id;
    for (let next = above.get(root); next !== undefined; next = above.get(root)) root = next;
    // Later walks from here are short.
    for (let node = id; node !== root; ) {
      const next = above.get(node) ?? root;
      above.set(node, root);
      node = next;
    }
    return root;
  };
  const join = (a: string, b: string): void => {
    const [left, right] = [rootOf(a), rootOf(b)];
    if (left !== right) above.set(left, right);
  };
  return { rootOf, join };
}
