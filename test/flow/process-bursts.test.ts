/**
 * One service as a black box, flooded with tickets and killed once at every place of a job that can be seen from
 * outside: on its way, queued, applied with its answer lost, looked at, read back. PROCESS_SEED changes seed and order.
 */
import { beforeAll, expect, test } from "@jest/globals";
import nock from "nock";
import { BOUNDARIES } from "./process/boundaries.ts";
import { tour } from "./process/tour.ts";

const SEED = Number(process.env.PROCESS_SEED ?? 20_261_122);

// Taps and forwarder live by the exact order of a real socket's events; nothing is mocked here.
beforeAll(() => nock.restore());

test("killed at every place of a job, the service loses none of its tickets and writes none twice", async () => {
  const { found, tickets, code } = await tour(BOUNDARIES.together, SEED);
  expect(code).toBe(0);
  expect(found).toMatchObject({ wrong: [], undecided: [], doubled: [], unaccounted: [] });
  // A job each, at least; and what they had done before the kill was recognised, not done again.
  expect(found.calls.jobs).toBeGreaterThanOrEqual(BOUNDARIES.together.length);
  expect(found.recognised).toBeGreaterThan(100);
  expect(found.calls.writes / tickets).toBeLessThanOrEqual(1.1);
}, 400_000);
