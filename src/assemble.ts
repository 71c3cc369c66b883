/** From configuration to connected parts: help desk, CRM, webhook readers. The only place that knows them together. */
import { connectors } from "../connectors/index.ts";
import { need, type Opened } from "./assemble-crm.ts";
import { deskPacer, type Pacing } from "./assemble-pacing.ts";
import type { Config } from "./config.ts";
import { isLoopback } from "./config.ts";
import { ConfigProblem } from "./errors.ts";
import type { RunningPacer } from "./pacing.ts";
import type { Policy } from "./policy/model.ts";
import type { Clock, Desk, DeskApps, DeskInsight, Provisioning, TestTickets } from "./ports.ts";
import type { WebhookSource } from "./webhooks.ts";

export { crmSettings, crmSettingsFor, type Opened, openCrm, openNotifier } from "./assemble-crm.ts";

/** Settings without which a desk cannot be reached. `A|B` = one of both. */
export const deskSettings: readonly string[] = ["ZENDESK_URL", "ZENDESK_API_TOKEN|ZENDESK_OAUTH_TOKEN"];

/** Zendesk publishes this secret for testing a webhook before it exists (developer.zendesk.com, read 2026-11-22). */
const PUBLIC_TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";

/** The connectors' settings, for `readConfig`. */
export const connectorSettings = Object.values(connectors).map((connector) => connector.settings);

/** The help desk of the settings. */
export function openDesk(
  config: Config,
  policy: Policy,
  clock: Clock,
  pacing: Pacing = {},
): Opened<Desk> & {
  readonly apps: DeskApps;
  readonly provisioning: Provisioning;
  readonly insight: DeskInsight;
  readonly testTickets: TestTickets;
  readonly accountBudget: RunningPacer["account"];
} {
  const { zendesk } = connectors;
  const pacer = deskPacer(config, clock, pacing);
  const account = {
    url: config.text("ZENDESK_URL") ?? NOWHERE,
    credentials: () => deskCredentials(config),
    pacer,
    now: clock.now,
  };
  const port = zendesk.openZendesk({
    ...account,
    prefix: policy.prefix,
    tierTags: policy.tiers.map((tier) => `${policy.prefix}tier_${tier.id}`),
    desk: policy.desk,
    impactKeys: Object.keys(policy.priority.impactField),
    sleep: clock.sleep,
  });
  return {
    port,
    apps: zendesk.openApps(account),
    provisioning: zendesk.openProvisioning(account),
    insight: port.insight,
    testTickets: port.testTickets,
    blockedUntil: pacer.blockedUntil,
    paced: pacer,
    accountBudget: pacer.account,
    stop: pacer.stop,
  };
}

/** While set-up goes on the address may not be set: no name ends like this (RFC 2606), and no call gets that far. */
export const NOWHERE = "https://zendesk-url-is-not-set.invalid";

function deskCredentials(config: Config): { email: string; apiToken: string } | { oauthToken: string } {
  need(config.text("ZENDESK_URL"), "ZENDESK_URL");
  const oauthToken = config.secret("ZENDESK_OAUTH_TOKEN");
  if (oauthToken !== null) return { oauthToken };
  return {
    email: need(config.text("ZENDESK_EMAIL"), "ZENDESK_EMAIL"),
    apiToken: need(config.secret("ZENDESK_API_TOKEN"), "ZENDESK_API_TOKEN"),
  };
}

/** Who may send webhooks, and how each is verified. @throws ConfigProblem for a secret that proves nothing. */
export function webhookSources(config: Config, policy: Policy, clock: Clock): readonly WebhookSource[] {
  const secrets = (): readonly string[] => splitSecrets(config.secret("ZENDESK_WEBHOOK_SECRET"));
  if (secrets().includes(PUBLIC_TEST_SECRET) && !isLoopback(config.host))
    throw new ConfigProblem([
      {
        what: "ZENDESK_WEBHOOK_SECRET is Zendesk's public test secret: anyone could sign.",
        fix: "Set the webhook's own signing secret (Admin Center > Webhooks > Reveal secret).",
      },
    ]);
  const { zendesk, hubspot } = connectors;
  return [
    {
      name: zendesk.name,
      read: (request) => zendesk.readZendeskWebhook(request, { secrets: secrets(), now: clock.now() }),
    },
    {
      name: hubspot.name,
      read: (request) =>
        hubspot.readHubspotWebhook(request, {
          clientSecret: config.secret("HUBSPOT_CLIENT_SECRET"),
          publicUrl: config.publicUrl ?? "",
          portalId: config.text("HUBSPOT_PORTAL_ID"),
          labelProperty: policy.crm.hubspot?.label ?? null,
          now: clock.now(),
        }),
    },
  ];
}

/** Several secrets are separated by commas while they are being rotated; blanks are none. */
export function splitSecrets(text: string | null): readonly string[] {
  return (text ?? "")
    .split(",")
    .map((s) => s.trim())
    .filter((s) => s !== "");
}
