/** One message to an incoming webhook, and what the answer means. */
import { NeedsAdmin, Paused, TryAgain, Unanswered } from "../../src/errors.ts";
import { DEADLINE_MS, type Fetch, neverLeft, retryAfterMs, send } from "../http.ts";
import { answered } from "./schemas.ts";

export interface SlackOptions {
  /** The webhook's address: whoever has it can post, so it is a secret. */
  readonly url: () => string;
  readonly now: () => number;
  readonly fetch?: Fetch;
  /** Whole exchange, ms; left out = the usual. */
  readonly deadlineMs?: number;
}

/** Slack asks for at most one message a second; without a hint we wait that long. Source: docs.slack.dev/apis/web-api/rate-limits (remembered, not verified). */
const PACE_MS = 1_000;
const MAX_BYTES = 16 * 1024;

/**
 * Posts one message.
 *
 * Statuses: https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks, read 2026-11-22.
 * @throws Unanswered it may have arrived.
 * @param refusal word with which Slack may answer 400 and all is well; null = none.
 */
export async function post(options: SlackOptions, message: object, refusal: RegExp | null): Promise<void> {
  const answer = await send(
    { method: "POST", url: addressOf(options.url()), headers: {}, json: message, answers: "text" },
    { upstream: "Slack", deadlineMs: options.deadlineMs ?? DEADLINE_MS, maxBytes: MAX_BYTES },
    options.fetch,
  ).catch((error: unknown) => {
    throw withoutAddress(error);
  });
  const { status, headers } = answer;
  const word = answered.parse(answer.text);
  if (status >= 200 && status < 300) return;
  if (status === 400 && refusal?.test(word) === true) return;
  throw failure(status, word, retryAfterMs(headers.get("retry-after"), options.now()));
}

function failure(status: number, word: string, afterMs: number | null): Error {
  if (status === 429)
    return new Paused("Slack asks to wait", { upstream: "Slack", afterMs: afterMs ?? PACE_MS });
  if (status >= 500) return new TryAgain(`Slack answered ${status}`, { afterMs });
  if (status === 404 || status === 410 || status === 403 || status === 401)
    return new NeedsAdmin(`Slack does not take messages at this address any more (${status}, ${word})`, {
      fix: "Add a new incoming webhook to the Slack app, for a channel that exists, and set SLACK_WEBHOOK_URL.",
    });
  return new NeedsAdmin(`Slack did not accept the message (${status}, ${word})`, {
    fix: "Check that SLACK_WEBHOOK_URL is the address of an incoming webhook: https://hooks.slack.com/services/…",
  });
}

/** The path of the address is the secret: it must not appear in an error. */
function withoutAddress(error: unknown): unknown {
  if (error instanceof NeedsAdmin)
    return new NeedsAdmin("Slack's address answers with a redirect; it was not followed", {
      fix: "Set SLACK_WEBHOOK_URL to the address that Slack shows: https://hooks.slack.com/services/…",
    });
  if (!neverLeft(error)) return new Unanswered("Slack did not answer properly");
  if (error instanceof Paused)
    return new Paused("Slack cannot be reached", { upstream: "Slack", afterMs: error.afterMs });
  return error;
}

function addressOf(url: string): string {
  if (URL.canParse(url)) return url;
  throw new NeedsAdmin("SLACK_WEBHOOK_URL is not an address", {
    fix: "Set SLACK_WEBHOOK_URL to the address that Slack shows: https://hooks.slack.com/services/…",
  });
}
