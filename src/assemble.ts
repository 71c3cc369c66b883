/** From configuration to connected parts: help desk, CRM, webhook readers. The only place that knows them together. */
import { connectors } from "../connectors/index.ts";
import type { Config } from "./config.ts";
import { isLoopback } from "./config.ts";
import { ConfigProblem, NeedsAdmin } from "./errors.ts";
import { createPacer } from "./pacing.ts";
import type { CrmMapping, Policy } from "./policy/model.ts";
import type { Clock, Crm, Desk } from "./ports.ts";
import type { WebhookSource } from "./webhooks.ts";

/** Settings without which a desk, or a CRM, cannot be reached. `A|B` = one of both. */
export const deskSettings: readonly string[] = ["ZENDESK_URL", "ZENDESK_API_TOKEN|ZENDESK_OAUTH_TOKEN"];
export const crmSettings: readonly string[] = ["HUBSPOT_ACCESS_TOKEN"];

/** Zendesk publishes this secret for testing a webhook before it exists (developer.zendesk.com, read 2026-11-22). */
const PUBLIC_TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";

/** The connectors' settings, for `readConfig`. */
export const connectorSettings = [connectors.zendesk.settings, connectors.hubspot.settings];

export interface Opened<T> {
  readonly port: T;
  /** Until when calls are held back, epoch ms; in the past = they flow. */
  readonly blockedUntil: () => number;
  /** Lets no further call start. */
  readonly stop: () => void;
}

/** Other apps of the customer keep this share of the plan's limit. */
const HEADROOM = 0.1;
/** A call that would have to wait longer than this is handed back instead, so that no lease runs out meanwhile. */
const PATIENCE_MS = 10_000;

/** The help desk of the settings. */
export function openDesk(config: Config, policy: Policy, clock: Clock): Opened<Desk> {
  const { zendesk } = connectors;
  const pacer = createPacer({
    upstream: "Zendesk",
    ...zendesk.zendeskLimits,
    headroom: HEADROOM,
    now: clock.now,
    patienceMs: PATIENCE_MS,
  });
  const port = zendesk.openZendesk({
    url: need(config.text("ZENDESK_URL"), "ZENDESK_URL"),
    credentials: () => deskCredentials(config),
    prefix: policy.prefix,
    tierTags: policy.tiers.map((tier) => `${policy.prefix}tier_${tier.id}`),
    desk: policy.desk,
    impactKeys: Object.keys(policy.priority.impactField),
    pacer,
    now: clock.now,
    sleep: clock.sleep,
  });
  return { port, blockedUntil: pacer.blockedUntil, stop: pacer.stop };
}

function deskCredentials(config: Config): { email: string; apiToken: string } | { oauthToken: string } {
  const oauthToken = config.secret("ZENDESK_OAUTH_TOKEN");
  if (oauthToken !== null) return { oauthToken };
  return {
    email: need(config.text("ZENDESK_EMAIL"), "ZENDESK_EMAIL"),
    apiToken: need(config.secret("ZENDESK_API_TOKEN"), "ZENDESK_API_TOKEN"),
  };
}

/** The CRM of the policy and the settings; null = the policy maps none. */
export function openCrm(
  config: Config,
  policy: Policy,
  clock: Clock,
): (Opened<Crm> & { readonly mapping: CrmMapping }) | null {
  const mapping = policy.crm.hubspot;
  if (mapping === undefined) return null;
  const { hubspot } = connectors;
  const pacer = createPacer({
    upstream: "HubSpot",
    ...hubspot.hubspotLimits,
    headroom: HEADROOM,
    now: clock.now,
    patienceMs: 60_000,
  });
  const url = config.text("HUBSPOT_URL");
  const port = hubspot.openHubspot({
    ...(url === null ? {} : { url }),
    token: () => need(config.secret("HUBSPOT_ACCESS_TOKEN"), "HUBSPOT_ACCESS_TOKEN"),
    pacer,
    now: clock.now,
    sleep: clock.sleep,
  });
  return { port, mapping, blockedUntil: pacer.blockedUntil, stop: pacer.stop };
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

function need(value: string | null, name: string): string {
  if (value !== null) return value;
  throw new NeedsAdmin(`${name} is not set`, { fix: `Set ${name}.` });
}
