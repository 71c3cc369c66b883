import { afterAll, describe, expect, test } from "@jest/globals";
import type { TargetFact, TicketFact } from "../../src/ports.ts";
import { accountHealth, type HealthReport, healthReport } from "../../src/report/health.ts";
import { toTell } from "../../src/report/health-alerts.ts";
import type { OutsideSignals } from "../../src/report/health-measures.ts";
import { healthShown } from "../../src/report/health-shown.ts";
import { outsideSignals } from "../../src/report/outside-signals.ts";
import { textOf } from "../../src/report/text.ts";
import { moment, policy } from "../builders.ts";
import { targetFact, ticketFact } from "../store/report-promises.ts";
import { type Customer, storeWith } from "./present-store.ts";

const rules = policy();
/** A Tuesday, 11:00 in New York. */
const AT = moment("2026-06-09T15:00:00Z");
const DAY = 86_400_000;
const window = { from: AT - 30 * DAY, until: AT };
const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ends) await end();
});

const acme: Customer = {
  id: "acme",
  tier: "enterprise",
  contractStart: "2025-01-01",
  contractEnd: "2027-06-30",
  owner: "55501",
};

/** `n` tickets, each made so many days ago; old enough to be in no other span unless the test says so. */
function tickets(n: number, daysAgo: number, changes: Partial<TicketFact> = {}): readonly TicketFact[] {
  return Array.from({ length: n }, (_, i) =>
    ticketFact(`${daysAgo}-${i}-${JSON.stringify(changes)}`, {
      accountId: "acme",
      createdAt: AT - daysAgo * DAY - i * 1_000,
      solvedAt: AT - 80 * DAY,
      topics: [],
      ...changes,
    }),
  );
}

interface World {
  readonly tickets: readonly TicketFact[];
  readonly targets?: readonly TargetFact[];
  readonly customer?: Partial<Customer>;
  readonly outside?: OutsideSignals;
  readonly through?: number | null;
}

async function worldOf(world: World) {
  const told = {
    tickets: world.tickets,
    targets: world.targets ?? [],
    through: world.through === undefined ? AT : world.through,
  };
  const { store, end } = await storeWith([{ ...acme, ...world.customer }], rules, AT, told);
  ends.push(end);
  const outside = world.outside === undefined ? {} : { outside: new Map([["acme", world.outside]]) };
  return { store, input: { facts: store.facts, store, policy: rules, window, at: AT, ...outside } };
}

const reportOf = async (world: World): Promise<HealthReport> => healthReport((await worldOf(world)).input);
const signalsIn = async (world: World) => (await reportOf(world)).alerts.map((one) => one.signal);

describe("how an account is doing", () => {
  /** Eighteen in a week where 14.4 are usual (chance 0.2); 1 of 10 reopened; 11 of 20 ratings good; nothing missed. */
  const worked: World = {
    tickets: [
      ...tickets(115, 20),
      ...tickets(18, 3),
      ...tickets(9, 70, { solvedAt: AT - 2 * DAY }),
      ...tickets(1, 70, { solvedAt: AT - 2 * DAY, reopens: 1 }),
      ...tickets(11, 75, { satisfaction: "good" }),
      ...tickets(9, 75, { satisfaction: "bad" }),
    ],
    targets: tickets(115, 20).map((one) =>
      targetFact(one.ticketId, { accountId: "acme", createdAt: one.createdAt }),
    ),
    outside: { sentiment: 80, usage: 50, usageChange: 0 },
  };

  test("the worked example: 62.0, amber, with every signal there", async () => {
    const [one] = (await reportOf(worked)).accounts;
    const signals = Object.fromEntries(
      Object.entries(one?.signals ?? {}).map(([k, v]) => [k, Math.round(v ?? -1)]),
    );
    expect(signals).toEqual({ volume: 40, breach: 100, reopened: 60, csat: 55, sentiment: 80, usage: 50 });
    expect([one?.health.score?.toFixed(1), one?.health.colour, one?.health.missing]).toEqual([
      "62.0",
      "amber",
      [],
    ]);
  });

  test("without ratings, feelings and usage less than 60 % of the weight is there: unknown, and named", async () => {
    const report = await reportOf({
      tickets: worked.tickets.map((one) => ({ ...one, satisfaction: null })),
      targets: worked.targets ?? [],
    });
    expect(report.accounts[0]?.health).toEqual({
      score: null,
      colour: "unknown",
      present: expect.closeTo(0.55),
      missing: ["csat", "sentiment", "usage"],
    });
    expect(report.colours).toEqual({ red: 0, amber: 0, green: 0, unknown: 1 });
    expect(textOf(healthShown(report), () => "")).toContain("1 unknown because too few signals are there");
  });

  test("no tickets yet, a customer of three weeks: no usual week, no score, no alert", async () => {
    for (const world of [
      { tickets: [], through: null },
      { tickets: tickets(6, 2), customer: { contractStart: "2026-05-20" } },
    ]) {
      const report = await reportOf(world);
      expect([report.accounts[0]?.signals.volume, report.accounts[0]?.health.colour]).toEqual([
        null,
        "unknown",
      ]);
      expect(report.alerts.filter((one) => one.signal === "volume_spike")).toEqual([]);
    }
  });

  test("one account alone says the same as the report of all", async () => {
    const { input } = await worldOf({ ...worked, tickets: worked.tickets });
    const [all] = (await healthReport(input)).accounts;
    const { window: _window, outside: _outside, ...alone } = input;
    expect(
      await accountHealth(
        { ...alone, ...(worked.outside === undefined ? {} : { outside: worked.outside }) },
        "acme",
      ),
    ).toEqual(all);
    expect(await accountHealth(alone, "nobody")).toBeNull();
  });

  test("merged tickets are in nothing, reopened ones are counted once", async () => {
    const [one] = (
      await reportOf({
        tickets: [
          ...tickets(4, 70, { solvedAt: AT - DAY }),
          ...tickets(1, 70, { solvedAt: AT - DAY, reopens: 3 }),
          ...tickets(5, 2, { excluded: "merged" }),
        ],
      })
    ).accounts;
    expect([one?.measures.reopened, one?.measures.spike?.week, one?.n]).toEqual([
      { reopened: 1, n: 5 },
      0,
      5,
    ]);
  });
});

describe("what must be looked at", () => {
  test.each([
    [7, false],
    [8, true],
  ])("%i tickets in a week where 2.5 are usual: spike %s", async (week, alert) => {
    const found = await reportOf({ tickets: [...tickets(20, 30), ...tickets(week, 3)] });
    expect(found.accounts[0]?.measures.spike?.chance.toFixed(4)).toBe(alert ? "0.0042" : "0.0142");
    expect(found.alerts.some((one) => one.signal === "volume_spike")).toBe(alert);
  });

  test("one alert a signal: urgent tickets, missed times, reopened, ratings, the same question again", async () => {
    const late = tickets(3, 5).map((one) =>
      targetFact(one.ticketId, { accountId: "acme", createdAt: one.createdAt, state: "breached" }),
    );
    expect(
      await signalsIn({
        tickets: [
          ...tickets(3, 5),
          ...tickets(2, 6, { priority: "urgent", status: "open", solvedAt: null }),
          ...tickets(5, 70, { solvedAt: AT - DAY, reopens: 1 }),
          ...tickets(3, 40, { satisfaction: "bad" }),
          ...tickets(3, 20, { requesterId: "u1", topics: ["exports"] }),
        ],
        targets: late,
      }),
    ).toEqual(["score", "urgent_open", "volume_spike", "breaches", "reopened", "csat", "repeat_contact"]);
  });

  test("few of many missed is within the objective; one person's three topics are no repeat contact", async () => {
    const many = tickets(60, 10, { requesterId: "u1" });
    const targets = many.map((one, i) =>
      targetFact(one.ticketId, {
        accountId: "acme",
        createdAt: one.createdAt,
        state: i < 2 ? "breached" : "met",
      }),
    );
    const found = await signalsIn({ tickets: [...tickets(400, 40), ...many], targets });
    expect(found).toEqual([]);
  });

  test("silence needs both: nobody writes, and use fell by 30 %", async () => {
    const quiet = tickets(2, 40);
    const outside = { sentiment: null, usage: null, usageChange: -0.35 };
    expect(await signalsIn({ tickets: quiet, outside })).toEqual(["silence"]);
    expect(await signalsIn({ tickets: [...quiet, ...tickets(1, 3)], outside })).toEqual([]);
    expect(await signalsIn({ tickets: quiet, outside: { ...outside, usageChange: -0.2 } })).toEqual([]);
    expect(await signalsIn({ tickets: quiet })).toEqual([]);
  });

  test("a renewal near makes it urgent: one working day instead of two, for the TAM, else the account's owner", async () => {
    const bad = tickets(2, 6, { priority: "urgent", status: "open", solvedAt: null });
    const far = await reportOf({ tickets: bad });
    expect(far.alerts[0]).toMatchObject({
      key: "acme|urgent_open",
      level: 2,
      urgency: 1,
      renewsOn: null,
      owner: "55501",
      ownerRole: "account_owner",
      acknowledgeBy: moment("2026-06-11T15:00:00Z"),
    });
    const near = await reportOf({
      tickets: bad,
      customer: { contractEnd: "2026-09-07", tam: { agent: "kim@northwind.example", active: true } },
    });
    expect(near.alerts[0]).toMatchObject({
      urgency: 2,
      renewsOn: "2026-09-07",
      owner: "kim@northwind.example",
      ownerRole: "tam",
      acknowledgeBy: moment("2026-06-10T15:00:00Z"),
    });
    // The score itself does not move with the renewal.
    expect(near.accounts[0]?.health).toEqual(far.accounts[0]?.health);
  });

  test("an alert is told again only when it gets worse", async () => {
    const open = (n: number) => tickets(n, 6, { priority: "urgent", status: "open", solvedAt: null });
    const two = (await reportOf({ tickets: open(2) })).alerts;
    const told = new Map(two.map((one) => [one.key, one.level]));
    expect([toTell(two, new Map()).length, toTell(two, told).length]).toEqual([1, 0]);
    const three = (await reportOf({ tickets: open(3) })).alerts;
    expect(toTell(three, told).map((one) => one.level)).toEqual([3]);
  });

  test("accounts of other tiers are not watched", async () => {
    const report = await reportOf({ tickets: [], customer: { tier: "pro" } });
    expect([report.tiers, report.accounts]).toEqual([["enterprise", "enterprise_support"], []]);
  });
});

describe("what others measure, a line an account", () => {
  test("what is left out is not known", () => {
    const lines = [
      '{"account":"hubspot:1","sentiment":80,"usage_change":-0.35}',
      "",
      '{"account":"hubspot:2","usage":50}',
    ];
    expect(outsideSignals(`${lines.join("\n")}\n`)).toEqual(
      new Map([
        ["hubspot:1", { sentiment: 80, usage: null, usageChange: -0.35 }],
        ["hubspot:2", { sentiment: null, usage: 50, usageChange: null }],
      ]),
    );
  });

  test.each([
    ['{"account":"hubspot:1","sentiment":800}', /^Line 1: sentiment: /],
    ['{"account":"hubspot:1","usage":"lots"}', /^Line 1: usage: /],
    ['{"account":"hubspot:1"}\n{"account":"hubspot:2","mood":1}', /^Line 2: .*mood/],
    ['{"usage":50}', /^Line 1: account: /],
    ["account,usage", /^Line 1 is not JSON\.$/],
  ])("%j is refused as a whole", (text, problem) => {
    expect(outsideSignals(text)).toMatchObject({
      problem: expect.stringMatching(problem),
      fix: expect.stringContaining("usage_change"),
    });
  });
});
