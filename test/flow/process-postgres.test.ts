/**
 * Two services on one PostgreSQL as black boxes: killed, paused for longer than a lease and woken up again, while
 * tickets arrive through a load balancer. `npm run chaos` is the long form, with sizes of your choice.
 *
 * PROCESS_SEED changes the seed.
 */
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import nock from "nock";
import { type PostgresServer, postgresPrograms, startPostgres } from "../store/postgres-server.ts";
import { campaign, synced } from "./process/campaign.ts";
import { inWords, reckon } from "./process/reckoning.ts";
import { type Rig, startRig } from "./process/rig.ts";
import type { Trouble } from "./process/troubles.ts";

const SEED = Number(process.env.PROCESS_SEED ?? 20_261_122);
const TICKETS = 120;
const TROUBLES: readonly Trouble[] = ["kill", "pause", "database", "stop", "kill", "stop"];
/** The desk's answers take this long, so that kills fall between a write and its answer. */
const ANSWER_MS = 100;

const ENDED_WELL = { code: 0, ms: true };

// The forwarder lives by the exact order of a real socket's events; nothing is mocked here.
beforeAll(() => nock.restore());

const programs = postgresPrograms();

if (programs === null) {
  process.stderr.write("\nNOT RUN: kills and pauses on PostgreSQL (apt-get install -y postgresql)\n\n");
  test("kills and pauses are tested on PostgreSQL wherever the whole suite must pass", () => {
    expect(process.env.CI ? "PostgreSQL is not installed" : "may be left out here").toBe(
      "may be left out here",
    );
  });
} else
  describe("two services on one PostgreSQL, killed, paused and stopped, their database, too", () => {
    let server: PostgresServer;
    let rig: Rig;
    beforeAll(async () => {
      server = await startPostgres(programs);
      rig = await startRig(
        { perMinute: 100_000, patience: 1, latencyMs: ANSWER_MS },
        { instances: 2, databaseUrl: await server.newDatabase(), forwarder: true, tapped: false },
      );
    }, 180_000);
    afterAll(async () => {
      await rig?.close();
      await server?.remove();
    }, 60_000);

    test("lose no ticket and write none twice, also not the one that wakes up after its lease", async () => {
      const began = performance.now();
      const source = await synced(rig, SEED);
      const { sent, stops } = await campaign(rig, source, {
        tickets: TICKETS,
        perSecond: 20,
        troubles: TROUBLES,
        seed: SEED,
        fellDatabase: async (downMs) => {
          await server.kill();
          await wait(downMs);
          await server.start();
        },
        progress: () => undefined,
      });
      const { code } = await rig.stop();
      const found = await reckon(rig, source, sent);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      process.stdout.write(
        `\n${TICKETS} tickets, ${TROUBLES.join(", ")} in ${seconds} s (seed ${SEED})\n${inWords(found, TICKETS)}\n`,
      );
      expect(code).toBe(0);
      expect(stops.map((stop) => ({ ...stop, ms: stop.ms <= 10_000 }))).toEqual([ENDED_WELL, ENDED_WELL]);
      expect(found).toMatchObject({ wrong: [], undecided: [], doubled: [], unaccounted: [] });
      expect(sent).toHaveLength(TICKETS);
      expect(found.calls.writes / TICKETS).toBeLessThanOrEqual(1.1);
      // The paused instance had tickets in hand: it says what became of them when it woke up.
      expect(rig.log()).toMatch(/lease lost|not settled yet/);
    }, 300_000);
  });
