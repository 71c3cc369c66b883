import { afterEach, describe, expect, test } from "@jest/globals";
import { connectorSettings } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { silent } from "../../src/log.ts";
import { type Service, startService } from "../../src/main.ts";
import type { SweepReport } from "../../src/sweep.ts";
import { startWorld, type World, type WorldOptions } from "./world.ts";

const MINUTE = 60_000;

const worlds: World[] = [];
const services: Service[] = [];
afterEach(async () => {
  await Promise.all(services.splice(0).map((one) => one.stop()));
  await Promise.all(worlds.splice(0).map((one) => one.close()));
});

/** An installation whose help desk never reaches us. */
async function silentWorld(options: WorldOptions = {}): Promise<World> {
  const w = await startWorld({ silentDesk: true, synced: false, ...options });
  worlds.push(w);
  return w;
}

/** One more instance on the same store. */
async function another(w: World, sweepEveryMs = 0): Promise<Service> {
  const config = readConfig({ ...w.env, PORT: "0" }, connectorSettings);
  const started = await startService(config, {
    simulate: false,
    setup: false,
    clock: w.clock,
    log: silent,
    syncEveryMs: 0,
    sweepEveryMs,
  });
  services.push(started);
  return started;
}

function later(w: World, ms: number): void {
  w.clock.advanceTo(w.clock.now() + ms);
}

function found(report: SweepReport): readonly string[] {
  if (report.state !== "swept") throw new Error(`not swept but ${report.state}`);
  return report.found;
}

function puts(w: World, id: string): number {
  return w.desk.journal.filter((e) => e.method === "PUT" && e.path === `/api/v2/tickets/${id}`).length;
}

function create(w: World): string {
  return w.desk.createTicket({ from: w.customer("arr_eur").email }).id;
}

describe("tickets whose webhook never came", () => {
  test("are all found within five minutes, written once, with at most ten export calls a minute", async () => {
    const w = await silentWorld();
    await w.service.upkeep.sweep();
    const created = new Map<string, number>();
    const calls: number[] = [];
    for (let minute = 0; minute < 8; minute += 1) {
      for (let n = 0; n < 6 && minute < 4; n += 1) created.set(create(w), w.clock.now());
      later(w, MINUTE);
      const before = w.desk.journal.length;
      await w.service.upkeep.sweep();
      calls.push(w.desk.journal.slice(before).filter((e) => e.path.includes("/incremental/")).length);
      await w.quiet();
    }
    const records = await Promise.all([...created.keys()].map((id) => w.settled(id)));
    expect(records.map((record) => record.state)).toEqual(records.map(() => "written"));
    const waited = records.map((record) => record.decidedAt - (created.get(record.ticketId) ?? 0));
    expect(Math.max(...waited)).toBeLessThanOrEqual(5 * MINUTE);
    expect([...created.keys()].map((id) => puts(w, id))).toEqual(records.map(() => 1));
    expect(Math.max(...calls)).toBeLessThanOrEqual(10);
  });

  test("are left to their webhook for 90 seconds", async () => {
    const w = await silentWorld();
    await w.service.upkeep.sweep();
    const id = create(w);
    later(w, 80_000);
    expect(found(await w.service.upkeep.sweep())).toEqual([]);
    later(w, 60_000);
    expect(found(await w.service.upkeep.sweep())).toEqual([id]);
  });

  test("are found after a time when the service was down", async () => {
    const w = await silentWorld();
    await w.service.upkeep.sweep();
    const ids = [create(w), create(w)];
    later(w, 60 * MINUTE);
    await w.restart();
    expect(found(await w.service.upkeep.sweep()).toSorted()).toEqual(ids.toSorted());
  });

  test("are found by the service itself, round after round", async () => {
    const w = await silentWorld();
    await another(w, 1_000);
    await w.until("the first sweep", async () => w.service.store.register.cursor("sweep"));
    const id = create(w);
    later(w, 3 * MINUTE);
    expect((await w.settled(id)).state).toBe("written");
  });

  test("are counted for the people who watch", async () => {
    const w = await silentWorld();
    await w.service.upkeep.sweep();
    create(w);
    create(w);
    later(w, 3 * MINUTE);
    await w.service.upkeep.sweep();
    const metrics = await (await fetch(`${w.service.url}/metrics`)).text();
    expect(metrics).toContain("ps_sweep_found_total 2");
  });

  test("and are no customer's of ours are left alone with the reason, once", async () => {
    const w = await silentWorld();
    await w.service.upkeep.sweep();
    const agent = [...w.desk.state.users.values()].find((u) => u.role === "agent");
    const { id } = w.desk.createTicket({ from: agent?.email ?? "" });
    later(w, 3 * MINUTE);
    expect(found(await w.service.upkeep.sweep())).toEqual([id]);
    expect((await w.settled(id)).decision.reasons).toEqual(["excluded_internal_requester"]);
    later(w, MINUTE);
    expect(found(await w.service.upkeep.sweep())).toEqual([]);
  });
});

describe("what the sweep leaves alone", () => {
  test("tickets from before the first live start are never touched", async () => {
    const w = await silentWorld();
    const old = create(w);
    later(w, 10 * MINUTE);
    await w.service.upkeep.sweep();
    w.desk.agentUpdate(old, { status: "open" }, agentId(w));
    later(w, 3 * MINUTE);
    expect(found(await w.service.upkeep.sweep())).toEqual([]);
    expect(await w.service.store.ledger.decisionsOf(old)).toEqual([]);
  });

  test("tickets of a time of simulation are never touched after it", async () => {
    const w = await silentWorld();
    await w.service.upkeep.sweep();
    await w.service.store.register.setSetting("mode", "simulate");
    expect(await w.service.upkeep.sweep()).toEqual({ state: "simulating" });
    const simulated = create(w);
    later(w, 3 * MINUTE);
    expect(await w.service.upkeep.sweep()).toEqual({ state: "simulating" });
    await w.service.store.register.setSetting("mode", "live");
    await w.service.upkeep.sweep();
    const live = create(w);
    later(w, 3 * MINUTE);
    expect(found(await w.service.upkeep.sweep())).toEqual([live]);
    expect(await w.service.store.ledger.decisionsOf(simulated)).toEqual([]);
  });

  test("tickets that a webhook told us of are not read again", async () => {
    const w = await startWorld();
    worlds.push(w);
    await w.service.upkeep.sweep();
    const id = create(w);
    await w.settled(id);
    later(w, 3 * MINUTE);
    const before = w.desk.journal.length;
    expect(found(await w.service.upkeep.sweep())).toEqual([]);
    expect(w.desk.journal.slice(before).map((e) => e.path)).toEqual(["/api/v2/incremental/tickets/cursor"]);
  });
});

describe("the sweep", () => {
  test("repeated after a crash puts nothing in twice, and a webhook that comes late changes nothing", async () => {
    const w = await silentWorld();
    await w.service.upkeep.sweep();
    const start = await w.service.store.register.cursor("sweep");
    const id = create(w);
    later(w, 3 * MINUTE);
    expect(found(await w.service.upkeep.sweep())).toEqual([id]);
    await w.settled(id);
    await w.service.store.register.setCursor("sweep", start ?? "");
    expect(found(await w.service.upkeep.sweep())).toEqual([]);
    expect((await w.post(JSON.stringify({ ticket_id: id }))).status).toBe(200);
    await w.quiet();
    expect([puts(w, id), (await w.service.store.ledger.decisionsOf(id)).length]).toEqual([1, 1]);
  });

  test("is done by one instance at a time, and taken over when that one stops", async () => {
    const w = await silentWorld();
    const second = await another(w);
    await w.service.upkeep.sweep();
    const id = create(w);
    later(w, 3 * MINUTE);
    expect(await second.upkeep.sweep()).toEqual({ state: "busy" });
    await w.restart();
    expect(found(await second.upkeep.sweep())).toEqual([id]);
  });

  test("goes on where it was when the help desk refuses a page", async () => {
    const w = await silentWorld();
    await w.service.upkeep.sweep();
    const id = create(w);
    later(w, 3 * MINUTE);
    const path = "/api/v2/incremental/tickets/cursor";
    w.desk.fault({ method: "GET", path, times: 1, status: 500, body: { error: "InternalError" } });
    await expect(w.service.upkeep.sweep()).rejects.toThrow();
    expect(await readiness(w, "sweep")).toContain("500");
    expect(found(await w.service.upkeep.sweep())).toEqual([id]);
  });

  test("keeps to ten calls a minute when there are many pages", async () => {
    const w = await silentWorld({ desk: { exportPage: 2 } });
    await w.service.upkeep.sweep();
    const ids = Array.from({ length: 10 }, () => create(w));
    later(w, 3 * MINUTE);
    expect(found(await w.service.upkeep.sweep()).toSorted()).toEqual(ids.toSorted());
    expect(w.desk.journal.filter((e) => e.status === 429)).toEqual([]);
  });
});

describe("our own updates", () => {
  test("never make new work, even where every update calls our webhook", async () => {
    const w = await startWorld();
    worlds.push(w);
    const telling = [...w.desk.state.triggers.values()].find((t) => t.title === "Tell priority-support");
    if (telling === undefined) throw new Error("no trigger");
    const conditions = { all: [], any: [] };
    const position = telling.position + 1;
    w.desk.state.triggers.set("9001", {
      ...telling,
      id: "9001",
      title: "every update",
      position,
      conditions,
    });
    const ids = Array.from({ length: 40 }, () => create(w));
    await Promise.all(ids.map((id) => w.settled(id)));
    await w.quiet();
    // Two triggers tell of the creation and one of our update: no more, however long one waits.
    const told = w.desk.state.invocations.size;
    expect(told).toBe(3 * ids.length);
    await w.quiet();
    expect(w.desk.state.invocations.size).toBe(told);
    expect(ids.map((id) => puts(w, id))).toEqual(ids.map(() => 1));
    const decisions = await Promise.all(ids.map((id) => w.service.store.ledger.decisionsOf(id)));
    expect(decisions.map((list) => list.length)).toEqual(ids.map(() => 1));
  });

  test("stop after three turns where another automation keeps changing the priority back", async () => {
    const bot = "77001";
    const w = await startWorld({
      policy: (text) =>
        text.replace("zendesk: {vip: vip}", `zendesk: {vip: vip, automation_users: ["${bot}"]}`),
    });
    worlds.push(w);
    w.desk.addUser({ id: bot, email: "bot@vendor.example", name: "Routing bot", role: "agent" });
    const id = create(w);
    await w.settled(id);
    const turn = async (): Promise<number> => {
      const known = (await w.service.store.ledger.decisionsOf(id)).length;
      w.desk.agentUpdate(id, { priority: "low" }, bot);
      await w.post(changed(id, known));
      await w.until("a further decision", async () => {
        const all = await w.service.store.ledger.decisionsOf(id);
        return all.length > known && all[0]?.state !== "intended" ? true : null;
      });
      return puts(w, id);
    };
    // Of what the bot leaves, our rules make the tier's lowest priority: the same value three times.
    expect([await turn(), await turn(), await turn()]).toEqual([2, 3, 4]);
    expect([await turn(), await turn()]).toEqual([4, 4]);
    const [newest] = await w.service.store.ledger.decisionsOf(id);
    expect(newest?.decision.reasons).toContain("ping_pong:priority");
    expect([newest?.state, newest?.outcome]).toEqual([
      "left",
      "left: another automation keeps changing the priority back",
    ]);
    expect(w.desk.state.tickets.get(id)?.priority).toBe("low");
    later(w, 24 * 60 * MINUTE);
    await turn();
    const [afterADay] = await w.service.store.ledger.decisionsOf(id);
    expect(afterADay?.decision.reasons).toContain("ping_pong:priority");
    expect(afterADay?.change?.priority).toBeUndefined();
    expect(w.desk.state.tickets.get(id)?.priority).toBe("low");
  });
});

function agentId(w: World): string {
  return [...w.desk.state.users.values()].find((u) => u.role === "agent")?.id ?? "";
}

async function readiness(w: World, name: string): Promise<string> {
  const body = (await (await fetch(`${w.service.url}/readyz`)).json()) as {
    dependencies: { name: string; detail: string }[];
  };
  return body.dependencies.find((one) => one.name === name)?.detail ?? "";
}

/** Zendesk's event that a ticket's organization changed. */
function changed(ticketId: string, n: number): string {
  return JSON.stringify({
    type: "zen:event-type:ticket.organization_changed",
    id: `turn-${ticketId}-${n}`,
    detail: { id: ticketId },
    event: {},
  });
}
