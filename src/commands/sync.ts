/** `sync`: CRM → help desk and label back, once, with counts and every failed record by name. */
import { existsSync } from "node:fs";
import { type SyncReport, type SyncScope, syncAccounts } from "../account-sync.ts";
import {
  connectorSettings,
  crmSettings,
  crmSettingsFor,
  deskSettings,
  openCrm,
  openDesk,
} from "../assemble.ts";
import { systemClock } from "../clock.ts";
import { type Config, environment, readConfig } from "../config.ts";
import { openLog } from "../log.ts";
import type { Policy } from "../policy/model.ts";
import { hasWords, inWords } from "../policy/words.ts";
import { readPolicyFile } from "../policy-file.ts";
import { policyInForce } from "../policy-in-force.ts";
import type { Store } from "../ports.ts";
import { openStore } from "../store/open.ts";
import { pausedSince } from "../switches.ts";
import { type UnmatchedSender, unmatchedAccounts, unmatchedSenders } from "../sync/unmatched.ts";
import { untilSignalled } from "./serve.ts";
import { complain, EXIT, progress, say, sayJson, table } from "./terminal.ts";

/** `--unmatched` shows this many of what is in review. */
const REVIEWS_SHOWN = 1_000;

export interface SyncOptions {
  readonly full?: boolean;
  readonly dryRun?: boolean;
  readonly account?: string;
  readonly unmatched?: boolean;
  readonly json?: boolean;
}

/** Runs one sync; exit 1 when a record failed or another process is syncing. */
export async function syncCommand(options: SyncOptions): Promise<number> {
  const config = configured();
  const log = openLog(config.logLevel === "info" ? "warn" : config.logLevel);
  const real = await openStore(config.databaseUrl, { warn: complain });
  const store = options.dryRun === true ? await real.scratch() : real;
  try {
    const policy = await policyInForce(
      config.policyFile,
      real.register,
      log,
      systemClock.now(),
      config.policyFileExplicit ? null : real.console.policies,
    );
    const crm = openCrm(config, policy, systemClock, real);
    if (crm === null) {
      complain(`${config.policyFile} maps no CRM.\nfix: Add a crm section (README, "Connect HubSpot").`);
      return EXIT.usage;
    }
    const desk = openDesk(config, policy, systemClock, real);
    const paused = async (): Promise<boolean> =>
      options.dryRun !== true && (await pausedSince(real.register)) !== null;
    if (await paused()) {
      complain(
        "Writing outside is paused.\nfix: Run `priority-support resume` first, or look with --dry-run.",
      );
      return EXIT.problems;
    }
    const simulating = options.dryRun === true || (await real.register.setting("mode")) === "simulate";
    const report = await withProgress(async (step, signal) =>
      syncAccounts(
        {
          crm: crm.port,
          mapping: crm.mapping,
          others: crm.others,
          desk: desk.port,
          store,
          clock: systemClock,
          log,
          policy,
          simulating,
          paused,
          progress: step,
        },
        scopeOf(options, crm.port.name),
        signal,
      ),
    );
    await Promise.all([desk.stop(), crm.stop()]);
    const senders = options.unmatched === true ? await unmatchedSenders(real, systemClock.now()) : null;
    if (senders !== null) {
      report.unmatched = [...(await unmatchedAccounts(store))];
      report.inReview = [...(await real.runs.reviews(REVIEWS_SHOWN))];
    }
    if (options.account !== undefined && (await unknownRecord(store, crm.port.name, options.account)))
      return EXIT.problems;
    return tell(report, options, simulating, senders, await reviewLines(store, policy, report));
  } finally {
    await closeAll(store, real);
  }
}

/** Says so when neither the CRM nor the store knows the one record that was asked for. */
async function unknownRecord(store: Store, source: string, account: string): Promise<boolean> {
  const id = account.startsWith(`${source}:`) ? account : `${source}:${account}`;
  if ((await store.accounts.get(id)) !== null) return false;
  complain(
    `${source} has no record ${account} that this token can see, and none is stored.\nfix: Give the record id from its address in the CRM; the token may lack the right to read it.`,
  );
  return true;
}

/** What a person should look at, with the customer's name and the reason in words. */
async function reviewLines(
  store: Store,
  policy: Policy,
  { inReview }: SyncReport,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { accountId, code, detail } of inReview) {
    const name = (await store.accounts.get(accountId))?.account.name ?? "";
    const words = hasWords(code) ? `${inWords(code, policy)} ` : "";
    lines.push(`review     ${accountId}  ${name}: ${words}${detail} (${code})`);
  }
  return lines;
}

async function closeAll(store: Store, real: Store): Promise<void> {
  await store.close();
  if (store !== real) await real.close();
}

/** Which settings are needed depends on the sources the policy names. */
function configured(): Config {
  const env = environment(process.env);
  const { policyFile } = readConfig(env, connectorSettings);
  const { policy } = readPolicyFile(policyFile);
  // A policy that cannot be read has errors of its own to tell, and names no source yet.
  const unread = existsSync(policyFile) ? [] : crmSettings;
  const sources = policy === null ? unread : crmSettingsFor(policy);
  return readConfig(env, connectorSettings, [...deskSettings, ...sources]);
}

function scopeOf(options: SyncOptions, source: string): SyncScope {
  const { account } = options;
  if (account !== undefined)
    return [account.startsWith(`${source}:`) ? account.slice(source.length + 1) : account];
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

function tell(
  report: SyncReport,
  options: SyncOptions,
  simulating: boolean,
  senders: readonly UnmatchedSender[] | null,
  reviews: readonly string[],
): number {
  if (report.busy) {
    complain(
      "Another process is syncing this CRM right now; nothing was done.\nfix: Wait for it, or look at its log.",
    );
    return EXIT.problems;
  }
  if (options.json === true) sayJson(asJson(report, simulating, senders));
  else
    for (const line of [...senderLines(senders ?? []), ...reportLines(report, options, simulating, reviews)])
      say(line);
  return report.failed.length > 0 || report.held !== null ? EXIT.problems : EXIT.fine;
}

/** The report as one document: counts, then lists. */
export function asJson(
  report: SyncReport,
  simulating: boolean,
  senders: readonly UnmatchedSender[] | null = null,
): object {
  const { intake, organizations, labels, onHold, unmatched, inReview, failed, changes, calls, runId, ms } =
    report;
  const held = report.held?.demotions ?? [];
  const counts = {
    read: intake.read,
    changed: intake.changed,
    unchanged: intake.unchanged,
    gone: intake.gone,
    organizations,
    labels,
    onHold,
    unmatched: unmatched.length,
    inReview: inReview.length,
    failed: failed.length,
    held: held.length,
    waiting: report.waiting,
  };
  const unmatchedSenders = senders === null ? {} : { unmatchedSenders: senders };
  const lists = { unmatched, ...unmatchedSenders, inReview, failed, changes, held };
  return { runId, dryRun: simulating, ...counts, heldBecause: report.held?.reason ?? null, ms, calls, lists };
}

function reportLines(
  report: SyncReport,
  options: SyncOptions,
  simulating: boolean,
  reviews: readonly string[],
): readonly string[] {
  const { intake, changes, unmatched, inReview, failed, calls } = report;
  const lines: string[] = [];
  if (options.dryRun === true && changes.length > 0)
    lines.push(
      table(
        ["account", "where", "what would change"],
        changes.map((c) => [c.name ?? c.accountId, c.target, difference(c.before, c.after)]),
      ),
    );
  if (options.unmatched === true)
    lines.push(...unmatched.map((u) => `unmatched  ${u.accountId}  ${u.name ?? ""}`));
  lines.push(
    ...reviews,
    ...failed.map((f) => `failed     ${f.accountId}  ${f.name ?? ""}: ${f.reason}`),
    ...heldLines(report, options.dryRun === true),
  );
  const written = simulating
    ? `would write ${changes.length}`
    : `organizations written ${report.organizations}, labels written ${report.labels}`;
  lines.push(
    `read ${intake.read}, changed ${intake.changed}, unchanged ${intake.unchanged}, gone ${intake.gone}; ${written}; unmatched ${unmatched.length}, in review ${inReview.length}, failed ${failed.length}${onHold(report)}`,
    `calls: ${
      Object.entries(calls)
        .map(([k, v]) => `${k} ${v}`)
        .join(", ") || "none"
    } in ${(report.ms / 1000).toFixed(1)} s`,
  );
  return lines;
}

/** Accounts of which something was not written, because `undo` had taken it back. */
function onHold({ onHold: accounts }: SyncReport): string {
  return accounts === 0 ? "" : `, held back by an undo ${accounts}`;
}

/** Mail domains of the last 30 days that led to no customer. */
function senderLines(senders: readonly UnmatchedSender[]): readonly string[] {
  return senders.map(
    ({ domain, tickets, examples, why }) =>
      `unmatched  ${domain ?? "no address"}  ${tickets} ticket${tickets === 1 ? "" : "s"} in 30 days (${examples.join(", ")})${why.length === 0 ? "" : `: ${why.join(", ")}`}`,
  );
}

/** Who keeps a tier until a person decides, and what to type. */
function heldLines({ held, waiting }: SyncReport, dry: boolean): readonly string[] {
  const before = `held       ${waiting} records of earlier runs wait for a person: priority-support guard list`;
  if (held === null) return waiting > 0 ? [before] : [];
  const accounts = held.demotions.map(
    (one) => `held       ${one.accountId}  ${one.name ?? ""}: ${one.fromTier} → ${one.toTier}`,
  );
  const next = dry
    ? "These demotions would be held until a person decides."
    : `Nobody was demoted. Decide with priority-support guard approve ${held.runId}, or guard reject ${held.runId}`;
  return [...accounts, `held       ${held.reason} ${next}`];
}

/** The field that goes along with every change and says only when: left out of the table. */
const CHANGED_AT = "changed_at";

function difference(
  before: Readonly<Record<string, string | null>>,
  after: Readonly<Record<string, string | null>>,
): string {
  return Object.keys(after)
    .filter((key) => !key.endsWith(CHANGED_AT))
    .map((key) => `${key}: ${before[key] ?? "–"} → ${after[key] ?? "–"}`)
    .join("\n");
}
