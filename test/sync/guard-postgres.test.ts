import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { approveRun } from "../../src/sync/guard-decision.ts";
import { type PostgresServer, postgresPrograms, startPostgres } from "../store/postgres-server.ts";
import { type GuardWorld, startGuardWorld } from "./guard-world.ts";

const programs = postgresPrograms();

if (programs) whereInstalled(programs);
else {
  process.stderr.write("\nNOT RUN: the brake on PostgreSQL (apt-get install -y postgresql)\n\n");
  test("the brake is tried on PostgreSQL wherever the whole suite must pass", () => {
    expect(process.env.CI ? "PostgreSQL is not installed" : "may be left out here").toBe(
      "may be left out here",
    );
  });
}

function whereInstalled(folder: string): void {
  describe("the brake on PostgreSQL", () => {
    let server: PostgresServer;
    let w: GuardWorld;
    beforeAll(async () => {
      server = await startPostgres(folder);
      w = await startGuardWorld({ databaseUrl: await server.newDatabase() });
    }, 60_000);
    afterAll(async () => {
      await w.close();
      await server.remove();
    });

    test("holds a wave, keeps what is shown, and lets it through after one approval", async () => {
      const before = w.shown();
      const paying = ["pro", "enterprise", "enterprise_support"].flatMap((tier) => w.having(tier));
      for (const id of paying) w.crm.setCompany(id, { account_status: "Unpaid" });
      const report = await w.sync();
      expect(report.held?.demotions.length).toBeGreaterThan(20);
      expect([report.changes, w.lowered(before)]).toEqual([[], []]);
      await w.restart();
      expect((await w.sync("full")).held).toBeNull();
      const [run] = await w.store.guard.waiting();
      if (run === undefined) throw new Error("nothing waits");
      await approveRun({ store: w.store, clock: w.clock, patienceMs: 5_000 }, run, "kim");
      expect((await w.sync()).held).toBeNull();
      expect(paying.filter((id) => !w.having("standard").includes(id))).toEqual([]);
    }, 60_000);
  });
}
