/** Figure: a million events of tickets' clocks read by the exports, and every report made of them. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Child, memoryOf, startChild } from "./child.ts";
import { rounded } from "./numbers.ts";
import { type Measured, type Row, row } from "./report.ts";
import { EVENTS_A_TICKET, type Past } from "./reports-past.ts";
import type { Taken } from "./reports-service.ts";

const FULL = 1_000_000;
const QUICK = 70_000;
const FIGURE = "reports";

/** Starts a desk with a past, reads it, reports on it. The desk's limits are kept; only the wait for them is skipped. */
export async function measureReports(quick: boolean): Promise<Measured> {
  const tickets = Math.ceil((quick ? QUICK : FULL) / EVENTS_A_TICKET);
  const past: Past = { tickets, end: Date.UTC(2026, 10, 3, 14) };
  const folder = mkdtempSync(join(tmpdir(), "bench-reports-"));
  const file = join(folder, "store.db");
  const [desk, service] = [startChild("./reports-desk.ts"), startChild("./reports-service.ts")];
  try {
    const told = { past, databaseUrl: `sqlite:${file}`, deskUrl: await desk.ask<string>("start", past) };
    await service.ask("fill", told);
    const base = await service.ask<Taken>("parse", told);
    const before = memoryOf(service.pid);
    const read = await service.ask<Taken>("ingest", told);
    const ingested = memoryOf(service.pid);
    const reports = await reportsOf(service, past);
    const peak = memoryOf(service.pid)?.peak ?? null;
    await service.ask("stop");
    const fileMb = Math.round(statSync(file).size / 1e6);
    const events = tickets * EVENTS_A_TICKET;
    const seen = { events, tickets, base, read, before, ingested, peak, reports, fileMb };
    return { rows: rowsOf(seen), details: seen };
  } finally {
    await Promise.all([desk.stop(), service.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Report extends Taken {
  readonly name: string;
}

async function reportsOf(service: Child, past: Past): Promise<readonly Report[]> {
  const made: Report[] = [];
  for (const name of await service.ask<readonly string[]>("names"))
    made.push({ name, ...(await service.ask<Taken>("report", { name, past })) });
  return made;
}

interface Seen {
  readonly events: number;
  readonly tickets: number;
  readonly base: Taken;
  readonly read: Taken;
  readonly ingested: ReturnType<typeof memoryOf>;
  readonly peak: number | null;
  readonly reports: readonly Report[];
  readonly fileMb: number;
}

function rowsOf({ events, tickets, base, read, ingested, peak, reports, fileMb }: Seen): readonly Row[] {
  const rate = events / read.seconds;
  const what = `${events.toLocaleString("en-US")} events of ${tickets.toLocaleString("en-US")} tickets`;
  return [
    row({
      ...{
        figure: FIGURE,
        what: `${what}, read into the store`,
        value: rate,
        unit: "events/s",
        kind: "time",
      },
      beside: `the same pages read and parsed only ${rounded(events / base.seconds)} events/s (${rounded(read.seconds / base.seconds)} times as long)`,
      note: `${rounded(read.seconds)} s, ${rounded(read.cpuSeconds)} s of processor, file ${fileMb} MB`,
    }),
    row({
      ...{ figure: FIGURE, what: "calls to read them ÷ full pages there are", unit: "", kind: "count" },
      value: read.pages / base.pages,
      bound: { most: 1.1 },
      beside: `${base.pages} pages`,
    }),
    row({
      ...{
        figure: FIGURE,
        what: "peak memory of reading",
        value: ingested?.peak ?? null,
        unit: "MB",
        kind: "time",
      },
      note: `after all reports ${peak ?? "?"} MB`,
    }),
    ...reports.map(({ name, seconds, pages }) =>
      row({
        ...{ figure: FIGURE, what: `report ${name} over 90 days`, value: seconds, unit: "s", kind: "time" },
        note: `${pages.toLocaleString("en-US")} tickets in the window`,
      }),
    ),
  ];
}
