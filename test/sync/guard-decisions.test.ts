import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { silent } from "../../src/log.ts";
import { approveRun, rejectRun, waitingRun } from "../../src/sync/guard-decision.ts";
import { detailsOf } from "../../src/sync/guard-listing.ts";
import { openBrake } from "../../src/sync/guard-step.ts";
import { type GuardWorld, startGuardWorld } from "./guard-world.ts";

/** Not even one demotion passes by itself. */
const STRICT = "guard: {demotions: 0, share: 0, hard: 500, window_hours: 24}\n";
const roomFor = (demotions: number) => STRICT.replace("demotions: 0", `demotions: ${demotions}`);

let w: GuardWorld;
const idOf = (role: string): string => w.data.companies.find((c) => c.role === role)?.id ?? "";
const tierOf = async (id: string) =>
  (await w.store.accounts.entitlements([`hubspot:${id}`])).get(`hubspot:${id}`)?.tier;
const newest = async () => {
  const [run] = await w.store.guard.waiting();
  if (run === undefined) throw new Error("nothing waits");
  return run;
};
const deciding = () => ({ store: w.store, clock: w.clock, patienceMs: 5_000 });

describe("what a person decides", () => {
  beforeAll(async () => {
    w = await startGuardWorld({ companies: 0, policy: (text) => text + STRICT });
  }, 60_000);
  afterAll(() => w.close());
  beforeEach(() => w.restart());
  afterEach(async () => {
    for (const run of await w.store.guard.waiting()) await approveRun(deciding(), run, "clean-up");
  });

  test("an approved change is carried out by the next sync, and the same facts are not asked about again", async () => {
    const id = idOf("addon_tam");
    w.crm.setCompany(id, { account_status: "Unpaid" });
    const report = await w.sync();
    expect(report.held?.demotions).toEqual([
      {
        accountId: `hubspot:${id}`,
        name: expect.any(String),
        fromTier: "enterprise_support",
        toTier: "standard",
      },
    ]);
    expect(report.changes.filter((c) => c.accountId === `hubspot:${id}`)).toEqual([]);
    const { rows } = await approveRun(deciding(), await newest(), "kim");
    expect(rows.map((row) => row.sourceId)).toEqual([id]);
    expect((await w.sync()).held).toBeNull();
    expect(await tierOf(id)).toBe("standard");
    w.crm.setCompany(id, { account_status: "Active" });
    await w.sync();
    expect(await tierOf(id)).toBe("enterprise_support");
  });

  test("a rejected change is not proposed again until the record changes", async () => {
    const id = idOf("arr_eur");
    w.crm.setCompany(id, { account_status: "Unpaid" });
    await w.sync();
    await rejectRun(deciding(), await newest(), "kim");
    for (const scope of ["changed", "full", [id]] as const) {
      const again = await w.sync(scope);
      expect([again.held, again.waiting, await tierOf(id)]).toEqual([null, 0, "enterprise"]);
    }
    w.crm.setCompany(id, { name: "Renamed" });
    expect((await w.sync()).held?.demotions.map((one) => one.accountId)).toEqual([`hubspot:${id}`]);
    w.crm.setCompany(id, { account_status: "Active" });
    expect((await w.sync()).waiting).toBe(0);
    expect((await w.store.accounts.get(`hubspot:${id}`))?.account.name).toBe("Renamed");
  });

  test("a held record that falls further stays in its run, and one that recovers is released", async () => {
    const [one, other] = [idOf("arr_eur"), idOf("evergreen")];
    for (const id of [one, other]) w.crm.setCompany(id, { account_status: "Unpaid" });
    const first = await w.sync();
    w.crm.setCompany(one, { arr: "1", plan_tier: null });
    w.crm.setCompany(other, { account_status: "Active" });
    const second = await w.sync();
    expect([second.held, second.waiting]).toEqual([null, 1]);
    const run = await newest();
    expect(run.runId).toBe(first.runId);
    expect((await detailsOf(w.store, run)).demotions.map((d) => d.accountId)).toEqual([`hubspot:${one}`]);
    w.crm.setCompany(one, { account_status: "Active", arr: "900000" });
    expect((await w.sync()).waiting).toBe(0);
  });

  test("a run is found by the beginning of its id", async () => {
    w.crm.setCompany(idOf("arr_eur"), { account_status: "Unpaid" });
    const { runId } = await w.sync();
    expect((await waitingRun(w.store, runId.slice(0, 8)))?.runId).toBe(runId);
    expect(await waitingRun(w.store, runId.slice(0, 5))).toBeNull();
    expect(await waitingRun(w.store, "something-else")).toBeNull();
    w.crm.setCompany(idOf("arr_eur"), { account_status: "Active" });
    await w.sync();
  });

  test("a decision waits for a running sync and says so when that takes too long", async () => {
    w.crm.setCompany(idOf("arr_eur"), { account_status: "Unpaid" });
    await w.sync();
    await w.store.register.lease("sync:hubspot", "somebody", 60_000);
    await expect(approveRun({ ...deciding(), patienceMs: 300 }, await newest(), "kim")).rejects.toMatchObject(
      {
        fix: expect.stringContaining("run the command again"),
      },
    );
    await w.store.register.releaseLease("sync:hubspot", "somebody");
    expect((await w.store.guard.waiting()).length).toBe(1);
    w.crm.setCompany(idOf("arr_eur"), { account_status: "Active" });
    await w.sync();
  });

  test("one record that costs a whole family its tier is listed with everybody it costs", async () => {
    const head = w.crm.addCompany({
      properties: { name: "Head", plan_tier: "Standard", arr: "400000", arr_currency: "USD" },
    });
    const member = w.crm.addCompany({
      properties: {
        name: "Member",
        hs_parent_company_id: head,
        plan_tier: "Standard",
        account_status: "Active",
      },
    });
    await w.sync();
    expect(await tierOf(member)).toBe("enterprise");
    w.crm.setCompany(head, { arr: "10" });
    expect((await w.sync()).held?.demotions.map((one) => one.name).sort()).toEqual(["Head", "Member"]);
    const { demotions, arr } = await detailsOf(w.store, await newest());
    expect(demotions.map(({ name, because }) => [name, because])).toEqual([
      ["Head", `hubspot:${head}`],
      ["Member", `hubspot:${head}`],
    ]);
    expect(arr).toEqual([{ amount: "400000.00", currency: "USD" }]);
  });

  test("money that moves within a family demotes nobody", async () => {
    const head = w.crm.addCompany({ properties: { name: "From", arr: "400000", arr_currency: "USD" } });
    const member = w.crm.addCompany({ properties: { name: "To", hs_parent_company_id: head } });
    await w.sync();
    w.crm.setCompany(head, { arr: "10" });
    w.crm.setCompany(member, { arr: "400000", arr_currency: "USD" });
    expect((await w.sync()).held).toBeNull();
    expect(await tierOf(head)).toBe("enterprise");
  });

  test("an upgrade flows in the run in which a relative's loss is held", async () => {
    const loser = w.crm.addCompany({ properties: { name: "Loser", plan_tier: "Enterprise" } });
    const winner = w.crm.addCompany({
      properties: { name: "Winner", hs_parent_company_id: loser, plan_tier: "Standard" },
    });
    await w.sync();
    w.crm.setCompany(loser, { plan_tier: "Standard" });
    w.crm.setCompany(winner, { plan_tier: "Pro" });
    expect((await w.sync()).held?.demotions.map((one) => one.name)).toEqual(["Loser"]);
    expect([await tierOf(loser), await tierOf(winner)]).toEqual(["enterprise", "pro"]);
  });

  test("a merge into a poorer record is held and its old record is not taken for gone", async () => {
    const poor = w.crm.addCompany({ properties: { name: "Poor", plan_tier: "Starter" } });
    const rich = w.crm.addCompany({ properties: { name: "Rich", plan_tier: "Enterprise" } });
    await w.sync();
    const merged = w.crm.merge(poor, rich);
    const report = await w.sync("full");
    expect(report.held?.demotions).toContainEqual(expect.objectContaining({ fromTier: "enterprise" }));
    expect((await w.store.accounts.get(`hubspot:${rich}`))?.account.goneOn).toBeNull();
    await approveRun(deciding(), await newest(), "kim");
    await w.sync();
    expect(await w.store.accounts.resolve("hubspot", rich)).toBe(`hubspot:${merged}`);
    expect(await w.store.accounts.get(`hubspot:${rich}`)).toBeNull();
  });

  test("a deleted company is not asked about: its lapse grace protects it", async () => {
    const id = idOf("evergreen");
    w.crm.archive(id);
    const report = await w.sync("full");
    expect([report.held, report.intake.gone]).toEqual([null, 1]);
    expect((await w.store.accounts.get(`hubspot:${id}`))?.account.goneOn).toBe("2026-06-09");
    w.crm.restore(id);
    await w.sync("full");
    expect((await w.store.accounts.get(`hubspot:${id}`))?.account.goneOn).toBeNull();
  });

  test("what a crash left unjudged is judged by the next sync", async () => {
    const id = `hubspot:${idOf("arr_eur")}`;
    const stored = await w.store.accounts.get(id);
    if (stored === null) throw new Error("unknown account");
    const ports = { store: w.store, clock: w.clock, log: silent, policy: w.policy, source: "hubspot" };
    const cut = openBrake({ ...ports, runId: "cut-short", today: () => "2026-06-09" });
    await cut.take([{ ...stored, account: { ...stored.account, status: "on_hold" } }], []);
    expect((await w.store.accounts.get(id))?.account.status).toBe("active");
    const report = await w.sync();
    expect(report.held?.demotions.map((one) => one.accountId)).toEqual([id]);
    expect((await newest()).runId).toBe(report.runId);
    await rejectRun(deciding(), await newest(), "kim");
  });
});

describe("a slow drip", () => {
  beforeAll(async () => {
    w = await startGuardWorld({ policy: (text) => text + roomFor(20) });
  }, 60_000);
  afterAll(() => w.close());

  test("passes as far as the day allows, then waits; the next day there is room again", async () => {
    const victims = w.having("pro").slice(0, 36);
    const drip = async (n: number) => {
      for (const id of victims.slice(9 * n, 9 * n + 9)) w.crm.setCompany(id, { account_status: "Unpaid" });
      return (await w.sync()).held?.demotions.length ?? 0;
    };
    expect(victims.length).toBe(36);
    expect([await drip(0), await drip(1), await drip(2)]).toEqual([0, 0, 9]);
    const lost = async () => {
      const rows = await w.store.accounts.entitlements(victims.map((id) => `hubspot:${id}`));
      return [...rows.values()].filter((row) => row.tier === "standard").length;
    };
    expect(await lost()).toBe(18);
    w.clock.advanceTo(w.clock.now() + 25 * 3_600_000);
    expect(await drip(3)).toBe(0);
    expect([await lost(), (await newest()).records]).toEqual([27, 9]);
  });
});
