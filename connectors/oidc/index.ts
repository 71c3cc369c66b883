/** Signing in to the console at a company's own site (OpenID Connect): its settings, and how to open it. */
import { z } from "zod";

export { type OidcOptions, openOidc } from "./client.ts";

/** The name under which this connector appears in settings. */
export const name = "oidc";

/** What an administrator sets so that a team signs in with its own accounts. */
export const settings = z.object({
  OIDC_ISSUER: z
    .string()
    .trim()
    .refine(isIssuer, "must be the https:// address that the site names as its issuer")
    .optional()
    .describe(
      "Issuer address of your OpenID Connect provider, for signing in to the console; unset: one-time links only",
    ),
  OIDC_CLIENT_ID: z.string().trim().optional().describe("Client id that the provider gave to this service"),
  OIDC_CLIENT_SECRET: z
    .string()
    .trim()
    .optional()
    .describe("Client secret that goes with it; unset for a public client"),
  OIDC_ADMIN_GROUP: z
    .string()
    .trim()
    .optional()
    .describe(
      "Group or role (claims `groups`, `roles`) whose members may change things in the console; everybody else who signs in only reads",
    ),
});

function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  return (
    (url.protocol === "https:" || (url.protocol === "http:" && loopback)) &&
    url.search === "" &&
    url.hash === ""
  );
}
