/** Every refusal of HubSpot and what to do next, in one place. Sources: README.md in this folder. */
import { distance } from "fastest-levenshtein";
import { NeedsAdmin, Paused, TryAgain } from "../../src/errors.ts";
import { type Incoming, retryAfterMs } from "../http.ts";
import type { EndpointClass } from "./limits.ts";
import { listed, refusalOf } from "./schemas.ts";

/** What was asked when the refusal came. */
export interface Asked {
  readonly endpoint: EndpointClass;
  /** Method and path, for the message. */
  readonly doing: string;
  /** Now, ms. */
  readonly at: number;
  /** The account's time zone and when its day ends there, epoch ms; null = not known. */
  readonly zone: string | null;
  readonly resetsAt: number | null;
  /** Names of all company properties, to find the one that was meant; null = not known. */
  readonly properties: readonly string[] | null;
}

export const HUBSPOT = "HubSpot";
const SECOND = 1_000;
const DAY = 24 * 60 * 60_000;
/** Statuses with which HubSpot, or Cloudflare before it, says that nothing works at present. */
const CLOSED = new Set([503, 521, 522, 523]);
/** Statuses of one exchange that went wrong. */
const FAILED = new Set([408, 409, 500, 502, 504, 524]);

/** The error for an answer that is no success; it holds codes and names, never the text HubSpot sent. */
export function hubspotFailure(answer: Incoming, asked: Asked): Error {
  const { status } = answer;
  const said = `HubSpot answered ${asked.doing} with ${status}${codeOf(answer.body)}`;
  if (status === 401) return refusedToken(said);
  if (status === 403) return refusedScope(answer, said);
  if (status === 429) return tooMany(answer, asked, said);
  if (status === 477) return moving(answer, said);
  const afterMs = retryAfterMs(answer.headers.get("retry-after"), asked.at);
  // A locked record is free again after two seconds (https://developers.hubspot.com/docs/api-reference/error-handling,
  // read 2026-11-22).
  if (status === 423) return new TryAgain(said, { afterMs: Math.max(2 * SECOND, afterMs ?? 0) });
  if (CLOSED.has(status)) return new Paused(said, { upstream: HUBSPOT, afterMs: afterMs ?? 5 * SECOND });
  if (FAILED.has(status)) return new TryAgain(said, { afterMs });
  const missing = status === 400 ? missingProperty(answer.body) : null;
  if (missing !== null) return noSuchProperty(missing, asked.properties);
  if (status === 404)
    return new NeedsAdmin(said, {
      fix: "Set HUBSPOT_URL to HubSpot's API itself, or remove it to use the usual address.",
    });
  if (status >= 500) return new TryAgain(said, { afterMs });
  return new Error(said);
}

/** The error for a token that is missing or refused. */
export function refusedToken(said: string): Paused {
  return new Paused(said, {
    upstream: HUBSPOT,
    fix: "Create or rotate the access token in HubSpot (Development > Keys > Service keys) and set HUBSPOT_ACCESS_TOKEN.",
  });
}

/** Name of the company property that HubSpot says does not exist; null = the refusal is about something else. */
export function missingProperty(body: unknown): string | null {
  // The useful part is JSON inside a message inside JSON, escaped once or twice.
  const text = (JSON.stringify(body) ?? "").replaceAll("\\", "");
  const named = /propert(?:y|ies) ["']?([A-Za-z0-9_]{1,100})["']? (?:does not|doesn't) exist/i.exec(text);
  if (named?.[1] !== undefined) return named[1];
  if (!text.includes("PROPERTY_DOESNT_EXIST")) return null;
  return /"(?:name|propertyName)":\[?"([A-Za-z0-9_]{1,100})"/.exec(text)?.[1] ?? null;
}

function refusedScope(answer: Incoming, said: string): NeedsAdmin {
  const refusal = refusalOf(answer.body);
  const contexts = [refusal?.context ?? {}, ...(refusal?.errors ?? []).map((one) => one.context)];
  const scopes = ["requiredGranularScopes", "requiredScopes", "missingScopes"]
    .flatMap((key) => contexts.flatMap((context) => listed(context, key)))
    .filter((scope) => /^[\w.-]{1,80}$/.test(scope));
  const named = [...new Set(scopes)].join(" or ");
  if (named === "")
    return new NeedsAdmin(said, {
      fix: "Give the HubSpot token the scopes that connectors/hubspot/README.md lists.",
    });
  return new NeedsAdmin(`${said}: the token lacks the scope ${named}`, {
    fix: `Give the HubSpot token the scope ${named}.`,
  });
}

/**
 * A 429 by its body: the refusals of search carry neither a policy name nor a Retry-After (69 of 69 recorded), so
 * the message's own word counts too.
 */
function tooMany(answer: Incoming, asked: Asked, said: string): Paused {
  if (isDayUsedUp(answer.body)) return dayUsedUp(asked, said);
  const policy = policyOf(answer.body);
  const tenSeconds =
    policy.includes("ten_secondly") || (!policy.includes("secondly") && asked.endpoint !== "search");
  const windowMs = tenSeconds ? 10 * SECOND : SECOND;
  const toldMs = retryAfterMs(answer.headers.get("retry-after"), asked.at) ?? 0;
  return new Paused(said, { upstream: HUBSPOT, afterMs: Math.max(windowMs, toldMs) });
}

/** Is this refusal about the calls of the whole day? */
export function isDayUsedUp(body: unknown): boolean {
  return /\bdaily\b/.test(policyOf(body));
}

function policyOf(body: unknown): string {
  const refusal = refusalOf(body);
  return `${refusal?.policyName ?? ""} ${refusal?.message ?? ""}`.toLowerCase();
}

/** The day ends at midnight in the account's zone; while the zone is not known, only a probe can tell. */
function dayUsedUp({ at, zone, resetsAt }: Asked, said: string): Paused {
  const when =
    zone === null || resetsAt === null
      ? "at midnight of the account's time zone"
      : `at midnight in ${zone}, ${new Date(resetsAt).toISOString().slice(0, 16)}Z (in ${hours(resetsAt - at)})`;
  return new Paused(`${said}: the day's calls of this HubSpot account are used up`, {
    upstream: HUBSPOT,
    afterMs: resetsAt === null ? null : Math.max(SECOND, resetsAt - at),
    fix: `Find the app that uses up the daily calls (HubSpot: Development > Monitoring), or buy a higher API limit and restart; the count starts anew ${when}.`,
  });
}

function hours(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** 477: the account is being moved to another data centre; Retry-After is seconds, up to a day. */
function moving(answer: Incoming, said: string): Paused {
  const seconds = Number(answer.headers.get("retry-after") ?? Number.NaN);
  const afterMs = Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * SECOND, DAY) : 5 * 60 * SECOND;
  return new Paused(`${said}: the account is being moved to another data centre`, {
    upstream: HUBSPOT,
    afterMs,
  });
}

function noSuchProperty(name: string, known: readonly string[] | null): NeedsAdmin {
  const nearest = [...(known ?? [])].sort((a, b) => distance(a, name) - distance(b, name))[0];
  const hint = nearest === undefined ? "" : ` The nearest one that exists is ${nearest}.`;
  return new NeedsAdmin(`HubSpot has no company property ${name}.${hint}`, {
    fix:
      nearest === undefined
        ? `Correct ${name} in the policy's crm section, or create the property in HubSpot.`
        : `Replace ${name} by ${nearest} in the policy's crm section, or create the property in HubSpot.`,
  });
}

function codeOf(body: unknown): string {
  const category = refusalOf(body)?.category ?? "";
  return /^[A-Z][A-Z_]{1,60}$/.test(category) ? ` (${category})` : "";
}
