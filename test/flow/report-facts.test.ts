import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { TargetFact, TicketFact } from "../../src/ports.ts";
import { type AttainmentReport, attainmentReport } from "../../src/report/attainment.ts";
import { startWorld, type World } from "./world.ts";

const MINUTE = 60_000;

let w: World;
beforeEach(async () => {
  w = await startWorld({ desk: { exportPage: 5, limits: { incremental: 1_000 } } });
});
afterEach(() => w.close());

const pass = (minutes: number): void => w.clock.advanceTo(w.clock.now() + minutes * MINUTE);

async function agent(method: "PUT" | "POST", path: string, body: object): Promise<void> {
  const answer = await fetch(`${w.desk.url}/api/v2${path}`, {
    method,
    headers: { authorization: w.desk.authorization, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
}

const reply = (id: string, status = "open"): Promise<void> =>
  agent("PUT", `/tickets/${id}`, {
    ticket: { status, comment: { body: "We are on it.", public: true } },
  });

async function ticketFrom(
  role: string,
  changes: { readonly tags?: readonly string[] } = {},
): Promise<string> {
  const { id } = w.desk.createTicket({ from: w.customer(role).email, ...changes });
  await w.settled(id);
  return id;
}

const always = { from: 0, until: Number.MAX_SAFE_INTEGER };

async function everything(): Promise<{
  readonly tickets: ReadonlyMap<string, TicketFact>;
  readonly targets: readonly TargetFact[];
}> {
  const { facts } = w.service.store;
  const tickets: TicketFact[] = [];
  const targets: TargetFact[] = [];
  for await (const page of facts.tickets(always)) tickets.push(...page);
  for await (const page of facts.targets(always)) targets.push(...page);
  return { tickets: new Map(tickets.map((one) => [one.ticketId, one])), targets };
}

const report = (): Promise<AttainmentReport> =>
  attainmentReport({
    facts: w.service.store.facts,
    policy: w.policy,
    window: { from: w.clock.now() - 86_400_000, until: w.clock.now() },
    at: w.clock.now(),
  });

describe("tickets in the reports", () => {
  test("are met, late or open past their target as the help desk's clocks say, and the left-out ones are named", async () => {
    const before = w.desk.createTicket({ from: w.customer("addon_tam").email, tags: ["ps_skip"] }).id;
    const inTime = await ticketFrom("addon_tam");
    const late = await ticketFrom("addon_tam");
    const unanswered = await ticketFrom("addon_tam");
    const merged = await ticketFrom("addon_tam");
    await agent("POST", `/tickets/${inTime}/merge`, { ids: [Number(merged)] });
    await w.desk.drain();
    pass(10);
    await reply(inTime, "solved");
    pass(35);
    await reply(late);
    pass(5);
    const fresh = await ticketFrom("addon_tam");
    pass(3);
    await w.service.upkeep.ingest();

    const made = await report();
    expect(
      made.rows
        .filter((one) => one.metric === "first_reply" && one.priority === null)
        .map(({ tier, met, late: slow, openLate, running }) => ({
          tier,
          met,
          late: slow,
          openLate,
          running,
        })),
    ).toEqual([{ tier: "enterprise_support", met: 1, late: 1, openLate: 1, running: 1 }]);
    expect(made.frame.leftOut.map((one) => [one.reason, one.tickets]).sort()).toEqual([
      ["merged", 1],
      ["skip", 1],
    ]);
    const { tickets, targets } = await everything();
    expect([tickets.get(before)?.excluded, tickets.get(merged)?.excluded]).toEqual(["skip", "merged"]);
    expect(tickets.get(inTime)).toMatchObject({
      tier: "enterprise_support",
      basis: "addon",
      policyVersion: w.policy.version,
      slaPolicy: "PS Enterprise Support",
      beforeInstallation: false,
      organizationId: w.customer("addon_tam").organizationId,
      status: "solved",
      replies: 1,
      slaVerified: true,
    });
    const first = (id: string) => targets.find((one) => one.ticketId === id && one.metric === "first_reply");
    expect(Math.round(first(inTime)?.calendarMinutes ?? 0)).toBe(10);
    expect(Math.round(first(late)?.calendarMinutes ?? 0)).toBe(45);
    expect([first(inTime)?.state, first(late)?.state, first(unanswered)?.state, first(fresh)?.state]).toEqual(
      ["met", "breached", "breached", "running"],
    );
    expect(first(unanswered)).toMatchObject({ targetMinutes: 30, businessHours: false, endedAt: null });
    const resolved = targets.find((one) => one.ticketId === inTime && one.metric === "resolution");
    expect(resolved).toMatchObject({ state: "met", policy: "PS Enterprise Support" });
  });

  test("are the same however often they are read, and go on where a failure stopped them", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      ids.push(await ticketFrom("addon_tam"));
      pass(1);
    }
    pass(4);
    // The second page of the events fails for as long as the client tries again.
    w.desk.fault({
      path: /\/incremental\/ticket_metric_events/,
      skip: 1,
      status: 500,
      times: Number.POSITIVE_INFINITY,
    });
    await expect(w.service.upkeep.ingest()).rejects.toThrow();
    const halfway = await w.service.store.facts.state();
    expect([halfway.tickets, halfway.through]).toEqual([5, null]);
    w.desk.clearFaults();
    await w.restart();
    expect(await w.service.upkeep.ingest()).toMatchObject({ state: "read", behind: false });
    const once = await everything();
    const { through, events } = await w.service.store.facts.state();
    expect([...once.tickets.keys()]).toEqual(ids);
    expect(new Set(once.targets.map((one) => one.ticketId))).toEqual(new Set(ids));
    expect(w.clock.now() - (through ?? 0)).toBeLessThan(2 * MINUTE);
    await w.service.upkeep.ingest();
    expect((await w.service.store.facts.state()).events).toBe(events);
  });

  test("fall due though nothing happens on them", async () => {
    const id = await ticketFrom("addon_tam");
    pass(5);
    await w.service.upkeep.ingest();
    const { facts } = w.service.store;
    const soon = await facts.running(w.clock.now() + 60 * MINUTE, 9);
    expect(soon.map((one) => [one.ticketId, one.metric])).toEqual([[id, "first_reply"]]);
    pass(60);
    await w.service.upkeep.ingest();
    expect(await facts.running(w.clock.now(), 9)).toEqual([]);
    expect((await everything()).targets.find((one) => one.metric === "first_reply")?.state).toBe("breached");
  });
});

describe("a customer's past", () => {
  test("is kept from sync to sync, and appended only where something changed", async () => {
    const { companyId } = w.customer("standalone");
    const accountId = `hubspot:${companyId}`;
    const { facts } = w.service.store;
    const before = await facts.historyOf(accountId);
    expect(before.map((one) => [one.tier, one.status])).toEqual([["standard", "active"]]);
    pass(10);
    await w.service.sync("full");
    expect(await facts.historyOf(accountId)).toEqual(before);
    w.crm.setCompany(companyId, { plan_tier: "Enterprise" });
    pass(10);
    await w.service.sync("full");
    const after = await facts.historyOf(accountId);
    expect(after.map((one) => [one.tier, one.basis])).toEqual([
      ["standard", before[0]?.basis],
      ["enterprise", "plan"],
    ]);
    expect(after[0]).toEqual(before[0]);
  });
});
