import { afterAll, describe, expect, test } from "@jest/globals";
import type { Policy } from "../../src/policy/model.ts";
import type { CapacityReport } from "../../src/report/capacity.ts";
import { capacityReport } from "../../src/report/capacity.ts";
import { capacityShown } from "../../src/report/capacity-shown.ts";
import { textOf } from "../../src/report/text.ts";
import { enterOf } from "../../src/report/what-if.ts";
import { moment, package2026, policy, withTier } from "../builders.ts";
import { ticketFact } from "../store/report-promises.ts";
import { type Customer, storeWith } from "./present-store.ts";
import type { Told } from "./pretend-facts.ts";

const rules = policy();
const AT = moment("2026-06-15T12:00:00Z");
const window = { from: moment("2026-05-01T04:00:00Z"), until: moment("2026-06-01T04:00:00Z") };
const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ends) await end();
});

const many = (n: number, of: (i: number) => Customer): readonly Customer[] =>
  Array.from({ length: n }, (_, i) => of(i));

const buyer = (i: number): Customer => ({
  id: `buyer-${i}`,
  tier: "enterprise_support",
  basis: "addon",
  plan: "enterprise",
  addons: [package2026()],
  tam: { agent: i % 2 === 0 ? "kim@northwind.example" : "lee@northwind.example", active: true },
});
const standard = (i: number): Customer => ({
  id: `standard-${i}`,
  tier: "standard",
  basis: "plan",
  plan: "standard",
});

async function reportOf(
  customers: readonly Customer[],
  { told = {}, base = rules, enter = [] }: { told?: Told; base?: Policy; enter?: readonly string[] } = {},
): Promise<CapacityReport> {
  const { store, end } = await storeWith(customers, base, AT, told);
  ends.push(end);
  const doors = enterOf(enter, base);
  if ("problem" in doors) throw new Error(doors.problem);
  return capacityReport({ facts: store.facts, store, policy: base, window, at: AT, enter: doors });
}

const team = (report: CapacityReport, name: string) => report.teams.find((one) => one.team === name);
const percent = (share: number | null | undefined): string => `${((share ?? Number.NaN) * 100).toFixed(1)}%`;

describe("enough people for the accounts there are", () => {
  test("twenty-four accounts load Premier to 58.6 %, and one person on shift is in time for 79.2 % only", async () => {
    const report = await reportOf(many(24, buyer));
    const premier = team(report, "Premier Support");
    expect(premier?.planned).toMatchObject({ accounts: 24, workHours: 342, accountsAtFull: 40 });
    expect([
      Math.round(premier?.planned?.capacityHours ?? 0),
      percent(premier?.planned?.utilisation),
    ]).toEqual([584, "58.6%"]);
    const { reply, coverage } = premier ?? {};
    expect(reply?.worst).toMatchObject({ group: "Premier Support" });
    expect([reply?.worst?.arrivalsPerHour.toFixed(3), reply?.withinMinutes, reply?.arrivals]).toEqual([
      "1.392",
      30,
      "planned",
    ]);
    expect([coverage?.seats?.toFixed(1), coverage?.peoplePerSeat?.toFixed(2)]).toEqual(["1.4", "4.29"]);
    expect(reply?.byPeople.map((one) => percent(one.inTime)).slice(0, 2)).toEqual(["79.2%", "99.1%"]);
    expect([premier?.utilisationVerdict, reply?.verdict, premier?.verdict]).toEqual([
      "fits",
      "short",
      "does_not_fit",
    ]);
    expect(premier?.ticketsPerAgentHour?.toFixed(2)).toBe("0.51");
    expect(team(report, "Support")?.ticketsPerAgentHour?.toFixed(1)).toBe("2.2");
    expect([report.tams.needed?.toFixed(1), report.tams.tams.map((one) => one.accounts)]).toEqual([
      "2.0",
      [12, 12],
    ]);
  });

  test("the other teams of the specification: 51.4 % and 65.9 %", async () => {
    const report = await reportOf([
      ...many(60, (i) => ({ id: `e-${i}`, tier: "enterprise", plan: "enterprise" })),
      ...many(400, (i) => ({ id: `p-${i}`, tier: "pro", plan: "pro" })),
    ]);
    const figures = ["Enterprise Support", "Priority Support"].map((name) => {
      const planned = team(report, name)?.planned;
      return [
        planned?.workHours.toFixed(0),
        planned?.capacityHours.toFixed(0),
        percent(planned?.utilisation),
        planned?.accountsAtFull,
      ];
    });
    expect(figures).toEqual([
      ["450", "876", "51.4%", 116],
      ["513", "779", "65.9%", 606],
    ]);
  });

  test("two people who are stated to be on shift are enough, and hours that nobody is planned for are said", async () => {
    const planning = rules.capacityAssumptions;
    if (planning === null) throw new Error("the example plans");
    const premier = planning.teams["Premier Support"];
    if (premier === undefined) throw new Error("the example has Premier Support");
    const teams = { ...planning.teams, "Premier Support": { ...premier, onShift: { extended: 2 } } };
    const report = await reportOf(many(24, buyer), {
      base: { ...rules, capacityAssumptions: { ...planning, teams } },
    });
    const reply = team(report, "Premier Support")?.reply;
    expect([percent(reply?.worst?.inTime), reply?.verdict, reply?.hoursUnknown]).toEqual([
      "99.1%",
      "in_time",
      48,
    ]);
    const covered = { ...teams, "On-call": { ...premier, onShift: { always: 1 } } };
    const all = await reportOf(many(24, buyer), {
      base: { ...rules, capacityAssumptions: { ...planning, teams: covered } },
    });
    expect(team(all, "Premier Support")?.reply).toMatchObject({ hoursUnknown: 0, hoursWithNobody: 0 });
  });

  test("hours in which the promise runs and no group takes the ticket make a team short", async () => {
    const asleep = withTier(rules, "enterprise_support", (tier) => ({
      routing: { ...tier.routing, afterHours: { priorities: [], group: null } },
    }));
    const reply = team(await reportOf(many(2, buyer), { base: asleep }), "Premier Support")?.reply;
    expect([reply?.hoursWithNobody, reply?.verdict]).toEqual([48, "short"]);
  });

  test("what came in is told beside what is planned, and the heavier one decides", async () => {
    const created = (i: number): number => window.from + (i + 0.5) * ((window.until - window.from) / 500);
    const tickets = many(500, (i) => ({ id: String(i), tier: "" })).map(({ id }, i) =>
      ticketFact(id, { tier: "enterprise_support", createdAt: created(i) }),
    );
    const report = await reportOf(many(24, buyer), { told: { tickets, through: AT } });
    const premier = team(report, "Premier Support");
    expect(premier?.measured?.n).toBe(500);
    expect(premier?.measured?.ticketsPerAccountMonth).toBeCloseTo(500 / (31 / 7 / 4.345) / 24, 6);
    expect(premier?.reply).toMatchObject({ arrivals: "measured", n: 500 });
    expect([premier?.utilisationVerdict, percent(premier?.measured?.utilisation)]).toEqual([
      "does_not_fit",
      "133.0%",
    ]);
  });

  test("no tickets yet, no accounts yet: planned figures alone, and nothing that was not counted", async () => {
    const report = await reportOf([]);
    expect(report.frame.tickets).toBe(0);
    expect(report.teams.map((one) => [one.measured, one.planned?.accounts])).toEqual(
      report.teams.map(() => [null, 0]),
    );
    expect([report.programme.accounts.verdict, report.programme.tickets.verdict]).toEqual([
      "no_data",
      "no_data",
    ]);
  });

  test("a team without any capacity does not fit, and has no percentage", async () => {
    const planning = rules.capacityAssumptions;
    if (planning === null) throw new Error("the example plans");
    const none = { ...rules, capacityAssumptions: { ...planning, shrinkage: 1 } };
    const premier = team(await reportOf(many(3, buyer), { base: none }), "Premier Support");
    expect([premier?.planned?.utilisation, premier?.verdict, premier?.peopleNeeded]).toEqual([
      null,
      "does_not_fit",
      null,
    ]);
    const unplanned = await reportOf(many(3, buyer), { base: { ...rules, capacityAssumptions: null } });
    expect([unplanned.planned, unplanned.verdict]).toEqual([false, "unknown"]);
    expect(textOf(capacityShown(unplanned), () => "")).toContain("The policy plans no team");
  });
});

describe("how large the programme is", () => {
  test("84 of 484 accounts are below their limit, 1,460 of 3,650 tickets are at theirs", async () => {
    const tickets = Array.from({ length: 3_650 }, (_, i) =>
      ticketFact(String(i), {
        tier: i < 1_460 ? "enterprise" : "standard",
        createdAt: window.from + i * 1_000,
        excluded: null,
      }),
    );
    const merged = ticketFact("merged", { tier: "enterprise", createdAt: window.from, excluded: "merged" });
    const report = await reportOf(
      [
        ...many(84, (i) => ({ id: `e-${i}`, tier: "enterprise", plan: "enterprise" })),
        ...many(400, standard),
        ...many(30, (i) => ({ id: `prospect-${i}`, tier: "standard", linked: false })),
      ],
      { told: { tickets: [...tickets, merged], through: AT } },
    );
    const { accounts, tickets: share } = report.programme;
    expect([accounts.share.hits, accounts.share.n, percent(accounts.share.share), accounts.verdict]).toEqual([
      84,
      484,
      "17.4%",
      "below",
    ]);
    expect([share.share.hits, share.share.n, percent(share.share.share), share.verdict]).toEqual([
      1_460,
      3_650,
      "40.0%",
      "at_limit",
    ]);
    expect(report.frame.leftOut).toEqual([{ reason: "merged", tickets: 1 }]);
  });
});

describe("what if the door stood elsewhere", () => {
  const rich = (i: number): Customer => ({
    id: `rich-${String(i).padStart(2, "0")}`,
    tier: "enterprise",
    plan: "enterprise",
    arr: { amount: String(50_000 + i * 1_000), currency: "USD" },
  });
  const open = withTier(rules, "enterprise_support", (tier) => ({
    capacity: { ...tier.capacity, maxAccounts: 44, waitlistBasis: ["arr"] },
  }));

  test("twenty more accounts over-subscribe the team: 107 %, and 32.0 % in time", async () => {
    const report = await reportOf([...many(24, buyer), ...many(20, rich)], {
      base: open,
      enter: ["enterprise_support=50000"],
    });
    const it = report.whatIf;
    expect([it?.up.length, it?.down.length, it?.waiting.length, it?.verdict]).toEqual([
      20,
      0,
      0,
      "does_not_fit",
    ]);
    expect(it?.tiers.slice(0, 2)).toEqual([
      { tier: "enterprise_support", tierName: "Enterprise Support (add-on)", before: 24, after: 44 },
      { tier: "enterprise", tierName: "Enterprise", before: 20, after: 0 },
    ]);
    const premier = it?.teams.find((one) => one.team === "Premier Support");
    expect([premier?.planned?.workHours, Math.round((premier?.planned?.utilisation ?? 0) * 100)]).toEqual([
      627, 107,
    ]);
    expect(premier?.reply?.byPeople.map((one) => percent(one.inTime))).toEqual(["32.0%", "95.5%", "99.8%"]);
    const words = textOf(capacityShown(report), () => "");
    expect(words).toContain(
      "What if: Enterprise Support (add-on) from an ARR of 50,000 instead of no ARR at all. Of 44 accounts 20 would go up; for the teams that get more it does not fit.",
    );
    expect(words).toContain("Then Premier Support: 107.4% busy as planned with 44 accounts");
    // Asking changes nothing.
    expect(report.tiers[0]).toMatchObject({ tier: "enterprise_support", accounts: 24, waiting: 0 });
  });

  test("who finds no place is named, the poorest first to wait", async () => {
    const full = withTier(open, "enterprise_support", (tier) => ({
      capacity: { ...tier.capacity, maxAccounts: 27 },
    }));
    const report = await reportOf([...many(24, buyer), ...many(5, rich)], {
      base: full,
      enter: ["enterprise_support=50000"],
    });
    expect(report.whatIf?.up.map((one) => one.accountId)).toEqual(["rich-04", "rich-03", "rich-02"]);
    expect(report.whatIf?.waiting.map((one) => [one.accountId, one.from, one.to])).toEqual([
      ["rich-01", "enterprise", "enterprise_support"],
      ["rich-00", "enterprise", "enterprise_support"],
    ]);
  });

  test("a door that is typed wrongly is refused with what to type", () => {
    for (const typed of ["gold=5", "enterprise", "enterprise=much"])
      expect(enterOf([typed], rules)).toMatchObject({
        fix: expect.stringContaining("--enter enterprise_support=50000"),
      });
  });
});

describe("who waits for a place", () => {
  test("in the order in which places are given, with the reason", async () => {
    const waits = (id: string, amount: string): Customer => ({
      id,
      tier: "pro",
      basis: "plan",
      plan: "pro",
      arr: { amount, currency: "USD" },
      waitlisted: ["enterprise"],
    });
    const { store, end } = await storeWith([waits("small", "110000"), waits("big", "400000")], rules, AT);
    ends.push(end);
    const standing = { tier: "enterprise", claim: "earned" as const, holds: false, waits: true };
    await store.waitlists.put(
      ["small", "big"],
      [
        { ...standing, accountId: "small", arr: "110000.00" },
        { ...standing, accountId: "big", arr: "400000.00" },
      ],
    );
    const report = await capacityReport({
      facts: store.facts,
      store,
      policy: rules,
      window,
      at: AT,
      enter: [],
    });
    expect(report.waiting.map((one) => [one.place, one.accountId, one.tier, one.has])).toEqual([
      [1, "big", "enterprise", "pro"],
      [2, "small", "enterprise", "pro"],
    ]);
    expect(report.waiting[0]?.why).toBe(
      "Enterprise has 60 places: 0 are bought, 0 are taken by accounts that have it already or have more ARR.",
    );
    expect(report.tiers.find((one) => one.tier === "enterprise")?.waiting).toBe(2);
  });
});
