/** The account sync, the brake and the store under seeded schedules, faults and a CRM that goes wrong. */
import { expect, test } from "@jest/globals";
import { explore, inWords, seedOf } from "./explore.ts";

const RUNS = 1_500;
const MOST_MS = 900_000;

test(
  `whatever happens in ${RUNS} runs, every customer ends with the newest tier and nobody is demoted unasked`,
  async () => {
    const options = { about: "accounts" as const, runs: RUNS, seed: seedOf(process.env) };
    process.stderr.write(`model test about accounts: MODEL_SEED=${options.seed}\n`);
    const explored = await explore(options);
    expect(inWords(options, explored)).toBeNull();
    expect(explored.runs).toBe(RUNS);
  },
  MOST_MS,
);
