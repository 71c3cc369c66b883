/** Slack: notices to one channel through an incoming webhook. */
import { z } from "zod";

export type { SlackOptions } from "./client.ts";
export { openSlack } from "./notifier.ts";

/** Name of this connector in settings. */
export const name = "slack";

const LOOPBACK = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?\//;

/** The connector's settings; the README's table is generated from the descriptions. */
export const settings = z.object({
  SLACK_WEBHOOK_URL: z
    .string()
    .refine((url) => url.startsWith("https://") || LOOPBACK.test(url), "must begin with https://")
    .optional()
    .describe(
      "Incoming webhook of a Slack channel that hears of trouble (api.slack.com/apps > Incoming Webhooks); unset: nobody is told",
    ),
});
