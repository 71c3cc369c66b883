/** The worker, the sweep and the store under seeded schedules, faults and people. */
import { expect, test } from "@jest/globals";
import { explore, inWords, seedOf } from "./explore.ts";

const RUNS = 8_500;
const MOST_MS = 900_000;

test(
  `whatever happens in ${RUNS} runs, no ticket is lost, doubled or taken from a person`,
  async () => {
    const options = { about: "tickets" as const, runs: RUNS, seed: seedOf(process.env) };
    process.stderr.write(`model test about tickets: MODEL_SEED=${options.seed}\n`);
    const explored = await explore(options);
    expect(inWords(options, explored)).toBeNull();
    expect(explored.runs).toBe(RUNS);
  },
  MOST_MS,
);
