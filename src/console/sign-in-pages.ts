/** Signing in at a company's own site: out to it, and back. */
import express, { type Request, type Response, type Router } from "express";
import { NeedsAdmin, Paused, TryAgain } from "../errors.ts";
import { errorFields } from "../log.ts";
import type { IdentityProvider } from "../ports.ts";
import { callerOf, cookieKind, cookieOf, keepCookie } from "./browser.ts";
import { sendSimple } from "./pages.ts";
import type { ConsoleParts } from "./parts.ts";
import { rateLimit } from "./rate-limit.ts";
import { hashOf, isEmail, openSession, SESSION_MS } from "./sessions.ts";

const START = "/console/oidc/start";
const CALLBACK = "/console/oidc/callback";
/** A person types a password and a second factor. */
const PATIENCE_MS = 10 * 60_000;
/** Ties the way back to the browser that left: somebody else's finished sign-in is of no use. */
const COOKIE = "ps_oidc";
const TRIES_A_MINUTE = 30;

/** The two addresses of signing in; without a site they say so. */
export function signInRouter(parts: ConsoleParts): Router {
  const router = express.Router();
  const tries = rateLimit(TRIES_A_MINUTE, 60_000);
  const guarded =
    (work: (site: IdentityProvider, request: Request, response: Response) => Promise<void>) =>
    async (request: Request, response: Response): Promise<void> => {
      const { identity } = parts;
      if (identity === null)
        return sendSimple(response, 404, "Not set up", "Sign in with a one-time link instead.");
      if (tries.take(callerOf(request), parts.clock.now()) !== null)
        return sendSimple(response, 429, "Too many attempts", "Wait a minute and try again.");
      try {
        await work(identity, request, response);
      } catch (error) {
        if (!(error instanceof NeedsAdmin || error instanceof TryAgain || error instanceof Paused))
          throw error;
        parts.log.warn(errorFields(error), "signing in at the company's site did not work");
        const fix = error instanceof NeedsAdmin ? error.fix : "Try again in a minute.";
        sendSimple(response, 502, "Signing in did not work", `${error.message}. ${fix}`);
      }
    };
  router.get(
    START,
    guarded((site, request, response) => leave(parts, site, request, response)),
  );
  router.get(
    CALLBACK,
    guarded((site, request, response) => comeBack(parts, site, request, response)),
  );
  return router;
}

/** Where the site sends the browser back to: PUBLIC_URL, or the loopback address that is open in the browser. */
function callbackOf(parts: ConsoleParts, request: Request): string {
  return `${parts.publicUrl ?? `http://${request.headers.host ?? "127.0.0.1"}`}${CALLBACK}`;
}

async function leave(
  parts: ConsoleParts,
  site: IdentityProvider,
  request: Request,
  response: Response,
): Promise<void> {
  const kind = cookieKind(request, parts.publicUrl);
  if (kind === null) return notHere(response);
  const { url, state, kept } = await site.begin(callbackOf(parts, request));
  await parts.store.console.sessions.keep(hashOf(state), kept, parts.clock.now() + PATIENCE_MS);
  response.cookie(COOKIE, state, {
    path: CALLBACK,
    httpOnly: true,
    // The way back is a navigation from another site: a strict cookie would not come along.
    sameSite: "lax",
    secure: kind === "safe",
    maxAge: PATIENCE_MS,
  });
  response.set({ "cache-control": "no-store", "referrer-policy": "no-referrer" }).redirect(303, url);
}

async function comeBack(
  parts: ConsoleParts,
  site: IdentityProvider,
  request: Request,
  response: Response,
): Promise<void> {
  const kind = cookieKind(request, parts.publicUrl);
  if (kind === null) return notHere(response);
  const now = parts.clock.now();
  const state = cookieOf(request, COOKIE) ?? "";
  const { sessions } = parts.store.console;
  const kept = state !== "" && request.query.state === state ? await sessions.take(hashOf(state), now) : null;
  response.clearCookie(COOKIE, { path: CALLBACK });
  if (kept === null)
    return sendSimple(
      response,
      401,
      "Begin again",
      "This sign-in was not begun in this browser, or took too long.",
    );
  const address = new URL(callbackOf(parts, request));
  address.search = new URL(request.originalUrl, address).search;
  const person = await site.complete(address.href, kept);
  if (!isEmail(person.email))
    return sendSimple(response, 401, "Who are you?", "The site tells no e-mail address.");
  const secret = await openSession(sessions, { ...person, how: "oidc" }, now);
  parts.log.info({ by: person.email, role: person.role }, "signed in to the console");
  keepCookie(response, kind, secret, SESSION_MS);
  response.set({ "cache-control": "no-store" }).redirect(303, "/console");
}

function notHere(response: Response): void {
  sendSimple(response, 403, "Not at this address", "Open the console under PUBLIC_URL, with https.");
}
