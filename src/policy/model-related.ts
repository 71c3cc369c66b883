/**
 * Facts that stand on other CRM records than the account: amounts and states of its deals, lines of what was sold.
 *
 * A connector reads them and hands each over as one more property of the account, under a name of its own; what they
 * mean is decided by the policy. Types only.
 */
import type { DecimalText } from "./model-basics.ts";

/** Which records a fact is brought together from. Property names are the CRM's; null = not mapped. */
export type RelatedSource = DealAmounts | OpenDeals | SoldLines;

/** ARR as the sum of the won deals that have begun and have not ended. Handed over: JSON list of `DealText`. */
export interface DealAmounts {
  readonly kind: "deal_amounts";
  readonly amount: string;
  /** Currency of deals that state none; null = unknown. */
  readonly currency: string | null;
  readonly currencyProperty: string;
  readonly start: string | null;
  readonly end: string;
  /** Ids of the pipelines that count; empty = all. */
  readonly pipelines: readonly string[];
  /** Zone of "today". */
  readonly timezone: string;
  /** Several currencies become one amount in this currency, at these fixed rates. */
  readonly base: string;
  readonly rates: Readonly<Record<string, DecimalText>>;
}

/** Whether a deal is open in one of these pipelines. Handed over: `true` or `false`. */
export interface OpenDeals {
  readonly kind: "open_deals";
  readonly pipelines: readonly string[];
}

/** Add-ons as line items of won deals. Handed over: JSON list of `LineText`. */
export interface SoldLines {
  readonly kind: "sold_lines";
  readonly sku: string;
  readonly start: string | null;
  readonly end: string | null;
  readonly scope: string | null;
  /** Deal property with the day on which lines end that state no end of their own. */
  readonly dealEnd: string | null;
  /** SKUs that are add-ons; every other line is an ordinary product. */
  readonly skus: readonly string[];
}

/** Why a record can be listed and still not be counted: whose it is, or what is in it, cannot be told. */
export type RelatedDoubt = "shared" | "unread";

/** One won deal as the CRM words it; null = empty. */
export interface DealText {
  readonly amount: string | null;
  readonly currency: string | null;
  readonly start: string | null;
  readonly end: string | null;
  readonly doubt: RelatedDoubt | null;
}

/** One line of a won deal as the CRM words it; null = empty. */
export interface LineText {
  readonly sku: string | null;
  readonly start: string | null;
  readonly end: string | null;
  readonly scope: string | null;
  readonly doubt: RelatedDoubt | null;
}

/** Name under which the connector hands a fact over → how it is brought together. */
export type RelatedSources = Readonly<Record<string, RelatedSource>>;
