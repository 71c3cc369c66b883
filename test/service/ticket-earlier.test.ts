/** What a ticket's earlier decisions and the events of a claim say to whoever decides it again. */
import { describe, expect, test } from "@jest/globals";
import type { Decision, TicketEvent } from "../../src/policy/model.ts";
import type { Claim, DecisionRecord } from "../../src/ports.ts";
import { bringsMore, earlierOf, eventOf, keepingGroup } from "../../src/ticket-earlier.ts";
import { decided } from "../store/kit.ts";

function claimOf(...events: readonly (TicketEvent | null)[]): Claim {
  const deliveries = events.map((event, index) => ({
    id: `delivery ${index}`,
    source: "zendesk",
    kind: "ticket" as const,
    subjectId: "7",
    hint:
      event === null
        ? null
        : { event, eventType: event, updatedAt: null, organizationId: null, actorId: null },
    accountIds: [],
    flagged: false,
    receivedAt: 0,
    attempts: 0,
    reason: null,
  }));
  return { kind: "ticket", subjectId: "7", source: "zendesk", owner: "me", lane: "live", deliveries };
}

describe("the event to decide for", () => {
  const rows: readonly [string, Claim, boolean, TicketEvent][] = [
    [
      "is the creation of a ticket nobody has decided",
      claimOf("organization_changed", "created"),
      false,
      "created",
    ],
    [
      "is the move, where the creation is told again of a ticket that is decided",
      claimOf("created", "organization_changed"),
      true,
      "organization_changed",
    ],
    ["is the creation told again, where there is nothing else", claimOf("created", "other"), true, "created"],
    ["is nothing that decides, where nothing was told", claimOf("other", null), false, "other"],
  ];
  test.each(rows)("%s", (_sentence, claim, isDecided, event) => {
    expect(eventOf(claim, isDecided)).toBe(event);
  });
});

describe("of the decisions before", () => {
  const written = decided("written", { state: "written" });
  const intended = decided("intended", { state: "intended" });

  test("a write in doubt does not make us forget what was promised before it", () => {
    expect(earlierOf([intended, written])).toEqual({ prior: written, doubtful: intended, decided: true });
  });

  test("one in doubt alone has decided nothing yet", () => {
    expect(earlierOf([intended])).toEqual({ prior: null, doubtful: intended, decided: false });
  });

  test("a simulated one says nothing", () => {
    const simulated = decided("simulated", { state: "simulated" });
    expect(earlierOf([simulated])).toEqual({ prior: null, doubtful: null, decided: false });
  });

  test("one that left the ticket alone promised nothing, and its creation is dealt with", () => {
    const left = decided("left", { state: "left", decision: { action: "skip", reasons: ["excluded_tag"] } });
    expect(earlierOf([left])).toEqual({ prior: null, doubtful: null, decided: true });
  });
});

describe("a write found applied after a restart", () => {
  const doubtful = decided("d", { deliveryId: "delivery 0" });
  const rows: readonly [string, Claim, boolean][] = [
    ["ends the webhook it was decided for", claimOf("organization_changed"), false],
    ["ends a second word of the creation", claimOf("created", "created"), false],
    ["does not end a move that came afterwards", claimOf("created", "organization_changed"), true],
  ];
  test.each(rows)("%s", (_sentence, claim, more) => {
    expect(bringsMore(claim, doubtful)).toBe(more);
  });
});

describe("a group that a person chose while we were about to write", () => {
  const wanted = decided("d").decision;
  const intent = (group: string | null, change: DecisionRecord["change"]): DecisionRecord => {
    const { before } = decided("d");
    return decided("d", { state: "intended", before: { ...before, group }, change });
  };
  const groupOf = (decision: Decision): string | null =>
    decision.action === "apply" ? decision.group : null;

  test("stays, also where the policy would move it on", () => {
    const kept = keepingGroup(wanted, intent(null, { group: "Pro Support" }), { group: "Support" });
    expect(groupOf(kept)).toBe("Support");
    expect(kept.reasons).toContain("group_kept_existing");
  });

  test("stays at the next try too, when we no longer wanted another", () => {
    const kept = keepingGroup(wanted, intent("Support", { priority: "high" }), { group: "Support" });
    expect(groupOf(kept)).toBe("Support");
  });

  test("is ours to set where it is as we had seen it", () => {
    expect(keepingGroup(wanted, intent(null, { group: "Pro Support" }), { group: null })).toBe(wanted);
    expect(keepingGroup(wanted, null, { group: null })).toBe(wanted);
  });
});
