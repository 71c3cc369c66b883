/** What a running service does beside its work: sweep for missed tickets, watch the way in, clean up. */
import { randomUUID } from "node:crypto";
import type { Alarm } from "./alerts.ts";
import { cleanUp } from "./clean-up.ts";
import type { Dependency } from "./http-server.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { markTurning } from "./overrides.ts";
import type { PeopleWatch } from "./people/watch.ts";
import type { Policy } from "./policy/model.ts";
import type { Clock, Desk, DeskInsight, LaneChoice, NewDelivery, Store } from "./ports.ts";
import { reEvaluate } from "./re-evaluation.ts";
import { type IngestReport, openIngestion } from "./report/ingest.ts";
import { startRounds } from "./rounds.ts";
import { openSweep, type Sweep, type SweepReport } from "./sweep.ts";
import { pausedSince } from "./switches.ts";
import { openWatchdog, type Watchdog } from "./watchdog.ts";

export interface UpkeepParts {
  readonly store: Store;
  readonly desk: Desk;
  /** The desk's exports of tickets and clock events, for reports. */
  readonly insight: DeskInsight;
  readonly policy: () => Policy;
  readonly publicUrl: string | null;
  readonly simulating: () => Promise<boolean>;
  readonly laneOf: (delivery: NewDelivery) => LaneChoice;
  /** How people hear of trouble. */
  readonly alarm: Alarm;
  /** New work is in the inbox. */
  readonly wake: () => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly people: PeopleWatch;
  /** ms between sweeps; 0 = nothing happens by itself. */
  readonly everyMs: number;
}

export interface Upkeep {
  /** One sweep now. */
  readonly sweep: () => Promise<SweepReport>;
  /** One look at whose tier rose now; answers how many of their open tickets are looked at again. */
  readonly reEvaluate: () => Promise<number>;
  /** What is broken about webhook and trigger, looked at now; one sentence each. */
  readonly watch: () => Promise<readonly string[]>;
  /** Reads now what happened to tickets since the last look, for reports. */
  readonly ingest: () => Promise<IngestReport>;
  /** People are told now what is due; answers how many messages were told. */
  readonly tell: () => Promise<number>;
  /** One daily clean-up now, unless today's is done. */
  readonly cleanUp: () => Promise<boolean>;
  /** For `/readyz`: told, and never a reason to take the instance out of service, for that would lose webhooks too. */
  readonly dependencies: () => Promise<readonly Dependency[]>;
  readonly stop: () => Promise<void>;
}

const MINUTE_MS = 60_000;
/** A new installation may still be setting up its webhook when the service starts. */
const FIRST_LOOK_MS = 30_000;
const LOOK_EVERY_MS = 5 * MINUTE_MS;
const INGEST_EVERY_MS = 5 * MINUTE_MS;
/** The sweep and the verifier have the first calls of the exports' ten a minute. */
const FIRST_INGEST_MS = 2 * MINUTE_MS;
/** A quarter of a promise of fifteen minutes is not four minutes long. */
const CLOCKS_EVERY_MS = MINUTE_MS;
const SEND_EVERY_MS = 10_000;
const CLEAN_UP_EVERY_MS = 60 * MINUTE_MS;

/** Starts the rounds of one instance. */
export function startUpkeep(parts: UpkeepParts): Upkeep {
  const { store, desk, policy, clock, log, metrics, everyMs } = parts;
  const owner = `upkeep-${randomUUID()}`;
  const found = (tickets: number): void => {
    metrics.swept(tickets);
    parts.wake();
  };
  const { simulating, laneOf, publicUrl } = parts;
  const sweep = openSweep({ desk, store, clock, log, simulating, laneOf, found }, owner);
  const { owned } = store.provisionJournal;
  const watchdog = openWatchdog({ desk, publicUrl, log, owned, alarm: parts.alarm });
  const ingestion = openIngestion(parts, owner);
  const clean = (): Promise<boolean> => cleanUp({ store, policy, clock, log }, owner);
  const closed = async (): Promise<boolean> =>
    (await simulating()) || (await pausedSince(store.register)) !== null;
  const again = (signal: AbortSignal): Promise<number> =>
    reEvaluate({ desk, store, log, policy, closed, wake: parts.wake }, signal);
  const { people } = parts;
  const every = (periodMs: number): number => (everyMs === 0 ? 0 : periodMs);
  const rounds = [
    startRounds(sweep.once, { clock, everyMs, firstAfterMs: 0 }),
    startRounds(() => markTurning(store, policy(), clock.now()), { clock, everyMs, firstAfterMs: 0 }),
    startRounds(again, { clock, everyMs, firstAfterMs: 0 }),
    startRounds(watchdog.look, { clock, everyMs: every(LOOK_EVERY_MS), firstAfterMs: FIRST_LOOK_MS }),
    startRounds(ingestion.once, { clock, everyMs: every(INGEST_EVERY_MS), firstAfterMs: FIRST_INGEST_MS }),
    startRounds(clean, { clock, everyMs: every(CLEAN_UP_EVERY_MS), firstAfterMs: MINUTE_MS }),
    startRounds(people.clocks, { clock, everyMs: every(CLOCKS_EVERY_MS), firstAfterMs: FIRST_LOOK_MS }),
    startRounds(people.lists, { clock, everyMs: every(LOOK_EVERY_MS), firstAfterMs: MINUTE_MS }),
    startRounds(people.send, { clock, everyMs: every(SEND_EVERY_MS), firstAfterMs: SEND_EVERY_MS }),
  ];
  watched(parts, sweep, watchdog);
  return {
    sweep: () => sweep.once(new AbortController().signal),
    reEvaluate: () => again(new AbortController().signal),
    watch: async () => (await watchdog.look()).map((line) => line.detail),
    ingest: () => ingestion.once(new AbortController().signal),
    tell: async () => {
      await people.clocks();
      await people.lists();
      return people.send(new AbortController().signal);
    },
    cleanUp: clean,
    dependencies: () => dependenciesOf(parts, sweep, watchdog),
    stop: async () => {
      await Promise.all(rounds.map((one) => one.stop()));
      // A store that is gone frees the lease by itself, a little later.
      await Promise.all([sweep.release(), ingestion.release(), people.release()]).catch(() => null);
    },
  };
}

function watched({ store, metrics }: UpkeepParts, sweep: Sweep, watchdog: Watchdog): void {
  const { gauge } = metrics;
  gauge("ps_paused", "1 while writing outside is paused", async () =>
    (await pausedSince(store.register)) === null ? 0 : 1,
  );
  gauge(
    "ps_sweep_last_success_timestamp_seconds",
    "End of the last sweep of this instance; 0 = none yet",
    async () => (sweep.state().at ?? 0) / 1000,
  );
  gauge(
    "ps_webhook_problems",
    "Things that keep the help desk from telling us about new tickets",
    async () => (watchdog.broken() ?? []).length,
  );
}

async function dependenciesOf(
  { store, clock }: UpkeepParts,
  sweep: Sweep,
  watchdog: Watchdog,
): Promise<readonly Dependency[]> {
  const since = await pausedSince(store.register).catch(() => null);
  const { at, error } = sweep.state();
  const broken = watchdog.broken();
  const told = (name: string, detail: string): Dependency => ({ name, ok: true, detail });
  return [
    told("writing outside", since === null ? "open" : `paused since ${new Date(since).toISOString()}`),
    told("sweep", error ?? (at === null ? "not yet" : `${Math.round((clock.now() - at) / 1000)} s ago`)),
    told(
      "webhook",
      broken === null
        ? "not looked at yet"
        : broken.map((line) => `${line.name}: ${line.detail}`).join(" ") || "calls us",
    ),
  ];
}
