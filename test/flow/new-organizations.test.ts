import { afterEach, describe, expect, test } from "@jest/globals";
import { newOrganizations } from "../../src/sync/new-organizations.ts";
import { unmatchedAccounts, unmatchedSenders } from "../../src/sync/unmatched.ts";
import { account, policy } from "../builders.ts";
import { startWorld, type World, type WorldOptions } from "./world.ts";

const worlds: World[] = [];
afterEach(async () => {
  for (const one of worlds.splice(0)) await one.close();
});
async function world(options: WorldOptions = {}): Promise<World> {
  const made = await startWorld(options);
  worlds.push(made);
  return made;
}
const FROM_CRM: WorldOptions = {
  policy: (text) => text.replace("zendesk: {vip", "zendesk: {create_organizations: from_crm, vip"),
};

describe("accounts without an organization", () => {
  test("get one where the policy says so, linked, named and labelled; again changes nothing", async () => {
    const w = await world({ ...FROM_CRM, synced: false });
    const before = new Set(w.desk.state.organizations.keys());
    const report = await w.service.sync("full");
    const made = [...w.desk.state.organizations.values()].filter((one) => !before.has(one.id));
    expect(made.length).toBeGreaterThan(0);
    expect(
      made.every((one) => one.fields.ps_account === one.externalId && one.fields.ps_tier !== undefined),
    ).toBe(true);
    expect(made.flatMap((one) => one.domainNames)).not.toContain("gmail.com");
    const failed = report?.failed.map((one) => one.accountId) ?? [];
    expect(report?.unmatched.map((one) => one.accountId).toSorted()).toEqual(failed.toSorted());
    const writes = await w.service.store.runs.writesOf(report?.runId ?? "");
    expect(writes.filter((one) => one.targetId.startsWith("new:") && one.state === "written").length).toBe(
      made.length,
    );
    w.clock.advanceTo(w.clock.now() + 120_000);
    const again = await w.service.sync("changed");
    expect([again?.organizations, again?.labels]).toEqual([0, 0]);
  });

  test("a ticket of such a customer is served at once", async () => {
    const w = await world(FROM_CRM);
    // Seeded organizations have small ids.
    const made = [...w.desk.state.organizations.values()].find((one) => Number(one.id) > 1_000_000);
    w.desk.addUser({ email: "first@newcomer.example", organization_id: made?.id });
    const { decision } = await w.settled(w.desk.createTicket({ from: "first@newcomer.example" }).id);
    expect(decision).toMatchObject({ accountId: made?.externalId });
    expect(decision.reasons).toContain("account_matched_by_org");
  });

  test("are only listed by default, all of them, also when nothing changed", async () => {
    const w = await world();
    const report = await w.service.sync("changed");
    expect(report?.unmatched).toEqual([]);
    const listed = await unmatchedAccounts(w.service.store);
    expect(listed.length).toBeGreaterThan(0);
    expect(w.desk.journal.some((entry) => entry.path.endsWith("/create_many"))).toBe(false);
  });
});

describe("senders without a customer", () => {
  test("are listed by mail domain and number, and no address is kept", async () => {
    const w = await world();
    for (const from of ["ann@stranger.example", "bob@stranger.example", "eve@gmail.com"]) {
      w.desk.addUser({ email: from });
      await w.settled(w.desk.createTicket({ from }).id);
    }
    const found = await unmatchedSenders(w.service.store, w.clock.now());
    expect(found).toMatchObject([
      { domain: "stranger.example", tickets: 2, why: [] },
      { domain: "gmail.com", tickets: 1, why: ["domain_is_public"] },
    ]);
    const kept = JSON.stringify(await w.service.store.ledger.recentDecisions(100));
    expect(kept).not.toMatch(/@(stranger\.example|gmail\.com)/);
    expect(await unmatchedSenders(w.service.store, w.clock.now() + 31 * 86_400_000)).toEqual([]);
  });
});

describe("which organizations are made", () => {
  const verdict = {
    tier: "standard",
    basis: "default" as const,
    reasons: [],
    flags: [],
    ledger: { tier: null, basis: null, lowerSince: null, waitlisted: [] },
    inheritedTam: null,
    facts: [],
  };
  const missing = { organization: null, code: "organization_missing", detail: "" } as const;
  const from = (of: Parameters<typeof account>[0], code = "organization_missing") => ({
    account: account(of),
    verdict,
    match: { ...missing, code },
  });
  const on = policy({ desk: { ...policy().desk, createOrganizations: "from_crm" } });
  const plan = (...all: ReturnType<typeof from>[]) =>
    newOrganizations(
      all,
      new Set(["taken.example"]),
      new Map([["twice.example", ["hubspot:1", "hubspot:2"]]]),
      on,
      0,
    );

  test("none by default", () => {
    expect(newOrganizations([from({})], new Set(), new Map(), policy(), 0).rows).toEqual([]);
  });

  test("never with a free-mail domain, another organization's or one that two accounts list", () => {
    const domains = ["gmail.com", "taken.example", "twice.example", "own.example"];
    expect(plan(from({ id: "hubspot:1", domains })).rows).toMatchObject([
      { id: "hubspot:1", externalId: "hubspot:1", name: "Acme", domains: ["own.example"] },
    ]);
  });

  test("never for an account that is gone, or whose organization is only in doubt", () => {
    expect(plan(from({ goneOn: "2026-06-01" }), from({ id: "b" }, "several_organizations")).rows).toEqual([]);
  });

  test("one name makes one organization; who comes second, or has no name, is told", () => {
    const { rows, refused } = plan(
      from({ id: "hubspot:1", name: "Acme" }),
      from({ id: "hubspot:2", name: " ACME" }),
      from({ id: "hubspot:3", name: null }),
    );
    expect(rows.map((row) => row.id)).toEqual(["hubspot:1"]);
    expect(refused).toEqual([
      { accountId: "hubspot:2", reason: 'another account is called "ACME" too' },
      { accountId: "hubspot:3", reason: "it has no name in the CRM" },
    ]);
  });
});
