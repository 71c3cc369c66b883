import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Account, openAccount, SEED } from "./zendesk-account.ts";

const MINUTE = 60_000;
const NINE_TO_FIVE = [1, 2, 3, 4, 5].map((day) => ({
  start_time: day * 1440 + 540,
  end_time: day * 1440 + 1020,
}));
const SCHEDULES = [
  {
    id: 91,
    name: "Business",
    time_zone: "Eastern Time (US & Canada)",
    intervals: NINE_TO_FIVE,
    holidays: [{ name: "Juneteenth", start_date: "2026-06-19", end_date: "2026-06-19" }],
  },
  { id: 92, name: "Always", time_zone: "UTC", intervals: [{ start_time: 0, end_time: 10_080 }] },
];

let account: Account;
beforeEach(async () => {
  account = await openAccount({ seed: { ...SEED, schedules: SCHEDULES } });
});
afterEach(() => account.zendesk.close());

const target = (minutes: number, extra: object = {}): readonly object[] =>
  ["low", "normal", "high", "urgent"].map((priority) => ({
    priority,
    metric: "first_reply_time",
    target: minutes,
    business_hours: false,
    ...extra,
  }));
const _tagged = (value: string): object => ({
  all: [{ field: "current_tags", operator: "includes", value }],
  any: [],
});

async function policy(
  title: string,
  filter: object,
  policy_metrics: readonly object[],
  extra: object = {},
): Promise<number> {
  const { status, at } = await account.post("/slas/policies", {
    sla_policy: { title, filter, policy_metrics, ...extra },
  });
  expect(status).toBe(201);
  return Number(at("sla_policy.id"));
}
const clocks = async (): Promise<unknown> =>
  (await account.get("/tickets/1?include=slas")).at("ticket.slas.policy_metrics");

describe("clocks", () => {
  const hours = (minutes: number): readonly object[] => target(minutes, { business_hours: true });

  test("in business hours wait for the morning, skip nights, weekends and holidays", async () => {
    await policy("P", { all: [], any: [] }, hours(60));
    account.zendesk.createTicket({ priority: "high" });
    expect(await clocks()).toMatchObject([{ breach_at: "2026-06-01T14:00:00Z" }]);
    await account.zendesk.close();
    account = await openAccount({
      seed: { ...SEED, schedules: SCHEDULES },
      now: () => Date.parse("2026-06-18T20:30:00Z"),
    });
    await policy("P", { all: [], any: [] }, hours(60));
    account.zendesk.createTicket({ priority: "high" });
    // Thursday 16:30 in New York: 30 minutes are left, Friday is a holiday, so Monday 9:30.
    expect(await clocks()).toMatchObject([{ breach_at: "2026-06-22T13:30:00Z" }]);
  });

  test.each([
    ["spring", "2026-03-06T21:30:00Z", "2026-03-09T13:30:00Z"],
    ["autumn", "2026-10-30T20:30:00Z", "2026-11-02T14:30:00Z"],
  ])("keep local hours over the change of clocks in %s", async (_season, created, due) => {
    await account.zendesk.close();
    account = await openAccount({ seed: { ...SEED, schedules: SCHEDULES }, now: () => Date.parse(created) });
    await policy("P", { all: [], any: [] }, hours(60));
    account.zendesk.createTicket({ priority: "high" });
    expect(await clocks()).toMatchObject([{ breach_at: due }]);
  });

  test("use another schedule only when a trigger sets it", async () => {
    await policy("P", { all: [], any: [] }, hours(60));
    await account.post("/triggers", {
      trigger: {
        title: "vip",
        conditions: { all: [{ field: "current_tags", operator: "includes", value: "vip" }], any: [] },
        actions: [{ field: "set_schedule", value: "92" }],
      },
    });
    account.zendesk.createTicket({ from: "ann@acme.example", priority: "high" });
    expect(await clocks()).toMatchObject([{ breach_at: "2026-06-01T11:00:00Z" }]);
  });

  test("a public answer of an agent ends the first-reply clock, a note does not", async () => {
    await policy("P", { all: [], any: [] }, target(60));
    account.zendesk.createTicket({ priority: "high", from: "ann@acme.example" });
    account.pass(10 * MINUTE);
    account.zendesk.agentUpdate("1", { comment: { body: "looking", public: false } }, "72");
    expect(await clocks()).toMatchObject([{ stage: "active" }]);
    account.zendesk.agentUpdate("1", { comment: { body: "hello" } }, "72");
    expect(await clocks()).toEqual([{ metric: "first_reply_time", stage: "achieved", breach_at: null }]);
  });

  test("the next-reply clock starts with the customer's next question", async () => {
    await policy("P", { all: [], any: [] }, target(120, { metric: "next_reply_time" }));
    account.zendesk.createTicket({ priority: "high", from: "ann@acme.example" });
    expect(await clocks()).toEqual([]);
    account.zendesk.agentUpdate("1", { comment: { body: "hello" }, status: "pending" }, "72");
    account.pass(60 * MINUTE);
    account.zendesk.agentUpdate("1", { comment: { body: "still broken" } }, "81");
    expect(account.zendesk.state.tickets.get("1")?.status).toBe("open");
    expect(await clocks()).toMatchObject([
      { metric: "next_reply_time", stage: "active", breach_at: "2026-06-01T13:00:00Z" },
    ]);
  });

  test("the work clock stops while the customer is asked, resolution does not", async () => {
    await policy("P", { all: [], any: [] }, [
      ...target(120, { metric: "agent_work_time" }),
      ...target(120, { metric: "total_resolution_time" }),
    ]);
    account.zendesk.createTicket({ priority: "high", from: "ann@acme.example" });
    account.pass(30 * MINUTE);
    account.zendesk.agentUpdate("1", { status: "pending" }, "72");
    expect(await clocks()).toMatchObject([
      { stage: "paused", breach_at: null },
      { breach_at: "2026-06-01T12:00:00Z" },
    ]);
    account.pass(60 * MINUTE);
    account.zendesk.agentUpdate("1", { status: "open" }, "72");
    expect(await clocks()).toMatchObject([
      { breach_at: "2026-06-01T13:00:00Z" },
      { breach_at: "2026-06-01T12:00:00Z" },
    ]);
    account.zendesk.agentUpdate("1", { status: "solved" }, "72");
    expect(await clocks()).toMatchObject([{ stage: "achieved" }, { stage: "achieved" }]);
  });
});

describe("schedules", () => {
  test("take Rails zone names, not IANA ones", async () => {
    const make = (time_zone: string): ReturnType<Account["post"]> =>
      account.post("/business_hours/schedules", {
        schedule: { name: "Berlin", time_zone, intervals: [{ start_time: 1980, end_time: 2460 }] },
      });
    expect((await make("Europe/Berlin")).status).toBe(422);
    const made = await make("Berlin");
    expect(made.status).toBe(201);
    const id = made.at("schedule.id");
    const holiday = await account.post(`/business_hours/schedules/${id}/holidays`, {
      holiday: { name: "Unity", start_date: "2026-10-03", end_date: "2026-10-03" },
    });
    expect(holiday.status).toBe(201);
    const workweek = await account.put(`/business_hours/schedules/${id}/workweek`, {
      workweek: { intervals: [{ start_time: 0, end_time: 60 }] },
    });
    expect(workweek.at("workweek.intervals")).toEqual([{ start_time: 0, end_time: 60 }]);
    expect((await account.get(`/business_hours/schedules/${id}/holidays`)).at("holidays.*.name")).toEqual([
      "Unity",
    ]);
    expect((await account.get("/business_hours/schedules")).at("schedules.*.name")).toEqual([
      "Business",
      "Always",
      "Berlin",
    ]);
  });
});
