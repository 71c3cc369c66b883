import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Demo, startDemo } from "../../src/demo/demo.ts";
import { reportsJson, type YearReports } from "../../src/demo/year-reports.ts";
import { silent } from "../../src/log.ts";
import type { TargetFact, TicketFact } from "../../src/ports.ts";
import type { DifferentiationReport } from "../../src/report/differentiation.ts";
import { afterWorking } from "../../src/sandbox/zendesk-schedule.ts";

/** Just enough for thirty of a priority on either side in either half; Pro writes nothing. */
const TICKETS = { standard: 170, enterprise: 200, enterprise_support: 190 };
/** A machine that builds other things meanwhile takes five times as long. */
const PATIENCE_MS = 180_000;

let demo: Demo;
let reports: YearReports;
const facts: { readonly tickets: TicketFact[]; readonly targets: TargetFact[] } = {
  tickets: [],
  targets: [],
};

beforeAll(async () => {
  demo = await startDemo({
    seed: 7,
    companies: 0,
    log: silent,
    now: Date.UTC(2026, 6, 14, 18),
    scenario: { version: "at-standards-cost", tickets: TICKETS },
    progress: () => {},
    onTicket: () => {},
  });
  if (demo.reports === null) throw new Error("no year was played");
  reports = demo.reports;
  const always = { from: 0, until: Number.MAX_SAFE_INTEGER };
  for await (const page of demo.service.store.facts.tickets(always)) facts.tickets.push(...page);
  for await (const page of demo.service.store.facts.targets(always)) facts.targets.push(...page);
}, PATIENCE_MS);
afterAll(() => demo?.stop());

/** First replies of one priority band, on the customer's clock. */
const row = (priority: string): DifferentiationReport["rows"][number] | undefined =>
  reports.differentiation.rows.find(
    (one) =>
      one.higher === "enterprise_support" &&
      one.metric === "first_reply" &&
      one.clock === "calendar" &&
      one.priority === priority,
  );

describe("a year in which standard customers pay for the others", () => {
  test("is judged rightly from what the service itself saw and decided", () => {
    expect([row("high")?.verdict, row("normal")?.verdict]).toEqual(["different", "different"]);
    expect(reports.differentiation.cost.map((one) => [one.priority, one.verdict])).toEqual([
      ["high", "worse"],
      ["normal", "worse"],
    ]);
    expect(reportsJson(reports)).toMatchObject({
      differentiation: expect.arrayContaining([
        expect.objectContaining({
          higher: "enterprise_support",
          lower: "enterprise",
          priority: "high",
          verdict: "different",
        }),
      ]),
      attainment: { rows: expect.any(Array) },
    });
  });

  test("compares no band that the policy keeps a tier out of", () => {
    const bands = reports.differentiation.rows.filter((one) => one.lower === "pro" || one.higher === "pro");
    expect(bands.filter((one) => one.priority === "urgent")).toEqual([]);
  });

  test("has every ticket's tier as it was decided at its creation, within a minute", async () => {
    const own = facts.tickets.filter((one) => !one.beforeInstallation);
    expect(own.length).toBeGreaterThan(500);
    for (const ticket of own.filter((_, i) => i % 25 === 0)) {
      const decisions = await demo.service.store.ledger.decisionsOf(ticket.ticketId);
      const [created] = decisions.filter((one) => one.event === "created");
      expect(created?.decision).toMatchObject({ action: "apply", tier: ticket.tier });
    }
    const late = own.filter((one) => one.writtenAfterMs !== null && one.writtenAfterMs > 60_000);
    expect(late.length).toBeLessThan(own.length / 20);
  });

  test("knows tickets from before the installation as such, and of no tier", () => {
    const before = facts.tickets.filter((one) => one.beforeInstallation);
    expect(before.map((one) => one.tier)).toEqual(Array.from({ length: 24 }, () => null));
  });

  test("has the replies' times as the tickets themselves tell them", () => {
    const replied = facts.targets.filter((one) => one.metric === "first_reply" && one.endedAt !== null);
    expect(replied.length).toBeGreaterThan(400);
    for (const target of replied) {
      const ticket = demo.desk.state.tickets.get(target.ticketId);
      const reply = ticket?.comments.find((one) => one.public && !one.fromEndUser);
      // The desk stamps the comment and the end of the clock one after the other, and seconds are short in a played year.
      expect([target.ticketId, Math.abs((target.endedAt ?? 0) - (reply?.at ?? 0)) < 60_000]).toEqual([
        target.ticketId,
        true,
      ]);
    }
  });

  test("leaves out what was merged or thrown away, and counts what was opened again", () => {
    const reasons = new Set(facts.tickets.map((one) => one.excluded));
    expect([reasons.has("merged"), reasons.has("deleted")]).toEqual([true, true]);
    expect(facts.tickets.filter((one) => one.reopens > 0).length).toBeGreaterThan(10);
    expect(facts.tickets.some((one) => one.satisfaction === "bad")).toBe(true);
  });

  test("remembers who bought more and who left, and when, and overwrites nothing", async () => {
    const paths = new Set<string>();
    for (const company of demo.crm.state.companies())
      paths.add(
        (await demo.service.store.facts.historyOf(`hubspot:${company.id}`))
          .map((one) => one.tier)
          .join(" > "),
      );
    expect([...paths].some((path) => path.startsWith("enterprise > enterprise_support"))).toBe(true);
  });
});

test("what was written on a customer happened when the demo's clock says, never in hours to come", async () => {
  const own = facts.tickets.flatMap((one) => one.accountId ?? []);
  const writes = (
    await Promise.all([...new Set(own)].map((id) => demo.service.store.runs.writesFor(id, 50)))
  ).flat();
  expect(writes.length).toBeGreaterThan(50);
  const now = demo.clock.now();
  expect(writes.filter(({ at }) => at > now || at < now - 370 * 86_400_000)).toEqual([]);
});

/** Business hours as the sandbox desk counts them: day by day over the wall clock, where ours are compiled for a year. */
test("every due time is the one that the desk's own arithmetic gives, over nights, weekends, holidays and changes of clocks", () => {
  const { tickets, schedules, slaPolicies } = demo.desk.state;
  const replies = facts.targets.filter((one) => one.metric !== "resolution" && one.policy !== null);
  const wrong = replies.filter(
    ({ ticketId, policy, targetMinutes, businessHours, startedAt, endedAt, dueAt }) => {
      const ticket = tickets.get(ticketId);
      const known = [...slaPolicies.values()].some((one) => one.title === policy);
      const schedule = schedules.get(ticket?.scheduleId ?? "") ?? [...schedules.values()][0] ?? null;
      const due = afterWorking(
        businessHours === true ? schedule : null,
        startedAt,
        (targetMinutes ?? 0) * 60_000,
      );
      // A clock that ended in time was never due.
      return !known || (dueAt === null ? (due ?? 0) < (endedAt ?? Number.POSITIVE_INFINITY) : due !== dueAt);
    },
  );
  expect(replies.filter((one) => one.businessHours === true && one.dueAt !== null).length).toBeGreaterThan(
    50,
  );
  expect(wrong.map((one) => [one.ticketId, one.metric, one.startedAt, one.dueAt])).toEqual([]);
});

describe("what the desk tells late", () => {
  const MINUTE = 60_000;
  const pass = (minutes: number): void => demo.clock.advanceTo(demo.clock.now() + minutes * MINUTE);
  const firstReply = async (id: string): Promise<TargetFact | undefined> => {
    const window = { from: demo.clock.now() - 86_400_000, until: demo.clock.now() };
    for await (const page of demo.service.store.facts.targets(window))
      for (const target of page) if (target.ticketId === id && target.metric === "first_reply") return target;
    return undefined;
  };
  const ticket = async (): Promise<string> => {
    const [organization] = [...demo.desk.state.organizations.values()].filter((one) =>
      one.tags.includes("ps_tier_enterprise_support"),
    );
    const [from] = [...demo.desk.state.users.values()].filter(
      (one) => one.organizationId === organization?.id,
    );
    const { id } = demo.desk.createTicket({ from: from?.email ?? "" });
    demo.clock.runAt(20);
    for (;;) {
      const [newest] = await demo.service.store.ledger.decisionsOf(id);
      if (newest !== undefined && newest.state !== "intended") break;
      await demo.clock.sleep(500);
    }
    demo.clock.runAt(1);
    return id;
  };

  test("counts from when it happened, and is taken back where the desk takes it back", async () => {
    const { metricEvents } = demo.desk.state;
    const id = await ticket();
    pass(12);
    await demo.service.upkeep.ingest();
    expect(await firstReply(id)).toMatchObject({ state: "running", endedAt: null });

    const told = metricEvents.get(id) ?? [];
    const begun = told.find((one) => one.metric === "reply_time" && one.type === "activate");
    if (begun === undefined) throw new Error("no clock began");
    const late = { ...begun, id: "999000111", type: "fulfill", at: begun.at + 4 * MINUTE };
    metricEvents.set(id, [...told, late]);
    pass(6);
    await demo.service.upkeep.ingest();
    expect(await firstReply(id)).toMatchObject({ state: "met", endedAt: late.at, calendarMinutes: 4 });

    metricEvents.set(id, [...told, { ...late, deleted: true }]);
    pass(6);
    await demo.service.upkeep.ingest();
    expect(await firstReply(id)).toMatchObject({ state: "running", endedAt: null });
    pass(20);
    await demo.service.upkeep.ingest();
    expect(await firstReply(id)).toMatchObject({ state: "breached", endedAt: null });
  });

  test("is not lost where the desk's limit breaks a round off: it waits as long as it is told, and goes on there", async () => {
    const id = await ticket();
    pass(12);
    const limit = {
      status: 429,
      headers: { "retry-after": "120" },
      body: { error: "APIRateLimitExceeded", description: "Number of allowed requests exceeded" },
    };
    demo.desk.fault({ path: /ticket_metric_events/, ...limit });
    const calls = () => demo.desk.calls().incremental ?? 0;
    await expect(demo.service.upkeep.ingest()).rejects.toThrow(/answered 429/);
    const after = calls();
    await expect(demo.service.upkeep.ingest()).rejects.toThrow(/takes no calls/);
    expect([calls(), await firstReply(id)]).toEqual([after, undefined]);
    pass(3);
    expect(await demo.service.upkeep.ingest()).toMatchObject({ state: "read", behind: false });
    expect(await firstReply(id)).toMatchObject({ tier: "enterprise_support", state: "running" });
  });
});
