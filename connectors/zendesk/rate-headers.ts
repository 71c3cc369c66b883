/** What Zendesk's answer headers say beside the answer itself: budgets left, and keys it did not accept. */
import type { EndpointClass } from "./endpoints.ts";

/** One budget as a header states it. */
export interface Budget {
  readonly limit: number;
  readonly remaining: number;
  readonly resetsInMs: number;
  /** The answer does not say when the window ends: `resetsInMs` is its usual length. */
  readonly rolling?: true;
}

/** All budgets of one answer. `oneTicket` = the limit on updates of this very ticket (30 in 10 minutes). */
export interface Budgets {
  readonly byClass: readonly { readonly class: EndpointClass; readonly budget: Budget }[];
  readonly oneTicket: Budget | null;
}

/** Header windows are minutes (same source as `zendeskLimits`); used where no reset is stated. */
const WINDOW_MS = 60_000;

/**
 * Budgets that an answer states, for the pacer.
 *
 * Zendesk uses two families for the plan limit (`x-rate-limit…` with `rate-limit-reset` or `ratelimit-reset`) and two
 * spellings for endpoint limits (`zendesk-ratelimit-x`, `zendesk-rate-limit-x`); all were seen in recorded answers
 * (facts on headers in the wild, read 2026-11-22).
 */
export function budgetsOf(headers: Headers, calledClass: EndpointClass): Budgets {
  const byClass: { class: EndpointClass; budget: Budget }[] = [];
  let oneTicket: Budget | null = null;
  const plan = planBudget(headers);
  // Webhook endpoints are counted on their own, and say so under the names of the plan's limit (recorded answers).
  const counted = calledClass === "webhooks" ? calledClass : "general";
  if (plan !== null) byClass.push({ class: counted, budget: plan });
  for (const [name, value] of headers) {
    const limited = /^zendesk-rate-?limit-(.+)$/i.exec(name)?.[1];
    const budget = limited === undefined ? null : endpointBudget(value);
    if (limited === undefined || budget === null) continue;
    if (limited === "per-ticket-updates") oneTicket = budget;
    else {
      const known = classOf(limited, calledClass);
      if (known !== null) byClass.push({ class: known, budget });
    }
  }
  return { byClass, oneTicket };
}

/**
 * Keys the desk did not accept, from `x-zendesk-api-warn`; empty = it accepted everything.
 *
 * The header is a Ruby hash as text (`{… :unpermitted_keys=>["additional_tags"]}`); where no key list is found the
 * whole text stands, cut to 200 characters.
 */
export function warningsOf(headers: Headers): readonly string[] {
  const text = headers.get("x-zendesk-api-warn");
  if (text === null || text.trim() === "") return [];
  const list = /unpermitted_keys"?\s*(?:=>|:)\s*\[([^\]]*)\]/.exec(text)?.[1];
  const keys = (list ?? "")
    .split(",")
    .map((key) => key.trim().replace(/^[:"']+|["']+$/g, ""))
    .filter((key) => key !== "");
  return keys.length > 0 ? keys : [text.slice(0, 200)];
}

function planBudget(headers: Headers): Budget | null {
  const limit = firstNumber(headers, ["x-rate-limit", "ratelimit-limit", "rate-limit"]);
  const remaining = firstNumber(headers, [
    "x-rate-limit-remaining",
    "ratelimit-remaining",
    "rate-limit-remaining",
  ]);
  if (limit === null || remaining === null) return null;
  const seconds = firstNumber(headers, ["ratelimit-reset", "rate-limit-reset"]);
  return { limit, remaining, ...until(seconds) };
}

function endpointBudget(value: string): Budget | null {
  const parts = new Map<string, number>();
  for (const [, key, number] of value.matchAll(/([a-z]+)\s*=\s*(\d+)/gi))
    parts.set((key ?? "").toLowerCase(), Number(number));
  const limit = parts.get("total");
  const remaining = parts.get("remaining");
  if (limit === undefined || remaining === undefined) return null;
  return { limit, remaining, ...until(parts.get("resets") ?? null) };
}

function until(seconds: number | null): Pick<Budget, "resetsInMs" | "rolling"> {
  return seconds === null ? { resetsInMs: WINDOW_MS, rolling: true } : { resetsInMs: seconds * 1000 };
}

/** The name of the incremental limit's header is remembered, not verified: any name holding that word counts. */
function classOf(limited: string, calledClass: EndpointClass): EndpointClass | null {
  if (limited === "tickets-update") return "tickets-update";
  if (limited === "inflight-jobs") return "jobs";
  if (limited.includes("incremental")) return "incremental";
  if (limited.includes("search-export")) return "search-export";
  return calledClass === "incremental" ? calledClass : null;
}

function firstNumber(headers: Headers, names: readonly string[]): number | null {
  for (const name of names) {
    const text = headers.get(name);
    // `100;w=60` and lists of windows: the first figure is the one that counts.
    const found = text === null ? undefined : /^\s*(\d+)/.exec(text)?.[1];
    if (found !== undefined) return Number(found);
  }
  return null;
}
