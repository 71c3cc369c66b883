/** Request limits of the CRM: ten seconds, one second for searches, and the account's day. */
import type { Instant } from "../policy/model.ts";
import { searchTooFast, tooMany } from "./hubspot-answers.ts";
import { type Reply, windowLimiter } from "./server.ts";

/** How many requests are allowed. Infinity = no limit. */
export interface HubspotLimits {
  /** Requests in ten seconds, searches not counted. */
  readonly perTenSeconds: number;
  /** Searches in a second, all apps of the account together. */
  readonly searchPerSecond: number;
  /** Requests a day, searches counted, all apps of the account together. */
  readonly perDay: number;
}

/** Limits of a private app on the smallest plan. https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines, read 2026-11-22 */
export const USUAL_LIMITS: HubspotLimits = { perTenSeconds: 100, searchPerSecond: 5, perDay: 250_000 };

/** Judges requests and writes the limit headers. */
export interface Meter {
  /** Counts the request; a reply means it is refused. */
  admit(kind: "search" | "other", at: Instant): Reply | null;
  /** Headers for an answer. Searches carry the daily pair only, as recorded. */
  headers(kind: "search" | "other", at: Instant): Readonly<Record<string, string>>;
  /** Uses up some of the day, as the account's other apps do. */
  spend(requests: number, at: Instant): void;
}

/** A meter; the day starts afresh at midnight of `timeZone`. */
export function meter(limits: HubspotLimits, timeZone: string): Meter {
  const tenSeconds = windowLimiter(limits.perTenSeconds, 10_000);
  const second = windowLimiter(limits.searchPerSecond, 1_000);
  const days = new Map<string, number>();
  const dayName = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" });
  const used = (at: Instant) => days.get(dayName.format(at)) ?? 0;
  const spend = (requests: number, at: Instant) => {
    days.set(dayName.format(at), used(at) + requests);
  };
  return {
    spend,
    admit(kind, at) {
      if (used(at) >= limits.perDay) return tooMany("DAILY");
      const window = kind === "search" ? second : tenSeconds;
      if (!window.take("account", at).allowed)
        return kind === "search" ? searchTooFast() : tooMany("TEN_SECONDLY_ROLLING");
      spend(1, at);
      return null;
    },
    headers(kind, at) {
      const daily = {
        "X-HubSpot-RateLimit-Daily": String(limits.perDay),
        "X-HubSpot-RateLimit-Daily-Remaining": String(Math.max(0, limits.perDay - used(at))),
      };
      if (kind === "search") return daily;
      return {
        ...daily,
        "X-HubSpot-RateLimit-Max": String(limits.perTenSeconds),
        "X-HubSpot-RateLimit-Remaining": String(tenSeconds.peek("account", at).remaining),
        "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
      };
    },
  };
}
