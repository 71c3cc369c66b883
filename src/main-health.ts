/** What the running service shows of itself to operators: what is read when `/metrics` is asked, and wrong clocks. */
import { openNotifier } from "./assemble.ts";
import type { Opened } from "./assemble-crm.ts";
import { type ClockWatch, openClockWatch } from "./clock-watch.ts";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Clock, Crm, Desk, Store } from "./ports.ts";

export interface Shown {
  readonly metrics: Metrics;
  readonly store: Store;
  readonly desk: Opened<Desk>;
  readonly crm: Opened<Crm> | null;
}

/** Registers what is read from the store and from the connected sides. */
export function showHealth({ metrics, desk, crm, store }: Shown): void {
  for (const one of crm === null ? [desk] : [desk, crm]) {
    metrics.onCalls(one.port.name, one.port.calls);
    if (one.paced !== undefined) metrics.onBudget(one.port.name, one.paced);
  }
  metrics.onBacklog(async () => {
    const { pending, parked, oldestPendingMs } = await store.inbox.backlog();
    return { pending, parked, oldestSeconds: (oldestPendingMs ?? 0) / 1000 };
  });
  metrics.gauges(
    "ps_guard_waiting",
    "Held by the mass-change brake until a person decides: runs, and the records in them",
    "what",
    async () => {
      const waiting = await store.guard.waiting();
      return { runs: waiting.length, records: waiting.reduce((sum, run) => sum + run.records, 0) };
    },
  );
  metrics.gauges(
    "ps_facts_confirmed_timestamp_seconds",
    "When a source last confirmed all facts that are kept of it; from the store, so the same for every instance",
    "source",
    async () => {
      const confirmed = Object.entries(await store.accounts.confirmations());
      return Object.fromEntries(confirmed.map(([source, at]) => [source, at / 1000]));
    },
  );
}

/** Tells the chat channel, where there is one, when webhooks keep coming with a wrong time. */
export function clockWatchOf(config: Config, { register }: Store, clock: Clock, log: Log): ClockWatch {
  return openClockWatch({ notifier: openNotifier(config, clock), register, clock, log });
}
