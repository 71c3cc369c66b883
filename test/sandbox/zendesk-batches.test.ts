import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Account, openAccount, stampOf } from "./zendesk-account.ts";

let account: Account;
beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.zendesk.close());

describe("many tickets at once", () => {
  test("are shown without those that are gone", async () => {
    for (let n = 0; n < 3; n += 1) account.zendesk.createTicket();
    account.zendesk.deleteTicket("2");
    const { at } = await account.get("/tickets/show_many?ids=1,2,3,99&include=slas");
    expect(at("tickets.*.id")).toEqual([1, 3]);
    expect(at("tickets.0.slas")).toEqual({ policy_metrics: [] });
  });

  test("are updated row by row: a late row fails and the others do not", async () => {
    const first = account.zendesk.createTicket();
    account.zendesk.createTicket();
    account.pass(2_000);
    account.zendesk.agentUpdate("2", { priority: "low" }, "72");
    const row = { priority: "high", safe_update: true, updated_stamp: stampOf(first) };
    const accepted = await account.put("/tickets/update_many", {
      tickets: [
        { id: 1, ...row },
        { id: 2, ...row },
        { id: 77, ...row },
      ],
    });
    expect(accepted.at("job_status")).toMatchObject({ status: "queued", results: null, total: 3 });
    const path = `/job_statuses/${accepted.at("job_status.id")}`;
    expect((await account.get(path)).at("job_status.status")).not.toBe("completed");
    const done = await account.get(path);
    expect(done.at("job_status.status")).toBe("completed");
    expect(done.at("job_status.results")).toEqual([
      { index: 0, id: 1, action: "update", status: "Updated", success: true },
      { index: 1, id: 2, error: "UpdateConflict", details: expect.stringContaining("outdated") },
      { index: 2, id: 77, error: "TicketNotFound", details: expect.any(String) },
    ]);
    expect(account.zendesk.state.tickets.get("2")?.priority).toBe("low");
  });

  test("more than a hundred are refused", async () => {
    const tickets = Array.from({ length: 101 }, (_, id) => ({ id, priority: "low" }));
    const { status, at } = await account.put("/tickets/update_many", { tickets });
    expect(status).toBe(400);
    expect(at("error")).toBe("TooManyValues");
  });
});

test("ids beyond 2^53 arrive exact and are found again", async () => {
  const big = await openAccount({ bigIds: true });
  try {
    const { id } = big.zendesk.createTicket();
    expect(id).toBe("9007199254740993");
    const answer = await big.get(`/tickets/${id}`);
    expect(answer.text).toContain('"id":9007199254740993,');
  } finally {
    await big.zendesk.close();
  }
});
