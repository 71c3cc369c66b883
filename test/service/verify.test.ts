import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { ApplyDecision, DuePrediction } from "../../src/policy/model.ts";
import { readPolicyText } from "../../src/policy-file.ts";
import type { SlaReading, TicketImage } from "../../src/ports.ts";
import { verify } from "../../src/ticket-verify.ts";

const { policy } = readPolicyText(readFileSync("policy.example.yaml", "utf8"));
if (policy === null) throw new Error("the example policy does not load");
const rules = policy;

const NOON = Date.UTC(2026, 5, 9, 12);
const HOUR = 3_600_000;
const none: DuePrediction = { minutes: null, clock: null, dueAt: null };
const due = (hours: number): DuePrediction => ({
  minutes: hours * 60,
  clock: "always",
  dueAt: NOON + hours * HOUR,
});

const decision: ApplyDecision = {
  action: "apply",
  accountId: "a",
  tier: "enterprise",
  basis: "plan",
  priority: "high",
  priorityChanged: true,
  group: null,
  followersAdd: [],
  slaPolicy: "PS Enterprise",
  due: { first_reply: due(2), next_reply: due(4), resolution: due(24) },
  tagsAdd: ["ps_tier_enterprise"],
  tagsRemove: [],
  reasons: [],
  keyword: null,
  facts: [],
  ledger: null,
};

const before: TicketImage = {
  priority: null,
  prioritySetBy: "none",
  group: null,
  tags: [],
  organizationId: null,
  requesterId: "1",
};

function reading(clocks: SlaReading["clocks"], name: string | null = null): SlaReading {
  return { ticketId: "7", policy: name, clocks };
}

const first = { metric: "first_reply_time", stage: "active", breachAt: NOON + 2 * HOUR };
const wait = { metric: "requester_wait_time", stage: "active", breachAt: NOON + 24 * HOUR };

describe("whether the promised SLA is attached", () => {
  test.each([
    ["both clocks end as promised", decision, before, reading([first, wait]), true, "sla_attached"],
    [
      "seconds of rounding do not matter",
      decision,
      before,
      reading([{ ...first, breachAt: NOON + 2 * HOUR + 59_000 }, wait]),
      true,
      "sla_attached",
    ],
    [
      "the first reply is due later than promised",
      decision,
      before,
      reading([{ ...first, breachAt: NOON + 8 * HOUR }, wait]),
      false,
      "sla_due_differs",
    ],
    [
      "the resolution is due later than promised",
      decision,
      before,
      reading([first, { ...wait, breachAt: NOON + 48 * HOUR }]),
      false,
      "sla_due_differs",
    ],
    ["no clock runs at all", decision, before, reading([]), false, "sla_missing"],
    ["only the other clock runs", decision, before, reading([wait]), false, "sla_missing"],
    [
      "an agent opened the ticket, so first reply has not begun",
      decision,
      { ...before, openedByStaff: true },
      reading([wait]),
      true,
      "sla_not_started",
    ],
    [
      "an answered clock has no end to compare",
      decision,
      before,
      reading([{ ...first, stage: "achieved", breachAt: null }, wait]),
      true,
      "sla_attached",
    ],
    [
      "the desk names another policy",
      decision,
      before,
      reading([first, wait], "Everybody"),
      false,
      "sla_other_policy",
    ],
    ["the ticket is gone", decision, before, null, false, "ticket_gone"],
    [
      "the tier promises nothing",
      { ...decision, slaPolicy: null },
      before,
      reading([]),
      true,
      "sla_not_promised",
    ],
    [
      "the priority has no times",
      { ...decision, due: { first_reply: none, next_reply: none, resolution: none } },
      before,
      reading([]),
      true,
      "sla_not_promised",
    ],
  ])("%s", (_what, decided, image, read, ok, code) => {
    expect(verify(decided, image, read, rules, NOON)).toMatchObject({ ok, code });
  });

  test("what is missing is told with the tag whose filter should have matched", () => {
    expect(verify(decision, before, reading([]), rules, NOON).detail).toContain("ps_tier_enterprise");
  });
});
