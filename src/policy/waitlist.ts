/** Who must wait for a tier that is full. Contractual holders are never refused; only an earned place can be. */

import type { DecimalText } from "./model.ts";
import { type Decimal, decimal } from "./money.ts";

/** One account that would have the tier if there were room for everybody. */
export interface Candidate {
  readonly accountId: string;
  /** Its place rests on something that was bought (plan, add-on, parent), not on a basis that can be waitlisted. */
  readonly contractual: boolean;
  /** It has the tier already. */
  readonly holds: boolean;
  /** In the base currency; null = none. */
  readonly arr: DecimalText | null;
}

/**
 * Ids of the accounts that wait: places go to contractual holders first, then to those who have the tier already, then
 * by ARR from the highest down, then by id.
 */
export function waitingFor(maxAccounts: number, candidates: readonly Candidate[]): ReadonlySet<string> {
  const earned = candidates.filter((c) => !c.contractual);
  const places = Math.max(0, maxAccounts - (candidates.length - earned.length));
  // A tier may have a hundred thousand of them: they are put in order only where the order decides.
  if (earned.length <= places) return new Set();
  const ordered = places === 0 ? earned : earned.map(withAmount).sort(byClaim).slice(places);
  return new Set(ordered.map((c) => c.accountId));
}

interface Ranked {
  readonly accountId: string;
  readonly holds: boolean;
  readonly amount: Decimal;
}

function withAmount({ accountId, holds, arr }: Candidate): Ranked {
  return { accountId, holds, amount: decimal(arr ?? "0") };
}

function byClaim(a: Ranked, b: Ranked): number {
  if (a.holds !== b.holds) return a.holds ? -1 : 1;
  return b.amount.cmp(a.amount) || (a.accountId < b.accountId ? -1 : 1);
}
