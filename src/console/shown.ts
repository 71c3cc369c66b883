/** From our records to what people read: names for ids, sentences for codes, ISO text for moments. */

import { DateTime } from "luxon";
import type { z } from "zod";
import type { Account, Basis, CalendarDate, Money, Policy, TierId } from "../policy/model.ts";
import { bareFlag, basisArgs, basisInWords, flagInWords, inWords, reasonParts } from "../policy/words.ts";
import type { reason, tier } from "./schemas.ts";

type Reason = z.input<typeof reason>;

/** `2026-06-09T15:00:00Z`. */
export function iso(at: number): string {
  return `${new Date(Math.floor(at / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

/** null stays null. */
export function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}

/** A tier by name and its place from the lowest, 0; one the policy does not know (any more) keeps its id as name. */
export function tierShown(id: TierId, policy: Policy): z.input<typeof tier> {
  const found = policy.tiers.find((one) => one.id === id);
  if (found === undefined) return { id, name: id, rank: null };
  return { id, name: found.name, rank: policy.tiers.filter((one) => one.rank < found.rank).length };
}

/** Reason codes with their sentences. */
export function reasonsShown(codes: readonly string[], policy: Policy): Reason[] {
  return codes.map((code) => reasonShown(code, policy));
}

/** A reason code with its sentence. */
export function reasonShown(reason: string, policy: Policy): Reason {
  const { code, args } = reasonParts(reason, policy);
  return { code: reason, words: inWords(reason, policy), text: `reason.${code}`, args: { ...args } };
}

/** A flag, with or without the policy's prefix, with its sentence. */
export function flagShown(flag: string, policy: Policy): Reason {
  return { code: flag, words: flagInWords(flag, policy), text: `flag.${bareFlag(flag, policy)}`, args: {} };
}

/** What a tier rests on, for the reader's language. */
export function basisShown(basis: Basis, policy: Policy): Omit<Reason, "code"> {
  return {
    words: basisInWords(basis, policy),
    text: `basis.${basis}`,
    args: { ...basisArgs(basis, policy) },
  };
}

/** The same where there may be no basis; null stays null. */
export function basisOrNull(basis: Basis | null, policy: Policy): Omit<Reason, "code"> | null {
  return basis === null ? null : basisShown(basis, policy);
}

/** A copy, so that nothing of ours is handed out. */
export function moneyShown(money: Money | null): { amount: string; currency: string | null } | null {
  return money === null ? null : { amount: money.amount, currency: money.currency };
}

/** An account for a list. */
export function accountShown(id: string, account: Account | undefined): { id: string; name: string | null } {
  return { id, name: account?.name ?? null };
}

/** The day on which a moment falls in the policy's zone. */
export function dayOf(at: number, policy: Policy): CalendarDate {
  return DateTime.fromMillis(at, { zone: policy.timezone }).toISODate() ?? iso(at).slice(0, 10);
}

/** Whole minutes since a moment; null = it is not known. */
export function ageMinutes(at: number | null, now: number): number | null {
  return at === null ? null : Math.max(0, Math.floor((now - at) / 60_000));
}

/** The oldest confirmation among facts; null = none was ever confirmed. */
export function oldest(moments: readonly (number | null)[]): number | null {
  const known = moments.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** Where a person looks at a record in the help desk. */
export function deskUrl(origin: string, kind: "tickets" | "organizations", id: string): string {
  return `${origin}/agent/${kind}/${encodeURIComponent(id)}`;
}
