/** The model can fail: it notices each way in which the product is broken at its ports. */
import { describe, expect, test } from "@jest/globals";
import { BREAKAGES } from "./breakages.ts";
import { explore, seedOf } from "./explore.ts";

/** Within so many runs of the thousands that are played. */
const RUNS = 1_000;
const MOST_MS = 300_000;

describe("the model notices when", () => {
  test.each(BREAKAGES)(
    "$name",
    async ({ about, broken, noticed }) => {
      const { failure } = await explore({
        about,
        broken,
        runs: RUNS,
        seed: seedOf(process.env),
        shrink: false,
      });
      expect(failure?.broken.join("\n")).toMatch(noticed);
    },
    MOST_MS,
  );
});
