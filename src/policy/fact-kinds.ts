/** One CRM text read as what it stands for: an amount, a day, yes or no, a list, a mail domain. */
import Big from "big.js";
import type { CalendarDate, DecimalText } from "./model.ts";
import { folded } from "./text-fold.ts";

/** What a text turned out to be. `empty` = not stated; `unreadable` = something stands there that makes no sense. */
export type Reading<T> =
  | { readonly is: "value"; readonly value: T }
  | { readonly is: "empty" }
  | { readonly is: "unreadable" };

const EMPTY = { is: "empty" } as const;
const UNREADABLE = { is: "unreadable" } as const;

/** The text without surrounding blanks; null and blank text are empty. */
export function textOf(raw: string | null | undefined): string | null {
  const trimmed = raw?.trim() ?? "";
  return trimmed === "" ? null : trimmed;
}

const PLAIN_DECIMAL = /^[+-]?\d{1,30}(\.\d{1,30})?$/;

/**
 * A plain decimal number: digits, at most one point, an optional sign, blanks around it.
 *
 * Nothing is guessed: `12k`, `1,000`, `1 000`, `1e6`, `$5` are unreadable, since a thousands separator in one country
 * is a decimal sign in another.
 */
export function readAmount(raw: string | null | undefined): Reading<DecimalText> {
  const text = textOf(raw);
  if (text === null) return EMPTY;
  if (!PLAIN_DECIMAL.test(text)) return UNREADABLE;
  return { is: "value", value: new Big(text.replace("+", "")).toFixed() };
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;
/** 12 or 13 digits are milliseconds from 1973 on; fewer could be seconds or a day without dashes. */
const EPOCH_MS = /^\d{12,13}$/;

function dayOf(ms: number): Reading<CalendarDate> {
  if (!Number.isFinite(ms)) return UNREADABLE;
  return { is: "value", value: new Date(ms).toISOString().slice(0, 10) };
}

/** A calendar day: `YYYY-MM-DD`; of an ISO moment or of epoch milliseconds, the day in UTC. */
export function readDate(raw: string | null | undefined): Reading<CalendarDate> {
  const text = textOf(raw);
  if (text === null) return EMPTY;
  if (EPOCH_MS.test(text)) return dayOf(Number(text));
  if (!DAY.test(text) && !MOMENT.test(text)) return UNREADABLE;
  const day = text.slice(0, 10);
  const midnight = dayOf(Date.parse(`${day}T00:00:00Z`));
  // A day that does not exist (30 February) is not moved into the next month.
  if (midnight.is !== "value" || midnight.value !== day || DAY.test(text)) {
    return midnight.is === "value" && midnight.value === day ? midnight : UNREADABLE;
  }
  const moment = text.replace(" ", "T");
  return dayOf(Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(moment) ? moment : `${moment}Z`));
}

const YES: readonly string[] = ["true", "yes", "1"];
const NO: readonly string[] = ["false", "no", "0"];

/** Yes or no, without regard to case: true, yes, 1, false, no, 0. */
export function readYesNo(raw: string | null | undefined): Reading<boolean> {
  const text = textOf(raw);
  if (text === null) return EMPTY;
  const word = folded(text);
  if (YES.includes(word)) return { is: "value", value: true };
  return NO.includes(word) ? { is: "value", value: false } : UNREADABLE;
}

/** The entries of a `;`-separated list, trimmed, without blanks and repeats, in order. */
export function readList(raw: string | null | undefined): readonly string[] {
  const entries = (raw ?? "").split(";").map((entry) => entry.trim());
  return [...new Set(entries.filter((entry) => entry !== ""))];
}

const LINK_MAX = 500;

/** An https address, as a browser writes it, without user or password; null = it is none. */
export function readLink(raw: string | null | undefined): string | null {
  const text = textOf(raw);
  if (text === null || text.length > LINK_MAX || /[\s<>"]/.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === "https:" && url.username === "" && url.password === "" ? url.href : null;
}

const ADDRESS = /^[^\s@<>"(),:;]{1,64}@([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}$/;

/** A mail address in lower case; null = it is none. */
export function readAddress(entry: string): string | null {
  const address = entry.trim().toLowerCase();
  return ADDRESS.test(address) ? address : null;
}

const HOST = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/**
 * The mail domain in what people put into domain fields; null = there is none in it.
 *
 * Scheme, user part, `www.`, port, path and a final dot are cut off; other scripts become their ASCII form.
 */
export function readDomain(entry: string): string | null {
  const host = entry
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, "")
    .replace(/[/?#].*$/, "")
    .replace(/^.*@/, "");
  if (host === "" || /[\s\\%<>^|]/.test(host)) return null;
  const url = `http://${host}/`;
  if (!URL.canParse(url)) return null;
  const name = new URL(url).hostname.replace(/\.$/, "").replace(/^www\.(?=.*\.)/, "");
  return HOST.test(name) ? name : null;
}
