/** Signing in and out. */
import { z } from "zod";
import { moment } from "./schemas.ts";

/** The token of a one-time link, as it stands behind `#token=`. */
export const exchange = z.object({ token: z.string().min(20).max(200) });

/** Who is signed in, and what the page may offer. */
export const session = z
  .object({
    email: z.string(),
    role: z.enum(["agent", "admin"]).meta({ description: "agent reads, admin also changes" }),
    how: z.enum(["link", "oidc", "zendesk"]),
    expiresAt: moment,
    idleMinutes: z.number().int(),
    helpDesk: z.object({ name: z.string(), url: z.string() }).nullable(),
    policyReadOnly: z.boolean().meta({ description: "POLICY_FILE is set: drafts can only be downloaded" }),
    timezone: z.string(),
    seesMoney: z.boolean().meta({ description: "false = answers leave out ARR and other money" }),
  })
  .meta({ id: "Session" });

/** What can be done before anybody is signed in. */
export const signInWays = z
  .object({ link: z.literal(true), oidc: z.object({ name: z.string(), start: z.string() }).nullable() })
  .meta({ id: "SignInWays" });
