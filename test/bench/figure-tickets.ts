/**
 * Figures: upstream calls a ticket, and how long a ticket waits for its priority. One run gives both: mixed tickets at a
 * steady pace through the service as an operator starts it, and the same ones through a naive peer on sandboxes of its own.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { JournalEntry } from "../../src/sandbox/server.ts";
import type { Sent } from "../flow/process/judge.ts";
import { type Reckoning, reckon } from "../flow/process/reckoning.ts";
import { type Rig, startRig, until } from "../flow/process/rig.ts";
import { type Source, send } from "../flow/process/sending.ts";
import { startChild } from "./child.ts";
import { isInstalled, naiveOn, sourceOf } from "./naive-rig.ts";
import { median, percentile, rounded } from "./numbers.ts";
import { type Measured, type Row, row } from "./report.ts";

interface Pace {
  readonly tickets: number;
  readonly perMinute: number;
}

/** Runs the peer beside us. Where its packages are not installed it is left out, and the report says so. */
export async function measureTickets(quick: boolean): Promise<Measured> {
  const pace: Pace = quick ? { tickets: 40, perMinute: 90 } : { tickets: 300, perMinute: 75 };
  const [ours, naive] = await Promise.all([runOurs(pace), isInstalled() ? runNaive(pace) : null]);
  return { rows: [...callRows(ours, naive, pace), ...waitRows(ours, pace)], details: { ours, naive, pace } };
}

/** Tickets before the first that counts. */
const WARM_UP = 5;

interface Ours {
  readonly calls: Calls;
  readonly reckoning: Pick<Reckoning, "calls" | "toWrite" | "acknowledged"> & {
    readonly wrong: number;
    readonly doubled: number;
    readonly undecided: number;
  };
  /** Requests that changed nothing, or were refused as outdated. */
  readonly vainWrites: number;
  readonly waits: readonly number[];
  readonly getMs: number;
}

async function runOurs(pace: Pace): Promise<Ours> {
  const rig = await startRig({ companies: 120, seed: 7 });
  try {
    const source = sourceOf(rig);
    await rig.start();
    await until("the first sync", 60_000, async () => {
      const at = await rig.metric("ps_sync_last_success_timestamp_seconds");
      return (at ?? 0) > 0;
    });
    // What a service asks once after its start is no call of a ticket's.
    await send(rig, source, pace.tickets, WARM_UP);
    await allSettled(rig);
    const began = (await rig.journal()).length;
    const sent = await sendPaced(rig, source, pace);
    await allSettled(rig);
    // Stopping reads back what still waited to be verified.
    await rig.stop();
    const journal = (await rig.journal()).slice(began);
    const invocations = (await rig.state()).invocations as unknown as Invocations;
    const found = await reckon(rig, source, sent);
    const getMs = await roundTrip(rig, sent[0]?.ticket.id ?? "1");
    const { calls, toWrite, acknowledged } = found;
    const counts = {
      wrong: found.wrong.length,
      doubled: found.doubled.length,
      undecided: found.undecided.length,
    };
    return {
      calls: callsIn(journal),
      reckoning: { calls, toWrite, acknowledged, ...counts },
      vainWrites: journal.filter((e) => e.callClass === "tickets-update" && e.effect.length === 0).length,
      waits: waitsOf(sent, journal, invocations, getMs),
      getMs,
    };
  } finally {
    await rig.close();
  }
}

function allSettled(rig: Rig): Promise<void> {
  return until("every ticket to be settled", 30_000, async () => {
    await rig.delivered();
    return (await rig.metric("ps_deliveries", '{what="pending"}')) === 0;
  });
}

async function runNaive(pace: Pace): Promise<{ calls: Calls; failures: number; first: string | null }> {
  const rig = await startRig({ companies: 120, seed: 7 });
  const peer = startChild("./naive.ts");
  try {
    await naiveOn(rig, peer);
    await sendPaced(rig, sourceOf(rig), pace);
    await pause(1_000);
    const ended = await peer.ask<{ failures: number; first: string | null }>("idle");
    const searches = (await (await fetch(`${rig.ready.crm.url}/_sandbox/calls`)).json()) as Record<
      string,
      number
    >;
    const calls = callsIn(await rig.journal());
    const crm = Object.values(searches).reduce((a, b) => a + b, 0);
    return { calls: { ...calls, crm, total: calls.total + crm }, ...ended };
  } finally {
    await peer.stop();
    await rig.close();
  }
}

/** At an even pace, but at any moment of the second. */
async function sendPaced(rig: Rig, source: Source, { tickets, perMinute }: Pace): Promise<readonly Sent[]> {
  const began = performance.now();
  const gap = 60_000 / perMinute;
  const sent: Sent[] = [];
  for (let i = 0; i < tickets; i += 1) {
    await pause(Math.max(0, began + (i + Math.random()) * gap - performance.now()));
    sent.push(...(await send(rig, source, i, 1)));
  }
  return sent;
}

/** Calls about tickets by purpose. `names` = groups, forms and fields, read again every few minutes. */
interface Calls {
  readonly reads: number;
  readonly writes: number;
  readonly verification: number;
  readonly audits: number;
  readonly people: number;
  readonly names: number;
  readonly organizations: number;
  readonly crm: number;
  readonly total: number;
}

/** Counted at the desk, not by us. Syncing accounts is another figure: exports, jobs and the CRM are left out. */
function callsIn(journal: readonly JournalEntry[]): Calls {
  const count = (test: (entry: JournalEntry) => boolean): number =>
    journal.filter((e) => e.method !== "UI" && test(e)).length;
  const of = (...classes: readonly string[]): number => count((e) => classes.includes(e.callClass));
  const parts = {
    reads: of("tickets-show"),
    writes: of("tickets-update", "tickets-tags"),
    verification: of("tickets-show-many"),
    audits: of("tickets-audits"),
    people: of("users"),
    names: of("groups", "fields", "directory", "slas"),
    organizations: count((e) => /^\/api\/v2\/organizations\/\d+$/.test(e.path)),
    crm: 0,
  };
  return { ...parts, total: Object.values(parts).reduce((a, b) => a + b, 0) };
}

type Invocations = Readonly<Record<string, { readonly ticketId: string | null; readonly createdAt: number }>>;

/** From when both the webhook was sent and the second of the stamp had ended until the write arrived, less its reads. */
function waitsOf(
  sent: readonly Sent[],
  journal: readonly JournalEntry[],
  invocations: Invocations,
  getMs: number,
): readonly number[] {
  const sentAt = new Map(Object.values(invocations).map((one) => [one.ticketId, one.createdAt]));
  return sent.flatMap(({ ticket }) => {
    const path = `/api/v2/tickets/${ticket.id}`;
    const write = journal.find(
      (e) => e.callClass === "tickets-update" && e.path === path && e.effect.length > 0,
    );
    const told = sentAt.get(ticket.id);
    if (write === undefined || told === undefined) return [];
    const reads = journal.filter(
      (e) => e.method === "GET" && e.path.startsWith(path) && e.at <= write.at,
    ).length;
    const secondEnds = (Math.floor(ticket.createdAt / 1000) + 1) * 1000;
    return [write.at - Math.max(told, secondEnds) - reads * getMs];
  });
}

/** Median time of a bare read of one ticket, ms: what a call costs here when nobody decides anything. */
async function roundTrip(rig: Rig, ticketId: string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 100; i += 1) {
    const began = performance.now();
    const headers = { authorization: rig.ready.desk.authorization };
    await (await fetch(`${rig.ready.desk.url}/api/v2/tickets/${ticketId}`, { headers })).arrayBuffer();
    times.push(performance.now() - began);
  }
  return median(times);
}

function callRows(
  ours: Ours,
  naive: Awaited<ReturnType<typeof runNaive>> | null,
  pace: Pace,
): readonly Row[] {
  const figure = "upstream calls";
  const { calls, reckoning } = ours;
  const each = (n: number): number => rounded(n / pace.tickets);
  const counts = { figure, unit: "", kind: "count" } as const;
  return [
    row({
      ...counts,
      what: "calls a ticket, audits apart",
      value: (calls.total - calls.audits) / pace.tickets,
      bound: { most: 2.02 },
      beside:
        naive === null
          ? "naive peer NOT RUN: its packages are missing (fix: npm ci --prefix test/bench)"
          : `naive peer ${each(naive.calls.total)}${naive.failures > 0 ? ` (${naive.failures} tickets failed)` : ""}`,
      note: `reads ${each(calls.reads)}, writes ${each(calls.writes)}, verification ${each(calls.verification)}, people ${each(calls.people)}, names ${each(calls.names)}`,
    }),
    row({
      ...counts,
      what: "audit reads a ticket",
      value: calls.audits / pace.tickets,
      note: "only where a priority was already set",
    }),
    row({
      ...counts,
      what: "writes beyond the tickets that needed one",
      value: calls.writes - reckoning.toWrite,
      bound: { most: 0 },
      beside: naive === null ? "" : `naive peer ${naive.calls.writes - reckoning.toWrite}`,
      note: `${reckoning.toWrite} of ${pace.tickets} tickets needed a write; ${ours.vainWrites} requests changed nothing`,
    }),
    row({
      ...counts,
      what: "tickets not as the rules say, doubled or undecided",
      value: reckoning.wrong + reckoning.doubled + reckoning.undecided,
      bound: { most: 0 },
    }),
  ];
}

function waitRows({ waits, getMs }: Ours, pace: Pace): readonly Row[] {
  const times = { figure: "time to priority", unit: "ms", kind: "time" } as const;
  const beside = `one bare call ${rounded(getMs)} ms`;
  const note = `${pace.perMinute}/min, ${waits.length} writes`;
  return [
    row({
      ...times,
      what: "p50 beyond upstream and open second",
      value: median(waits),
      bound: { most: 5 },
      beside,
      note,
    }),
    row({
      ...times,
      what: "p99 beyond upstream and open second",
      value: percentile(waits, 0.99),
      bound: { most: 50 },
      beside,
    }),
  ];
}
