import { describe, expect, test } from "@jest/globals";
import { TryAgain } from "../../src/errors.ts";
import type { MetricEvent, MetricEventPage } from "../../src/ports.ts";
import type { ZendeskOptions } from "../../src/sandbox/zendesk.ts";
import { failureOf } from "./zendesk-kit.ts";
import { onDesk, type RunningDesk, signal } from "./zendesk-running.ts";

const MINUTE = 60_000;
const SEED = {
  groups: [{ id: 10, name: "Support" }],
  users: [
    { id: 900, email: "jane@customer.example" },
    { id: 901, email: "ann@acme.example", role: "agent", group_ids: [10] },
  ],
  schedules: [
    {
      id: 40,
      name: "Office",
      time_zone: "Eastern Time (US & Canada)",
      intervals: [
        { start_time: 3420, end_time: 3900 },
        { start_time: 1980, end_time: 2460 },
      ],
      holidays: [{ name: "Feast", start_date: "2026-12-24", end_date: "2026-12-26" }],
    },
  ],
  sla_policies: policies(),
};

function policies() {
  const targets = ["low", "normal", "high", "urgent"].map((priority) => ({
    priority,
    metric: "first_reply_time",
    target: 30,
    business_hours: false,
  }));
  const filter = { all: [], any: [] };
  return [
    { id: 101, title: "Everyone", description: "For all", position: 1, filter, policy_metrics: targets },
  ];
}

const onAccount = (
  work: (running: RunningDesk) => Promise<void>,
  options: Partial<ZendeskOptions> = {},
): Promise<void> => onDesk(work, { seed: SEED, ...options });

async function pagesSince(
  { desk }: RunningDesk,
  cursor: string | number,
): Promise<readonly MetricEventPage[]> {
  const pages: MetricEventPage[] = [];
  for await (const page of desk.insight.metricEvents(cursor, signal)) pages.push(page);
  return pages;
}

const eventsOf = (pages: readonly MetricEventPage[]): readonly MetricEvent[] =>
  pages.flatMap(({ events }) => events);

describe("events of SLA clocks", () => {
  test("name the policy that was applied, its minutes and its clock", async () => {
    await onAccount(async (running) => {
      const start = running.now();
      const { id } = running.sandbox.createTicket({ priority: "high" });
      running.pass(5 * MINUTE);
      const applied = eventsOf(await pagesSince(running, start)).filter((one) => one.kind === "apply_sla");
      expect(applied).toMatchObject([
        {
          ticketId: id,
          metric: "reply_time",
          instance: 1,
          deleted: false,
          sla: { policyId: "101", policyTitle: "Everyone", minutes: 30, businessHours: false },
        },
      ]);
    });
  });

  test("go on where the last look ended, and come in small pages without a loss", async () => {
    await onAccount(
      async (running) => {
        const start = running.now();
        const ids = Array.from({ length: 7 }, () => {
          running.pass(2_000);
          return running.sandbox.createTicket({ priority: "high" }).id;
        });
        running.pass(5 * MINUTE);
        const pages = await pagesSince(running, start);
        expect(pages.length).toBeGreaterThan(2);
        expect(new Set(eventsOf(pages).map(({ ticketId }) => ticketId))).toEqual(new Set(ids));
        const cursor = pages.at(-1)?.cursor ?? "";
        const later = running.sandbox.createTicket({ priority: "high" });
        running.pass(5 * MINUTE);
        const more = eventsOf(await pagesSince(running, cursor)).map(({ ticketId }) => ticketId);
        expect(more).toContain(later.id);
        expect(more.filter((id) => id !== later.id && id !== ids.at(-1))).toEqual([]);
      },
      { exportPage: 4 },
    );
  });

  test("more in one second than a page holds neither loop nor hide what comes later", async () => {
    await onAccount(
      async (running) => {
        const start = running.now();
        for (let i = 0; i < 4; i += 1) running.sandbox.createTicket({ priority: "high" });
        running.pass(3_000);
        const { id } = running.sandbox.createTicket({ priority: "high" });
        running.pass(5 * MINUTE);
        const pages = await pagesSince(running, start);
        expect(eventsOf(pages).map(({ ticketId }) => ticketId)).toContain(id);
        expect(running.reports.join()).toMatch(/one second fill a page/);
      },
      { exportPage: 4 },
    );
  });

  test("with a cursor that is none of ours are tried again, not guessed at", async () => {
    await onAccount(async (running) => {
      expect((await failureOf(pagesSince(running, "nonsense"), TryAgain)).message).toMatch(/cursor/);
    });
  });
});

describe("the account's own rules", () => {
  test("opening hours come with their zone, sorted, and with their holidays", async () => {
    await onAccount(async ({ desk }) => {
      expect(await desk.insight.schedules()).toEqual([
        {
          id: "40",
          name: "Office",
          zoneName: "Eastern Time (US & Canada)",
          zone: "America/New_York",
          weekly: [
            { from: 1980, to: 2460 },
            { from: 3420, to: 3900 },
          ],
          holidays: [{ name: "Feast", from: "2026-12-24", to: "2026-12-26" }],
        },
      ]);
    });
  });

  test("SLA policies come in their order with filter and description; a plan without them has none", async () => {
    await onAccount(async ({ desk }) => {
      expect(await desk.insight.slaPolicies()).toMatchObject([{ title: "Everyone", description: "For all" }]);
    });
    await onAccount(
      async ({ desk }) => {
        expect(await desk.insight.slaPolicies()).toBeNull();
      },
      { slas: false },
    );
  });
});

describe("a test ticket", () => {
  test("is its requester's own, and nobody is made twice", async () => {
    await onAccount(async ({ desk, sandbox }) => {
      const requester = { name: "Test", email: "canary@example.com" };
      const wish = { requester, subject: "Test", body: "Please ignore.", tags: ["ps_canary"] };
      const [one, two] = [await desk.testTickets.open(wish), await desk.testTickets.open(wish)];
      expect(two.requesterId).toBe(one.requesterId);
      const ticket = sandbox.state.tickets.get(one.id);
      expect([ticket?.requesterId, ticket?.submitterId]).toEqual([one.requesterId, one.requesterId]);
      expect(ticket?.comments[0]?.fromEndUser).toBe(true);
      expect(await desk.testTickets.solve(one.id)).toBe(true);
      expect(sandbox.state.tickets.get(one.id)?.status).toBe("solved");
      sandbox.deleteTicket(two.id);
      expect(await desk.testTickets.solve(two.id)).toBe(false);
    });
  });
});
