/**
 * Keeps the waiting lists of full tiers: who gets a place, who waits, from all accounts together.
 *
 * Everybody's standing is kept and brought up to date with the accounts a sync works on anyway, so that drawing up a list
 * asks nothing of the accounts that did not change. What only time changes is caught by looking at everybody once a day,
 * and whenever the policy is another one.
 */
import type { Account, Basis, HeldState, Policy, Tier, TierId, TierVerdict } from "../policy/model.ts";
import { tierOf } from "../policy/tier.ts";
import { waitingFor } from "../policy/waitlist.ts";
import type { Entitlement, Standing, Store } from "../ports.ts";
import { localDay } from "./intake.ts";

const CHUNK = 500;
const ROWS_AT_ONCE = 4_000;

/** A tier with a limited number of places, some bases of which can be made to wait. */
interface FullTier extends Tier {
  readonly places: number;
}

/**
 * Draws the lists up anew where a standing has changed, and stores them; answers the accounts whose place changed, which
 * are marked to be worked out again.
 */
export async function refreshWaitlists(
  store: Store,
  policy: Policy,
  now: number,
): Promise<readonly string[]> {
  const tiers = fullTiers(policy);
  if (tiers.length === 0) return [];
  const rules = rulesOf(policy, now);
  const { complete, due } = await store.waitlists.state();
  if (complete !== rules) await lookAtEverybody(store, policy, tiers, now);
  else if (!due) return [];
  const changed = new Set<string>();
  for (const tier of tiers) for (const id of await drawUp(store, tier)) changed.add(id);
  await store.waitlists.settled(rules);
  return [...changed];
}

/**
 * Keeps the standings of accounts that were just worked out. `rows` = what each of them has now; `accounts` = they and
 * their families.
 */
export async function noteStandings(
  store: Store,
  policy: Policy,
  rows: readonly Entitlement[],
  accounts: ReadonlyMap<string, Account>,
  now: number,
): Promise<void> {
  const tiers = fullTiers(policy);
  if (tiers.length === 0) return;
  const ids = rows.map((row) => row.accountId);
  const before = new Map((await store.waitlists.of(ids)).map((one) => [keyOf(one), one]));
  const standings = tiers.flatMap((tier) => standingsOf(tier, rows, accounts, policy, now));
  const same =
    standings.length === before.size && standings.every((one) => isSame(one, before.get(keyOf(one))));
  if (!same) await store.waitlists.put(ids, standings);
}

/** The verdict about an account that may have to wait for a place. */
export interface AtTheDoor {
  readonly verdict: TierVerdict;
  /** It newly earns a place in a full tier, and stands on the list until the lists are drawn up. */
  readonly undecided: boolean;
}

/**
 * What an account has, where newcomers wait at the door: let in at once, they would pass for somebody who has the tier
 * already when the places are given out. `placed` = tiers in which it was given a place; `decide` = the rules, by what is
 * held.
 */
export function atTheDoor(
  policy: Policy,
  held: HeldState | null,
  placed: ReadonlySet<TierId>,
  decide: (held: HeldState | null) => TierVerdict,
): AtTheDoor {
  let found: AtTheDoor = { verdict: decide(held), undecided: false };
  let waiting: readonly TierId[] = held?.waitlisted ?? [];
  for (const tier of fullTiers(policy)) {
    if (placed.has(tier.id) || held?.tier === tier.id || !earns(tier, found.verdict)) continue;
    waiting = [...waiting, tier.id];
    const verdict = decide({ ...(held ?? NOTHING_HELD), waitlisted: waiting });
    // Not every basis can be kept out.
    if (verdict.ledger.tier === tier.id) return found;
    found = { verdict, undecided: true };
  }
  return found;
}

const NOTHING_HELD: HeldState = { tier: null, basis: null, lowerSince: null, waitlisted: [] };

function earns(tier: FullTier, { tier: effective, ledger }: TierVerdict): boolean {
  return effective === tier.id && ledger.tier === tier.id && mayWait(tier, ledger.basis);
}

function mayWait(tier: FullTier, basis: Basis | null): boolean {
  return basis !== null && tier.capacity.waitlistBasis?.includes(basis) === true;
}

/** Tiers in which these accounts were given a place, by account. */
export async function placesOf(
  store: Store,
  policy: Policy,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<TierId>>> {
  if (fullTiers(policy).length === 0) return new Map();
  const places = new Map<string, Set<TierId>>();
  for (const { accountId, tier, waits } of await store.waitlists.of(accountIds))
    if (!waits) places.set(accountId, (places.get(accountId) ?? new Set()).add(tier));
  return places;
}

/** From the highest tier down. */
function fullTiers(policy: Policy): readonly FullTier[] {
  return [...policy.tiers].reverse().flatMap((tier) => {
    const { maxAccounts, waitlistBasis } = tier.capacity;
    return maxAccounts === null || waitlistBasis === null ? [] : [{ ...tier, places: maxAccounts }];
  });
}

/** Standings were all worked out by these rules on this day; under any other they may be different. */
function rulesOf(policy: Policy, now: number): string {
  return `${policy.version}|${localDay(policy, now)}`;
}

/** Stores one list; answers who was put on it or taken off it. A crash on the way leaves the lists due. */
async function drawUp(store: Store, tier: FullTier): Promise<readonly string[]> {
  const { bought, others } = await store.waitlists.contenders(tier.id);
  const earned = others
    .filter((one) => one.claim === "earned")
    .map((one) => ({ ...one, contractual: false }));
  const waiting = waitingFor(Math.max(0, tier.places - bought), earned);
  const moved = others.filter((one) => one.waits !== waiting.has(one.accountId)).map((one) => one.accountId);
  if (moved.length === 0) return [];
  const rows = [...(await store.accounts.entitlements(moved)).values()];
  await store.accounts.putEntitlements(
    rows.map((row) => withPlace(row, tier.id, waiting.has(row.accountId))),
  );
  await store.accounts.markPending(moved);
  const [waits, free] = [moved.filter((id) => waiting.has(id)), moved.filter((id) => !waiting.has(id))];
  await store.waitlists.moved(tier.id, waits, free);
  return moved;
}

function withPlace(row: Entitlement, tier: string, waits: boolean): Entitlement {
  const others = row.held.waitlisted.filter((id) => id !== tier);
  return { ...row, held: { ...row.held, waitlisted: waits ? [...others, tier] : others } };
}

/** Works out the standing of everybody who has a full tier or waits for it. */
async function lookAtEverybody(
  store: Store,
  policy: Policy,
  tiers: readonly FullTier[],
  now: number,
): Promise<void> {
  await store.waitlists.clear();
  for (const tier of tiers) {
    const rows = await store.accounts.holders(tier.id);
    let found: Standing[] = [];
    for (let i = 0; i < rows.length; i += CHUNK) {
      const chunk = rows.slice(i, i + CHUNK);
      const { accounts } = await store.accounts.around({ accountIds: chunk.map((row) => row.accountId) });
      found.push(...standingsOf(tier, chunk, accounts, policy, now));
      if (found.length < ROWS_AT_ONCE) continue;
      await store.waitlists.put([], found);
      found = [];
    }
    if (found.length > 0) await store.waitlists.put([], found);
  }
}

function standingsOf(
  tier: FullTier,
  rows: readonly Entitlement[],
  accounts: ReadonlyMap<string, Account>,
  policy: Policy,
  now: number,
): readonly Standing[] {
  return rows.flatMap((row) => {
    const waits = row.held.waitlisted.includes(tier.id);
    if (row.tier !== tier.id && !waits) return [];
    const { claim, arr } = claimOf(tier, row, accounts, policy, now);
    if (claim === "none" && !waits) return [];
    const holds = row.held.tier === tier.id;
    return [{ tier: tier.id, accountId: row.accountId, claim, holds, arr, waits }];
  });
}

/** What the account would have if the tier's door stood open, human exceptions aside. */
function claimOf(
  tier: FullTier,
  { accountId, held }: Entitlement,
  accounts: ReadonlyMap<string, Account>,
  policy: Policy,
  now: number,
): Pick<Standing, "claim" | "arr"> {
  if (!accounts.has(accountId)) return { claim: "none", arr: null };
  const open = { ...held, waitlisted: held.waitlisted.filter((id) => id !== tier.id) };
  const { ledger, facts } = tierOf(accountId, accounts, open, [], policy, { asOf: now, now });
  if (ledger.tier !== tier.id || ledger.basis === null) return { claim: "none", arr: null };
  if (!mayWait(tier, ledger.basis)) return { claim: "bought", arr: null };
  const sum = facts.find((fact) => fact.fact === "arr_sum")?.value.split(" ")[0] ?? null;
  return { claim: "earned", arr: sum };
}

function keyOf({ tier, accountId }: Standing): string {
  return `${tier} ${accountId}`;
}

function isSame(one: Standing, other: Standing | undefined): boolean {
  return (
    other !== undefined &&
    one.claim === other.claim &&
    one.holds === other.holds &&
    one.arr === other.arr &&
    one.waits === other.waits
  );
}
