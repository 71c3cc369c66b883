import { afterEach, describe, expect, test } from "@jest/globals";
import { startWorld, type World, type WorldOptions } from "./world.ts";

const open: World[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function world(options?: WorldOptions): Promise<World> {
  const made = await startWorld(options);
  open.push(made);
  return made;
}

function ticketOf(w: World, id: string) {
  const ticket = w.desk.state.tickets.get(id);
  if (ticket === undefined) throw new Error(`no ticket ${id}`);
  return { ...ticket, group: w.desk.state.groups.get(ticket.groupId ?? "")?.name ?? null };
}

function puts(w: World, id: string): number {
  return w.desk.journal.filter((e) => e.method === "PUT" && e.path === `/api/v2/tickets/${id}`).length;
}

describe("a new ticket", () => {
  test("gets its tier's priority, group and tag, the SLA attaches, and the reasons are kept", async () => {
    const w = await world();
    const { id } = w.desk.createTicket({ from: w.customer("addon_tam").email });
    const record = await w.settled(id);
    const ticket = ticketOf(w, id);
    expect([ticket.priority, ticket.group]).toEqual(["high", "Premier Support"]);
    expect(ticket.tags).toContain("ps_tier_enterprise_support");
    expect(record.verification?.code).toBe("sla_attached");
    expect(record.decision.reasons).toContain("grant_addon:enterprise_support");
    expect(record.before).toMatchObject({ priority: null, group: null });
  });

  test("of a customer with a named TAM is followed by the TAM", async () => {
    const w = await world();
    const { id } = w.desk.createTicket({ from: w.customer("addon_tam").email });
    await w.settled(id);
    const tess = [...w.desk.state.users.values()].find((u) => u.email === "tess.amari@northwind.example");
    expect(ticketOf(w, id).followerIds).toEqual([tess?.id]);
  });

  test("costs one read and one write, and the read-back is shared", async () => {
    const w = await world();
    const before = w.desk.calls();
    const ids = Array.from(
      { length: 10 },
      () => w.desk.createTicket({ from: w.customer("arr_eur").email }).id,
    );
    await Promise.all(ids.map((id) => w.settled(id)));
    const reads = w.desk.journal.filter(
      (e) => e.method === "GET" && /^\/api\/v2\/tickets\/\d+$/.test(e.path),
    );
    expect(reads.length).toBe(10);
    expect(ids.map((id) => puts(w, id))).toEqual(ids.map(() => 1));
    expect(Object.keys(before).length).toBeGreaterThan(0);
  });

  test("that our own native path left right is not written at all", async () => {
    const w = await world();
    const { email } = w.customer("standalone");
    const group = [...w.desk.state.groups.values()].find((g) => g.name === "Support");
    const { id } = w.desk.createTicket({ from: email, priority: "normal", group_id: group?.id ?? "" });
    const record = await w.settled(id);
    expect([record.state, record.change]).toEqual(["left", null]);
    expect(puts(w, id)).toBe(0);
  });

  test.each([
    ["closed before we got to it", "excluded_closed"],
    ["deleted before we got to it", "ticket_gone"],
    ["merged into another one", "ticket_merged"],
    ["made by an agent for himself", "excluded_internal_requester"],
  ])("that was %s is left alone, with the reason", async (what, reason) => {
    const w = await world();
    const agent = [...w.desk.state.users.values()].find((u) => u.role === "agent");
    const from = what.startsWith("made by") ? agent?.email : w.customer("arr_eur").email;
    const other = w.desk.createTicket({ from: w.customer("arr_eur").email });
    const { id } = w.desk.createTicket({ ...(from === undefined ? {} : { from }) });
    if (what.startsWith("closed")) w.desk.agentUpdate(id, { status: "closed" }, agent?.id ?? "");
    if (what.startsWith("deleted")) w.desk.deleteTicket(id);
    if (what.startsWith("merged")) w.desk.merge(other.id, [id], agent?.id ?? "");
    const record = await w.settled(id);
    expect(record.decision).toMatchObject({ action: "skip", reasons: [reason] });
    expect(puts(w, id)).toBe(0);
  });
});

describe("what a person decided", () => {
  test("stays when an agent set the priority before we looked", async () => {
    const w = await world();
    const agent = [...w.desk.state.users.values()].find((u) => u.role === "agent");
    const { id } = w.desk.createTicket({ from: w.customer("addon_tam").email });
    w.desk.agentUpdate(id, { priority: "low" }, agent?.id ?? "");
    const record = await w.settled(id);
    expect(record.decision.reasons).toContain("priority_agent_kept");
    expect(ticketOf(w, id).priority).toBe("low");
  });

  test("stays when the agent acts between our reading and our writing", async () => {
    const w = await world();
    const agent = [...w.desk.state.users.values()].find((u) => u.role === "agent");
    const { id } = w.desk.createTicket({ from: w.customer("addon_tam").email });
    // The first conditional write is answered with a conflict, as if the agent had been quicker.
    w.desk.fault({
      method: "PUT",
      path: `/api/v2/tickets/${id}`,
      times: 1,
      status: 409,
      body: { error: "UpdateConflict" },
    });
    const meanwhile = w.clock
      .sleep(900)
      .then(() => w.desk.agentUpdate(id, { priority: "low" }, agent?.id ?? ""));
    await Promise.all([w.settled(id), meanwhile]);
    await w.quiet();
    expect(ticketOf(w, id).priority === "low" || ticketOf(w, id).priority === "high").toBe(true);
    const [newest] = await w.service.store.ledger.decisionsOf(id);
    if (newest?.before.priority === "low") expect(ticketOf(w, id).priority).toBe("low");
  });

  test("tags of others are never touched", async () => {
    const w = await world();
    const { id } = w.desk.createTicket({
      from: w.customer("arr_eur").email,
      tags: ["ps_custom", "blue", "ps_capped"],
    });
    await w.settled(id);
    const { tags } = ticketOf(w, id);
    expect(tags).toEqual(expect.arrayContaining(["ps_custom", "blue", "ps_tier_enterprise"]));
    expect(tags).not.toContain("ps_capped");
  });
});

describe("trouble upstream", () => {
  test("a 429 waits as told and loses nothing", async () => {
    const w = await world();
    const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
    w.desk.fault({
      method: "PUT",
      path: `/api/v2/tickets/${id}`,
      times: 1,
      status: 429,
      headers: { "retry-after": "1" },
      body: { error: "TooManyRequests" },
    });
    expect((await w.settled(id)).state).toBe("written");
    expect(ticketOf(w, id).priority).toBe("high");
  });

  test("an HTML page with status 200 is never taken for success", async () => {
    const w = await world();
    const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
    w.desk.fault({
      method: "PUT",
      path: `/api/v2/tickets/${id}`,
      times: 1,
      status: 200,
      bodyText: "<html>Sign in</html>",
      headers: { "content-type": "text/html" },
    });
    expect((await w.settled(id)).state).toBe("written");
    expect(ticketOf(w, id).priority).toBe("high");
  });

  test("a write that was applied but answered with 500 is recognised and not made twice", async () => {
    const w = await world();
    const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
    w.desk.fault({
      method: "PUT",
      path: `/api/v2/tickets/${id}`,
      times: 1,
      status: 500,
      body: { error: "InternalError" },
      afterApplying: true,
    });
    const record = await w.settled(id);
    expect([record.state, record.outcome]).toEqual(["written", "found applied after a restart"]);
    expect(puts(w, id)).toBe(1);
    expect(ticketOf(w, id).priority).toBe("high");
  });

  test("a revoked token stops the calls, and work resumes by itself when the token is replaced", async () => {
    const { mkdtempSync, rmSync, writeFileSync } = await import("node:fs");
    const folder = mkdtempSync("/tmp/token-");
    writeFileSync(`${folder}/token`, "sandbox-api-token");
    const w = await world({ env: { ZENDESK_API_TOKEN: "", ZENDESK_API_TOKEN_FILE: `${folder}/token` } });
    w.desk.setApiToken("another");
    const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
    await w.clock.sleep(2_500);
    expect(await w.service.store.ledger.decisionsOf(id)).toEqual([]);
    expect((await w.service.store.inbox.backlog()).parked).toBe(0);
    writeFileSync(`${folder}/token`, "another");
    expect((await w.settled(id)).state).toBe("written");
    rmSync(folder, { recursive: true });
  });

  test("a field of the policy that the desk lacks parks the delivery with what to do, and replay heals it", async () => {
    const w = await world();
    const group = [...w.desk.state.groups.values()].find((g) => g.name === "Enterprise Support");
    if (group === undefined) throw new Error("no group");
    w.desk.state.groups.set(group.id, { ...group, name: "Renamed" });
    const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
    await w.quiet();
    const [parked] = await w.service.store.inbox.parked(10);
    expect(parked?.reason).toContain("Enterprise Support");
    expect(parked?.fix.length).toBeGreaterThan(10);
    w.desk.state.groups.set(group.id, group);
    w.clock.advanceTo(w.clock.now() + 600_000);
    expect(await w.service.store.inbox.replay(null)).toBe(1);
    expect((await w.settled(id)).state).toBe("written");
  });
});

describe("simulation", () => {
  test("decides and records, and writes nothing outside", async () => {
    const w = await world({ simulate: true });
    const before = w.desk.journal.length;
    const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
    const record = await w.settled(id);
    expect(record.state).toBe("simulated");
    expect(record.change).toMatchObject({ priority: "high" });
    const writes = w.desk.journal.slice(before).filter((e) => e.method !== "GET" && e.method !== "UI");
    expect(writes).toEqual([]);
    expect([...w.crm.state.companies()].some((c) => c.properties.support_tier)).toBe(false);
  });
});
