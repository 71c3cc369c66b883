/**
 * The main job on embedded defaults: sandbox CRM and help desk over real HTTP, the real service between them, a sync,
 * then tickets by signed webhook. Nothing here decides: it sets the stage, waits and reads the outcome.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SyncReport } from "../account-sync.ts";
import { connectorSettings } from "../assemble.ts";
import { readConfig } from "../config.ts";
import type { Log } from "../log.ts";
import { type Service, startService } from "../main.ts";
import type { Policy } from "../policy/model.ts";
import { loadPolicy } from "../policy-in-force.ts";
import { type Dataset, dataset } from "../sandbox/dataset.ts";
import { type HubspotSandbox, startHubspotSandbox } from "../sandbox/hubspot.ts";
import type { YearVersion } from "../sandbox/year.ts";
import { startZendeskSandbox, type ZendeskSandbox } from "../sandbox/zendesk.ts";
import { lastTuesdayMorning } from "./demo-clock.ts";
import { demoPolicyText } from "./demo-policy.ts";
import { accountSeed } from "./desk-seed.ts";
import { freePort } from "./free-port.ts";
import { type DemoResult, playScript } from "./live-tickets.ts";
import { type PlayedClock, playedClock } from "./played-clock.ts";
import { type SetUp, setUpDesk } from "./set-up.ts";
import { type Awaited, awaitedTickets } from "./verified-tickets.ts";
import { type YearCast, yearCast } from "./year-cast.ts";
import { DAYS_BEFORE, playYear, writtenBefore } from "./year-play.ts";
import { type YearReports, yearReports } from "./year-reports.ts";

/** A year to play before the live tickets. */
export interface Scenario {
  readonly version: YearVersion;
  /** Tickets of the year by tier, for a smaller one; null = enough for a verdict on everything. */
  readonly tickets: Readonly<Record<string, number>> | null;
}

export interface DemoOptions {
  readonly seed: number;
  readonly companies: number;
  readonly log: Log;
  readonly now: number;
  /** null = no history: the service has just been installed. */
  readonly scenario: Scenario | null;
  /** `done` counts objects and records; of the year it is the share that is over, 0 to 1. */
  readonly progress: (step: "setting up" | "year" | "reading" | "writing", done: number) => void;
  /** Each ticket as soon as it is settled and its SLA read back. */
  readonly onTicket: (ticket: DemoResult) => void;
}

export interface Demo {
  readonly service: Service;
  readonly policy: Policy;
  readonly desk: ZendeskSandbox;
  readonly crm: HubspotSandbox;
  /** What `apply` made of the bare desk. */
  readonly setUp: SetUp;
  readonly synced: SyncReport;
  readonly clock: PlayedClock;
  /** What the played year shows; null = none was played. */
  readonly reports: YearReports | null;
  /** Plays the script of live tickets. */
  readonly play: () => Promise<readonly DemoResult[]>;
  readonly stop: () => Promise<void>;
}

/** Sets the stage, plays the year where there is one, and runs the first sync of the demo's own customers. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), "priority-support-demo-"));
  const world = await openWorld(folder, options);
  const { desk, crm, clock, policy, data } = world;
  const { env, setUp } = await setUpWorld(folder, world, options);
  const awaited = awaitedTickets();
  const service = await startService(readConfig(env, connectorSettings), {
    simulate: false,
    setup: false,
    clock,
    log: options.log,
    syncEveryMs: 0,
    playedTime: clock.time,
    onVerified: (record) => awaited.verified(record.ticketId),
  });
  const stop = async (): Promise<void> => {
    await service.stop();
    await Promise.all([desk.close(), crm.close()]);
    rmSync(folder, { recursive: true, force: true });
  };
  const past = await begun(world, service, awaited, options).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const { onTicket } = options;
  const play = () => playScript({ service, policy, desk, clock, data, onTicket });
  return { service, policy, desk, crm, setUp, ...past, clock, stop, play };
}

/** The year where there is one, then the first sync of the demo's own customers. */
async function begun(
  world: World,
  service: Service,
  awaited: Awaited,
  options: DemoOptions,
): Promise<Pick<Demo, "reports" | "synced">> {
  const { cast, clock } = world;
  // The organizations were made "just now"; the desk's export leaves out the last minute.
  clock.advanceTo(clock.now() + 61_000);
  const reports = cast === null ? null : await playHistory(world, cast, service, awaited, options);
  const synced = await service.sync("full", options.progress);
  if (synced === null) throw new Error("the demo's policy maps no CRM");
  // From now on a ticket that nobody tells us of is found.
  await service.upkeep.sweep();
  return { reports, synced };
}

interface World {
  readonly policy: Policy;
  readonly policyFile: string;
  readonly clock: PlayedClock;
  readonly data: Dataset;
  readonly cast: YearCast | null;
  readonly desk: ZendeskSandbox;
  readonly crm: HubspotSandbox;
}

/** Both sandboxes, before anybody installs anything. */
async function openWorld(folder: string, options: DemoOptions): Promise<World> {
  const policyFile = join(folder, "policy.yaml");
  const { timezone } = loadDemoPolicy(policyFile, null);
  const today = lastTuesdayMorning(options.now, timezone);
  const { scenario } = options;
  const cast = scenario === null ? null : yearCast(scenario.version, today, timezone, scenario.tickets);
  const policy = loadDemoPolicy(policyFile, cast?.firstDay ?? null);
  const clock = playedClock(cast === null ? today : cast.plan.begin - DAYS_BEFORE * 86_400_000);
  const data = dataset({ seed: options.seed, asOf: today, companies: options.companies });
  const everybody = {
    ...data,
    organizations: [...data.organizations, ...(cast?.customers ?? []).map((one) => one.organization)],
    users: [...data.users, ...(cast?.customers ?? []).flatMap((one) => one.users)],
  };
  const desk = await startZendeskSandbox({ now: clock.now, seed: accountSeed(policy, everybody) });
  const companies = cast === null ? data.companies : cast.customers.map((one) => one.company);
  const crm = await startHubspotSandbox({ companies, owners: data.owners, now: clock.now });
  return { policy, policyFile, clock, data, cast, desk, crm };
}

function loadDemoPolicy(path: string, effectiveFrom: string | null): Policy {
  writeFileSync(path, demoPolicyText(effectiveFrom));
  return loadPolicy(path).policy;
}

/** Installs the service's objects in the desk; the environment it then runs in. */
async function setUpWorld(
  folder: string,
  world: World,
  options: DemoOptions,
): Promise<{ readonly env: Readonly<Record<string, string>>; readonly setUp: SetUp }> {
  const { desk, crm, clock, cast } = world;
  if (cast !== null) writtenBefore({ ...world, cast });
  const port = await freePort();
  const env = {
    POLICY_FILE: world.policyFile,
    DATABASE_URL: `sqlite:${join(folder, "demo.db")}`,
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ZENDESK_URL: desk.url,
    ZENDESK_EMAIL: desk.agentEmail,
    ZENDESK_API_TOKEN: desk.apiToken,
    HUBSPOT_URL: crm.url,
    HUBSPOT_ACCESS_TOKEN: crm.token,
  };
  const setUp = await setUpDesk(env, clock, (done) => options.progress("setting up", done));
  return { env: { ...env, ZENDESK_WEBHOOK_SECRET: setUp.secret }, setUp };
}

/** The year, with customers of its own, and what it shows; those of the live script are won when it is over. */
async function playHistory(
  world: World,
  cast: YearCast,
  service: Service,
  awaited: Awaited,
  options: DemoOptions,
): Promise<YearReports> {
  await service.sync("full");
  await service.upkeep.sweep();
  const progress = (share: number): void => options.progress("year", share);
  await playYear({ ...world, cast, service, verified: awaited.wait, progress });
  const reports = await yearReports(service.store, world.policy, cast.plan, world.clock.now());
  for (const { id, properties } of world.data.companies) world.crm.addCompany({ id, properties });
  world.clock.advanceTo(world.clock.now() + 61_000);
  return reports;
}
