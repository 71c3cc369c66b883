/** A help desk and a CRM that nobody has set anything up in, and the service as it is started along the way. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectorSettings } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { openSession } from "../../src/console/sessions.ts";
import { type DemoClock, demoClock } from "../../src/demo/demo-clock.ts";
import { demoPolicyText } from "../../src/demo/demo-policy.ts";
import { accountSeed } from "../../src/demo/desk-seed.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { silent } from "../../src/log.ts";
import { type Service, type ServiceOptions, startService } from "../../src/main.ts";
import { loadPolicy } from "../../src/policy-in-force.ts";
import type { ConsoleRole } from "../../src/ports.ts";
import { dataset } from "../../src/sandbox/dataset.ts";
import { type HubspotSandbox, startHubspotSandbox } from "../../src/sandbox/hubspot.ts";
import { startZendeskSandbox, type ZendeskSandbox } from "../../src/sandbox/zendesk.ts";
import { refusedSettings, withoutRefused } from "../../src/setting-states.ts";
import { TUESDAY } from "../flow/world.ts";
import { type Person, person } from "./world.ts";

/** Before the first step. */
export interface SetUpWorld {
  readonly desk: ZendeskSandbox;
  readonly crm: HubspotSandbox;
  readonly clock: DemoClock;
  readonly env: Readonly<Record<string, string>>;
  readonly secretFile: string;
  /** A verified person of a customer. */
  readonly customerEmail: string;
  /** Starts the service on the same store, after ending the one before; no policy file is named. */
  readonly start: (how?: Partial<ServiceOptions>, env?: Readonly<Record<string, string>>) => Promise<Service>;
  readonly as: (role: ConsoleRole) => Promise<Person>;
  readonly url: () => string;
  readonly close: () => Promise<void>;
}

/** Nothing runs yet; `close()` it at the end. */
export async function beforeSetUp(): Promise<SetUpWorld> {
  const folder = mkdtempSync(join(tmpdir(), "set-up-"));
  const clock = demoClock(TUESDAY);
  const data = dataset({ seed: 7, asOf: clock.now(), companies: 0 });
  const names = join(folder, "names.yaml");
  writeFileSync(names, demoPolicyText());
  const desk = await startZendeskSandbox({
    now: clock.now,
    seed: accountSeed(loadPolicy(names).policy, data),
    limits: { plan: 2_500 },
  });
  const crm = await startHubspotSandbox({
    companies: data.companies,
    owners: data.owners,
    now: clock.now,
  });
  const port = String(await freePort());
  const secretFile = join(folder, "webhook-secret");
  const env = {
    DATABASE_URL: `sqlite:${join(folder, "service.db")}`,
    PORT: port,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ZENDESK_URL: desk.url,
    ZENDESK_EMAIL: desk.agentEmail,
    ZENDESK_API_TOKEN: desk.apiToken,
    HUBSPOT_URL: crm.url,
    HUBSPOT_ACCESS_TOKEN: crm.token,
  };
  let service: Service | null = null;
  const running = (): Service => {
    if (service === null) throw new Error("no service was started");
    return service;
  };
  return {
    ...{ desk, crm, clock, env, secretFile },
    customerEmail: data.users.find((one) => one.verified && !one.vip)?.email ?? "",
    start: async (how = {}, more = {}) => {
      await service?.stop();
      const all = { ...env, ...more };
      const refused = how.setup === true ? refusedSettings(all, connectorSettings) : [];
      const config = readConfig(withoutRefused(all, refused), connectorSettings);
      const nowhere = { ...config, policyFile: join(folder, "policy.yaml") };
      const usual = { simulate: false, setup: false, clock, log: silent, syncEveryMs: 0 };
      service = await startService(nowhere, { ...usual, refused, ...how });
      return service;
    },
    as: async (role) => {
      const who = { email: `${role}@acme.example`, role, how: "link" } as const;
      const secret = await openSession(running().store.console.sessions, who, clock.now());
      return person(running().url, secret);
    },
    url: () => running().url,
    close: async () => {
      await service?.stop();
      await Promise.all([desk.close(), crm.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
