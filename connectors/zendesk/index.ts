/** Zendesk: its settings, its limits, and how to open it. */
import { z } from "zod";

export { openApps } from "./apps.ts";
export type { Credentials } from "./client.ts";
export { openZendesk, type ZendeskDesk, type ZendeskOptions } from "./desk.ts";
export { type DefaultLimit, type EndpointClass, zendeskLimits } from "./endpoints.ts";
export { openProvisioning } from "./provision.ts";
export { readZendeskWebhook } from "./webhook.ts";

/** The name under which this connector appears in settings, routes and the ledger. */
export const name = "zendesk";

/** A setting that is present and blank is a missing one. */
const secret = z.string().trim().optional();

/** What an administrator sets to connect Zendesk; the descriptions are the documentation. */
export const settings = z.object({
  ZENDESK_URL: z
    .string()
    .trim()
    .refine(isAddress, "must be https://YOUR-SUBDOMAIN.zendesk.com without a path")
    .optional()
    .describe("Address of the Zendesk account, for example `https://acme.zendesk.com`, without a path"),
  ZENDESK_EMAIL: z
    .string()
    .trim()
    .regex(/^[^\s@/]+@[^\s@/]+$/, "must be the e-mail address alone, without /token")
    .optional()
    .describe("E-mail address of the administrator whose API token is used"),
  ZENDESK_API_TOKEN: secret.describe(
    "API token of that administrator (Admin Center, Apps and integrations, APIs, Zendesk API)",
  ),
  ZENDESK_OAUTH_TOKEN: secret.describe(
    "OAuth access token with the scopes `read write`, instead of e-mail and API token",
  ),
  ZENDESK_APP_ID: z
    .string()
    .trim()
    .regex(/^\d{1,20}$/, "must be the number of the app")
    .optional()
    .describe(
      "Id of the priority-support app installed in Zendesk (the number in its address under Admin Center, Apps, Zendesk Support apps); unset: the app's pages stay closed",
    ),
  ZENDESK_WEBHOOK_SECRET: secret.describe(
    "Signing secret of the webhook (Admin Center, Webhooks, Reveal secret); several, separated by commas, while it is being replaced",
  ),
});

/** https anywhere, plain http on the machine itself only; the API's host and nothing behind it. */
function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  return (
    (url.protocol === "https:" || (url.protocol === "http:" && loopback)) &&
    url.pathname === "/" &&
    url.search === "" &&
    url.hash === "" &&
    url.username === ""
  );
}
