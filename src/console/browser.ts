/** What a request from a browser carries: its session, where it comes from, and the cookie it gets. */
import type { Request, Response } from "express";
import { isLoopback } from "../config.ts";

/** Every call that changes something carries it: a form of another site cannot. */
export const OWN_HEADER = "x-priority-support";

/** `__Host-`: only over https, only for this very host, for all of it (RFC 6265bis, remembered, not verified). */
const SAFE_COOKIE = "__Host-ps_session";
/** On plain http, which is loopback only, browsers refuse that name. */
const LOCAL_COOKIE = "ps_session";

/** The secret that a request carries; a bearer goes before a cookie. null = none. */
export function secretOf(request: Request): string | null {
  const bearer = /^Bearer ([\w-]{20,200})$/.exec(request.headers.authorization ?? "")?.[1];
  if (bearer !== undefined) return bearer;
  return cookieOf(request, SAFE_COOKIE) ?? cookieOf(request, LOCAL_COOKIE);
}

/** One cookie's value as it was set; null = it is not there. */
export function cookieOf(request: Request, name: string): string | null {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}

/**
 * Does the browser say that the call comes from our own page? Its `Origin` is ours: PUBLIC_URL, or the loopback address
 * it was sent to. A caller without `Origin` is no browser page of another site.
 */
export function isOwnOrigin(request: Request, publicUrl: string | null): boolean {
  const site = request.headers["sec-fetch-site"];
  if (site === "cross-site" || site === "same-site") return false;
  const origin = request.headers.origin;
  if (origin === undefined) return true;
  if (publicUrl !== null && URL.canParse(publicUrl) && origin === new URL(publicUrl).origin) return true;
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return url.protocol === "http:" && isLoopback(url.hostname) && url.host === request.headers.host;
}

/** Does the browser reach us over https, or not over the network at all? Elsewhere no cookie is given. */
export function cookieKind(request: Request, publicUrl: string | null): "safe" | "local" | null {
  const host = (request.headers.host ?? "").toLowerCase();
  if (publicUrl !== null && URL.canParse(publicUrl)) {
    const url = new URL(publicUrl);
    if (url.protocol === "https:" && url.host === host) return "safe";
  }
  return isLoopback(host.replace(/:\d+$/, "")) ? "local" : null;
}

/** Hands the browser a session that its scripts cannot read, or (null) takes it away. */
export function keepCookie(
  response: Response,
  kind: "safe" | "local",
  secret: string | null,
  maxAgeMs: number,
): void {
  const name = kind === "safe" ? SAFE_COOKIE : LOCAL_COOKIE;
  response.cookie(name, secret ?? "", {
    path: "/",
    httpOnly: true,
    sameSite: "strict",
    secure: kind === "safe",
    maxAge: secret === null ? 0 : maxAgeMs,
  });
}

/** Who calls, for counting attempts: the connection's other end, whatever headers say. */
export function callerOf(request: Request): string {
  return request.socket.remoteAddress ?? "unknown";
}
