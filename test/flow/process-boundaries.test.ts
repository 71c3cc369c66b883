/**
 * One service as a black box, killed once at every place of a single ticket's way that can be seen from outside.
 * `npm run chaos -- --boundaries 100` does each of them a hundred times. PROCESS_SEED changes seed and order.
 */
import { beforeAll, expect, test } from "@jest/globals";
import nock from "nock";
import { BOUNDARIES } from "./process/boundaries.ts";
import { tour } from "./process/tour.ts";

const SEED = Number(process.env.PROCESS_SEED ?? 20_261_122);

// Taps and forwarder live by the exact order of a real socket's events; nothing is mocked here.
beforeAll(() => nock.restore());

test("killed at every place of a ticket's way, the service loses no ticket and writes none twice", async () => {
  const { found, tickets, code } = await tour([...BOUNDARIES.single, "false start"], SEED);
  expect(code).toBe(0);
  expect(found).toMatchObject({ wrong: [], undecided: [], doubled: [], unaccounted: [] });
  expect(found.calls.writes / tickets).toBeLessThanOrEqual(1.1);
}, 300_000);
