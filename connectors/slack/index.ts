/** Slack: messages to one channel through an incoming webhook, or to people and channels through a bot. */
import { z } from "zod";

export { openSlackBot, type SlackBotOptions } from "./bot.ts";
export type { SlackOptions } from "./client.ts";
export { openSlack } from "./notifier.ts";

/** Name of this connector in settings. */
export const name = "slack";

const LOOPBACK = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?\//;

const secure = (url: string): boolean => url.startsWith("https://") || LOOPBACK.test(url);

/** The connector's settings; the README's table is generated from the descriptions. */
export const settings = z.object({
  SLACK_WEBHOOK_URL: z
    .string()
    .refine(secure, "must begin with https://")
    .optional()
    .describe(
      "Incoming webhook of a Slack channel that hears of trouble, and of what people cannot be told otherwise (api.slack.com/apps > Incoming Webhooks)",
    ),
  SLACK_BOT_TOKEN: z
    .string()
    .startsWith("xoxb-", "must begin with xoxb-")
    .optional()
    .describe(
      "Token of a Slack bot that tells people of the policy's `people` section one by one (api.slack.com/apps > OAuth & Permissions; scopes `chat:write`, `users:read.email`)",
    ),
  SLACK_URL: z
    .string()
    .refine(secure, "must begin with https://")
    .optional()
    .describe(
      "Address of Slack's Web API; only for a proxy or a test stand-in, default `https://slack.com/api/`",
    ),
});
