import { expect, test } from "@jest/globals";
import type { Entitlement } from "../../src/ports.ts";
import { company, HOUR, JUNE, type Under } from "./kit.ts";

/** The last accepted facts, how fresh they are, and what each account has. */
export function accountPromises(under: Under): void {
  const accounts = () => under().store.accounts;
  const freshness = async (id: string) => (await accounts().get(id))?.account.syncedAt;

  test("facts come back as they were accepted, and are replaced as a whole", async () => {
    const rich = company(
      "1",
      {
        arr: { amount: "80400.005", currency: "USD" },
        addons: [{ sku: "ENT-SUPPORT", start: null, end: null, scope: "family" }],
        domains: ["acme.example"],
        parentId: "hubspot:9",
        unreadable: ["arr"],
      },
      { aliases: ["17"], label: "Pro" },
    );
    await accounts().put([rich]);
    expect(await accounts().get("hubspot:1")).toEqual(rich);
    await accounts().put([company("1", { name: "Renamed" })]);
    expect(await accounts().get("hubspot:1")).toEqual(company("1", { name: "Renamed" }));
    expect(await accounts().listing(["acme.example"])).toEqual(new Map());
    expect(await accounts().get("hubspot:404")).toBeNull();
    expect(await accounts().count()).toBe(1);
  });

  test("of an account handed in twice at once the last facts count", async () => {
    await accounts().put([company("1", { name: "first" }), company("1", { name: "last" })]);
    expect((await accounts().get("hubspot:1"))?.account.name).toBe("last");
  });

  test("several accounts are read at once, unknown ones left out", async () => {
    await accounts().put([company("1"), company("2")]);
    expect(await accounts().many(["hubspot:1", "hubspot:404"])).toEqual(
      new Map([["hubspot:1", company("1")]]),
    );
  });

  test("merged records are followed to the present one, also through several merges and never in a circle", async () => {
    await accounts().put([company("3")]);
    await accounts().alias("hubspot", "1", "2");
    await accounts().alias("hubspot", "2", "3");
    expect(await accounts().resolve("hubspot", "1")).toBe("hubspot:3");
    expect(await accounts().resolve("hubspot", "3")).toBe("hubspot:3");
    expect(await accounts().resolve("hubspot", "404")).toBeNull();
    expect(await accounts().resolve("salesforce", "3")).toBeNull();
    await accounts().alias("hubspot", "8", "9");
    await accounts().alias("hubspot", "9", "8");
    expect(await accounts().resolve("hubspot", "8")).toBeNull();
  });

  test("a record that names the ones merged into it takes over their place", async () => {
    const { organizations } = under().store;
    await accounts().put([company("1", { domains: ["acme.example"] })]);
    await organizations.link([{ accountId: "hubspot:1", organizationId: "org-1", how: "domain" }]);
    await accounts().putEntitlements([entitled("hubspot:1", { lowerSince: JUNE })]);

    await accounts().put([company("2", { domains: ["acme.example"] }, { aliases: ["1"] })]);
    expect(await accounts().resolve("hubspot", "1")).toBe("hubspot:2");
    expect(await accounts().get("hubspot:1")).toBeNull();
    expect(await organizations.linksOf(["hubspot:2"])).toEqual(new Map([["hubspot:2", "org-1"]]));
    const facts = await accounts().around({ domain: "acme.example" });
    expect([...facts.accounts.keys()]).toEqual(["hubspot:2"]);
    expect(facts.held.get("hubspot:2")).toMatchObject({ tier: "pro", lowerSince: JUNE });
  });

  test("a merge does not take away the customer record that the remaining account already has", async () => {
    const { organizations } = under().store;
    await accounts().put([company("1"), company("2")]);
    await organizations.link([
      { accountId: "hubspot:1", organizationId: "org-1", how: "domain" },
      { accountId: "hubspot:2", organizationId: "org-2", how: "domain" },
    ]);
    await accounts().alias("hubspot", "1", "2");
    expect(await organizations.accountOf(["org-1", "org-2"])).toEqual(new Map([["org-2", "hubspot:2"]]));
  });

  test("stamps tell which records changed", async () => {
    await accounts().put([company("1"), company("2", {}, { updatedAt: null })]);
    expect(await accounts().stamps("hubspot", ["1", "2", "3"])).toEqual(
      new Map([
        ["1", "stamp 1"],
        ["2", null],
      ]),
    );
    await accounts().setLabel("hubspot:1", "Pro", "stamp 2");
    await accounts().setLabel("hubspot:2", "Pro", null);
    expect(await accounts().stamps("hubspot", ["1", "2"])).toEqual(
      new Map([
        ["1", "stamp 2"],
        ["2", null],
      ]),
    );
    expect((await accounts().get("hubspot:1"))?.label).toBe("Pro");
  });

  test("a source that reports no change confirms all its accounts at once, never back in time", async () => {
    await accounts().put([company("1", { syncedAt: JUNE }), company("2", { syncedAt: null })]);
    await accounts().put([company("9", { syncedAt: JUNE }, { source: "sql" })]);
    await accounts().touch("hubspot", JUNE + HOUR);
    expect(await freshness("hubspot:1")).toBe(JUNE + HOUR);
    expect(await freshness("hubspot:2")).toBe(JUNE + HOUR);
    expect(await freshness("hubspot:9")).toBe(JUNE);
    await accounts().touch("hubspot", JUNE);
    expect(await freshness("hubspot:1")).toBe(JUNE + HOUR);
    await accounts().put([company("1", { syncedAt: JUNE + 2 * HOUR })]);
    expect(await freshness("hubspot:1")).toBe(JUNE + 2 * HOUR);
  });

  test("a record that is gone keeps the first day it was missed, and its absence is confirmed with the rest", async () => {
    await accounts().put([company("1", { syncedAt: JUNE, domains: ["acme.example"] }), company("2")]);
    expect(await accounts().markGone("hubspot", ["1", "404"], "2026-06-10")).toEqual(["hubspot:1"]);
    expect(await accounts().markGone("hubspot", ["1"], "2026-06-12")).toEqual([]);
    await accounts().touch("hubspot", JUNE + HOUR);
    expect((await accounts().get("hubspot:1"))?.account).toMatchObject({
      goneOn: "2026-06-10",
      syncedAt: JUNE + HOUR,
    });
    expect(await accounts().listing(["acme.example"])).toEqual(new Map());
    await accounts().put([company("1", { syncedAt: JUNE })]);
    expect((await accounts().get("hubspot:1"))?.account.goneOn).toBeNull();
    expect(await freshness("hubspot:1")).toBe(JUNE + HOUR);
  });

  test("domains tell which accounts list them", async () => {
    await accounts().put([
      company("1", { domains: ["Shared.example", "one.example"] }),
      company("2", { domains: ["shared.example"] }),
    ]);
    expect(await accounts().listing(["shared.example", "ONE.example", "none.example"])).toEqual(
      new Map([
        ["one.example", ["hubspot:1"]],
        ["shared.example", ["hubspot:1", "hubspot:2"]],
      ]),
    );
  });

  test("a domain that several accounts list is found, unless all but one of them are gone", async () => {
    await accounts().put([
      company("1", { domains: ["shared.example", "one.example", "left.example"] }),
      company("2", { domains: ["Shared.example", "two.example"] }),
      company("3", { domains: ["two.example", "left.example"] }),
    ]);
    await accounts().markGone("hubspot", ["3"], "2026-06-01");
    expect(await accounts().sharedDomains(10)).toEqual({
      count: 1,
      domains: [{ domain: "shared.example", accountIds: ["hubspot:1", "hubspot:2"] }],
    });
    expect(await accounts().sharedDomains(0)).toEqual({ count: 1, domains: [] });
  });

  test("all accounts can be walked in pages", async () => {
    await accounts().put(["b", "A", "c", "a"].map((id) => company(id)));
    const first = await accounts().page(null, 3);
    const rest = await accounts().page(first.at(-1) ?? null, 3);
    expect([...first, ...rest]).toEqual(["hubspot:A", "hubspot:a", "hubspot:b", "hubspot:c"]);
  });

  test("an entitlement comes back with what is held, and an older one does not replace it", async () => {
    const newer = entitled("hubspot:1", { waitlisted: ["enterprise"] });
    await accounts().putEntitlements([newer]);
    await accounts().putEntitlements([{ ...entitled("hubspot:1"), tier: "standard", asOf: JUNE - 1 }]);
    expect(await accounts().entitlements(["hubspot:1", "hubspot:2"])).toEqual(
      new Map([["hubspot:1", newer]]),
    );
  });

  test("holders of a tier are those who have it and those who wait for it", async () => {
    await accounts().putEntitlements([
      { ...entitled("hubspot:3"), tier: "enterprise" },
      entitled("hubspot:1", { waitlisted: ["enterprise"] }),
      entitled("hubspot:2", { waitlisted: ["elite"] }),
    ]);
    expect((await accounts().holders("enterprise")).map(({ accountId }) => accountId)).toEqual([
      "hubspot:1",
      "hubspot:3",
    ]);
  });

  test("accounts whose grace runs are found again", async () => {
    await accounts().putEntitlements([entitled("hubspot:2", { lowerSince: JUNE }), entitled("hubspot:1")]);
    expect(await accounts().inGrace()).toEqual(["hubspot:2"]);
  });

  test("marks for accounts still to be worked on stay until they are cleared", async () => {
    await accounts().markPending(["b", "a", "c", "a"]);
    await accounts().markPending(["a"]);
    expect(await accounts().pending(null, 2)).toEqual(["a", "b"]);
    expect(await accounts().pending("b", 2)).toEqual(["c"]);
    await accounts().clearPending(["a", "c"]);
    expect(await accounts().pending(null, 10)).toEqual(["b"]);
  });
}

function entitled(accountId: string, held: Partial<Entitlement["held"]> = {}): Entitlement {
  return {
    accountId,
    tier: "pro",
    basis: "plan",
    reasons: ["grant_plan:pro"],
    held: { tier: "pro", basis: "plan", lowerSince: null, waitlisted: [], ...held },
    asOf: JUNE,
    policyVersion: "v1",
  };
}
