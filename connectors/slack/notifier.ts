/** Slack as the place where people hear of trouble: one channel through an incoming webhook. */
import { Unanswered } from "../../src/errors.ts";
import type { Messenger, Notifier } from "../../src/ports.ts";
import { post, type SlackOptions } from "./client.ts";
import { messageOf } from "./schemas.ts";

/**
 * An empty message is refused, and nobody sees anything: the refusal proves that the webhook is alive, because a dead
 * one is refused before its message is looked at (`no_service`, `invalid_token`). Remembered, not verified.
 */
const EMPTY_REFUSED = /^(no_text|invalid_payload|missing_text_or_fallback_or_attachments)$/;

/** A connection to one incoming webhook; nothing is sent before the first notice. Whom it is for stands in the notice. */
export function openSlack(options: SlackOptions): Notifier & Messenger {
  const notify: Notifier["notify"] = (notice) => post(options, messageOf(notice), null);
  return {
    name: "slack",
    test: () => post(options, {}, EMPTY_REFUSED),
    notify,
    tell: (_to, notice) =>
      notify(notice).then(
        () => "told" as const,
        (error: unknown) => {
          if (error instanceof Unanswered) return "unknown" as const;
          throw error;
        },
      ),
  };
}
