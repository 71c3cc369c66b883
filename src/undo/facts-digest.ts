/** Have the facts of a customer changed? The accepted facts of its whole family, and its exceptions, as one digest. */
import { createHash } from "node:crypto";
import type { Store } from "../ports.ts";

/** Of a ticket without a customer: there are no facts that could change. */
const NO_CUSTOMER = "none";

/**
 * The digest of everything a person or the CRM can say about an account: its own facts, those of its family (revenue and
 * packages are inherited), and its overrides. Its name and when the CRM last confirmed it decide nothing.
 */
export async function factsDigest(
  { accounts, overrides }: Pick<Store, "accounts" | "overrides">,
  accountId: string | null,
): Promise<string> {
  if (accountId === null) return NO_CUSTOMER;
  const around = await accounts.around({ accountIds: [accountId] });
  const family = [...around.accounts.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const facts = family.map(({ syncedAt: _confirmed, name: _name, ...stated }) => stated);
  const exceptions = await overrides.of(family.map(({ id }) => id));
  return createHash("sha256").update(sorted({ facts, exceptions })).digest("hex");
}

/** JSON with the keys of every object in order: a database may hand them back in another one. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Digests, each worked out once. */
export function digests(
  store: Pick<Store, "accounts" | "overrides">,
): (accountId: string | null) => Promise<string> {
  const known = new Map<string | null, Promise<string>>();
  return (accountId) => {
    const digest = known.get(accountId) ?? factsDigest(store, accountId);
    known.set(accountId, digest);
    return digest;
  };
}
