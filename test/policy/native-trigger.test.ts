import { describe, expect, test } from "@jest/globals";
import type { Ticket } from "../../src/policy/model.ts";
import { account, applied, policy, situation, ticket, withTier } from "../builders.ts";

const rules = policy();

function decided(plan: string, changes: Partial<Ticket>, under = rules) {
  const decision = applied(situation({ accounts: [account({ plan })], ticket: ticket(changes) }), under);
  return { ...decision, reasons: decision.reasons.filter((reason) => reason.startsWith("priority_")) };
}

describe("values of the desk's own trigger", () => {
  const native = withTier(rules, "enterprise", () => ({
    nativeTrigger: { priority: "urgent", group: "Enterprise Support" },
  }));
  const given = (changes: Partial<Ticket>) =>
    decided(
      "Enterprise",
      { priority: "urgent", prioritySetBy: "agent", group: "Enterprise Support", ...changes },
      native,
    );

  test("count as not set", () => {
    const found = given({ tags: ["ps_native"] });
    expect(found).toMatchObject({
      priority: "high",
      priorityChanged: true,
      group: "Enterprise Support",
      reasons: ["priority_default"],
    });
    expect(found.tagsRemove).toEqual([]);
  });

  test("let the ticket go to another group when that one is away", () => {
    const accounts = [account({ plan: "Enterprise" })];
    const away = new Map([["Enterprise Support", { online: 0, unassigned: null }]]);
    const one = ticket({ tags: ["ps_native"], group: "Enterprise Support" });
    expect(applied(situation({ accounts, ticket: one, availability: away }), native).group).toBe(
      "Premier Support",
    );
  });

  test("count as set when a person chose others", () => {
    expect(given({ tags: ["ps_native"], priority: "low", group: "Billing" })).toMatchObject({
      priority: "low",
      group: "Billing",
    });
  });

  test("count as set without the trigger's mark", () => {
    expect(given({})).toMatchObject({ priority: "urgent", reasons: ["priority_agent_kept"] });
  });

  test("count as set where the policy does not tell the trigger's outcome", () => {
    const found = decided("Enterprise", { priority: "high", prioritySetBy: "agent", tags: ["ps_native"] });
    expect(found.reasons).toEqual(["priority_agent_kept"]);
  });
});
