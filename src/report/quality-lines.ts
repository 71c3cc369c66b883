/** The lines of the data-quality report: what each counts, what is good, and what to do where it is not. */

export type QualityId =
  | "unmatched_tickets"
  | "in_review"
  | "stale_facts"
  | "drift"
  | "overrides_ending"
  | "organizations_without_account"
  | "domains_twice"
  | "no_tam"
  | "failed_writes"
  | "write_delay";

/** One record behind a line. */
export interface QualityName {
  /** Ticket, account, organization, domain, override or delivery. */
  readonly id: string;
  readonly name: string | null;
  readonly detail: string;
}

/** What one line says. */
export interface QualityLine {
  readonly id: QualityId;
  readonly title: string;
  /** How many; for `write_delay` seconds at the 95th percentile; null = nothing was there to count. */
  readonly value: number | null;
  readonly unit: "tickets" | "accounts" | "organizations" | "domains" | "overrides" | "seconds";
  /** Of how many. */
  readonly n: number;
  /** value ÷ n for the lines whose goal is a share; else null. */
  readonly share: number | null;
  /** Good is at most this: a share for lines that have one, else a count or seconds; null = nothing to reach, to be looked at. */
  readonly goal: number | null;
  readonly verdict: "good" | "bad" | "look" | "no_data";
  /** The records behind it, at most a thousand. */
  readonly names: readonly QualityName[];
  readonly fix: string;
}

/** How many records stand behind a line. */
export const NAMED = 1_000;

interface Kind {
  readonly title: string;
  readonly unit: QualityLine["unit"];
  readonly goal: number | null;
  readonly isShare?: boolean;
  readonly fix: string;
}

const KINDS: Readonly<Record<QualityId, Kind>> = {
  unmatched_tickets: {
    title: "Tickets without a customer",
    unit: "tickets",
    goal: 0.02,
    isShare: true,
    fix: "Link their organizations, or add their domains to the account: `sync --unmatched` lists both.",
  },
  in_review: {
    title: "Accounts in review",
    unit: "accounts",
    goal: 0,
    fix: "Put right in the CRM what each of them says; the review list of the console has the words.",
  },
  stale_facts: {
    title: "Accounts with old facts",
    unit: "accounts",
    goal: 0,
    fix: "Run `check`: the CRM cannot be read. Facts that are old demote nobody for a while, then they do.",
  },
  drift: {
    title: "Organizations that show something else",
    unit: "organizations",
    goal: 0,
    fix: "Run `sync`; where it comes back, somebody or something else writes these fields: `explain --account` tells.",
  },
  overrides_ending: {
    title: "Overrides that end in 30 days",
    unit: "overrides",
    goal: null,
    fix: "Ask whoever approved each of them: let it end, or make a new one. An override is never prolonged by itself.",
  },
  organizations_without_account: {
    title: "Organizations without an account",
    unit: "organizations",
    goal: null,
    fix: "Give those that are customers their account's id as external id; others may stay.",
  },
  domains_twice: {
    title: "Domains that several accounts claim",
    unit: "domains",
    goal: 0,
    fix: "Leave each domain on one account in the CRM: tickets from it find no customer at all.",
  },
  no_tam: {
    title: "Accounts that bought a TAM and have none",
    unit: "accounts",
    goal: 0,
    fix: "Name a TAM in the CRM who is an active agent in the help desk.",
  },
  failed_writes: {
    title: "Tickets whose write failed",
    unit: "tickets",
    goal: 0,
    fix: "Do what each of them says, then `replay`.",
  },
  write_delay: {
    title: "From a ticket's creation to our write (P95)",
    unit: "seconds",
    goal: 60,
    fix: "Look at the oldest delivery and the API budget in `check`; the promise minus this delay is what agents really have.",
  },
};

/** One line with its verdict. `of` = how many there are to go wrong. */
export function qualityLine(
  id: QualityId,
  value: number | null,
  of: number,
  names: readonly QualityName[],
): QualityLine {
  const { title, unit, goal, isShare = false, fix } = KINDS[id];
  const share = isShare && value !== null && of > 0 ? value / of : null;
  const known = value === null || (isShare && share === null) ? null : isShare ? share : value;
  return {
    ...{ id, title, value, unit, n: of, share, goal },
    verdict: verdictOf(known, goal, isShare),
    names: names.slice(0, NAMED),
    fix,
  };
}

/** A share must lie below its goal; a count or a time may reach it. */
function verdictOf(value: number | null, goal: number | null, isShare: boolean): QualityLine["verdict"] {
  if (value === null) return "no_data";
  if (goal === null) return value === 0 ? "good" : "look";
  return (isShare ? value < goal : value <= goal) ? "good" : "bad";
}
