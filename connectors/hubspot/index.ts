/** HubSpot: companies are the accounts; one label property is written back. */
import { z } from "zod";

export { openHubspot } from "./crm.ts";
export { hubspotLimits } from "./limits.ts";
export { readHubspotWebhook } from "./webhook.ts";

/** Name of this connector in ids, settings and ledger. */
export const name = "hubspot";

/** The connector's settings; the README's table is generated from the descriptions. */
export const settings = z.object({
  HUBSPOT_ACCESS_TOKEN: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Access token of a HubSpot service key, project app or older private app (HubSpot: Development > Keys > Service keys)",
    ),
  HUBSPOT_URL: z
    .url()
    .optional()
    .describe(
      "Address of HubSpot's API; only for a proxy or a test stand-in, default `https://api.hubapi.com`",
    ),
  HUBSPOT_CLIENT_SECRET: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Client secret of the HubSpot app that sends webhooks; without it changes are found by asking every minute",
    ),
  HUBSPOT_PORTAL_ID: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional()
    .describe(
      "Id of the HubSpot account; webhook events of other accounts are ignored (only where one app is installed in several)",
    ),
});
