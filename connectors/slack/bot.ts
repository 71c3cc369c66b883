/** Slack's bot: tells single people, found by their e-mail address, and channels it was invited to. */
import type { LogLevel, WebClient } from "@slack/web-api";
import { NeedsAdmin, Paused, TryAgain, Unanswered } from "../../src/errors.ts";
import type { Addressee, Messenger, Notice } from "../../src/ports.ts";
import { boundedFetch, DEADLINE_MS, type Fetch, neverLeft } from "../http.ts";
import { memberFound, messageOf, platformWord } from "./schemas.ts";

export interface SlackBotOptions {
  readonly token: () => string;
  /** Address of the Web API; only for a proxy or a test stand-in. */
  readonly url?: string;
  readonly now: () => number;
  readonly fetch?: Fetch;
  /** One exchange, ms; left out = the usual. */
  readonly deadlineMs?: number;
}

const API = "https://slack.com/api/";
const MAX_BYTES = 1024 * 1024;
/** A member id does not change; a person who left Slack should be noticed all the same. */
const MEMBER_KEPT_MS = 24 * 3_600_000;

/** Words that mean: this bot may not. Source: docs.slack.dev/reference/methods/chat.postMessage (remembered, not verified). */
const REFUSED =
  /^(invalid_auth|not_authed|account_inactive|token_(revoked|expired)|org_login_required|missing_scope|no_permission|not_allowed_token_type)$/;
const NO_CHANNEL = /^(channel_not_found|not_in_channel|is_archived)$/;
/** "It's possible some aspect of the operation succeeded before the error was raised", says Slack of both. */
const HALF_DONE = /^(internal_error|fatal_error)$/;

/** A connection with a bot's token; nothing is called before the first message. */
export function openSlackBot(options: SlackBotOptions): Messenger {
  const members = new Map<string, { readonly id: string; readonly until: number }>();
  const memberOf = async (client: WebClient, { address, slackId }: Addressee): Promise<string> => {
    if (slackId !== null) return slackId;
    if (!address.includes("@")) return address;
    const known = members.get(address);
    if (known !== undefined && known.until > options.now()) return known.id;
    const found = memberFound.parse(await client.users.lookupByEmail({ email: address }));
    members.set(address, { id: found.user.id, until: options.now() + MEMBER_KEPT_MS });
    return found.user.id;
  };
  return {
    name: "slack bot",
    test: () =>
      asked(async () => {
        await (await clientOf(options)).auth.test();
      }),
    tell: async (to, notice) => {
      const client = await clientOf(options);
      const channel = await asked(() => memberOf(client, to));
      return posted(client, channel, notice);
    },
  };
}

async function posted(client: WebClient, channel: string, notice: Notice): Promise<"told" | "unknown"> {
  try {
    await asked(() => client.chat.postMessage({ channel, ...messageOf(notice) }));
    return "told";
  } catch (error) {
    if (error instanceof Unanswered) return "unknown";
    throw error;
  }
}

/**
 * Slack's own client, with our sender underneath: it neither retries (a message would come twice) nor waits by itself, and
 * writes no log. Loaded when first needed; made anew for each message, so that a new token counts at once.
 */
async function clientOf(options: SlackBotOptions): Promise<WebClient> {
  const sdk = await import("@slack/web-api");
  const limits = { upstream: "Slack", deadlineMs: options.deadlineMs ?? DEADLINE_MS, maxBytes: MAX_BYTES };
  const send = boundedFetch(limits, options.fetch);
  const quiet = (): void => {};
  return new sdk.WebClient(options.token(), {
    slackApiUrl: options.url ?? API,
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    fetch: (url, init) => send(String(url), init ?? {}),
    logger: {
      debug: quiet,
      info: quiet,
      warn: quiet,
      error: quiet,
      setLevel: quiet,
      setName: quiet,
      getLevel: (): LogLevel => sdk.LogLevel.ERROR,
    },
  });
}

/** Runs calls of the client and turns its errors into what to do next. */
async function asked<T>(calls: () => Promise<T>): Promise<T> {
  try {
    return await calls();
  } catch (error) {
    throw failure(error, await import("@slack/web-api"));
  }
}

function failure(error: unknown, sdk: typeof import("@slack/web-api")): unknown {
  if (error instanceof sdk.WebAPIRateLimitedError)
    return new Paused("Slack asks to wait", { upstream: "Slack", afterMs: error.retryAfter * 1000 });
  if (error instanceof sdk.WebAPIRequestError) return unsent(error.original);
  if (error instanceof sdk.WebAPIHTTPError) return refused(error.statusCode);
  if (error instanceof sdk.WebAPIPlatformError) return platform(platformWord.parse(error.data.error));
  return new Unanswered("Slack's answer cannot be read", { cause: error });
}

function unsent(original: Error): Error {
  if (!neverLeft(original)) return new Unanswered("Slack did not answer properly");
  return new Paused("Slack cannot be reached", { upstream: "Slack", afterMs: 5_000 });
}

function refused(status: number): Error {
  if (status >= 500) return new TryAgain(`Slack answered ${status}`);
  return new NeedsAdmin(`Slack did not accept the call (${status})`, {
    fix: "Take SLACK_URL out of the settings, or set it to the address of Slack's Web API.",
  });
}

function platform(word: string | null): Error {
  if (word === null) return new Unanswered("Slack's answer cannot be read");
  if (word === "ratelimited") return new Paused("Slack asks to wait", { upstream: "Slack", afterMs: 1_000 });
  if (HALF_DONE.test(word)) return new Unanswered(`Slack answered ${word}`);
  if (REFUSED.test(word))
    return new NeedsAdmin(`Slack refuses the bot (${word})`, {
      fix: "Give the Slack app the scopes chat:write and users:read.email, install it, and set SLACK_BOT_TOKEN to its token.",
    });
  if (word === "users_not_found")
    return new NeedsAdmin("nobody in Slack has this e-mail address", {
      fix: "Write the person's Slack member id into people.members of the policy, or invite them to Slack.",
    });
  if (NO_CHANNEL.test(word))
    return new NeedsAdmin(`the bot cannot write into this channel (${word})`, {
      fix: "Invite the bot into the channel, or correct people.channel in the policy.",
    });
  return new TryAgain(`Slack answered ${word}`);
}
