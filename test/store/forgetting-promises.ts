import { expect, test } from "@jest/globals";
import type { Store } from "../../src/ports.ts";
import { claimOnly, company, DONE, decided, delivery, JUNE, type Under } from "./kit.ts";

/** A customer can be forgotten, and nobody else is. */
export function forgettingPromises(under: Under): void {
  const store = () => under().store;

  test("what is counted is what goes, and nothing of it is left", async () => {
    await live(store(), "1");
    await live(store(), "2");
    const customer = { organizationId: "org-1", accountId: "hubspot:1" };
    const counts = await store().forgetting.count(customer);
    expect(counts).toMatchObject({
      "deliveries emptied": 1,
      decisions: 1,
      "sync writes": 1,
      accounts: 1,
      entitlements: 1,
      "held tiers": 1,
      overrides: 1,
      "review items": 1,
      domains: 1,
      links: 1,
      organizations: 1,
    });
    expect(await store().forgetting.forget(customer)).toEqual(counts);
    const after = await store().forgetting.count(customer);
    expect(Object.values(after).every((count) => count === 0)).toBe(true);
    expect(await store().accounts.get("hubspot:1")).toBeNull();
    expect(await store().ledger.decisionsOf("ticket-1")).toEqual([]);
    expect(await store().runs.writesFor("hubspot:1", 10)).toEqual([]);
  });

  test("another customer keeps everything", async () => {
    await live(store(), "1");
    await live(store(), "2");
    const other = { organizationId: "org-2", accountId: "hubspot:2" };
    const before = await store().forgetting.count(other);
    await store().forgetting.forget({ organizationId: "org-1", accountId: "hubspot:1" });
    expect(await store().forgetting.count(other)).toEqual(before);
    expect((await store().accounts.get("hubspot:2"))?.account.name).toBe("Company 2");
  });

  test("a ticket that still waits is settled all the same, as that of an unknown customer", async () => {
    await store().inbox.accept(delivery("a", { subjectId: "ticket-1", hint: hintOf("org-1") }), "live", 0);
    await store().forgetting.forget({ organizationId: "org-1", accountId: null });
    const claim = await claimOnly(store());
    expect([claim.subjectId, claim.deliveries[0]?.hint?.event]).toEqual(["ticket-1", "created"]);
  });

  test("ids that only look alike are somebody else", async () => {
    await live(store(), "1_");
    await live(store(), "1x");
    await store().forgetting.forget({ organizationId: "org-1_", accountId: "hubspot:1_" });
    expect(await store().ledger.decisionsOf("ticket-1x")).toHaveLength(1);
    expect(await store().ledger.decisionsOf("ticket-1_")).toEqual([]);
  });

  test("a repeat of a forgotten delivery is still known as one", async () => {
    await live(store(), "1");
    await store().forgetting.forget({ organizationId: "org-1", accountId: "hubspot:1" });
    expect(await store().inbox.accept(delivery("of 1"), "live", 0)).toBe("repeat");
  });
}

function hintOf(organizationId: string) {
  return { event: "created" as const, eventType: "created", updatedAt: null, organizationId, actorId: null };
}

/** A customer with everything that is ever kept about one. */
async function live(store: Store, id: string): Promise<void> {
  const [account, organization] = [`hubspot:${id}`, `org-${id}`];
  await store.accounts.put([company(id, { domains: [`c${id}.example`] })]);
  await store.organizations.put([
    { id: organization, name: `Org ${id}`, externalId: id, domains: [], tags: [], fields: {} },
  ]);
  await store.organizations.link([{ accountId: account, organizationId: organization, how: "domain" }]);
  const held = { tier: "pro", basis: "plan" as const, lowerSince: null, waitlisted: [] };
  await store.accounts.putEntitlements([
    { accountId: account, tier: "pro", basis: "plan", reasons: [], held, asOf: JUNE, policyVersion: "v1" },
  ]);
  await store.accounts.markPending([account]);
  await store.overrides.add({
    id: `override of ${id}`,
    accountId: account,
    kind: "pin",
    tier: "pro",
    reason: "r",
    approvedBy: "a",
    createdAt: JUNE,
    startsAt: null,
    expiresAt: JUNE + 1,
  });
  await store.runs.write(`run ${id}`, "v1", [
    {
      target: "organization",
      targetId: organization,
      accountId: account,
      before: {},
      after: {},
      state: "written",
      reason: "",
    },
  ]);
  await store.runs.review([account], [{ accountId: account, code: "c", detail: "d" }], JUNE);
  await store.inbox.accept(
    delivery(`of ${id}`, { subjectId: `ticket-${id}`, hint: hintOf(organization) }),
    "live",
    0,
  );
  const record = decided(`decision of ${id}`, { ticketId: `ticket-${id}`, accountId: account });
  const before = { ...record.before, organizationId: organization };
  await store.ledger.settle(await claimOnly(store), { ...record, before }, DONE);
}
