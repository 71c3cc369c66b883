import { describe, expect, test } from "@jest/globals";
import { instantText } from "../../src/policy/dates.ts";
import type { Ticket } from "../../src/policy/model.ts";
import { account, applied, moment, policy, situation, TUESDAY, ticket, withTier } from "../builders.ts";

const rules = policy();

function decided(plan: string, changes: Partial<Ticket> = {}, under = rules, now = TUESDAY) {
  return applied(situation({ accounts: [account({ plan })], ticket: ticket(changes) }), under, now);
}

describe("the promised clock", () => {
  test.each([
    ["runs on business hours for Standard", "Standard", {}, 960, "business", "2026-06-11T15:00:00Z"],
    ["runs round the week days for Enterprise", "Enterprise", {}, 120, "extended", "2026-06-09T17:00:00Z"],
    [
      "never stops for an urgent Enterprise ticket",
      "Enterprise",
      { subject: "outage" },
      60,
      "always",
      "2026-06-09T16:00:00Z",
    ],
    [
      "follows a priority an agent set",
      "Enterprise",
      { priority: "low" as const, prioritySetBy: "agent" as const },
      480,
      "extended",
      "2026-06-09T23:00:00Z",
    ],
  ])("%s", (_sentence, plan, changes, minutes, clock, due) => {
    const { due: promised } = decided(plan, changes);
    expect({ ...promised.first_reply, dueAt: instantText(promised.first_reply.dueAt ?? 0) }).toEqual({
      minutes,
      clock,
      dueAt: due,
    });
  });

  test("is reckoned for next reply and resolution too, and empty where nothing is promised", () => {
    expect(decided("Enterprise").due.resolution.minutes).toBe(1440);
    expect(decided("Standard").due.resolution).toEqual({ minutes: null, clock: null, dueAt: null });
  });

  test("is empty for a tier without an SLA", () => {
    const bare = withTier(rules, "pro", () => ({ slaPolicy: null }));
    const decision = decided("Pro", {}, bare);
    expect(decision.slaPolicy).toBeNull();
    expect(decision.due.first_reply).toEqual({ minutes: null, clock: null, dueAt: null });
    expect(decision.reasons).not.toContain("sla_due_past");
  });

  test("that ran out before we looked asks for attention", () => {
    const due = moment("2026-06-09T17:00:00Z");
    const past = (now: number) => decided("Enterprise", {}, rules, now);
    expect(past(due).reasons).not.toContain("sla_due_past");
    expect(past(due + 1).reasons).toContain("sla_due_past");
    expect(past(due + 1).tagsAdd).toContain("ps_attention");
  });

  test("starts at creation, however late we look", () => {
    expect(decided("Enterprise", {}, rules, TUESDAY + 5_000_000).due).toEqual(decided("Enterprise").due);
  });
});

describe("our tags", () => {
  const stale = [
    "ps_tier_pro",
    "ps_tier_platinum",
    "ps_review",
    "ps_grace",
    "ps_attention",
    "ps_after_hours",
    "ps_capped",
    "ps_vip",
    "ps_unmatched",
    "ps_stale",
    "ps_suspended",
    "ps_override",
  ];
  const foreign = [
    "ps_native",
    "ps_campaign",
    "ps_tier",
    "psychology",
    "review",
    "vip",
    "tier_pro",
    "xps_grace",
  ];

  test("are taken off when they no longer hold", () => {
    const decision = decided("Enterprise", { tags: [...foreign, ...stale, "ps_review"] });
    expect(decision.tagsAdd).toEqual(["ps_tier_enterprise"]);
    expect(decision.tagsRemove.toSorted()).toEqual(stale.toSorted());
  });

  test("are kept where they still hold", () => {
    expect(decided("Gold", { tags: ["ps_review", "ps_tier_standard"] }).tagsRemove).toEqual([]);
  });

  test("never include the mark to skip a ticket", () => {
    const lenient = policy({ scope: { ...rules.scope, skipTagsAny: [] } });
    expect(decided("Pro", { tags: ["ps_skip"] }, lenient).tagsRemove).toEqual([]);
  });

  test("carry the prefix of the policy", () => {
    const named = policy({
      prefix: "acme_",
      matching: { ...rules.matching, unmatched: { tier: "standard", tag: "acme_stranger" } },
    });
    const decision = applied(
      situation({ accounts: [], ticket: ticket({ tags: ["ps_tier_pro", "acme_tier_pro"] }) }),
      named,
    );
    expect(decision.tagsAdd).toEqual(["acme_tier_standard", "acme_stranger"]);
    expect(decision.tagsRemove).toEqual(["acme_tier_pro"]);
    const matched = applied(situation({ ticket: ticket({ tags: ["acme_stranger"] }) }), named);
    expect(matched.tagsRemove).toEqual(["acme_stranger"]);
  });
});
