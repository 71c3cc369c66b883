/**
 * Two services on one PostgreSQL as black boxes: killed, paused for longer than a lease and woken up again, while
 * tickets arrive through a load balancer. `npm run chaos` is the long form, with sizes of your choice.
 *
 * PROCESS_SEED changes the seed.
 */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type PostgresServer, postgresPrograms, startPostgres } from "../store/postgres-server.ts";
import { campaign, synced, type Trouble } from "./process/campaign.ts";
import { inWords, reckon } from "./process/reckoning.ts";
import { type Rig, startRig } from "./process/rig.ts";

const SEED = Number(process.env.PROCESS_SEED ?? 20_261_122);
const TICKETS = 120;
const TROUBLES: readonly Trouble[] = ["kill", "pause", "kill", "kill", "kill"];
/** The desk's answers take this long, so that kills fall between a write and its answer. */
const ANSWER_MS = 100;

const programs = postgresPrograms();

if (programs === null) {
  process.stderr.write("\nNOT RUN: kills and pauses on PostgreSQL (apt-get install -y postgresql)\n\n");
  test("kills and pauses are tested on PostgreSQL wherever the whole suite must pass", () => {
    expect(process.env.CI ? "PostgreSQL is not installed" : "may be left out here").toBe(
      "may be left out here",
    );
  });
} else
  describe("two services on one PostgreSQL, killed and paused", () => {
    let server: PostgresServer;
    let rig: Rig;
    beforeAll(async () => {
      server = await startPostgres(programs);
      rig = await startRig(
        { perMinute: 100_000, patience: 2, latencyMs: ANSWER_MS },
        { instances: 2, databaseUrl: await server.newDatabase(), forwarder: true },
      );
    }, 60_000);
    afterAll(async () => {
      await rig?.close();
      await server?.remove();
    }, 60_000);

    test("lose no ticket and write none twice, also not the one that wakes up after its lease", async () => {
      const began = performance.now();
      const source = await synced(rig, SEED);
      const sent = await campaign(rig, source, {
        tickets: TICKETS,
        perSecond: 20,
        troubles: TROUBLES,
        seed: SEED,
        fellDatabase: async () => undefined,
        progress: () => undefined,
      });
      const { code } = await rig.stop();
      const found = await reckon(rig, source, sent);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      process.stdout.write(
        `\n${TICKETS} tickets, 4 kills and a pause in ${seconds} s (seed ${SEED})\n${inWords(found, TICKETS)}\n`,
      );
      expect(code).toBe(0);
      expect(found).toMatchObject({ wrong: [], undecided: [], doubled: [], unaccounted: [] });
      expect(sent).toHaveLength(TICKETS);
      expect(found.calls.writes / TICKETS).toBeLessThanOrEqual(1.1);
      // The paused instance had tickets in hand: it says what became of them when it woke up.
      expect(rig.log()).toMatch(/lease lost|not settled yet/);
    }, 180_000);
  });
