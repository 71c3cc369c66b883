/** A policy made ready for deciding: looked-up tiers, exact numbers, opening hours. */
import { zoneNamed } from "./dates.ts";
import { type KeywordIndex, keywordIndex } from "./keywords.ts";
import type { Addon, CalendarDate, Instant, Policy, Priority, Tier, TierId } from "./model.ts";
import { type Decimal, decimal } from "./money.ts";
import { type CompiledSchedule, compileSchedule } from "./schedule.ts";
import { folded, foldedName } from "./text-fold.ts";

/** A tier's ARR door. */
export interface ArrDoor {
  readonly tier: Tier;
  readonly enter: Decimal;
  readonly exit: Decimal;
}

/** What deciding needs of a policy, worked out once. */
export interface CompiledPolicy {
  readonly tiers: ReadonlyMap<TierId, Tier>;
  readonly localDate: (at: Instant) => CalendarDate;
  /** Normalised plan text → tier. */
  readonly plans: ReadonlyMap<string, TierId>;
  /** Currency → units of the base currency. */
  readonly rates: ReadonlyMap<string, Decimal>;
  /** Highest tier first. */
  readonly arrDoors: readonly ArrDoor[];
  readonly addons: ReadonlyMap<string, Addon>;
  readonly keywords: KeywordIndex;
  readonly impacts: ReadonlyMap<string, Priority>;
  readonly publicDomains: ReadonlySet<string>;
  readonly internalDomains: readonly string[];
  readonly keptForms: ReadonlySet<string>;
  readonly schedules: ReadonlyMap<string, CompiledSchedule>;
  /** Group → the number of waiting tickets from which it overflows. */
  readonly overflowMarks: ReadonlyMap<string, number>;
}

/** Memory of what was worked out, tied to the policy object itself: it holds nothing that is not derived from it. */
const compiledPolicies = new WeakMap<Policy, CompiledPolicy>();

/** The policy ready for deciding; worked out once per policy object. Throws RangeError for an unknown zone. */
export function compilePolicy(policy: Policy): CompiledPolicy {
  const known = compiledPolicies.get(policy);
  if (known !== undefined) return known;
  const made = compile(policy);
  compiledPolicies.set(policy, made);
  return made;
}

/** The tier of that id. Throws RangeError: a policy that names unknown tiers does not pass lint. */
export function tierNamed(compiled: CompiledPolicy, id: TierId): Tier {
  const tier = compiled.tiers.get(id);
  if (tier === undefined) throw new RangeError(`the policy has no tier ${id}`);
  return tier;
}

/** Rank of a tier that may come from an older policy; null = this policy does not know it. */
export function rankOf(compiled: CompiledPolicy, id: TierId | null): number | null {
  return id === null ? null : (compiled.tiers.get(id)?.rank ?? null);
}

function compile(policy: Policy): CompiledPolicy {
  const rates = Object.entries(policy.currency.rates).map(([code, rate]) => [code, decimal(rate)] as const);
  const impacts = Object.entries(policy.priority.impactField);
  const schedules = Object.entries(policy.schedules);
  return {
    tiers: new Map(policy.tiers.map((tier) => [tier.id, tier])),
    localDate: zoneNamed(policy.timezone).dateAt,
    plans: new Map([...policy.planMap].map(([text, tier]) => [foldedName(text), tier])),
    rates: new Map([[policy.currency.base, decimal("1")], ...rates]),
    arrDoors: arrDoors(policy.tiers),
    addons: new Map(policy.addons.map((addon) => [addon.sku, addon])),
    keywords: keywordIndex(policy.priority.keywords),
    impacts: new Map(impacts.map(([value, priority]) => [foldedName(value), priority])),
    publicDomains: new Set(policy.matching.publicDomains.map(folded)),
    internalDomains: policy.scope.skipRequesterDomains.map(folded),
    keptForms: new Set(policy.routing.keepGroupForms.map(foldedName)),
    schedules: new Map(schedules.map(([name, schedule]) => [name, compileSchedule(schedule)])),
    overflowMarks: overflowMarks(policy.tiers),
  };
}

function arrDoors(tiers: readonly Tier[]): readonly ArrDoor[] {
  return tiers
    .toSorted((a, b) => b.rank - a.rank)
    .flatMap((tier) => {
      const arr = tier.eligibility.arr;
      return arr === null ? [] : [{ tier, enter: decimal(arr.enter), exit: decimal(arr.exit) }];
    });
}

/** A group that is the primary of several tiers overflows at the lowest of their marks. */
function overflowMarks(tiers: readonly Tier[]): ReadonlyMap<string, number> {
  const marks = new Map<string, number>();
  for (const { routing } of tiers) {
    if (routing.group === null || routing.overflowUnassigned === null) continue;
    const mark = Math.min(routing.overflowUnassigned, marks.get(routing.group) ?? Number.POSITIVE_INFINITY);
    marks.set(routing.group, mark);
  }
  return marks;
}
