/** The one place that turns Zendesk's refusals into what to do next. */
import { CannotApply, NeedsAdmin, Outdated, Paused, TryAgain } from "../../src/errors.ts";
import { type Incoming, retryAfterMs } from "../http.ts";
import type { EndpointClass } from "./endpoints.ts";
import { type Budgets, budgetsOf } from "./rate-headers.ts";

/** What Zendesk's three error shapes (or plain text) say, reduced to what we act on. */
export interface Refusal {
  /** Zendesk's own word for it, `RecordInvalid`; null = none was given. */
  readonly code: string | null;
  /** Everything it said, for looking at, never for messages: it can quote a customer. */
  readonly words: string;
}

/** What surrounds a refused call. */
export interface RefusedCall {
  /** What was under way, with ids only: `writing ticket 42`. */
  readonly doing: string;
  readonly now: number;
  /** 403 only: nothing else works either, so it is the token or the account and not this one call. */
  readonly accountWide: boolean;
}

/** Wait where a busy answer names no time, or names none that can be kept (facts on 429: 10–60 s, read 2026-11-22). */
const BUSY_MS = 10_000;
/** Wait where the number of running jobs is used up and no header says how long (`resets=60` in recorded answers). */
const JOBS_BUSY_MS = 60_000;
const TOO_MANY_JOBS = "TooManyJobs";

const NEW_TOKEN =
  "Make a new API token in Zendesk's Admin Center (Apps and integrations, APIs) and set ZENDESK_API_TOKEN.";
const CHECK_RIGHTS =
  "Run `priority-support check`: the token's user must be an active administrator and the account must allow API access.";
const CHECK_POLICY =
  "Run `priority-support check`: a group, field or right that this call needs may be gone.";

/**
 * What to do after an answer that is not a success.
 *
 * 429 and 503 close the upstream for a while, unless the limit is one ticket's own or the job queue's; 401 and an
 * account-wide 403 close it until a person acts; 409 means read again; 404, 410 and a closed ticket's 422 end the
 * matter; other 5xx may pass.
 */
export function zendeskFailure(answer: Incoming, call: RefusedCall): Error {
  const { status } = answer;
  const said = refusalOf(answer);
  const what = `Zendesk answered ${status}${said.code === null ? "" : ` (${said.code})`} while ${call.doing}`;
  if (said.code === TOO_MANY_JOBS) return new TryAgain(what, { afterMs: busyMs(answer, call.now) });
  if (status === 429 || status === 503) return busy(answer, what, call.now);
  if (status >= 500 || status === 408 || status === 425) return new TryAgain(what);
  if (status === 401) return new Paused(what, { upstream: "Zendesk", fix: NEW_TOKEN });
  if (status === 403 && call.accountWide) return new Paused(what, { upstream: "Zendesk", fix: CHECK_RIGHTS });
  if (status === 409) return new Outdated(what);
  if (status === 404 || status === 410 || isClosed(status, said)) return new CannotApply(what);
  return new NeedsAdmin(what, { fix: status === 403 ? CHECK_RIGHTS : CHECK_POLICY });
}

/**
 * What a busy answer closes for everybody: the job queue, the whole account (503, or the plan's limit used up), or only
 * the class of the call, so that other endpoints keep moving. null = nothing: it was not busy, or only one ticket was.
 */
export function closedBy(
  answer: Incoming,
  budgets: Budgets,
  called: EndpointClass,
  now: number,
): { readonly class: EndpointClass | null; readonly forMs: number } | null {
  const forMs = busyMs(answer, now);
  if (refusalOf(answer).code === TOO_MANY_JOBS) return { class: "jobs", forMs };
  if (answer.status === 503) return { class: null, forMs };
  if (answer.status !== 429 || budgets.oneTicket?.remaining === 0) return null;
  const planUsedUp = budgets.byClass.some((b) => b.class === "general" && b.budget.remaining === 0);
  return { class: planUsedUp ? null : called, forMs };
}

function busyMs(answer: Incoming, now: number): number {
  const asked = retryAfterMs(answer.headers.get("retry-after"), now);
  if (asked !== null && asked > 0) return asked;
  return refusalOf(answer).code === TOO_MANY_JOBS ? JOBS_BUSY_MS : BUSY_MS;
}

/** Reads `{error, description, details}`, `{error: {title, message}}`, `{errors: [{code, title, detail}]}` or text. */
export function refusalOf(answer: Incoming): Refusal {
  const body = record(answer.body);
  if (body === null)
    return { code: null, words: typeof answer.body === "string" ? answer.body : (answer.text ?? "") };
  const first = Array.isArray(body.errors) ? record(body.errors[0]) : null;
  const code = [body.error, record(body.error)?.title, first?.code, first?.title].find(isCode);
  return { code: typeof code === "string" ? code : null, words: JSON.stringify(body).slice(0, 2_000) };
}

/** A 429 of one ticket's own limit must not stop all the others. */
function busy(answer: Incoming, what: string, now: number): Error {
  const afterMs = busyMs(answer, now);
  const ownLimit = budgetsOf(answer.headers, "general").oneTicket;
  if (answer.status === 429 && ownLimit?.remaining === 0)
    return new TryAgain(what, { afterMs: Math.max(afterMs, ownLimit.resetsInMs) });
  return new Paused(what, { upstream: "Zendesk", afterMs });
}

/** The words for a closed ticket ("closed prevents ticket update") are remembered, not verified. */
function isClosed(status: number, said: Refusal): boolean {
  return status === 422 && /\bclosed\b/i.test(said.words);
}

/** Short machine words only: a sentence in the code's place could quote a customer. */
function isCode(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z][A-Za-z0-9_ ]{0,39}$/.test(value);
}

function record(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}
