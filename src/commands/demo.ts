/** `demo`: the main job before your eyes, or as one JSON document; with a scenario, a year of it first. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SyncReport } from "../account-sync.ts";
import { readyPages } from "../demo/console-pages.ts";
import { type Demo, startDemo } from "../demo/demo.ts";
import type { DemoResult } from "../demo/live-tickets.ts";
import { reportsJson, writePages } from "../demo/year-reports.ts";
import { openLog } from "../log.ts";
import { pagesFolder, signInAddress } from "../main-console.ts";
import type { Policy } from "../policy/model.ts";
import { inWords } from "../policy/words.ts";
import { YEAR_VERSIONS, type YearVersion } from "../sandbox/year.ts";
import { yearLines, yearTitle } from "./demo-year.ts";
import { unknown } from "./report.ts";
import { untilSignalled } from "./serve.ts";
import { asJson } from "./sync.ts";
import { colours, complain, EXIT, progress, say, sayJson } from "./terminal.ts";

export interface DemoCommandOptions {
  readonly once?: boolean;
  readonly json?: boolean;
  /** Plays a year first: `faster`, `label-only` or `at-standards-cost`. */
  readonly scenario?: string;
  /** Folder for the pages of the year's reports; left out = a new one in the temporary folder. */
  readonly pages?: string;
}

const SEED = 20_260_622;
const COMPANIES = 120;

/** Plays the demo; exit 1 when an SLA was not as promised, 2 for a scenario there is not. */
export async function demoCommand(options: DemoCommandOptions): Promise<number> {
  const version = YEAR_VERSIONS.find((one) => one === options.scenario) ?? null;
  if (options.scenario !== undefined && version === null)
    return unknown("scenario", options.scenario, YEAR_VERSIONS);
  const json = options.json === true;
  if (!json) for (const line of openingLines(version)) say(line);
  const steps = json ? NO_STEPS : stepsShown();
  const demo = await startDemo({
    seed: SEED,
    companies: COMPANIES,
    log: openLog(process.env.LOG_LEVEL ?? "silent"),
    now: Date.now(),
    scenario: version === null ? null : { version, tickets: null },
    progress: steps.update,
    onTicket: (ticket) => {
      if (!json) for (const line of ticketLines(ticket, demo.policy)) say(line);
    },
  });
  steps.stop();
  try {
    return await show(demo, options, json);
  } finally {
    await demo.stop();
  }
}

function openingLines(version: YearVersion | null): readonly string[] {
  const title = `${colours.bold("priority-support demo")}: a sandbox HubSpot and Zendesk on loopback, the real service between them.`;
  return version === null ? [title, ""] : [title, yearTitle(version), ""];
}

interface Steps {
  readonly update: (step: "setting up" | "year" | "reading" | "writing", done: number) => void;
  readonly stop: () => void;
}

const NO_STEPS: Steps = { update: () => {}, stop: () => {} };
const WEEKS = 52;

/** One bar for counting, another one while a year is played. */
function stepsShown(): Steps {
  const counting = "Setting up the help desk, reading the CRM, writing organizations and labels";
  let bar = progress(counting);
  let inYear = false;
  const change = (year: boolean): void => {
    if (year === inYear) return;
    bar.stop();
    bar = progress(year ? "Playing a year, in weeks" : counting);
    inYear = year;
  };
  return {
    update: (step, done) => {
      change(step === "year");
      if (step === "year") bar.update(Math.ceil(done * WEEKS), WEEKS);
      else bar.update(done);
    },
    stop: () => bar.stop(),
  };
}

async function show(demo: Demo, options: DemoCommandOptions, json: boolean): Promise<number> {
  if (!json) for (const line of [setUpLine(demo.setUp), ...syncLines(demo.synced)]) say(line);
  const tickets = await demo.play();
  const failed = tickets.filter((t) => t.slaVerified === false);
  const pages = pagesOf(demo, options, json);
  if (json) sayJson(documentOf(demo, tickets));
  else for (const line of [...closingLines(demo, tickets), ...reportLines(demo, pages)]) say(line);
  if (options.once !== true && !json) {
    const { store, url } = demo.service;
    await showPages();
    const person = { email: "demo@localhost", role: "admin" as const };
    const signIn = await signInAddress(store, url, person, demo.clock.now());
    say(`\nConsole (signs you in once, within 10 minutes): ${colours.cyan(signIn.url)}`);
    say(
      `\nThe service stays up: ${colours.cyan(`${demo.service.url}/readyz`)}  ${colours.cyan(`${demo.service.url}/metrics`)}  Stop with Ctrl-C.`,
    );
    await untilSignalled();
  }
  if (failed.length > 0)
    complain(
      `SLA not as promised on ${failed.map((t) => t.id).join(", ")}.\nfix: Run with LOG_LEVEL=warn and report it.`,
    );
  return failed.length > 0 ? EXIT.problems : EXIT.fine;
}

/** Where the year's reports lie as pages; none where nobody is told of a folder, and none was named. */
function pagesOf({ reports }: Demo, { pages }: DemoCommandOptions, json: boolean): readonly string[] {
  if (reports === null || (json && pages === undefined)) return [];
  return writePages(reports, pages ?? mkdtempSync(join(tmpdir(), "priority-support-reports-")));
}

function reportLines({ reports }: Demo, pages: readonly string[]): readonly string[] {
  return reports === null ? [] : yearLines(reports, pages, process.stdout.columns ?? 100);
}

/** The first time in a checkout, and after a change, the pages are built: it takes some seconds, so it is said. */
async function showPages(): Promise<void> {
  const ready = await readyPages(pagesFolder(), () => say(colours.dim("\nBuilding the console's pages …")));
  if (ready === "failed")
    complain("The console's pages could not be built.\nfix: npm ci && npm run build:ui");
}

/** The contract's document: what was synced, every ticket, every call. */
function documentOf(demo: Demo, tickets: readonly DemoResult[]): object {
  return {
    synced: asJson(demo.synced, false),
    tickets: tickets.map(({ shows: _shows, subject: _subject, customer: _customer, ...rest }) => rest),
    calls: demo.service.calls(),
    ...(demo.reports === null ? {} : { reports: reportsJson(demo.reports) }),
  };
}

function setUpLine({ objects }: Demo["setUp"]): string {
  return `${colours.green("applied")} ${objects} fields, groups, SLA policies, triggers and views to the help desk, as \`priority-support apply\` does`;
}

function syncLines(report: SyncReport): readonly string[] {
  const { intake, organizations, labels, unmatched, inReview, failed } = report;
  const calls = Object.values(report.calls).reduce((a, b) => a + b, 0);
  return [
    `${colours.green("synced")}  ${intake.read} companies read, ${organizations} organizations and ${labels} labels written in ${calls} calls and ${(report.ms / 1000).toFixed(1)} s`,
    `        ${unmatched.length} without an organization, ${inReview.length} on the review list, ${failed.length} failed\n`,
  ];
}

/** One ticket as a person reads it: who, before → after, the promise, and why. */
export function ticketLines(t: DemoResult, policy: Policy): readonly string[] {
  const tier = policy.tiers.find((x) => x.id === t.tier)?.name ?? "–";
  const head = `${colours.bold(`#${t.id}`)} ${t.subject}  ${colours.dim(`${t.customer} · ${t.ms} ms`)}`;
  const why = t.reasons.map((r) => `    ${colours.dim("·")} ${inWords(r, policy)}`);
  if (t.tier === null) return [head, `    ${colours.yellow("left alone")}`, ...why, ""];
  const tick =
    t.slaVerified === true
      ? colours.green("✓ verified")
      : t.slaVerified === null
        ? colours.dim("not promised")
        : colours.red("✗ not as promised");
  const due = t.firstReplyDueAt === null ? "" : `, first reply due ${t.firstReplyDueAt}`;
  return [
    head,
    `    ${colours.cyan(tier)}  priority ${change(t.before.priority, t.after.priority)}  group ${change(t.before.group, t.after.group)}`,
    `    SLA ${t.slaPolicy ?? "none"}${due}  ${tick}`,
    ...why,
    "",
  ];
}

function change(before: string | null, after: string | null): string {
  return before === after
    ? (after ?? "none")
    : `${colours.dim(before ?? "none")} → ${colours.bold(after ?? "none")}`;
}

function closingLines(demo: Demo, tickets: readonly DemoResult[]): readonly string[] {
  const rewritten = tickets.filter((t) => t.outcome === "written").length;
  const verified = tickets.filter((t) => t.slaVerified === true).length;
  const promised = tickets.filter((t) => t.slaVerified !== null).length;
  const calls = Object.entries(demo.service.calls()).map(
    ([name, classes]) =>
      `${name} ${Object.entries(classes)
        .map(([k, v]) => `${k} ${v}`)
        .join(", ")}`,
  );
  return [
    colours.bold(
      `${tickets.length} tickets: ${rewritten} rewritten, ${tickets.length - rewritten} left as they were; SLA verified on ${verified} of ${promised}.`,
    ),
    colours.dim(`calls: ${calls.join("; ")}`),
  ];
}
