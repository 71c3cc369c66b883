import { describe, expect, test } from "@jest/globals";
import type { DecisionRecord, MetricEvent, TargetFact, TicketFact, TicketOutcome } from "../../src/ports.ts";
import { targetsOf } from "../../src/report/targets.ts";
import { ticketFactOf } from "../../src/report/ticket-facts.ts";
import { moment, policy, TUESDAY } from "../builders.ts";
import { ticketFact } from "../store/report-promises.ts";

const MINUTE = 60_000;
const RULES = policy();
/** The promises of the store's tests are made on the same Tuesday. */
const CREATED = TUESDAY;

let eventId = 0;
function event(kind: MetricEvent["kind"], minute: number, changes: Partial<MetricEvent> = {}): MetricEvent {
  eventId += 1;
  return {
    id: String(eventId),
    ticketId: "7",
    metric: "reply_time",
    instance: 1,
    kind,
    at: CREATED + minute * MINUTE,
    elapsed: null,
    sla: null,
    deleted: false,
    ...changes,
  };
}

const sla = (minutes: number, policyTitle = "PS Enterprise Support", businessHours = false) => ({
  sla: { policyId: "31", policyTitle, minutes, businessHours },
});
const next = (instance: number) => ({ instance: instance + 1 });
const wait = { metric: "requester_wait_time" };
const open = (changes: Partial<TicketFact> = {}): TicketFact =>
  ticketFact("7", { createdAt: CREATED, status: "open", solvedAt: null, ...changes });

function targets(
  events: readonly MetricEvent[],
  ticket: TicketFact = open(),
  minute = 10_000,
): readonly TargetFact[] {
  return targetsOf(ticket, events, RULES, CREATED + minute * MINUTE);
}

describe("a reply's target", () => {
  test.each<[string, readonly MetricEvent[], number, string, number]>([
    ["answered in time is met", [event("apply_sla", 1, sla(30)), event("fulfill", 29)], 99, "met", 29],
    [
      "answered at the last moment is met",
      [event("apply_sla", 1, sla(30)), event("fulfill", 30)],
      99,
      "met",
      30,
    ],
    ["answered late is breached", [event("apply_sla", 1, sla(30)), event("fulfill", 31)], 99, "breached", 31],
    ["unanswered and inside its time runs", [event("apply_sla", 1, sla(30))], 20, "running", 20],
    ["unanswered past its time is breached now", [event("apply_sla", 1, sla(30))], 31, "breached", 31],
    [
      "held to the policy that was applied last",
      [event("apply_sla", 1, sla(480)), event("apply_sla", 2, sla(30)), event("fulfill", 40)],
      99,
      "breached",
      40,
    ],
    [
      "held to nothing that the desk took back",
      [
        event("apply_sla", 1, sla(480)),
        event("apply_sla", 2, { ...sla(30), deleted: true }),
        event("fulfill", 40),
      ],
      99,
      "met",
      40,
    ],
    [
      "answered before it was asked, by clocks that disagree, took no time",
      [event("activate", 2), event("fulfill", 1), event("apply_sla", 3, sla(30))],
      99,
      "met",
      0,
    ],
    [
      "the same in whatever order its events came",
      [event("fulfill", 31), event("apply_sla", 1, sla(30)), event("activate", 0)],
      99,
      "breached",
      31,
    ],
  ])("%s", (_, events, now, state, minutes) => {
    const [one] = targets(events, open(), now);
    expect([one?.metric, one?.instance, one?.state, one?.calendarMinutes]).toEqual([
      "first_reply",
      1,
      state,
      minutes,
    ]);
  });

  test("each question of the customer has one of its own", () => {
    const found = targets([
      event("apply_sla", 1, sla(30)),
      event("fulfill", 10),
      event("activate", 100, next(1)),
      event("apply_sla", 100, { ...next(1), ...sla(60) }),
      event("fulfill", 130, next(1)),
      event("activate", 200, next(2)),
      event("apply_sla", 200, { ...next(2), ...sla(60) }),
    ]);
    expect(found.map((one) => [one.metric, one.instance, one.state, one.calendarMinutes])).toEqual([
      ["first_reply", 1, "met", 10],
      ["next_reply", 1, "met", 30],
      ["next_reply", 2, "breached", 9_800],
    ]);
  });

  test("without a policy has its times and no verdict that counts", () => {
    const [one] = targets([event("activate", 0), event("fulfill", 12)]);
    expect(one).toMatchObject({ policy: null, targetMinutes: null, dueAt: null, calendarMinutes: 12 });
  });

  test("runs on the opening hours that the policy names for it", () => {
    const [one] = targets(
      [event("apply_sla", 0, sla(960, "PS Standard", true)), event("fulfill", 3 * 1_440)],
      open({ priority: "normal", slaPolicy: "PS Standard" }),
    );
    const perDay = (one?.businessMinutes ?? 0) / 3;
    expect([one?.state, one?.calendarMinutes, perDay]).toEqual(["breached", 3 * 1_440, 480]);
  });

  test("on hours we do not know is as late as the desk says, in the minutes it counted", () => {
    const foreign = sla(60, "Some other policy", true);
    const elapsed = { calendar: 500, business: 44 };
    const late = [event("apply_sla", 0, foreign), event("breach", 400), event("fulfill", 500, { elapsed })];
    const ticket = open({ slaPolicy: null });
    expect(targets(late, ticket)[0]).toMatchObject({
      state: "breached",
      dueAt: CREATED + 400 * MINUTE,
      businessMinutes: 44,
    });
    expect(targets([event("apply_sla", 0, foreign), event("fulfill", 500)], ticket)[0]?.state).toBe("met");
  });

  test("nobody met on a ticket that was solved without an answer counts only where it was late", () => {
    const solved = (minute: number) => open({ status: "solved", solvedAt: CREATED + minute * MINUTE });
    const events = [event("apply_sla", 1, sla(30))];
    expect(targets(events, solved(20))[0]).toMatchObject({ state: "void", calendarMinutes: 20 });
    expect(targets(events, solved(40))[0]).toMatchObject({ state: "breached", calendarMinutes: 40 });
  });

  test("of a ticket that is in no report is void", () => {
    const events = [event("apply_sla", 1, sla(30)), event("fulfill", 31)];
    expect(targets(events, open({ excluded: "merged" })).map((one) => one.state)).toEqual(["void"]);
  });
});

describe("a resolution's target", () => {
  const begun = [event("activate", 0, wait), event("apply_sla", 0, { ...wait, ...sla(240) })];

  test("stands still while the customer is waited for", () => {
    const paused = [...begun, event("pause", 60, wait)];
    expect(targets(paused)[0]).toMatchObject({ state: "running", dueAt: null, calendarMinutes: 60 });
    const again = [...paused, event("activate", 1_000, wait)];
    const due = CREATED + 1_180 * MINUTE;
    expect(targets(again, open(), 1_100)[0]).toMatchObject({
      state: "running",
      dueAt: due,
      calendarMinutes: 160,
    });
    const done = [...again, event("fulfill", 1_181, wait)];
    expect(targets(done)[0]).toMatchObject({ state: "breached", dueAt: due, calendarMinutes: 241 });
  });

  test("goes on where a solved ticket is opened again", () => {
    const reopened = [...begun, event("fulfill", 100, wait), event("activate", 500, wait)];
    expect(targets(reopened, open(), 550)[0]).toMatchObject({
      state: "running",
      endedAt: null,
      calendarMinutes: 150,
    });
    const done = [...reopened, event("fulfill", 600, wait)];
    expect(targets(done)[0]).toMatchObject({ state: "met", calendarMinutes: 200 });
  });

  test("is reached when the ticket is solved, though the event that says so is late", () => {
    const solved = open({ status: "closed", solvedAt: CREATED + 90 * MINUTE });
    expect(targets(begun, solved)[0]).toMatchObject({ state: "met", calendarMinutes: 90 });
  });
});

function outcome(changes: Partial<TicketOutcome> = {}): TicketOutcome {
  return {
    id: "7",
    createdAt: CREATED,
    status: "open",
    merged: false,
    priority: "high",
    organizationId: "900",
    requesterId: "66",
    requesterRole: "end-user",
    submitterId: "66",
    assigneeId: null,
    group: null,
    channel: "email",
    tags: ["billing", "ps_tier_enterprise"],
    solvedAt: null,
    reopens: 0,
    replies: 0,
    satisfaction: null,
    satisfactionComment: false,
    ...changes,
  };
}

function decided(tier: string, changes: Partial<DecisionRecord> = {}): DecisionRecord {
  const none = { minutes: null, clock: null, dueAt: null };
  return {
    id: `d-${tier}`,
    ticketId: "7",
    deliveryId: null,
    accountId: "hubspot:1",
    event: "created",
    asOf: CREATED,
    decidedAt: CREATED + 900,
    policyVersion: "2026-06.1",
    decision: {
      action: "apply",
      accountId: "hubspot:1",
      tier,
      basis: "plan",
      priority: "urgent",
      priorityChanged: true,
      group: null,
      followersAdd: [],
      slaPolicy: "PS Enterprise",
      due: { first_reply: none, next_reply: none, resolution: none },
      tagsAdd: [],
      tagsRemove: [],
      reasons: [],
      keyword: null,
      facts: [],
      ledger: null,
    },
    before: {
      priority: null,
      prioritySetBy: "none",
      group: null,
      tags: [],
      organizationId: "900",
      requesterId: "66",
    },
    change: { priority: "urgent" },
    state: "written",
    outcome: "written",
    verification: null,
    ...changes,
  };
}

const fact = (
  given: TicketOutcome,
  decisions: readonly DecisionRecord[] = [],
  kept: TicketFact | null = null,
): TicketFact => ticketFactOf(given, { decisions, kept, linkedAccount: "hubspot:9" }, RULES);

describe("a ticket in reports", () => {
  test("has the tier it was promised at its creation, whatever came later", () => {
    const later = decided("enterprise_support", { event: "tier_raised", decidedAt: CREATED + 900_000 });
    expect(fact(outcome(), [later, decided("enterprise")])).toMatchObject({
      tier: "enterprise",
      basis: "plan",
      policyVersion: "2026-06.1",
      slaPolicy: "PS Enterprise",
      priority: "urgent",
      accountId: "hubspot:1",
      beforeInstallation: false,
      writtenAfterMs: 900,
      slaVerified: null,
      topics: ["billing"],
    });
  });

  test("from before the installation has none, also when a backfill found it later", () => {
    const backfill = decided("enterprise", { event: "backfill", decidedAt: moment("2026-07-01T00:00:00Z") });
    for (const decisions of [[], [backfill]])
      expect(fact(outcome(), decisions)).toMatchObject({
        tier: null,
        basis: null,
        policyVersion: null,
        beforeInstallation: true,
        accountId: "hubspot:9",
        priority: "high",
      });
  });

  test("keeps its promise when the decision is no longer kept, and follows what happened since", () => {
    const kept = fact(outcome(), [decided("enterprise")]);
    const solvedAt = CREATED + 90 * MINUTE;
    expect(fact(outcome({ status: "solved", solvedAt, priority: "low" }), [], kept)).toEqual({
      ...kept,
      status: "solved",
      solvedAt,
    });
  });

  test("that we left alone was seen all the same", () => {
    const skipped = decided("enterprise", {
      decision: { action: "skip", reasons: ["excluded_channel"] },
      change: null,
      state: "left",
    });
    expect(fact(outcome(), [skipped])).toMatchObject({ tier: null, beforeInstallation: false });
  });

  test.each<[string, Partial<TicketOutcome>, TicketFact["excluded"]]>([
    ["an ordinary one counts", {}, null],
    ["merged", { merged: true, status: "closed" }, "merged"],
    ["deleted, or marked as spam", { status: "deleted" }, "deleted"],
    ["kept away by a tag", { tags: ["ps_skip"] }, "skip"],
    ["our own test", { tags: ["ps_canary"] }, "canary"],
    ["an agent's for themselves", { requesterRole: "agent" }, "self"],
    ["of our own people", { requesterRole: "admin", submitterId: "67" }, "internal"],
    ["a customer's that an agent wrote down counts", { submitterId: "67" }, null],
    ["of somebody we know nothing of counts", { requesterRole: null }, null],
  ])("is left out for one reason: %s", (_, changes, excluded) => {
    expect(fact(outcome(changes)).excluded).toBe(excluded);
  });

  test("that is deleted later stays left out for its first reason", () => {
    const kept = fact(outcome({ merged: true }));
    expect(fact(outcome({ status: "deleted", tags: [] }), [], kept).excluded).toBe("merged");
  });
});
