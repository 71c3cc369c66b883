import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { connectorSettings, openDesk } from "../../src/assemble.ts";
import { endBackfill, outcomeOf, previewBackfill, startBackfill, unfinishedRun } from "../../src/backfill.ts";
import { readConfig } from "../../src/config.ts";
import type { Desk } from "../../src/ports.ts";
import { startWorld, type World } from "./world.ts";

let w: World;
let desk: { readonly port: Desk; stop(): Promise<void> };
beforeEach(async () => {
  w = await startWorld({ silentDesk: true, desk: { limits: { incremental: 1_000 } } });
  desk = openDesk(readConfig(w.env, connectorSettings), w.policy, w.clock, {
    budgets: w.service.store.budgets,
  });
});
afterEach(async () => {
  await desk.stop();
  await w.close();
});

const never = new AbortController().signal;
/** The index behind the list of open tickets is late. */
const indexed = (): void => w.clock.advanceTo(w.clock.now() + 15 * 60_000);

function around() {
  const { store } = w.service;
  return { desk: desk.port, store, clock: w.clock, policy: w.service.policy, agentId: async () => null };
}

function ticketOf(id: string) {
  const ticket = w.desk.state.tickets.get(id);
  if (ticket === undefined) throw new Error(`no ticket ${id}`);
  return { ...ticket, group: w.desk.state.groups.get(ticket.groupId ?? "")?.name ?? null };
}

async function agent(path: string, ticket: object): Promise<void> {
  const answer = await fetch(`${w.desk.url}/api/v2${path}`, {
    method: "PUT",
    headers: { authorization: w.desk.authorization, "content-type": "application/json" },
    body: JSON.stringify({ ticket }),
  });
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
}

const writes = (id: string): number =>
  w.desk.journal.filter(
    (e) =>
      e.method === "PUT" &&
      (e.path === `/api/v2/tickets/${id}` || e.path.startsWith("/api/v2/tickets/update_many")),
  ).length;

describe("a backfill", () => {
  test("shows first what it would do, and writes nothing for it", async () => {
    const fresh = w.desk.createTicket({ from: w.customer("addon_tam").email }).id;
    const taken = w.desk.createTicket({ from: w.customer("arr_eur").email }).id;
    await agent(`/tickets/${taken}`, { status: "open" });
    const spam = w.desk.createTicket({ from: w.customer("arr_eur").email, tags: ["ps_skip"] }).id;
    indexed();
    const before = w.desk.journal.filter((e) => e.method !== "GET").length;
    const onlyNew = await previewBackfill(around(), "new_only", never, () => {});
    expect(onlyNew).toMatchObject({ tickets: 2, outOfScope: 1, minutes: 1 });
    expect(onlyNew.tiers).toEqual([{ tier: "enterprise_support", tickets: 1, writes: 1 }]);
    expect(onlyNew.left).toEqual([{ reason: "excluded_tag", tickets: 1 }]);
    expect(onlyNew.examples[0]).toMatchObject({ ticketId: fresh, change: { priority: "high" } });
    const all = await previewBackfill(around(), "open_too", never, () => {});
    expect(all).toMatchObject({ tickets: 3, outOfScope: 0 });
    expect(w.desk.journal.filter((e) => e.method !== "GET").length).toBe(before);
    expect(ticketOf(spam).priority).toBeNull();
  });

  test("writes the tickets of its scope once, counts them, and does not begin again", async () => {
    const ids = Array.from(
      { length: 5 },
      () => w.desk.createTicket({ from: w.customer("arr_eur").email }).id,
    );
    const taken = w.desk.createTicket({ from: w.customer("arr_eur").email }).id;
    await agent(`/tickets/${taken}`, { status: "open" });
    indexed();
    const since = w.clock.now();
    const { store } = w.service;
    const { runId, listed } = await startBackfill(around(), "new_only", "run-1", never, () => {});
    expect([runId, listed]).toEqual(["run-1", 5]);
    await w.quiet();
    expect(ids.map((id) => [ticketOf(id).priority, ticketOf(id).group])).toEqual(
      ids.map(() => ["high", "Enterprise Support"]),
    );
    expect(ticketOf(taken).priority).toBeNull();
    const outcome = await outcomeOf(store, runId, since);
    expect(outcome).toEqual({ tickets: 5, settled: 5, parked: 0, written: 5, left: 0 });
    await endBackfill(store, runId, outcome, w.clock.now());
    expect([await unfinishedRun(store), (await store.runs.find(runId))?.counts.written]).toEqual([null, 5]);
    indexed();
    await startBackfill(around(), "new_only", "run-2", never, () => {});
    await w.quiet();
    const again = await outcomeOf(store, "run-2", since);
    expect([again.tickets, ...ids.map(writes)]).toEqual([5, 1, 1, 1, 1, 1]);
  });

  test("that was interrupted goes on under its own name", async () => {
    for (let i = 0; i < 3; i++) w.desk.createTicket({ from: w.customer("addon_tam").email });
    indexed();
    await startBackfill(around(), "new_only", "run-1", never, () => {});
    const again = await startBackfill(around(), "new_only", "run-2", never, () => {});
    expect([again.runId, await unfinishedRun(w.service.store)]).toEqual(["run-1", "run-1"]);
    expect(await w.service.store.openTickets.progress("run-1")).toMatchObject({ tickets: 3 });
    expect(await w.service.store.openTickets.progress("run-2")).toMatchObject({ tickets: 0 });
  });

  test("keeps a priority that an agent set, and never moves a ticket that somebody works on", async () => {
    const { id } = w.desk.createTicket({ from: w.customer("addon_tam").email });
    const me = [...w.desk.state.users.values()].find((user) => user.role === "agent");
    await agent(`/tickets/${id}`, { status: "open", priority: "low", assignee_id: me?.id });
    const { group } = ticketOf(id);
    indexed();
    await startBackfill(around(), "open_too", "run-1", never, () => {});
    await w.quiet();
    expect([ticketOf(id).priority, ticketOf(id).group]).toEqual(["low", group]);
    expect(ticketOf(id).tags).toContain("ps_tier_enterprise_support");
  });
});

describe("a customer whose tier rises", () => {
  test("has its open tickets looked at again: promised more, never less", async () => {
    const { email, companyId } = w.customer("standalone");
    const { id } = w.desk.createTicket({ from: email });
    const solved = w.desk.createTicket({ from: email }).id;
    await agent(`/tickets/${solved}`, { status: "solved", priority: "low" });
    indexed();
    await w.service.upkeep.sweep();
    await startBackfill(around(), "open_too", "run-1", never, () => {});
    await w.quiet();
    const [first] = await w.service.store.ledger.decisionsOf(id);
    expect(first?.decision.action === "apply" ? first.decision.tier : null).toBe("standard");
    w.crm.setCompany(companyId, { plan_tier: "Enterprise" });
    w.clock.advanceTo(w.clock.now() + 10 * 60_000);
    await w.service.sync("full");
    expect((await w.service.store.openTickets.raised(9)).map((one) => one.accountId)).toContain(
      `hubspot:${companyId}`,
    );
    expect(await w.service.upkeep.reEvaluate()).toBe(1);
    await w.quiet();
    expect(ticketOf(id).tags).toContain("ps_tier_enterprise");
    expect(ticketOf(id).tags).not.toContain("ps_tier_standard");
    expect(ticketOf(id).priority).toBe("high");
    expect(ticketOf(solved).priority).toBe("low");
    expect(await w.service.store.openTickets.raised(9)).toEqual([]);
    const [newest] = await w.service.store.ledger.decisionsOf(id);
    expect([newest?.event, newest?.state]).toEqual(["tier_raised", "written"]);
  });

  test("waits with it while writing is paused", async () => {
    const { companyId } = w.customer("standalone");
    expect(await w.service.upkeep.reEvaluate()).toBe(0);
    w.crm.setCompany(companyId, { plan_tier: "Enterprise" });
    w.clock.advanceTo(w.clock.now() + 10 * 60_000);
    await w.service.sync("full");
    await w.service.store.register.setSetting("paused", String(w.clock.now()));
    expect(await w.service.upkeep.reEvaluate()).toBe(0);
    expect(await w.service.store.openTickets.raised(9)).toHaveLength(1);
  });
});
