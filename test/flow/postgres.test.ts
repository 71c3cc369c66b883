import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { connectorSettings } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { silent } from "../../src/log.ts";
import { type Service, startService } from "../../src/main.ts";
import { type PostgresServer, postgresPrograms, startPostgres } from "../store/postgres-server.ts";
import { startWorld, type World } from "./world.ts";

const programs = postgresPrograms();

if (programs === null) {
  process.stderr.write("\nNOT RUN: flows on PostgreSQL (apt-get install -y postgresql)\n\n");
  test("the flows are tested on PostgreSQL wherever the whole suite must pass", () => {
    expect(process.env.CI ? "PostgreSQL is not installed" : "may be left out here").toBe(
      "may be left out here",
    );
  });
} else
  describe("two services on one PostgreSQL", () => {
    let server: PostgresServer;
    let w: World;
    let second: Service;
    beforeAll(async () => {
      server = await startPostgres(programs);
      w = await startWorld({ env: { DATABASE_URL: await server.newDatabase() } });
      const config = readConfig({ ...w.env, PORT: "0" }, connectorSettings);
      second = await startService(config, {
        simulate: false,
        setup: false,
        clock: w.clock,
        log: silent,
        syncEveryMs: 0,
      });
    });
    afterAll(async () => {
      await second?.stop();
      await w?.close();
      await server?.remove();
    });

    test("share the work: every ticket is decided and written exactly once", async () => {
      const roles = ["addon_tam", "arr_eur", "arr_jpy", "on_hold"];
      const ids = Array.from(
        { length: 24 },
        (_, i) => w.desk.createTicket({ from: w.customer(roles[i % 4] ?? "").email }).id,
      );
      const records = await Promise.all(ids.map((id) => w.settled(id)));
      expect(records.map((r) => [r.state, r.verification?.code])).toEqual(
        ids.map(() => ["written", "sla_attached"]),
      );
      const puts = ids.map(
        (id) => w.desk.journal.filter((e) => e.method === "PUT" && e.path === `/api/v2/tickets/${id}`).length,
      );
      expect(puts).toEqual(ids.map(() => 1));
    });

    test("one of them syncs at a time", async () => {
      w.clock.advanceTo(w.clock.now() + 60_000);
      const reports = await Promise.all([w.service.sync("full"), second.sync("full")]);
      expect(reports.filter((r) => r?.busy === false).length).toBeGreaterThanOrEqual(1);
      expect(reports.flatMap((r) => r?.failed ?? [])).toEqual([]);
    });

    test("the work of one that stops is finished by the other", async () => {
      const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
      await second.stop();
      expect((await w.settled(id)).state).toBe("written");
    });
  });
