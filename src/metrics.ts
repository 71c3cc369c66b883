/** What operators watch, in Prometheus form. One registry per service, so two can run in one process. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";

export interface Metrics {
  /** Webhooks by source and answer: stored, repeat, ignored, refused, malformed, unavailable. */
  webhook(source: string, answer: string): void;
  /** Tickets by tier and how they ended: written, left, simulated, parked, retry. */
  ticket(tier: string, outcome: string): void;
  /** Seconds from the webhook's arrival until the ticket was settled. */
  settledAfter(seconds: number): void;
  /** SLA verifications by code. */
  verification(code: string): void;
  /** A finished CRM sync: when it ended (epoch seconds) and whether it worked. */
  synced(source: string, endedAt: number, ok: boolean): void;
  /** Tickets that a sweep found without a webhook. */
  swept(tickets: number): void;
  /** A value that is read when scraped. */
  gauge(name: string, help: string, read: () => Promise<number>): void;
  /** Calls made so far, by upstream and endpoint class; read when scraped. */
  onCalls(upstream: string, calls: () => Readonly<Record<string, number>>): void;
  /** Pending deliveries; read when scraped. Age in seconds, 0 = nothing waits. */
  onBacklog(read: () => Promise<{ pending: number; parked: number; oldestSeconds: number }>): void;
  /** Current values in Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

export function openMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const webhooks = new Counter({
    name: "ps_webhooks_total",
    help: "Webhooks received, by source and answer",
    labelNames: ["source", "answer"],
    registers,
  });
  const tickets = new Counter({
    name: "ps_tickets_total",
    help: "Tickets settled, by tier and outcome",
    labelNames: ["tier", "outcome"],
    registers,
  });
  const settled = new Histogram({
    name: "ps_ticket_settled_seconds",
    help: "Webhook arrival until the ticket is settled",
    buckets: [0.05, 0.1, 0.5, 1, 2, 5, 15, 60, 300, 1800],
    registers,
  });
  const verifications = new Counter({
    name: "ps_sla_verifications_total",
    help: "SLA read-backs, by result",
    labelNames: ["code"],
    registers,
  });
  const syncEnd = new Gauge({
    name: "ps_sync_last_success_timestamp_seconds",
    help: "End of the last successful CRM sync",
    labelNames: ["source"],
    registers,
  });
  const syncs = new Counter({
    name: "ps_syncs_total",
    help: "CRM syncs by result",
    labelNames: ["source", "result"],
    registers,
  });
  return {
    webhook: (source, answer) => webhooks.inc({ source, answer }),
    ticket: (tier, outcome) => tickets.inc({ tier, outcome }),
    settledAfter: (seconds) => settled.observe(seconds),
    verification: (code) => verifications.inc({ code }),
    synced(source, endedAt, ok) {
      syncs.inc({ source, result: ok ? "ok" : "failed" });
      if (ok) syncEnd.set({ source }, endedAt);
    },
    ...upkeepMetrics(registry),
    onCalls: (upstream, calls) => registerCalls(registry, upstream, calls),
    onBacklog: (read) => registerBacklog(registry, read),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** What the rounds of upkeep count and show. */
function upkeepMetrics(registry: Registry): Pick<Metrics, "swept" | "gauge"> {
  const registers = [registry];
  const swept = new Counter({
    name: "ps_sweep_found_total",
    help: "Tickets found by the sweep that no webhook had told of",
    registers,
  });
  return {
    swept: (tickets) => swept.inc(tickets),
    gauge: (name, help, read) =>
      void new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(await read());
        },
      }),
  };
}

function registerCalls(
  registry: Registry,
  upstream: string,
  calls: () => Readonly<Record<string, number>>,
): void {
  new Gauge({
    name: `ps_${upstream}_calls`,
    help: `Calls made to ${upstream} since start, by endpoint class`,
    labelNames: ["class"],
    registers: [registry],
    collect() {
      for (const [name, count] of Object.entries(calls())) this.set({ class: name }, count);
    },
  });
}

function registerBacklog(
  registry: Registry,
  read: () => Promise<{ pending: number; parked: number; oldestSeconds: number }>,
): void {
  new Gauge({
    name: "ps_deliveries",
    help: "Deliveries that wait (pending), need a person (parked), and the age of the oldest pending one in seconds",
    labelNames: ["what"],
    registers: [registry],
    async collect() {
      const backlog = await read();
      this.set({ what: "pending" }, backlog.pending);
      this.set({ what: "parked" }, backlog.parked);
      this.set({ what: "oldest_pending_seconds" }, backlog.oldestSeconds);
    },
  });
}
