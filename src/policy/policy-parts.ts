/** The small building blocks of the policy file's schema: names, numbers, dates, priorities. */
import Big from "big.js";
import { IANAZone } from "luxon";
import * as z from "zod";

/** An object of the policy file: every key is known, an unknown one is an error. */
export function section<S extends z.ZodRawShape>(description: string, shape: S) {
  return z.strictObject(shape).describe(description);
}

/** Exact decimal text of a number as the author wrote it: `12000` → "12000", `0.0067` → "0.0067". */
export function exactDecimal(value: number | string): string {
  return new Big(String(value)).toFixed();
}

/** Text that is not empty. */
export const text = z.string().trim().min(1);

/** Key of a tier: it becomes part of tags and drop-down values, so only characters that survive there. */
export const tierKey = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,59}$/, "must be lower-case letters, digits and _, and begin with a letter");

/** A tier named elsewhere. Any text: whether there is such a tier is a rule of its own (`unknown_tier`). */
export const tierRef = text;

/** Help-desk priority. */
export const priority = z.enum(["low", "normal", "high", "urgent"]);

/** What an account's CRM status may mean. */
export const accountStatus = z.enum(["active", "trial", "on_hold", "past_due", "cancelled"]);

/** An amount that is not negative, as number or plain decimal text. */
export const decimal = z
  .union([z.number().nonnegative(), z.string().regex(/^\d+(\.\d+)?$/)], {
    error: "must be a number such as 12000 or 0.0067, not negative",
  })
  .transform(exactDecimal);

/** An id that the other system shows as a number; kept as text because such ids are names, not amounts. */
export const idText = z
  .union([text, z.int().nonnegative()], { error: "must be an id: text or a whole number" })
  .transform(String);

/** Three capital letters, ISO 4217. */
export const currencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/, "must be a currency code of three capital letters, such as USD");

/** A day as quoted text, YYYY-MM-DD. */
export const calendarDate = z.iso.date('must be a day as text in quotes, such as "2026-06-01"');

/** A moment as quoted text with a zone; read as milliseconds since 1970. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be a moment such as "2026-06-01T09:00:00Z"' })
  .transform((value) => Date.parse(value));

/** A mail domain in lower case, without @. */
export const mailDomain = z
  .string()
  .transform((value) => value.trim().toLowerCase())
  .pipe(z.string().regex(/^[^\s@/]+\.[^\s@/.]+$/, "must be a mail domain such as acme.example"));

/** An IANA time zone. */
export const timezone = z
  .string()
  .refine((zone) => IANAZone.isValidZone(zone), "must be an IANA time zone such as America/New_York");

/** A whole number, zero or more. */
export const count = z.int().nonnegative();

/** A number from 0 to 1. */
export const share = z.number().min(0).max(1);
