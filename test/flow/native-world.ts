/** An installation set up by `apply`, native triggers and all: sandbox CRM and help desk, the real service between them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectorSettings } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { type DemoClock, demoClock } from "../../src/demo/demo-clock.ts";
import { demoPolicyText } from "../../src/demo/demo-policy.ts";
import { accountSeed } from "../../src/demo/desk-seed.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { setUpDesk } from "../../src/demo/set-up.ts";
import { silent } from "../../src/log.ts";
import { type Service, type ServiceOptions, startService } from "../../src/main.ts";
import type { Policy } from "../../src/policy/model.ts";
import { loadPolicy } from "../../src/policy-in-force.ts";
import type { DecisionRecord } from "../../src/ports.ts";
import { type Dataset, dataset } from "../../src/sandbox/dataset.ts";
import { type HubspotSandbox, startHubspotSandbox } from "../../src/sandbox/hubspot.ts";
import { startZendeskSandbox, type ZendeskOptions, type ZendeskSandbox } from "../../src/sandbox/zendesk.ts";
import { TUESDAY } from "./world.ts";

export interface NativeWorld {
  readonly desk: ZendeskSandbox;
  readonly crm: HubspotSandbox;
  readonly service: Service;
  readonly clock: DemoClock;
  readonly policy: Policy;
  readonly env: Readonly<Record<string, string>>;
  /** E-mail of a verified person of the company that plays `role`. */
  readonly mailOf: (role: string) => string;
  /** The newest decision of each ticket, once it is settled and read back. */
  readonly settled: (ids: readonly string[]) => Promise<readonly DecisionRecord[]>;
  readonly close: () => Promise<void>;
}

export interface NativeOptions {
  readonly policy?: (text: string) => string;
  readonly desk?: Partial<ZendeskOptions>;
  readonly service?: Partial<ServiceOptions>;
}

/** Every tier sets its default priority and its group at creation. */
export const withNativeTriggers = (text: string): string =>
  text.replaceAll(/^( {4}sla_policy: .*)$/gm, "$1\n    native_trigger: from_tier");

/** Sets everything up and syncs once; `close()` it at the end of the test. */
export async function startNative(options: NativeOptions = {}): Promise<NativeWorld> {
  const folder = mkdtempSync(join(tmpdir(), "native-"));
  const policyFile = join(folder, "policy.yaml");
  writeFileSync(policyFile, (options.policy ?? withNativeTriggers)(demoPolicyText()));
  const { policy } = loadPolicy(policyFile);
  const clock = demoClock(TUESDAY);
  const data = dataset({ seed: 7, asOf: clock.now(), companies: 0 });
  const port = await freePort();
  const desk = await startZendeskSandbox({
    now: clock.now,
    seed: accountSeed(policy, data),
    limits: { plan: 2_500 },
    ...options.desk,
  });
  const crm = await startHubspotSandbox({
    companies: data.companies,
    owners: data.owners,
    now: clock.now,
  });
  const env: Record<string, string> = {
    POLICY_FILE: policyFile,
    DATABASE_URL: `sqlite:${join(folder, "service.db")}`,
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ZENDESK_URL: desk.url,
    ZENDESK_EMAIL: desk.agentEmail,
    ZENDESK_API_TOKEN: desk.apiToken,
    HUBSPOT_URL: crm.url,
    HUBSPOT_ACCESS_TOKEN: crm.token,
  };
  const { secret } = await setUpDesk(env, clock, () => {});
  env.ZENDESK_WEBHOOK_SECRET = secret;
  const service = await startService(readConfig(env, connectorSettings), {
    simulate: false,
    setup: false,
    clock,
    log: silent,
    syncEveryMs: 0,
    ...options.service,
  });
  clock.advanceTo(clock.now() + 61_000);
  await service.sync("full");
  return {
    ...{ desk, crm, service, clock, policy, env },
    mailOf: (role) => mailOf(data, role),
    settled: (ids) => settledAll(service, clock, ids),
    close: async () => {
      await service.stop();
      await Promise.all([desk.close(), crm.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function mailOf(data: Dataset, role: string): string {
  const company = data.companies.find((one) => one.role === role);
  const organization = data.organizations.find((one) => one.companyId === company?.id);
  const person = data.users.find(
    (user) => user.organization === organization?.key && user.verified && !user.vip,
  );
  if (person === undefined) throw new Error(`nobody plays ${role}`);
  return person.email;
}

async function settledAll(
  { store }: Service,
  clock: DemoClock,
  ids: readonly string[],
): Promise<readonly DecisionRecord[]> {
  for (let waited = 0; waited < 80_000; waited += 200) {
    const newest = new Map<string, DecisionRecord>();
    for (const one of await store.ledger.recentDecisions(5_000))
      if (!newest.has(one.ticketId)) newest.set(one.ticketId, one);
    const found = ids.flatMap((id) => newest.get(id) ?? []).filter(isDone);
    if (found.length === ids.length) return found;
    await clock.sleep(200);
  }
  throw new Error(`waited 80 s for ${ids.length} tickets to be settled and read back`);
}

function isDone({ state, verification, decision }: DecisionRecord): boolean {
  return state !== "intended" && (verification !== null || decision.action === "skip");
}
