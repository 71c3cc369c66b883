/** The built pages and their head: a strict policy for what a browser may do with them, and plain pages in words. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import express, { type Response, type Router } from "express";
import type { ConsoleRole } from "../ports.ts";

/** What a page is told about itself, in `<meta>` elements: no script stands in any page. */
export interface PageHead {
  readonly place: "ticket" | "organization" | "console";
  /** Bearer for the API, where cookies do not work (inside the help desk); null = the cookie is used. */
  readonly session: string | null;
  readonly role: ConsoleRole | null;
  /** Who may show the page in a frame; null = nobody. */
  readonly frame: string | null;
}

export interface Pages {
  readonly send: (response: Response, head: PageHead) => void;
  /** Hashed files of the build, kept by browsers for a year. */
  readonly assets: Router;
}

/** Files that a build puts beside the pages: pictures, nothing that a browser runs. */
const PICTURES = /^\/[\w-]+\.(?:svg|png|ico)$/;

/** The pages in `folder`. It is looked at with every page, so a build appears without a restart. */
export function openPages(folder: string): Pages {
  const assets = express.Router();
  const quiet = (response: { setHeader(name: string, value: string): unknown }): void => {
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("cross-origin-resource-policy", "same-origin");
    response.setHeader("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'");
  };
  const options = { index: false, redirect: false, dotfiles: "ignore", setHeaders: quiet } as const;
  assets.use(
    "/console/assets",
    express.static(join(folder, "assets"), { ...options, immutable: true, maxAge: "365d" }),
  );
  const pictures = express.static(folder, { ...options, maxAge: "1h" });
  assets.use("/console", (request, response, next) =>
    PICTURES.test(request.path) ? pictures(request, response, next) : next(),
  );
  return { assets, send: (response, head) => sendPage(folder, response, head) };
}

/** The small page beside a ticket or an organization, or the whole console. */
function sendPage(folder: string, response: Response, head: PageHead): void {
  const file = join(folder, head.place === "console" ? "console.html" : "sidebar.html");
  if (!existsSync(file)) {
    notBuilt(response, head.frame);
    return;
  }
  const nonce = randomBytes(16).toString("base64url");
  const page = readFileSync(file, "utf8").replace("<head>", () => `<head>${metas(head, nonce)}`);
  guard(response, head.frame, nonce);
  response.status(200).type("html").send(page);
}

function metas({ place, session, role, frame }: PageHead, nonce: string): string {
  const told: readonly (readonly [string, string | null])[] = [
    ["ps-place", place],
    ["ps-session", session],
    ["ps-role", role],
    // Whose messages the page may believe.
    ["ps-help-desk", frame === null ? null : new URL(frame).origin],
    // For styles made by scripts; styled-components reads it from here or is handed it.
    ["ps-style-nonce", nonce],
  ];
  return told
    .filter(([, content]) => content !== null)
    .map(([name, content]) => `<meta name="${name}" content="${escaped(content ?? "")}">`)
    .join("");
}

/** Nothing from elsewhere, no inline script, shown in a frame by nobody but the help desk. */
function guard(response: Response, frame: string | null, nonce: string | null): void {
  const style = nonce === null ? "'self'" : `'self' 'nonce-${nonce}'`;
  response.set({
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      `style-src ${style}`,
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${frame === null ? "'none'" : new URL(frame).origin}`,
    ].join("; "),
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    ...(frame === null ? { "x-frame-options": "DENY" } : {}),
  });
}

/** Such a page cannot ask for height: beside a ticket it must be read in a frame of 320 × 80 pixels. */
const SIMPLE =
  "body{font:13px/16px system-ui,sans-serif;margin:8px;max-width:640px}h1{font-size:14px;margin:0 0 2px}p{margin:0}";

/** A page of words: a title and a sentence, nothing else. `frame` may show it inside its own pages; left out = nobody. */
export function sendSimple(
  response: Response,
  status: number,
  title: string,
  words: string,
  frame: string | null = null,
): void {
  const nonce = randomBytes(16).toString("base64url");
  guard(response, frame, nonce);
  const head = `<meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escaped(title)}</title>`;
  response
    .status(status)
    .type("html")
    .send(
      `<!doctype html><html lang="en"><head>${head}<style nonce="${nonce}">${SIMPLE}</style></head><body><h1>${escaped(title)}</h1><p>${escaped(words)}</p></body></html>\n`,
    );
}

function notBuilt(response: Response, frame: string | null): void {
  sendSimple(
    response,
    503,
    "The console's pages are not built in this copy",
    "The service works without them. To build them: npm ci && npm run build:ui, then load this page again.",
    frame,
  );
}

/** Text inside an element or an attribute. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
