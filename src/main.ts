/**
 * The running service: server, workers and CRM sync around one store. Starts in order, stops in order.
 *
 * Two services in one process do not know of each other: all state is in the store or in what `startService` returns.
 */

import type { RequestListener } from "node:http";
import type { SyncReport, SyncScope } from "./account-sync.ts";
import { deskSettings, openCrm, openDesk, webhookSources } from "./assemble.ts";
import type { Config } from "./config.ts";
import { ConfigProblem } from "./errors.ts";
import { application, type Listening, listen } from "./http-server.ts";
import { errorFields, type Log } from "./log.ts";
import { agentFinder, laneFinder, unverified } from "./lookups.ts";
import { alarmOf } from "./main-alarm.ts";
import { consoleFor, refuseHalfSignIn } from "./main-console.ts";
import { clockWatchOf, showHealth } from "./main-health.ts";
import { pacingFor } from "./main-pacing.ts";
import { peopleFor, refuseHalfMail, troubleFor } from "./main-people.ts";
import { refuseUnsafe, smallestPolicy } from "./main-refusals.ts";
import { startUpkeep, type Upkeep } from "./main-upkeep.ts";
import { type OpenVerifier, openVerifier } from "./main-verifier.ts";
import { type Metrics, openMetrics } from "./metrics.ts";
import type { PacerTime } from "./pacing/time.ts";
import type { Policy } from "./policy/model.ts";
import { type CurrentPolicy, policyInForce, policyOfTheDay } from "./policy-in-force.ts";
import type { Claim, Clock, DecisionRecord, PolicyVersions, Store, Verification } from "./ports.ts";
import { dependenciesOf } from "./readiness.ts";
import type { RefusedSetting } from "./setting-states.ts";
import { openStore } from "./store/open.ts";
import { pausedSince } from "./switches.ts";
import { type Progress, type Syncs, startSyncs } from "./sync-schedule.ts";
import { burstFor } from "./ticket-burst.ts";
import { settleTicket, type TicketPorts } from "./ticket-decision.ts";
import { startWorker, type Worker, type WorkerPorts, workerDefaults } from "./ticket-worker.ts";
import { webhookRoutes } from "./webhooks.ts";

export interface ServiceOptions {
  /** Decide and record, write nothing outside. */
  readonly simulate: boolean;
  /** Loopback only, no webhooks, no writes: for setting things up before there is a secret. */
  readonly setup: boolean;
  /** Settings that are there and cannot be used; set-up shows them. Left out = none. */
  readonly refused?: readonly RefusedSetting[];
  readonly clock: Clock;
  readonly log: Log;
  /** ms between CRM syncs; 0 = only when asked. */
  readonly syncEveryMs: number;
  /** ms between sweeps for tickets without a webhook, with all other upkeep; left out or 0 = only when asked. */
  readonly sweepEveryMs?: number;
  /** ms that settled tickets wait to be read back together; left out = a quarter of a second. */
  readonly verifyAfterMs?: number;
  readonly onVerified?: (record: DecisionRecord, verification: Verification) => void;
  /** Time is played by `clock`: the store goes by it too, and budgets by these ticks; left out = by the machine's own. */
  readonly playedTime?: PacerTime;
}

export interface Service {
  readonly url: string;
  readonly store: Store;
  readonly policy: () => Policy;
  /** One CRM sync now; null = the policy maps no CRM. */
  readonly sync: (scope: SyncScope, progress?: Progress) => Promise<SyncReport | null>;
  /** Upkeep when asked: sweep, look at the webhook, clean up. */
  readonly upkeep: Pick<Upkeep, "sweep" | "watch" | "cleanUp" | "reEvaluate" | "ingest" | "tell">;
  /** One look now at which SLA policies the help desk says it applied. */
  readonly confirm: OpenVerifier["confirm"];
  readonly calls: () => Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Stops taking, finishes what is under way (at most `graceMs` for requests), closes the store. */
  readonly stop: () => Promise<void>;
}

const GRACE_MS = 5_000;

/** Settings that `serve` cannot do without. */
export const serveSettings: readonly string[] = [...deskSettings, "ZENDESK_WEBHOOK_SECRET"];

/** Starts everything. @throws ConfigProblem before anything listens, with every problem at once. */
export async function startService(config: Config, options: ServiceOptions): Promise<Service> {
  refuseUnsafe(config, options);
  refuseHalfSignIn(config);
  refuseHalfMail(config);
  const { clock, log } = options;
  const warn = (message: string): void => log.warn({}, message);
  const played = options.playedTime === undefined ? {} : { now: clock.now };
  const store = await openStore(config.databaseUrl, { warn, lookThrough: true, ...played });
  const { policyFile } = config;
  const [published, first] = [publishedOf(config, store), smallestPolicy(options)];
  try {
    const policy = await policyInForce(policyFile, store.register, log, clock.now(), published, first);
    return await assemble(config, options, store, policy);
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Versions published from the console decide only where no file was named. */
function publishedOf(config: Config, store: Store): PolicyVersions | null {
  return config.policyFileExplicit ? null : store.console.policies;
}

interface Running {
  readonly store: Store;
  readonly metrics: Metrics;
  readonly current: CurrentPolicy;
  readonly desk: ReturnType<typeof openDesk>;
  readonly crm: ReturnType<typeof openCrm>;
  readonly verifier: OpenVerifier;
  readonly syncs: Syncs;
  readonly worker: Worker;
  readonly upkeep: Upkeep;
  readonly simulating: () => Promise<boolean>;
}

async function assemble(
  config: Config,
  options: ServiceOptions,
  store: Store,
  policy: Policy,
): Promise<Service> {
  const { clock, log } = options;
  const sources = webhookSources(config, policy, clock);
  const running = startRunning(config, options, store, policy);
  const { metrics, current, desk, crm, syncs, worker, upkeep } = running;
  for (const record of await unverified(store, clock)) running.verifier.add(record);
  showHealth({ ...running, clock });
  const closed = options.setup ? "Set-up mode: webhooks are not accepted yet." : null;
  const clocks = clockWatchOf(config, store, clock, log);
  const webhooks = webhookRoutes({
    sources,
    inbox: store.inbox,
    laneOf: laneFinder(current.policy),
    closed,
    clock,
    log,
    metrics,
    stored: worker.wake,
    timed: clocks.seen,
  });
  const dependencies = async () => [
    ...(await dependenciesOf(store, desk.blockedUntil, syncs.state, clock)),
    ...(await upkeep.dependencies()),
  ];
  const people = consoleFor(config, { ...options, ...running, connectedWith: policy, dependencies });
  const app = application({
    webhooks,
    routes: [people.router],
    log,
    metrics,
    metricsToken: () => config.secret("METRICS_TOKEN"),
    dependencies,
  });
  const server = await listenOrStop(app, config, running);
  log.info({ url: server.url, store: store.kind, policy: policy.version }, "listening");
  const calls: Service["calls"] = () => ({
    [desk.port.name]: desk.port.calls(),
    ...(crm === null ? {} : { [crm.port.name]: crm.port.calls() }),
  });
  const stop = async (): Promise<void> => {
    await people.stop();
    await server.stop(GRACE_MS);
    await stopRunning(running);
    await clocks.idle();
    await store.close();
  };
  const { confirm } = running.verifier;
  return { url: server.url, store, policy: current.policy, sync: syncs.run, upkeep, confirm, calls, stop };
}

/** Workers on the store's tickets, for a verb that waits for its own. */
export interface Work {
  readonly stop: () => Promise<void>;
}

/** Starts them beside whatever else works on the store: who claims a ticket first has it. */
export function startWork(
  config: Config,
  around: { readonly clock: Clock; readonly log: Log },
  store: Store,
  policy: Policy,
): Work {
  const nothingElse = { simulate: false, setup: false, syncEveryMs: 0, sweepEveryMs: 0 };
  const running = startRunning(config, { ...around, ...nothingElse }, store, policy);
  return { stop: () => stopRunning(running) };
}

/** Connects everything that works in the background, and starts it. */
function startRunning(config: Config, options: ServiceOptions, store: Store, policy: Policy): Running {
  const { clock, log } = options;
  const metrics = openMetrics();
  const current = currentFor(config, options, store, policy);
  const pacing = pacingFor(config, store, clock, log, options.playedTime ?? null);
  const desk = openDesk(config, policy, clock, pacing);
  const crm = openCrm(config, policy, clock, pacing);
  const simulating = async (): Promise<boolean> =>
    options.simulate || options.setup || (await store.register.setting("mode")) === "simulate";
  const paused = async (): Promise<boolean> => (await pausedSince(store.register)) !== null;
  const verifier = openVerifier({
    ...{ store, clock, log, metrics, desk: desk.port, policy: current.policy },
    gatherMs: options.verifyAfterMs ?? null,
    // Like all upkeep, only where the service looks around by itself.
    looking: (options.sweepEveryMs ?? 0) > 0,
    insight: desk.insight,
    mayWrite: async () => !(await simulating()) && !(await paused()),
    verified: options.onVerified ?? (() => {}),
  });
  const trouble = troubleFor(config, { store, policy: current.policy, simulating, clock });
  const syncs = startSyncs({
    store,
    desk: desk.port,
    crm,
    policy: current,
    simulating,
    paused,
    clock,
    log,
    metrics,
    everyMs: options.syncEveryMs,
    notifier: trouble,
    refused: config.rereadSecrets,
  });
  const agentId = agentFinder(desk.port.agentByEmail, clock);
  const ticketPorts = {
    ...{ desk: desk.port, store, agentId, clock, log },
    policy: current.policy,
    simulating,
    paused,
    tell: alarmOf(config, options, store, simulating).raise,
    verify: verifier.add,
    leaseMs: workerDefaults.leaseMs,
  };
  const ports = {
    inbox: store.inbox,
    clock,
    log,
    metrics,
    jitter: Math.random,
    refused: config.rereadSecrets,
  };
  const accounts = async (ids: readonly string[]) => (await syncs.run(ids))?.busy !== true;
  const worker = workerFor({ ...ports, accounts }, ticketPorts);
  const running = { store, metrics, current, desk, crm, verifier, syncs, worker, simulating };
  return { ...running, upkeep: upkeepOf(config, options, running, simulating) };
}

function currentFor(config: Config, options: ServiceOptions, store: Store, policy: Policy): CurrentPolicy {
  const { clock, log } = options;
  const [published, first] = [publishedOf(config, store), smallestPolicy(options)];
  return policyOfTheDay(config.policyFile, store.register, log, clock.now, policy, published, first);
}

/** Tickets one by one, and beside that many together when many wait. */
function workerFor(ports: Omit<WorkerPorts, "ticket" | "burst">, tickets: TicketPorts): Worker {
  const ticket = (claim: Claim) => settleTicket(tickets, claim);
  return startWorker({ ...ports, ticket, burst: burstFor({ ...ports, tickets }) });
}

/** Off in set-up mode: it would call a desk that is not set up yet. */
function upkeepOf(
  config: Config,
  options: ServiceOptions,
  { store, metrics, current, desk, worker }: Omit<Running, "upkeep">,
  simulating: () => Promise<boolean>,
): Upkeep {
  const { clock, log } = options;
  const policy = current.policy;
  return startUpkeep({
    ...{ store, desk: desk.port, insight: desk.insight, policy, simulating, clock, log, metrics },
    publicUrl: config.publicUrl,
    alarm: alarmOf(config, options, store, simulating),
    laneOf: laneFinder(policy),
    wake: worker.wake,
    people: peopleFor(config, { store, desk: desk.port, policy, simulating, clock, log, metrics }),
    everyMs: options.setup ? 0 : (options.sweepEveryMs ?? 0),
  });
}

async function stopRunning({ worker, syncs, verifier, desk, crm, upkeep }: Running): Promise<void> {
  await upkeep.stop();
  await worker.stop();
  await syncs.stop();
  await verifier.stop();
  await Promise.all([desk.stop(), crm?.stop()]);
}

/** A port that is taken must not leave workers behind that nobody can stop. */
async function listenOrStop(app: RequestListener, config: Config, running: Running): Promise<Listening> {
  try {
    return await listen(app, config.host, config.port);
  } catch (cause) {
    await stopRunning(running);
    const fix = "Stop what listens there, or set HOST and PORT to a free address.";
    throw new ConfigProblem([
      { what: `${config.host}:${config.port} cannot be listened on: ${errorFields(cause).message}`, fix },
    ]);
  }
}
