/** What the running service shows of itself to operators: what is read when `/metrics` is asked, and wrong clocks. */
import { openNotifier } from "./assemble.ts";
import type { Opened } from "./assemble-crm.ts";
import { type ClockWatch, openClockWatch } from "./clock-watch.ts";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Clock, Coverage, Crm, Desk, Store } from "./ports.ts";

/** Scrapes come every few seconds; counting takes a fifth of a second. */
const COVERAGE_KEPT_MS = 60_000;
const COVERAGE_DAYS = [7, 30] as const;
const COVERAGE_DECISIONS = 20_000;
const DAY_MS = 86_400_000;

export interface Shown {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly store: Store;
  readonly desk: Opened<Desk>;
  readonly crm: Opened<Crm> | null;
}

/** Registers what is read from the store and from the connected sides. */
export function showHealth({ metrics, desk, crm, store, clock }: Shown): void {
  for (const one of crm === null ? [desk] : [desk, crm]) {
    metrics.onCalls(one.port.name, one.port.calls);
    if (one.paced !== undefined) metrics.onBudget(one.port.name, one.paced);
  }
  showCoverage({ metrics, desk, crm, store, clock });
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

/**
 * The two headline numbers as counts, so that whoever watches divides them: tickets and those tied to a customer, promises
 * and those whose right SLA is attached, over 7 and 30 days.
 */
function showCoverage({ metrics, store, clock }: Shown): void {
  for (const days of COVERAGE_DAYS) {
    let last: { readonly counted: Promise<Coverage>; readonly until: number } | null = null;
    const read = async (): Promise<Readonly<Record<string, number>>> => {
      const now = clock.now();
      if (last === null || last.until <= now)
        last = {
          counted: store.console.lists.coverage(now - days * DAY_MS, COVERAGE_DECISIONS),
          until: now + COVERAGE_KEPT_MS,
        };
      const { tickets, tied, promised, attached } = await last.counted;
      return { tickets, tied, promised, attached };
    };
    metrics.gauges(
      `ps_coverage_${days}d`,
      `Tickets of ${days} days: all, tied to a customer, with a promise that was read back, with the right SLA attached`,
      "what",
      read,
    );
  }
}

/** Tells the chat channel, where there is one, when webhooks keep coming with a wrong time. */
export function clockWatchOf(config: Config, { register }: Store, clock: Clock, log: Log): ClockWatch {
  return openClockWatch({ notifier: openNotifier(config, clock), register, clock, log });
}
