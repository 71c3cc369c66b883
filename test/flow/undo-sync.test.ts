/** What a sync wrote is put back where it still stands, and is not written again until the facts change. */
import { execFile } from "node:child_process";
import { afterEach, describe, expect, test } from "@jest/globals";
import { connectorSettings, openCrm, openDesk } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { silent } from "../../src/log.ts";
import type { RunRecord, UndoReport } from "../../src/ports.ts";
import { undoSync } from "../../src/undo/sync-run.ts";
import { startWorld, type World } from "./world.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function world(): Promise<World> {
  const w = await startWorld();
  open.push(w.close);
  return w;
}

function fieldsOf(w: World, role: string): Readonly<Record<string, unknown>> {
  return w.desk.state.organizations.get(w.customer(role).organizationId)?.fields ?? {};
}

function labelOf(w: World, role: string): unknown {
  const { companyId } = w.customer(role);
  return w.crm.state.companies().find(({ id }) => id === companyId)?.properties.support_tier;
}

/** A person corrects our fields by hand. */
async function edit(w: World, id: string, fields: Readonly<Record<string, string>>): Promise<void> {
  const answer = await fetch(`${w.desk.url}/api/v2/organizations/${id}`, {
    method: "PUT",
    headers: { authorization: w.desk.authorization, "content-type": "application/json" },
    body: JSON.stringify({ organization: { organization_fields: fields } }),
  });
  expect(answer.status).toBe(200);
}

async function firstSync(w: World): Promise<RunRecord> {
  const run = await w.service.store.runs.last("sync:hubspot");
  if (run === null) throw new Error("no sync was kept");
  return run;
}

async function undo(w: World, run: RunRecord, dryRun = false): Promise<UndoReport> {
  const { store } = w.service;
  const config = readConfig(w.env, connectorSettings);
  const desk = openDesk(config, w.policy, w.clock, { budgets: store.budgets });
  const crm = openCrm(config, w.policy, w.clock, { budgets: store.budgets });
  if (crm === null) throw new Error("no CRM");
  const { policy, clock } = w;
  const { port, mapping } = crm;
  const report = await undoSync(
    run,
    {
      desk: desk.port,
      crm: port,
      mapping,
      store,
      clock,
      log: silent,
      policy,
      mayWrite: async () => true,
    },
    { dryRun, signal: new AbortController().signal, progress: () => undefined },
  );
  await Promise.all([desk.stop(), crm.stop()]);
  if (report === null) throw new Error("a sync is at work");
  return report;
}

describe("undo of a sync", () => {
  test("looking only writes nothing; then fields and labels are as before, but for what a person changed since", async () => {
    const w = await world();
    const run = await firstSync(w);
    const hand = w.desk.state.organizations.get(w.customer("arr_eur").organizationId);
    expect(hand?.fields.ps_tier).toBe("ps_tier_enterprise");
    await edit(w, hand?.id ?? "", { ps_basis: "plan" });
    const writes = (await w.service.store.runs.writesOf(run.id)).length;
    const before = w.desk.journal.length;
    const seen = await undo(w, run, true);
    expect(w.desk.journal.slice(before).filter(({ method }) => method !== "GET")).toEqual([]);
    expect(seen).toMatchObject({ undoRunId: null, onHold: writes, failed: [] });
    expect(seen.undone.length).toBe(writes);
    expect(await w.service.store.holds.count()).toBe(0);

    const made = await undo(w, run);
    expect(made).toMatchObject({ kind: "sync", failed: [], already: 0, onHold: writes });
    expect(made.undone).toEqual(seen.undone);
    expect(made.left).toEqual([
      { what: `organization ${hand?.id}`, why: "changed by somebody since: ps_basis is plan", fix: null },
    ]);
    expect(fieldsOf(w, "addon_tam").ps_tier ?? null).toBeNull();
    expect(fieldsOf(w, "addon_tam").ps_account ?? null).toBeNull();
    expect(fieldsOf(w, "arr_eur")).toMatchObject({ ps_tier: null, ps_basis: "plan" });
    expect(labelOf(w, "addon_tam") ?? "").toBe("");

    // Cut off or not: again does nothing twice.
    const again = await undo(w, run);
    expect(again).toMatchObject({ undone: [], failed: [], already: writes - 1 });
    const kept = await w.service.store.runs.find(made.undoRunId ?? "");
    expect(kept).toMatchObject({ kind: "undo:sync", counts: { undone: writes, left: 1 }, error: null });
    expect((await w.service.store.runs.writesOf(kept?.id ?? "")).every((o) => o.state === "written")).toBe(
      true,
    );
  }, 60_000);

  test("the next syncs leave it so, until the customer's facts change or a person lets it go", async () => {
    const w = await world();
    const run = await firstSync(w);
    await undo(w, run);
    // The next day everybody is worked out anew.
    w.clock.advanceTo(w.clock.now() + 86_400_000);
    const report = await w.service.sync("full");
    expect(report?.changes.filter(({ target }) => target === "company")).toEqual([]);
    expect(report?.onHold).toBeGreaterThan(10);
    expect(fieldsOf(w, "addon_tam").ps_tier ?? null).toBeNull();

    w.crm.setCompany(w.customer("arr_eur").companyId, { arr: "1000" });
    w.clock.advanceTo(w.clock.now() + 61_000);
    await w.service.sync("changed");
    // Other facts, another decision: this one keeps the tier for a while, and is written.
    expect(fieldsOf(w, "arr_eur").ps_tier).toBe("ps_tier_enterprise");
    expect(fieldsOf(w, "addon_tam").ps_tier ?? null).toBeNull();

    const released = await w.service.store.holds.release(run.id);
    await w.service.store.accounts.markPending(released.flatMap(({ accountId }) => accountId ?? []));
    await w.service.sync("changed");
    expect(fieldsOf(w, "addon_tam").ps_tier).toBe("ps_tier_enterprise_support");
    expect(labelOf(w, "addon_tam")).toBe("enterprise_support");
  }, 60_000);
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function cli(w: World, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...w.env, NO_COLOR: "1" };
    execFile(process.execPath, ["src/cli.ts", "undo", ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

describe("the verb", () => {
  test("shows, takes back, lets go, and writes nothing while writing is paused", async () => {
    const w = await world();
    const run = await firstSync(w);
    const { store } = w.service;
    expect(await cli(w, "--tickets")).toMatchObject({ code: 2, stderr: expect.stringContaining("fix: ") });
    expect(await cli(w)).toMatchObject({ code: 2, stderr: expect.stringContaining("fix: ") });
    await store.register.setSetting("paused", "1");
    expect(await cli(w, run.id)).toMatchObject({ code: 1, stderr: expect.stringContaining("paused") });
    expect(fieldsOf(w, "addon_tam").ps_tier).toBe("ps_tier_enterprise_support");
    const seen = await cli(w, run.id, "--dry-run", "--json");
    const shown = JSON.parse(seen.stdout) as UndoReport & { readonly dryRun: boolean };
    expect([seen.code, shown.dryRun, shown.undoRunId]).toEqual([0, true, null]);
    await store.register.setSetting("paused", "");
    const back = await cli(w, run.id, "--json");
    const made = JSON.parse(back.stdout) as UndoReport;
    expect([back.code, made.undone.length, made.onHold]).toEqual([
      0,
      shown.undone.length,
      shown.undone.length,
    ]);
    expect(fieldsOf(w, "addon_tam").ps_tier ?? null).toBeNull();
    const none = await cli(w, "--tickets", "--since", "2026-06-01", "--json");
    expect([none.code, JSON.parse(none.stdout)]).toMatchObject([0, { kind: "tickets", undone: [] }]);
    const free = await cli(w, run.id, "--release", "--json");
    expect([free.code, JSON.parse(free.stdout)]).toEqual([0, { released: made.onHold }]);
    expect(await store.holds.count()).toBe(0);
    expect(await cli(w, made.undoRunId ?? "")).toMatchObject({ code: 2 });
  }, 90_000);
});
