/** One running process: the product's own worker, burst, verifier, syncs and sweep on simulated ports. */

import type { Log } from "../../src/log.ts";
import { silent } from "../../src/log.ts";
import { agentFinder, laneFinder, leftBehind, unverified } from "../../src/lookups.ts";
import type { Metrics } from "../../src/metrics.ts";
import type { Policy } from "../../src/policy/model.ts";
import type { Claim, Clock, Crm, Desk, NewDelivery, Store } from "../../src/ports.ts";
import { startRounds } from "../../src/rounds.ts";
import { openSweep, type Sweep } from "../../src/sweep.ts";
import { pausedSince } from "../../src/switches.ts";
import { type Syncs, startSyncs } from "../../src/sync-schedule.ts";
import { burstFor } from "../../src/ticket-burst.ts";
import { settleTicket } from "../../src/ticket-decision.ts";
import { startVerifier } from "../../src/ticket-verify.ts";
import { startWorker, type Worker, workerDefaults } from "../../src/ticket-worker.ts";
import { delayMs } from "../../src/webhooks.ts";
import { mappingOf } from "./installation.ts";
import type { Life } from "./simulation.ts";

/** What a process is made of; a test may put something broken in its place. */
export interface InstancePorts {
  readonly store: Store;
  readonly desk: Desk;
  readonly crm: Crm;
  readonly clock: Clock;
}

export interface InstanceOptions extends InstancePorts {
  readonly life: Life;
  readonly policy: () => Policy;
  /** In [0, 1). */
  readonly jitter: () => number;
  /** ms between CRM syncs; 0 = only when asked. */
  readonly syncEveryMs: number;
  readonly metrics: Metrics;
}

export interface Instance {
  readonly life: Life;
  readonly worker: Worker;
  readonly syncs: Syncs;
  readonly sweep: Sweep;
  readonly clock: Clock;
  readonly store: Store;
  /** A genuine webhook has come in: resolves when it is acknowledged, rejects when it is not. */
  readonly webhook: (delivery: NewDelivery) => Promise<"stored" | "repeat">;
}

/** Few and slow enough that idle looks do not crowd out what matters. */
const WORKER = { ...workerDefaults, concurrency: 2, idleMs: 10_000 };
const SWEEP_EVERY_MS = 60_000;
const LOOK_EVERY_MS = 600_000;
const GATHER_MS = 250;
/** Small, so that a handful of tickets is a burst. */
const BURST = { begin: 2, rest: 2 };

const quiet = (): void => {};

const log: Log = silent;

/** Starts a process; it works until its life ends. */
export function startInstance(options: InstanceOptions): Instance {
  const { life, store, desk, crm, clock, policy, metrics } = options;
  const simulating = async (): Promise<boolean> => (await store.register.setting("mode")) === "simulate";
  const paused = async (): Promise<boolean> => (await pausedSince(store.register)) !== null;
  const shared = { clock, log, metrics };
  const left = leftBehind(store, clock, `verifier-${life.name}`, LOOK_EVERY_MS);
  const verifier = startVerifier(
    { ...shared, desk, ledger: store.ledger, policy, verified: quiet, leftBehind: left },
    { gatherMs: GATHER_MS, lookEveryMs: LOOK_EVERY_MS },
  );
  unverified(store, clock).then(
    (left) => left.forEach(verifier.add),
    () => {},
  );
  const syncs = startSyncs({
    ...shared,
    store,
    desk,
    crm: { port: crm, mapping: mappingOf(policy()) },
    policy: { policy, refresh: async () => {} },
    simulating,
    paused,
    notifier: null,
    refused: quiet,
    everyMs: options.syncEveryMs,
  });
  const tickets = {
    ...shared,
    desk,
    store,
    agentId: agentFinder(desk.agentByEmail, clock),
    policy,
    simulating,
    paused,
    verify: verifier.add,
    leaseMs: WORKER.leaseMs,
  };
  const ports = { ...shared, inbox: store.inbox, jitter: options.jitter, refused: quiet };
  const ticket = (claim: Claim) => settleTicket(tickets, claim);
  const accounts = async (ids: readonly string[]) => (await syncs.run(ids))?.busy !== true;
  const worker = startWorker(
    { ...ports, accounts, ticket, burst: burstFor({ ...ports, tickets }, BURST) },
    WORKER,
  );
  const laneOf = laneFinder(policy);
  const sweep = openSweep(
    { desk, store, clock, log, simulating, laneOf, found: () => worker.wake() },
    `upkeep-${life.name}`,
  );
  startRounds(sweep.once, { clock, everyMs: SWEEP_EVERY_MS, firstAfterMs: 0 });
  const webhook = async (delivery: NewDelivery): Promise<"stored" | "repeat"> => {
    const lane = laneOf(delivery);
    const delay = delayMs(delivery, clock.now());
    const result = await store.inbox.accept(delivery, lane, delay);
    if (result === "stored") worker.wake(delay);
    return result;
  };
  return { life, worker, syncs, sweep, clock, store, webhook };
}
