/** HubSpot as a source of accounts. */
import type { Crm } from "../../src/ports.ts";
import { allCompanies, changedCompanies } from "./changes.ts";
import { createClient, type HubspotOptions } from "./client.ts";
import { companyFields } from "./fields.ts";
import { ensureLabel } from "./label-property.ts";
import { writeLabels } from "./labels.ts";
import { INDEX_LAG_MS } from "./limits.ts";
import { ownerAddresses } from "./owners.ts";
import { readAccounts } from "./read.ts";
import { accountSchema } from "./schemas.ts";
import { accountDetails } from "./sdk.ts";

/** A connection to one HubSpot account; nothing is sent before the first question. */
export function openHubspot(options: HubspotOptions): Crm {
  const client = createClient(options);
  return {
    name: "hubspot",
    async test() {
      const account = await client.ask({ request: accountDetails(), lane: "live", tries: 1 }, accountSchema);
      return {
        tenant: account.portalId,
        timezone: account.timeZone || null,
        currency: account.companyCurrency || null,
      };
    },
    fields: () => companyFields(client),
    people: () => ownerAddresses(client),
    changes: (window, signal) => changedCompanies(client, window, signal),
    all: (signal) => allCompanies(client, signal),
    read: (ids, properties, signal) => readAccounts(client, ids, properties, signal),
    writeLabels: (rows, property, signal) => writeLabels(client, rows, property, signal),
    ensureLabel: (property, labels) => ensureLabel(client, property, labels),
    overlapMs: INDEX_LAG_MS,
    calls: client.calls,
  };
}
