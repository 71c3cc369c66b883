/** Keeps the waiting lists of full tiers: who gets a place, who waits, from all accounts together. */
import type { Policy, Tier } from "../policy/model.ts";
import { tierOf } from "../policy/tier.ts";
import { type Candidate, waitingFor } from "../policy/waitlist.ts";
import type { Entitlement, Store } from "../ports.ts";

const CHUNK = 500;

/** Works the lists out anew and stores them; answers the accounts whose place changed. */
export async function refreshWaitlists(
  store: Store,
  policy: Policy,
  now: number,
): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const tier of [...policy.tiers].reverse()) {
    const { maxAccounts, waitlistBasis } = tier.capacity;
    if (maxAccounts === null || waitlistBasis === null) continue;
    const rows = await store.accounts.holders(tier.id);
    const waiting = waitingFor(maxAccounts, await candidates(store, policy, tier, rows, now));
    const moved = rows.filter((row) => row.held.waitlisted.includes(tier.id) !== waiting.has(row.accountId));
    await store.accounts.putEntitlements(
      moved.map((row) => moveRow(row, tier.id, waiting.has(row.accountId))),
    );
    changed.push(...moved.map((row) => row.accountId));
  }
  return changed;
}

function moveRow(row: Entitlement, tier: string, waits: boolean): Entitlement {
  const others = row.held.waitlisted.filter((id) => id !== tier);
  return { ...row, held: { ...row.held, waitlisted: waits ? [...others, tier] : others } };
}

/** Accounts that would have exactly this tier if its door stood open. */
async function candidates(
  store: Store,
  policy: Policy,
  tier: Tier,
  rows: readonly Entitlement[],
  now: number,
): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (let i = 0; i < rows.length; i += CHUNK) {
    const chunk = rows.slice(i, i + CHUNK);
    const { accounts } = await store.accounts.around({ accountIds: chunk.map((row) => row.accountId) });
    for (const { accountId, held } of chunk) {
      if (!accounts.has(accountId)) continue;
      const open = { ...held, waitlisted: held.waitlisted.filter((id) => id !== tier.id) };
      const verdict = tierOf(accountId, accounts, open, [], policy, { asOf: now, now });
      const { basis } = verdict.ledger;
      if (verdict.ledger.tier !== tier.id || basis === null) continue;
      const sum = verdict.facts.find((fact) => fact.fact === "arr_sum")?.value.split(" ")[0] ?? null;
      found.push({
        accountId,
        contractual: tier.capacity.waitlistBasis?.includes(basis) !== true,
        holds: held.tier === tier.id,
        arr: sum,
      });
    }
  }
  return found;
}
