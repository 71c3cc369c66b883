import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { StoreUnavailable } from "../../src/errors.ts";
import { reportDesk } from "../../src/main-reports.ts";
import type { Store } from "../../src/ports.ts";
import { REPORT_NAMES } from "../../src/report/reports.ts";
import { openStore } from "../../src/store/open.ts";
import { moment, policy } from "../builders.ts";
import { storeContract } from "./contract.ts";
import { delivery, type Opened } from "./kit.ts";
import { type PostgresServer, postgresPrograms, runSql, startPostgres } from "./postgres-server.ts";
import { ticketFact } from "./report-promises.ts";

const silent = { warn: () => undefined };
const programs = postgresPrograms();

if (programs) whereInstalled(programs);
else {
  process.stderr.write("\nNOT RUN: PostgreSQL store (apt-get install -y postgresql)\n\n");
  test("the PostgreSQL store is tested wherever the whole suite must pass", () => {
    expect(process.env.CI ? "PostgreSQL is not installed" : "may be left out here").toBe(
      "may be left out here",
    );
  });
}

function whereInstalled(folder: string): void {
  describe("with a server of its own", () => {
    // Its machine never loses power: a new database for every promise need not reach the disk.
    const server = serverIn(folder, ["fsync=off"]);
    storeContract("PostgreSQL", async () => opened(await server().newDatabase()));
  });
  // Another one: after a crash a server syncs every file of every database the tests before have made.
  describe("the PostgreSQL server", () => serverPromises(serverIn(folder)));
}

function serverIn(folder: string, settings: readonly string[] = []): () => PostgresServer {
  let running: PostgresServer | null = null;
  beforeAll(async () => {
    running = await startPostgres(folder, settings);
  });
  afterAll(async () => {
    await running?.remove();
    running = null;
  });
  return () => {
    if (!running) throw new Error("PostgreSQL is not running");
    return running;
  };
}

async function opened(url: string): Promise<Opened> {
  const stores: Store[] = [];
  const another = async () => {
    const store = await openStore(url, silent);
    stores.push(store);
    return store;
  };
  const close = async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  };
  return {
    url,
    store: await another(),
    another,
    reopen: async () => {
      await close();
      return another();
    },
    sql: (statements) => runSql(url, statements),
    close,
  };
}

function serverPromises(server: () => PostgresServer): void {
  test("two instances that start at once make one schema between them", async () => {
    const url = await server().newDatabase();
    const stores = await Promise.all([openStore(url, silent), openStore(url, silent)]);
    const answers = await Promise.all(stores.map((store) => store.inbox.accept(delivery("a"), "live", 0)));
    await Promise.all(stores.map((store) => store.close()));
    expect(answers.toSorted()).toEqual(["repeat", "stored"]);
  });

  test("a server that dies under load loses nothing acknowledged, and is used again as soon as it is back", async () => {
    const { store, close } = await opened(await server().newDatabase());
    const acknowledged: string[] = [];
    const refused: unknown[] = [];
    const accept = (key: string) =>
      store.inbox.accept(delivery(key), "live", 0).then(
        () => acknowledged.push(key),
        (error: unknown) => refused.push(error),
      );
    for (const round of ["a", "b", "c"]) {
      const load = Array.from({ length: 4000 }, (_, n) => accept(`${round} ${n}`));
      await load[0];
      await server().kill();
      await Promise.all(load);
      await expect(store.inbox.accept(delivery(`${round} down`), "live", 0)).rejects.toThrow(
        StoreUnavailable,
      );
      await expect(store.inbox.backlog()).rejects.toThrow(StoreUnavailable);
      await server().start();
      expect(await store.inbox.accept(delivery(`${round} back`), "live", 0)).toBe("stored");
    }
    for (const error of refused) expect(error).toBeInstanceOf(StoreUnavailable);
    expect(acknowledged.length).toBeGreaterThanOrEqual(3);
    const again = await Promise.all(acknowledged.map((key) => store.inbox.accept(delivery(key), "live", 0)));
    expect(again.filter((answer) => answer !== "repeat")).toEqual([]);
    await close();
  });

  test("a server that is not there is a store that cannot be opened", async () => {
    await expect(openStore("postgres://app@127.0.0.1:1/none", silent)).rejects.toThrow(StoreUnavailable);
  });

  test("a database that refuses writes answers unavailable and recovers", async () => {
    const url = await server().newDatabase();
    const { store, close } = await opened(url);
    const name = new URL(url).pathname.slice(1);
    const cutOff = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = '${name}' and pid <> pg_backend_pid()`;
    await runSql(url, `alter database ${name} set default_transaction_read_only = on; ${cutOff}`);
    await expect(store.inbox.accept(delivery("a"), "live", 0)).rejects.toThrow(StoreUnavailable);
    await expect(store.inbox.accept(delivery("a"), "live", 0)).rejects.toThrow(StoreUnavailable);
    await runSql(
      url,
      `begin read write; alter database ${name} set default_transaction_read_only = off; commit; ${cutOff}`,
    );
    await store.inbox.accept(delivery("b"), "live", 0).catch(() => undefined);
    expect(await store.inbox.accept(delivery("a"), "live", 0)).toBe("stored");
    await close();
  });

  test("every report is made beside the service, over a connection of its own", async () => {
    const url = await server().newDatabase();
    const { store, close } = await opened(url);
    const at = moment("2026-06-09T15:00:00Z");
    await store.facts.putTickets([ticketFact("35436", { createdAt: at - 3_600_000 })]);
    const rules = policy();
    const desk = reportDesk(
      url,
      () => rules,
      () => at,
    );
    const told = REPORT_NAMES.map(async (name) => {
      const window = { from: at - 86_400_000, until: at };
      const order = { name, window, zone: "UTC", at, money: "shown", form: "figures", enter: [] } as const;
      return [name, JSON.parse((await desk.order(name, order)) ?? "null").frame.name];
    });
    expect(await Promise.all(told)).toEqual(REPORT_NAMES.map((name) => [name, name]));
    await desk.stop();
    await close();
  });

  test("settings that could lose acknowledged webhooks are warned of", async () => {
    const url = await server().newDatabase();
    const warnings: string[] = [];
    const warned = { warn: (message: string) => void warnings.push(message) };
    await (await openStore(url, warned)).close();
    expect(warnings).toEqual([]);
    await runSql(url, `alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = off`);
    await (await openStore(url, warned)).close();
    expect(warnings).toEqual([expect.stringContaining("synchronous_commit = off")]);
  });
}
