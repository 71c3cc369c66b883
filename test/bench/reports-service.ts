/** The part of the service that reads exports and makes reports, in a process of its own; its time passes as it waits. */
import { DatabaseSync } from "node:sqlite";
import { connectorSettings, openDesk } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { silent } from "../../src/log.ts";
import type { PacerTime } from "../../src/pacing/time.ts";
import type { Store } from "../../src/ports.ts";
import { openIngestion } from "../../src/report/ingest.ts";
import { isReportName, REPORT_NAMES, REPORTS } from "../../src/report/reports.ts";
import { openStore } from "../../src/store/open.ts";
import { answerWith } from "./answering.ts";
import { policyOfDemo } from "./figure-decide.ts";
import { decisionOf, type Past } from "./reports-past.ts";

/** What took how long. */
export interface Taken {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Pages of the exports, or rows of a report. */
  readonly pages: number;
}

interface Told {
  readonly past: Past;
  readonly databaseUrl: string;
  readonly deskUrl: string;
}

const policy = policyOfDemo();
const opened: Store[] = [];

answerWith({
  fill: async ({ past, databaseUrl }: Told) => {
    const store = await openStore(databaseUrl, { warn: () => {} });
    await store.close();
    fillLedger(databaseUrl.slice("sqlite:".length), past);
  },
  names: async () => REPORT_NAMES,
  parse: (told: Told) => timed(() => parsed(told)),
  ingest: (told: Told) => timed(() => ingested(told)),
  report: async ({ name, past }: { readonly name: string; readonly past: Past }) => {
    const [store] = opened;
    if (store === undefined || !isReportName(name)) throw new Error(`no report ${name}`);
    const window = { from: past.end - 90 * 86_400_000, until: past.end };
    return timed(async () => {
      const made = await REPORTS[name].make({ store, policy, window, at: past.end });
      return made.report.frame.tickets;
    });
  },
  stop: async () => {
    for (const store of opened.splice(0)) await store.close();
  },
});

async function timed(work: () => Promise<number>): Promise<Taken> {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const pages = await work();
  const used = process.cpuUsage(cpu);
  return { seconds: (performance.now() - began) / 1_000, cpuSeconds: (used.user + used.system) / 1e6, pages };
}

/** As if every ticket had been decided by the service, a second after it came. */
function fillLedger(path: string, past: Past): void {
  const db = new DatabaseSync(path);
  const insert = db.prepare(
    "insert into decisions (id, ticket_id, decided_at, action, state, record, verification) values (?, ?, ?, 'apply', 'written', ?, ?)",
  );
  db.exec("begin");
  for (let ticket = 0; ticket < past.tickets; ticket += 1) {
    const record = decisionOf(past, ticket);
    insert.run(record.id, record.ticketId, record.decidedAt, JSON.stringify(record), '{"ok":true}');
  }
  db.exec("commit");
  db.close();
}

/** The baseline: the same pages, read and parsed, and thrown away. */
async function parsed({ past, deskUrl }: Told): Promise<number> {
  let pages = 0;
  const page = async (query: string): Promise<Readonly<Record<string, unknown>>> => {
    pages += 1;
    const answer = await fetch(`${deskUrl}/api/v2/incremental/${query}`);
    return JSON.parse(await answer.text()) as Record<string, unknown>;
  };
  for (let cursor: unknown = null; ; ) {
    const { after_cursor, end_of_stream } = await page(
      `tickets/cursor.json?${cursor === null ? "start_time=0" : `cursor=${cursor}`}`,
    );
    if (end_of_stream === true) break;
    cursor = after_cursor;
  }
  for (let from: unknown = Math.floor(past.end / 1_000) - 100 * 86_400; ; ) {
    const { end_time, end_of_stream } = await page(`ticket_metric_events.json?start_time=${from}`);
    if (end_of_stream === true) return pages;
    from = end_time;
  }
}

async function ingested({ past, databaseUrl, deskUrl }: Told): Promise<number> {
  const store = await openStore(databaseUrl, { warn: () => {} });
  opened.push(store);
  const clock = { now: () => past.end + 3_600_000, sleep: async () => {} };
  const env = {
    ...{ ZENDESK_URL: deskUrl, ZENDESK_EMAIL: "bench@example.com", ZENDESK_API_TOKEN: "bench" },
    DATABASE_URL: databaseUrl,
  };
  const desk = openDesk(readConfig(env, connectorSettings), policy, clock, { time: hurried() });
  const ports = { insight: desk.insight, store, clock, policy: () => policy, log: silent };
  const ingestion = openIngestion(ports, "bench");
  for (;;) {
    const round = await ingestion.once(new AbortController().signal);
    if (round.state === "busy" || !round.behind) break;
  }
  await ingestion.release();
  await desk.stop();
  return Object.values(desk.port.calls()).reduce((sum, calls) => sum + calls, 0);
}

/** Whoever waits for the next minute of a limit has it at once; what happens first comes first. */
function hurried(): PacerTime {
  const alarms = new Set<{ readonly at: number; readonly ring: () => void }>();
  let now = 0;
  const next = (): void => {
    const [first] = [...alarms].sort((a, b) => a.at - b.at);
    if (first === undefined) return;
    alarms.delete(first);
    now = Math.max(now, first.at);
    first.ring();
  };
  return {
    ticks: () => now,
    after(ms, ring) {
      const alarm = { at: now + ms, ring };
      alarms.add(alarm);
      setImmediate(next);
      return () => alarms.delete(alarm);
    },
  };
}
