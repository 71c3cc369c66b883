import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { errorOf } from "../connectors/hubspot-standin.ts";
import { startWorld, type World } from "./world.ts";

const folder = mkdtempSync(join(tmpdir(), "sources-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The demo's policy with ARR from a warehouse first, and everything else from HubSpot. */
const withWarehouse = (text: string): string =>
  `${text.replace(
    "    label: support_tier\n",
    `    label: support_tier
  sql:
    warehouse:
      query: select id, hubspot_id, arr, renewal from arr_by_account
      key: id
      arr: {property: arr, currency: USD}
      renewal_in_progress: renewal
`,
  )}
sources:
  order: {arr: [sql.warehouse, hubspot], "*": [hubspot]}
  join: {sql.warehouse: hubspot_id}
`;

/** The demo's policy with a file as the only CRM. */
const withFile = (text: string): string =>
  text.replace(
    /crm:\n {2}hubspot:\n[\s\S]*?label: support_tier\n/,
    "crm:\n  csv: {key: id, name: company, plan: plan, domains: [domain], contract_end: ends}\n",
  );

function fieldsOf(w: World, role: string): Readonly<Record<string, unknown>> {
  return w.desk.state.organizations.get(w.customer(role).organizationId)?.fields ?? {};
}

async function factsOf(w: World, role: string) {
  const stored = await w.service.store.accounts.get(`hubspot:${w.customer(role).companyId}`);
  if (stored === null) throw new Error(`${role} is not known`);
  return stored.account;
}

const later = (w: World, ms = 1_000): void => w.clock.advanceTo(w.clock.now() + ms);

describe("ARR from a warehouse, everything else from HubSpot", () => {
  const database = new DatabaseSync(join(folder, "warehouse.db"));
  const row = (id: string, role: string, arr: string | null): void => {
    database
      .prepare("insert or replace into arr_by_account (id, hubspot_id, arr) values (?, ?, ?)")
      .run(id, w.customer(role).companyId, arr);
  };
  let w: World;
  beforeAll(async () => {
    w = await startWorld({
      synced: false,
      policy: withWarehouse,
      env: { WAREHOUSE_SQL_URL: `sqlite:${join(folder, "warehouse.db")}` },
    });
  });
  afterAll(async () => {
    await w.close();
    database.close();
  });

  test("a source that was never read stops the first sync: nobody may look poorer than he is", async () => {
    const error = await errorOf(w.service.sync("full"));
    expect([error.name, error.message]).toEqual(["NeedsAdmin", expect.stringContaining("arr_by_account")]);
    expect(await w.service.store.accounts.count()).toBe(0);
  });

  test("each fact comes from the first source that states it, and the tier follows", async () => {
    database.exec(
      "create table arr_by_account (id text primary key, hubspot_id text, arr text, renewal text)",
    );
    // Prospects of the warehouse that are nobody's account.
    for (let n = 0; n < 12; n += 1)
      database.exec(
        `insert into arr_by_account (id, hubspot_id, arr) values ('p${n}', ${n % 2 === 0 ? "null" : "'77'"}, '1')`,
      );
    row("w1", "arr_jpy", "250000.00");
    row("w2", "arr_eur", "");
    row("w3", "plan_messy", "12k");
    const report = await w.service.sync("full");
    expect(report?.failed).toEqual([]);
    expect(await factsOf(w, "arr_jpy")).toMatchObject({
      plan: "Standard",
      arr: { amount: "250000", currency: "USD" },
    });
    expect(fieldsOf(w, "arr_jpy")).toMatchObject({ ps_tier: "ps_tier_enterprise", ps_basis: "arr" });
    // Empty falls through, unreadable does not.
    expect((await factsOf(w, "arr_eur")).arr).toEqual({ amount: "96000", currency: "EUR" });
    expect(await factsOf(w, "plan_messy")).toMatchObject({ arr: null, unreadable: ["arr"] });
    expect((await factsOf(w, "standalone")).arr).not.toBeNull();
  });

  test("again at once changes nothing and reads no record", async () => {
    later(w);
    const before = w.crm.calls();
    const report = await w.service.sync("changed");
    expect([report?.changes, report?.intake.changed]).toEqual([[], 0]);
    expect(w.crm.calls().batch_read).toBe(before.batch_read);
    expect(report?.calls).toMatchObject({ "sql.warehouse.query": 3 });
  });

  test("a change in the warehouse alone reaches the organization without asking HubSpot for the company", async () => {
    const before = w.crm.calls().batch_read;
    row("w4", "standalone", "130000");
    later(w);
    await w.service.sync("changed");
    expect(fieldsOf(w, "standalone")).toMatchObject({ ps_tier: "ps_tier_enterprise", ps_basis: "arr" });
    expect(w.crm.calls().batch_read).toBe(before);
  });

  test("a change in HubSpot alone keeps what the warehouse said", async () => {
    w.crm.setCompany(w.customer("arr_jpy").companyId, { name: "Kumo Shirabe KK", arr: "1" });
    later(w);
    await w.service.sync("changed");
    expect(await factsOf(w, "arr_jpy")).toMatchObject({
      name: "Kumo Shirabe KK",
      arr: { amount: "250000", currency: "USD" },
    });
  });

  test("two rows for one account that disagree are no guess: the fact is unknown and in review", async () => {
    row("w5", "standalone", "7");
    later(w);
    await w.service.sync("changed");
    expect(await factsOf(w, "standalone")).toMatchObject({ arr: null, unreadable: ["arr"] });
  });

  test("rows that are gone let the next source speak, and the days of grace hold the tier", async () => {
    const hubspot = w.crm.state.companies().find((c) => c.id === w.customer("standalone").companyId)
      ?.properties.arr;
    database.exec("delete from arr_by_account where id in ('w4', 'w5')");
    later(w);
    await w.service.sync("changed");
    expect((await factsOf(w, "standalone")).arr?.amount).toBe(hubspot);
    expect(fieldsOf(w, "standalone").ps_tier).toBe("ps_tier_enterprise");
  });

  test("a warehouse that fails later holds nobody up: its last facts stay, and grow old", async () => {
    const confirmed = (await factsOf(w, "arr_jpy")).syncedAt;
    database.exec("alter table arr_by_account rename to away");
    w.crm.setCompany(w.customer("arr_eur").companyId, { plan_tier: "Enterprise" });
    later(w, 60_000);
    const error = await errorOf(w.service.sync("changed"));
    expect(error.name).toBe("NeedsAdmin");
    expect(fieldsOf(w, "arr_eur")).toMatchObject({ ps_basis: "plan" });
    expect((await factsOf(w, "arr_jpy")).arr).toEqual({ amount: "250000", currency: "USD" });
    expect((await factsOf(w, "arr_jpy")).syncedAt).toBe(confirmed);
    database.exec("alter table away rename to arr_by_account");
    later(w, 60_000);
    await w.service.sync("changed");
    expect((await factsOf(w, "arr_jpy")).syncedAt).toBeGreaterThan(confirmed ?? 0);
  });

  test("a warehouse that suddenly has nearly no rows is not believed", async () => {
    database.exec("delete from arr_by_account where id <> 'w1'");
    later(w);
    expect((await errorOf(w.service.sync("changed"))).message).toContain("sql.warehouse gives only 1 rows");
  });
});

describe("a file as the only CRM", () => {
  const path = join(folder, "customers.csv");
  const file = (lines: readonly string[]): void =>
    writeFileSync(path, ["id;company;plan;domain;ends", ...lines].join("\r\n"), "latin1");
  const crowd = Array.from({ length: 9 }, (_one, n) => `9${n};Crowd ${n};Pro;crowd${n}.example;`);
  const aurelia = "1;Aurelia Café;Enterprise;aurelia.example;2027-01-01";
  let w: World;
  beforeAll(async () => {
    w = await startWorld({ synced: false, policy: withFile, env: { CSV_PATH: path } });
  });
  afterAll(() => w.close());

  test("carries tiers onto organizations, and names the lines that cannot be read", async () => {
    file([aurelia, ...crowd, "1;Aurelia again;Free;x.example;"]);
    const report = await w.service.sync("changed");
    expect(fieldsOf(w, "addon_tam")).toMatchObject({ ps_tier: "ps_tier_enterprise", ps_account: "csv:1" });
    expect(report?.failed).toEqual([
      { accountId: "csv:1", name: "customers.csv, line 12", reason: expect.stringContaining("stands twice") },
    ]);
    const { id } = w.desk.createTicket({ from: w.customer("addon_tam").email });
    expect((await w.settled(id)).decision).toMatchObject({ tier: "enterprise" });
  });

  test("again at once reads no line anew and writes nothing; nothing is ever written to the file's side", async () => {
    later(w);
    const report = await w.service.sync("changed");
    expect([report?.intake.changed, report?.intake.unchanged, report?.changes]).toEqual([0, 10, []]);
    expect(report?.labels).toBe(0);
  });

  test("cut short it is refused as a whole, with the way out, and nobody loses anything", async () => {
    file([aurelia]);
    later(w);
    const error = await errorOf(w.service.sync("changed"));
    expect(error).toMatchObject({ name: "NeedsAdmin", fix: expect.stringContaining("CSV_APPROVED_ROWS=1") });
    expect((await w.service.store.accounts.get("csv:91"))?.account.goneOn).toBeNull();
  });

  test("a customer that is really gone is gone, but not while a line cannot even be named", async () => {
    file([aurelia, ...crowd.slice(1), ";no key;Pro;;"]);
    later(w);
    const report = await w.service.sync("changed");
    expect(report?.failed.map((one) => one.name)).toEqual(["customers.csv, line 11"]);
    expect((await w.service.store.accounts.get("csv:90"))?.account.goneOn).toBeNull();
    file([aurelia, ...crowd.slice(1)]);
    later(w);
    await w.service.sync("changed");
    expect((await w.service.store.accounts.get("csv:90"))?.account.goneOn).toBe("2026-06-09");
  });
});
