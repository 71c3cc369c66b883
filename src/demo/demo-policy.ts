/** The demo's policy: the complete example, with a map to the sandbox CRM's fields. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const CONNECTIONS = `
crm:
  hubspot:
    plan: plan_tier
    arr: {property: arr, currency_property: arr_currency}
    contract_start: contract_start_date
    contract_end: contract_end_date
    addons: support_addons
    owner: hubspot_owner_id
    tam: support_tam
    status: {property: account_status, map: {Active: active, Unpaid: on_hold, Late: past_due, Cancelled: cancelled, Trial: trial}}
    trial_end: trial_end_date
    poc: is_poc
    renewal_in_progress: renewal_open
    standalone: billing_standalone
    label: support_tier
desk:
  zendesk: {vip: vip}
`;

/**
 * YAML text of the policy, in force from a day on; null = from the example's own. The example lies beside
 * `package.json`, in a checkout and in the built package.
 */
export function demoPolicyText(effectiveFrom: string | null = null): string {
  const here = fileURLToPath(import.meta.url);
  const root = here.slice(0, here.lastIndexOf(here.endsWith(".js") ? "/dist/" : "/src/"));
  const text = `${readFileSync(`${root}/policy.example.yaml`, "utf8")}\n${CONNECTIONS}`;
  return effectiveFrom === null
    ? text
    : text.replace(/^effective_from:.*$/m, `effective_from: "${effectiveFrom}"`);
}
