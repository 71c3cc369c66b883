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

const MARKS: Readonly<Record<Notice["severity"], string>> = {
  info: ":information_source:",
  warning: ":warning:",
  critical: ":rotating_light:",
};

/**
 * The notice as Slack's blocks, and as one text for notifications.
 *
 * Whatever stands in the notice is shown as it is: `&`, `<` and `>` are escaped, so that a customer's name can neither
 * mention a channel (`<!channel>`) nor hide a link. Too long a text is cut, never refused.
 */
export function messageOf(notice: Notice): object {
  const title = `${MARKS[notice.severity]} ${notice.title}`;
  const link = linkOf(notice.link);
  const lines = notice.lines.map((line) => escaped(line)).join("\n");
  const section = (text: string): object => ({ type: "section", text: { type: "mrkdwn", text } });
  return {
    text: cut(`${MARKS[notice.severity]} ${escaped(notice.title)}`, LIMITS.fallback),
    unfurl_links: false,
    blocks: [
      { type: "header", text: { type: "plain_text", text: cut(title, LIMITS.header), emoji: true } },
      ...(lines === "" ? [] : [section(cut(lines, LIMITS.section))]),
      ...(link === null ? [] : [section(`<${link}|Open>`)]),
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
