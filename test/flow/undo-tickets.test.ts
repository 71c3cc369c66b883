/** What was written on tickets is put back where it still stands; what agents changed since stays, and is said. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { connectorSettings, openDesk } from "../../src/assemble.ts";
import { previewBackfill, startBackfill } from "../../src/backfill.ts";
import { readConfig } from "../../src/config.ts";
import { TryAgain } from "../../src/errors.ts";
import { silent } from "../../src/log.ts";
import type { Desk, UndoReport } from "../../src/ports.ts";
import type { TicketUndoPorts } from "../../src/undo/one-ticket.ts";
import { undoBackfill, undoTickets } from "../../src/undo/tickets.ts";
import { startWorld, type World } from "./world.ts";

let w: World;
let desk: { readonly port: Desk; stop(): Promise<void> };
beforeEach(async () => {
  w = await startWorld({ silentDesk: true, desk: { limits: { incremental: 1_000 } } });
  // The sweep finds what comes after its first round.
  await w.service.upkeep.sweep();
  w.clock.advanceTo(w.clock.now() + 5_000);
  desk = openDesk(readConfig(w.env, connectorSettings), w.policy, w.clock, {
    budgets: w.service.store.budgets,
  });
});
afterEach(async () => {
  await desk.stop();
  await w.close();
});

const never = new AbortController().signal;
const turn = { dryRun: false, progress: () => undefined };

function ports(change: Partial<TicketUndoPorts> = {}): TicketUndoPorts {
  const { store } = w.service;
  const { clock, policy } = w;
  return { desk: desk.port, store, clock, log: silent, policy, mayWrite: async () => true, ...change };
}

function seen(id: string) {
  const ticket = w.desk.state.tickets.get(id);
  if (ticket === undefined) throw new Error(`no ticket ${id}`);
  const { priority, tags, followerIds } = ticket;
  const group = w.desk.state.groups.get(ticket.groupId ?? "")?.name ?? null;
  return { priority, group, followers: followerIds.length, ours: tags.filter((tag) => /^ps_/.test(tag)) };
}

function agentId(): string {
  return [...w.desk.state.users.values()].find((user) => user.role === "agent")?.id ?? "";
}

function groupId(name: string): string {
  return [...w.desk.state.groups.values()].find((group) => group.name === name)?.id ?? "";
}

function writesOf(id: string): number {
  return w.desk.journal.filter((e) => e.method === "PUT" && e.path === `/api/v2/tickets/${id}`).length;
}

/** A ticket of a customer with a TAM; the portal had given it a priority and a group. */
function ticket(role = "addon_tam", priority: string | null = "low"): string {
  const { email } = w.customer(role);
  const { id } = w.desk.createTicket({
    from: email,
    ...(priority === null ? {} : { priority }),
    group_id: groupId("Support"),
    tags: ["theirs"],
  });
  return id;
}

async function found(): Promise<void> {
  w.clock.advanceTo(w.clock.now() + 5 * 60_000);
  await w.service.upkeep.sweep();
  await w.quiet();
}

const line = (report: UndoReport, id: string) => report.undone.find(({ what }) => what === `ticket ${id}`);
const whys = (report: UndoReport, id: string) =>
  report.left.filter(({ what }) => what === `ticket ${id}`).map(({ why }) => why);

describe("undo of live ticket writes", () => {
  test("puts priority, group, tags and followers back, keeps what agents changed, and says what cannot be", async () => {
    const since = w.clock.now();
    const [plain, raised, empty, closed] = [ticket(), ticket(), ticket("addon_tam", null), ticket()];
    const before = seen(plain);
    await found();
    expect(seen(plain)).toMatchObject({ priority: "normal", group: "Premier Support", followers: 1 });
    w.desk.agentUpdate(raised, { priority: "urgent" }, agentId());
    w.desk.agentUpdate(closed, { status: "closed" }, agentId());
    w.clock.advanceTo(w.clock.now() + 60_000);

    const puts = [plain, raised, empty, closed].map(writesOf);
    const look = await undoTickets(since, ports(), { ...turn, dryRun: true });
    expect([plain, raised, empty, closed].map(writesOf)).toEqual(puts);
    const report = await undoTickets(since, ports(), turn);
    expect(report.undone).toEqual(look.undone);
    expect(report.failed).toEqual([]);

    expect(line(report, plain)?.did).toMatch(/^priority: normal → low; group: Premier Support → Support;/);
    expect(seen(plain)).toEqual(before);
    expect(seen(raised)).toEqual({ ...before, priority: "urgent" });
    expect(whys(report, raised)).toEqual(["priority was changed by somebody since: it is urgent now"]);
    expect(seen(empty)).toEqual({ ...before, priority: "high" });
    expect(whys(report, empty)).toEqual([
      "priority was empty before, and a priority cannot be emptied: it stays high",
    ]);
    expect(whys(report, closed)).toEqual([
      "the ticket is closed, and Zendesk changes closed tickets no more",
    ]);
    expect([plain, raised, empty, closed].map(writesOf)).toEqual(
      puts.map((count, at) => count + (at === 3 ? 0 : 1)),
    );

    const [newest] = await w.service.store.ledger.decisionsOf(plain);
    expect(newest).toMatchObject({
      state: "written",
      outcome: `undone by ${report.undoRunId}`,
      decision: { reasons: [`undone_by:${report.undoRunId}`] },
      before: { priority: "normal", prioritySetBy: "requester" },
    });
    const again = await undoTickets(since, ports(), turn);
    expect(again).toMatchObject({ undone: [], already: 1 });
    expect(writesOf(plain)).toBe((puts[0] ?? 0) + 1);
  }, 60_000);

  test("is not made again by a backfill until the facts change, and is once it is let go", async () => {
    const since = w.clock.now();
    const id = ticket("arr_eur");
    const before = seen(id);
    await found();
    const written = seen(id);
    expect(written).toMatchObject({ priority: "normal", group: "Enterprise Support" });
    w.clock.advanceTo(w.clock.now() + 60_000);
    const report = await undoTickets(since, ports(), turn);
    expect(report.onHold).toBe(1);
    const { store } = w.service;
    const around = { desk: desk.port, store, clock: w.clock, policy: () => w.policy };
    const backfill = async (runId: string): Promise<void> => {
      w.clock.advanceTo(w.clock.now() + 15 * 60_000);
      await store.register.setSetting("backfill:current", "");
      await startBackfill(around, "open_too", runId, never, () => {});
      await w.quiet();
    };
    await backfill("run-1");
    expect(seen(id)).toEqual(before);
    const [held] = await store.ledger.decisionsOf(id);
    expect(held).toMatchObject({ state: "left", decision: { reasons: ["undone_on_hold"] } });
    const foreseen = () =>
      previewBackfill({ ...around, agentId: async () => null }, "open_too", never, () => {});
    expect(await foreseen()).toMatchObject({ tickets: 1, held: 1, examples: [], minutes: 0 });
    // The newest undo is the one to release it by.
    const second = await undoTickets(since, ports(), turn);
    expect(await store.holds.release(report.undoRunId ?? "")).toEqual([]);
    expect(await store.holds.release(second.undoRunId ?? "")).toHaveLength(1);
    expect(await foreseen()).toMatchObject({ tickets: 1, held: 0, examples: [{ ticketId: id }] });
    await backfill("run-2");
    expect(seen(id)).toEqual(written);
  }, 60_000);

  test("writes nothing once writing is paused, and leaves nothing in the way of the next undo", async () => {
    const since = w.clock.now();
    const id = ticket();
    await found();
    w.clock.advanceTo(w.clock.now() + 60_000);
    expect(await undoTickets(since, ports({ mayWrite: async () => false }), turn)).toMatchObject({
      undone: [],
      left: [{ what: `ticket ${id}`, why: "writing outside was paused meanwhile" }],
    });
    expect(seen(id).priority).toBe("normal");
    // Nothing of it is left in the way of the next one.
    expect((await undoTickets(since, ports(), turn)).undone).toHaveLength(1);
  }, 60_000);
});

describe("an undo that was cut off", () => {
  test("is completed by the next one, and what had arrived is recognised and not written twice", async () => {
    const since = w.clock.now();
    const [first, second] = [ticket(), ticket()];
    const before = [first, second].map(seen);
    await found();
    w.clock.advanceTo(w.clock.now() + 60_000);
    const puts = [first, second].map(writesOf);
    const { writeTicket } = desk.port;
    const dying: Desk["writeTicket"] = async (...given) => {
      await writeTicket(...given);
      throw new TryAgain("the answer never came");
    };
    const cut = await undoTickets(since, ports({ desk: { ...desk.port, writeTicket: dying } }), turn);
    expect(cut.failed.map(({ why }) => why)).toEqual([
      "the answer never came",
      "not tried: the help desk takes no calls at present",
    ]);
    const tried = [first, second].filter((id) => writesOf(id) > (puts[0] ?? 0));
    expect(tried).toHaveLength(1);
    w.clock.advanceTo(w.clock.now() + 60_000);
    const next = await undoTickets(since, ports(), turn);
    expect(next).toMatchObject({ failed: [], already: 1 });
    expect(next.undone).toHaveLength(1);
    expect([first, second].map(seen)).toEqual(before);
    expect([first, second].map(writesOf)).toEqual(puts.map((count) => count + 1));
    const [recognised] = await w.service.store.ledger.decisionsOf(tried[0] ?? "");
    expect(recognised).toMatchObject({ state: "written", outcome: `undone by ${cut.undoRunId}` });
  }, 60_000);
});

describe("an undo that was killed", () => {
  test("in the middle is completed by the same command: everything back, nothing written twice", async () => {
    const ids = Array.from({ length: 6 }, () => ticket());
    const before = ids.map(seen);
    await found();
    w.clock.advanceTo(w.clock.now() + 60_000);
    const puts = ids.map(writesOf);
    const count = (): number => ids.reduce((sum, id) => sum + writesOf(id), 0);
    const base = count();
    const verb = ["src/cli.ts", "undo", "--tickets", "--since", "2026-06-01", "--json"];
    const options = { env: { ...process.env, ...w.env, NO_COLOR: "1" } } as const;
    const killed = spawn(process.execPath, verb, { ...options, stdio: "ignore" });
    const gone = once(killed, "exit");
    await w.until("the first ticket to be put back", async () => (count() > base ? true : null));
    killed.kill("SIGKILL");
    await gone;
    expect(count()).toBeLessThan(base + ids.length);
    const { stdout } = await promisify(execFile)(process.execPath, verb, options);
    const report = JSON.parse(stdout) as UndoReport;
    expect(report).toMatchObject({ left: [], failed: [], onHold: ids.length });
    expect(report.undone.length + report.already).toBe(ids.length);
    expect(ids.map(seen)).toEqual(before);
    expect(ids.map(writesOf)).toEqual(puts.map((writes) => writes + 1));
  }, 120_000);
});

describe("undo of a backfill", () => {
  test("takes back its own writes, and what waits of it is left alone", async () => {
    const ids = [ticket(), ticket("arr_eur")];
    const before = ids.map(seen);
    w.clock.advanceTo(w.clock.now() + 15 * 60_000);
    const { store } = w.service;
    const around = { desk: desk.port, store, clock: w.clock };
    const { runId } = await startBackfill(around, "open_too", "run-1", never, () => {});
    await w.quiet();
    expect(ids.map((id) => seen(id).priority)).toEqual(["normal", "normal"]);
    const waiting = ticket("arr_eur");
    await store.openTickets.addToRun(runId, [
      { ticketId: waiting, eventKey: `backfill:${runId}:${waiting}` },
    ]);
    w.clock.advanceTo(w.clock.now() + 60_000);
    const run = await store.runs.find(runId);
    if (run === null) throw new Error("the run was not kept");
    const report = await undoBackfill(run, ports(), turn);
    expect(report).toMatchObject({ kind: "backfill", runId, failed: [], left: [], already: 1, onHold: 3 });
    expect(ids.map(seen)).toEqual(before);
    // Live writes are another matter.
    expect((await undoTickets(0, ports(), turn)).undone).toEqual([]);
    w.clock.advanceTo(w.clock.now() + 15 * 60_000);
    await startBackfill(around, "open_too", "run-1", never, () => {});
    await w.quiet();
    expect(ids.concat(waiting).map((id) => seen(id).priority)).toEqual(["low", "low", "low"]);
  }, 60_000);
});
