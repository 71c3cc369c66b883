/** Which tier an account has, and why: contract, grants, stability, gates and overrides, in that order. */
import { compilePolicy } from "./compiled.ts";
import { type Contract, contractOf } from "./contract.ts";
import { ancestryOf } from "./family.ts";
import { grantedTo } from "./grants.ts";
import type { Account, HeldState, Instant, Override, Policy, TierVerdict } from "./model.ts";
import { gated, overridden } from "./overrides.ts";
import { settle } from "./stability.ts";
import { type Subject, useStanding } from "./subject.ts";
import { newTrail, note, type Trail } from "./trail.ts";

/**
 * The tier of one account, with reasons, flags, and what the ledger is to remember.
 *
 * Dates and overrides are judged at `asOf` (a ticket's creation; for the account sync, now), the age of the facts
 * at `now`. `accounts` holds the account with its ancestors and family. Throws RangeError where the account is not
 * among them.
 */
export function tierOf(
  accountId: string,
  accounts: ReadonlyMap<string, Account>,
  held: HeldState | null,
  overrides: readonly Override[],
  policy: Policy,
  at: { readonly asOf: Instant; readonly now: Instant },
): TierVerdict {
  const account = accounts.get(accountId);
  if (account === undefined) throw new RangeError(`account ${accountId} is not among those given`);
  const subject = subjectOf(account, accounts, held, policy, at.asOf);
  const { trail } = subject;
  noteState(account, subject.contract, trail);
  const granted = grantedTo(subject);
  const settled = settle(granted.best, subject, at);
  const final = overridden(gated(settled.grant, subject), overrides, subject, at.asOf);
  return {
    tier: final.tier.id,
    basis: final.basis,
    reasons: [...trail.reasons],
    flags: [...trail.flags],
    ledger: settled.ledger,
    inheritedTam: granted.inheritedTam,
    facts: trail.facts,
  };
}

function subjectOf(
  account: Account,
  accounts: ReadonlyMap<string, Account>,
  held: HeldState | null,
  policy: Policy,
  asOf: Instant,
): Subject {
  const compiled = compilePolicy(policy);
  const today = compiled.localDate(asOf);
  const heldTier = held?.tier ? (compiled.tiers.get(held.tier) ?? null) : null;
  const contract = contractOf(account, today, policy);
  const ancestry = ancestryOf(account, accounts, policy);
  const trail = newTrail();
  return { account, accounts, ancestry, contract, heldTier, held, today, policy, compiled, trail };
}

/** The account's own state is reported whatever follows from it. */
function noteState(account: Account, contract: Contract, trail: Trail): void {
  useStanding(trail, account);
  for (const fact of account.unreadable) note(trail, `fact_unreadable:${fact}`, "review");
  if (contract.datesInvalid) note(trail, "contract_dates_invalid", "review");
  if (contract.state === "grace") note(trail, "contract_lapse_grace", "grace");
  if (contract.state === "lapsed") note(trail, "contract_lapsed");
  if (contract.state === "not_started") note(trail, "contract_not_started");
}
