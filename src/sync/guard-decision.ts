/** A person decides about what the brake holds: all of a run is accepted, or refused and remembered. */
import { randomUUID } from "node:crypto";
import { NeedsAdmin } from "../errors.ts";
import type { Clock, SetAside, Store, WaitingRun } from "../ports.ts";
import { accept } from "./guard-accept.ts";

export interface DecisionPorts {
  readonly store: Store;
  readonly clock: Clock;
  /** How long to wait for a running sync, ms. */
  readonly patienceMs: number;
}

/** What was decided about, record by record. */
export interface DecidedRun {
  readonly run: WaitingRun;
  readonly rows: readonly SetAside[];
}

const LEASE_MS = 120_000;
const POLL_MS = 250;
const CHUNK = 500;

/** The run with this id, or the only one whose id begins so (at least six characters); null = none waits. */
export async function waitingRun(store: Store, id: string): Promise<WaitingRun | null> {
  const runs = await store.guard.waiting();
  const exact = runs.find((run) => run.runId === id);
  if (exact !== undefined || id.length < 6) return exact ?? null;
  const alike = runs.filter((run) => run.runId.startsWith(id));
  return alike.length === 1 ? (alike[0] ?? null) : null;
}

/**
 * Accepts what waits under a run. The accounts are marked: the next sync carries them outward.
 *
 * @throws NeedsAdmin a sync runs for longer than `patienceMs`.
 */
export async function approveRun(ports: DecisionPorts, run: WaitingRun, by: string): Promise<DecidedRun> {
  const { store, clock } = ports;
  return undisturbed(ports, run, async () => {
    const rows = await store.guard.heldBy(run.runId);
    const facts = rows.flatMap((row) => (row.facts === null ? [] : [row.facts]));
    const brake = { store, source: run.source };
    for (let i = 0; i < facts.length; i += CHUNK) await accept(brake, facts.slice(i, i + CHUNK), []);
    const gone = rows.filter((row) => row.facts === null);
    await markGone(store, run.source, gone);
    await store.guard.decide(run.runId, "approved", by, clock.now());
    // A record that is gone needs no memory: it is marked.
    await store.guard.drop(gone.map((row) => row.accountId));
    return { run, rows };
  });
}

/**
 * Refuses what waits under a run: the accepted facts stay, and the same facts are not asked about again until the record
 * changes in the CRM.
 *
 * @throws NeedsAdmin a sync runs for longer than `patienceMs`.
 */
export async function rejectRun(ports: DecisionPorts, run: WaitingRun, by: string): Promise<DecidedRun> {
  const { store, clock } = ports;
  return undisturbed(ports, run, async () => {
    const rows = await store.guard.heldBy(run.runId);
    await store.guard.decide(run.runId, "rejected", by, clock.now());
    return { run, rows };
  });
}

/** Each record is gone since the day it was missed: its lapse grace runs from then. */
async function markGone(store: Store, source: string, rows: readonly SetAside[]): Promise<void> {
  const days = new Set(rows.flatMap((row) => (row.goneOn === null ? [] : [row.goneOn])));
  for (const day of days) {
    const ids = rows.filter((row) => row.goneOn === day).map((row) => row.sourceId);
    for (let i = 0; i < ids.length; i += CHUNK) {
      const gone = await store.accounts.markGone(source, ids.slice(i, i + CHUNK), day);
      if (gone.length > 0) await store.accounts.markPending(await store.accounts.families(gone));
    }
  }
}

/** While no sync reads or judges the same records. */
async function undisturbed<T>(ports: DecisionPorts, run: WaitingRun, work: () => Promise<T>): Promise<T> {
  const { store, clock, patienceMs } = ports;
  const owner = randomUUID();
  const name = `sync:${run.source}`;
  for (let waited = 0; !(await store.register.lease(name, owner, LEASE_MS)); waited += POLL_MS) {
    if (waited >= patienceMs)
      throw new NeedsAdmin(`a sync of ${run.source} is running, nothing was decided`, {
        fix: "Wait until it has ended and run the command again.",
      });
    await clock.sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await store.register.releaseLease(name, owner);
  }
}
