/** A notice as a mail, and a mail server as its address names it. */
import { createHash } from "node:crypto";
import type { Notice } from "../../src/ports.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
/** More than this nobody reads, and no mail server has to carry. */
const LIMITS = { subject: 200, line: 500, lines: 200 } as const;

/** How to reach a mail server. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte on; else STARTTLS. */
  readonly secure: boolean;
  /** Nothing is sent before the connection is encrypted. false only on this machine itself. */
  readonly requireTls: boolean;
  readonly user: string | null;
  readonly password: string | null;
}

/** The server of `smtp://user:password@host:587` or `smtps://…`; null = the address is neither. */
export function serverOf(address: string): MailServer | null {
  if (!URL.canParse(address)) return null;
  const { protocol, hostname, port, username, password, search, hash } = new URL(address);
  if ((protocol !== "smtp:" && protocol !== "smtps:") || hostname === "" || search !== "" || hash !== "")
    return null;
  const secure = protocol === "smtps:";
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTls: !secure && !LOOPBACK.test(hostname),
    user: decoded(username),
    password: decoded(password),
  };
}

/** Does the address name a mail server? */
export function isServer(address: string): boolean {
  return serverOf(address) !== null;
}

function decoded(part: string): string | null {
  if (part === "") return null;
  try {
    return decodeURIComponent(part);
  } catch {
    // A per cent sign that stands for itself.
    return part;
  }
}

/** What is sent: plain text, and the same as simple HTML. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same for the same notice and addressee, so that a mail program shows a repeated one once. */
  readonly messageId: string;
}

/**
 * The notice as a mail to `to`. Whatever stands in the notice stays text: line breaks cannot begin a header, and HTML in a
 * customer's name is shown, not read. Too long a text is cut.
 */
export function mailOf(notice: Notice, to: string, from: string): MailText {
  const lines = notice.lines.slice(0, LIMITS.lines).map((line) => cut(plain(line), LIMITS.line));
  const links = [{ label: "Open", url: notice.link }, ...(notice.also ?? [])].flatMap(({ label, url }) =>
    url !== null && /^https?:\/\//.test(url) && URL.canParse(url)
      ? [{ label: plain(label), url: new URL(url).href }]
      : [],
  );
  const digest = createHash("sha256")
    .update(JSON.stringify([notice.key, to]))
    .digest("hex")
    .slice(0, 32);
  return {
    subject: cut(plain(notice.title), LIMITS.subject),
    text: [...lines, "", ...links.map(({ label, url }) => `${label}: ${url}`), ""].join("\n"),
    html: htmlOf(plain(notice.title), lines, links),
    messageId: `<${digest}@${/@([^\s>]+)/.exec(from)?.[1] ?? "priority-support"}>`,
  };
}

function htmlOf(
  title: string,
  lines: readonly string[],
  links: readonly { readonly label: string; readonly url: string }[],
): string {
  const paragraphs = lines.map((line) => `<p style="margin:0 0 6px">${escaped(line)}</p>`);
  const anchors = links.map(({ label, url }) => `<a href="${escaped(url)}">${escaped(label)}</a>`);
  return [
    '<!doctype html><html lang="en"><body style="font:15px/1.45 system-ui,sans-serif;color:#1c2a33">',
    `<h1 style="font-size:18px;margin:0 0 12px">${escaped(title)}</h1>`,
    ...paragraphs,
    anchors.length === 0 ? "" : `<p style="margin:14px 0 0">${anchors.join(" &middot; ")}</p>`,
    "</body></html>",
  ].join("\n");
}

/** Control characters, line breaks among them, are blanks. */
function plain(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim();
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
