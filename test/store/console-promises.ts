/** What the store promises the console: one-time things are good once, and lists find what they are asked for. */
import { expect, test } from "@jest/globals";
import type { ConsoleSession, DecisionRecord } from "../../src/ports.ts";
import { claimOnly, company, DONE, decided, delivery, HOUR, JUNE, type Under } from "./kit.ts";

const EVERYTHING = {
  after: null,
  limit: 50,
  ticketId: null,
  accountId: null,
  state: null,
  tier: null,
  unverifiedOnly: false,
} as const;

/** The promises, on the database that `under` answers. */
export function consolePromises(under: Under): void {
  const store = () => under().store;
  const settle = async (record: DecisionRecord): Promise<void> => {
    await store().inbox.accept(delivery(record.id, { subjectId: record.ticketId }), "live", 0);
    await store().ledger.settle(await claimOnly(store()), record, DONE);
  };

  test("a link is taken once, also by two who come together, and not after its time", async () => {
    const { sessions } = store().console;
    await sessions.addLink("hash", "kim@acme.example", "admin", JUNE + HOUR);
    const both = await Promise.all([sessions.takeLink("hash", JUNE), sessions.takeLink("hash", JUNE)]);
    expect(both.filter((one) => one !== null)).toEqual([{ email: "kim@acme.example", role: "admin" }]);
    await sessions.addLink("late", "kim@acme.example", "agent", JUNE);
    expect(await sessions.takeLink("late", JUNE)).toBeNull();
  });

  test("a session is found by its hash until it ends, and what is over is removed", async () => {
    const { sessions } = store().console;
    const session: ConsoleSession = {
      id: "s1",
      email: "kim@acme.example",
      role: "agent",
      how: "oidc",
      createdAt: JUNE,
      seenAt: JUNE,
      expiresAt: JUNE + HOUR,
    };
    await sessions.open("hash", session);
    await sessions.touch("s1", JUNE + 5);
    expect(await sessions.find("hash")).toEqual({ ...session, seenAt: JUNE + 5 });
    await sessions.prune(JUNE + HOUR);
    expect(await sessions.find("hash")).not.toBeNull();
    await sessions.end("s1");
    expect(await sessions.find("hash")).toBeNull();
    await sessions.open("again", { ...session, id: "s2" });
    await sessions.prune(JUNE + HOUR + 1);
    expect(await sessions.find("again")).toBeNull();
  });

  test("what is good once is spent once, and what was kept is handed back once", async () => {
    const { sessions } = store().console;
    const spent = await Promise.all([sessions.spend("t", JUNE), sessions.spend("t", JUNE)]);
    expect(spent.toSorted()).toEqual([false, true]);
    await sessions.keep("state", "payload", JUNE + HOUR);
    expect([await sessions.take("state", JUNE), await sessions.take("state", JUNE)]).toEqual([
      "payload",
      null,
    ]);
    await sessions.keep("old", "payload", JUNE);
    expect(await sessions.take("old", JUNE)).toBeNull();
  });

  test("decisions are found by ticket, account, tier, state and broken promise, in pages", async () => {
    const { lists } = store().console;
    for (let n = 1; n <= 5; n += 1)
      await settle(
        decided(`d${n}`, { ticketId: String(n), accountId: `hubspot:${n % 2}`, decidedAt: JUNE + n }),
      );
    await store().ledger.verified("d2", { at: JUNE, ok: false, code: "sla_missing", detail: "none" });
    await store().ledger.verified("d3", { at: JUNE, ok: true, code: "sla_attached", detail: "there" });
    const ids = async (query: object): Promise<readonly string[]> =>
      (await lists.decisions({ ...EVERYTHING, ...query })).map(({ record }) => record.id);
    expect(await ids({})).toEqual(["d5", "d4", "d3", "d2", "d1"]);
    expect(await ids({ ticketId: "4" })).toEqual(["d4"]);
    expect(await ids({ accountId: "hubspot:1" })).toEqual(["d5", "d3", "d1"]);
    expect([await ids({ tier: "pro" }), await ids({ tier: "gold" })]).toEqual([await ids({}), []]);
    expect([await ids({ state: "written" }), await ids({ state: "simulated" })]).toEqual([await ids({}), []]);
    expect(await ids({ unverifiedOnly: true })).toEqual(["d2"]);
    const [, second] = await lists.decisions({ ...EVERYTHING, limit: 2 });
    const after = { decidedAt: second?.record.decidedAt ?? 0, seq: second?.seq ?? 0 };
    expect(await ids({ after, limit: 2 })).toEqual(["d3", "d2"]);
    expect((await lists.decisionsAfter(second?.seq ?? 0, 9)).map(({ record }) => record.id)).toEqual(["d5"]);
    expect(await lists.coverage(JUNE, 100)).toEqual({ tickets: 5, tied: 5, promised: 2, attached: 1 });
  });

  test("a ticket that was promised nothing is no promise that was or was not kept", async () => {
    const { lists } = store().console;
    const verification = { at: JUNE, ok: true, detail: "" };
    await settle(decided("d1", { ticketId: "1" }));
    await settle(decided("d2", { ticketId: "2" }));
    await store().ledger.verified("d1", { ...verification, code: "sla_not_promised" });
    await store().ledger.verified("d2", { ...verification, code: "sla_attached" });
    expect(await lists.coverage(JUNE, 100)).toMatchObject({ tickets: 2, promised: 1, attached: 1 });
  });

  test("a ticket that was decided several times counts once, by its newest decision", async () => {
    const { lists } = store().console;
    await settle(decided("first", { accountId: null, decidedAt: JUNE }));
    await settle(decided("then", { accountId: "hubspot:1", decidedAt: JUNE + 1 }));
    expect(await lists.coverage(JUNE, 100)).toMatchObject({ tickets: 1, tied: 1 });
  });

  test("accounts are found by part of a name in any case, and a wildcard in it is only a character", async () => {
    await store().accounts.put([
      company("1", { name: "Acme 100% GmbH" }),
      company("2", { name: "Bolt" }),
      company("3", { name: null, contractEnd: "2026-07-01" }),
      company("4", { name: "Quiet", contractEnd: "2030-01-01", contractStart: "2020-01-01" }),
    ]);
    const { lists } = store().console;
    const find = (text: string | null) =>
      lists.accountIds({ text, tier: null, basis: null, after: null, limit: 9 });
    expect(await find("acME")).toEqual(["hubspot:1"]);
    expect(await find("0%")).toEqual(["hubspot:1"]);
    expect(await find("_")).toEqual([]);
    expect(await find("UBSPOT:2")).toEqual(["hubspot:2"]);
    expect((await find(null)).length).toBe(4);
    expect(await lists.datedAccounts("2026-06-01", "2026-07-31", 9)).toEqual(["hubspot:3"]);
  });

  test("paying without being served and being served without paying are told apart", async () => {
    const { accounts, organizations, console: ours } = store();
    await accounts.put([company("1"), company("2")]);
    const held = { tier: "pro", basis: "plan" as const, lowerSince: null, waitlisted: [] };
    const has = (accountId: string) => ({
      accountId,
      tier: "pro",
      basis: "plan" as const,
      reasons: [],
      held,
      asOf: JUNE,
      policyVersion: "v1",
    });
    await accounts.putEntitlements([has("hubspot:1"), has("hubspot:2")]);
    const organization = (id: string, tier: string | null) => ({
      id,
      name: `Organization ${id}`,
      externalId: null,
      domains: [],
      tags: [],
      fields: { ps_tier: tier },
    });
    await organizations.put([
      organization("10", "ps_tier_pro"),
      organization("11", "ps_tier_pro"),
      organization("12", "ps_tier_standard"),
      organization("13", null),
    ]);
    await organizations.link([{ accountId: "hubspot:1", organizationId: "10", how: "named" }]);
    expect(await ours.lists.paidNotServed("standard", 9)).toEqual(["hubspot:2"]);
    expect(await ours.lists.servedNotPaid("ps_tier", "ps_tier_standard", 9)).toEqual(["11"]);
    expect(await ours.lists.tierShares()).toEqual([{ tier: "pro", basis: "plan", accounts: 2 }]);
  });

  test("an agent's report is open until it is closed, once, and goes when its customer is forgotten", async () => {
    const { reports } = store().console;
    const report = {
      id: "r1",
      ticketId: "7",
      accountId: "hubspot:1",
      note: "Wrong tier",
      reportedBy: "ana@acme.example",
      at: JUNE,
      closedAt: null,
      closedBy: null,
    };
    await reports.add(report);
    await reports.add({ ...report, id: "r2", at: JUNE + 1 });
    expect((await reports.open(9)).map(({ id }) => id)).toEqual(["r2", "r1"]);
    expect([await reports.close("r1", JUNE, "kim"), await reports.close("r1", JUNE, "kim")]).toEqual([
      true,
      false,
    ]);
    await store().forgetting.forget({ organizationId: "org-9", accountId: "hubspot:1" });
    expect(await reports.open(9)).toEqual([]);
  });

  test("policy versions are listed newest first and kept as they were written", async () => {
    const { policies } = store().console;
    await store().register.putPolicy("v1", "hash 1", "tiers: one", null);
    await store().register.putPolicy("v2", "hash 2", "tiers: two", "2026-07-01");
    expect((await policies.list(9)).map(({ version, effectiveFrom }) => [version, effectiveFrom])).toEqual([
      ["v2", "2026-07-01"],
      ["v1", null],
    ]);
    expect(await policies.get("v1")).toMatchObject({ content: "tiers: one", contentHash: "hash 1" });
    expect(await policies.get("v9")).toBeNull();
  });
}
