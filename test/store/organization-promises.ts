import { expect, test } from "@jest/globals";
import type { Organization } from "../../src/policy/model.ts";
import type { Under } from "./kit.ts";

/** The desk's customer records, and whose they are. */
export function organizationPromises(under: Under): void {
  const organizations = () => under().store.organizations;
  const ids = (found: readonly Organization[]) => found.map(({ id }) => id);

  test("an organization comes back as it is in the desk", async () => {
    const acme = organization("1", {
      externalId: "HubSpot:17",
      domains: ["acme.example"],
      tags: ["vip"],
      fields: { ps_tier: "pro", ps_arr: null },
    });
    await organizations().put([acme, organization("2")]);
    expect(await organizations().get(["1", "404"])).toEqual(new Map([["1", acme]]));
  });

  test("external ids are found whatever their case", async () => {
    await organizations().put([organization("1", { externalId: "HubSpot:17" }), organization("2")]);
    expect(ids(await organizations().byExternalId(["hubspot:17"]))).toEqual(["1"]);
    expect(ids(await organizations().byExternalId(["17", "HUBSPOT:17"]))).toEqual(["1"]);
    expect(await organizations().byExternalId(["17"])).toEqual([]);
  });

  test("every organization with the domain is found, so that a doubt is seen", async () => {
    await organizations().put([
      organization("1", { domains: ["Acme.example", "acme.test"] }),
      organization("2", { domains: ["acme.example"] }),
    ]);
    expect(ids(await organizations().byDomain(["acme.example", "acme.test"]))).toEqual(["1", "2"]);
  });

  test("our own link on the organization finds it after the store was lost", async () => {
    await organizations().put([
      organization("1", { fields: { ps_account: "hubspot:17", ps_tier: "pro" } }),
      organization("2", { fields: { ps_account: null } }),
    ]);
    expect(ids(await organizations().byAccountField("ps_account", ["hubspot:17"]))).toEqual(["1"]);
    expect(await organizations().byAccountField("other_account", ["hubspot:17"])).toEqual([]);
  });

  test("what an organization no longer has does not find it any more", async () => {
    await organizations().put([organization("1", { externalId: "17", domains: ["acme.example"] })]);
    await organizations().put([organization("1", { domains: ["new.example"] })]);
    expect(await organizations().byExternalId(["17"])).toEqual([]);
    expect(await organizations().byDomain(["acme.example"])).toEqual([]);
    expect(ids(await organizations().byDomain(["new.example"]))).toEqual(["1"]);
  });

  test("a removed organization is gone with its link", async () => {
    await organizations().put([organization("1", { domains: ["acme.example"] })]);
    await organizations().link([{ accountId: "a", organizationId: "1", how: "domain" }]);
    await organizations().remove(["1"]);
    expect(await organizations().get(["1"])).toEqual(new Map());
    expect(await organizations().byDomain(["acme.example"])).toEqual([]);
    expect(await organizations().linksOf(["a"])).toEqual(new Map());
  });

  test("a link is one to one, can be moved and taken away", async () => {
    const link = (accountId: string, organizationId: string) =>
      organizations().link([{ accountId, organizationId, how: "domain" }]);
    await link("a", "1");
    await link("b", "2");
    expect(await organizations().accountOf(["1", "2", "3"])).toEqual(
      new Map([
        ["1", "a"],
        ["2", "b"],
      ]),
    );
    await link("a", "2");
    expect(await organizations().accountOf(["1", "2"])).toEqual(new Map([["2", "a"]]));
    expect(await organizations().linksOf(["a", "b"])).toEqual(new Map([["a", "2"]]));
    await organizations().unlink(["a"]);
    expect(await organizations().linksOf(["a"])).toEqual(new Map());
  });

  test("of contradicting links handed in at once the last one counts", async () => {
    await organizations().link([
      { accountId: "a", organizationId: "1", how: "domain" },
      { accountId: "a", organizationId: "2", how: "domain" },
      { accountId: "b", organizationId: "2", how: "external_id" },
    ]);
    expect(await organizations().accountOf(["1", "2"])).toEqual(new Map([["2", "b"]]));
  });

  test("organizations that are nobody's are counted and named", async () => {
    expect(await organizations().unlinked(10)).toEqual({ count: 0, all: 0, organizations: [] });
    await organizations().put(["3", "1", "2"].map((id) => organization(id)));
    await organizations().link([{ accountId: "a", organizationId: "1", how: "domain" }]);
    const found = await organizations().unlinked(1);
    expect([found.count, found.all, ids(found.organizations)]).toEqual([2, 3, ["2"]]);
  });
}

function organization(id: string, changes: Partial<Organization> = {}): Organization {
  return { id, name: `Organization ${id}`, externalId: null, domains: [], tags: [], fields: {}, ...changes };
}
