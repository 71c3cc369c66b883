/** Has a team enough people for its accounts: by the policy's figures, and by what really came in. */
import type { Instant, Policy, Tier } from "../policy/model.ts";
import { type Arrivals, measuredArrivals, plannedArrivals } from "./arrivals.ts";
import { type Coverage, coverageOf, ordinaryWeek, type Week } from "./ordinary-week.ts";
import { type ReplyCheck, replyCheck } from "./reply-check.ts";
import { ticketsPerAgentHour, type Utilisation, utilisationOf } from "./staffing.ts";

/** `unknown`: the policy states no team for the group. */
export type CapacityVerdict = "fits" | "tight" | "does_not_fit" | "unknown";

/** A load by the policy's figures. */
export interface PlannedLoad extends Utilisation {
  readonly accounts: number;
  readonly ticketsPerAccountMonth: number;
}

/** A load by what came in; handling time is still the policy's, for the help desk does not tell it. */
export interface MeasuredLoad {
  /** Tickets of the team's tiers in the window. */
  readonly n: number;
  /** Months that the window's facts cover. */
  readonly months: number;
  /** null = no account today. */
  readonly ticketsPerAccountMonth: number | null;
  readonly workHours: number;
  /** null = no capacity at all. */
  readonly utilisation: number | null;
}

export interface TeamLoad {
  /** Name of the group. */
  readonly team: string;
  readonly tiers: readonly { readonly id: string; readonly name: string }[];
  /** Accounts of these tiers today. */
  readonly accounts: number;
  /** null = the policy states no team for this group. */
  readonly planned: PlannedLoad | null;
  /** With every tier filled up to its `max_accounts`; null = no cap, or no team. */
  readonly atCap: PlannedLoad | null;
  /** null = no facts that cover a week at least. */
  readonly measured: MeasuredLoad | null;
  readonly utilisationVerdict: CapacityVerdict;
  readonly coverage: Coverage;
  readonly reply: ReplyCheck | null;
  /** Tickets one person finishes in an hour; null = no team. */
  readonly ticketsPerAgentHour: number | null;
  /** People for the objective in every opening hour and for utilisation below the warning; null = cannot be told. */
  readonly peopleNeeded: number | null;
  /** The worse of utilisation and reply-time. */
  readonly verdict: CapacityVerdict;
}

/** What a team is judged by. */
export interface TeamInput {
  readonly policy: Policy;
  readonly at: Instant;
  /** Tier → accounts. */
  readonly accounts: ReadonlyMap<string, number>;
  /** Tier → moments at which its tickets of the window came in. */
  readonly created: ReadonlyMap<string, readonly Instant[]>;
  /** How long the window's facts reach, ms. */
  readonly coveredMs: number;
  /** Measured arrivals are taken times this: what-if with more accounts than there were. */
  readonly growth?: ReadonlyMap<string, number>;
}

const WEEK_MS = 7 * 86_400_000;

/** A team for every group that has one in the policy, or that is the first of a tier; in the order of the tiers. */
export function teamLoads(input: TeamInput): readonly TeamLoad[] {
  const { policy } = input;
  const primary = policy.tiers.toReversed().flatMap((tier) => tier.routing.group ?? []);
  const planned = Object.keys(policy.capacityAssumptions?.teams ?? {});
  const week = ordinaryWeek(policy, input.at);
  return [...new Set([...primary, ...planned])].map((team) => teamLoad(team, input, week));
}

function teamLoad(group: string, input: TeamInput, week: Week): TeamLoad {
  const { policy } = input;
  const planning = policy.capacityAssumptions;
  const team = planning?.teams[group];
  const tiers = policy.tiers.filter((tier) => tier.routing.group === group);
  const accounts = sumOf(tiers, (tier) => input.accounts.get(tier.id) ?? 0);
  const coverage = coverageOf(policy, group, week);
  const arrivals = arrivalsOf(tiers, accounts, group, input, week);
  const reply = team === undefined ? null : replyCheck(policy, tiers, arrivals, week);
  const measured = measuredLoad(group, tiers, accounts, input);
  const names = tiers.map(({ id, name }) => ({ id, name }));
  const common = { team: group, tiers: names, accounts, measured, coverage, reply };
  if (planning === null || planning === undefined || team === undefined)
    return {
      ...common,
      planned: null,
      atCap: null,
      utilisationVerdict: "unknown",
      ticketsPerAgentHour: null,
      peopleNeeded: null,
      verdict: "unknown",
    };
  const load = (some: number): PlannedLoad => ({
    accounts: some,
    ticketsPerAccountMonth: team.ticketsPerAccountMonth,
    ...utilisationOf(some, team, planning),
  });
  const planned = load(accounts);
  const caps = tiers.map((tier) => tier.capacity.maxAccounts);
  const capped = caps.length > 0 && caps.every((cap) => cap !== null);
  const utilisationVerdict = utilisationVerdictOf(planned, measured, policy);
  return {
    ...common,
    planned,
    atCap: capped ? load(sumOf(caps, (cap) => cap ?? 0)) : null,
    utilisationVerdict,
    ticketsPerAgentHour: ticketsPerAgentHour(team.ahtMinutes, planning.occupancyMax),
    peopleNeeded: peopleNeeded(planned, team.fte, coverage, reply, planning.programmeLimits.utilisationWarn),
    verdict: worse(utilisationVerdict, reply),
  };
}

function sumOf<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((sum, one) => sum + of(one), 0);
}

function arrivalsOf(
  tiers: readonly Tier[],
  accounts: number,
  group: string,
  input: TeamInput,
  week: Week,
): Arrivals {
  const { policy, coveredMs, created, growth } = input;
  const moments = tiers.flatMap((tier) => created.get(tier.id) ?? []);
  const measured = measuredArrivals(moments, coveredMs / WEEK_MS, policy.timezone);
  if (measured !== null) {
    const times = growth?.get(group) ?? 1;
    return { ...measured, perHour: measured.perHour.map((one) => one * times) };
  }
  const perMonth = accounts * (policy.capacityAssumptions?.teams[group]?.ticketsPerAccountMonth ?? 0);
  return plannedArrivals(policy, perMonth, week);
}

function measuredLoad(
  group: string,
  tiers: readonly Tier[],
  accounts: number,
  { policy, created, coveredMs, growth }: TeamInput,
): MeasuredLoad | null {
  const planning = policy.capacityAssumptions;
  const team = planning?.teams[group];
  const n = sumOf(tiers, (tier) => created.get(tier.id)?.length ?? 0);
  if (n === 0 || coveredMs < WEEK_MS || planning === null || planning === undefined) return null;
  const months = coveredMs / WEEK_MS / planning.weeksPerMonth;
  const perMonth = (n / months) * (growth?.get(group) ?? 1);
  const workHours = (perMonth * (team?.ahtMinutes ?? 0)) / 60;
  const capacity = team === undefined ? 0 : utilisationOf(0, team, planning).capacityHours;
  return {
    n,
    months,
    ticketsPerAccountMonth: accounts > 0 ? perMonth / accounts : null,
    workHours,
    utilisation: capacity > 0 ? workHours / capacity : null,
  };
}

/** The heavier of what is planned and what came in. Work without any capacity does not fit. */
function utilisationVerdictOf(
  planned: PlannedLoad,
  measured: MeasuredLoad | null,
  policy: Policy,
): CapacityVerdict {
  const limits = policy.capacityAssumptions?.programmeLimits;
  const work = Math.max(planned.workHours, measured?.workHours ?? 0);
  if (planned.capacityHours <= 0) return work > 0 ? "does_not_fit" : "fits";
  const utilisation = work / planned.capacityHours;
  if (utilisation > (limits?.utilisationStop ?? 1)) return "does_not_fit";
  return utilisation >= (limits?.utilisationWarn ?? 0.9) ? "tight" : "fits";
}

function worse(utilisation: CapacityVerdict, reply: ReplyCheck | null): CapacityVerdict {
  return reply?.verdict === "short" ? "does_not_fit" : utilisation;
}

function peopleNeeded(
  planned: PlannedLoad,
  fte: number,
  { peoplePerSeat }: Coverage,
  reply: ReplyCheck | null,
  warn: number,
): number | null {
  if (planned.capacityHours <= 0 || peoplePerSeat === null) return null;
  const forWork = (planned.workHours / planned.capacityHours / warn) * fte;
  const forReplies = reply === null || reply.worst === null ? 0 : reply.needed * peoplePerSeat;
  return Math.max(forWork, forReplies);
}
