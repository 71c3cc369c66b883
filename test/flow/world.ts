/** A whole installation for flow tests: sandbox CRM and help desk, the real service between them, real HTTP and store. */
import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectorSettings } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { type DemoClock, demoClock } from "../../src/demo/demo-clock.ts";
import { demoPolicyText } from "../../src/demo/demo-policy.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { silent } from "../../src/log.ts";
import { type Service, startService } from "../../src/main.ts";
import type { Policy } from "../../src/policy/model.ts";
import { loadPolicy } from "../../src/policy-in-force.ts";
import type { DecisionRecord } from "../../src/ports.ts";
import { type Dataset, dataset } from "../../src/sandbox/dataset.ts";
import { type HubspotOptions, type HubspotSandbox, startHubspotSandbox } from "../../src/sandbox/hubspot.ts";
import { startZendeskSandbox, type ZendeskOptions, type ZendeskSandbox } from "../../src/sandbox/zendesk.ts";
import { deskSeed } from "../hand-made-desk.ts";

/** Tuesday 10:00 in New York. */
export const TUESDAY = Date.UTC(2026, 5, 9, 14, 0, 0);

export interface WorldOptions {
  readonly policy?: (text: string) => string;
  readonly desk?: Partial<ZendeskOptions>;
  readonly crm?: Partial<HubspotOptions>;
  readonly env?: Readonly<Record<string, string>>;
  readonly simulate?: boolean;
  /** Companies, organizations and people; default the cast alone. */
  readonly data?: Dataset;
  /** false = do not sync before the test begins. */
  readonly synced?: boolean;
  /** Deliver no webhooks by itself: the test posts them. */
  readonly silentDesk?: boolean;
}

export interface World {
  readonly desk: ZendeskSandbox;
  readonly crm: HubspotSandbox;
  readonly service: Service;
  readonly clock: DemoClock;
  readonly policy: Policy;
  readonly data: Dataset;
  readonly secret: string;
  readonly env: Readonly<Record<string, string>>;
  /** The organization, a verified person of it and the record id of the company that plays `role`. */
  readonly customer: (role: string) => {
    readonly organizationId: string;
    readonly email: string;
    readonly companyId: string;
  };
  /** Waits until the newest decision of a ticket is settled and, when an SLA was promised, read back. */
  readonly settled: (ticketId: string) => Promise<DecisionRecord>;
  /** Waits until `look` finds something; polls, for at most 25 s. */
  readonly until: <T>(what: string, look: () => Promise<T | null>) => Promise<T>;
  /** Waits until the help desk has refused us (401). */
  readonly refused: () => Promise<void>;
  /** Waits until nothing is pending any more. */
  readonly quiet: () => Promise<void>;
  /** Posts a body to the Zendesk door, signed unless told otherwise. */
  readonly post: (
    body: string,
    change?: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly at?: number;
      readonly secret?: string;
    },
  ) => Promise<Response>;
  /** Stops the service and starts it again on the same store. */
  readonly restart: (env?: Readonly<Record<string, string>>) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Builds the installation; `close()` it at the end of the test. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "world-"));
  const policyFile = join(folder, "policy.yaml");
  writeFileSync(policyFile, (options.policy ?? ((text: string) => text))(demoPolicyText()));
  const { policy } = loadPolicy(policyFile);
  const clock = demoClock(TUESDAY);
  const data = options.data ?? dataset({ seed: 7, asOf: clock.now(), companies: 0 });
  const secret = randomBytes(24).toString("base64url");
  const port = await freePort();
  const endpoint =
    options.silentDesk === true ? "http://127.0.0.1:9/nobody" : `http://127.0.0.1:${port}/webhooks/zendesk`;
  const desk = await startZendeskSandbox({
    now: clock.now,
    seed: deskSeed(policy, data, endpoint, secret),
    ...options.desk,
  });
  const crm = await startHubspotSandbox({
    companies: data.companies,
    owners: data.owners,
    now: clock.now,
    ...options.crm,
  });
  const env: Record<string, string> = {
    POLICY_FILE: policyFile,
    DATABASE_URL: `sqlite:${join(folder, "service.db")}`,
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ZENDESK_URL: desk.url,
    ZENDESK_EMAIL: desk.agentEmail,
    ZENDESK_API_TOKEN: desk.apiToken,
    ZENDESK_WEBHOOK_SECRET: secret,
    HUBSPOT_URL: crm.url,
    HUBSPOT_ACCESS_TOKEN: crm.token,
    ...options.env,
  };
  const start = (more: Readonly<Record<string, string>> = {}): Promise<Service> =>
    startService(readConfig({ ...env, ...more }, connectorSettings), {
      simulate: options.simulate === true,
      setup: false,
      clock,
      log: silent,
      syncEveryMs: 0,
    });
  const running = { service: await start() };
  clock.advanceTo(clock.now() + 61_000);
  if (options.synced !== false) await running.service.sync("full");
  const store = () => running.service.store;
  return {
    desk,
    crm,
    get service() {
      return running.service;
    },
    clock,
    policy,
    data,
    secret,
    env,
    customer: (role) => customerOf(data, desk, role),
    settled: (ticketId) =>
      until(clock, `ticket ${ticketId} to be settled`, async () => {
        const [newest] = await store().ledger.decisionsOf(ticketId);
        if (newest === undefined || newest.state === "intended") return null;
        const verified =
          newest.verification !== null || newest.decision.action === "skip" || newest.state === "simulated";
        return verified ? newest : null;
      }),
    until: (what, look) => until(clock, what, look),
    refused: async () => {
      await until(clock, "a refusal", async () => (desk.journal.some((e) => e.status === 401) ? true : null));
    },
    quiet: () =>
      until(clock, "the inbox to be empty", async () => {
        await desk.drain();
        return (await store().inbox.backlog()).pending === 0 ? true : null;
      }).then(() => undefined),
    post: (body, change = {}) =>
      post(
        `${running.service.url}/webhooks/zendesk`,
        body,
        change.secret ?? secret,
        change.at ?? clock.now(),
        change.headers ?? {},
      ),
    restart: async (more) => {
      await running.service.stop();
      running.service = await start(more);
    },
    close: async () => {
      await running.service.stop();
      await Promise.all([desk.close(), crm.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function customerOf(data: Dataset, desk: ZendeskSandbox, role: string): ReturnType<World["customer"]> {
  const company = data.companies.find((c) => c.role === role);
  const organization = data.organizations.find((o) => o.companyId === company?.id);
  const person = data.users.find((u) => u.organization === organization?.key && u.verified && !u.vip);
  const record = [...desk.state.organizations.values()].find((o) => o.name === organization?.name);
  if (company === undefined || person === undefined || record === undefined)
    throw new Error(`nobody plays ${role}`);
  return { organizationId: record.id, email: person.email, companyId: company.id };
}

async function until<T>(clock: DemoClock, what: string, look: () => Promise<T | null>): Promise<T> {
  for (let waited = 0; waited < 25_000; waited += 20) {
    const found = await look();
    if (found !== null) return found;
    await clock.sleep(20);
  }
  throw new Error(`waited 25 s for ${what}`);
}

function post(
  url: string,
  body: string,
  secret: string,
  at: number,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const timestamp = `${new Date(at).toISOString().slice(0, 19)}Z`;
  const signature = createHmac("sha256", secret)
    .update(timestamp + body)
    .digest("base64");
  return fetch(url, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-zendesk-webhook-signature": signature,
      "x-zendesk-webhook-signature-timestamp": timestamp,
      ...headers,
    },
  });
}
