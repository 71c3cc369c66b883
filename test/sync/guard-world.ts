/** An installation with a few hundred customers, and what happens to them when the CRM goes wrong. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SyncReport, SyncScope } from "../../src/account-sync.ts";
import { connectorSettings } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { type DemoClock, demoClock } from "../../src/demo/demo-clock.ts";
import { demoPolicyText } from "../../src/demo/demo-policy.ts";
import { freePort } from "../../src/demo/free-port.ts";
import type { Log } from "../../src/log.ts";
import { type Service, startService } from "../../src/main.ts";
import type { Policy } from "../../src/policy/model.ts";
import { loadPolicy } from "../../src/policy-in-force.ts";
import type { Store } from "../../src/ports.ts";
import { type Dataset, dataset } from "../../src/sandbox/dataset.ts";
import { type HubspotSandbox, startHubspotSandbox } from "../../src/sandbox/hubspot.ts";
import { startZendeskSandbox, type ZendeskSandbox } from "../../src/sandbox/zendesk.ts";
import { TUESDAY } from "../flow/world.ts";
import { deskSeed } from "../hand-made-desk.ts";

export interface GuardWorld {
  readonly desk: ZendeskSandbox;
  readonly crm: HubspotSandbox;
  readonly store: Store;
  readonly clock: DemoClock;
  readonly policy: Policy;
  readonly data: Dataset;
  /** Settings of this installation, for the command line. */
  readonly env: Readonly<Record<string, string>>;
  /** Error lines of the log so far, newest last. */
  readonly alerts: readonly Readonly<Record<string, unknown>>[];
  /** Half a minute later (the desk allows ten exports a minute), one sync. */
  readonly sync: (scope?: SyncScope) => Promise<SyncReport>;
  /** What everybody has on both sides: organization → tier field, company → label. */
  readonly shown: () => Readonly<Record<string, string | null>>;
  /** Those of `before` that show a lower tier now. */
  readonly lowered: (before: Readonly<Record<string, string | null>>) => readonly string[];
  /** Record ids of the companies that have this tier now. */
  readonly having: (tier: string) => readonly string[];
  /** What a new ticket of the company's customer gets. */
  readonly ticketTier: (companyId: string) => Promise<string>;
  /** Stops the service and starts it again on the same store; its own pacing starts anew. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface GuardWorldOptions {
  readonly companies?: number;
  readonly policy?: (text: string) => string;
  readonly databaseUrl?: string;
}

/** Lowest first. */
const TIERS = ["standard", "pro", "enterprise", "enterprise_support"];

/** Builds it and runs the first sync. */
export async function startGuardWorld(options: GuardWorldOptions = {}): Promise<GuardWorld> {
  const folder = mkdtempSync(join(tmpdir(), "guard-"));
  const policyFile = join(folder, "policy.yaml");
  writeFileSync(policyFile, (options.policy ?? ((text: string) => text))(demoPolicyText()));
  const { policy } = loadPolicy(policyFile);
  const clock = demoClock(TUESDAY);
  const data = dataset({ seed: 11, asOf: clock.now(), companies: options.companies ?? 300 });
  const secret = randomBytes(24).toString("base64url");
  const port = await freePort();
  const seed = deskSeed(policy, data, `http://127.0.0.1:${port}/webhooks/zendesk`, secret);
  const desk = await startZendeskSandbox({ now: clock.now, seed });
  const { companies, owners } = data;
  const crm = await startHubspotSandbox({ companies, owners, now: clock.now });
  const env = {
    POLICY_FILE: policyFile,
    DATABASE_URL: options.databaseUrl ?? `sqlite:${join(folder, "service.db")}`,
    PORT: String(port),
    ZENDESK_URL: desk.url,
    ZENDESK_EMAIL: desk.agentEmail,
    ZENDESK_API_TOKEN: desk.apiToken,
    ZENDESK_WEBHOOK_SECRET: secret,
    HUBSPOT_URL: crm.url,
    HUBSPOT_ACCESS_TOKEN: crm.token,
  };
  const alerts: Record<string, unknown>[] = [];
  const log = listening(alerts);
  const quick = { simulate: false, setup: false, clock, log, syncEveryMs: 0 };
  const start = (): Promise<Service> => startService(readConfig(env, connectorSettings), quick);
  const running = { service: await start() };
  // The help desk's export leaves out the last minute.
  clock.advanceTo(clock.now() + 61_000);
  const sync = async (scope: SyncScope = "changed"): Promise<SyncReport> => {
    clock.advanceTo(clock.now() + 30_000);
    const report = await running.service.sync(scope);
    if (report === null) throw new Error("there is no CRM");
    return report;
  };
  await sync("full");
  const shown = () => shownBy(desk, crm);
  return {
    desk,
    crm,
    get store() {
      return running.service.store;
    },
    clock,
    policy,
    data,
    env,
    alerts,
    sync,
    shown,
    lowered: (before) => loweredSince(before, shown()),
    having: (tier) =>
      crm.state
        .companies()
        .filter((c) => c.properties.support_tier === tier && !c.archived)
        .map((c) => c.id),
    ticketTier: (companyId) => ticketTier({ desk, store: running.service.store, clock, data }, companyId),
    restart: async () => {
      await running.service.stop();
      running.service = await start();
    },
    close: async () => {
      await running.service.stop();
      await Promise.all([desk.close(), crm.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listening(alerts: Record<string, unknown>[]): Log {
  const quiet = (): void => {};
  const error = (fields: object, message: string): void => void alerts.push({ ...fields, message });
  return { debug: quiet, info: quiet, warn: quiet, error };
}

function shownBy(desk: ZendeskSandbox, crm: HubspotSandbox): Record<string, string | null> {
  const tiers = [...desk.state.organizations.values()].map((o): [string, string | null] => [
    `organization ${o.name}`,
    String(o.fields.ps_tier ?? "").replace("ps_tier_", "") || null,
  ]);
  const labels = crm.state
    .companies()
    .map((c): [string, string | null] => [`company ${c.id}`, c.properties.support_tier ?? null]);
  return Object.fromEntries([...tiers, ...labels]);
}

function loweredSince(
  before: Readonly<Record<string, string | null>>,
  now: Readonly<Record<string, string | null>>,
): readonly string[] {
  const rank = (tier: string | null | undefined): number => TIERS.indexOf(tier ?? "");
  return Object.keys(before).filter((key) => rank(now[key]) < rank(before[key]));
}

async function ticketTier(
  w: Pick<GuardWorld, "desk" | "store" | "clock" | "data">,
  companyId: string,
): Promise<string> {
  const organization = w.data.organizations.find((o) => o.companyId === companyId);
  const person = w.data.users.find((u) => u.organization === organization?.key && u.verified && !u.vip);
  if (person === undefined) throw new Error(`company ${companyId} has nobody who could write`);
  const { id } = w.desk.createTicket({ from: person.email });
  for (let waited = 0; waited < 25_000; waited += 20) {
    const [newest] = await w.store.ledger.decisionsOf(id);
    if (newest?.decision.action === "apply") return newest.decision.tier;
    await w.clock.sleep(20);
  }
  throw new Error("waited 25 s for a decision");
}
