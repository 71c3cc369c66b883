import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Demo, startDemo } from "../../src/demo/demo.ts";
import { reportsJson, type YearReports } from "../../src/demo/year-reports.ts";
import { silent } from "../../src/log.ts";
import type { TargetFact, TicketFact } from "../../src/ports.ts";
import type { DifferentiationReport } from "../../src/report/differentiation.ts";

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
