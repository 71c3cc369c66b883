import { describe, expect, test } from "@jest/globals";
import { decide } from "../../src/policy/decide.ts";
import type { Ticket } from "../../src/policy/model.ts";
import { account, policy, situation, TUESDAY, ticket } from "../builders.ts";
import { read } from "./zendesk-kit.ts";
import { onDesk } from "./zendesk-running.ts";

const reasonsFor = (of: Partial<Ticket>): readonly string[] =>
  decide(situation({ ticket: ticket(of), accounts: [account()] }), policy(), TUESDAY).reasons;

describe("Tickets of special kinds", () => {
  test("with a custom status are judged by its category, which Zendesk sends as the status", async () => {
    expect(await read({ status: "pending", custom_status_id: 8447320465790 })).toMatchObject({
      status: "pending",
    });
    expect(await read({ status: "Closed", custom_status_id: 1 })).toMatchObject({ status: "closed" });
    expect(reasonsFor({ status: "closed" })).toEqual(["excluded_closed"]);
    expect(reasonsFor({ status: "hold" })).not.toContain("excluded_closed");
  });

  test("of a brand carry its id, also where the plan has no brands", async () => {
    expect((await read({ brand_id: "9007199254740993" })).brandId).toBe("9007199254740993");
    expect((await read({ brand_id: null })).brandId).toBeNull();
  });

  test("that follow up a closed one are new tickets, not merged ones", async () => {
    const via = { channel: "closed_ticket", source: { from: { ticket_id: 41 }, rel: "follow_up" } };
    expect(await read({ status: "new", via })).toMatchObject({ merged: false, channel: "closed_ticket" });
  });

  test("that were merged away are told from closed ones", async () => {
    expect((await read({ status: "closed", tags: ["closed_by_merge"] })).merged).toBe(true);
    expect((await read({ status: "closed" })).merged).toBe(false);
  });

  test("of a suspended customer are read like any other: Zendesk keeps suspended mail to itself", async () => {
    await onDesk(async ({ desk, sandbox, pass }) => {
      sandbox.addUser({ email: "blocked@customer.example", organization_id: 700, suspended: true });
      const { id } = sandbox.createTicket({ from: "blocked@customer.example" });
      pass(2_000);
      expect(await desk.readTicket(id, "live")).toMatchObject({
        organizationId: "700",
        requester: { email: "blocked@customer.example", role: "end-user" },
      });
    });
  });
});
