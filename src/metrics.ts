/** What operators watch, in Prometheus form. One registry per service, so two can run in one process. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** What is to be seen of an upstream's API budget. */
export interface BudgetView {
  left(): Readonly<Record<string, number>>;
  /** `well`, `busy` (429), `failing` and `unreachable`. */
  answers(): Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface Metrics {
  /** Webhooks by source and answer: stored, repeat, ignored, refused, malformed, too_large, unavailable. */
  webhook(source: string, answer: string): void;
  /** A genuine webhook that was signed more than five minutes before or after now. */
  flagged(source: string): void;
  /** Tickets by tier, how they ended (written, left, simulated, parked, retry, lost) and why: basis, code or error. */
  ticket(tier: string, outcome: string, reason: string): void;
  /** Seconds from the webhook's arrival until the ticket was settled. */
  settledAfter(seconds: number): void;
  /** SLA verifications by code and, where it is not as promised, by cause. */
  verification(code: string, cause?: string): void;
  /** A finished CRM sync: when it ended (epoch seconds) and whether it worked. */
  synced(source: string, endedAt: number, ok: boolean): void;
  /** Tickets that a sweep found without a webhook. */
  swept(tickets: number): void;
  /** A value that is read when scraped; NaN when it cannot be read, so that the others are still told. */
  gauge(name: string, help: string, read: () => Promise<number>): void;
  /** Values that are read when scraped, by one label. */
  gauges(
    name: string,
    help: string,
    label: string,
    read: () => Promise<Readonly<Record<string, number>>>,
  ): void;
  /** Calls made so far, by upstream and endpoint class; read when scraped. */
  onCalls(upstream: string, calls: () => Readonly<Record<string, number>>): void;
  /** What is left of the API budget, and how calls were answered, by endpoint class; read when scraped. */
  onBudget(upstream: string, budget: BudgetView): void;
  /** Pending deliveries; read when scraped. Age in seconds, 0 = nothing waits. */
  onBacklog(read: () => Promise<{ pending: number; parked: number; oldestSeconds: number }>): void;
  /** Current values in Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

export function openMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const tickets = new Counter({
    name: "ps_tickets_total",
    help: "Turns on tickets that ended, by tier, outcome and reason",
    labelNames: ["tier", "outcome", "reason"],
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
    help: "SLA read-backs, by result and, where it is not as promised, by cause",
    labelNames: ["code", "cause"],
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
    ticket: (tier, outcome, reason) => tickets.inc({ tier, outcome, reason }),
    settledAfter: (seconds) => settled.observe(seconds),
    verification: (code, cause = "") => verifications.inc({ code, cause }),
    synced(source, endedAt, ok) {
      syncs.inc({ source, result: ok ? "ok" : "failed" });
      if (ok) syncEnd.set({ source }, endedAt);
    },
    ...doorMetrics(registry),
    ...upkeepMetrics(registry),
    onCalls: (upstream, calls) => registerCalls(registry, upstream, calls),
    onBudget: (upstream, budget) => registerBudget(registry, upstream, budget),
    onBacklog: (read) => registerBacklog(registry, read),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** What the webhook doors count. */
function doorMetrics(registry: Registry): Pick<Metrics, "webhook" | "flagged"> {
  const registers = [registry];
  const webhooks = new Counter({
    name: "ps_webhooks_total",
    help: "Webhooks received, by source and answer",
    labelNames: ["source", "answer"],
    registers,
  });
  const flagged = new Counter({
    name: "ps_webhooks_flagged_total",
    help: "Genuine webhooks with a time more than five minutes off",
    labelNames: ["source"],
    registers,
  });
  return {
    webhook: (source, answer) => webhooks.inc({ source, answer }),
    flagged: (source) => flagged.inc({ source }),
  };
}

/** What the rounds of upkeep count and show. */
function upkeepMetrics(registry: Registry): Pick<Metrics, "swept" | "gauge" | "gauges"> {
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
          this.set(await read().catch(() => Number.NaN));
        },
      }),
    gauges: (name, help, label, read) =>
      void new Gauge({
        name,
        help,
        labelNames: [label],
        registers,
        async collect() {
          this.reset();
          for (const [value, number] of Object.entries(await read().catch(() => ({}))))
            this.set({ [label]: value }, number);
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

function registerBudget(registry: Registry, upstream: string, { left, answers }: BudgetView): void {
  const registers = [registry];
  new Gauge({
    name: `ps_${upstream}_budget_left`,
    help: `Calls that ${upstream} still allows us now, by endpoint class; account = all calls together`,
    labelNames: ["class"],
    registers,
    collect() {
      for (const [name, calls] of Object.entries(left())) this.set({ class: name }, calls);
    },
  });
  new Gauge({
    name: `ps_${upstream}_answers`,
    help: `How calls to ${upstream} were answered since start, by endpoint class; busy = 429`,
    labelNames: ["class", "answer"],
    registers,
    collect() {
      for (const [name, counts] of Object.entries(answers()))
        for (const [answer, count] of Object.entries(counts)) this.set({ class: name, answer }, count);
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
      const unknown = { pending: Number.NaN, parked: Number.NaN, oldestSeconds: Number.NaN };
      const backlog = await read().catch(() => unknown);
      this.set({ what: "pending" }, backlog.pending);
      this.set({ what: "parked" }, backlog.parked);
      this.set({ what: "oldest_pending_seconds" }, backlog.oldestSeconds);
    },
  });
}
