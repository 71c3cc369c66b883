import { afterAll, describe, expect, test } from "@jest/globals";
import { changesHeld } from "../../src/alerts.ts";
import { silent } from "../../src/log.ts";
import { troubleNotifier } from "../../src/people/trouble.ts";
import { openPeopleWatch } from "../../src/people/watch.ts";
import type { Policy } from "../../src/policy/model.ts";
import type { Addressee, Messenger, Notice, NoticeKind, Store } from "../../src/ports.ts";
import { moment, override, package2026, policy } from "../builders.ts";
import { type Customer, storeWith } from "../report/present-store.ts";
import type { Told } from "../report/pretend-facts.ts";
import { targetFact, ticketFact } from "../store/report-promises.ts";

const LEAD = "lead@northwind.example";
const REVOPS = "revops@northwind.example";
const TAM = "tam@northwind.example";
/** A Monday, 08:30 in New York, in the first week of a quarter and the second week of nothing. */
const MONDAY = moment("2026-06-08T12:30:00Z");
const DAY = 86_400_000;

const rules: Policy = policy({
  people: { lead: [LEAD], leads: {}, revops: [REVOPS], roles: {}, channel: null, members: {} },
});

const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ends) await end();
});

interface House {
  readonly store: Store;
  readonly sent: { readonly to: string; readonly notice: Notice }[];
  readonly of: (kind: NoticeKind) => Promise<readonly { readonly to: string; readonly notice: Notice }[]>;
  /** The lists of the morning of a moment, and their sending. */
  readonly morning: (at: number) => Promise<void>;
}

/** A store with customers and facts, and somebody who takes every mail. */
async function house(customers: readonly Customer[], told: Told = {}, base = rules): Promise<House> {
  const { store, end } = await storeWith(customers, base, MONDAY, told);
  ends.push(end);
  const sent: House["sent"] = [];
  const email: Messenger = {
    name: "e-mail",
    test: async () => {},
    tell: async ({ address }: Addressee, notice) => {
      sent.push({ to: address, notice });
      return "told";
    },
  };
  const refuse = async (): Promise<never> => {
    throw new Error("lists ask nothing of the help desk");
  };
  const time = { now: MONDAY };
  const watch = openPeopleWatch(
    {
      store,
      desk: { readSlas: refuse, readTickets: refuse, describe: refuse },
      policy: () => base,
      ways: { slack: null, email, webhook: null },
      simulating: async () => false,
      origin: "https://acme.zendesk.com",
      publicUrl: "https://support.example.com",
      clock: { now: () => time.now, sleep: async () => {} },
      log: silent,
      metrics: { gauge: () => {} },
      jitter: () => 0,
    },
    "people-1",
  );
  return {
    store,
    sent,
    of: async (kind) => {
      const listed = await store.notices.list({ state: null, before: null, limit: 100 });
      const keys = new Set(listed.filter((one) => one.kind === kind).map(({ notice }) => notice.key));
      return sent.filter(({ notice }) => keys.has(notice.key));
    },
    morning: async (at) => {
      time.now = at;
      await watch.lists();
      await watch.send(new AbortController().signal);
    },
  };
}

const buyer: Customer = {
  id: "acme",
  name: "Acme <&> Co",
  tier: "enterprise_support",
  basis: "addon",
  plan: "enterprise",
  addons: [package2026()],
  tam: { agent: TAM, active: true },
};

describe("entitlements with dates", () => {
  test("are told to RevOps once: a tier that goes this week, an override that ends, a package without a manager", async () => {
    const { morning, of, store } = await house([
      { ...buyer, contractEnd: "2026-05-29", addons: [package2026({ end: "2026-05-29" })] },
      { ...buyer, id: "globex", name: "Globex", tam: null },
      { id: "initech", name: "Initech", tier: "pro", plan: "pro" },
      {
        id: "hooli",
        name: "Hooli",
        tier: "standard",
        status: "trial",
        trial: { poc: false, end: "2026-06-10" },
      },
    ]);
    const expiresAt = MONDAY + 20 * DAY;
    await store.overrides.add(
      override({ id: "o1", accountId: "initech", kind: "floor", tier: "enterprise", expiresAt }),
    );
    await morning(MONDAY);
    const [first, ...more] = await of("entitlement");
    expect([first?.to, more]).toEqual([REVOPS, []]);
    expect(first?.notice.link).toBe("https://support.example.com/console/customers/movements");
    const lines = first?.notice.lines.join("\n") ?? "";
    expect(lines).toMatch(/^2026-06-13: Acme <&> Co goes from Enterprise Support \(add-on\) to/m);
    expect(lines).toMatch(/^2026-06-28: the override floor enterprise of Initech ends, in 20 days/m);
    expect(lines).toMatch(/^Globex has Enterprise Support \(add-on\) and no account manager/m);
    expect(lines).toMatch(/^2026-06-10: the trial of Hooli ends\.$/m);
    expect(first?.notice.lines).toHaveLength(4);
    // The next days bring nothing new, until the override is two weeks away.
    await morning(MONDAY + DAY);
    expect(await of("entitlement")).toHaveLength(1);
    await morning(MONDAY + 6 * DAY);
    const [, second] = await of("entitlement");
    expect(second?.notice.lines).toEqual([expect.stringMatching(/Initech ends, in 14 days/)]);
  });
});

const HALF = 30 * 60_000;
const inMay = moment("2026-05-15T15:00:00Z");

/** First replies after so many minutes, of high tickets in one tier. */
function replies(tier: string, minutes: number, n: number): Required<Pick<Told, "tickets" | "targets">> {
  const ids = Array.from({ length: n }, (_, i) => `${tier}-${minutes}-${i}`);
  return {
    tickets: ids.map((id) => ticketFact(id, { tier, createdAt: inMay, accountId: "acme" })),
    targets: ids.map((id) =>
      targetFact(id, {
        ...{ tier, createdAt: inMay, startedAt: inMay, targetMinutes: 30, dueAt: inMay + HALF },
        endedAt: inMay + minutes * 60_000,
        state: minutes > 30 ? "breached" : "met",
        calendarMinutes: minutes,
        businessMinutes: minutes,
      }),
    ),
  };
}

describe("whoever leads support", () => {
  test("hears once a month of a tier that is served the wrong way round, and of teams that are full", async () => {
    const [late, soon] = [replies("enterprise_support", 45, 60), replies("enterprise", 20, 60)];
    const { morning, of } = await house(
      Array.from({ length: 60 }, (_, i) => ({ ...buyer, id: `buyer-${i}` })),
      {
        tickets: [...late.tickets, ...soon.tickets],
        targets: [...late.targets, ...soon.targets],
        through: MONDAY,
      },
    );
    await morning(MONDAY);
    await morning(MONDAY + DAY);
    const [difference, ...others] = await of("differentiation");
    expect([difference?.to, others]).toEqual([LEAD, []]);
    expect(difference?.notice).toMatchObject({
      key: "differentiation:2026-05",
      severity: "critical",
      lines: [expect.stringMatching(/is answered later than the lower one/), expect.any(String)],
    });
    const [capacity, ...again] = await of("capacity");
    expect([capacity?.to, again]).toEqual([LEAD, []]);
    expect(capacity?.notice.lines[0]).toMatch(
      /^Premier Support: 60 customers, 146\.\d\s?% of its capacity by plan/,
    );
  });

  test("hears on Monday how the week was: both headline numbers, tiers, breaches, who moved, what waits", async () => {
    const lastWeek = MONDAY - 3 * DAY;
    const at = (tier: string, when: number) => ({
      ...{ accountId: "acme", name: "Acme", at: when, tier, basis: "plan" as const, plan: null, arr: null },
      ...{
        status: "active" as const,
        contractStart: null,
        contractEnd: null,
        addons: [],
        tam: null,
        goneOn: null,
      },
    });
    const { morning, of } = await house([buyer], {
      tickets: [ticketFact("1", { createdAt: lastWeek }), ticketFact("2", { createdAt: lastWeek })],
      targets: [
        targetFact("1", { createdAt: lastWeek }),
        targetFact("2", { createdAt: lastWeek, state: "breached", endedAt: lastWeek + 300 * 60_000 }),
      ],
      moments: [at("pro", MONDAY - 30 * DAY), at("enterprise", lastWeek)],
      through: MONDAY,
    });
    await morning(MONDAY);
    await morning(MONDAY + DAY);
    const digests = await of("digest");
    expect(digests.map(({ to, notice }) => [to, notice.key])).toEqual([[LEAD, "digest:2026-06-08"]]);
    expect(digests[0]?.notice.title).toBe("Priority support, 1 Jun 2026 to 7 Jun 2026");
    expect(digests[0]?.notice.lines).toEqual([
      "Tickets tied to a customer: none yet",
      "Promises with the right SLA attached: none yet",
      "Enterprise: 1 of 2 first replies in time (too few for a percentage)",
      "Targets missed, of every kind: 1",
      "Customers who changed tier: 1 up, 0 down",
      "  Acme: Pro → Enterprise",
      "Waits for a person: nothing",
    ]);
    await morning(MONDAY + 7 * DAY);
    expect(await of("digest")).toHaveLength(2);
  });
});

test("a run that the brake holds is told to RevOps and the lead once a day, whatever becomes of the channel", async () => {
  const { store } = await house([]);
  const taken: string[] = [];
  const channel = {
    name: "slack",
    test: async () => {},
    notify: async ({ key }: Notice) => {
      taken.push(key);
      throw new Error("no_service");
    },
  };
  const email: Messenger = { name: "e-mail", test: async () => {}, tell: async () => "told" };
  const time = { now: MONDAY };
  const trouble = troubleNotifier(channel, {
    store,
    ways: { slack: null, email, webhook: null },
    policy: () => rules,
    simulating: async () => false,
    clock: { now: () => time.now, sleep: async () => {} },
  });
  const held = changesHeld("run-1", { reason: "12 at once", demotions: [] });
  for (const after of [0, 1_000, DAY]) {
    time.now = MONDAY + after;
    await expect(trouble?.notify(held)).rejects.toThrow("no_service");
  }
  expect(taken).toEqual([held.key, held.key, held.key]);
  const recorded = await store.notices.list({ state: "waiting", before: null, limit: 9 });
  expect(recorded.map(({ kind, addressee }) => [kind, addressee]).toSorted()).toEqual([
    ["trouble", LEAD],
    ["trouble", LEAD],
    ["trouble", REVOPS],
    ["trouble", REVOPS],
  ]);
  // With the webhook alone its channel hears as before, and nothing is recorded.
  const noWays = { slack: null, email: null, webhook: null };
  expect(
    troubleNotifier(channel, {
      store,
      ways: noWays,
      policy: () => rules,
      simulating: async () => false,
      clock: { now: () => MONDAY, sleep: async () => {} },
    }),
  ).toBe(channel);
});

describe("account managers", () => {
  test("hear in a new quarter which reviews are due, each their own, once", async () => {
    const { morning, of } = await house([
      buyer,
      { ...buyer, id: "globex", name: "Globex", tam: null },
      { id: "hooli", name: "Hooli", tier: "enterprise", plan: "enterprise" },
      { id: "initech", name: "Initech", tier: "pro", plan: "pro" },
    ]);
    await morning(MONDAY);
    expect(await of("review")).toEqual([]);
    const july = moment("2026-07-01T13:00:00Z");
    for (const day of [0, 1, 2]) await morning(july + day * DAY);
    const told = await of("review");
    const byWhom = told.map(({ to, notice }) => [to, notice.lines.map((line) => line.split(" (")[0])]);
    // The default's half-yearly reviews of Enterprise are in January and July; without a manager the lead hears.
    expect(byWhom.toSorted()).toEqual([
      [LEAD, ["Hooli", "Globex"]],
      [TAM, ["Acme <&> Co"]],
    ]);
  });

  test("hear of customers who are not well, and again only when it has become worse", async () => {
    const urgent = (id: string) =>
      ticketFact(id, {
        ...{ accountId: "acme", createdAt: MONDAY - DAY, priority: "urgent" as const },
        ...{ status: "open", solvedAt: null, topics: [] },
      });
    const tickets = [urgent("u0"), urgent("u1")];
    const one = await house([buyer], { tickets, through: MONDAY });
    await one.morning(MONDAY);
    await one.morning(MONDAY + DAY);
    const [alert, ...more] = await one.of("health");
    expect([alert?.to, more]).toEqual([TAM, []]);
    expect(alert?.notice.lines).toContain(
      "Acme <&> Co: 2 urgent tickets are open: u0, u1. Look at it by 9 Jun 2026, 17:00.",
    );
    tickets.push(urgent("u2"));
    await one.morning(MONDAY + 2 * DAY);
    const [, worse] = await one.of("health");
    expect(worse?.notice.lines).toContainEqual(expect.stringMatching(/3 urgent tickets are open/));
  });
});
