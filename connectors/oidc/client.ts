/**
 * The code flow with PKCE, state and nonce, by openid-client: its checks are certified, ours would not be. Everything it
 * sends has our deadline and size cap.
 */
import * as client from "openid-client";
import { NeedsAdmin, Paused, TryAgain } from "../../src/errors.ts";
import type { ConsoleRole, IdentityProvider } from "../../src/ports.ts";
import { boundedFetch, DEADLINE_MS, type Fetch } from "../http.ts";
import { claimsSchema } from "./schemas.ts";

export interface OidcOptions {
  /** `https://login.acme.example`, as the site itself writes it. */
  readonly issuer: string;
  readonly clientId: string;
  /** Asked before every sign-in, so that it is replaced without a restart; null = a public client. */
  readonly clientSecret: () => string | null;
  /** Whoever is in this group may change things; null = nobody who signs in this way. */
  readonly adminGroup: string | null;
  readonly fetch?: Fetch;
}

/** A token or a description of a site is a few kilobytes. */
const MAX_BYTES = 512 * 1024;

const FIX =
  "Compare OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET with the site's own page about this client, and its redirect address with PUBLIC_URL/console/oidc/callback.";

/** What is kept between the two halves of a sign-in. */
interface Kept {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Signing in at `issuer`. Nothing is sent until somebody signs in. */
export function openOidc(options: OidcOptions): IdentityProvider {
  const name = new URL(options.issuer).host;
  const site = (): Promise<client.Configuration> => discovered(options, name);
  return {
    name,
    begin: (returnTo) => said(name, async () => begin(await site(), returnTo)),
    complete: (address, kept) =>
      said(name, async () => complete(await site(), options, address, JSON.parse(kept) as Kept)),
  };
}

async function discovered(options: OidcOptions, name: string): Promise<client.Configuration> {
  const { issuer, clientId } = options;
  const secret = options.clientSecret();
  const way = boundedFetch(
    { upstream: name, deadlineMs: DEADLINE_MS, maxBytes: MAX_BYTES },
    options.fetch ?? fetch,
  );
  const bounded: client.CustomFetch = (address, { method, headers, body }) =>
    way(address, { method, headers, body: body instanceof URLSearchParams ? body : null });
  const url = new URL(issuer);
  // Without the second one the signature of a token that came over TLS is taken on trust, as the standard allows.
  const execute = [
    ...(url.protocol === "http:" ? [client.allowInsecureRequests] : []),
    client.enableNonRepudiationChecks,
  ];
  const found = await client.discovery(url, clientId, secret ?? undefined, undefined, {
    [client.customFetch]: bounded,
    execute,
  });
  const ways = found.serverMetadata().token_endpoint_auth_methods_supported;
  // Where nothing is said, basic is what every site takes (OpenID Connect Discovery 1.0, section 3).
  if (secret === null || ways?.includes("client_secret_post") === true) return found;
  const basic = new client.Configuration(
    found.serverMetadata(),
    clientId,
    secret,
    client.ClientSecretBasic(secret),
  );
  basic[client.customFetch] = bounded;
  for (const arrange of execute) arrange(basic);
  return basic;
}

async function begin(
  site: client.Configuration,
  returnTo: string,
): Promise<{ readonly url: string; readonly state: string; readonly kept: string }> {
  const kept: Kept = {
    state: client.randomState(),
    nonce: client.randomNonce(),
    verifier: client.randomPKCECodeVerifier(),
  };
  const url = client.buildAuthorizationUrl(site, {
    redirect_uri: returnTo,
    scope: "openid email profile",
    code_challenge: await client.calculatePKCECodeChallenge(kept.verifier),
    code_challenge_method: "S256",
    state: kept.state,
    nonce: kept.nonce,
  });
  return { url: url.href, state: kept.state, kept: JSON.stringify(kept) };
}

async function complete(
  site: client.Configuration,
  options: OidcOptions,
  address: string,
  kept: Kept,
): Promise<{ readonly email: string; readonly role: ConsoleRole }> {
  const tokens = await client.authorizationCodeGrant(site, new URL(address), {
    pkceCodeVerifier: kept.verifier,
    expectedState: kept.state,
    expectedNonce: kept.nonce,
    idTokenExpected: true,
  });
  const read = claimsSchema.safeParse(tokens.claims());
  if (!read.success)
    throw new NeedsAdmin("the site does not say who signed in: there is no e-mail address in its token", {
      fix: "Let the site put the claim `email` into identity tokens of this client.",
    });
  const { email, email_verified, groups, roles } = read.data;
  if (email_verified === false)
    throw new NeedsAdmin("the site says that the person's address is not verified", {
      fix: "Have the address verified at the site, then sign in again.",
    });
  const { adminGroup } = options;
  const admin = adminGroup !== null && [...groups, ...roles].includes(adminGroup);
  return { email, role: admin ? "admin" : "agent" };
}

/** The package's errors in ours; what it found wrong stays in `cause`. */
async function said<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    for (let one: unknown = cause; one instanceof Error; one = one.cause)
      if (one instanceof TryAgain || one instanceof Paused || one instanceof NeedsAdmin) throw one;
    throw new NeedsAdmin(`signing in at ${name} did not work`, { fix: FIX, cause });
  }
}
