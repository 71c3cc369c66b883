/** How a message reaches people: through Slack's bot, a mailbox, or the one channel of the incoming webhook. */
import type { Messenger, Way } from "../ports.ts";

/** What is set up; null = not. */
export type Ways = Readonly<Record<Way, Messenger | null>>;

/** A person is told where they look first. The webhook's channel is for whoever cannot be reached by themselves. */
const ORDER: readonly Way[] = ["slack", "email", "webhook"];

/** Addressee of messages that the webhook's channel gets. */
export const WEBHOOK_CHANNEL = "channel";

/** The way a new message goes; null = there is none at all. */
export function firstWay(ways: Ways): Way | null {
  return ORDER.find((way) => ways[way] !== null) ?? null;
}

/** Where a message goes that one way refuses for good; null = nowhere. Only a person has another way. */
export function nextWay(ways: Ways, after: Way, addressee: string): Way | null {
  if (!addressee.includes("@")) return null;
  return ORDER.slice(ORDER.indexOf(after) + 1).find((way) => ways[way] !== null) ?? null;
}
