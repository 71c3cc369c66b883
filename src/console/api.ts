/** `/api/v1`: the router made from the table of routes. Who may call is decided here, before a handler sees anything. */
import { createHash } from "node:crypto";
import express, { type NextFunction, type Request, type Response, type Router } from "express";
import { NeedsAdmin, Paused, StoreUnavailable, TryAgain } from "../errors.ts";
import { errorFields } from "../log.ts";
import type { ConsoleSession } from "../ports.ts";
import { callerOf, cookieKind, isOwnOrigin, keepCookie, OWN_HEADER, secretOf } from "./browser.ts";
import { seesMoney, withoutArr } from "./money.ts";
import type { ConsoleParts } from "./parts.ts";
import { ApiProblem } from "./problem.ts";
import { type RateLimit, rateLimit } from "./rate-limit.ts";
import type { ApiCall, ApiRoute, WrittenAnswer } from "./route.ts";
import { SESSION_MS, whoIs } from "./sessions.ts";

/** A person clicks; 600 calls a minute are many tabs at once. */
const CALLS_A_MINUTE = 600;
/** Calls without a session: signing in. A secret of 256 bits is not guessed; this keeps the store free of the attempts. */
const STRANGERS_A_MINUTE = 30;
/** A draft policy is the largest body. */
const BODY_LIMIT = "1200kb";

/** The limits of one running console. */
export interface ApiLimits {
  readonly session: RateLimit;
  readonly stranger: RateLimit;
}

/** Fresh limits. */
export function apiLimits(): ApiLimits {
  return {
    session: rateLimit(CALLS_A_MINUTE, 60_000),
    stranger: rateLimit(STRANGERS_A_MINUTE, 60_000),
  };
}

/** The routes of the table below `/api/v1`; everything else there is 404. */
export function apiRouter(parts: ConsoleParts, table: readonly ApiRoute[], limits: ApiLimits): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.use(quietHeaders, tellTime(parts));
  const json = express.json({ limit: BODY_LIMIT, type: "application/json", inflate: false });
  for (const one of table) {
    const path = one.path.replaceAll(/\{(\w+)\}/g, ":$1");
    router[one.method](path, admit(parts, one, limits), json, (request: Request, response: Response) =>
      answer(parts, one, request, response),
    );
  }
  router.use((_request, response) => {
    problemOut(
      response,
      new ApiProblem(404, "not_found", "There is no such route.", "See /api/v1/openapi.json."),
    );
  });
  router.use((error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    problemOut(response, asProblem(parts, error)),
  );
  return router;
}

function quietHeaders(_request: Request, response: Response, next: NextFunction): void {
  response.set({
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
  next();
}

/** Pages show how old things are by our clock: the reader's may be wrong. */
function tellTime({ clock }: ConsoleParts) {
  return (_request: Request, response: Response, next: NextFunction): void => {
    response.set("service-time", new Date(clock.now()).toISOString());
    next();
  };
}

/** Session, role, origin and rate, in this order; a body is not even read before. */
function admit(parts: ConsoleParts, one: ApiRoute, limits: ApiLimits) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const now = parts.clock.now();
    const session = await admitted(parts, one, request, limits, now);
    response.locals.session = session;
    response.locals.now = now;
    next();
  };
}

async function admitted(
  parts: ConsoleParts,
  one: ApiRoute,
  request: Request,
  limits: ApiLimits,
  now: number,
): Promise<ConsoleSession | null> {
  if (one.method !== "get") refuseForeign(request, parts.publicUrl);
  if (one.access === "anyone") {
    slowDown(limits.stranger.take(callerOf(request), now));
    return null;
  }
  const session = await sessionOf(parts, request, now);
  if (session === null) {
    slowDown(limits.stranger.take(callerOf(request), now));
    throw new ApiProblem(
      401,
      "signed_out",
      "Nobody is signed in, or the session is over.",
      "Sign in again with a new link (`priority-support console link`).",
    );
  }
  slowDown(limits.session.take(session.id, now));
  if (one.access === "admin" && session.role !== "admin")
    throw new ApiProblem(403, "forbidden", "This is for administrators.", "Ask an administrator to do it.");
  return session;
}

/** Who sends a request, by its cookie or bearer; null = nobody. */
export async function sessionOf(
  parts: ConsoleParts,
  request: Request,
  now: number,
): Promise<ConsoleSession | null> {
  const secret = secretOf(request);
  return secret === null ? null : whoIs(parts.store.console.sessions, secret, now);
}

function refuseForeign(request: Request, publicUrl: string | null): void {
  if (request.headers[OWN_HEADER] !== undefined && isOwnOrigin(request, publicUrl)) return;
  throw new ApiProblem(
    403,
    "foreign_origin",
    "The request does not come from the console's own page.",
    `Send the header ${OWN_HEADER}, from the address in PUBLIC_URL.`,
  );
}

function slowDown(waitMs: number | null): void {
  if (waitMs === null) return;
  const seconds = Math.ceil(waitMs / 1000);
  throw new ApiProblem(429, "too_many", "Too many calls.", `Wait ${seconds} s.`, [
    { path: "retry-after", message: String(seconds) },
  ]);
}

async function answer(
  parts: ConsoleParts,
  one: ApiRoute,
  request: Request,
  response: Response,
): Promise<void> {
  const session = response.locals.session as ConsoleSession | null;
  const call: ApiCall = {
    parts,
    session,
    now: response.locals.now as number,
    who: session?.email ?? "nobody",
    facts: (at) => {
      const age = at === null ? "never" : String(Math.max(0, Math.round((parts.clock.now() - at) / 1000)));
      response.set("facts-age", age);
    },
    keepSession: (secret) => keepSession(request, response, parts, secret),
  };
  const { params, query, body } = request;
  const told = await one.run(call, { params, query, body });
  if ("value" in told) {
    const value = session === null || seesMoney(parts, session) ? told.value : withoutArr(told.value);
    send(request, response, { text: JSON.stringify(value), type: "application/json", fileName: null });
  } else send(request, response, told);
}

function keepSession(request: Request, response: Response, parts: ConsoleParts, secret: string | null): void {
  const kind = cookieKind(request, parts.publicUrl);
  if (kind === null)
    throw new ApiProblem(
      403,
      "not_https",
      "Nobody is signed in over an unencrypted address, or under another name than PUBLIC_URL.",
      "Open the console under PUBLIC_URL, with https.",
    );
  keepCookie(response, kind, secret, SESSION_MS);
}

/** The same answer as before costs a reload nothing but 304. */
function send(request: Request, response: Response, { text, type, fileName }: WrittenAnswer): void {
  if (request.method === "GET") {
    const tag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 27)}"`;
    response.set({ etag: tag, "cache-control": "private, no-cache", vary: "Authorization, Cookie" });
    if (request.headers["if-none-match"] === tag) return void response.status(304).end();
  }
  if (fileName !== null) response.attachment(fileName);
  response.type(type).send(text);
}

/** Expected failures in words with a fix; anything else says nothing of its inside and is logged. */
function asProblem(parts: ConsoleParts, error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const status = typeof error === "object" && error !== null && "status" in error ? Number(error.status) : 0;
  if (status === 413)
    return new ApiProblem(413, "too_large", "The request is larger than 1200 kB.", "Send less at once.");
  if (status >= 400 && status < 500)
    return new ApiProblem(400, "bad_request", "The request cannot be read.", "Send JSON.");
  if (error instanceof NeedsAdmin)
    return new ApiProblem(409, "needs_admin", sentence(error.message), error.fix);
  if (error instanceof Paused)
    return new ApiProblem(
      503,
      "paused",
      sentence(error.message),
      error.fix ?? "Wait a minute and try again.",
    );
  if (error instanceof TryAgain)
    return new ApiProblem(503, "try_again", sentence(error.message), "Try again in a moment.");
  if (error instanceof StoreUnavailable)
    return new ApiProblem(503, "store", "The store cannot answer at present.", "Try again in a moment.");
  parts.log.error(errorFields(error), "console call failed");
  return new ApiProblem(
    500,
    "internal",
    "The request could not be answered.",
    "Try again; if it stays, see the log.",
  );
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** `{error, message, fix}` with its status. */
export function problemOut(response: Response, problem: ApiProblem): void {
  if (response.headersSent) return void response.end();
  const wait = problem.status === 429 ? problem.details[0]?.message : undefined;
  if (wait !== undefined) response.set("retry-after", wait);
  const { code, message, fix, details } = problem;
  response.status(problem.status).json({
    error: code,
    message,
    fix,
    ...(details.length === 0 || wait !== undefined ? {} : { details }),
  });
}
