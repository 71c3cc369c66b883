import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, test } from "@jest/globals";
import { openSqlite } from "../../connectors/sql/sqlite.ts";
import type { SqlTable } from "../../src/policy/model.ts";
import { crmContract } from "./crm-contract.ts";
import { collected, errorOf, running } from "./hubspot-standin.ts";
import { CUSTOMERS, type OpenedSql, sqlAt, sqlWorld } from "./sql-world.ts";

const opened: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

interface File {
  readonly url: string;
  readonly write: (statements: string) => void;
}

function file(): File {
  const folder = mkdtempSync(join(tmpdir(), "sql-"));
  const path = join(folder, "customers.db");
  const db = new DatabaseSync(path);
  db.exec(
    "create table customers (id integer primary key, name text, plan text, annualrevenue real, changed_at text)",
  );
  opened.push(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });
  return { url: `sqlite:${path}`, write: (statements) => db.exec(statements) };
}

function crmOf(
  { url }: File,
  table: Partial<SqlTable> = {},
  columns: readonly string[] = ["plan"],
): OpenedSql {
  const crm = sqlAt(url, { table: { ...CUSTOMERS, ...table }, columns });
  opened.push(crm.close);
  return crm;
}

const query = (text: string): Partial<SqlTable> => ({ from: { query: text } });

const NAMES = { plan: "plan", turnover: "annualrevenue", label: "priority_label" };
const LACKS = ["deletions", "label", "merges"] as const;

crmContract("A SQLite table", { ...NAMES, lacks: ["change_feed", ...LACKS] }, async () => {
  const { url, write } = file();
  return sqlWorld(url, write, "unstamped", () => undefined);
});

crmContract("A SQLite table with a change column", { ...NAMES, lacks: LACKS }, async () => {
  const { url, write } = file();
  return sqlWorld(url, write, "stamped", () => undefined);
});

describe("what a SQLite query gives", () => {
  test("is text: cents, long numbers, days and NULL stay what they are", async () => {
    const database = file();
    database.write(
      "create table odd as select '9007199254740993' as id, 80400.005 as arr, 12 as whole, '2026-06-30' as day, null as missing, 9007199254740993 as long",
    );
    const columns = ["arr", "whole", "day", "missing", "long"];
    const crm = crmOf(database, { from: { table: "odd" }, name: null }, columns);
    const { accounts } = await crm.read(["9007199254740993"], columns, running());
    expect(accounts[0]?.values).toEqual({
      arr: "80400.005",
      whole: "12",
      day: "2026-06-30",
      missing: null,
      long: "9007199254740993",
    });
  });

  test("more rows than a page holds are all seen, also when all changed in one moment", async () => {
    const database = file();
    database.write(
      `insert into customers (id, plan, changed_at) with recursive n(i) as (select 1 union all select i + 1 from n where i < 2500)
       select i, 'Pro', '2026-06-09 15:00:00' from n`,
    );
    const crm = crmOf(database, { updatedAt: "changed_at" });
    const at = Date.UTC(2026, 5, 9, 15);
    const inWindow = await collected(crm.changes({ from: at, to: at }, running()));
    const all = await collected(crm.all(running()));
    expect(new Set(inWindow.flatMap((page) => page.changed.map((one) => one.id))).size).toBe(2500);
    expect(new Set(all.flatMap((page) => page.changed.map((one) => one.id))).size).toBe(2500);
    expect(crm.calls()).toEqual({ query: 7 });
  });

  test("a key that stands twice is named; rows that differ are not believed, and nobody is missing", async () => {
    const database = file();
    database.write("insert into customers (id, plan) values (1, 'Pro'), (2, 'Pro')");
    const twice =
      "select id, name, plan from customers union all select 1, name, 'Free' from customers where id = 1";
    const crm = crmOf(database, query(twice));
    const pages = await collected(crm.all(running()));
    expect(pages.flatMap((page) => page.changed.map((one) => one.id))).toEqual(["1", "2"]);
    expect(pages.flatMap((page) => page.refused ?? [])).toEqual([
      { id: "1", where: "sql", reason: expect.stringContaining("stands twice") },
    ]);
    const read = await crm.read(["1", "2"], ["plan"], running());
    expect([read.accounts.map((one) => one.id), read.missing]).toEqual([["2"], []]);
  });

  test("rows without a key are told, so that nobody is taken for gone", async () => {
    const database = file();
    database.write("insert into customers (id) values (1)");
    const crm = crmOf(
      database,
      query("select id, name, plan from customers union all select null, 'x', 'Pro'"),
    );
    const pages = await collected(crm.all(running()));
    expect(pages.flatMap((page) => page.refused ?? []).map((one) => one.id)).toEqual([null]);
  });
});

describe("what cannot be asked of SQLite", () => {
  test.each([
    ["a table that is not there", { from: { table: "custmers" } }, "no such table: custmers"],
    ["a key that is not there", { key: "ID2" }, "sql has no column `ID2`; it has id, name, plan"],
    ["two statements", query("select 1 as id; drop table customers"), "is not one SELECT"],
    ["a change", query("delete from customers returning id"), "is not one SELECT"],
    ["something else than SQL", query("with"), "does not accept the query"],
  ])("%s is refused with a fix", async (_what, table, message) => {
    const error = await errorOf(crmOf(file(), table).test());
    expect([error.name, error.message]).toEqual(["NeedsAdmin", expect.stringContaining(message)]);
  });

  test("names and ids never become SQL", async () => {
    const database = file();
    database.write(
      `insert into customers (id, plan) values (1, 'Pro'); alter table customers add column "a""b;--" text`,
    );
    const crm = crmOf(database, {}, ['a"b;--', "plan"]);
    const hostile = "1' or '1'='1";
    const { accounts, missing } = await crm.read([hostile, "1"], ["plan"], running());
    expect([accounts.map((one) => one.id), missing]).toEqual([["1"], [hostile]]);
  });

  test("a semicolon, a comment or a quote inside the query does no harm", async () => {
    const database = file();
    database.write("insert into customers (id, plan) values (1, 'a;b')");
    const crm = crmOf(
      database,
      query("/* all; */ select id, name, plan from customers where plan = 'a;b'; -- end"),
    );
    expect((await collected(crm.all(running()))).flatMap((page) => page.changed)).toHaveLength(1);
  });

  test("a file that is not there, or is none, is refused with a fix and is not made", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sql-"));
    opened.push(() => rmSync(folder, { recursive: true }));
    writeFileSync(
      join(folder, "text.db"),
      "this is no database, it is a text of some length, long enough for a header",
    );
    for (const name of ["none.db", "text.db"]) {
      const crm = sqlAt(`sqlite:${join(folder, name)}`);
      opened.push(crm.close);
      const error = await errorOf(crm.test());
      expect([error.name, error.message]).toEqual(["NeedsAdmin", expect.stringContaining("SQLite file")]);
    }
  });

  test("a query that never ends is stopped, says what to do, and the next one is answered", async () => {
    const database = file();
    const engine = openSqlite(database.url.slice("sqlite:".length), "sql", 300);
    opened.push(engine.close);
    const endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";
    const error = await errorOf(engine.ask(endless, []));
    expect(error).toMatchObject({ name: "NeedsAdmin", fix: expect.stringContaining("index") });
    expect((await engine.ask("select count(*) from customers", [])).rows).toEqual([["0"]]);
  });
});
