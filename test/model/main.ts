/**
 * The long form of the model test: a hundred thousand runs with a new seed, in several processes.
 *
 * `npm run chaos:model -- --runs 100000 --jobs 2`; `--about`, `--seed` and `--path` play a printed failure again. Exit
 * code 1 when a promise was broken, with the shrunk trace.
 */
import { fork } from "node:child_process";
import { parseArgs } from "node:util";
import { type ExploreOptions, explore, inWords } from "./explore.ts";
import type { Scenario } from "./run.ts";

const USAGE = `npm run chaos:model -- [options]

  --runs N                   default 100000
  --jobs N                   processes at the same time; default 2
  --seed N                   default: drawn and printed
  --about tickets|accounts   only these; default: three runs of four about tickets
  --path P                   begin at this place of the search, as a failure prints it
`;

const SEEDS = 1_000_000_000;
const TICKETS_SHARE = 0.75;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const text = { type: "string" } as const;
  const flags = {
    runs: text,
    jobs: text,
    seed: text,
    about: text,
    path: text,
    help: { type: "boolean" },
  } as const;
  const { values } = parseArgs({ args: [...args], options: flags });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const seed = Number(values.seed ?? Math.floor(Math.random() * SEEDS));
  const runs = Number(values.runs ?? 100_000);
  if (values.about === "tickets" || values.about === "accounts") {
    const path = values.path === undefined ? {} : { path: values.path };
    return one({ about: values.about, seed, runs, ...path });
  }
  return all(runs, Number(values.jobs ?? 2), seed);
}

/** One search in this process. */
async function one(options: ExploreOptions): Promise<number> {
  const { about, seed, runs } = options;
  const began = performance.now();
  const told = await explore({
    ...options,
    progress: (played) => say(`${about}: ${played} of ${runs} runs`),
  });
  const seconds = (performance.now() - began) / 1000;
  const failure = inWords(options, told);
  say(
    `${about}: ${told.runs} runs, seed ${seed}, ${seconds.toFixed(1)} s, ${(told.runs / seconds).toFixed(0)} runs/s`,
  );
  if (failure === null) return 0;
  process.stdout.write(`${failure}\n`);
  return 1;
}

/** The whole search in parts, each with a seed of its own, so many at the same time. */
async function all(runs: number, jobs: number, seed: number): Promise<number> {
  say(`seed ${seed}: ${runs} runs in ${jobs} process(es)`);
  const parts = Math.max(jobs * 2, 4);
  const share = (about: Scenario["about"]): number =>
    Math.ceil((runs * (about === "tickets" ? TICKETS_SHARE : 1 - TICKETS_SHARE)) / (parts / 2));
  const waiting = Array.from({ length: parts }, (_part, index) => {
    const about = index % 2 === 0 ? ("tickets" as const) : ("accounts" as const);
    return ["--about", about, "--runs", String(share(about)), "--seed", String((seed + index) % SEEDS)];
  });
  let worst = 0;
  const work = async (): Promise<void> => {
    for (let args = waiting.shift(); args !== undefined; args = waiting.shift())
      worst = Math.max(worst, await inProcess(args));
  };
  await Promise.all(Array.from({ length: jobs }, work));
  say(worst === 0 ? "every promise was kept" : "a promise was broken");
  return worst;
}

function inProcess(args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    fork(import.meta.filename, args).on("exit", (code) => resolve(code ?? 1));
  });
}
