import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ticketFact } from "../store/report-promises.ts";
import { at, type ConsoleWorld, type Person, startConsoleWorld } from "./world.ts";

const SCRIPT = '<script>alert("x")</script>';

let console_: ConsoleWorld;
let admin: Person;
let agent: Person;
const ticket = { vip: "", second: "" };

beforeAll(async () => {
  console_ = await startConsoleWorld({ policy: (text) => text });
  [admin, agent] = [await console_.as("admin"), await console_.as("agent")];
  const { world } = console_;
  const from = world.customer("addon_tam").email;
  const make = (subject: string) =>
    world.desk.createTicket({ from, channel: "email", subject, comment: { body: SCRIPT } }).id;
  ticket.vip = make(`${SCRIPT} outage`);
  await world.settled(ticket.vip);
  ticket.second = make("Second");
  await world.settled(ticket.second);
}, 60_000);
afterAll(() => console_?.close());

const accountOf = (role: string): string => `hubspot:${console_.world.customer(role).companyId}`;

describe("the first screen", () => {
  test("shows both sides with their last success, the queue, the policy and the last decisions", async () => {
    const { status, body } = await agent.call("GET", "/api/v1/overview");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      helpDesk: { name: "zendesk", state: "ok" },
      crm: { name: "hubspot", state: "ok", lastSuccessAt: expect.stringMatching(/Z$/) },
      switches: { pausedSince: null, simulating: false, simulatingForced: false },
      queue: { pending: 0, parked: 0, oldestPendingSeconds: null },
      policy: { version: console_.world.policy.version, readOnly: true, restartNeeded: [] },
      slaOrder: { checkedAt: null, lines: [] },
      guard: [],
      openReports: 0,
    });
  });

  test("counts tickets tied to an account and promises that are kept, as parts of a whole", async () => {
    const overview = await agent.call("GET", "/api/v1/overview");
    const shares = { tied: { part: 2, whole: 2 }, attached: { part: 2, whole: 2 } };
    expect(at(overview, "tickets")).toEqual({ days: 30, ...shares, recent: { days: 7, ...shares } });
  });

  test("keeps what a check found, with the order of SLA policies apart", async () => {
    const checked = await admin.call("POST", "/api/v1/check", {});
    expect(checked.status).toBe(200);
    expect(at(checked, "lines.0")).toMatchObject({ area: expect.any(String), state: expect.any(String) });
    const overview = await agent.call("GET", "/api/v1/overview");
    expect(at(overview, "slaOrder.checkedAt")).toBe(at(checked, "at"));
    const lines = at(overview, "slaOrder.lines") as readonly { readonly area: string }[];
    expect([lines.length > 0, lines.every(({ area }) => area === "sla")]).toEqual([true, true]);
  });

  test("pauses, resumes and simulates for everybody, and says who did", async () => {
    const paused = await admin.call("POST", "/api/v1/pause", {});
    expect(at(paused, "pausedSince")).toMatch(/Z$/);
    expect(at(await admin.call("POST", "/api/v1/resume", {}), "pausedSince")).toBeNull();
    expect(at(await admin.call("PUT", "/api/v1/simulate", { on: true }), "simulating")).toBe(true);
    expect(await console_.world.service.store.register.setting("mode")).toBe("simulate");
    expect(at(await admin.call("PUT", "/api/v1/simulate", { on: false }), "simulating")).toBe(false);
  });

  test("costs a reload nothing while nothing changed", async () => {
    const first = await agent.call("GET", "/api/v1/tiers");
    const tag = first.headers.get("etag") ?? "";
    const again = await agent.call("GET", "/api/v1/tiers", undefined, { "if-none-match": tag });
    expect([tag.length > 20, again.status, again.text]).toEqual([true, 304, ""]);
  });
});

describe("decisions", () => {
  test("are listed newest first, in pages without gaps or repeats", async () => {
    const first = await agent.call("GET", "/api/v1/decisions?limit=1");
    const next = at(first, "next");
    const second = await agent.call("GET", `/api/v1/decisions?limit=1&cursor=${next}`);
    expect([at(first, "decisions.0.ticketId"), at(second, "decisions.0.ticketId")]).toEqual([
      ticket.second,
      ticket.vip,
    ]);
    const third = await agent.call("GET", `/api/v1/decisions?limit=1&cursor=${at(second, "next")}`);
    expect([at(third, "decisions"), at(third, "next")]).toEqual([[], null]);
  });

  test.each([
    ["ticket", () => `ticket=${ticket.vip}`, 1],
    ["account", () => `account=${accountOf("addon_tam")}`, 2],
    ["another account", () => `account=${accountOf("arr_eur")}`, 0],
    ["tier", () => "tier=enterprise_support", 2],
    ["another tier", () => "tier=pro", 0],
    ["state", () => "state=written", 2],
    ["another state", () => "state=simulated", 0],
    ["promises that are not kept", () => "unverified=true", 0],
  ])("are found by %s", async (_what, query, count) => {
    const { body } = await agent.call("GET", `/api/v1/decisions?${query()}`);
    expect((body as { decisions: unknown[] }).decisions).toHaveLength(count);
  });

  test("are explained with every fact and its age, before and after, and the SLA that was read back", async () => {
    const story = await agent.call("GET", `/api/v1/tickets/${ticket.vip}`);
    expect(at(story, "decisions.0")).toMatchObject({
      account: { id: accountOf("addon_tam"), name: expect.any(String) },
      tier: { id: "enterprise_support" },
      before: { priority: null },
      after: { priority: expect.stringMatching(/high|urgent/) },
      verification: { ok: true, code: "sla_attached" },
      factsAt: expect.stringMatching(/Z$/),
      policyVersion: console_.world.policy.version,
    });
    const words = (at(story, "decisions.0.reasons") as readonly { words: string }[]).map((one) => one.words);
    expect(words).toContain("The add-on gives Enterprise Support (add-on).");
    const { status } = await agent.call("GET", "/api/v1/tickets/999999");
    expect(status).toBe(404);
  });

  test("never carry the customer's words", async () => {
    for (const path of [
      "/decisions",
      `/tickets/${ticket.vip}`,
      `/tickets/${ticket.vip}/sidebar`,
      "/overview",
    ]) {
      const { text, headers } = await agent.call("GET", `/api/v1${path}`);
      expect([path, text.includes("alert(")]).toEqual([path, false]);
      expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });
});

describe("beside a ticket", () => {
  test("stands who it is, what was promised until when, why, and how old the facts are", async () => {
    const { body, headers } = await agent.call("GET", `/api/v1/tickets/${ticket.vip}/sidebar`);
    expect(body).toMatchObject({
      known: true,
      account: { id: accountOf("addon_tam") },
      tier: { name: "Enterprise Support (add-on)" },
      due: { metric: "first_reply", minutesLeft: expect.any(Number), repliedAt: null, inTime: null },
      slaAttached: true,
      factsAgeMinutes: 0,
      people: { tam: expect.any(String), slackChannel: true, slackUrl: null, contacts: [] },
      tickets: [{ ticketId: ticket.second }],
      health: { score: null, colour: "unknown", tickets: 0, alerts: [] },
    });
    expect(Number(headers.get("facts-age"))).toBeGreaterThanOrEqual(0);
  });

  test("stands how the account is doing, from its own tickets; too little is never green", async () => {
    const { world } = console_;
    const { organizationId } = world.customer("arr_eur");
    const shown = async () =>
      at(await agent.call("GET", `/api/v1/tickets/88004/sidebar?organization=${organizationId}`), "health");
    expect(await shown()).toEqual({ score: null, colour: "unknown", tickets: 0, alerts: [] });
    const { facts } = world.service.store;
    await world.service.upkeep.ingest();
    const createdAt = world.clock.now() - 5 * 86_400_000;
    const bad = [1, 2, 3, 4, 5, 6].map((n) =>
      ticketFact(`9900${n}`, {
        accountId: accountOf("arr_eur"),
        createdAt,
        status: "solved",
        solvedAt: createdAt + 3_600_000,
        satisfaction: "bad",
        reopens: 1,
      }),
    );
    await facts.putTickets(bad);
    expect(await shown()).toMatchObject({
      score: 0,
      colour: "red",
      tickets: 6,
      alerts: expect.arrayContaining([expect.stringMatching(/reopened/i)]),
    });
  });

  test("a ticket that is not decided yet shows its customer's tier; a stranger's shows that nobody was found", async () => {
    const { organizationId } = console_.world.customer("arr_eur");
    const coming = await agent.call("GET", `/api/v1/tickets/88001/sidebar?organization=${organizationId}`);
    expect(coming.body).toMatchObject({ known: false, due: null, account: { id: accountOf("arr_eur") } });
    const stranger = await agent.call("GET", "/api/v1/tickets/88002/sidebar");
    expect(stranger.body).toMatchObject({ known: false, account: null, tier: { id: "standard" } });
    expect(at(stranger, "warnings.0.code")).toBe("unmatched");
  });

  test("asks neither side: it is as quick as our own store, also while both are gone", async () => {
    const { desk, crm } = console_.world;
    const gone = { status: 503, times: Number.POSITIVE_INFINITY };
    const repairs = [desk.fault(gone), crm.fault(gone)];
    const before = [desk.journal.length, crm.journal.length];
    const { organizationId } = console_.world.customer("addon_tam");
    for (const path of [`tickets/${ticket.vip}`, "tickets/88003", `organizations/${organizationId}`])
      expect((await agent.call("GET", `/api/v1/${path}/sidebar`)).status).toBe(200);
    expect([desk.journal.length, crm.journal.length]).toEqual(before);
    for (const repair of repairs) repair();
  });

  test("an agent's doubt becomes a line on the review list, under the agent's name, until it is closed", async () => {
    const note = `${SCRIPT} They told us they bought Pro.`;
    const filed = await agent.call("POST", "/api/v1/reports", { ticketId: ticket.vip, note });
    expect(filed.status).toBe(200);
    const list = await admin.call("GET", "/api/v1/reviews");
    expect(at(list, "reports.0")).toMatchObject({
      ticketId: ticket.vip,
      note,
      reportedBy: "agent@acme.example",
      account: { id: accountOf("addon_tam") },
    });
    const close = `/api/v1/reports/${at(filed, "id")}/close`;
    expect((await admin.call("POST", close, {})).status).toBe(200);
    expect((await admin.call("POST", close, {})).status).toBe(404);
    expect(at(await admin.call("GET", "/api/v1/reviews"), "reports")).toEqual([]);
  });

  test("beside an organization stand contract, exceptions and history; money only for those who may see it", async () => {
    const { organizationId } = console_.world.customer("addon_tam");
    const path = `/api/v1/organizations/${organizationId}/sidebar`;
    const [light, full] = [await agent.call("GET", path), await admin.call("GET", path)];
    expect(light.body).toMatchObject({
      tier: { id: "enterprise_support" },
      arr: null,
      contract: { end: expect.any(String) },
      history: [{ to: { id: "enterprise_support" } }],
      attainment: { promised: 2, attached: 2 },
    });
    expect(at(full, "arr")).toEqual({ amount: expect.any(String), currency: "USD" });
  });

  test("what customers pay is in no answer to an agent, and in those to administrators", async () => {
    const id = encodeURIComponent(accountOf("addon_tam"));
    const list = await admin.call("GET", `/api/v1/decisions?ticket=${ticket.vip}`);
    const asked = [
      "/api/v1/customers",
      `/api/v1/customers/${id}`,
      `/api/v1/decisions/${at(list, "decisions.0.id")}`,
      `/api/v1/tickets/${ticket.vip}`,
    ];
    const money = /240000|"amount"/;
    for (const path of asked) {
      const [full, less] = [await admin.call("GET", path), await agent.call("GET", path)];
      expect([path, full.status, less.status]).toEqual([path, 200, 200]);
      expect([path, money.test(full.text), money.test(less.text)]).toEqual([path, true, false]);
      expect(less.text.length).toBeGreaterThan(full.text.length / 2);
    }
  });

  test("escalating says which macro to make while the help desk has none", async () => {
    const { status, body } = await agent.call("POST", `/api/v1/tickets/${ticket.vip}/escalate`, {});
    expect(status).toBe(404);
    expect((body as { fix: string }).fix).toContain("priority-support apply");
  });
});

describe("customers", () => {
  test("are counted per tier by basis, against the tier's cap", async () => {
    const { body } = await agent.call("GET", "/api/v1/tiers");
    const { total, tiers } = body as {
      total: number;
      tiers: {
        tier: { id: string };
        accounts: number;
        cap: number | null;
        byBasis: { accounts: number }[];
      }[];
    };
    expect(tiers.map(({ tier }) => tier.id)).toEqual(["enterprise_support", "enterprise", "pro", "standard"]);
    expect(tiers.reduce((sum, one) => sum + one.accounts, 0)).toBe(total);
    for (const { accounts, byBasis } of tiers)
      expect(byBasis.reduce((sum, one) => sum + one.accounts, 0)).toBe(accounts);
    expect(tiers[0]?.cap).toBe(console_.world.policy.tiers.at(-1)?.capacity.maxAccounts);
  });

  test("are found by part of their name, in any case, and by tier", async () => {
    const name = console_.world.data.companies.find((one) => one.role === "addon_tam")?.properties.name ?? "";
    const part = encodeURIComponent(name.slice(1, 6).toUpperCase());
    const byName = await agent.call("GET", `/api/v1/customers?text=${part}`);
    expect(at(byName, "customers.0.account.name")).toBe(name);
    const wild = await agent.call("GET", "/api/v1/customers?text=%25");
    expect(at(wild, "customers")).toEqual([]);
    const tier = await agent.call("GET", "/api/v1/customers?tier=enterprise_support&limit=2");
    expect((at(tier, "customers") as unknown[]).length).toBe(2);
    expect(at(tier, "next")).toEqual(expect.any(String));
  });

  test("have a whole story: facts, reasons, writes, decisions", async () => {
    const story = await agent.call("GET", `/api/v1/customers/${accountOf("addon_tam")}`);
    expect(story.body).toMatchObject({
      tier: { id: "enterprise_support" },
      basisWords: "a support add-on",
      organization: { id: console_.world.customer("addon_tam").organizationId },
      decisions: [{ ticketId: ticket.second }, { ticketId: ticket.vip }],
      heldRunId: null,
    });
    const targets = (at(story, "writes") as { target: string }[]).map((one) => one.target);
    expect(targets.toSorted()).toEqual(["company", "organization"]);
    expect((await agent.call("GET", "/api/v1/customers/hubspot:404")).status).toBe(404);
  });

  test("what will change within 30 days by time alone is told with its day and why", async () => {
    const { body } = await agent.call("GET", "/api/v1/movements");
    const { movements, from, to } = body as {
      from: string;
      to: string;
      movements: { on: string; direction: string; reasons: { words: string }[] }[];
    };
    expect(movements.length).toBeGreaterThan(0);
    expect(movements.every(({ on }) => on >= from && on <= to)).toBe(true);
    expect(movements.map(({ on }) => on)).toEqual(movements.map(({ on }) => on).toSorted());
    expect(movements.every(({ reasons }) => reasons.length > 0)).toBe(true);
  });
});

describe("an exception", () => {
  test("is approved by whoever is signed in, whatever the call says, and can be ended", async () => {
    const wish = {
      accountId: accountOf("arr_eur"),
      kind: "floor",
      tier: "enterprise_support",
      reason: "Escalation 4711",
      expires: "2026-07-01",
      approvedBy: "the CEO",
    };
    const made = await admin.call("POST", "/api/v1/overrides", wish);
    expect(made.status).toBe(200);
    expect(made.body).toMatchObject({ approvedBy: "admin@acme.example", state: "in force", from: "store" });
    const moved = await agent.call("GET", "/api/v1/movements");
    expect(JSON.stringify(moved.body)).toContain(accountOf("arr_eur"));
    const end = `/api/v1/overrides/${at(made, "id")}/end`;
    expect((await admin.call("POST", end, {})).status).toBe(200);
    expect((await admin.call("POST", end, {})).status).toBe(422);
    const history = await agent.call("GET", "/api/v1/overrides?history=true");
    expect(at(history, "overrides.0.endedBy")).toBe("admin@acme.example");
  });

  test("without an end, for a stranger or for ever is refused with every reason", async () => {
    const wish = {
      accountId: "hubspot:404",
      kind: "pin",
      tier: "gold",
      reason: "why not",
      expires: "2036-01-01",
    };
    const { status, body } = await admin.call("POST", "/api/v1/overrides", wish);
    expect(status).toBe(422);
    expect((body as { details: unknown[] }).details.length).toBeGreaterThanOrEqual(3);
  });
});

describe("a policy's impact", () => {
  test("counts the open tickets of whoever moves, and no solved ones", async () => {
    const { world } = console_;
    const from = world.customer("arr_eur").email;
    const { id } = world.desk.createTicket({ from, channel: "email", subject: "x", comment: { body: "y" } });
    await world.settled(id);
    const yaml = String(at(await admin.call("GET", "/api/v1/policy"), "yaml"))
      .replaceAll(/enter: 100000\b/g, "enter: 9000000")
      .replaceAll(/exit: 90000\b/g, "exit: 8000000");
    const moved = async () => {
      const { body } = await admin.call("POST", "/api/v1/policy/preview", { yaml });
      const { down, tickets } = body as {
        down: { accounts: { account: { id: string }; openTickets: number }[] };
        tickets: { open: number };
      };
      const row = down.accounts.find(({ account }) => account.id === accountOf("arr_eur"));
      return [tickets.open, row?.openTickets];
    };
    expect(await moved()).toEqual([1, 1]);
    const [anAgent] = [...world.desk.state.users.values()].filter((one) => one.role === "agent");
    world.desk.agentUpdate(id, { status: "solved" }, anAgent?.id ?? "");
    expect(await moved()).toEqual([0, 0]);
  });
});

describe("mapping", () => {
  test("shows the CRM's fields with cautions and what is taken from them, and what they hold", async () => {
    const fields = await admin.call("GET", "/api/v1/crm/fields");
    const list = at(fields, "fields") as { name: string; caution: string | null; mappedTo: string[] }[];
    expect(list.find((one) => one.name === "annualrevenue")?.caution).toEqual(expect.any(String));
    expect(list.find((one) => one.name === "plan_tier")?.mappedTo).toEqual(["plan"]);
    const samples = await admin.call("GET", "/api/v1/crm/samples?fields=plan_tier");
    expect(at(samples, "samples.0")).toMatchObject({ name: "plan_tier", coverage: expect.any(Number) });
  });

  test("tries a choice on real accounts before anything is kept", async () => {
    const yaml = String(at(await admin.call("GET", "/api/v1/policy"), "yaml"));
    const same = await admin.call("POST", "/api/v1/crm/preview", { yaml });
    expect(same.body).toMatchObject({ findings: expect.any(Array), down: { count: 0 } });
    const blind = yaml.replace(/plan: plan_tier/, "plan: name");
    expect(blind).not.toBe(yaml);
    const other = await admin.call("POST", "/api/v1/crm/preview", { yaml: blind });
    expect(Number(at(other, "down.count"))).toBeGreaterThan(0);
    const missing = await admin.call("POST", "/api/v1/crm/preview", {
      yaml: yaml.replace(/plan: plan_tier/, "plan: plan_teir"),
    });
    expect([missing.status, missing.text]).toEqual([409, expect.stringContaining("plan_tier")]);
  });
});
