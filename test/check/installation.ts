/** An installation to be checked: the demo's help desk and CRM over HTTP, without the service itself. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CheckLine } from "../../src/check/line.ts";
import { checkEnvironment } from "../../src/commands/check.ts";
import { demoPolicyText } from "../../src/demo/demo-policy.ts";
import type { Policy } from "../../src/policy/model.ts";
import { loadPolicy } from "../../src/policy-in-force.ts";
import type { Clock } from "../../src/ports.ts";
import { dataset } from "../../src/sandbox/dataset.ts";
import { type HubspotOptions, type HubspotSandbox, startHubspotSandbox } from "../../src/sandbox/hubspot.ts";
import { startZendeskSandbox, type ZendeskOptions, type ZendeskSandbox } from "../../src/sandbox/zendesk.ts";
import { deskSeed } from "../hand-made-desk.ts";

export const PUBLIC_URL = "https://support.acme.example";
const SECRET = "a-secret-of-the-webhook";
/** Tuesday 10:00 in New York. */
const TUESDAY = Date.UTC(2026, 5, 9, 14, 0, 0);

export interface InstallationOptions {
  readonly policy?: (text: string) => string;
  readonly desk?: Partial<ZendeskOptions>;
  readonly crm?: Partial<HubspotOptions>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly publicUrl?: string;
  /** Our clock runs this much ahead of both sides. */
  readonly aheadMs?: number;
}

export interface Installation {
  readonly desk: ZendeskSandbox;
  readonly crm: HubspotSandbox;
  readonly policy: Policy;
  readonly env: Readonly<Record<string, string | undefined>>;
  check(): Promise<readonly CheckLine[]>;
  close(): Promise<void>;
}

/** Sets it up as an administrator would have; everything is in order unless `options` says otherwise. */
export async function install(options: InstallationOptions = {}): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), "check-"));
  const policyFile = join(folder, "policy.yaml");
  writeFileSync(policyFile, demoPolicyText());
  const { policy } = loadPolicy(policyFile);
  writeFileSync(policyFile, (options.policy ?? ((text: string) => text))(demoPolicyText()));
  const now = (): number => TUESDAY;
  const data = dataset({ seed: 7, asOf: now(), companies: 0 });
  const desk = await startZendeskSandbox({
    now,
    seed: deskSeed(policy, data, `${options.publicUrl ?? PUBLIC_URL}/webhooks/zendesk`, SECRET),
    ...options.desk,
  });
  const crm = await startHubspotSandbox({
    companies: data.companies,
    owners: data.owners,
    now,
    ...options.crm,
  });
  const env = {
    POLICY_FILE: policyFile,
    DATABASE_URL: `sqlite:${join(folder, "store.db")}`,
    PUBLIC_URL: options.publicUrl ?? PUBLIC_URL,
    ZENDESK_URL: desk.url,
    ZENDESK_EMAIL: desk.agentEmail,
    ZENDESK_API_TOKEN: desk.apiToken,
    ZENDESK_WEBHOOK_SECRET: SECRET,
    HUBSPOT_URL: crm.url,
    HUBSPOT_ACCESS_TOKEN: crm.token,
    ...options.env,
  };
  const clock: Clock = { now: () => now() + (options.aheadMs ?? 0), sleep: async () => {} };
  return {
    desk,
    crm,
    policy,
    env,
    check: () => checkEnvironment(env, clock),
    close: async () => {
      await Promise.all([desk.close(), crm.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Lines that are not in order, shortened to what a person looks for first. */
export function troubles(lines: readonly CheckLine[]): readonly string[] {
  return lines
    .filter((line) => line.state !== "ok" && line.area !== "policy")
    .map((line) => `${line.state} ${line.area}: ${line.name}`);
}
