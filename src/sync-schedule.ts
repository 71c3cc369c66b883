/** CRM syncs one after another: on a timer, on hints, when asked; everything once a night. */
import { type SyncReport, type SyncScope, syncAccounts } from "./account-sync.ts";
import { alertOnce, alertOver, changesHeld, syncFailed } from "./alerts.ts";
import { NeedsAdmin, Paused } from "./errors.ts";
import { errorFields, type Log, shownReason } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { CrmMapping } from "./policy/model.ts";
import type { CurrentPolicy } from "./policy-in-force.ts";
import type { Clock, Crm, Desk, Notifier, Store } from "./ports.ts";
import { localDay } from "./sync/intake.ts";
import type { OtherSource } from "./sync/other-source.ts";

/** When the last sync worked, and what stopped the one after it. */
export interface SyncState {
  readonly at: number | null;
  readonly error: string | null;
}

export interface SyncParts {
  readonly store: Store;
  readonly desk: Desk;
  /** null = the policy maps no CRM: nothing is ever synced. */
  readonly crm: {
    readonly port: Crm;
    readonly mapping: CrmMapping;
    /** Sources that fill in facts of the same accounts; left out = none. */
    readonly others?: readonly OtherSource[];
  } | null;
  readonly policy: CurrentPolicy;
  readonly simulating: () => Promise<boolean>;
  /** true = read, but write nothing outside at present; left out = never. */
  readonly paused?: () => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Who is told of lasting trouble; null = nobody. */
  readonly notifier: Notifier | null;
  /** An upstream refused us: a rotated secret may lie ready. */
  readonly refused: () => void;
  /** ms between syncs; 0 = only when asked. */
  readonly everyMs: number;
}

export type Progress = (step: "reading" | "writing", done: number) => void;

export interface Syncs {
  /** Queues one sync; null = there is no CRM, or we are stopping. */
  readonly run: (scope: SyncScope, progress?: Progress) => Promise<SyncReport | null>;
  /** null = there is no CRM. */
  readonly state: () => SyncState | null;
  /** Cuts the running sync at its next page and waits for it. */
  readonly stop: () => Promise<void>;
}

/** Starts the timer; syncs never overlap. */
export function startSyncs(parts: SyncParts): Syncs {
  const stopping = new AbortController();
  const started = parts.clock.now();
  let state: SyncState = { at: null, error: null };
  let queue: Promise<unknown> = Promise.resolve();
  const once = async (scope: SyncScope, progress: Progress): Promise<SyncReport | null> => {
    if (parts.crm === null || stopping.signal.aborted) return null;
    try {
      const report = await syncNow(parts, parts.crm, scope, progress, stopping.signal);
      state = { at: parts.clock.now(), error: null };
      await tellOfSuccess(parts, report, parts.crm.port.name);
      return report;
    } catch (error) {
      if (error instanceof Paused && error.fix !== null) parts.refused();
      state = { at: state.at, error: shownReason(error) };
      parts.metrics.synced(parts.crm.port.name, 0, false);
      parts.log.error(errorFields(error), "CRM sync failed");
      await tellOfFailure(parts, parts.crm.port.name, error, state.at ?? started);
      throw error;
    }
  };
  const run: Syncs["run"] = (scope, progress = () => {}) => {
    const next = queue.then(() => once(scope, progress));
    queue = next.catch(() => null);
    return next;
  };
  const timer =
    parts.crm === null || parts.everyMs === 0 ? Promise.resolve() : everySoOften(parts, run, stopping.signal);
  const stop = async (): Promise<void> => {
    stopping.abort();
    await Promise.all([timer, queue]);
  };
  return { run, state: () => (parts.crm === null ? null : state), stop };
}

/** A CRM that hiccups is no news; one that has been silent this long is. */
const SILENCE_MS = 30 * 60_000;

/** Tells people when they must act, or when the CRM has been silent for long; never while simulating. */
async function tellOfFailure(
  parts: SyncParts,
  source: string,
  error: unknown,
  lastSuccess: number,
): Promise<void> {
  const { store, clock, log, notifier } = parts;
  const lasting = error instanceof NeedsAdmin || clock.now() - lastSuccess > SILENCE_MS;
  if (!lasting || (await parts.simulating())) return;
  const { message, fix } = errorFields(error);
  await alertOnce(
    { notifier, register: store.register, clock, log },
    syncFailed(source, message, fix ?? null),
  );
}

async function tellOfSuccess(parts: SyncParts, report: SyncReport, source: string): Promise<void> {
  const { store, clock, log, notifier } = parts;
  await alertOver(store.register, syncFailed(source, "", null).key);
  if (report.held === null || (await parts.simulating())) return;
  await alertOnce({ notifier, register: store.register, clock, log }, changesHeld(report.runId, report.held));
}

async function syncNow(
  parts: SyncParts,
  crm: NonNullable<SyncParts["crm"]>,
  scope: SyncScope,
  progress: Progress,
  signal: AbortSignal,
): Promise<SyncReport> {
  await parts.policy.refresh();
  const { store, desk, clock, log } = parts;
  const simulating = await parts.simulating();
  // A run that began live stops where simulation begins, as it does at a pause.
  const paused = async (): Promise<boolean> =>
    (await parts.paused?.()) === true || (!simulating && (await parts.simulating()));
  const ports = {
    crm: crm.port,
    mapping: crm.mapping,
    ...(crm.others === undefined ? {} : { others: crm.others }),
    desk,
    store,
    clock,
    log,
    policy: parts.policy.policy(),
    simulating,
    paused,
    progress,
  };
  const report = await syncAccounts(ports, scope, signal);
  parts.metrics.synced(crm.port.name, clock.now() / 1000, true);
  return report;
}

/** Changed accounts every so often, and everything once a night. */
async function everySoOften(parts: SyncParts, run: Syncs["run"], signal: AbortSignal): Promise<void> {
  const { clock, store } = parts;
  while (!signal.aborted) {
    try {
      const today = localDay(parts.policy.policy(), clock.now());
      const full = (await store.register.cursor("full")) !== today;
      const report = await run(full ? "full" : "changed");
      if (full && report !== null && !report.busy) await store.register.setCursor("full", today);
    } catch {
      // Logged and counted where it happened; the next round tries again.
    }
    await clock.sleep(parts.everyMs, signal);
  }
}
