/**
 * Signed addresses of the help desk's app framework: does this token come from our app in our help desk, and for whom?
 *
 * The token is a JWT, RS256, audience the installation's address, issuer the account's host, subject the user's address
 * (developer.zendesk.com, "Using signed URLs", by way of apps that verify it, read 2026-11-22; the exact form of `sub` is
 * remembered, not verified, so only its last number is used). What a page later says about itself proves nothing; only
 * this token does.
 */
import { errors, importSPKI, jwtVerify } from "jose";
import type { Instant } from "../policy/model.ts";

/** Why a token proves nothing, in words for the person who sees the page. */
export type TokenReading =
  | { readonly ok: true; readonly userId: string; readonly expiresAt: Instant }
  | { readonly ok: false; readonly why: string };

/** Clocks of two companies differ; a minute is far below what a replay could use, for every token is used once. */
const LEEWAY_SECONDS = 60;
/** A token is good for minutes; one that claims to be good for longer is none of the help desk's. */
const LONGEST_SECONDS = 15 * 60;
const TOKEN_MAX = 8_192;

/** Reads a token at `now`. `origin` is the help desk's address, `key` the app's public key as PEM. */
export async function readToken(
  token: string,
  expected: { readonly origin: string; readonly key: string },
  now: Instant,
): Promise<TokenReading> {
  if (token.length > TOKEN_MAX || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token))
    return no("It is no signed token.");
  try {
    const key = await importSPKI(expected.key, "RS256");
    const { payload } = await jwtVerify(token, key, {
      algorithms: ["RS256"],
      issuer: new URL(expected.origin).host,
      requiredClaims: ["exp", "aud", "iss", "sub"],
      clockTolerance: LEEWAY_SECONDS,
      currentDate: new Date(now),
    });
    const { aud, sub, exp } = payload;
    if (!isInstallation(aud, expected.origin)) return no("It was made for another app or another help desk.");
    const userId = /(?:^|\/)(\d{1,20})(?:\.json)?$/.exec(sub ?? "")?.[1];
    if (userId === undefined) return no("It names no user.");
    if (exp === undefined || exp * 1000 - now > LONGEST_SECONDS * 1000)
      return no("It claims to be good for too long.");
    return { ok: true, userId, expiresAt: (exp + LEEWAY_SECONDS) * 1000 };
  } catch (error) {
    return no(whyOf(error));
  }
}

/** One installation of one app, at this very help desk. */
function isInstallation(aud: unknown, origin: string): boolean {
  if (typeof aud !== "string" || !aud.startsWith(`${origin}/`)) return false;
  return /^\/api\/v2\/apps\/installations\/\d{1,20}\.json$/.test(aud.slice(origin.length));
}

function no(why: string): TokenReading {
  return { ok: false, why };
}

function whyOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "It has expired.";
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === "iss"
      ? "It comes from another help desk."
      : "It lacks what such a token must say.";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "Its signature is not that of our app.";
  if (error instanceof errors.JOSEError)
    return "It cannot be read, or is signed in a way that is not accepted.";
  return "The app's public key cannot be used.";
}
