/**
 * Who would have which tier, worked out from everybody's facts at once: doors first, then the places of full tiers. It is
 * how the sync gives places out, done on paper.
 */
import type { Account, HeldState, Instant, Override, Policy, TierId, TierVerdict } from "../policy/model.ts";
import { tierOf } from "../policy/tier.ts";
import { waitingFor } from "../policy/waitlist.ts";
import type { Store } from "../ports.ts";

/** The store's parts that it reads. */
export type AdmissionStore = Pick<Store, "accounts" | "overrides" | "organizations">;

/** Where one account ends up. */
export interface Placed {
  readonly accountId: string;
  readonly name: string | null;
  /** Family ARR in the base currency as text; null = none. */
  readonly arr: string | null;
  readonly tier: TierId;
  readonly linked: boolean;
  /** Tiers it would have if there were room. */
  readonly waits: readonly TierId[];
}

export interface Admission {
  /** Account → where it ends up. */
  readonly placed: ReadonlyMap<string, Placed>;
}

const PAGE = 500;

interface Draft extends Placed {
  readonly contractual: boolean;
  readonly holds: TierId | null;
}

/** Everybody under each of these policies; places are given as the waiting lists give them. */
export async function admissions(
  store: AdmissionStore,
  policies: readonly Policy[],
  at: Instant,
): Promise<readonly Admission[]> {
  const drafts = policies.map(() => new Map<string, Draft>());
  let after: string | null = null;
  for (;;) {
    const ids: readonly string[] = await store.accounts.page(after, PAGE);
    if (ids.length === 0) break;
    after = ids.at(-1) ?? null;
    const facts = await factsOf(store, ids);
    for (const [i, policy] of policies.entries())
      for (const id of ids) {
        const draft = draftOf(id, facts, policy, at, []);
        if (draft !== null) drafts[i]?.set(id, draft);
      }
  }
  for (const [i, policy] of policies.entries())
    await givePlaces(store, policy, at, drafts[i] ?? new Map<string, Draft>());
  return drafts.map((placed) => ({ placed }));
}

interface Facts {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly held: ReadonlyMap<string, HeldState>;
  readonly overrides: readonly Override[];
  readonly links: ReadonlyMap<string, string>;
}

async function factsOf(store: AdmissionStore, ids: readonly string[]): Promise<Facts> {
  const [around, overrides, links] = await Promise.all([
    store.accounts.around({ accountIds: ids }),
    store.overrides.of(ids),
    store.organizations.linksOf(ids),
  ]);
  return { accounts: around.accounts, held: around.held, overrides, links };
}

const NOTHING_HELD: HeldState = { tier: null, basis: null, lowerSince: null, waitlisted: [] };

function draftOf(
  id: string,
  { accounts, held, overrides, links }: Facts,
  policy: Policy,
  at: Instant,
  waits: readonly TierId[],
): Draft | null {
  const account = accounts.get(id);
  if (account === undefined || account.goneOn !== null) return null;
  const known = held.get(id) ?? NOTHING_HELD;
  const own = [...overrides, ...policy.overrides.items].filter((one) => one.accountId === id);
  const state = { ...known, waitlisted: waits };
  const verdict = tierOf(id, accounts, state, own, policy, { asOf: at, now: at });
  const sum = verdict.facts.find((fact) => fact.fact === "arr_sum")?.value.split(" ")[0] ?? null;
  return {
    accountId: id,
    name: account.name,
    arr: sum,
    tier: verdict.tier,
    linked: links.has(id),
    waits,
    contractual: !mayWait(policy, verdict),
    holds: known.tier,
  };
}

/** Only a place that rests on a basis of the tier's waiting list can be refused; a human exception never. */
function mayWait(policy: Policy, { tier, ledger }: TierVerdict): boolean {
  const basis = ledger.basis;
  const list = policy.tiers.find((one) => one.id === tier)?.capacity.waitlistBasis ?? [];
  return ledger.tier === tier && basis !== null && list.includes(basis);
}

/** From the highest tier down: who must wait for one may find a place in the next. */
async function givePlaces(
  store: AdmissionStore,
  policy: Policy,
  at: Instant,
  drafts: Map<string, Draft>,
): Promise<void> {
  for (const tier of policy.tiers.toReversed()) {
    const { maxAccounts, waitlistBasis } = tier.capacity;
    if (maxAccounts === null || waitlistBasis === null) continue;
    const candidates = [...drafts.values()]
      .filter((one) => one.tier === tier.id)
      .map((one) => ({ ...one, holds: one.holds === tier.id }));
    const waiting = [...waitingFor(maxAccounts, candidates)];
    for (let i = 0; i < waiting.length; i += PAGE) {
      const ids = waiting.slice(i, i + PAGE);
      const facts = await factsOf(store, ids);
      for (const id of ids) {
        const before = drafts.get(id)?.waits ?? [];
        const draft = draftOf(id, facts, policy, at, [...before, tier.id]);
        if (draft !== null) drafts.set(id, draft);
      }
    }
  }
}
