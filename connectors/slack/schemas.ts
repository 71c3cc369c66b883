/** What Slack is sent and what it says back: a few words of plain text. */
import { z } from "zod";
import type { Notice } from "../../src/ports.ts";

/** Slack's lower limits. Source: https://docs.slack.dev/reference/block-kit/blocks (remembered, not verified). */
const LIMITS = { header: 150, section: 3000, fallback: 4000 } as const;

/** Slack answers `ok`, or one word that says why not. */
export const answered = z
  .string()
  .nullable()
  .transform((text) => (text ?? "").trim().slice(0, 60))
  .transform((word) => (/^[a-z_]+$/.test(word) ? word : "unknown"));

/** The word of a refusal of the Web API; null = it is none: the client hands over an unreadable answer as such. */
export const platformWord = z.string().transform((word) => (/^[a-z_]{1,60}$/.test(word) ? word : null));

/** The member that has an e-mail address. */
export const memberFound = z.object({ user: z.object({ id: z.string().min(1) }) });

const MARKS: Readonly<Record<Notice["severity"], string>> = {
  info: ":information_source:",
  warning: ":warning:",
  critical: ":rotating_light:",
};

/** A message as Slack takes it. */
export interface SlackMessage {
  /** For notifications, where blocks are not shown. */
  readonly text: string;
  readonly unfurl_links: false;
  readonly blocks: (Block<"header" | "section", "plain_text"> | Block<"section", "mrkdwn">)[];
}

interface Block<T, K> {
  readonly type: T;
  readonly text: { readonly type: K; readonly text: string; readonly emoji?: boolean };
}

/**
 * The notice as Slack's blocks, and as one text for notifications.
 *
 * Whatever stands in the notice is shown as it is: its lines are plain text, which Slack does not format, and in the text
 * for notifications `&`, `<` and `>` are escaped. So a customer's name can neither mention a channel (`<!channel>`) nor hide
 * a link. Too long a text is cut, never refused.
 */
export function messageOf(notice: Notice): SlackMessage {
  const title = `${MARKS[notice.severity]} ${notice.title}`;
  const links = [{ label: "Open", url: notice.link }, ...(notice.also ?? [])].flatMap(({ label, url }) => {
    const link = linkOf(url);
    return link === null ? [] : [`<${link}|${escaped(label).replaceAll("|", "/")}>`];
  });
  const lines = notice.lines.join("\n");
  return {
    text: cut(`${MARKS[notice.severity]} ${escaped(notice.title)}`, LIMITS.fallback),
    unfurl_links: false,
    blocks: [
      { type: "header", text: { type: "plain_text", text: cut(title, LIMITS.header), emoji: true } },
      ...(lines === ""
        ? []
        : [
            {
              type: "section" as const,
              text: { type: "plain_text" as const, text: cut(lines, LIMITS.section), emoji: false },
            },
          ]),
      ...(links.length === 0
        ? []
        : [{ type: "section" as const, text: { type: "mrkdwn" as const, text: links.join("  ·  ") } }]),
    ],
  };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  // Not in the middle of an escaped character, nor of half a surrogate pair.
  return `${text
    .slice(0, most - 1)
    .replace(/&[a-z]{0,3}$/, "")
    .toWellFormed()}…`;
}

/** Only web addresses, and nothing in them that would end the link. */
function linkOf(link: string | null): string | null {
  if (link === null || !/^https?:\/\//.test(link) || !URL.canParse(link)) return null;
  return new URL(link).href
    .replaceAll("|", "%7C")
    .replaceAll("<", "%3C")
    .replaceAll(">", "%3E")
    .replaceAll("&", "&amp;");
}
