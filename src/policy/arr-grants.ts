/** What a family's recurring revenue earns. */
import type { ArrDoor } from "./compiled.ts";
import { contractOf, isLive } from "./contract.ts";
import { familyOf } from "./family.ts";
import type { Account } from "./model.ts";
import { arrOf, type Decimal, sumToCents } from "./money.ts";
import { mayPassDown } from "./plan-grants.ts";
import { type Grant, type Subject, useFact, useStanding } from "./subject.ts";
import { note } from "./trail.ts";

/** What adding up a family's ARR gave. */
export interface ArrGrant {
  /** null = no tier's threshold is met, or its door is closed at present. */
  readonly grant: Grant | null;
  /** At least one amount could be added, zero included. */
  readonly usable: boolean;
}

/** The tier the ARR of the account and its family reaches. Asked only where the own contract is live. */
export function arrGrant(subject: Subject): ArrGrant {
  const amounts = usableAmounts(subject);
  if (amounts.length === 0) return { grant: null, usable: false };
  if (amounts.length > 1) note(subject.trail, "family_arr");
  const sum = sumToCents(amounts);
  useFact(subject.trail, subject.account, "arr_sum", `${sum.toFixed(2)} ${subject.policy.currency.base}`);
  return { grant: highestDoor(sum, subject), usable: true };
}

function usableAmounts(subject: Subject): readonly Decimal[] {
  const { account, trail, compiled } = subject;
  const amounts: Decimal[] = [];
  for (const member of members(subject)) {
    const arr = arrOf(member, compiled.rates);
    if (member.arr !== null) useFact(trail, member, "arr", moneyText(member.arr));
    if (member !== account && member.arr !== null) useStanding(trail, member);
    if (arr.usable) amounts.push(arr.amount);
    else if (arr.because === "currency_unknown") note(trail, "arr_currency_unknown", "review");
    else if (arr.because === "negative") note(trail, "arr_invalid", "review");
  }
  return amounts;
}

function members(subject: Subject): readonly Account[] {
  const { account, ancestry, accounts, today, policy } = subject;
  if (policy.rollup.arr === "own") return [account];
  const counts = (member: Account): boolean =>
    member.id === account.id ||
    (mayPassDown(member, policy) && isLive(contractOf(member, today, policy).state));
  return familyOf(account, ancestry, accounts, policy).filter(counts);
}

/** From the highest tier down: the first door that is reached and open. */
function highestDoor(sum: Decimal, subject: Subject): Grant | null {
  const { trail, held } = subject;
  for (const door of subject.compiled.arrDoors) {
    const holding = holdsByArr(door, subject);
    if (sum.lt(holding ? door.exit : door.enter)) continue;
    if (!holding && held?.waitlisted.includes(door.tier.id)) {
      note(trail, `waitlisted:${door.tier.id}`);
      continue;
    }
    if (sum.lt(door.enter)) note(trail, "arr_hysteresis_hold");
    note(trail, `grant_arr:${door.tier.id}`);
    return { tier: door.tier, basis: "arr" };
  }
  return null;
}

function holdsByArr(door: ArrDoor, { held, heldTier }: Subject): boolean {
  return held?.basis === "arr" && heldTier !== null && heldTier.rank >= door.tier.rank;
}

function moneyText(money: { readonly amount: string; readonly currency: string | null }): string {
  return money.currency === null ? money.amount : `${money.amount} ${money.currency}`;
}
