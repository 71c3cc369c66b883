import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { SqlTable } from "../../src/policy/model.ts";
import { type PostgresServer, postgresPrograms, runSql, startPostgres } from "../store/postgres-server.ts";
import { crmContract } from "./crm-contract.ts";
import { collected, errorOf, running } from "./hubspot-standin.ts";
import { CUSTOMERS, type OpenedSql, sqlAt, sqlWorld } from "./sql-world.ts";

const programs = postgresPrograms();

if (programs) whereInstalled(programs);
else {
  process.stderr.write("\nNOT RUN: queries on PostgreSQL (apt-get install -y postgresql)\n\n");
  test("queries on PostgreSQL are tested wherever the whole suite must pass", () => {
    expect(process.env.CI ? "PostgreSQL is not installed" : "may be left out here").toBe(
      "may be left out here",
    );
  });
}

const TABLE =
  "create table customers (id bigint primary key, name text, plan text, annualrevenue numeric(14,2), changed_at timestamptz)";

function whereInstalled(folder: string): void {
  const held: { server: PostgresServer | null; url: string } = { server: null, url: "" };
  const opened: OpenedSql[] = [];
  beforeAll(async () => {
    held.server = await startPostgres(folder);
    held.url = await held.server.newDatabase();
    await runSql(held.url, TABLE);
  });
  afterEach(async () => {
    for (const crm of opened.splice(0)) await crm.close();
  });
  afterAll(async () => held.server?.remove());
  const write = (statements: string) => runSql(held.url, statements);
  const crmOf = (table: Partial<SqlTable> = {}, columns: readonly string[] = ["plan"], url = held.url) => {
    const crm = sqlAt(url, { table: { ...CUSTOMERS, ...table }, columns });
    opened.push(crm);
    return crm;
  };
  const names = { plan: "plan", turnover: "annualrevenue", label: "priority_label" };
  const lacks = ["deletions", "label", "merges"] as const;
  crmContract("A PostgreSQL table", { ...names, lacks: ["change_feed", ...lacks] }, async () =>
    sqlWorld(held.url, write, "unstamped", write),
  );
  crmContract("A PostgreSQL table with a change column", { ...names, lacks }, async () =>
    sqlWorld(held.url, write, "stamped", write),
  );
  describe("what a PostgreSQL query gives", () => values(crmOf));
  describe("a window of changes", () => windows(crmOf, write));
  describe("what PostgreSQL refuses", () => refusals(crmOf, write, () => held.url));
}

type CrmOf = (table?: Partial<SqlTable>, columns?: readonly string[], url?: string) => OpenedSql;
type Write = (statements: string) => Promise<void>;

function query(text: string): Partial<SqlTable> {
  return { from: { query: text } };
}

function values(crmOf: CrmOf): void {
  test.each([
    ["an amount with its cents", "80400.10::numeric(12,2)", "80400.10"],
    ["a long number", "9007199254740993::bigint", "9007199254740993"],
    ["a day", "date '2026-06-30'", "2026-06-30"],
    ["a moment with a zone", "timestamptz '2026-06-30 23:30:00-05'", "2026-07-01 04:30:00+00:00"],
    ["a moment without one", "timestamp '2026-06-30 23:30:00'", "2026-06-30 23:30:00"],
    ["yes", "true", "true"],
    ["no", "false", "false"],
    ["a list", "array['ENT-SUPPORT', 'a \"b\"', null]", 'ENT-SUPPORT;a "b"'],
    ["nothing", "null::text", null],
  ])("%s stays what it is", async (_what, sql, expected) => {
    const crm = crmOf(query(`select 'k' as id, 'n' as name, ${sql} as plan`));
    expect((await crm.read(["k"], ["plan"], running())).accounts[0]?.values.plan).toBe(expected);
  });

  test("keys of every usual type are found, and texts that cannot be one are just missing", async () => {
    const uuid = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    for (const [sql, id] of [
      ["1::smallint", "1"],
      ["9007199254740993::bigint", "9007199254740993"],
      [`'${uuid}'::uuid`, uuid],
      ["'a\"b\\c,{}'::text", 'a"b\\c,{}'],
      ["1.50::numeric", "1.50"],
    ] as const) {
      const crm = crmOf(query(`select ${sql} as id, 'n' as name, 'Pro' as plan`));
      const asked = sql.includes("numeric") ? [id] : [id, "no-id", "99999999999999999999"];
      const answer = await crm.read(asked, ["plan"], running());
      expect([answer.accounts.map((one) => one.id), answer.missing]).toEqual([[id], asked.slice(1)]);
    }
  });
}

function windows(crmOf: CrmOf, write: Write): void {
  test("2,500 rows that changed in one microsecond are all found, in three questions", async () => {
    await write(
      `delete from customers; insert into customers (id, changed_at)
       select i, timestamptz '2026-06-09 15:00:00.123456Z' from generate_series(1, 2500) i`,
    );
    const crm = crmOf({ updatedAt: "changed_at" });
    const from = Date.UTC(2026, 5, 9, 15);
    const pages = await collected(crm.changes({ from, to: from + 1_000 }, running()));
    expect(new Set(pages.flatMap((page) => page.changed.map((one) => one.id))).size).toBe(2500);
    expect(crm.calls()).toEqual({ query: 3 });
    await write("delete from customers");
  });

  test("a change column without a zone is read in UTC", async () => {
    const crm = crmOf({
      ...query("select 1 as id, 'n' as name, 'Pro' as plan, timestamp '2026-06-09 15:00:00' as seen"),
      updatedAt: "seen",
    });
    const at = Date.UTC(2026, 5, 9, 15);
    expect(await collected(crm.changes({ from: at, to: at }, running()))).toHaveLength(1);
    expect(await collected(crm.changes({ from: at + 1, to: at + 9 }, running()))).toHaveLength(0);
  });

  test("a change column that holds no time is refused by name", async () => {
    const crm = crmOf({
      ...query("select 1 as id, 'n' as name, 'Pro' as plan, 'x'::text as seen"),
      updatedAt: "seen",
    });
    const error = await errorOf(collected(crm.changes({ from: 0, to: 1 }, running())));
    expect([error.name, error.message]).toEqual([
      "NeedsAdmin",
      expect.stringContaining("does not accept the query"),
    ]);
  });
}

function refusals(crmOf: CrmOf, write: Write, url: () => string): void {
  test("a view that takes too long is stopped by the server after ten seconds, and says what to do", async () => {
    await write("create or replace view slow as select 1 as id, 'n' as name, pg_sleep(60)::text as plan");
    const crm = crmOf({ from: { table: "slow" } });
    const error = await errorOf(collected(crm.all(running())));
    expect(error).toMatchObject({ name: "NeedsAdmin", fix: expect.stringContaining("materialized view") });
    expect(error.message).toBe("the query of sql took longer than 10 s and was stopped");
    expect((await crmOf().test()).tenant).toContain("test_1");
  });

  test("a function that writes is refused, and nothing was written", async () => {
    await write(
      `create or replace function sneaky() returns text language sql as $$ insert into customers (id) values (77) returning 'x' $$`,
    );
    const error = await errorOf(
      collected(crmOf(query("select 1 as id, 'n' as name, sneaky() as plan")).all(running())),
    );
    expect([error.name, error.message]).toEqual([
      "NeedsAdmin",
      "sql: the query writes, and only reading is allowed",
    ]);
    expect((await crmOf().read(["77"], ["plan"], running())).missing).toEqual(["77"]);
  });

  test.each([
    ["a table that is not there", { from: { table: "public.custmers" } }, "does not accept the query"],
    [
      "another table's name with a statement in it",
      { from: { table: 'x"; drop table customers; --' } },
      "does not accept",
    ],
    ["two statements", query("select 1 as id; commit; drop table customers"), "is not one SELECT"],
    [
      "a cast that fails",
      query("select ('x' || name)::int as id, name, plan from (values ('a','b')) v(name, plan)"),
      "(22P02)",
    ],
  ])("%s is told with a fix", async (_what, table, message) => {
    const error = await errorOf(collected(crmOf(table).all(running())));
    expect([error.name, error.message]).toEqual(["NeedsAdmin", expect.stringContaining(message)]);
  });

  test("a table that the user may not read names the grant that is missing", async () => {
    await write("drop role if exists reader; create role reader login");
    const crm = crmOf({}, ["plan"], url().replace("app@", "reader@"));
    expect(await errorOf(collected(crm.all(running())))).toMatchObject({
      name: "NeedsAdmin",
      fix: "Grant SELECT on the tables of the query to the user of SQL_URL.",
    });
  });

  test("a server that is not there, or a database that is not, pauses; a password is never shown", async () => {
    const away = await errorOf(crmOf({}, ["plan"], "postgres://app:hunter2@127.0.0.1:1/x").test());
    const unknown = await errorOf(crmOf({}, ["plan"], url().replace(/test_\d+$/, "nowhere")).test());
    expect([away.name, unknown.name]).toEqual(["Paused", "Paused"]);
    expect(`${away.message}${JSON.stringify(away)}`).not.toContain("hunter2");
    expect(unknown).toMatchObject({ fix: "Correct user, password and database in SQL_URL." });
  });
}
