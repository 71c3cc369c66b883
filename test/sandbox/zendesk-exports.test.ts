import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Account, openAccount, SEED, START } from "./zendesk-account.ts";

const MINUTE = 60_000;
const since = (ms = 0): number => Math.floor((START + ms) / 1000);

let account: Account;
beforeEach(async () => {
  account = await openAccount({ exportPage: 2 });
});
afterEach(() => account.zendesk.close());

describe("the ticket export", () => {
  test("walks by cursor without repeats, leaves out the last minute and shows deleted tickets", async () => {
    for (let n = 0; n < 3; n += 1) account.zendesk.createTicket();
    account.zendesk.deleteTicket("2");
    account.pass(90_000);
    account.zendesk.createTicket();
    const first = await account.get(`/incremental/tickets/cursor?start_time=${since(-1000)}`);
    expect(first.at("tickets.*.id")).toEqual([1, 2]);
    expect(first.at("tickets.*.status")).toEqual(["new", "deleted"]);
    expect(first.at("end_of_stream")).toBe(false);
    const next = await account.get(`/incremental/tickets/cursor?cursor=${first.at("after_cursor")}`);
    expect([next.at("tickets.*.id"), next.at("end_of_stream")]).toEqual([[3], true]);
    account.pass(MINUTE);
    const later = await account.get(`/incremental/tickets/cursor?cursor=${next.at("after_cursor")}`);
    expect(later.at("tickets.*.id")).toEqual([4]);
  });

  test("refuses a start within the last minute", async () => {
    expect((await account.get(`/incremental/tickets/cursor?start_time=${since()}`)).status).toBe(400);
    expect((await account.get("/incremental/tickets/cursor")).status).toBe(400);
  });
});

describe("the organization export", () => {
  test("repeats rows of the last second, and never ends when a page is full of one second", async () => {
    account.pass(2 * MINUTE);
    const first = await account.get(`/incremental/organizations?start_time=${since(-1000)}`);
    expect(first.at("organizations.*.id")).toEqual([61, 62]);
    expect(first.at("end_of_stream")).toBe(false);
    const again = await account.get(`/incremental/organizations?start_time=${first.at("end_time")}`);
    expect(again.at("organizations.*.id")).toEqual([61, 62]);
  });

  test("shows changes once they are a minute old", async () => {
    account.pass(5 * MINUTE);
    account.zendesk.updateOrganization("63", { notes: "n" });
    account.pass(59_000);
    const path = `/incremental/organizations?start_time=${since(MINUTE)}`;
    expect((await account.get(path)).at("organizations")).toEqual([]);
    account.pass(1_000);
    expect((await account.get(path)).at("organizations.*.id")).toEqual([63]);
  });
});

describe("the metric events", () => {
  test("are the one place that names the policy; a superseded row is marked deleted", async () => {
    await account.zendesk.close();
    account = await openAccount({
      seed: {
        ...SEED,
        sla_policies: [
          {
            id: 101,
            title: "Gold",
            filter: { all: [{ field: "current_tags", operator: "includes", value: "gold" }], any: [] },
            policy_metrics: [
              { priority: "high", metric: "first_reply_time", target: 60, business_hours: false },
            ],
          },
          {
            id: 102,
            title: "Rest",
            filter: { all: [], any: [] },
            policy_metrics: [
              { priority: "high", metric: "first_reply_time", target: 480, business_hours: false },
            ],
          },
        ],
      },
    });
    account.zendesk.createTicket({ from: "ann@acme.example", priority: "high" });
    account.zendesk.agentUpdate("1", { remove_tags: ["gold"] }, "72");
    account.zendesk.agentUpdate("1", { subject: "same policy again" }, "72");
    account.pass(MINUTE);
    const { at } = await account.get(`/incremental/ticket_metric_events?start_time=${since(-1000)}`);
    expect(at("ticket_metric_events.*.deleted")).toEqual([false, true, false]);
    expect(at("ticket_metric_events.0.type")).toBe("activate");
    expect(at("ticket_metric_events.2")).toMatchObject({
      ticket_id: 1,
      metric: "reply_time",
      instance_id: 1,
      type: "apply_sla",
      time: "2026-06-01T10:00:00Z",
      sla: {
        target: 480,
        target_in_seconds: 28_800,
        business_hours: false,
        policy: { id: 102, title: "Rest" },
      },
    });
  });
});

describe("search", () => {
  test("does not find the newest tickets", async () => {
    account.zendesk.createTicket({ subject: "Printer on fire" });
    const find = async (): Promise<unknown> =>
      (await account.get("/search?query=type:ticket+status<solved+printer")).at("results.*.id");
    expect(await find()).toEqual([]);
    account.pass(2 * MINUTE);
    expect(await find()).toEqual([1]);
  });

  test("ends at a thousand results", async () => {
    expect((await account.get("/search?query=x&page=11&per_page=100")).status).toBe(422);
  });
});
