/** Amounts in the base currency, in exact decimal arithmetic. */
import { Big } from "big.js";
import type { Account, DecimalText } from "./model.ts";

/** An exact decimal number. */
export type Decimal = Big;

/** Half-up: 0.005 becomes 0.01. */
const HALF_UP = 1;

/** The decimal number a text stands for. Throws for a text that is no number. */
export function decimal(text: DecimalText): Decimal {
  return new Big(text);
}

/** Adds unrounded amounts and rounds the sum, once, half-up to cents. */
export function sumToCents(amounts: readonly Decimal[]): Decimal {
  return amounts.reduce((sum, amount) => sum.plus(amount), new Big(0)).round(2, HALF_UP);
}

/** What an account's ARR is worth: an amount in the base currency, or why there is none. */
export type ArrReading =
  | { readonly usable: true; readonly amount: Decimal }
  | { readonly usable: false; readonly because: "absent" | "currency_unknown" | "negative" };

/** The ARR of one account in the base currency, unrounded. The currency is looked at before the sign. */
export function arrOf(account: Account, rates: ReadonlyMap<string, Decimal>): ArrReading {
  if (account.arr === null) return { usable: false, because: "absent" };
  const rate = account.arr.currency === null ? undefined : rates.get(account.arr.currency);
  if (rate === undefined) return { usable: false, because: "currency_unknown" };
  const amount = decimal(account.arr.amount);
  if (amount.lt(0)) return { usable: false, because: "negative" };
  return { usable: true, amount: amount.times(rate) };
}
