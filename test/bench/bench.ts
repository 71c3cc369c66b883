/**
 * `npm run bench`: the figures the product is measured by, in one run on one machine.
 *
 *   npm run bench                     everything, about 20 minutes
 *   npm run bench -- --quick          the same on a smaller scale and without the burst, under three minutes
 *   npm run bench -- --only ack,kills some of it: decide, ack, tickets, accounts, reports, burst, kills
 *   npm run bench -- --accounts 200000
 *
 * Prints each figure as it is measured (stderr) and all of them in one table at the end (stdout), keeps report.json beside
 * this file up to date meanwhile, exits 1 when a count breaks its bound. Times are reported beside
 * a baseline of the same run and never fail it: they say as much about the machine as about the product.
 */
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measureAccounts } from "./figure-accounts.ts";
import { measureAck } from "./figure-ack.ts";
import { measureBurst } from "./figure-burst.ts";
import { measureDecide } from "./figure-decide.ts";
import { measureKills } from "./figure-kills.ts";
import { measureReports } from "./figure-reports.ts";
import { measureTickets } from "./figure-tickets.ts";
import { load, type Measured, machine, passes, type Report, type Row, row, tableOf } from "./report.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));

const SAY_EVERY_MS = 30_000;

interface Options {
  readonly quick: boolean;
  readonly only: readonly string[];
  readonly accounts: number;
  readonly tickets: number;
  readonly kills: number;
}

await main();

async function main(): Promise<void> {
  const options = optionsOf();
  const [began, loadAtStart] = [performance.now(), load()];
  installPeer();
  const rows: Row[] = [];
  const details: Record<string, unknown> = {};
  const wanted = Object.entries(figures(options)).filter(
    ([name]) => options.only.length === 0 || options.only.includes(name),
  );
  const report = (complete: boolean): Report => ({
    at: new Date().toISOString(),
    mode: options.quick ? "quick" : "full",
    complete,
    machine: machine(loadAtStart),
    seconds: secondsSince(began),
    passed: passes(rows),
    rows,
    details,
  });
  for (const [at, [name, measure]] of wanted.entries()) {
    const measured = await watched(`${name} (${at + 1} of ${wanted.length})`, () => orNot(name, measure));
    rows.push(...measured.rows);
    details[name] = measured.details;
    process.stderr.write(`${tableOf(measured.rows)}\n`);
    keep(report(false));
  }
  const whole = report(true);
  keep(whole);
  process.stdout.write(`${tableOf(rows)}\n\n${summary(whole)}\n`);
  process.exitCode = whole.passed ? 0 : 1;
}

/** What was measured so far outlives a run that is broken off. */
function keep(report: Report): void {
  writeFileSync(`${HERE}report.json`, `${JSON.stringify(report, null, 2)}\n`);
}

/** Says that a figure is being measured, every half a minute that it still is, and how long it took. */
async function watched<T>(name: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const say = (what: string): void => void process.stderr.write(`${name}: ${what}\n`);
  say("begins");
  const ticking = setInterval(() => say(`${secondsSince(began)} s so far`), SAY_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(ticking);
    say(`took ${secondsSince(began)} s`);
  }
}

function secondsSince(began: number): number {
  return Math.round((performance.now() - began) / 1000);
}

function optionsOf(): Options {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", default: "" },
      accounts: { type: "string" },
      tickets: { type: "string" },
      kills: { type: "string" },
    },
  });
  const { quick } = values;
  return {
    quick,
    only: values.only.split(",").filter((name) => name !== ""),
    accounts: Number(values.accounts ?? (quick ? 20_000 : 1_000_000)),
    tickets: Number(values.tickets ?? (quick ? 120 : 10_000)),
    kills: Number(values.kills ?? (quick ? 3 : 50)),
  };
}

/** In this order: what is sensitive to a busy machine first. */
function figures(options: Options): Readonly<Record<string, () => Measured | Promise<Measured>>> {
  const { quick, accounts, tickets, kills } = options;
  return {
    decide: measureDecide,
    ack: () => measureAck(quick),
    tickets: () => measureTickets(quick),
    accounts: () => measureAccounts(quick, accounts),
    reports: () => measureReports(quick),
    ...(quick ? {} : { burst: () => measureBurst() }),
    kills: () => measureKills(tickets, kills),
  };
}

/** A figure that cannot be measured fails the run, and does not keep the others from being measured. */
async function orNot(name: string, measure: () => Measured | Promise<Measured>): Promise<Measured> {
  try {
    return await measure();
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${name} could not be measured: ${why}\n`);
    const failed = row({
      figure: name,
      what: "could not be measured",
      value: 1,
      unit: "",
      bound: { most: 0 },
      kind: "count",
    });
    return { rows: [failed], details: { why } };
  }
}

/** The naive peer's packages are not the product's: they are fetched when they are first needed. */
function installPeer(): void {
  if (existsSync(`${HERE}node_modules/zendesk-node-api`)) return;
  try {
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: HERE,
      stdio: "ignore",
    });
  } catch {
    process.stderr.write("the naive peer's packages cannot be installed\nfix: npm ci --prefix test/bench\n");
  }
}

function summary({ machine: on, passed, seconds, mode }: Report): string {
  const where = `${on.cores} cores, ${on.memoryGb} GB, Node ${on.node}, load ${on.loadAtStart} at the start and ${on.loadAtEnd} at the end`;
  const busy = Math.max(on.loadAtStart, on.loadAtEnd) > on.cores;
  const warning = busy ? "\nThe machine was busy with other work: take the ratios, not the times." : "";
  return `${mode} run, ${seconds} s, ${where}.${warning}\n${passed ? "Every count is within its bound." : "A count breaks its bound (MISSED above)."}`;
}
