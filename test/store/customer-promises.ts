import { expect, test } from "@jest/globals";
import { NeedsAdmin } from "../../src/errors.ts";
import { company, type Under } from "./kit.ts";

/** Everything about one customer, and nothing about another. */
export function customerPromises(under: Under): void {
  const around = async (by: Parameters<ReturnType<Under>["store"]["accounts"]["around"]>[0]) => {
    const facts = await under().store.accounts.around(by);
    return [...facts.accounts.keys()].sort();
  };
  const link = (accountId: string, organizationId: string) =>
    under().store.organizations.link([{ accountId, organizationId, how: "external_id" }]);

  /** Holding → group → (unit a → team, unit b); a stranger; a subsidiary of a parent nobody knows. */
  const families = () =>
    under().store.accounts.put([
      company("holding"),
      company("group", { parentId: "hubspot:holding", domains: ["group.example"] }),
      company("unit-a", { parentId: "hubspot:group", domains: ["a.group.example"] }),
      company("unit-b", { parentId: "hubspot:group" }),
      company("team", { parentId: "hubspot:unit-a" }),
      company("stranger", { domains: ["stranger.example"] }),
      company("orphan", { parentId: "hubspot:unknown" }),
    ]);
  const FAMILY = ["hubspot:group", "hubspot:holding", "hubspot:team", "hubspot:unit-a", "hubspot:unit-b"];

  test("the linked account comes with its ancestors and whole family", async () => {
    await families();
    await link("hubspot:unit-a", "org-1");
    expect(await around({ organizationId: "org-1" })).toEqual(FAMILY);
    const { orgLinks } = await under().store.accounts.around({ organizationId: "org-1" });
    expect(orgLinks).toEqual(new Map([["org-1", "hubspot:unit-a"]]));
  });

  test("accounts are found by the sender's domain and the domains above it, not beside or below it", async () => {
    await families();
    expect(await around({ domain: "Mail.A.Group.example" })).toEqual(FAMILY);
    expect(await around({ domain: "group.example" })).toEqual(FAMILY);
    expect(await around({ domain: "xgroup.example" })).toEqual([]);
    expect(await around({ domain: "example" })).toEqual([]);
    expect(await around({ domain: "stranger.example" })).toEqual(["hubspot:stranger"]);
  });

  test("several ways to the customer are answered together", async () => {
    await families();
    await link("hubspot:stranger", "org-2");
    expect(await around({ organizationId: "org-2", accountIds: ["hubspot:team"] })).toEqual(
      [...FAMILY, "hubspot:stranger"].sort(),
    );
    expect(await around({})).toEqual([]);
    expect(await around({ organizationId: "org-404", domain: null })).toEqual([]);
  });

  test("a parent nobody knows does not hide the account", async () => {
    await families();
    expect(await around({ accountIds: ["hubspot:orphan"] })).toEqual(["hubspot:orphan"]);
  });

  test("parents in a circle end the walk", async () => {
    await under().store.accounts.put([
      company("1", { parentId: "hubspot:2" }),
      company("2", { parentId: "hubspot:3" }),
      company("3", { parentId: "hubspot:1" }),
      company("4", { parentId: "hubspot:3" }),
      company("5", { parentId: "hubspot:5" }),
    ]);
    expect(await around({ accountIds: ["hubspot:4"] })).toEqual([
      "hubspot:1",
      "hubspot:2",
      "hubspot:3",
      "hubspot:4",
    ]);
    expect(await around({ accountIds: ["hubspot:5"] })).toEqual(["hubspot:5"]);
  });

  test("families are named whole, each account once", async () => {
    await families();
    expect(await under().store.accounts.families(["hubspot:team", "hubspot:unit-b", "hubspot:404"])).toEqual(
      FAMILY,
    );
  });

  test("more than 10,000 related accounts are refused loudly instead of cut off", async () => {
    const rows = Array.from({ length: 10_000 }, (_, n) => company(`c${n}`, { parentId: "hubspot:root" }));
    await under().store.accounts.put([company("root"), ...rows.slice(1)]);
    expect(await around({ accountIds: ["hubspot:c5"] })).toHaveLength(10_000);
    await under().store.accounts.put(rows.slice(0, 1));
    await expect(around({ accountIds: ["hubspot:c5"] })).rejects.toThrow(NeedsAdmin);
  });
}
