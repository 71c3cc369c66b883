/** What if a tier's ARR door stood elsewhere: who comes in, who waits, and whether the teams can carry it. */
import Big from "big.js";
import type { Policy, TierId } from "../policy/model.ts";
import { type AdmissionStore, admissions, type Placed } from "./admission.ts";
import { type CapacityVerdict, type TeamInput, type TeamLoad, teamLoads } from "./capacity-teams.ts";
import { isServed } from "./present.ts";
import { type ProgrammeShare, programmeAfter } from "./programme.ts";
import type { WindowProblem } from "./window.ts";

/** A door as somebody would move it: ARR from which an account gets the tier, in the base currency. */
export interface Enter {
  readonly tier: TierId;
  readonly amount: string;
}

/** One account that a moved door moves. */
export interface Moved {
  readonly accountId: string;
  readonly name: string | null;
  readonly from: TierId;
  readonly to: TierId;
  /** Family ARR in the base currency; null = none. */
  readonly arr: string | null;
}

export interface WhatIf {
  readonly doors: readonly (Enter & { readonly tierName: string; readonly before: string | null })[];
  /** Accounts that were worked out. */
  readonly n: number;
  readonly up: readonly Moved[];
  readonly down: readonly Moved[];
  /** Would have the tier `to` and must wait for a place; they keep `from`. */
  readonly waiting: readonly Moved[];
  readonly tiers: readonly {
    readonly tier: TierId;
    readonly tierName: string;
    readonly before: number;
    readonly after: number;
  }[];
  readonly teams: readonly TeamLoad[];
  readonly programme: ProgrammeShare;
  /** The worst of the teams that would have more accounts; `unknown` = no such team is planned. */
  readonly verdict: CapacityVerdict;
}

/** Reads `TIER=50000`, several with commas or one after the other. */
export function enterOf(typed: readonly string[], policy: Policy): readonly Enter[] | WindowProblem {
  const doors: Enter[] = [];
  for (const text of typed.flatMap((one) => one.split(","))) {
    const [, tier = "", amount = ""] = /^\s*([^=\s]+)\s*=\s*(\d+(?:\.\d+)?)\s*$/.exec(text) ?? [];
    if (!policy.tiers.some((one) => one.id === tier))
      return {
        problem: `--enter ${JSON.stringify(text)} names no tier with an amount.`,
        fix: `Write a tier and an ARR in ${policy.currency.base}, such as \`--enter ${policy.tiers.at(-1)?.id ?? "enterprise"}=50000\`; tiers: ${policy.tiers.map((one) => one.id).join(", ")}.`,
      };
    doors.push({ tier, amount: new Big(amount).toFixed() });
  }
  return doors;
}

/** The same policy with doors moved. Who is in stays in down to the old exit, or to the new door where that is lower. */
export function withDoors(policy: Policy, doors: readonly Enter[]): Policy {
  const tiers = policy.tiers.map((tier) => {
    const door = doors.findLast((one) => one.tier === tier.id);
    if (door === undefined) return tier;
    const exit = tier.eligibility.arr?.exit ?? door.amount;
    const arr = { enter: door.amount, exit: new Big(exit).lt(door.amount) ? exit : door.amount };
    return { ...tier, eligibility: { ...tier.eligibility, arr } };
  });
  return { ...policy, tiers };
}

/** Plays it through. Nothing is written; graces run on as they do. */
export async function whatIf(
  store: AdmissionStore,
  doors: readonly Enter[],
  input: TeamInput & { readonly before: ProgrammeShare },
): Promise<WhatIf> {
  const { policy, at } = input;
  const draft = withDoors(policy, doors);
  const [now, then] = await admissions(store, [policy, draft], at);
  const rows = [...(then?.placed.values() ?? [])].flatMap((after) => {
    const before = now?.placed.get(after.accountId);
    return before === undefined ? [] : [{ before, after }];
  });
  const rank = (tier: TierId): number => policy.tiers.find((one) => one.id === tier)?.rank ?? 0;
  const moved = rows
    .filter(({ before, after }) => before.tier !== after.tier)
    .map(({ before, after }) => movedOf(after, before.tier, after.tier))
    .toSorted(moreMoneyFirst);
  const [served, servedAfter] = [now, then].map((one) => countsOf(one?.placed.values() ?? [], policy));
  const growth = growthOf(policy, served ?? new Map(), servedAfter ?? new Map());
  const teams = teamLoads({ ...input, policy: draft, accounts: servedAfter ?? new Map(), growth });
  const before = new Map(served);
  return {
    doors: doors.map((door) => ({ ...door, ...doorNow(policy, door.tier) })),
    n: rows.length,
    up: moved.filter((one) => rank(one.to) > rank(one.from)),
    down: moved.filter((one) => rank(one.to) < rank(one.from)),
    waiting: newlyWaiting(rows),
    tiers: policy.tiers.toReversed().map(({ id, name }) => ({
      tier: id,
      tierName: name,
      before: before.get(id) ?? 0,
      after: servedAfter?.get(id) ?? 0,
    })),
    teams,
    programme: programmeAfter(policy, input.before, before, servedAfter ?? new Map()),
    verdict: worst(teams.filter((one) => grew(one, before))),
  };
}

function grew(team: TeamLoad, before: ReadonlyMap<TierId, number>): boolean {
  return team.accounts > team.tiers.reduce((sum, { id }) => sum + (before.get(id) ?? 0), 0);
}

function newlyWaiting(
  rows: readonly { readonly before: Placed; readonly after: Placed }[],
): readonly Moved[] {
  return rows
    .flatMap(({ before, after }) => {
      const news = after.waits.filter((tier) => !before.waits.includes(tier));
      return news.map((tier) => movedOf(after, after.tier, tier));
    })
    .toSorted(moreMoneyFirst);
}

function movedOf({ accountId, name, arr }: Placed, from: TierId, to: TierId): Moved {
  return { accountId, name, from, to, arr };
}

function moreMoneyFirst(a: Moved, b: Moved): number {
  return new Big(b.arr ?? "0").cmp(a.arr ?? "0") || (a.accountId < b.accountId ? -1 : 1);
}

function countsOf(placed: Iterable<Placed>, policy: Policy): ReadonlyMap<TierId, number> {
  const counts = new Map<TierId, number>();
  for (const { tier, linked } of placed)
    if (isServed({ tier, organizationId: linked ? "linked" : null }, policy))
      counts.set(tier, (counts.get(tier) ?? 0) + 1);
  return counts;
}

/** Group → accounts after ÷ accounts before. */
function growthOf(
  policy: Policy,
  before: ReadonlyMap<TierId, number>,
  after: ReadonlyMap<TierId, number>,
): ReadonlyMap<string, number> {
  const groups = new Set(policy.tiers.flatMap((tier) => tier.routing.group ?? []));
  return new Map(
    [...groups].map((group) => {
      const tiers = policy.tiers.filter((tier) => tier.routing.group === group);
      const sum = (counts: ReadonlyMap<TierId, number>): number =>
        tiers.reduce((all, { id }) => all + (counts.get(id) ?? 0), 0);
      return [group, sum(before) > 0 ? sum(after) / sum(before) : 1];
    }),
  );
}

function doorNow(policy: Policy, id: TierId) {
  const tier = policy.tiers.find((one) => one.id === id);
  return { tierName: tier?.name ?? id, before: tier?.eligibility.arr?.enter ?? null };
}

const ORDER: readonly CapacityVerdict[] = ["does_not_fit", "tight", "fits"];

/** The worst verdict of several; `unknown` = none is known. */
export function worst(teams: readonly TeamLoad[]): CapacityVerdict {
  return ORDER.find((verdict) => teams.some((one) => one.verdict === verdict)) ?? "unknown";
}
