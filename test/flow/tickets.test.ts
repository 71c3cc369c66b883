import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startWorld, type World } from "./world.ts";

/** Most tests share one installation; each works on tickets of its own. */
let w: World;
beforeAll(async () => {
  w = await startWorld();
});
afterAll(() => w.close());

function ticketOf(id: string) {
  const ticket = w.desk.state.tickets.get(id);
  if (ticket === undefined) throw new Error(`no ticket ${id}`);
  return { ...ticket, group: w.desk.state.groups.get(ticket.groupId ?? "")?.name ?? null };
}

function puts(id: string): number {
  return w.desk.journal.filter((e) => e.method === "PUT" && e.path === `/api/v2/tickets/${id}`).length;
}

describe("a new ticket", () => {
  test("gets its tier's priority, group and tag, the SLA attaches, and the reasons are kept", async () => {
    const { id } = w.desk.createTicket({ from: w.customer("addon_tam").email });
    const record = await w.settled(id);
    const ticket = ticketOf(id);
    expect([ticket.priority, ticket.group]).toEqual(["high", "Premier Support"]);
    expect(ticket.tags).toContain("ps_tier_enterprise_support");
    expect(record.verification?.code).toBe("sla_attached");
    expect(record.decision.reasons).toContain("grant_addon:enterprise_support");
    expect(record.before).toMatchObject({ priority: null, group: null });
  });

  test("of a customer with a named TAM is followed by the TAM", async () => {
    const { id } = w.desk.createTicket({ from: w.customer("addon_tam").email });
    await w.settled(id);
    const tess = [...w.desk.state.users.values()].find((u) => u.email === "tess.amari@northwind.example");
    expect(ticketOf(id).followerIds).toEqual([tess?.id]);
  });

  test("costs one read and one write, and the read-back is shared", async () => {
    const ids = Array.from(
      { length: 10 },
      () => w.desk.createTicket({ from: w.customer("arr_eur").email }).id,
    );
    await Promise.all(ids.map((id) => w.settled(id)));
    const reads = w.desk.journal.filter(
      (e) => e.method === "GET" && ids.some((id) => e.path === `/api/v2/tickets/${id}`),
    );
    expect(reads.length).toBe(10);
    expect(ids.map((id) => puts(id))).toEqual(ids.map(() => 1));
  });

  test("that our own native path left right is not written at all", async () => {
    const { email } = w.customer("standalone");
    const group = [...w.desk.state.groups.values()].find((g) => g.name === "Support");
    const { id } = w.desk.createTicket({ from: email, priority: "normal", group_id: group?.id ?? "" });
    const record = await w.settled(id);
    expect([record.state, record.change]).toEqual(["left", null]);
    expect(puts(id)).toBe(0);
  });

  test.each([
    ["closed before we got to it", "excluded_closed"],
    ["deleted before we got to it", "ticket_gone"],
    ["merged into another one", "ticket_merged"],
    ["made by an agent for himself", "excluded_internal_requester"],
  ])("that was %s is left alone, with the reason", async (what, reason) => {
    const agent = [...w.desk.state.users.values()].find((u) => u.role === "agent");
    const from = what.startsWith("made by") ? agent?.email : w.customer("arr_eur").email;
    const other = w.desk.createTicket({ from: w.customer("arr_eur").email });
    const { id } = w.desk.createTicket({ ...(from === undefined ? {} : { from }) });
    if (what.startsWith("closed")) w.desk.agentUpdate(id, { status: "closed" }, agent?.id ?? "");
    if (what.startsWith("deleted")) w.desk.deleteTicket(id);
    if (what.startsWith("merged")) w.desk.merge(other.id, [id], agent?.id ?? "");
    const record = await w.settled(id);
    expect(record.decision).toMatchObject({ action: "skip", reasons: [reason] });
    expect(puts(id)).toBe(0);
  });
});

describe("what a person decided", () => {
  test("stays when an agent set the priority before we looked", async () => {
    const agent = [...w.desk.state.users.values()].find((u) => u.role === "agent");
    const { id } = w.desk.createTicket({ from: w.customer("addon_tam").email });
    w.desk.agentUpdate(id, { priority: "low" }, agent?.id ?? "");
    const record = await w.settled(id);
    expect(record.decision.reasons).toContain("priority_agent_kept");
    expect(ticketOf(id).priority).toBe("low");
  });

  test("stays when the agent acts between our reading and our writing", async () => {
    const agent = [...w.desk.state.users.values()].find((u) => u.role === "agent");
    const { id } = w.desk.createTicket({ from: w.customer("addon_tam").email });
    // The write is held back until the agent has acted, then meets the changed ticket.
    w.desk.fault({
      method: "PUT",
      path: `/api/v2/tickets/${id}`,
      times: 1,
      status: 409,
      body: { error: "UpdateConflict" },
    });
    const edited = w
      .until("our first write", async () => (puts(id) > 0 ? true : null))
      .then(() => w.desk.agentUpdate(id, { priority: "low" }, agent?.id ?? ""));
    const record = await w.settled(id);
    await edited;
    await w.quiet();
    const ticket = ticketOf(id);
    // Either we had written before the agent did, or the agent's choice was read and kept: it is never overwritten.
    expect(ticket.priority).toBe("low");
    expect(record.state).toBe("written");
  });

  test("tags of others are never touched", async () => {
    const { id } = w.desk.createTicket({
      from: w.customer("arr_eur").email,
      tags: ["ps_custom", "blue", "ps_capped"],
    });
    await w.settled(id);
    const { tags } = ticketOf(id);
    expect(tags).toEqual(expect.arrayContaining(["ps_custom", "blue", "ps_tier_enterprise"]));
    expect(tags).not.toContain("ps_capped");
  });
});

describe("trouble upstream", () => {
  test("a 429 waits as told and loses nothing", async () => {
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
    expect(ticketOf(id).priority).toBe("high");
  });

  test("an HTML page with status 200 is never taken for success", async () => {
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
    expect(ticketOf(id).priority).toBe("high");
  });

  test("a write that was applied but answered with 500 is recognised and not made twice", async () => {
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
    expect(puts(id)).toBe(1);
    expect(ticketOf(id).priority).toBe("high");
  });

  test("a revoked token stops the calls, and work resumes by itself when the token is replaced", async () => {
    const folder = mkdtempSync(join(tmpdir(), "token-"));
    const file = join(folder, "token");
    writeFileSync(file, "sandbox-api-token");
    const own = await startWorld({ env: { ZENDESK_API_TOKEN: "", ZENDESK_API_TOKEN_FILE: file } });
    own.desk.setApiToken("another");
    const before = own.desk.journal.length;
    const { id } = own.desk.createTicket({ from: own.customer("arr_eur").email });
    await own.refused();
    expect(await own.service.store.ledger.decisionsOf(id)).toEqual([]);
    expect((await own.service.store.inbox.backlog()).parked).toBe(0);
    expect(own.desk.journal.slice(before).filter((e) => e.status === 401).length).toBeLessThanOrEqual(3);
    writeFileSync(file, "another");
    expect((await own.settled(id)).state).toBe("written");
    await own.close();
    rmSync(folder, { recursive: true });
  });

  test("a field of the policy that the desk lacks parks the delivery with what to do, and replay heals it", async () => {
    const group = [...w.desk.state.groups.values()].find((g) => g.name === "Enterprise Support");
    if (group === undefined) throw new Error("no group");
    w.desk.state.groups.set(group.id, { ...group, name: "Renamed" });
    // Names of groups are remembered for some minutes.
    w.clock.advanceTo(w.clock.now() + 600_000);
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
    const own = await startWorld({ simulate: true });
    const before = own.desk.journal.length;
    const { id } = own.desk.createTicket({ from: own.customer("arr_eur").email });
    const record = await own.settled(id);
    expect(record.state).toBe("simulated");
    expect(record.change).toMatchObject({ priority: "high" });
    const writes = own.desk.journal.slice(before).filter((e) => e.method !== "GET" && e.method !== "UI");
    expect(writes).toEqual([]);
    expect(own.crm.journal.some((e) => e.path.endsWith("/batch/update"))).toBe(false);
    await own.close();
  });
});
