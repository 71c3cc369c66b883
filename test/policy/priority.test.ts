import { describe, expect, test } from "@jest/globals";
import type { Ticket } from "../../src/policy/model.ts";
import { account, applied, policy, requester, situation, ticket } from "../builders.ts";

const rules = policy();
const vip = requester({ vip: true });

type Row = readonly [
  sentence: string,
  plan: string,
  changes: Partial<Ticket>,
  priority: string,
  reasons: readonly string[],
  capped?: "capped",
];

function decided(plan: string, changes: Partial<Ticket>, under = rules) {
  const decision = applied(situation({ accounts: [account({ plan })], ticket: ticket(changes) }), under);
  const reasons = decision.reasons.filter((reason) => reason.startsWith("priority_"));
  return {
    ...decision,
    reasons,
    capped: decision.tagsAdd.includes("ps_capped"),
    vip: decision.tagsAdd.includes("ps_vip"),
  };
}

function holds(rows: readonly Row[]): void {
  test.each(rows)("%s", (_sentence, plan, changes, priority, reasons, ...[capped]) => {
    const found = decided(plan, changes);
    expect({ priority: found.priority, reasons: found.reasons, capped: found.capped }).toEqual({
      priority,
      reasons: [...reasons],
      capped: capped === "capped",
    });
    expect(found.priorityChanged).toBe(priority !== (changes.priority ?? null));
  });
}

describe("a ticket without a priority", () => {
  holds([
    ["gets the tier's usual one", "Enterprise", {}, "high", ["priority_default"]],
    [
      "gets it whoever is named as having left it blank",
      "Enterprise",
      { prioritySetBy: "agent" },
      "high",
      ["priority_default"],
    ],
    [
      "follows the stated impact",
      "Enterprise",
      { impact: "sev4" },
      "normal",
      ["priority_from_impact", "priority_floor"],
    ],
    [
      "follows the impact in any case",
      "Enterprise",
      { impact: " SEV1 " },
      "urgent",
      ["priority_from_impact"],
    ],
    [
      "follows the impact up to the ceiling",
      "Pro",
      { impact: "sev1" },
      "high",
      ["priority_from_impact", "priority_ceiling"],
      "capped",
    ],
    ["does not follow an impact nobody defined", "Pro", { impact: "sev9" }, "normal", ["priority_default"]],
  ]);
});

describe("a priority chosen by the requester", () => {
  const chose = (priority: Ticket["priority"], more: Partial<Ticket> = {}): Partial<Ticket> => ({
    priority,
    prioritySetBy: "requester",
    ...more,
  });
  holds([
    ["is kept inside the bounds", "Enterprise", chose("normal"), "normal", ["priority_requester"]],
    [
      "is raised to the floor",
      "Enterprise",
      chose("low"),
      "normal",
      ["priority_requester", "priority_floor"],
    ],
    [
      "is lowered to the ceiling",
      "Pro",
      chose("urgent"),
      "high",
      ["priority_requester", "priority_ceiling"],
      "capped",
    ],
    [
      "gives way to the stated impact",
      "Enterprise",
      chose("urgent", { impact: "sev3" }),
      "normal",
      ["priority_from_impact"],
    ],
  ]);
});

describe("a priority set by automation", () => {
  const set = (priority: Ticket["priority"], more: Partial<Ticket> = {}): Partial<Ticket> => ({
    priority,
    prioritySetBy: "automation",
    ...more,
  });
  holds([
    ["is kept above the ceiling", "Pro", set("urgent"), "urgent", ["priority_automation"]],
    ["is raised to the floor", "Pro", set("low"), "normal", ["priority_automation", "priority_floor"]],
    [
      "is raised by a phrase up to the ceiling, without a cap",
      "Pro",
      set("normal", { subject: "outage" }),
      "high",
      ["priority_automation", "priority_keyword"],
    ],
    [
      "above the ceiling stays there when a phrase is found",
      "Pro",
      set("urgent", { subject: "outage" }),
      "urgent",
      ["priority_automation"],
    ],
    [
      "gives way to the stated impact, which the ceiling does bound",
      "Pro",
      set("urgent", { impact: "sev1" }),
      "high",
      ["priority_from_impact", "priority_ceiling"],
      "capped",
    ],
    [
      "is raised for a VIP",
      "Pro",
      set("normal", { requester: vip }),
      "high",
      ["priority_automation", "priority_vip"],
    ],
  ]);
});

describe("a priority set by an agent", () => {
  holds([
    [
      "is kept, however low",
      "Enterprise",
      { priority: "low", prioritySetBy: "agent" },
      "low",
      ["priority_agent_kept"],
    ],
    [
      "is kept, however high",
      "Pro",
      { priority: "urgent", prioritySetBy: "agent" },
      "urgent",
      ["priority_agent_kept"],
    ],
    [
      "is kept against impact, phrase and VIP",
      "Enterprise",
      { priority: "low", prioritySetBy: "agent", impact: "sev1", subject: "outage", requester: vip },
      "low",
      ["priority_agent_kept"],
    ],
  ]);

  test("is raised, never lowered, where the policy says so", () => {
    const raising = policy({ priority: { ...rules.priority, agentSet: "never_lower" } });
    const byAgent = (priority: Ticket["priority"]) =>
      decided("Pro", { priority, prioritySetBy: "agent", subject: "degraded" }, raising).priority;
    expect([byAgent("low"), byAgent("urgent")]).toEqual(["high", "urgent"]);
  });
});

describe("a listed phrase", () => {
  holds([
    [
      "raises to its level",
      "Enterprise",
      { subject: "outage" },
      "urgent",
      ["priority_default", "priority_keyword"],
    ],
    [
      "raises only to the ceiling, and says so",
      "Pro",
      { subject: "outage" },
      "high",
      ["priority_default", "priority_keyword", "priority_ceiling"],
      "capped",
    ],
    [
      "above the ceiling is said even where nothing moves",
      "Pro",
      { subject: "outage", priority: "high", prioritySetBy: "requester" },
      "high",
      ["priority_requester", "priority_ceiling"],
      "capped",
    ],
    [
      "at the present level changes nothing",
      "Enterprise",
      { subject: "degraded" },
      "high",
      ["priority_default"],
    ],
    [
      "never lowers",
      "Enterprise",
      { subject: "degraded", priority: "urgent", prioritySetBy: "requester" },
      "urgent",
      ["priority_requester"],
    ],
    [
      "raises after the impact",
      "Enterprise",
      { subject: "outage", impact: "sev4" },
      "urgent",
      ["priority_from_impact", "priority_keyword"],
    ],
  ]);

  test("is recorded as listed, without the customer's words", () => {
    expect(decided("Enterprise", { subject: "Total OUTAGE at Acme" }).keyword).toBe("outage");
    expect(decided("Enterprise", {}).keyword).toBeNull();
  });
});

describe("a VIP", () => {
  holds([
    ["raises by one step", "Enterprise", { requester: vip }, "urgent", ["priority_default", "priority_vip"]],
    [
      "finds nothing left to raise where a phrase reached the ceiling",
      "Pro",
      { requester: vip, priority: "low", prioritySetBy: "requester", subject: "degraded" },
      "high",
      ["priority_requester", "priority_keyword"],
    ],
    [
      "is stopped by the ceiling without a cap",
      "Pro",
      { requester: vip, priority: "high", prioritySetBy: "requester" },
      "high",
      ["priority_requester"],
    ],
    [
      "raises nothing where the tier has no step",
      "Standard",
      { requester: vip },
      "normal",
      ["priority_default"],
    ],
  ]);

  test.each([
    ["on a tier without a step", "Standard", {}],
    ["on a tier with one", "Enterprise", {}],
    ["beside a priority an agent set", "Pro", { priority: "low" as const, prioritySetBy: "agent" as const }],
  ])("is marked %s", (_sentence, plan, changes) => {
    expect(decided(plan, { ...changes, requester: vip }).vip).toBe(true);
    expect(decided(plan, changes).vip).toBe(false);
  });
});
