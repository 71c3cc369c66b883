/**
 * Our copy of the desk's organizations, brought up to date; one call when nothing changed.
 *
 * One that shows something else than we know has been changed by somebody, or by a write of ours that came late: its
 * account is marked, so that the run at hand puts it right.
 */
import type { Organization, Policy } from "../policy/model.ts";
import { reconcile } from "../policy/reconcile.ts";
import type { Desk, Store } from "../ports.ts";

export interface CopyPorts {
  readonly desk: Pick<Desk, "organizations">;
  readonly store: Pick<Store, "accounts" | "organizations" | "register">;
  readonly policy: Policy;
}

const CURSOR = "desk:organizations";

/** Reads what changed since the last time, and marks the accounts of organizations that are not as we know them. */
export async function refreshOrganizations(ports: CopyPorts, signal: AbortSignal): Promise<void> {
  const { store, desk } = ports;
  const cursor = await store.register.cursor(CURSOR);
  for await (const page of desk.organizations(cursor, signal)) {
    // Marked before they are stored: a crash in between must not leave a wrong tier that nobody looks at again.
    const drifted = await driftedAccounts(ports, page.organizations);
    if (drifted.length > 0) await store.accounts.markPending(drifted);
    await store.organizations.put(page.organizations);
    await store.organizations.remove(page.gone);
    await store.register.setCursor(CURSOR, page.cursor);
  }
}

/** An organization without a copy, or without an account, has nothing to differ from. */
async function driftedAccounts(
  { store, policy }: CopyPorts,
  organizations: readonly Organization[],
): Promise<readonly string[]> {
  if (organizations.length === 0) return [];
  const known = await store.organizations.get(organizations.map((one) => one.id));
  const drifted = organizations.filter((one) => {
    const before = known.get(one.id);
    // The moment of comparison stands in a field that is never compared.
    return before !== undefined && reconcile(before.fields, one, 0, policy) !== null;
  });
  if (drifted.length === 0) return [];
  return [...(await store.organizations.accountOf(drifted.map((one) => one.id))).values()];
}
