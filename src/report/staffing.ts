/** Enough people? Workload against capacity, and the chance that a reply is in time with so many on shift (Erlang C). */
import type { CapacityTeam } from "../policy/model.ts";

/** Share of time and of an hour that planning may count on. */
export interface Planning {
  readonly weeksPerMonth: number;
  readonly shrinkage: number;
  readonly occupancyMax: number;
}

/** Hours of work a month against hours there are. */
export interface Utilisation {
  readonly workHours: number;
  readonly capacityHours: number;
  /** work ÷ capacity; null = no capacity at all. */
  readonly utilisation: number | null;
  /** Accounts at 100 %; null = an account makes no work. */
  readonly accountsAtFull: number | null;
}

/** Planned use of a team by so many accounts. */
export function utilisationOf(
  accounts: number,
  team: Omit<CapacityTeam, "onShift">,
  planning: Planning,
): Utilisation {
  const perAccount = (team.ticketsPerAccountMonth * team.ahtMinutes) / 60;
  const capacityHours =
    team.fte * team.hoursPerWeek * planning.weeksPerMonth * (1 - planning.shrinkage) * planning.occupancyMax;
  return {
    workHours: accounts * perAccount,
    capacityHours,
    utilisation: capacityHours > 0 ? (accounts * perAccount) / capacityHours : null,
    accountsAtFull: perAccount > 0 ? Math.floor(capacityHours / perAccount) : null,
  };
}

/** People needed so that one seat is filled `seatHours` a week, each giving `hoursPerWeek` less shrinkage. */
export function peoplePerSeat(seatHours: number, hoursPerWeek: number, shrinkage: number): number {
  return seatHours / (hoursPerWeek * (1 - shrinkage));
}

/** Tickets one person finishes in an hour at the planned occupancy. */
export function ticketsPerAgentHour(ahtMinutes: number, occupancy: number): number {
  return (60 / ahtMinutes) * occupancy;
}

/**
 * Chance that a ticket finds everybody busy (Erlang C): `load` = arrivals × handling time, in people; 1 where they can
 * not keep up. Computed by the recursion of Erlang B, which does not overflow.
 */
export function chanceToWait(load: number, people: number): number {
  if (people <= load) return 1;
  let blocked = 1;
  for (let k = 1; k <= people; k++) blocked = (load * blocked) / (k + load * blocked);
  return (people * blocked) / (people - load * (1 - blocked));
}

/** Chance that a first touch begins within `withinMinutes`, in 0–1; 0 where the people cannot keep up. */
export function chanceInTime(input: {
  readonly arrivalsPerHour: number;
  readonly touchMinutes: number;
  readonly people: number;
  readonly withinMinutes: number;
}): number {
  const perHour = 60 / input.touchMinutes;
  const load = input.arrivalsPerHour / perHour;
  if (input.people <= load) return 0;
  const spare = input.people * perHour - input.arrivalsPerHour;
  return 1 - chanceToWait(load, input.people) * Math.exp(-spare * (input.withinMinutes / 60));
}
