/**
 * The long form of the black-box runs: thousands of tickets while the service is killed again and again.
 *
 * `npm run chaos -- --store postgres --instances 2 --tickets 1000 --kills 10`; exit code 1 when anything was lost or
 * doubled, or more than 1.10 writes a ticket were asked for.
 */
import { setTimeout as pause } from "node:timers/promises";
import { type Course, campaign, synced } from "../flow/process/campaign.ts";
import { inWords, type Reckoning, reckon } from "../flow/process/reckoning.ts";
import { startRig } from "../flow/process/rig.ts";
import { type PostgresServer, postgresPrograms, startPostgres } from "../store/postgres-server.ts";
import { type ChaosOptions, optionsOf, troublesOf, USAGE } from "./options.ts";

/** Above this, restarts repeat calls that they could have recognised as done. */
const MOST_WRITES = 1.1;
const SEEDS = 1_000_000_000;
const MOST_STOP_MS = 10_000;
/** How long a job of the help desk takes, so that there is something to be killed in. */
const JOB_MS = 300;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    process.stdout.write(USAGE);
    return 0;
  }
  let options: ChaosOptions;
  try {
    options = optionsOf(args, Math.floor(Math.random() * SEEDS));
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return 2;
  }
  const programs = postgresPrograms();
  if (options.store === "sqlite") return run(options, null);
  if (programs === null) {
    say("PostgreSQL is not installed.\nfix: apt-get install -y postgresql, or leave out --store postgres.");
    return 2;
  }
  const server = await startPostgres(programs);
  try {
    return await run(options, server);
  } finally {
    await server.remove();
  }
}

async function run(options: ChaosOptions, server: PostgresServer | null): Promise<number> {
  const { seed, tickets, perSecond, instances, latencyMs } = options;
  const databaseUrl = (await server?.newDatabase()) ?? null;
  const rig = await startRig(
    { perMinute: 1_000_000, patience: 2, latencyMs, jobMs: JOB_MS },
    { instances, databaseUrl, forwarder: true, tapped: options.times.boundaries > 0 },
  );
  try {
    const source = await synced(rig, seed);
    const began = performance.now();
    const since = (): string => `${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s`;
    say(`seed ${seed}: ${tickets} tickets on ${options.store}, ${instances} instance(s)`);
    const course = await campaign(rig, source, {
      tickets,
      perSecond,
      troubles: troublesOf(options),
      seed,
      fellDatabase: async (downMs) => {
        await server?.kill();
        await pause(downMs);
        await server?.start();
      },
      progress: (line) => say(`${since()}  ${line}`),
    });
    const seconds = (performance.now() - began) / 1000;
    const { code } = await rig.stop();
    const found = await reckon(rig, source, course.sent);
    return verdict(options, course, found, { seconds, code });
  } catch (error) {
    say(rig.log().slice(-4_000));
    throw error;
  } finally {
    await rig.close();
  }
}

/** Prints the table of figures; 0 when every promise was kept. */
function verdict(
  { store, instances, times, seed }: ChaosOptions,
  { sent, stops }: Course,
  found: Reckoning,
  end: { readonly seconds: number; readonly code: number | null },
): number {
  const { unaccounted, undecided, doubled, wrong, calls } = found;
  const writes = calls.writes / sent.length;
  const slow = stops.filter(({ code, ms }) => code !== 0 || ms > MOST_STOP_MS);
  const rows: readonly (readonly [string, string | number])[] = [
    ["store", store],
    ["instances", instances],
    ["tickets", sent.length],
    ...Object.entries(times).filter(([, count]) => count > 0),
    ["lost", unaccounted.length + undecided.length],
    ["doubled", doubled.length],
    ["not as the policy says", wrong.length],
    ["writes a ticket", writes.toFixed(3)],
    ["reads a ticket", (calls.reads / sent.length).toFixed(3)],
    ["jobs", calls.jobs],
    ["recognised as written before", found.recognised],
    ["longest stop, ms", stops.length === 0 ? "-" : Math.max(...stops.map(({ ms }) => ms))],
    ["seconds", end.seconds.toFixed(1)],
    ["seed", seed],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  process.stdout.write(`\n${rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n")}\n\n`);
  process.stdout.write(`${inWords(found, sent.length)}\n`);
  const bad = [...unaccounted, ...undecided, ...doubled, ...wrong.slice(0, 5), ...slow];
  if (bad.length > 0) say(JSON.stringify(bad, null, 2));
  if (end.code !== 0) say(`the service ended with ${end.code} after SIGTERM`);
  return bad.length === 0 && writes <= MOST_WRITES && end.code === 0 ? 0 : 1;
}
