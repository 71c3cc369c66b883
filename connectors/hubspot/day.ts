/** The day's calls: how many are left, and when the count starts anew (midnight in the account's time zone). */
import { DateTime } from "luxon";

/** What the headers of the last answers said about the day. */
export interface DayBudget {
  readonly limit: number;
  readonly remaining: number;
}

/** Memory of one connection about its account's day. */
export interface Day {
  /** Takes note of the headers of an answer; those without the daily pair change nothing. */
  learn(headers: Headers): void;
  /** Remembers the account's time zone; a name that is none is forgotten. */
  zoneIs(zone: string | null): void;
  /** null = not told yet. */
  budget(): DayBudget | null;
  /** The next midnight in the account's zone, epoch ms; null = the zone is not known. */
  resetsAt(now: number): number | null;
  /** The account's zone; null = not known. */
  zone(): string | null;
  /** true once, when the day runs low and nobody has told the zone. */
  shouldAskZone(): boolean;
}

/** From this share of the day's calls on, the zone is worth a call: it tells how long a used-up day lasts. */
const LOW = 0.1;

/** An empty memory. */
export function day(): Day {
  const known: { budget: DayBudget | null; zone: string | null; asked: boolean } = {
    budget: null,
    zone: null,
    asked: false,
  };
  return {
    learn(headers) {
      const limit = countIn(headers, "x-hubspot-ratelimit-daily");
      const remaining = countIn(headers, "x-hubspot-ratelimit-daily-remaining");
      if (limit !== null && remaining !== null) known.budget = { limit, remaining };
    },
    zoneIs(zone) {
      if (zone !== null && DateTime.local({ zone }).isValid) known.zone = zone;
    },
    budget: () => known.budget,
    zone: () => known.zone,
    resetsAt: (now) =>
      known.zone === null
        ? null
        : DateTime.fromMillis(now, { zone: known.zone }).plus({ days: 1 }).startOf("day").toMillis(),
    shouldAskZone() {
      const low = known.budget !== null && known.budget.remaining < known.budget.limit * LOW;
      if (!low || known.zone !== null || known.asked) return false;
      known.asked = true;
      return true;
    },
  };
}

function countIn(headers: Headers, name: string): number | null {
  const text = headers.get(name)?.trim() ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
