import { describe, expect, test } from "@jest/globals";
import { changeOf } from "../../src/policy/change.ts";
import type { Account, PriorDecision, Situation, Ticket, TicketEvent } from "../../src/policy/model.ts";
import { promiseOf } from "../../src/policy/promise.ts";
import {
  account,
  afterWriting,
  applied,
  moment,
  override,
  policy,
  requester,
  situation,
  TUESDAY,
  ticket,
} from "../builders.ts";

const rules = policy();
const SATURDAY = moment("2026-06-13T15:00:00Z");

/** A ticket decided and written under `first`, then looked at again under `second`. */
function again(
  event: TicketEvent,
  first: Partial<Account>,
  second: Partial<Account>,
  more: {
    readonly ticket?: Partial<Ticket>;
    readonly meanwhile?: Partial<Ticket>;
    readonly prior?: Partial<PriorDecision>;
    readonly given?: Partial<Omit<Situation, "accounts" | "held">>;
    readonly now?: number;
  } = {},
) {
  const original = ticket(more.ticket ?? {});
  const before = applied(situation({ accounts: [account(first)], ticket: original }), rules);
  const written = { ...afterWriting(original, before), ...more.meanwhile };
  const given = situation({
    accounts: [account(second)],
    ticket: written,
    event,
    prior: { ...promiseOf(before), ...more.prior },
    ...more.given,
  });
  const after = applied(given, rules, more.now ?? TUESDAY);
  return { before, after, change: changeOf(written, after) };
}

const PRO = { plan: "Pro" };
const ENTERPRISE = { plan: "Enterprise" };
const LATER_EVENTS: readonly TicketEvent[] = [
  "organization_changed",
  "requester_changed",
  "tier_raised",
  "override_added",
  "backfill",
];

describe("a ticket that was promised a tier", () => {
  test.each(LATER_EVENTS)("gets a higher one on %s", (event) => {
    const { after, change } = again(event, PRO, ENTERPRISE);
    expect(after).toMatchObject({
      tier: "enterprise",
      basis: "plan",
      slaPolicy: "PS Enterprise",
      priority: "high",
    });
    expect(after.reasons).not.toContain("promise_kept");
    expect(change).toEqual({
      priority: "high",
      group: "Enterprise Support",
      tagsAdd: ["ps_tier_enterprise"],
      tagsRemove: ["ps_tier_pro"],
    });
  });

  test.each(["tier_raised", "override_added", "backfill"] as const)(
    "keeps it on %s when the customer has sunk",
    (event) => {
      const { after, change } = again(event, ENTERPRISE, PRO);
      expect(after).toMatchObject({
        tier: "enterprise",
        basis: "plan",
        slaPolicy: "PS Enterprise",
        priority: "high",
      });
      expect(after.reasons).toContain("promise_kept");
      expect(after.ledger).toMatchObject({ tier: "pro", basis: "plan" });
      expect(change).toBeNull();
    },
  );

  test.each(["organization_changed", "requester_changed"] as const)(
    "keeps it on %s while the running clock would end later",
    (event) => {
      const { after, change } = again(event, ENTERPRISE, PRO);
      expect(after).toMatchObject({ tier: "enterprise", slaPolicy: "PS Enterprise" });
      expect(after.reasons).toContain("promise_kept");
      expect(change).toBeNull();
    },
  );

  test.each(["organization_changed", "requester_changed"] as const)(
    "may sink on %s where no clock would end later",
    (event) => {
      const prior: Partial<PriorDecision> = { firstReplyDueAt: moment("2026-07-01T00:00:00Z") };
      const { after } = again(event, ENTERPRISE, PRO, { prior });
      expect(after).toMatchObject({ tier: "pro", slaPolicy: "PS Pro", priority: "high" });
      expect(after.reasons).toContain("promise_kept");
    },
  );

  test("may sink with its customer where no first reply was promised", () => {
    const { after } = again("organization_changed", ENTERPRISE, PRO, { prior: { firstReplyDueAt: null } });
    expect(after.tier).toBe("pro");
  });

  test("is measured by SLA policy and priority where the promised time was not kept", () => {
    const original = ticket();
    const before = applied(situation({ accounts: [account(ENTERPRISE)], ticket: original }), rules);
    const { tier, slaPolicy, priority, tagsAdd } = before;
    const given = situation({
      accounts: [account(PRO)],
      ticket: afterWriting(original, before),
      event: "organization_changed",
      prior: { tier, slaPolicy, priority, tags: tagsAdd },
    });
    expect(applied(given, rules)).toMatchObject({ tier: "enterprise", basis: "held" });
  });

  test("is not blamed on us when a person lowered its priority", () => {
    const meanwhile: Partial<Ticket> = { priority: "low", prioritySetBy: "agent" };
    const { after } = again("tier_raised", PRO, ENTERPRISE, { meanwhile });
    expect(after).toMatchObject({ tier: "enterprise", priority: "low" });
  });

  test("gets the tier of an exception made since", () => {
    const given = { overrides: [override({ tier: "enterprise_support" })] };
    const { after } = again("override_added", PRO, PRO, { given });
    expect(after).toMatchObject({ tier: "enterprise_support", basis: "override" });
  });

  test("is decided anew when this policy no longer has the promised tier", () => {
    const { after } = again("backfill", ENTERPRISE, PRO, { prior: { tier: "platinum" } });
    expect(after.tier).toBe("pro");
  });
});

describe("after creation", () => {
  test.each(LATER_EVENTS)("a priority is never lowered on %s, whoever set it", (event) => {
    const given = situation({
      accounts: [account(PRO)],
      event,
      ticket: ticket({ priority: "urgent", prioritySetBy: "requester" }),
    });
    const after = applied(given, rules);
    expect(after).toMatchObject({ priority: "urgent", priorityChanged: false });
    expect(after.reasons).toContain("promise_kept");
  });

  test.each(LATER_EVENTS)("a ticket someone works on is not moved on %s", (event) => {
    const { after, change } = again(event, PRO, ENTERPRISE, { meanwhile: { assignee: "7" } });
    expect(after).toMatchObject({ tier: "enterprise", group: "Priority Support" });
    expect(change?.group).toBeUndefined();
  });

  test("a ticket that a person moved stays there", () => {
    const { after } = again("tier_raised", PRO, ENTERPRISE, { meanwhile: { group: "Billing" } });
    expect(after.group).toBe("Billing");
    expect(after.reasons).toContain("group_kept_existing");
  });

  test("a ticket that a person moved back to where tickets begin stays there, also the time after next", () => {
    const { after, change } = again("tier_raised", PRO, ENTERPRISE, { meanwhile: { group: "Support" } });
    expect(change?.group).toBeUndefined();
    expect(after.reasons).toContain("group_kept_existing");
    const once = ticket({ group: "Support" });
    const given = situation({ accounts: [account(PRO)], event: "organization_changed", ticket: once });
    expect(applied({ ...given, prior: promiseOf(after) }, rules).group).toBe("Support");
  });

  test("a ticket that had a group of its own before us stays there", () => {
    const { after } = again("tier_raised", PRO, ENTERPRISE, { ticket: { group: "Billing" } });
    expect(after.group).toBe("Billing");
  });

  test("a priority an agent set meanwhile is the agent's", () => {
    const { after } = again("tier_raised", PRO, ENTERPRISE, {
      meanwhile: { priority: "low", prioritySetBy: "agent" },
    });
    expect(after.reasons).toContain("priority_agent_kept");
    expect(after.priority).toBe("low");
  });

  test("a priority an agent confirmed is the agent's, not what was there before us", () => {
    const first: Partial<Ticket> = { priority: "low", prioritySetBy: "requester" };
    const { after } = again("backfill", ENTERPRISE, ENTERPRISE, {
      ticket: first,
      meanwhile: { prioritySetBy: "agent" },
    });
    expect(after.priority).toBe("normal");
  });
});

describe("the same again changes nothing", () => {
  const rows: readonly [string, Partial<Account>, Partial<Ticket>][] = [
    ["for an ordinary ticket", ENTERPRISE, {}],
    ["for a priority lowered to the ceiling", PRO, { priority: "urgent", prioritySetBy: "requester" }],
    [
      "for a VIP's step",
      PRO,
      { priority: "low", prioritySetBy: "requester", requester: requester({ vip: true }) },
    ],
    [
      "for a VIP's step on top of automation",
      ENTERPRISE,
      { priority: "normal", prioritySetBy: "automation", requester: requester({ vip: true }) },
    ],
    ["for a phrase", PRO, { subject: "outage" }],
  ];
  test.each(rows)("%s", (_sentence, of, changes) => {
    for (const event of ["created", ...LATER_EVENTS] as const) {
      expect(again(event, of, of, { ticket: changes }).change).toBeNull();
    }
  });

  test("though others are on shift by now", () => {
    const original = ticket({ createdAt: SATURDAY, subject: "outage" });
    const accounts = [account({ ...ENTERPRISE, syncedAt: SATURDAY })];
    const before = applied(situation({ accounts, ticket: original }), rules, SATURDAY);
    expect(before).toMatchObject({ group: "On-call" });
    const written = afterWriting(original, before);
    const given = situation({ accounts, ticket: written, event: "backfill", prior: promiseOf(before) });
    const monday = moment("2026-06-15T15:00:00Z");
    const after = applied(given, rules, monday);
    expect(changeOf(written, after)).toEqual({ tagsAdd: ["ps_attention"] });
  });

  test("though a crash kept the first write from arriving", () => {
    const accounts = [account(ENTERPRISE)];
    const before = applied(situation({ accounts }), rules);
    const after = applied(situation({ accounts, prior: promiseOf(before) }), rules);
    expect(changeOf(ticket(), after)).toEqual(changeOf(ticket(), before));
  });
});
