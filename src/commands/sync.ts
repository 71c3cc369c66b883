/** `sync`: CRM → help desk and label back, once, with counts and every failed record by name. */
import { type SyncReport, type SyncScope, syncAccounts } from "../account-sync.ts";
import { connectorSettings, crmSettings, deskSettings, openCrm, openDesk } from "../assemble.ts";
import { systemClock } from "../clock.ts";
import { environment, readConfig } from "../config.ts";
import { openLog } from "../log.ts";
import { policyInForce } from "../policy-in-force.ts";
import type { Store } from "../ports.ts";
import { openStore } from "../store/open.ts";
import { untilSignalled } from "./serve.ts";
import { complain, EXIT, progress, say, sayJson, table } from "./terminal.ts";

export interface SyncOptions {
  readonly full?: boolean;
  readonly dryRun?: boolean;
  readonly account?: string;
  readonly unmatched?: boolean;
  readonly json?: boolean;
}

/** Runs one sync; exit 1 when a record failed or another process is syncing. */
export async function syncCommand(options: SyncOptions): Promise<number> {
  const config = readConfig(environment(process.env), connectorSettings, [...deskSettings, ...crmSettings]);
  const log = openLog(config.logLevel === "info" ? "warn" : config.logLevel);
  const real = await openStore(config.databaseUrl, { warn: complain });
  const store = options.dryRun === true ? await real.scratch() : real;
  try {
    const policy = await policyInForce(config.policyFile, real.register, log, systemClock.now());
    const crm = openCrm(config, policy, systemClock);
    if (crm === null) {
      complain(`${config.policyFile} maps no CRM.\nfix: Add a crm section (README, "Connect HubSpot").`);
      return EXIT.usage;
    }
    const desk = openDesk(config, policy, systemClock);
    const simulating = options.dryRun === true || (await real.register.setting("mode")) === "simulate";
    const report = await withProgress(async (step, signal) =>
      syncAccounts(
        {
          crm: crm.port,
          mapping: crm.mapping,
          desk: desk.port,
          store,
          clock: systemClock,
          log,
          policy,
          simulating,
          progress: step,
        },
        scopeOf(options),
        signal,
      ),
    );
    desk.stop();
    crm.stop();
    return tell(report, options, simulating);
  } finally {
    await closeAll(store, real);
  }
}

async function closeAll(store: Store, real: Store): Promise<void> {
  await store.close();
  if (store !== real) await real.close();
}

function scopeOf(options: SyncOptions): SyncScope {
  if (options.account !== undefined) return [options.account.replace(/^hubspot:/, "")];
  return options.full === true ? "full" : "changed";
}

/** Shows a bar while it runs; Ctrl-C ends it at the next page. */
async function withProgress(
  work: (
    step: (step: "reading" | "writing", done: number) => void,
    signal: AbortSignal,
  ) => Promise<SyncReport>,
): Promise<SyncReport> {
  const stopping = new AbortController();
  void untilSignalled().then(() => stopping.abort());
  const bars = {
    reading: progress("Reading the CRM    "),
    writing: null as ReturnType<typeof progress> | null,
  };
  try {
    return await work((step, done) => {
      if (step === "reading") return bars.reading.update(done);
      if (bars.writing === null) bars.reading.stop();
      bars.writing ??= progress("Writing both sides ");
      bars.writing.update(done);
    }, stopping.signal);
  } finally {
    bars.reading.stop();
    bars.writing?.stop();
  }
}

function tell(report: SyncReport, options: SyncOptions, simulating: boolean): number {
  if (report.busy) {
    complain(
      "Another process is syncing this CRM right now; nothing was done.\nfix: Wait for it, or look at its log.",
    );
    return EXIT.problems;
  }
  if (options.json === true) sayJson(asJson(report, simulating));
  else for (const line of reportLines(report, options, simulating)) say(line);
  return report.failed.length > 0 ? EXIT.problems : EXIT.fine;
}

/** The report as one document: counts, then lists. */
export function asJson(report: SyncReport, simulating: boolean): object {
  const { intake, organizations, labels, unmatched, inReview, failed, changes, calls, runId, ms } = report;
  const counts = {
    read: intake.read,
    changed: intake.changed,
    unchanged: intake.unchanged,
    gone: intake.gone,
    organizations,
    labels,
    unmatched: unmatched.length,
    inReview: inReview.length,
    failed: failed.length,
  };
  return { runId, dryRun: simulating, ...counts, ms, calls, lists: { unmatched, inReview, failed, changes } };
}

function reportLines(report: SyncReport, options: SyncOptions, simulating: boolean): readonly string[] {
  const { intake, changes, unmatched, inReview, failed, calls } = report;
  const lines: string[] = [];
  if (options.dryRun === true && changes.length > 0)
    lines.push(
      table(
        ["account", "where", "before → after"],
        changes.map((c) => [c.name ?? c.accountId, c.target, difference(c.before, c.after)]),
        [32, 14, 64],
      ),
    );
  if (options.unmatched === true)
    lines.push(...unmatched.map((u) => `unmatched  ${u.accountId}  ${u.name ?? ""}`));
  lines.push(
    ...inReview.map((r) => `review     ${r.accountId}  ${r.code}: ${r.detail}`),
    ...failed.map((f) => `failed     ${f.accountId}  ${f.name ?? ""}: ${f.reason}`),
  );
  const written = simulating
    ? `would write ${changes.length}`
    : `organizations written ${report.organizations}, labels written ${report.labels}`;
  lines.push(
    `read ${intake.read}, changed ${intake.changed}, unchanged ${intake.unchanged}, gone ${intake.gone}; ${written}; unmatched ${unmatched.length}, in review ${inReview.length}, failed ${failed.length}`,
    `calls: ${
      Object.entries(calls)
        .map(([k, v]) => `${k} ${v}`)
        .join(", ") || "none"
    } in ${(report.ms / 1000).toFixed(1)} s`,
  );
  return lines;
}

function difference(
  before: Readonly<Record<string, string | null>>,
  after: Readonly<Record<string, string | null>>,
): string {
  return Object.keys(after)
    .map((key) => `${key}: ${before[key] ?? "–"} → ${after[key] ?? "–"}`)
    .join("\n");
}
