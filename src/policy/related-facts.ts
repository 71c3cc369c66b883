/** Facts handed over from an account's deals and line items: which of them count today, and what they come to. */
import { Big } from "big.js";
import * as z from "zod";
import { zoneNamed } from "./dates.ts";
import { readAmount, readDate, textOf } from "./fact-kinds.ts";
import type {
  AddonLine,
  CalendarDate,
  CrmMapping,
  DealAmounts,
  DealText,
  Instant,
  LineText,
  Money,
  RelatedDoubt,
  RelatedSources,
  SoldLines,
} from "./model.ts";
import { foldedName } from "./text-fold.ts";

/** The facts of a mapping that stand on other records, by the name they are handed over under. */
export function relatedSources(mapping: CrmMapping): RelatedSources {
  const { domains: _domains, label: _label, ...facts } = mapping;
  return Object.fromEntries(
    Object.values(facts).flatMap((source) =>
      source?.related === undefined ? [] : [[source.property, source.related]],
    ),
  );
}

const cell = z.string().nullable();
const doubt = z.enum(["shared", "unread"]).nullable();
const dealTexts: z.ZodType<readonly DealText[]> = z.array(
  z.object({ amount: cell, currency: cell, start: cell, end: cell, doubt }),
);
const lineTexts: z.ZodType<readonly LineText[]> = z.array(
  z.object({ sku: cell, start: cell, end: cell, scope: cell, doubt }),
);

const DOUBTS: Readonly<Record<RelatedDoubt, string>> = {
  shared: "a deal of several companies, none of them its primary one",
  unread: "a deal or line item that could not be read",
};

/** What was made of the records; `doubts` = texts that a person should look at. */
interface Sum {
  readonly money: Money | null;
  readonly doubts: readonly string[];
}

/**
 * The amounts of all deals that run on the day of `at`, added up exactly; null when none does or none has an amount.
 *
 * One currency stays what it is; several become the base currency at the policy's rates, unrounded. A deal whose
 * amount or currency cannot be used is left out and told, as the members of a family are.
 */
export function dealArr(raw: string | null, how: DealAmounts, at: Instant): Sum {
  if (textOf(raw) === null) return { money: null, doubts: [] };
  const deals = listOf(dealTexts, raw);
  if (deals === null) return { money: null, doubts: ["the list of deals"] };
  const today = zoneNamed(how.timezone).dateAt(at);
  const doubts: string[] = [];
  const sums = new Map<string | null, Big>();
  for (const deal of deals) {
    const amount = amountOf(deal, today, doubts);
    if (amount === null) continue;
    const currency = currencyOf(deal.currency, how);
    sums.set(currency, (sums.get(currency) ?? new Big(0)).plus(amount));
  }
  return { money: together(sums, how, doubts), doubts };
}

function amountOf(deal: DealText, today: CalendarDate, doubts: string[]): Big | null {
  if (deal.doubt !== null) {
    doubts.push(DOUBTS[deal.doubt]);
    return null;
  }
  const { start, end } = datesOf(deal, doubts);
  if ((start !== null && today < start) || (end !== null && today > end)) return null;
  const amount = readAmount(deal.amount);
  if (amount.is === "unreadable") doubts.push(deal.amount ?? "");
  return amount.is === "value" ? new Big(amount.value) : null;
}

function currencyOf(stated: string | null, how: DealAmounts): string | null {
  const code = textOf(stated)?.toUpperCase() ?? how.currency;
  return code !== null && /^[A-Z]{3}$/.test(code) ? code : null;
}

function together(sums: ReadonlyMap<string | null, Big>, how: DealAmounts, doubts: string[]): Money | null {
  const [only, ...more] = sums;
  if (only === undefined) return null;
  if (more.length === 0) return { amount: only[1].toFixed(), currency: only[0] };
  const worth: Big[] = [];
  for (const [currency, sum] of sums) {
    const rate = currency === null ? undefined : how.rates[currency];
    if (rate === undefined) doubts.push(`${sum.toFixed()} ${currency ?? "of unknown currency"}`);
    else worth.push(sum.times(rate));
  }
  if (worth.length === 0) return null;
  return {
    amount: worth.reduce((total, one) => total.plus(one), new Big(0)).toFixed(),
    currency: how.base,
  };
}

/** A date nobody can read, and a start after the end, count as not stated: the customer paid. */
function datesOf(
  record: { readonly start: string | null; readonly end: string | null },
  doubts: string[],
): { readonly start: CalendarDate | null; readonly end: CalendarDate | null } {
  const day = (raw: string | null): CalendarDate | null => {
    const reading = readDate(raw);
    if (reading.is === "unreadable") doubts.push(raw ?? "");
    return reading.is === "value" ? reading.value : null;
  };
  const [start, end] = [day(record.start), day(record.end)];
  if (start === null || end === null || start <= end) return { start, end };
  doubts.push(`${start} to ${end}`);
  return { start: null, end: null };
}

/** Add-on lines of what was sold. Lines whose SKU is no add-on are ordinary products and left out. */
export function soldAddons(
  raw: string | null,
  how: SoldLines,
): { readonly lines: readonly AddonLine[]; readonly doubts: readonly string[] } {
  if (textOf(raw) === null) return { lines: [], doubts: [] };
  const sold = listOf(lineTexts, raw);
  if (sold === null) return { lines: [], doubts: ["the list of line items"] };
  const known = new Map(how.skus.map((sku) => [foldedName(sku), sku]));
  const doubts: string[] = [];
  const lines: AddonLine[] = [];
  for (const line of sold) {
    if (line.doubt !== null) {
      doubts.push(DOUBTS[line.doubt]);
      continue;
    }
    const sku = known.get(foldedName(line.sku ?? ""));
    if (sku === undefined) continue;
    const scope = foldedName(line.scope ?? "") === "family" ? "family" : "account";
    lines.push({ sku, ...datesOf(line, doubts), scope });
  }
  return { lines, doubts };
}

function listOf<T>(schema: z.ZodType<readonly T[]>, raw: string | null): readonly T[] | null {
  try {
    return schema.safeParse(JSON.parse(raw ?? "")).data ?? null;
  } catch {
    return null;
  }
}
