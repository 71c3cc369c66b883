/** A small OpenID Connect provider for tests: discovery, keys, authorization that says yes, and tokens. */
import { createHash, generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, SignJWT } from "jose";

export interface CompanySite {
  readonly issuer: string;
  /** Claims of whoever signs in next; changes what is right where a test wants it wrong. */
  readonly next: {
    claims: Readonly<Record<string, unknown>>;
    nonce?: string;
    audience?: string;
    foreign?: boolean;
  };
  /** What the token address was sent. */
  readonly exchanges: readonly URLSearchParams[];
  readonly close: () => Promise<void>;
}

/** Starts a provider that knows one client. */
export async function startCompanySite(client: {
  readonly id: string;
  readonly secret: string;
}): Promise<CompanySite> {
  const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const foreign = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: "k1", alg: "RS256", use: "sig" };
  const next: CompanySite["next"] = { claims: {} };
  const codes = new Map<string, URLSearchParams>();
  const exchanges: URLSearchParams[] = [];
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", issuer);
    const json = (body: object, status = 200): void =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (url.pathname === "/.well-known/openid-configuration") return json(description(issuer));
    if (url.pathname === "/keys") return json({ keys: [jwk] });
    if (url.pathname === "/authorize") {
      const code = `code-${codes.size}`;
      codes.set(code, url.searchParams);
      const back = new URL(url.searchParams.get("redirect_uri") ?? "");
      back.searchParams.set("code", code);
      back.searchParams.set("state", url.searchParams.get("state") ?? "");
      return void response.writeHead(302, { location: back.href }).end();
    }
    const form = new URLSearchParams(await textOf(request));
    exchanges.push(form);
    const asked = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const genuine = asked?.get("code_challenge") === challenge && form.get("client_secret") === client.secret;
    if (!genuine) return json({ error: "invalid_grant" }, 400);
    const token = await new SignJWT({ nonce: next.nonce ?? asked?.get("nonce"), ...next.claims })
      .setProtectedHeader({ alg: "RS256", kid: "k1" })
      .setIssuer(issuer)
      .setAudience(next.audience ?? client.id)
      .setSubject("person-1")
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(next.foreign === true ? foreign.privateKey : keys.privateKey);
    json({ access_token: "opaque", token_type: "Bearer", expires_in: 300, id_token: token });
  };
  return {
    issuer,
    next,
    exchanges,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

function description(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: ["client_secret_post"],
    code_challenge_methods_supported: ["S256"],
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
