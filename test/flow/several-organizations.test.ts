import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { best } from "../../src/ticket-organization.ts";
import { startWorld, type World } from "./world.ts";

/** Adds a person of two customers; the ticket stands with the first. */
function person(w: World, email: string): string {
  const lower = w.customer("lapsed").organizationId;
  const higher = w.customer("addon_tam").organizationId;
  w.desk.addUser({ email, organization_ids: [lower, higher] });
  return email;
}

function reads(w: World): number {
  return w.desk.journal.filter((entry) => entry.path.endsWith("/organization_memberships")).length;
}

describe("a person of several organizations", () => {
  let w: World;
  afterAll(() => w.close());

  describe("with `multiple_organizations: best_tier`", () => {
    beforeAll(async () => {
      w = await startWorld({
        policy: (text) => text.replace("zendesk: {vip", "zendesk: {multiple_organizations: best_tier, vip"),
      });
    });

    test("is served by the one with the highest tier, and the decision says so", async () => {
      const { id } = w.desk.createTicket({ from: person(w, "both@elsewhere.example") });
      const { decision } = await w.settled(id);
      expect(decision).toMatchObject({
        tier: "enterprise_support",
        reasons: expect.arrayContaining(["organization_best_tier", "account_matched_by_org"]),
      });
    });

    test("a person of one organization is served as ever, without that reason", async () => {
      const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
      expect((await w.settled(id)).decision.reasons).not.toContain("organization_best_tier");
    });

    test("the question is one call a ticket", async () => {
      const before = reads(w);
      await w.settled(w.desk.createTicket({ from: w.customer("arr_eur").email }).id);
      expect(reads(w) - before).toBe(1);
    });
  });
});

test("by default the ticket's own organization counts, and nothing more is asked", async () => {
  const w = await startWorld();
  try {
    const { id } = w.desk.createTicket({ from: person(w, "both@elsewhere.example") });
    const { decision } = await w.settled(id);
    expect(decision).toMatchObject({ tier: "standard" });
    expect(reads(w)).toBe(0);
  } finally {
    await w.close();
  }
});

test.each([
  [
    "the highest rank wins",
    [
      ["a", 1],
      ["b", 3],
    ],
    "a",
    "b",
  ],
  [
    "equal ranks leave the ticket where it is",
    [
      ["a", 3],
      ["b", 3],
    ],
    "b",
    "b",
  ],
  [
    "equal ranks elsewhere: the person's default",
    [
      ["a", 1],
      ["b", 3],
      ["c", 3],
    ],
    "a",
    "b",
  ],
  ["no known customer: the ticket's own", [], "a", "a"],
  ["a ticket without organization takes the best", [["b", 2]], null, "b"],
] as const)("%s", (_what, list, own, chosen) => {
  expect(
    best(
      list.map(([organizationId, rank]) => ({ organizationId, rank })),
      own,
    ),
  ).toBe(chosen);
});
