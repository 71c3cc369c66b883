import { describe, expect, test } from "@jest/globals";
import { morningOf, weekBefore, windowOf } from "../../src/people/calendar.ts";
import { type Around, dueTellings, stagesOf } from "../../src/people/clocks.ts";
import { messagesOf, type Telling } from "../../src/people/tell.ts";
import { firstWay, nextWay, type Ways } from "../../src/people/ways.ts";
import type { Account, ApplyDecision, People, Policy } from "../../src/policy/model.ts";
import { presentFor } from "../../src/policy/stand-in.ts";
import type { DecisionRecord, Messenger, SlaReading } from "../../src/ports.ts";
import { account, applied, moment, package2026, policy, situation, ticket } from "../builders.ts";

const [LEAD, PREMIER, TAM, BEN, MARIA] = ["lead", "premier", "tam", "ben", "maria"].map(
  (name) => `${name}@northwind.example`,
) as [string, string, string, string, string];

function people(changes: Partial<People> = {}): People {
  return { lead: [LEAD], leads: {}, revops: [], roles: {}, channel: null, members: {}, ...changes };
}

const away = (from: string, to: string, backup: string | null) => ({
  slack: null,
  backup,
  away: [{ from, to }],
});

describe("who hears in whose place", () => {
  const members = {
    [TAM]: away("2026-06-09", "2026-06-10", BEN),
    [BEN]: away("2026-06-10", "2026-06-12", MARIA),
    [MARIA]: away("2026-06-11", "2026-06-11", null),
    [LEAD]: away("2026-06-09", "2026-06-09", PREMIER),
    [PREMIER]: away("2026-06-09", "2026-06-09", LEAD),
  };
  test.each([
    ["nobody is away", TAM, "2026-06-08", TAM],
    ["the first day counts", TAM, "2026-06-09", BEN],
    ["a back-up who is away has their own", TAM, "2026-06-10", MARIA],
    ["the last day is over", TAM, "2026-06-11", TAM],
    ["however it is written", TAM.toUpperCase(), "2026-06-09", BEN],
    ["nobody is left: it stays with the first", BEN, "2026-06-11", BEN],
    ["two who stand in for each other are both away", LEAD, "2026-06-09", LEAD],
    ["somebody the policy does not name", "kim@northwind.example", "2026-06-09", "kim@northwind.example"],
  ])("%s", (_what, meant, on, reader) => {
    expect(presentFor(meant, people({ members }), on)).toBe(reader);
  });
});

describe("the stages of a clock", () => {
  const roles = { "the support lead": [LEAD], "the support manager": [MARIA] };
  const example = policy({ people: people({ roles }) });
  test.each<[string, Policy, readonly unknown[]]>([
    [
      "those that customers are told of, with who is meant",
      example,
      [
        [0.75, [LEAD]],
        [1, [MARIA]],
      ],
    ],
    [
      "the tier's lead where nobody is named",
      policy({ people: people() }),
      [
        [0.75, null],
        [1, null],
      ],
    ],
    [
      "three quarters and due where the terms say nothing",
      policy({ terms: null, people: people() }),
      [
        [0.75, null],
        [1, null],
      ],
    ],
    [
      "an early one that names somebody",
      policy({ people: people({ roles: { "the engineer who has the ticket": [BEN], ...roles } }) }),
      [
        [0.5, [BEN]],
        [0.75, [LEAD]],
        [1, [MARIA]],
      ],
    ],
  ])("are %s", (_what, rules, expected) => {
    expect(stagesOf(rules).map(({ at, to }) => [at, to])).toEqual(expected);
  });
});

const rules = policy({ terms: null, people: people({ leads: { enterprise_support: [PREMIER] } }) });
const buyer = account({
  name: "Acme",
  plan: "enterprise",
  addons: [package2026()],
  tam: { agent: TAM, active: true },
});
const CREATED = moment("2026-06-09T15:00:00Z");

/** A ticket with its decision, and its clocks as the help desk tells them. */
function watched(
  created: number,
  clocks: SlaReading["clocks"],
  {
    who = buyer,
    base = rules,
    priority = "high" as const,
  }: { who?: Account; base?: Policy; priority?: "high" | "normal" } = {},
): { readonly record: DecisionRecord; readonly reading: SlaReading } {
  const given = situation({
    accounts: [who],
    ticket: ticket({ createdAt: created, priority, prioritySetBy: "requester" }),
  });
  const decision: ApplyDecision = applied(given, base, created);
  return {
    record: {
      id: "d1",
      ticketId: "7",
      accountId: who.id,
      decidedAt: created,
      decision,
      before: {
        priority,
        prioritySetBy: "requester",
        group: null,
        tags: [],
        organizationId: null,
        requesterId: null,
      },
      change: null,
    } as unknown as DecisionRecord,
    reading: { ticketId: "7", policy: null, clocks },
  };
}

const running = (breachAt: number, metric = "first_reply_time"): SlaReading["clocks"] => [
  { metric, stage: "active", breachAt },
];

function around(now: number, changes: Partial<Around> = {}): Around {
  return {
    policy: rules,
    accounts: new Map([[buyer.id, { account: buyer }]]),
    origin: "https://acme.zendesk.com",
    publicUrl: "https://support.example.com",
    now,
    since: 0,
    ...changes,
  };
}

const keysAt = (now: number, one: ReturnType<typeof watched>, changes: Partial<Around> = {}) =>
  dueTellings(one, around(now, changes)).map(({ notice }) => notice.key);

describe("a clock that runs out", () => {
  const due = CREATED + 30 * 60_000;
  test.each([
    [22, []],
    [22.5, ["clock:7:first_reply:75"]],
    [29, ["clock:7:first_reply:75"]],
    [30, ["clock:7:first_reply:100"]],
    [30 + 24 * 60 + 1, []],
  ])("of 30 minutes is told of after %d of them as %j", (minutes, keys) => {
    expect(keysAt(CREATED + minutes * 60_000, watched(CREATED, running(due)))).toEqual(keys);
  });

  test("says who, what and until when, links to both places, and goes to the tier's lead and the manager", () => {
    const [telling] = dueTellings(watched(CREATED, running(due)), around(CREATED + 24 * 60_000));
    expect(telling).toMatchObject({
      to: [PREMIER, TAM],
      ticketId: "7",
      goodUntil: due,
      notice: {
        title: "First reply is due soon: ticket 7",
        severity: "warning",
        link: "https://support.example.com/console/tickets/7",
        also: [{ label: "Ticket in the help desk", url: "https://acme.zendesk.com/agent/tickets/7" }],
        lines: [
          "Customer: Acme, Enterprise Support (add-on)",
          "Priority: high",
          "It is due 9 Jun 2026, 11:30 America/New_York; 80 % of 30 min have passed.",
          "Reply to the customer, or hand the ticket to somebody who can.",
        ],
      },
    });
  });

  test("is nobody's news when it was late before people were to be told, or does not run", () => {
    const late = watched(CREATED, running(due));
    expect(keysAt(due + 60_000, late, { since: due + 1 })).toEqual([]);
    const answered = watched(CREATED, [{ metric: "first_reply_time", stage: "achieved", breachAt: due }]);
    expect(keysAt(due + 60_000, answered)).toEqual([]);
  });

  test("of the next reply is another one for every question, of the resolution one for the ticket", () => {
    const one = CREATED + 3_600_000;
    const late = (breachAt: number, metric: string) =>
      keysAt(breachAt + 60_000, watched(CREATED, running(breachAt, metric)));
    expect(late(one, "next_reply_time")).toEqual([`clock:7:next_reply@${one / 1000}:100`]);
    expect(late(one + 60_000, "next_reply_time")).not.toEqual(late(one, "next_reply_time"));
    expect(late(one, "requester_wait_time")).toEqual(late(one + 60_000, "requester_wait_time"));
  });

  test("counts the target's own hours: neither a weekend nor the hour that is lost in spring brings it nearer", () => {
    const pro = account({ plan: "pro" });
    const base = { ...rules, people: people() };
    // Friday 16:00 in New York, a week-end with the clock change of 8 March 2026, four hours of office time.
    const friday = moment("2026-03-06T21:00:00Z");
    const monday = moment("2026-03-09T16:00:00Z");
    const one = watched(friday, running(monday), { who: pro, base });
    const changes = { policy: base, accounts: new Map([[pro.id, { account: pro }]]) };
    expect(keysAt(moment("2026-03-08T12:00:00Z"), one, changes)).toEqual([]);
    // 09:00 + 1:59 and 2:00 of office time on Monday, daylight saving time: three of four hours have passed at 11:00.
    expect(keysAt(moment("2026-03-09T14:59:00Z"), one, changes)).toEqual([]);
    expect(keysAt(moment("2026-03-09T15:00:00Z"), one, changes)).toEqual(["clock:7:first_reply:75"]);
  });
});

const messenger: Messenger = { name: "x", test: async () => {}, tell: async () => "told" };
const ways = (...set: readonly ("slack" | "email" | "webhook")[]): Ways => ({
  slack: set.includes("slack") ? messenger : null,
  email: set.includes("email") ? messenger : null,
  webhook: set.includes("webhook") ? messenger : null,
});

describe("how a message goes", () => {
  test.each([
    [ways("slack", "email", "webhook"), "slack", "email"],
    [ways("email", "webhook"), "email", "webhook"],
    [ways("webhook"), "webhook", null],
    [ways(), null, null],
  ])("to a person, first and when that is refused (%#)", (set, first, second) => {
    expect(firstWay(set)).toBe(first);
    expect(first === null ? null : nextWay(set, first as "slack", TAM)).toBe(second);
    expect(nextWay(set, "slack", "#premier")).toBeNull();
  });

  const telling: Telling = {
    kind: "clock",
    notice: { key: "k", title: "t", lines: ["l"], severity: "warning", link: null },
    to: [TAM, PREMIER, TAM.toUpperCase()],
    ticketId: "7",
    accountId: "acme",
    goodUntil: null,
  };
  const told = (set: Ways, changes: Partial<People> = {}) =>
    messagesOf(telling, {
      people: people(changes),
      ways: set,
      on: "2026-06-09",
      state: "waiting",
      now: 1,
    }).map(({ addressee, way, notice }) => [addressee, way, notice.lines.slice(1)]);

  test("each person hears once, and the webhook's channel hears once and for whom it is", () => {
    expect(told(ways("email"))).toEqual([
      [TAM, "email", []],
      [PREMIER, "email", []],
    ]);
    expect(told(ways("webhook"))).toEqual([["channel", "webhook", [`For: ${TAM}, ${PREMIER}`]]]);
    expect(told(ways())).toEqual([]);
  });

  test("the bot repeats it in its channel, and who stands in for two hears once and for whom", () => {
    const leave = away("2026-06-09", "2026-06-09", BEN);
    expect(told(ways("slack"), { channel: "premier", members: { [TAM]: leave, [PREMIER]: leave } })).toEqual([
      [BEN, "slack", [`${BEN} in place of ${TAM}, ${PREMIER}`]],
      ["premier", "slack", [`For: ${BEN} in place of ${TAM}, ${PREMIER}`]],
    ]);
  });
});

describe("the morning", () => {
  const NEW_YORK = { timezone: "America/New_York" };
  test.each([
    ["before eight there is none", "2026-06-08T11:59:00Z", null],
    [
      "Monday at eight",
      "2026-06-08T12:00:00Z",
      { day: "2026-06-08", monday: "2026-06-08", monthBefore: "2026-05" },
    ],
    ["Tuesday makes up for Monday", "2026-06-09T12:00:00Z", { day: "2026-06-09", monday: "2026-06-08" }],
    ["Wednesday does not", "2026-06-10T12:00:00Z", { monday: null }],
    [
      "the Monday after the clocks went forward is at eight by the new time",
      "2026-03-09T12:00:00Z",
      { monday: "2026-03-09" },
    ],
    ["and not an hour before", "2026-03-09T11:30:00Z", null],
    [
      "a month is not judged in its first week after",
      "2026-06-07T12:00:00Z",
      { monthBefore: null, month: "2026-06" },
    ],
    ["a quarter begins", "2026-07-01T12:00:00Z", { quarterBegun: "2026-Q3", quarter: 3 }],
    ["for two weeks", "2026-07-15T12:00:00Z", { quarterBegun: null }],
  ])("%s", (_what, at, expected) => {
    const morning = morningOf(moment(at), NEW_YORK);
    if (expected === null) expect(morning).toBeNull();
    else expect(morning).toMatchObject(expected);
  });

  test("a week is seven local days, also when one of them has 23 hours", () => {
    const { from, until } = weekBefore("2026-03-09", "America/New_York");
    expect((until - from) / 3_600_000).toBe(7 * 24 - 1);
    expect(windowOf("2026-03", "America/New_York")).toEqual({
      from: moment("2026-03-01T05:00:00Z"),
      until: moment("2026-04-01T04:00:00Z"),
    });
  });
});
