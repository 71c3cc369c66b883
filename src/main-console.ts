/** Connects the console with the running service: what it may see, and what it may set off. */
import { fileURLToPath } from "node:url";
import express from "express";
import { type Config, isLoopback } from "./config.ts";
import type { Console } from "./console/console.ts";
import { LINK_MS, makeLink } from "./console/sessions.ts";
import { ConfigProblem } from "./errors.ts";
import type { ConsoleSurroundings } from "./main-console-open.ts";
import type { ConsoleRole, Store } from "./ports.ts";

/** Where the console answers. */
const PLACES = /^\/(?:console|api\/v1|zaf)(?:\/|$)/i;

/**
 * The console of one running service, loaded when somebody first looks at it: in a service that nobody looks at it would
 * weigh 6 MB for nothing (docs/performance.md).
 */
export function consoleFor(config: Config, around: ConsoleSurroundings): Console {
  const router = express.Router();
  let opened: Promise<Console> | null = null;
  const open = async (): Promise<Console> =>
    (await import("./main-console-open.ts")).openConsoleFor(config, around, pagesFolder());
  router.use(async (request, response, next) => {
    if (!PLACES.test(request.path)) return next();
    opened ??= open();
    (await opened).router(request, response, next);
  });
  return { router, stop: async () => (await opened)?.stop() };
}

/** Half the settings of signing in would look like all of them. @throws ConfigProblem */
export function refuseHalfSignIn(config: Config): void {
  const names = ["OIDC_ISSUER", "OIDC_CLIENT_ID"] as const;
  const missing = names.filter((name) => config.text(name) === null);
  const [name] = missing;
  if (missing.length !== 1 || name === undefined) return;
  const other = names.find((one) => one !== name) ?? name;
  throw new ConfigProblem([{ what: `${other} is set without ${name}.`, fix: "Set both, or neither." }]);
}

/** Where `npm run build:ui` puts the pages: `dist/ui`, whether this file runs from `src` or from `dist/src`. */
export function pagesFolder(): string {
  const here = import.meta.url;
  return fileURLToPath(new URL(/\/dist\/src\/[^/]+$/.test(here) ? "../ui" : "../dist/ui", here));
}

/** A one-time sign-in address for a named person. `origin` is where their browser finds the service. */
export async function signInAddress(
  store: Store,
  origin: string,
  person: { readonly email: string; readonly role: ConsoleRole },
  now: number,
): Promise<{ readonly url: string; readonly expiresAt: number }> {
  const secret = await makeLink(store.console.sessions, person, now);
  // Behind `#`: browsers keep it to themselves, so it stands in no log and no Referer.
  return { url: `${origin}/console#token=${secret}`, expiresAt: now + LINK_MS };
}

/** Where a browser finds the console of these settings. */
export function consoleOrigin(config: Config): string {
  const shown = config.host === "0.0.0.0" || config.host === "::" ? "127.0.0.1" : config.host;
  const host = shown.includes(":") ? `[${shown}]` : shown;
  return config.publicUrl ?? `http://${host}:${config.port}`;
}

/** May a sign-in link be printed unasked? Only where nobody but this machine can reach the service. */
export function mayPrintLink(config: Config, isTerminal: boolean): boolean {
  return isTerminal && isLoopback(config.host);
}
