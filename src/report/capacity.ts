/** Can we keep it: teams against their load, who waits for a place and why, TAMs, and what a moved door would do. */
import type { Basis, Instant, Policy, Tier, TierId } from "../policy/model.ts";
import type { Standing, Store } from "../ports.ts";
import type { ReportInput } from "./attainment.ts";
import { type CapacityVerdict, type TeamLoad, teamLoads } from "./capacity-teams.ts";
import { counts, type ReportFrame, ticketCount } from "./frame.ts";
import { isServed, type PresentAccount, presentAccounts } from "./present.ts";
import { type ProgrammeShare, programmeShare } from "./programme.ts";
import { type TamLoad, tamLoad } from "./tam-load.ts";
import { type Enter, type WhatIf, whatIf, worst } from "./what-if.ts";

/** What of the store it reads. */
export type CapacityStore = Pick<Store, "accounts" | "organizations" | "overrides" | "waitlists">;

export interface CapacityInput extends ReportInput {
  readonly store: CapacityStore;
  /** Doors to move on paper; empty = none. */
  readonly enter: readonly Enter[];
}

/** How full a tier is. */
export interface TierLoad {
  readonly tier: TierId;
  readonly tierName: string;
  readonly accounts: number;
  readonly byBasis: Readonly<Partial<Record<Basis, number>>>;
  /** null = no limit. */
  readonly maxAccounts: number | null;
  readonly waiting: number;
}

/** One account that would have a tier if there were room. */
export interface Waiting {
  readonly accountId: string;
  readonly name: string | null;
  /** The tier it waits for, and the one it has meanwhile. */
  readonly tier: TierId;
  readonly has: TierId;
  /** Place in the list, from 1: who has the tier already, then ARR, then id. */
  readonly place: number;
  /** Family ARR in the base currency; null = none. */
  readonly arr: string | null;
  /** Places of the tier, and how many of them are bought or held already. */
  readonly places: number | null;
  readonly bought: number;
  readonly why: string;
}

export interface CapacityReport {
  readonly frame: ReportFrame;
  /** Share of first replies that is to be in time, 0–1. */
  readonly objective: number;
  /** false = the policy has no `capacity_assumptions`: nothing but counts. */
  readonly planned: boolean;
  readonly teams: readonly TeamLoad[];
  readonly programme: ProgrammeShare;
  readonly tiers: readonly TierLoad[];
  readonly waiting: readonly Waiting[];
  readonly tams: TamLoad;
  /** null = nobody asked. */
  readonly whatIf: WhatIf | null;
  /** The worst of the teams. */
  readonly verdict: CapacityVerdict;
}

/** Reads the window's tickets and everybody's present tier once. */
export async function capacityReport(input: CapacityInput): Promise<CapacityReport> {
  const { policy, store, at, enter } = input;
  const state = await input.facts.state();
  const tickets = await ticketsIn(input);
  const present = await presentIn(store, policy);
  const teamInput = {
    policy,
    at,
    accounts: new Map(present.tiers.map((one) => [one.tier, one.accounts])),
    created: tickets.created,
    coveredMs: coveredBy(input, state.installedAt, state.through),
  };
  const teams = teamLoads(teamInput);
  const byTier = new Map([...tickets.created].map(([tier, moments]) => [tier, moments.length]));
  const programme = programmeShare(policy, teamInput.accounts, byTier);
  return {
    frame: tickets.tally.frame({
      name: "capacity",
      title: "Can we keep it, and take more?",
      ...input,
      state,
      notes: NOTES,
    }),
    objective: policy.slaObjective.attainment,
    planned: policy.capacityAssumptions !== null,
    teams,
    programme,
    tiers: present.tiers,
    waiting: await waitingIn(store, policy, present.waiting),
    tams: tamLoad(policy, present.withTam),
    whatIf: enter.length === 0 ? null : await whatIf(store, enter, { ...teamInput, before: programme }),
    verdict: worst(teams),
  };
}

const NOTES = [
  "Planned = the policy's capacity_assumptions and the accounts of today. Measured = tickets that came in during the window; the handling time is the policy's in both, for the help desk does not tell it.",
  "Utilisation = work ÷ (people × hours × weeks × (1 − shrinkage) × occupancy). The verdict takes the heavier of planned and measured, and the worse of utilisation and reply-time.",
  "Reply-time: Erlang C for the first touch, replies before other work, in an ordinary week without holidays. Part of a person answers nothing: 1.4 people count as one. A backlog from closed hours is not in it.",
  "Served accounts are those above the default tier and those with an organization in the help desk.",
] as const;

/** How much of the window the facts cover: from the installation on, and not beyond what was read. */
function coveredBy(
  { window, at }: ReportInput,
  installedAt: Instant | null,
  through: Instant | null,
): number {
  const from = Math.max(window.from, installedAt ?? window.from);
  return Math.max(0, Math.min(window.until, through ?? at, at) - from);
}

async function ticketsIn({ facts, window }: ReportInput) {
  const tally = ticketCount();
  const created = new Map<TierId, Instant[]>();
  for await (const page of facts.tickets(window))
    for (const ticket of page) {
      tally.add(ticket);
      if (!counts(ticket) || ticket.tier === null) continue;
      const list = created.get(ticket.tier);
      if (list === undefined) created.set(ticket.tier, [ticket.createdAt]);
      else list.push(ticket.createdAt);
    }
  return { tally, created };
}

interface Present {
  readonly tiers: readonly TierLoad[];
  readonly waiting: readonly PresentAccount[];
  /** Accounts whose tier has a named TAM. */
  readonly withTam: readonly PresentAccount[];
}

async function presentIn(store: CapacityStore, policy: Policy): Promise<Present> {
  const loads = new Map<
    TierId,
    { accounts: number; waiting: number; byBasis: Partial<Record<Basis, number>> }
  >(policy.tiers.map(({ id }) => [id, { accounts: 0, waiting: 0, byBasis: {} }]));
  const [waiting, withTam]: [PresentAccount[], PresentAccount[]] = [[], []];
  const named = new Set(policy.tiers.filter((one) => one.entitlements.namedTam).map((one) => one.id));
  for await (const page of presentAccounts(store))
    for (const one of page) {
      if (one.waitlisted.length > 0) waiting.push(one);
      for (const tier of one.waitlisted) {
        const wanted = loads.get(tier);
        if (wanted !== undefined) wanted.waiting += 1;
      }
      const load = loads.get(one.tier);
      if (load === undefined || !isServed(one, policy)) continue;
      load.accounts += 1;
      load.byBasis[one.basis] = (load.byBasis[one.basis] ?? 0) + 1;
      if (named.has(one.tier)) withTam.push(one);
    }
  const tiers = policy.tiers.toReversed().map((tier) => tierLoad(tier, loads.get(tier.id)));
  return { tiers, waiting, withTam };
}

function tierLoad(
  { id, name, capacity }: Tier,
  load: Pick<TierLoad, "accounts" | "waiting" | "byBasis"> | undefined,
): TierLoad {
  const found = load ?? { accounts: 0, waiting: 0, byBasis: {} };
  return { tier: id, tierName: name, maxAccounts: capacity.maxAccounts, ...found };
}

/** In the order in which places would be given. */
async function waitingIn(
  store: CapacityStore,
  policy: Policy,
  accounts: readonly PresentAccount[],
): Promise<readonly Waiting[]> {
  const rows: Waiting[] = [];
  for (const tier of policy.tiers.toReversed()) {
    const own = accounts.filter((one) => one.waitlisted.includes(tier.id));
    if (own.length === 0) continue;
    const { bought, others } = await store.waitlists.contenders(tier.id);
    const standings = new Map(others.map((one) => [one.accountId, one]));
    const inOrder = own
      .map((one) => ({ one, standing: standings.get(one.account.id) ?? null }))
      .toSorted(
        (a, b) => moreMoney(a.standing, b.standing) || (a.one.account.id < b.one.account.id ? -1 : 1),
      );
    const held = others.filter((one) => one.claim === "earned" && !one.waits).length;
    for (const [i, { one, standing }] of inOrder.entries())
      rows.push({
        accountId: one.account.id,
        name: one.account.name,
        tier: tier.id,
        has: one.tier,
        place: i + 1,
        arr: standing?.arr ?? null,
        places: tier.capacity.maxAccounts,
        bought,
        why: `${tier.name} has ${tier.capacity.maxAccounts ?? "no"} places: ${bought} are bought, ${held} are taken by accounts that have it already or have more ARR.`,
      });
  }
  return rows;
}

function moreMoney(a: Standing | null, b: Standing | null): number {
  return Number(b?.arr ?? 0) - Number(a?.arr ?? 0);
}
