/** The account whose tier is being asked for, with all that is asked about it. */
import type { CompiledPolicy } from "./compiled.ts";
import type { Contract } from "./contract.ts";
import type { Ancestry } from "./family.ts";
import type { Account, Basis, CalendarDate, HeldState, Policy, Tier } from "./model.ts";
import type { Trail } from "./trail.ts";

/** One account on one day, under one policy. */
export interface Subject {
  readonly account: Account;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly ancestry: Ancestry;
  readonly contract: Contract;
  /** The tier the ledger holds, where this policy still knows it. */
  readonly heldTier: Tier | null;
  readonly held: HeldState | null;
  readonly today: CalendarDate;
  readonly policy: Policy;
  readonly compiled: CompiledPolicy;
  readonly trail: Trail;
}

/** A tier an account qualifies for, and by which door. */
export interface Grant {
  readonly tier: Tier;
  readonly basis: Basis;
}

/** Notes a fact the decision rests on; a fact that is not stated leaves no note. */
export function useFact(trail: Trail, account: Account, fact: string, value: string | null): void {
  if (value === null) return;
  trail.facts.push({ accountId: account.id, fact, value, syncedAt: account.syncedAt });
}

/** Notes something from our own records (ledger, exceptions), which no CRM confirms: it has no age. */
export function useRecord(trail: Trail, account: Account, fact: string, value: string): void {
  trail.facts.push({ accountId: account.id, fact, value, syncedAt: null });
}

/** Notes how an account stands with us: status, dates, and what may bend them. */
export function useStanding(trail: Trail, account: Account): void {
  useFact(trail, account, "status", account.status);
  useFact(trail, account, "contract_start", account.contractStart);
  useFact(trail, account, "contract_end", account.contractEnd);
  if (account.renewalInProgress) useFact(trail, account, "renewal_in_progress", "true");
  useFact(trail, account, "gone_on", account.goneOn);
}
