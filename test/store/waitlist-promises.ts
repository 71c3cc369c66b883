import { expect, test } from "@jest/globals";
import type { Standing } from "../../src/ports.ts";
import { company, JUNE, type Under } from "./kit.ts";

/** Standings come back as they were kept, and say when the lists must be drawn up anew. */
export function waitlistPromises(under: Under): void {
  const waitlists = () => under().store.waitlists;

  test("what is kept of an account is replaced as a whole, that of others stays", async () => {
    await waitlists().put([], [standing("1"), standing("2"), standing("1", { tier: "pro", arr: null })]);
    await waitlists().put(["1"], [standing("1", { claim: "none", waits: true, arr: "100000.01" })]);
    expect(await waitlists().of(["1", "2", "3"])).toEqual([
      standing("1", { claim: "none", waits: true, arr: "100000.01" }),
      standing("2"),
    ]);
  });

  test("bought places are counted; everybody else who claims one or waits is named, in account order", async () => {
    await waitlists().put(
      [],
      [
        standing("4", { claim: "bought" }),
        standing("3"),
        standing("2", { claim: "bought", waits: true }),
        standing("1", { claim: "none", waits: true }),
        standing("5", { tier: "pro" }),
      ],
    );
    const { bought, others } = await waitlists().contenders("enterprise");
    expect([bought, others.map((one) => one.accountId)]).toEqual([2, ["1", "2", "3"]]);
  });

  test("a standing that changes makes the lists due, one that moves by drawing them up does not", async () => {
    expect(await waitlists().state()).toEqual({ complete: null, due: false });
    await waitlists().put([], [standing("1"), standing("2", { waits: true })]);
    expect(await waitlists().state()).toEqual({ complete: null, due: true });
    await waitlists().settled("rules 1");
    await waitlists().moved("enterprise", ["1"], ["2"]);
    expect(await waitlists().state()).toEqual({ complete: "rules 1", due: false });
    expect((await waitlists().of(["1", "2"])).map((one) => one.waits)).toEqual([true, false]);
    await waitlists().clear();
    expect([await waitlists().state(), await waitlists().of(["1", "2"])]).toEqual([
      { complete: null, due: false },
      [],
    ]);
  });

  test("a place that becomes free by a merge or by forgetting makes the lists due", async () => {
    const { accounts, forgetting } = under().store;
    await accounts.put([company("1"), company("2"), company("3")]);
    await waitlists().put(
      [],
      ["1", "2", "3"].map((id) => standing(`hubspot:${id}`)),
    );
    await waitlists().settled("rules 1");
    await accounts.alias("hubspot", "1", "2");
    expect(await waitlists().of(["hubspot:1"])).toEqual([]);
    expect(await waitlists().state()).toMatchObject({ due: true });
    await waitlists().settled("rules 1");
    await forgetting.forget({ organizationId: "org-3", accountId: "hubspot:3" });
    expect(await waitlists().of(["hubspot:3"])).toEqual([]);
    expect(await waitlists().state()).toMatchObject({ due: true });
  });

  test("the tier behind an organization is found at once, and unknown ones are nobody's", async () => {
    const { accounts, organizations } = under().store;
    const held = { tier: "pro", basis: "plan" as const, lowerSince: null, waitlisted: [] };
    await organizations.link([
      { accountId: "hubspot:1", organizationId: "org-1", how: "domain" },
      { accountId: "hubspot:2", organizationId: "org-2", how: "domain" },
    ]);
    const row = { accountId: "hubspot:1", tier: "pro", basis: "plan", reasons: [], held };
    await accounts.putEntitlements([{ ...row, asOf: JUNE, policyVersion: "v1" }]);
    expect(await accounts.tierOfOrganization("org-1")).toBe("pro");
    expect(await accounts.tierOfOrganization("org-2")).toBeNull();
    expect(await accounts.tierOfOrganization("org-3")).toBeNull();
  });
}

function standing(accountId: string, changes: Partial<Standing> = {}): Standing {
  return {
    tier: "enterprise",
    accountId,
    claim: "earned",
    holds: true,
    arr: "100000.00",
    waits: false,
    ...changes,
  };
}
