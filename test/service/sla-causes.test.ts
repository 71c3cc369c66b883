import { describe, expect, test } from "@jest/globals";
import type { ApplyDecision, DuePrediction, Priority } from "../../src/policy/model.ts";
import type { DeskConditions, DeskSlaPolicy, SlaCause, SlaRepair } from "../../src/ports.ts";
import { causeOf, type Scene } from "../../src/verification/cause.ts";
import { type Filtered, fits } from "../../src/verification/fits.ts";
import { policy } from "../builders.ts";

const none: DuePrediction = { minutes: null, clock: null, dueAt: null };
const decision = {
  action: "apply",
  tier: "enterprise",
  priority: "high",
  slaPolicy: "PS Enterprise",
  due: { first_reply: { minutes: 30, clock: "always", dueAt: 0 }, next_reply: none, resolution: none },
} as unknown as ApplyDecision;

const tagged = (tag: string): DeskConditions => ({
  all: [{ field: "current_tags", operator: "includes", value: tag }],
  any: [],
});
const target = (minutes: number, priority: Priority = "high") => ({
  metric: "first_reply_time",
  priority,
  minutes,
  businessHours: false,
});
const ours: DeskSlaPolicy = {
  id: "2",
  title: "PS Enterprise",
  description: "The promise. [priority-support ps_ PS Enterprise]",
  position: 2,
  filter: tagged("ps_tier_enterprise"),
  targets: [target(30)],
};
const greedy: DeskSlaPolicy = {
  ...ours,
  id: "1",
  title: "Everyone",
  description: "",
  filter: { all: [], any: [] },
};
const byGroup: DeskConditions = { all: [{ field: "group_id", operator: "is", value: "7" }], any: [] };
const ticket: Scene["ticket"] = {
  status: "open",
  priority: "high",
  tags: ["ps_tier_enterprise"],
  organizationId: "61",
  brandId: "1",
  requesterId: "9",
};

const MISSING = { at: 0, ok: false, code: "sla_missing", detail: "" };
const DIFFERS = { ...MISSING, code: "sla_due_differs" };

describe("why a promised SLA is not on the ticket", () => {
  test.each<
    readonly [
      string,
      typeof MISSING,
      Partial<Scene["ticket"]>,
      Scene["policies"],
      SlaCause,
      SlaRepair["how"] | null,
    ]
  >([
    ["the plan has none", MISSING, {}, null, "not_in_plan", null],
    ["it is closed", MISSING, { status: "closed" }, [ours], "ticket_closed", null],
    ["it has no priority", MISSING, { priority: null }, [ours], "no_priority", null],
    ["a person lowered the priority", DIFFERS, { priority: "low" }, [ours], "priority_changed", null],
    ["the policy is gone", MISSING, {}, [greedy], "policy_missing", null],
    ["the tier's tag was taken away", MISSING, { tags: [] }, [ours], "tag_gone", "retag"],
    ["another one fits first", DIFFERS, {}, [greedy, ours], "earlier_policy", null],
    [
      "another one may fit first",
      DIFFERS,
      {},
      [{ ...greedy, filter: byGroup }, ours],
      "earlier_policy",
      null,
    ],
    ["ours looks at another tag", MISSING, {}, [{ ...ours, filter: tagged("vip") }], "filter_misses", null],
    ["its minutes differ", DIFFERS, {}, [{ ...ours, targets: [target(60)] }], "wrong_target", null],
    [
      "it has no row for the priority",
      MISSING,
      {},
      [{ ...ours, targets: [target(30, "low")] }],
      "wrong_target",
      null,
    ],
    ["nothing happened since it was made", MISSING, {}, [ours, greedy], "no_event", "touch"],
    ["the help desk counts other hours", DIFFERS, {}, [ours, greedy], "other_hours", null],
  ])("%s", (_what, found, changes, policies, cause, repair) => {
    const told = causeOf(found, decision, { ticket: { ...ticket, ...changes }, policies }, policy());
    expect([told.cause, told.repair]).toEqual([cause, repair]);
    expect(told.fix).not.toBe("");
  });

  test("whose the earlier policy is decides what to do about it", () => {
    const told = (description: string) =>
      causeOf(DIFFERS, decision, { ticket, policies: [{ ...greedy, description }, ours] }, policy());
    expect(told("").detail).toMatch(/Everyone \(not one of ours\)/);
    expect(told("x [priority-support ps_ PS Pro]")).toMatchObject({
      detail: expect.stringMatching(/\(one of ours\)/),
      fix: expect.stringMatching(/^Run `priority-support apply`/),
    });
  });
});

describe("whether a filter fits a ticket", () => {
  const seen: Filtered = { tags: ["a", "b"], organizationId: "61", brandId: "1", requesterId: null };
  const one = (field: string, operator: string, value: string) => ({ field, operator, value });
  test.each<readonly [string, DeskConditions, boolean | null]>([
    ["no conditions fit everything", { all: [], any: [] }, true],
    ["one tag of several", { all: [one("current_tags", "includes", "x b")], any: [] }, true],
    ["a tag that is not there", { all: [one("current_tags", "includes", "x")], any: [] }, false],
    ["an excluded tag that is there", { all: [one("current_tags", "not_includes", "a")], any: [] }, false],
    ["another organization", { all: [one("organization_id", "is", "62")], any: [] }, false],
    ["its organization", { all: [], any: [one("organization_id", "is", "61")] }, true],
    [
      "none of several",
      { all: [], any: [one("brand_id", "is", "2"), one("current_tags", "includes", "x")] },
      false,
    ],
    ["what is not looked at", { all: [one("via_id", "is", "4")], any: [] }, null],
    [
      "what is not looked at, beside what does not fit",
      { all: [one("via_id", "is", "4"), one("brand_id", "is", "2")], any: [] },
      false,
    ],
    [
      "what is not looked at, beside what fits anyway",
      { all: [], any: [one("via_id", "is", "4"), one("brand_id", "is", "1")] },
      true,
    ],
    ["an operator we do not know", { all: [one("current_tags", "less_than", "a")], any: [] }, null],
  ])("%s", (_what, filter, expected) => {
    expect(fits(filter, seen)).toBe(expected);
  });
});
