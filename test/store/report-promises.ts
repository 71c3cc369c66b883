/** What reports read comes back as it was said last, in order, page by page. */
import { expect, test } from "@jest/globals";
import type { AccountMoment, MetricEvent, TargetFact, TicketFact } from "../../src/ports.ts";
import type { Under } from "./kit.ts";

const T0 = Date.parse("2026-06-09T15:00:00Z");
const MINUTE = 60_000;

function event(id: string, changes: Partial<MetricEvent> = {}): MetricEvent {
  return {
    id,
    ticketId: "7",
    metric: "reply_time",
    instance: 1,
    kind: "activate",
    at: T0,
    elapsed: null,
    sla: null,
    deleted: false,
    ...changes,
  };
}

/** A ticket as reports know it. */
export function ticketFact(ticketId: string, changes: Partial<TicketFact> = {}): TicketFact {
  return {
    ticketId,
    createdAt: T0,
    tier: "enterprise",
    basis: "plan",
    policyVersion: "2026-06.1",
    slaPolicy: "PS Enterprise",
    beforeInstallation: false,
    accountId: "hubspot:1",
    organizationId: "900",
    priority: "high",
    status: "solved",
    solvedAt: T0 + 90 * MINUTE,
    reopens: 0,
    replies: 2,
    satisfaction: null,
    satisfactionComment: false,
    channel: "email",
    group: "Enterprise Support",
    assigneeId: "55",
    requesterId: "66",
    topics: ["billing"],
    excluded: null,
    writtenAfterMs: 800,
    slaVerified: true,
    ...changes,
  };
}

/** A first reply in time. */
export function targetFact(ticketId: string, changes: Partial<TargetFact> = {}): TargetFact {
  return {
    ticketId,
    metric: "first_reply",
    instance: 1,
    tier: "enterprise",
    accountId: "hubspot:1",
    priority: "high",
    createdAt: T0,
    policy: "PS Enterprise",
    targetMinutes: 120,
    businessHours: true,
    startedAt: T0,
    endedAt: T0 + 30 * MINUTE,
    dueAt: T0 + 120 * MINUTE,
    state: "met",
    calendarMinutes: 30,
    businessMinutes: 30,
    ...changes,
  };
}

function moment(accountId: string, at: number, changes: Partial<AccountMoment> = {}): AccountMoment {
  return {
    accountId,
    name: "Borealis",
    at,
    tier: "pro",
    basis: "plan",
    plan: "Pro",
    arr: { amount: "12000.50", currency: "USD" },
    status: "active",
    contractStart: "2026-01-01",
    contractEnd: null,
    addons: [],
    tam: null,
    goneOn: null,
    ...changes,
  };
}

async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...page);
  return found;
}

/** The promises of the facts of reports. */
export function reportPromises(under: Under): void {
  test("an event that is said again replaces itself, and one that is taken back is gone", async () => {
    const { facts } = under().store;
    const sla = { policyId: "31", policyTitle: "PS Enterprise", minutes: 120, businessHours: true };
    await facts.putEvents([
      event("1"),
      event("2", { kind: "apply_sla", at: T0 + 1, sla }),
      event("3", { kind: "fulfill", at: T0 + 9, elapsed: { calendar: 30, business: 12 } }),
      event("4", { ticketId: "8" }),
    ]);
    await facts.putEvents([event("2", { deleted: true }), event("1", { at: T0 + 5 })]);
    const found = await facts.eventsOf(["7", "404"]);
    expect([...found.keys()]).toEqual(["7"]);
    expect(found.get("7")).toEqual([
      event("1", { at: T0 + 5 }),
      event("3", { kind: "fulfill", at: T0 + 9, elapsed: { calendar: 30, business: 12 } }),
    ]);
  });

  test("tickets come by creation, from the first instant of a window up to its end", async () => {
    const { facts } = under().store;
    const ids = ["3", "1", "2", "9"];
    await facts.putTickets(ids.map((id) => ticketFact(id, { createdAt: T0 + (Number(id) % 3) * MINUTE })));
    await facts.putTickets([ticketFact("9", { createdAt: T0, status: "open" })]);
    const found = await all(facts.tickets({ from: T0, until: T0 + 2 * MINUTE }));
    expect(found.map((one) => [one.ticketId, one.status])).toEqual([
      ["3", "solved"],
      ["9", "open"],
      ["1", "solved"],
    ]);
    expect((await facts.ticketsById(["2", "404"])).get("2")).toEqual(
      ticketFact("2", { createdAt: T0 + 2 * MINUTE }),
    );
  });

  test("more tickets than a page holds are all there, once each, and others have their turn between pages", async () => {
    const { facts } = under().store;
    const many = Array.from({ length: 2_300 }, (_, i) => ticketFact(String(i), { createdAt: T0 + (i % 7) }));
    await facts.putTickets(many);
    const turnsAtPage: number[] = [];
    const found: TicketFact[] = [];
    let turns = 0;
    let next = setImmediate(function turn() {
      turns += 1;
      next = setImmediate(turn);
    });
    for await (const page of facts.tickets({ from: T0, until: T0 + MINUTE })) {
      turnsAtPage.push(turns);
      found.push(...page);
    }
    clearImmediate(next);
    expect([new Set(turnsAtPage).size, turnsAtPage.length]).toEqual([3, 3]);
    expect(new Set(found.map((one) => one.ticketId)).size).toBe(2_300);
    expect(found).toHaveLength(2_300);
  });

  test("targets are those of tickets that count, as said last", async () => {
    const { facts } = under().store;
    await facts.putTickets([ticketFact("1"), ticketFact("2", { excluded: "spam" }), ticketFact("3")]);
    await facts.putTargets(
      ["1", "2"],
      [targetFact("1"), targetFact("1", { metric: "next_reply" }), targetFact("2")],
    );
    await facts.putTargets(["1"], [targetFact("1", { state: "breached", endedAt: null })]);
    const window = { from: T0, until: T0 + 1 };
    expect(await all(facts.targets(window))).toEqual([targetFact("1", { state: "breached", endedAt: null })]);
    const own = await facts.ofAccount("hubspot:1", window);
    expect([own.tickets.map((one) => one.ticketId), own.targets.length]).toEqual([["1", "2", "3"], 1]);
    expect(await facts.ofAccount("hubspot:2", window)).toEqual({ tickets: [], targets: [] });
  });

  test("running targets come in the order in which they fall due", async () => {
    const { facts } = under().store;
    const running = (id: string, dueAt: number | null): TargetFact =>
      targetFact(id, { state: "running", endedAt: null, dueAt });
    await facts.putTargets(
      ["1", "2", "3", "4"],
      [
        running("1", T0 + 9),
        running("2", T0 + 5),
        running("3", T0 + 50),
        running("4", null),
        targetFact("4"),
      ].filter((one, i, list) => list.findIndex((other) => other.ticketId === one.ticketId) === i),
    );
    expect((await facts.running(T0 + 50, 10)).map((one) => one.ticketId)).toEqual(["2", "1"]);
    expect((await facts.running(T0 + 51, 1)).map((one) => one.ticketId)).toEqual(["2"]);
  });

  test("an account's past is appended only when something of it changed, and never rewritten", async () => {
    const { facts } = under().store;
    const first = moment("hubspot:1", T0);
    const later = moment("hubspot:1", T0 + 2 * MINUTE, { tier: "enterprise" });
    expect(await facts.remember([first, moment("hubspot:0", T0)])).toBe(2);
    expect(await facts.remember([moment("hubspot:1", T0 + MINUTE)])).toBe(0);
    expect(await facts.remember([later, moment("hubspot:0", T0 + 2 * MINUTE)])).toBe(1);
    expect(await facts.historyOf("hubspot:1")).toEqual([first, later]);
    expect((await all(facts.history(T0 + MINUTE))).map((one) => [one.accountId, one.at])).toEqual([
      ["hubspot:0", T0],
      ["hubspot:1", T0],
    ]);
  });

  test("how far the facts reach is told, also when there are none", async () => {
    const { facts, register } = under().store;
    expect(await facts.state()).toEqual({ through: null, tickets: 0, events: 0, installedAt: null });
    await facts.putTickets([ticketFact("1")]);
    await facts.putEvents([event("1"), event("2")]);
    await register.setCursor("facts:through", String(T0));
    expect(await facts.state()).toEqual({ through: T0, tickets: 1, events: 2, installedAt: null });
  });

  test("old tickets go with their events and targets, and an account's past stays", async () => {
    const { facts } = under().store;
    const old = Array.from({ length: 1_100 }, (_, i) =>
      ticketFact(`old-${i}`, { createdAt: T0 - 1 - (i % 3) }),
    );
    await facts.putTickets([...old, ticketFact("7")]);
    await facts.putTargets(["old-1", "7"], [targetFact("old-1"), targetFact("7")]);
    await facts.putEvents([event("1"), event("2", { ticketId: "old-1", at: T0 + 9 })]);
    await facts.remember([moment("hubspot:1", T0 - 5)]);
    await facts.prune(T0);
    expect(await all(facts.tickets({ from: 0, until: T0 + 1 }))).toEqual([ticketFact("7")]);
    expect(await all(facts.targets({ from: 0, until: T0 + 1 }))).toEqual([targetFact("7")]);
    expect([...(await facts.eventsOf(["7", "old-1"])).keys()]).toEqual(["7"]);
    expect(await facts.historyOf("hubspot:1")).toHaveLength(1);
  });

  test("a customer that is forgotten leaves the reports too", async () => {
    const { facts, forgetting } = under().store;
    await facts.putTickets([
      ticketFact("1"),
      ticketFact("2", { accountId: null }),
      ticketFact("3", { accountId: "x", organizationId: "1" }),
    ]);
    await facts.putTargets(["1", "3"], [targetFact("1"), targetFact("3")]);
    await facts.putEvents([event("1", { ticketId: "1" }), event("2", { ticketId: "3" })]);
    await facts.remember([moment("hubspot:1", T0)]);
    const gone = await forgetting.forget({ organizationId: "900", accountId: "hubspot:1" });
    expect(gone).toMatchObject({
      "report tickets": 2,
      "report targets": 1,
      "report events": 1,
      "report history": 1,
    });
    expect([...(await facts.ticketsById(["1", "2", "3"])).keys()]).toEqual(["3"]);
    expect([...(await facts.eventsOf(["1", "3"])).keys()]).toEqual(["3"]);
  });
}
